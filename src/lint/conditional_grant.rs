//! `conditional-grant`

use super::{Finding, Rule, grants};
use crate::authz::{Decision, Outcome};
use crate::project::{Decided, Project};
use crate::severity::Severity;

/// # conditional-grant
///
/// ## What it does
/// Tells which needed actions are granted only if something holds that the files do not say: a `Condition`, a
/// `Resource` that names single resources, a region or enterprise project that is not known, a policy whose body the
/// table does not hold, or a Deny that may apply.
///
/// ## Why it matters
/// The deployment may work or fail; a reader has to decide, and the tool does not guess.
///
/// ## Example
/// ```json
/// { "Effect": "Allow", "Action": ["ims:images:copy"], "Condition": { "Bool": { "g:MFAPresent": ["true"] } } }
/// ```
///
/// ## Use instead
/// Grant to the deploying principal without the condition, or settle what is open: name the region in the provider,
/// set `account.enterprise_projects` and `account.default_region` in the configuration.
///
/// ## How to configure it
/// A warning unless `rules: { conditional-grant: error }` says otherwise; a warning in any case where it is only
/// possible that the action is needed.
pub(super) struct ConditionalGrant;

impl Rule for ConditionalGrant {
    fn name(&self) -> &'static str {
        "conditional-grant"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let select = |decided: &Decided| decided.need.is_needed() && decided.verdict.decision == Decision::Conditional;
        grants::findings(project, self.name(), select, |group| {
            let principal = &group.principal.name;
            let message = format!(
                "whether `{principal}` has {}, which {} needs, is open: {}{}",
                group.named_actions(),
                group.subject(),
                group.reasons(Outcome::why_not_certain),
                group.open()
            );
            let related = group.related(|step| step.outcome.why_not_certain().is_some());
            let finding = group.finding(self.name(), self.severity(), message);
            Finding { related, ..finding }
        })
    }
}
