//! What a rule, an action, an API or the text of an error means, and what to grant: everything that is collected about
//! one topic, in plain values that serialise; `report/` draws them.

mod action;
mod api;
mod error;
mod grant;
mod rule;
mod scope;
mod topic;

pub use action::{ActionTopic, Names};
pub use api::{ApiTopic, ExplainedApi};
pub use error::{
    Cause, Code, Concerned, Denial, DeniedRequest, DependentRole, ErrorTopic, PolicyKind, Principal, PrincipalKind,
    Problem,
};
pub use grant::{Grant, Policy, Purpose, Statement};
pub(crate) use grant::{Wanted, grants};
pub use rule::RuleTopic;
pub use scope::{Honoured, ScopeAnswer};
pub use topic::{MAX_TEXT, NoTopic, Topic, explain};
