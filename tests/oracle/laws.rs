//! What holds of decisions whatever the worlds: more and less, order, letter case, and what is not known.

use grantlint::authz::{Body, Decision, Known};
use grantlint::policy::{Effect, Version};

use crate::case::{Case, Element, Facts, PolicyDraft, StatementDraft};
use crate::inputs::{LITTLE, OPEN};
use crate::runner::hold;

/// How good a decision is for the one who needs the action.
fn rank(decision: Decision) -> u8 {
    match decision {
        Decision::Allowed => 2,
        Decision::Conditional => 1,
        Decision::Denied | Decision::UnsupportedScope | Decision::ScopeMismatch | Decision::Missing => 0,
    }
}

/// Both decisions, if they break a law.
fn law(holds: bool, before: Decision, after: Decision) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("decide() says {before:?}, and after the change {after:?}")) }
}

fn changed(case: &Case, change: impl FnOnce(&mut Case)) -> Case {
    let mut other = case.clone();
    change(&mut other);
    other
}

/// A change gives nothing.
fn gives_nothing(case: &Case, change: impl FnOnce(&mut Case)) -> Result<(), String> {
    let (before, after) = (case.decision(), changed(case, change).decision());
    law(rank(after) <= rank(before), before, after)
}

/// A change takes nothing away.
fn takes_nothing(case: &Case, change: impl FnOnce(&mut Case)) -> Result<(), String> {
    let (before, after) = (case.decision(), changed(case, change).decision());
    law(rank(after) >= rank(before), before, after)
}

/// A change makes no difference.
fn is_nothing(case: &Case, change: impl FnOnce(&mut Case)) -> Result<(), String> {
    let (before, after) = (case.decision(), changed(case, change).decision());
    law(before == after, before, after)
}

/// What was open stays open, and what was certain becomes open or stays.
fn only_opens(case: &Case, change: impl FnOnce(&mut Case)) -> Result<(), String> {
    let (before, after) = (case.decision(), changed(case, change).decision());
    law(rank(after) == rank(before) || after == Decision::Conditional, before, after)
}

fn statements(case: &mut Case) -> impl Iterator<Item = &mut StatementDraft> {
    let policies = case.grants.iter_mut().map(|grant| &mut grant.policy).chain(case.guardrails.iter_mut().flatten());
    policies.flat_map(|policy| &mut policy.statements)
}

fn with_effect(case: &Case, effect: Effect) -> Vec<crate::case::GrantDraft> {
    let mut case = case.clone();
    case.grants.iter_mut().flat_map(|grant| &mut grant.policy.statements).for_each(|it| it.effect = effect);
    // A further role could be what another depends on; what is not known of a policy could be an Allow.
    case.grants.retain(|grant| effect == Effect::Allow || grant.policy.body == Body::Whole);
    case.grants.iter_mut().for_each(|grant| grant.policy.name.push_str(" of another"));
    case.grants
}

#[test]
fn a_further_deny_gives_nothing() {
    hold(0.01, OPEN, |[case, other]| gives_nothing(case, |case| case.grants.extend(with_effect(other, Effect::Deny))));
}

#[test]
fn a_further_allow_takes_nothing_away() {
    hold(0.01, OPEN, |[case, other]| takes_nothing(case, |case| case.grants.extend(with_effect(other, Effect::Allow))));
}

#[test]
fn order_does_not_matter() {
    hold(0.01, OPEN, |[case]| {
        is_nothing(case, |case| {
            case.grants.reverse();
            case.guardrails.reverse();
            case.guardrails.iter_mut().for_each(|policies| policies.reverse());
            let policies = case.grants.iter_mut().map(|grant| &mut grant.policy);
            policies.chain(case.guardrails.iter_mut().flatten()).for_each(|policy| policy.statements.reverse());
            statements(case).for_each(|statement| {
                statement.patterns.reverse();
                statement.resources.iter_mut().for_each(|(_, resources)| resources.reverse());
                statement.conditions.reverse();
                statement.conditions.iter_mut().for_each(|condition| condition.values.reverse());
            });
        })
    });
}

#[test]
fn letter_case_does_not_matter_but_in_paths_and_values() {
    let first_parts = |resource: &str, change: fn(&str) -> String| {
        let parts: Vec<&str> = resource.splitn(5, ':').collect();
        let first: Vec<String> = parts.iter().take(4).map(|part| change(part)).collect();
        [first, parts.iter().skip(4).map(|path| (*path).to_owned()).collect()].concat().join(":")
    };
    hold(0.01, OPEN, |[case]| {
        for change in [str::to_uppercase, str::to_lowercase] {
            is_nothing(case, |case| {
                for statement in statements(case) {
                    statement.patterns.iter_mut().chain(&mut statement.but).for_each(|text| *text = change(text));
                    let resources = statement.resources.iter_mut().flat_map(|(_, resources)| resources);
                    resources.for_each(|text| *text = first_parts(text, change));
                    for condition in &mut statement.conditions {
                        condition.operator = change(&condition.operator);
                        let (prefix, tag) = condition.key.split_once('/').unwrap_or((&condition.key, ""));
                        let slash = if condition.key.contains('/') { "/" } else { "" };
                        condition.key = format!("{}{slash}{tag}", change(prefix));
                    }
                }
            })?;
        }
        Ok(())
    });
}

