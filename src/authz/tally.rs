//! What statements add up to.

use super::{Decision, Outcome, Step, Truth, Verdict};
use crate::policy::Effect;

/// What the statements of one engine, or of several, add up to.
#[derive(Debug, Default)]
pub(super) struct Tally {
    allow: Option<Truth>,
    deny: Option<Truth>,
    is_elsewhere: bool,
    is_unsupported: bool,
    steps: Vec<Step>,
}

impl Tally {
    pub(super) fn allow(&self) -> Truth {
        self.allow.unwrap_or(Truth::No)
    }

    pub(super) fn deny(&self) -> Truth {
        self.deny.unwrap_or(Truth::No)
    }

    pub(super) fn count(&mut self, step: Step) {
        let truth = step.outcome.truth();
        match step.effect {
            Effect::Deny => self.deny = Some(self.deny().or(truth)),
            Effect::Allow => {
                self.allow = Some(self.allow().or(truth));
                self.is_unsupported |= matches!(step.outcome, Outcome::Unsupported(_));
                self.is_elsewhere |= matches!(step.outcome, Outcome::Elsewhere(_));
            }
        }
        self.steps.push(step);
    }

    /// Both have to be allowed; a Deny of one is a Deny.
    pub(super) fn and(self, other: Self) -> Self {
        Self { allow: Some(self.allow().and(other.allow())), ..self.join(other) }
    }

    /// Either may allow; a Deny of one is a Deny.
    pub(super) fn or(self, other: Self) -> Self {
        Self { allow: Some(self.allow().or(other.allow())), ..self.join(other) }
    }

    /// What `guarded` denies is denied; what it allows grants nothing.
    pub(super) fn without(self, guarded: Self) -> Self {
        Self { is_elsewhere: self.is_elsewhere, is_unsupported: self.is_unsupported, ..self.join(guarded) }
    }

    /// What both say, but for whether it is allowed: that is left as it was.
    fn join(self, other: Self) -> Self {
        let deny = Some(self.deny().or(other.deny()));
        let mut steps = self.steps;
        steps.extend(other.steps);
        Self {
            allow: self.allow,
            deny,
            is_elsewhere: self.is_elsewhere || other.is_elsewhere,
            is_unsupported: self.is_unsupported || other.is_unsupported,
            steps,
        }
    }

    pub(super) fn into_verdict(self) -> Verdict {
        let decision = match (self.deny(), self.allow()) {
            (Truth::Yes, _) => Decision::Denied,
            (Truth::No, Truth::Yes) => Decision::Allowed,
            (Truth::Unknown, Truth::Yes) | (_, Truth::Unknown) => Decision::Conditional,
            (_, Truth::No) if self.is_elsewhere => Decision::ScopeMismatch,
            (_, Truth::No) if self.is_unsupported => Decision::UnsupportedScope,
            (_, Truth::No) => Decision::Missing,
        };
        Verdict { decision, steps: in_order(self.steps) }
    }
}

/// In the order of policies and statements. A statement speaks once for each name of the action: what it says of one
/// stands over its being about something else than another.
fn in_order(mut steps: Vec<Step>) -> Vec<Step> {
    let is_unrelated = |step: &Step| matches!(step.outcome, Outcome::Unrelated(_));
    steps.sort_by_key(|step| (step.origin, step.statement, is_unrelated(step)));
    steps.dedup_by(|later, earlier| {
        let is_same = (later.origin, later.statement) == (earlier.origin, earlier.statement);
        is_same && (is_unrelated(later) || later == earlier)
    });
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Origin;

    #[test]
    fn a_statement_is_told_once_for_all_names_of_an_action() {
        let unrelated = || Outcome::Unrelated("it is about other actions".into());
        let open = || Outcome::Open("the tag is not known".into());
        let told = |outcomes: &[Outcome]| -> Vec<Outcome> {
            let mut tally = Tally::default();
            for outcome in outcomes.iter().cloned() {
                let (origin, effect) = (Origin::Grant(0), Effect::Allow);
                tally.count(Step { origin, statement: Some(0), effect, pattern: None, outcome });
            }
            tally.into_verdict().steps.into_iter().map(|step| step.outcome).collect()
        };
        assert_eq!(told(&[Outcome::Applies, Outcome::Applies]), [Outcome::Applies]);
        assert_eq!(told(&[unrelated(), Outcome::Applies]), [Outcome::Applies]);
        assert_eq!(told(&[unrelated(), unrelated()]), [unrelated()]);
        assert_eq!(told(&[Outcome::Applies, open()]), [Outcome::Applies, open()]);
    }
}
