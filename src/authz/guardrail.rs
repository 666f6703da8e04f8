//! Service control policies: what the organization lets through, level by level.
//!
//! A service control policy grants nothing. At the root, in each organizational unit and at the account, what a policy
//! there denies, or none there allows, is forbidden to everybody in the account.

use super::decide::Detail;
use super::matching::Names;
use super::scope::Reached;
use super::statement::Weighing;
use super::tally::Tally;
use super::{Body, Level, Origin, Outcome, Principal, Request, Step, Truth};
use crate::policy::Effect;

/// What the guardrails of a principal's account deny of a need.
pub(super) fn cut(request: Request<'_>, principal: &Principal, detail: Detail) -> Tally {
    let mut tally = Tally::default();
    if principal.guardrails.is_empty() {
        return tally;
    }
    for names in Names::of_5(request.requirement) {
        for (index, level) in principal.guardrails.iter().enumerate() {
            let guard = Guard { request, principal, names: &names, index, level };
            guard.cut(detail, &mut tally);
        }
    }
    tally
}

/// One level, asked about one name of an action.
struct Guard<'a> {
    request: Request<'a>,
    principal: &'a Principal,
    names: &'a Names<'a>,
    index: usize,
    level: &'a Level,
}

impl Guard<'_> {
    fn cut(&self, detail: Detail, tally: &mut Tally) {
        let mut allowed = Truth::No;
        for (number, policy) in self.level.policies.iter().enumerate() {
            if policy.body != Body::Whole {
                allowed = allowed.or(Truth::Unknown);
                let origin = Origin::Guardrail { level: self.index, policy: Some(number) };
                let outcome = Outcome::Open(format!("what `{}` forbids is not known", policy.name));
                tally.count(Step { origin, statement: None, effect: Effect::Deny, pattern: None, outcome });
            }
            for (index, statement) in policy.policy.statements.iter().enumerate() {
                let (request, names, context) = (self.request, self.names, &self.principal.context);
                let (outcome, pattern) = Weighing { statement, request, names, context }.outcome(&Reached::Yes);
                let outcome = self.settled(statement.effect, outcome);
                if statement.effect == Effect::Allow {
                    allowed = allowed.or(outcome.truth());
                }
                // What a guardrail allows is a word in the trace and no grant.
                let is_told = statement.effect == Effect::Deny && !matches!(outcome, Outcome::Unrelated(_));
                if is_told || detail == Detail::Full {
                    let origin = Origin::Guardrail { level: self.index, policy: Some(number) };
                    let effect = statement.effect;
                    tally.count(Step { origin, statement: Some(index), effect, pattern, outcome });
                }
            }
        }
        if let Some(outcome) = self.not_allowed(allowed) {
            let origin = Origin::Guardrail { level: self.index, policy: None };
            tally.count(Step { origin, statement: None, effect: Effect::Deny, pattern: None, outcome });
        }
    }

    /// Service control policies bind only services that support identity policies: of a service of which no such name
    /// is known nothing is certainly denied.
    fn settled(&self, effect: Effect, outcome: Outcome) -> Outcome {
        match (effect, outcome) {
            (Effect::Deny, Outcome::Applies) if !self.names.has_identity_name() => Outcome::Open(self.why_not_bound()),
            (_, outcome) => outcome,
        }
    }

    fn not_allowed(&self, allowed: Truth) -> Option<Outcome> {
        let why = format!("no service control policy of `{}` allows it", self.level.name);
        match allowed {
            Truth::Yes => None,
            Truth::No if self.names.has_identity_name() => Some(Outcome::Applies),
            Truth::No => Some(Outcome::Open(format!("{why}; {}", self.why_not_bound()))),
            Truth::Unknown => Some(Outcome::Open(format!(
                "whether a service control policy of `{}` allows it is open",
                self.level.name
            ))),
        }
    }

    fn why_not_bound(&self) -> String {
        format!(
            "whether service control policies bind `{}` is not known: the table has no name of it in identity policies",
            self.request.requirement.action
        )
    }
}