#[test]
fn the_letter_case_of_a_path_matters() {
    hold(0.001, LITTLE, |[case]| {
        let of_path = |path: &str| {
            let mut statement = StatementDraft::about(Effect::Allow, "*:*:*");
            statement.resources = Some((Element::These, vec![format!("obs:*:*:bucket:{path}")]));
            let mut case = case.clone();
            case.requirement.action = String::from("obs:bucket:ListBucket");
            case.requirement.names_1 = vec![case.requirement.action.clone()];
            case.resources = vec![(String::from("bucket"), String::from("logs"))];
            case.guardrails = Vec::new();
            case.grants.truncate(1);
            case.grants[0].scope = grantlint::authz::Scope::All;
            case.grants[0].policy = PolicyDraft::new("of a path", Version::V1_1, vec![statement]);
            case.decision()
        };
        law(
            (of_path("logs"), of_path("Logs")) == (Decision::Allowed, Decision::Missing),
            of_path("logs"),
            of_path("Logs"),
        )
    });
}

fn unknown() -> Known<String> {
    Known::Unknown(String::from("not said"))
}

#[test]
fn not_knowing_the_place_only_opens() {
    hold(0.01, LITTLE, |[case]| {
        only_opens(case, |case| case.region = unknown())?;
        only_opens(case, |case| case.project = unknown())?;
        only_opens(case, |case| case.enterprise_project = unknown())
    });
}

#[test]
fn not_knowing_what_a_request_says_only_opens() {
    hold(0.01, LITTLE, |[case]| {
        for index in 0..case.context.keys.len() {
            // The operation may say it, too, and another value.
            let key = &case.context.keys[index].0;
            let is_told = case.facts.keys.iter().any(|(other, _)| other == key);
            let is_of_place = ["g:RequestedRegion", "g:EnterpriseProjectId", "g:CurrentTime"].contains(&key.as_str());
            let is_complete = case
                .context
                .complete
                .iter()
                .chain(&case.facts.complete)
                .any(|beginning| key.to_lowercase().starts_with(&beginning.to_lowercase()));
            if !is_told && !is_of_place && !is_complete {
                only_opens(case, |case| drop(case.context.keys.remove(index)))?;
            }
        }
        only_opens(case, |case| {
            case.facts = Facts { complete: case.facts.complete.clone(), ..Facts::default() };
        })
        .or_else(|why| if case.facts.complete.is_empty() { Err(why) } else { Ok(()) })?;
        only_opens(case, |case| case.resources.clear())
    });
}

#[test]
fn a_value_that_the_platform_fills_in_only_opens() {
    hold(0.01, LITTLE, |[case]| {
        only_opens(case, |case| {
            statements(case).flat_map(|statement| &mut statement.conditions).for_each(|condition| {
                condition.values.truncate(1);
                condition.values.iter_mut().for_each(|value| *value = String::from("${x}"));
            });
        })
    });
}

#[test]
fn not_knowing_a_guardrail_only_opens() {
    hold(0.01, LITTLE, |[case]| {
        for level in 0..case.guardrails.len() {
            for policy in 0..case.guardrails[level].len() {
                only_opens(case, |case| {
                    let policy = &mut case.guardrails[level][policy];
                    policy.body = Body::Hidden;
                    policy.statements.clear();
                })?;
            }
        }
        Ok(())
    });
}

#[test]
fn knowing_less_of_a_policy_only_opens() {
    hold(0.01, LITTLE, |[case]| {
        for index in 0..case.grants.len() {
            if case.grants[index].policy.body == Body::Whole {
                takes_nothing(case, |case| case.grants[index].policy.body = Body::Implied)?;
                only_opens(case, |case| case.grants[index].policy.body = Body::Implied)?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_guardrail_never_grants() {
    hold(0.01, OPEN, |[case, other]| {
        gives_nothing(case, |case| case.guardrails.extend(other.guardrails.clone()))?;
        let without = changed(case, |case| case.guardrails.clear());
        takes_nothing(case, |case| case.guardrails.clear())?;
        law(
            without.decision() != Decision::Denied || case.decision() == Decision::Denied,
            without.decision(),
            case.decision(),
        )
    });
}

#[test]
fn a_guardrail_that_lets_everything_through_changes_nothing() {
    let full = || PolicyDraft::new("FullAccess", Version::V5_0, vec![StatementDraft::about(Effect::Allow, "*")]);
    hold(0.01, OPEN, |[case]| {
        if case.requirement.names_5.is_empty() {
            // Known: see `disagreements`.
            return Ok(());
        }
        is_nothing(case, |case| case.guardrails.push(vec![full()]))
    });
}

#[test]
fn a_role_that_depends_on_what_is_not_granted_gives_nothing() {
    hold(0.01, OPEN, |[case]| {
        for index in 0..case.grants.len() {
            let policy = &case.grants[index].policy;
            let allows = policy.statements.iter().all(|statement| statement.effect == Effect::Allow);
            if policy.version == Version::V1_0 && allows {
                let lacking = String::from("granted to nobody");
                gives_nothing(case, |case| case.grants[index].policy.depends.push(lacking))?;
                takes_nothing(case, |case| case.grants[index].policy.depends.clear())?;
            }
        }
        Ok(())
    });
}

#[test]
fn without_a_grant_everything_is_missing_or_denied() {
    hold(0.01, OPEN, |[case]| {
        let nothing = changed(case, |case| case.grants.clear());
        let decision = nothing.decision();
        law([Decision::Missing, Decision::Denied].contains(&decision), case.decision(), decision)?;
        let free = changed(&nothing, |case| case.guardrails.clear()).decision();
        law(free == Decision::Missing, decision, free)
    });
}
