//! Deciding: what a principal's grants say of one action, three-valued, with the trace that led there.

mod anywhere;
mod condition;
mod context;
mod decide;
mod depends;
mod escalation;
mod guardrail;
mod matching;
mod pattern;
mod principal;
mod requirement;
mod resource;
mod role;
mod scope;
mod statement;
mod tally;
mod trust;
mod truth;

pub use anywhere::{Anywhere, Means};
pub use condition::passes_one;
pub use context::{Context, Fact};
pub use decide::{Decision, Origin, Outcome, Request, Step, Verdict, decide, explain, may_read};
pub use depends::lacking_roles;
pub use escalation::{Way, ways};
pub use matching::Wanted;
pub use pattern::Pattern;
pub use principal::{Body, Grant, Level, PolicySource, Principal};
pub use requirement::{Account, IdentityName, IdentityResource, Kind, Requirement, of_action, of_api};
pub use role::{Role, RoleRequirement, decide_role, roles_of_api};
pub use scope::{Known, NamedResource, Scope, Target};
pub use trust::{Asker, may_assume};
pub use truth::{Occurs, Truth};
