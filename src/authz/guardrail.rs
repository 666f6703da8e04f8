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
                let outcome = Outcome::Open(format!("what `{}` forbids is not known", policy.name).into());
                tally.count(Step { origin, statement: None, effect: Effect::Deny, pattern: None, outcome });
            }
            for (index, statement) in policy.policy.statements.iter().enumerate() {
                let (request, names, context) = (self.request, self.names, &self.principal.context);
                let (outcome, pattern) = Weighing { statement, request, names, context }.outcome(&&Reached::Yes);
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
            (Effect::Deny, Outcome::Applies) if !self.names.has_identity_name() => {
                Outcome::Open(self.why_not_bound().into())
            }
            (_, outcome) => outcome,
        }
    }

    fn not_allowed(&self, allowed: Truth) -> Option<Outcome> {
        let why = format!("no service control policy of `{}` allows it", self.level.name);
        match allowed {
            Truth::Yes => None,
            Truth::No if self.names.has_identity_name() => Some(Outcome::Applies),
            Truth::No => Some(Outcome::Open(format!("{why}; {}", self.why_not_bound()).into())),
            Truth::Unknown => Some(Outcome::Open(
                format!("whether a service control policy of `{}` allows it is open", self.level.name).into(),
            )),
        }
    }

    fn why_not_bound(&self) -> String {
        format!(
            "whether service control policies bind `{}` is not known: the table has no name of it in identity policies",
            self.request.requirement.action
        )
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::authz::{Decision, Grant, Known, PolicySource, Requirement, Scope, Target, decide::evaluate, of_action};
    use crate::catalog::Catalog;
    use crate::policy::{self, Kind};

    const COPY: &str = "ims:images:copy";

    fn source(kind: Kind, statements: &[(&str, &str)]) -> Arc<PolicySource> {
        let statement =
            |(effect, action): &(&str, &str)| format!(r#"{{"Effect": "{effect}", "Action": ["{action}"]}}"#);
        let statements: Vec<String> = statements.iter().map(statement).collect();
        let text = format!(r#"{{"Version": "{}", "Statement": [{}]}}"#, kind.version().as_str(), statements.join(", "));
        let policy = policy::parse_as(&crate::syntax::json::parse(&text).unwrap().node, kind).policy;
        Arc::new(PolicySource::new("p.json", None, policy))
    }

    /// A decision on a principal that is granted everything, under one level with one policy; and what the steps of
    /// the level say.
    fn decided(
        requirement: &Requirement,
        guarding: &[(&str, &str)],
        detail: Detail,
    ) -> (Decision, Vec<(Effect, Outcome)>) {
        let known = |text: &str| Known::Is(text.to_owned());
        let target = Target::at(known("r"), known("r"), known("0"));
        let level = Level { name: String::from("root"), policies: vec![source(Kind::ServiceControl, guarding)] };
        let grants = vec![Grant::new(source(Kind::Policy, &[("Allow", "*:*:*")]), Scope::All)];
        let principal = Principal { grants, guardrails: Arc::new([level]), ..Principal::default() };
        let verdict = evaluate(Request { requirement, target: &target }, &principal, detail);
        let of_level = verdict.steps.into_iter().filter(|step| matches!(step.origin, Origin::Guardrail { .. }));
        (verdict.decision, of_level.map(|step| (step.effect, step.outcome)).collect())
    }

    #[test]
    fn what_a_guardrail_allows_and_what_it_denies_of_others_is_told_in_full_only() {
        let requirement = of_action(COPY, &Catalog::embedded());
        let guarding = [("Allow", "*"), ("Deny", "ecs:*:*")];
        assert_eq!(decided(&requirement, &guarding, Detail::Related), (Decision::Allowed, vec![]));
        let (decision, told) = decided(&requirement, &guarding, Detail::Full);
        assert_eq!((decision, told.len()), (Decision::Allowed, 2));
        let denying = [("Allow", "*"), ("Deny", "ims:*:*")];
        let denied = (Decision::Denied, vec![(Effect::Deny, Outcome::Applies)]);
        assert_eq!(decided(&requirement, &denying, Detail::Related), denied);
    }

    #[test]
    fn what_a_guardrail_allows_elsewhere_is_no_grant_elsewhere() {
        let known = |text: &str| Known::Is(text.to_owned());
        let target = Target::at(known("r"), known("r"), known("0"));
        let text = r#"{"Version": "5.0", "Statement": [{"Effect": "Allow", "Action": ["*"]},
            {"Effect": "Allow", "Action": ["ims:*:*"], "Resource": ["ims:other:*:*:*"]}]}"#;
        let policy = policy::parse_as(&crate::syntax::json::parse(text).unwrap().node, Kind::ServiceControl).policy;
        let policies = vec![Arc::new(PolicySource::new("scp.json", None, policy))];
        let guardrails = Arc::new([Level { name: String::from("root"), policies }]);
        let principal = Principal { guardrails, ..Principal::default() };
        let requirement = of_action(COPY, &Catalog::embedded());
        for detail in [Detail::Related, Detail::Full] {
            let verdict = evaluate(Request { requirement: &requirement, target: &target }, &principal, detail);
            assert_eq!(verdict.decision, Decision::Missing, "{detail:?}");
        }
    }

    #[test]
    fn a_service_without_names_in_identity_policies_may_not_be_bound() {
        let requirement =
            Requirement { names_5: Vec::new(), knows_names_5: false, ..of_action(COPY, &Catalog::embedded()) };
        let why = "whether service control policies bind `ims:images:copy` is not known: the table has no name of it in \
                   identity policies";
        let open = |why: String| (Decision::Conditional, vec![(Effect::Deny, Outcome::Open(why.into()))]);
        let denying = [("Allow", "*"), ("Deny", "*")];
        assert_eq!(decided(&requirement, &denying, Detail::Related), open(why.to_owned()));
        let not_allowed = format!("no service control policy of `root` allows it; {why}");
        assert_eq!(decided(&requirement, &[("Allow", "ecs:*:*")], Detail::Related), open(not_allowed));
    }
}
