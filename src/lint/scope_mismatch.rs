//! `scope-mismatch`

use super::{Finding, Rule, grants};
use crate::authz::Decision;
use crate::project::{Decided, Project};
use crate::severity::Severity;

/// # scope-mismatch
///
/// ## What it does
/// Tells which actions are granted, but only for other regions, IAM projects or enterprise projects than those in
/// which the deployment acts, or as a project-level grant for a global service (and the other way round).
///
/// ## Why it matters
/// A grant counts in its scope alone. A grant for the default project of a region does not give its subprojects.
///
/// ## Example
/// ```yaml
/// - policy: iam/network.json
///   scope: { regions: [cn-east-3] }
/// ```
/// and a VPC in `cn-north-4`.
///
/// ## Use instead
/// ```yaml
/// - policy: iam/network.json
///   scope: { regions: [cn-east-3, cn-north-4] }
/// ```
///
/// ## How to configure it
/// An error unless `rules: { scope-mismatch: warning }` says otherwise.
pub(super) struct ScopeMismatch;

impl Rule for ScopeMismatch {
    fn name(&self) -> &'static str {
        "scope-mismatch"
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let select =
            |decided: &Decided| decided.need.is_needed() && decided.verdict.decision == Decision::ScopeMismatch;
        grants::findings(project, self.name(), select, |group| {
            let (actions, principal, subject) = (group.named_actions(), &group.principal.name, group.subject());
            let message = format!("the grant of {actions} to `{principal}` does not reach {subject}");
            group.out_of_reach(self.name(), self.severity(), &message)
        })
    }
}
