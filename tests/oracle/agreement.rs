//! The three-valued decision against the outcomes of all worlds.

use grantlint::authz::{Decision, Request, Requirement, decide};
use proptest::prelude::*;

use crate::drafts::build;
use crate::glob::action_matches;
use crate::iam::{Case, Outcome};
use crate::inputs::{Input, OPEN, SETTLED, inputs};
use crate::worlds::{Survey, survey};

fn surveyed(case: Case<'_>) -> Survey<Outcome> {
    survey(|world| case.outcome(world))
}

/// What no decision may claim, however much three-valued logic blurs.
fn soundness(decision: Decision, survey: &Survey<Outcome>) -> Result<(), TestCaseError> {
    let all = |outcome| survey.outcomes.iter().all(|other| *other == outcome);
    match decision {
        Decision::Allowed => prop_assert!(all(Outcome::Allowed), "Allowed, and the worlds say {survey:?}"),
        Decision::Denied => prop_assert!(all(Outcome::Denied), "Denied, and the worlds say {survey:?}"),
        Decision::Conditional => {}
        Decision::UnsupportedScope | Decision::ScopeMismatch | Decision::Missing => {
            prop_assert!(!survey.outcomes.contains(&Outcome::Allowed), "{decision:?}, and the worlds say {survey:?}");
        }
    }
    Ok(())
}

/// Where nothing open is asked for twice, the decision is what the worlds agree on. Where none of them allows, it may
/// give the reason of any that does not deny.
fn agreement(decision: Decision, survey: &Survey<Outcome>) -> Result<(), TestCaseError> {
    if !survey.is_complete || !survey.reads_once {
        return Ok(());
    }
    let mut expected: Vec<Decision> = survey.outcomes.iter().map(|outcome| named(*outcome)).collect();
    if expected.len() > 1 {
        if expected.contains(&Decision::Allowed) {
            expected = vec![Decision::Conditional];
        }
        expected.retain(|decision| *decision != Decision::Denied);
    }
    // A `Resource` that names another region only is told as a grant for another place.
    let is_of_region = decision == Decision::ScopeMismatch
        && [Decision::Missing, Decision::UnsupportedScope].iter().any(|own| expected.contains(own));
    prop_assert!(
        is_of_region || expected.contains(&decision),
        "{decision:?} instead of {expected:?}; the worlds say {survey:?}"
    );
    Ok(())
}

fn named(outcome: Outcome) -> Decision {
    match outcome {
        Outcome::Allowed => Decision::Allowed,
        Outcome::Denied => Decision::Denied,
        Outcome::Elsewhere => Decision::ScopeMismatch,
        Outcome::Unsupported => Decision::UnsupportedScope,
        Outcome::Nothing => Decision::Missing,
    }
}

fn check(input: &Input) -> Result<(), TestCaseError> {
    let Input { requirement, target, grants } = input;
    let principal = build(grants);
    let survey = surveyed(Case { requirement, target, principal: &principal });
    let decision = decide(Request { requirement, target }, &principal).decision;
    soundness(decision, &survey)?;
    agreement(decision, &survey)
}

/// Patterns that dependencies are named by, with some of the actions that each stands for.
const DEPENDENCIES: [(&str, &[&str]); 4] = [
    ("obs:bucket:*", &["obs:bucket:ListBucket", "obs:bucket:CreateBucket", "obs:bucket:zz"]),
    ("obs:*:*", &["obs:bucket:ListBucket", "obs:object:PutObject", "obs:zz:zz"]),
    ("ims:*:c*", &["ims:images:copy", "ims:serverImages:create", "ims:zz:czz"]),
    ("ims:images:*", &["ims:images:copy", "ims:images:get", "ims:images:zz"]),
];

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn settled_inputs_are_decided_exactly(input in inputs(SETTLED)) {
        check(&input)?;
    }

    #[test]
    fn inputs_with_little_open_are_decided_exactly(input in inputs(0.06)) {
        check(&input)?;
    }
}

proptest! {
    // Many worlds each.
    #![proptest_config(config(500))]

    #[test]
    fn inputs_with_much_open_are_decided_soundly(input in inputs(OPEN)) {
        check(&input)?;
    }

    #[test]
    fn a_pattern_is_decided_for_every_action_that_it_stands_for(
        input in inputs(0.1),
        (pattern, actions) in prop::sample::select(DEPENDENCIES.to_vec()),
    ) {
        let Input { requirement, target, grants } = &input;
        let principal = build(grants);
        let named = |action: &str| Requirement {
            action: action.to_owned(),
            names_1: vec![action.to_owned()],
            knows_names_1: true,
            names_5: Vec::new(),
            ..requirement.clone()
        };
        let decision = decide(Request { requirement: &named(pattern), target }, &principal).decision;
        for action in actions {
            prop_assert!(action_matches(pattern, action));
            let survey = surveyed(Case { requirement: &named(action), target, principal: &principal });
            soundness(decision, &survey)?;
        }
    }
}

/// The generators make every decision, and worlds that can be held against it.
#[test]
fn the_inputs_are_varied() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    let (mut exact, mut with_worlds) = (0, 0);
    for _ in 0..1500 {
        let Input { requirement, target, grants } = inputs(0.1).new_tree(&mut runner).unwrap().current();
        let principal = build(&grants);
        let survey = surveyed(Case { requirement: &requirement, target: &target, principal: &principal });
        let is_exact = survey.is_complete && survey.reads_once;
        exact += u32::from(is_exact);
        with_worlds += u32::from(is_exact && survey.outcomes.len() > 1);
        let decision = decide(Request { requirement: &requirement, target: &target }, &principal).decision;
        *seen.entry(decision).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
    assert!(seen.values().all(|count| *count > 20), "{seen:?}");
    assert!(exact > 500 && with_worlds > 40, "exact {exact}, of them with several outcomes {with_worlds}");
}
