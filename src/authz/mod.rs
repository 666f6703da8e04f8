//! Deciding: what a principal's grants say of one action, three-valued, with the trace that led there.

mod decide;
mod matching;
mod pattern;
mod principal;
mod requirement;
mod resource;
mod role;
mod scope;
mod truth;

pub use decide::{Decision, Outcome, Request, Step, Verdict, decide};
pub use pattern::Pattern;
pub use principal::{Body, Grant, PolicySource, Principal};
pub use requirement::{Account, Kind, Requirement, of_action, of_api};
pub use role::{Role, RoleRequirement, decide_role, roles_of_api};
pub use scope::{Known, Scope, Target};
pub use truth::{Occurs, Truth};
