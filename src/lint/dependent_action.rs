//! `dependent-action`

use super::{Finding, Rule, grants, statement};
use crate::authz::{Decision, Outcome};
use crate::project::Project;
use crate::severity::{Certainty, Severity};

/// # dependent-action
///
/// ## What it does
/// Tells which actions, or roles, the documentation of an API lists as dependencies and the principal does not have.
///
/// ## Why it matters
/// The API works only in part without them: encrypted images cannot be copied without the key, a disk cannot be made
/// from an image that cannot be read.
///
/// ## Example
/// A policy with `ims:images:copy` alone, and a manifest that copies an image across regions, which also lists
/// `ims:serverImages:create`, `obs:bucket:*`, `obs:object:*` and `kms:*:*`.
///
/// ## Use instead
/// Grant the dependencies that the deployment really touches. The finding prints a statement with all of them.
///
/// ## How to configure it
/// A warning unless `rules: { dependent-action: error }` says otherwise. Dependencies that a deployment never touches
/// are accepted by an `ignore` entry with `rule: dependent-action` and `action: "kms:*"`.
pub(super) struct DependentAction;

impl Rule for DependentAction {
    fn name(&self) -> &'static str {
        "dependent-action"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let is_conditional = |decision| decision == Decision::Conditional;
        let lacking = grants::grouped(project, self.name(), |assessment| {
            !assessment.need.is_needed() && !is_conditional(assessment.verdict.decision)
        });
        let open = grants::grouped(project, self.name(), |assessment| {
            !assessment.need.is_needed() && is_conditional(assessment.verdict.decision)
        });
        lacking.iter().map(|group| self.lacking(group)).chain(open.iter().map(|group| self.open(group))).collect()
    }
}

impl DependentAction {
    fn lacking(&self, group: &grants::Group<'_>) -> Finding {
        let message = format!(
            "`{}` lacks {}, on which {} depends{}",
            group.principal.name,
            group.named_actions(),
            group.subject(),
            group.open()
        );
        let requirements = group.requirements();
        let help = (!requirements.is_empty()).then(|| statement::to_add(&requirements, false));
        let related = group.related(|step| !matches!(step.outcome, Outcome::Open(_)));
        Finding { related, ..group.finding(self.name(), self.severity(), message).with_help(help) }
    }

    fn open(&self, group: &grants::Group<'_>) -> Finding {
        let message = format!(
            "whether `{}` has {}, on which {} depends, is open: {}{}",
            group.principal.name,
            group.named_actions(),
            group.subject(),
            group.reasons(reason).join("; "),
            group.open()
        );
        let related = group.related(|step| matches!(step.outcome, Outcome::Open(_)));
        let finding = group.finding(self.name(), self.severity(), message);
        Finding { related, certainty: Certainty::Possible, ..finding }
    }
}

fn reason(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Open(why) => Some(why),
        _ => None,
    }
}
