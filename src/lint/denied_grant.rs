//! `denied-grant`

use super::{Finding, Rule, grants};
use crate::authz::{Decision, Outcome};
use crate::policy::Effect;
use crate::project::{Decided, Project};
use crate::severity::Severity;

/// The way out of a Deny.
pub(super) const HELP: &str = "a Deny wins over every grant: narrow it, or let another principal deploy this";

/// The way out of a service control policy.
const GUARDED: &str = "no grant makes up for a service control policy: it has to let the action through at every level";

/// # denied-grant
///
/// ## What it does
/// Tells which actions that a deployment needs are covered by a Deny that applies to the principal, or are not let
/// through by the service control policies of `organization:`.
///
/// ## Why it matters
/// A Deny wins over every Allow, whichever policy or group it comes from; adding grants does not help.
///
/// ## Example
/// ```json
/// { "Version": "1.1", "Statement": [
///   { "Effect": "Allow", "Action": ["ims:*:*"] },
///   { "Effect": "Deny", "Action": ["ims:images:*"] }
/// ] }
/// ```
/// and a manifest that copies an image.
///
/// ## Use instead
/// Narrow the Deny to what has to be forbidden:
/// ```json
/// { "Effect": "Deny", "Action": ["ims:images:delete"] }
/// ```
///
/// ## How to configure it
/// An error unless `rules: { denied-grant: warning }` says otherwise.
pub(super) struct DeniedGrant;

impl Rule for DeniedGrant {
    fn name(&self) -> &'static str {
        "denied-grant"
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let select = |decided: &Decided| decided.need.is_needed() && decided.verdict.decision == Decision::Denied;
        grants::findings(project, self.name(), select, |group| {
            let principal = &group.principal.name;
            let guardrails = group.guardrails();
            let by = if guardrails.is_empty() {
                String::new()
            } else {
                format!(" by the service control policies of {}", guardrails.join(", "))
            };
            let message = format!(
                "`{principal}` is denied {}{by}, which {} needs{}",
                group.named_actions(),
                group.subject(),
                group.open()
            );
            let help = if guardrails.is_empty() { HELP } else { GUARDED }.to_owned();
            let related = group.related(|step| step.effect == Effect::Deny && step.outcome == Outcome::Applies);
            Finding { related, ..group.finding(self.name(), self.severity(), message).with_help(Some(help)) }
        })
    }
}
