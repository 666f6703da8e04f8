//! What holds of decisions whatever the worlds: monotony, order, letter case, and the trace.

use grantlint::authz::{Decision, Origin, Principal, Request, Scope, Verdict, decide};
use grantlint::policy::Effect;
use proptest::prelude::*;

use crate::drafts::{GrantDraft, build};
use crate::inputs::{Input, OPEN, inputs};

fn verdict(input: &Input, grants: &[GrantDraft]) -> Verdict {
    decide(Request { requirement: &input.requirement, target: &input.target }, &build(grants))
}

fn decision(input: &Input, grants: &[GrantDraft]) -> Decision {
    verdict(input, grants).decision
}

fn with_effect(mut grant: GrantDraft, effect: Effect) -> GrantDraft {
    grant.statements.iter_mut().for_each(|statement| statement.effect = effect);
    grant
}

fn every_text(grants: &[GrantDraft], change: impl Fn(&str) -> String) -> Vec<GrantDraft> {
    let mut grants = grants.to_vec();
    for statement in grants.iter_mut().flat_map(|grant| &mut grant.statements) {
        for text in statement.patterns.iter_mut().chain(statement.resources.iter_mut().flatten()) {
            *text = change(text);
        }
    }
    grants
}

/// How good a decision is for the one who needs the action.
fn rank(decision: Decision) -> u8 {
    match decision {
        Decision::Allowed => 2,
        Decision::Conditional => 1,
        Decision::Denied | Decision::UnsupportedScope | Decision::ScopeMismatch | Decision::Missing => 0,
    }
}

/// Reorders grants and, in each, statements and patterns, by the given keys.
fn shuffled(grants: &[GrantDraft], keys: &[u32]) -> Vec<GrantDraft> {
    let key = |index: usize| keys[index % keys.len()];
    let mut grants: Vec<_> = grants.to_vec();
    for grant in &mut grants {
        grant.statements = by_key(std::mem::take(&mut grant.statements), key);
        for statement in &mut grant.statements {
            statement.patterns.reverse();
            statement.resources.iter_mut().for_each(|resources| resources.reverse());
        }
    }
    by_key(grants, key)
}

fn by_key<T>(items: Vec<T>, key: impl Fn(usize) -> u32) -> Vec<T> {
    let mut keyed: Vec<_> = items.into_iter().enumerate().collect();
    keyed.sort_by_key(|(index, _)| key(*index));
    keyed.into_iter().map(|(_, item)| item).collect()
}

fn check_trace(verdict: &Verdict, principal: &Principal) -> Result<(), TestCaseError> {
    prop_assert!(verdict.decision == Decision::Missing || !verdict.steps.is_empty());
    let order: Vec<_> = verdict.steps.iter().map(|step| (step.origin, step.statement)).collect();
    prop_assert!(order.is_sorted(), "{order:?}");
    for step in &verdict.steps {
        prop_assert!(matches!(step.origin, Origin::Grant(_)));
        let statements = &principal.policy(step).unwrap().policy.statements;
        let Some(number) = step.statement else {
            prop_assert_eq!((step.pattern, step.effect), (None, Effect::Allow));
            continue;
        };
        prop_assert!(number < statements.len());
        let statement = &statements[number];
        prop_assert_eq!(step.effect, statement.effect);
        let Some(span) = step.pattern else {
            return Err(TestCaseError::fail("a step of a statement names no pattern"));
        };
        prop_assert!(statement.span.start < span.start && span.end < statement.span.end);
        prop_assert!(statement.actions.patterns().iter().any(|pattern| pattern.span == span));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_further_allow_takes_nothing_away(input in inputs(OPEN), other in inputs(OPEN)) {
        let before = decision(&input, &input.grants);
        let mut grants = input.grants.clone();
        grants.extend(other.grants.into_iter().map(|grant| with_effect(grant, Effect::Allow)));
        prop_assert!(rank(decision(&input, &grants)) >= rank(before));
    }

    #[test]
    fn a_further_deny_gives_nothing(input in inputs(OPEN), other in inputs(0.0)) {
        let before = decision(&input, &input.grants);
        let mut grants = input.grants.clone();
        grants.extend(other.grants.into_iter().map(|grant| with_effect(grant, Effect::Deny)));
        prop_assert!(rank(decision(&input, &grants)) <= rank(before));
    }

    #[test]
    fn order_does_not_matter(input in inputs(OPEN), keys in prop::collection::vec(any::<u32>(), 4)) {
        prop_assert_eq!(decision(&input, &input.grants), decision(&input, &shuffled(&input.grants, &keys)));
    }

    #[test]
    fn letter_case_does_not_matter(input in inputs(OPEN)) {
        let before = decision(&input, &input.grants);
        prop_assert_eq!(before, decision(&input, &every_text(&input.grants, str::to_uppercase)));
        prop_assert_eq!(before, decision(&input, &every_text(&input.grants, str::to_lowercase)));
    }

    #[test]
    fn no_scope_decides_better_than_all(input in inputs(OPEN), index in any::<prop::sample::Index>()) {
        let mut grants = input.grants.clone();
        let index = index.index(grants.len());
        grants[index] = with_effect(grants[index].clone(), Effect::Allow);
        let before = decision(&input, &grants);
        grants[index].scope = Scope::All;
        prop_assert!(rank(decision(&input, &grants)) >= rank(before));
    }

    #[test]
    fn the_trace_names_what_is_there(input in inputs(OPEN)) {
        check_trace(&verdict(&input, &input.grants), &build(&input.grants))?;
    }

    #[test]
    fn without_a_grant_everything_is_missing(input in inputs(OPEN)) {
        prop_assert_eq!(decision(&input, &[]), Decision::Missing);
    }
}
