//! The rules: each looks at a project and tells what is to be mended. One file each, its page in its doc comment.

mod actions;
mod extent;
mod finding;
mod grants;
mod pages;
mod reasons;
mod statement;

mod agency_mismatch;
mod conditional_grant;
mod dead_statement;
mod denied_grant;
mod dependent_action;
mod invalid_manifest;
mod invalid_policy;
mod like_is_no_glob;
mod missing_grant;
mod mixed_scope_policy;
mod policy_limit;
mod privilege_escalation;
mod random_key_wildcard;
mod redundant_grant;
mod role_dependency;
mod scope_mismatch;
mod unchecked_operation;
mod unknown_action;
mod unknown_policy;
mod unsupported_condition_key;
mod unsupported_resource;
mod unsupported_scope;
mod unused_grant;
mod unused_ignore;
mod wildcard_action;

pub use finding::{Finding, NotChecked, Reason, Related};
pub use pages::page;
pub(crate) use statement::statement;

use crate::project::Project;
use crate::severity::{Level, Severity};

/// The rule that is about what accepts the findings of the others, and runs after them.
pub const UNUSED_IGNORE: &str = "unused-ignore";

/// Every rule, in the order of the documentation.
pub const RULES: &[&dyn Rule] = &[
    &missing_grant::MissingGrant,
    &denied_grant::DeniedGrant,
    &unsupported_scope::UnsupportedScope,
    &scope_mismatch::ScopeMismatch,
    &conditional_grant::ConditionalGrant,
    &dependent_action::DependentAction,
    &unused_grant::UnusedGrant,
    &wildcard_action::WildcardAction,
    &unknown_action::UnknownAction,
    &unknown_policy::UnknownPolicy,
    &role_dependency::RoleDependency,
    &agency_mismatch::AgencyMismatch,
    &privilege_escalation::PrivilegeEscalation,
    &redundant_grant::RedundantGrant,
    &unsupported_condition_key::UnsupportedConditionKey,
    &dead_statement::DeadStatement,
    &unsupported_resource::UnsupportedResource,
    &like_is_no_glob::LikeIsNoGlob,
    &random_key_wildcard::RandomKeyWildcard,
    &mixed_scope_policy::MixedScopePolicy,
    &policy_limit::PolicyLimit,
    &invalid_policy::InvalidPolicy,
    &invalid_manifest::InvalidManifest,
    &unchecked_operation::UncheckedOperation,
    &unused_ignore::UnusedIgnore,
];

/// A rule.
pub trait Rule: Sync {
    /// Its name, as configurations and reports write it.
    fn name(&self) -> &'static str;

    /// The severity of its findings where the rule runs and the configuration sets no other.
    fn severity(&self) -> Severity;

    /// What it is set to unless the configuration says otherwise; one that is off runs where it is named.
    fn level(&self) -> Level {
        Level::At(self.severity())
    }

    /// What it finds in one place depends on what all manifests need, wherever they lie.
    fn asks_all_manifests(&self) -> bool {
        false
    }

    /// What it finds in a project, in any order.
    fn check(&self, project: &Project<'_>) -> Vec<Finding>;
}

/// The names of all rules.
pub fn rule_names() -> Vec<&'static str> {
    RULES.iter().map(|rule| rule.name()).collect()
}
