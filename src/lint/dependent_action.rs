//! `dependent-action`

use super::{Finding, Rule, grants, statement};
use crate::authz::{Decision, Outcome};
use crate::policy::Effect;
use crate::project::{Decided, Project};
use crate::severity::Severity;

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
        type Told = fn(&DependentAction, &grants::Group<'_>) -> Finding;
        let findings = |wanted: &(dyn Fn(Decision) -> bool + Sync), told: Told| {
            let is_wanted = |decided: &Decided| !decided.need.is_needed() && wanted(decided.verdict.decision);
            grants::findings(project, self.name(), is_wanted, |group| told(self, group))
        };
        let is_elsewhere = |decision| matches!(decision, Decision::UnsupportedScope | Decision::ScopeMismatch);
        [
            findings(&|decision| decision == Decision::Missing, Self::lacking),
            findings(&|decision| decision == Decision::Denied, Self::denied),
            findings(&is_elsewhere, Self::elsewhere),
            findings(&|decision| decision == Decision::Conditional, Self::open),
        ]
        .concat()
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
        let help = statement::to_add(&group.requirements(), group.is_identity());
        let related = group.related(|step| step.outcome == Outcome::Applies);
        Finding { related, ..group.finding(self.name(), self.severity(), message).with_help(help) }
    }

    fn denied(&self, group: &grants::Group<'_>) -> Finding {
        let message = format!(
            "`{}` is denied {}, on which {} depends{}",
            group.principal.name,
            group.named_actions(),
            group.subject(),
            group.open()
        );
        let related = group.related(|step| step.effect == Effect::Deny && step.outcome == Outcome::Applies);
        let help = Some(String::from(super::denied_grant::HELP));
        Finding { related, ..group.finding(self.name(), self.severity(), message).with_help(help) }
    }

    fn elsewhere(&self, group: &grants::Group<'_>) -> Finding {
        let (actions, principal, subject) = (group.named_actions(), &group.principal.name, group.subject());
        let message = format!("the grant of {actions} to `{principal}`, on which {subject} depends, does not reach it");
        group.out_of_reach(self.name(), self.severity(), &message)
    }

    fn open(&self, group: &grants::Group<'_>) -> Finding {
        let message = format!(
            "whether `{}` has {}, on which {} depends, is open: {}{}",
            group.principal.name,
            group.named_actions(),
            group.subject(),
            group.reasons(Outcome::why_open),
            group.open()
        );
        let related = group.related(|step| step.outcome.why_open().is_some());
        let finding = group.finding(self.name(), self.severity(), message);
        Finding { related, ..finding }
    }
}
