//! `missing-grant`

mod addition;

use super::{Finding, Rule, grants, statement};
use crate::authz::{Decision, Outcome};
use crate::project::{Decided, Project};
use crate::severity::Severity;

/// # missing-grant
///
/// ## What it does
/// Tells, for each resource and principal, which actions the deployment needs and no grant of the principal allows.
///
/// ## Why it matters
/// The call is refused with 403 in the middle of a deployment, often after half of the resources exist.
///
/// ## Example
/// The manifest copies an image to another region, and the only policy of the principal reads:
/// ```json
/// { "Version": "1.1", "Statement": [{ "Effect": "Allow", "Action": ["ims:images:list"] }] }
/// ```
///
/// ## Use instead
/// ```json
/// { "Version": "1.1", "Statement": [{ "Effect": "Allow", "Action": ["ims:images:list", "ims:images:copy"] }] }
/// ```
/// The finding prints the statement to add.
///
/// ## How to configure it
/// An error unless `rules: { missing-grant: warning }` says otherwise; a warning where it is only possible that the
/// action is needed. If another team grants the action, say so in an `ignore` entry with `action` and `reason`.
pub(super) struct MissingGrant;

impl Rule for MissingGrant {
    fn name(&self) -> &'static str {
        "missing-grant"
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let select = |decided: &Decided| decided.need.is_needed() && decided.verdict.decision == Decision::Missing;
        grants::findings(project, self.name(), select, |group| {
            let principal = &group.principal.name;
            let void = group.reasons(Outcome::why_void);
            let message = format!(
                "`{principal}` lacks {}, which {} needs{}{}{}",
                group.named_actions(),
                group.subject(),
                if void.is_empty() { "" } else { ": " },
                void,
                group.open()
            );
            let help = statement::to_add(&group.requirements(), group.is_identity());
            let related = group.related(|step| step.outcome.why_void().is_some());
            let finding = group.finding(self.name(), self.severity(), message).with_help(help);
            Finding { related, ..finding.with_fix(addition::addition(group, project)) }
        })
    }
}
