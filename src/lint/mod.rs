//! The rules: each looks at a project and tells what is to be mended. One file each, its page in its doc comment.

mod finding;
mod grants;
mod pages;
mod statement;

mod conditional_grant;
mod denied_grant;
mod dependent_action;
mod invalid_manifest;
mod invalid_policy;
mod missing_grant;
mod scope_mismatch;
mod unchecked_operation;
mod unknown_action;
mod unknown_policy;
mod unsupported_scope;

pub use finding::{Finding, NotChecked, Reason, Related};
pub use pages::page;

use crate::project::Project;
use crate::severity::Severity;

/// Every rule, in the order of the documentation.
pub const RULES: &[&dyn Rule] = &[
    &missing_grant::MissingGrant,
    &denied_grant::DeniedGrant,
    &unsupported_scope::UnsupportedScope,
    &scope_mismatch::ScopeMismatch,
    &conditional_grant::ConditionalGrant,
    &dependent_action::DependentAction,
    &unknown_action::UnknownAction,
    &unknown_policy::UnknownPolicy,
    &invalid_policy::InvalidPolicy,
    &invalid_manifest::InvalidManifest,
    &unchecked_operation::UncheckedOperation,
];

/// A rule.
pub trait Rule: Sync {
    /// Its name, as configurations and reports write it.
    fn name(&self) -> &'static str;

    /// The severity of its findings unless the configuration sets another.
    fn severity(&self) -> Severity;

    /// What it finds in a project, in any order.
    fn check(&self, project: &Project<'_>) -> Vec<Finding>;
}

/// The names of all rules.
pub fn rule_names() -> Vec<&'static str> {
    RULES.iter().map(|rule| rule.name()).collect()
}
