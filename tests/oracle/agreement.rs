//! The three-valued decision against the outcomes of all worlds.

use grantlint::authz::{Decision, IdentityName, Requirement};

use crate::case::Case;
use crate::glob::action_matches;
use crate::iam::Outcome;
use crate::inputs::{LITTLE, OPEN, SETTLED};
use crate::reasons::says_less;
use crate::runner::hold;
use crate::worlds::{Survey, survey};

impl Case {
    /// The outcomes, as far as a decision can be held against them.
    pub(crate) fn surveyed(&self, decision: Decision) -> Survey<Outcome> {
        survey(
            |world| self.outcome(world),
            |survey| match decision {
                Decision::Conditional => is_open(survey) || !survey.reads_once,
                _ => !is_sound(decision, survey),
            },
        )
    }
}

/// Some world allows, and some does not.
fn is_open(survey: &Survey<Outcome>) -> bool {
    survey.outcomes.contains(&Outcome::Allowed) && survey.outcomes.len() > 1
}

/// What no decision may claim, however much three-valued logic blurs.
fn is_sound(decision: Decision, survey: &Survey<Outcome>) -> bool {
    let all = |outcome| survey.outcomes.iter().all(|other| *other == outcome);
    match decision {
        Decision::Allowed => all(Outcome::Allowed),
        Decision::Denied => all(Outcome::Denied),
        Decision::Conditional => true,
        Decision::UnsupportedScope | Decision::ScopeMismatch | Decision::Missing => {
            !survey.outcomes.contains(&Outcome::Allowed)
        }
    }
}

/// Where nothing open is asked for twice, the decision is what the worlds agree on. Where none of them allows, it may
/// give the reason of any that does not deny.
fn is_exact(decision: Decision, survey: &Survey<Outcome>) -> bool {
    let mut expected =
        survey.outcomes.iter().filter(|outcome| survey.outcomes.len() == 1 || **outcome != Outcome::Denied);
    match decision {
        Decision::Conditional => is_open(survey),
        _ => expected.any(|outcome| named(*outcome) == decision),
    }
}

pub(crate) fn is_right(decision: Decision, survey: &Survey<Outcome>) -> bool {
    is_sound(decision, survey) && (!survey.is_exact() || is_exact(decision, survey))
}

pub(crate) fn named(outcome: Outcome) -> Decision {
    match outcome {
        Outcome::Allowed => Decision::Allowed,
        Outcome::Denied => Decision::Denied,
        Outcome::Elsewhere => Decision::ScopeMismatch,
        Outcome::Unsupported => Decision::UnsupportedScope,
        Outcome::Nothing => Decision::Missing,
    }
}

fn check(case: &Case) -> Result<(), String> {
    let decision = case.decision();
    let survey = case.surveyed(decision);
    if !is_right(decision, &survey) && !says_less(decision, &survey) {
        return Err(format!("decide() says {decision:?}; the worlds say {:?}", survey.outcomes));
    }
    Ok(())
}

/// Patterns that dependencies are named by, with some of the actions that each stands for.
const DEPENDENCIES: [(&str, &[&str]); 4] = [
    ("obs:bucket:*", &["obs:bucket:ListBucket", "obs:bucket:CreateBucket", "obs:bucket:zz"]),
    ("obs:*:*", &["obs:bucket:ListBucket", "obs:object:PutObject", "obs:zz:zz"]),
    ("ims:*:c*", &["ims:images:copy", "ims:serverImages:create", "ims:zz:czz"]),
    ("ims:images:*", &["ims:images:copy", "ims:images:get", "ims:images:zz"]),
];

#[test]
fn settled_inputs_are_decided_exactly() {
    hold(0.75, SETTLED, |[case]| check(case));
}

#[test]
fn inputs_with_little_open_are_decided_exactly() {
    hold(0.22, LITTLE, |[case]| check(case));
}

#[test]
fn inputs_with_much_open_are_decided_soundly() {
    hold(0.03, OPEN, |[case]| check(case));
}

#[test]
fn a_pattern_is_decided_for_every_action_that_it_stands_for() {
    hold(0.005, LITTLE, |[case]| {
        let named = |action: &str| Case {
            requirement: Requirement {
                action: action.to_owned(),
                names_1: vec![action.to_owned()],
                knows_names_1: true,
                names_5: Vec::<IdentityName>::new(),
                ..case.requirement.clone()
            },
            ..case.clone()
        };
        for (pattern, actions) in DEPENDENCIES {
            let decision = named(pattern).decision();
            for action in actions {
                assert!(action_matches(pattern, action));
                let survey = named(action).surveyed(decision);
                if !is_sound(decision, &survey) {
                    let outcomes = survey.outcomes;
                    return Err(format!(
                        "decide() says {decision:?} of {pattern}; the worlds of {action} say {outcomes:?}"
                    ));
                }
            }
        }
        Ok(())
    });
}
