//! `unsupported-scope`

use super::{Finding, Rule, grants};
use crate::authz::Decision;
use crate::project::{Decided, Project};
use crate::severity::Severity;

/// # unsupported-scope
///
/// ## What it does
/// Tells which actions are granted only in a scope that the API does not honour: through an enterprise project where
/// the API authorizes by IAM project only, or through a role in an enterprise project.
///
/// ## Why it matters
/// The console accepts such a grant and shows it, and yet it takes no effect: the call is refused.
///
/// ## Example
/// A policy with `ims:images:copy` bound to an enterprise project, and a manifest that copies an image to another
/// region. The copy within a region supports enterprise projects, the copy across regions does not.
/// ```yaml
/// - policy: iam/image-copy.json
///   scope: { enterprise_projects: [prod] }
/// ```
///
/// ## Use instead
/// Bind the policy to the IAM project of the region as well:
/// ```yaml
/// - policy: iam/image-copy.json
///   scope: { regions: [cn-north-4] }
/// ```
///
/// ## How to configure it
/// An error unless `rules: { unsupported-scope: warning }` says otherwise.
pub(super) struct UnsupportedScope;

impl Rule for UnsupportedScope {
    fn name(&self) -> &'static str {
        "unsupported-scope"
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let select =
            |decided: &Decided| decided.need.is_needed() && decided.verdict.decision == Decision::UnsupportedScope;
        grants::findings(project, self.name(), select, |group| {
            let (actions, principal, subject) = (group.named_actions(), &group.principal.name, group.subject());
            let message = format!("the grant of {actions} to `{principal}` takes no effect for {subject}");
            group.out_of_reach(self.name(), self.severity(), &message)
        })
    }
}
