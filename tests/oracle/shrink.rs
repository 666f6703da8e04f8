//! Smaller cases: each with one thing less than a given one.

use grantlint::authz::{Body, Scope};
use grantlint::catalog::{Reach, Scopes};

use crate::case::{Case, Facts, PolicyDraft, StatementDraft};

pub(crate) fn smaller(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    let mut with = |change: &dyn Fn(&mut Case)| {
        let mut other = case.clone();
        change(&mut other);
        other.requirement.knows_names_1 &= !other.requirement.names_1.is_empty();
        other.requirement.knows_names_5 &= !other.requirement.names_5.is_empty();
        if format!("{other}").len() < format!("{case}").len() {
            all.push(other);
        }
    };
    with(&|case| case.guardrails.clear());
    for (level, policies) in case.guardrails.iter().enumerate() {
        with(&|case| drop(case.guardrails.remove(level)));
        for (index, policy) in policies.iter().enumerate() {
            with(&|case| drop(case.guardrails[level].remove(index)));
            for one in smaller_policies(policy) {
                with(&|case| case.guardrails[level][index] = one.clone());
            }
        }
    }
    for (index, grant) in case.grants.iter().enumerate() {
        with(&|case| drop(case.grants.remove(index)));
        with(&|case| case.grants[index].scope = Scope::All);
        with(&|case| case.grants[index].by_console = false);
        for one in smaller_policies(&grant.policy) {
            with(&|case| case.grants[index].policy = one.clone());
        }
    }
    for facts in smaller_facts(&case.context) {
        with(&|case| case.context = facts.clone());
    }
    for facts in smaller_facts(&case.facts) {
        with(&|case| case.facts = facts.clone());
    }
    with(&|case| case.resources.clear());
    with(&|case| case.requirement.other_services.clear());
    with(&|case| case.requirement.supports = Scopes { project: Some(true), enterprise_project: Some(true) });
    with(&|case| case.requirement.reach = Reach::Global);
    for index in 0..case.requirement.names_1.len() {
        with(&|case| drop(case.requirement.names_1.remove(index)));
    }
    for index in 0..case.requirement.names_5.len() {
        with(&|case| drop(case.requirement.names_5.remove(index)));
        with(&|case| case.requirement.names_5[index].aliases.clear());
        with(&|case| case.requirement.names_5[index].keys.clear());
        with(&|case| case.requirement.names_5[index].resources.clear());
    }
    all
}

fn smaller_facts(facts: &Facts) -> Vec<Facts> {
    let mut all = vec![Facts { not_before: None, ..facts.clone() }, Facts { complete: Vec::new(), ..facts.clone() }];
    all.extend(less(&facts.keys).map(|keys| Facts { keys, ..facts.clone() }));
    all
}

fn smaller_policies(policy: &PolicyDraft) -> Vec<PolicyDraft> {
    let body = policy.body;
    let simple = PolicyDraft { body: Body::Whole, ..policy.clone() };
    let mut all = vec![simple.clone(), PolicyDraft { body, depends: Vec::new(), ..simple.clone() }];
    all.extend(less(&policy.depends).map(|depends| PolicyDraft { body, depends, ..simple.clone() }));
    all.extend(less(&policy.statements).map(|statements| PolicyDraft { statements, ..policy.clone() }));
    for (index, statement) in policy.statements.iter().enumerate() {
        for one in smaller_statements(statement) {
            let mut other = policy.clone();
            other.statements[index] = one;
            all.push(other);
        }
    }
    all
}

fn smaller_statements(statement: &StatementDraft) -> Vec<StatementDraft> {
    let mut all = vec![
        StatementDraft { resources: None, ..statement.clone() },
        StatementDraft { but: Vec::new(), ..statement.clone() },
        StatementDraft { is_perhaps: false, ..statement.clone() },
    ];
    all.extend(
        less(&statement.patterns)
            .filter(|patterns| !patterns.is_empty())
            .map(|patterns| StatementDraft { patterns, ..statement.clone() }),
    );
    all.extend(less(&statement.conditions).map(|conditions| StatementDraft { conditions, ..statement.clone() }));
    if let Some((element, resources)) = &statement.resources {
        let fewer = less(resources).map(|resources| Some((*element, resources)));
        all.extend(fewer.map(|resources| StatementDraft { resources, ..statement.clone() }));
    }
    for (index, condition) in statement.conditions.iter().enumerate() {
        for values in less(&condition.values).filter(|values| !values.is_empty()) {
            let mut other = statement.clone();
            other.conditions[index].values = values;
            all.push(other);
        }
    }
    all
}

/// Every list without one of its items.
fn less<T: Clone>(items: &[T]) -> impl Iterator<Item = Vec<T>> {
    (0..items.len()).map(|index| {
        let mut items = items.to_vec();
        items.remove(index);
        items
    })
}
