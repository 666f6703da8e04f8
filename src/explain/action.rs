//! An action: its card, its names in both grammars, and how to grant it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::grant::{Grant, Policy, Purpose, Wanted, grants};
use super::scope::{Column, ScopeAnswer, answers, reach};
use crate::authz::{Account, Kind, Requirement, of_api};
use crate::catalog::{Catalog, Reach};
use crate::explore::{self, ActionCard, ActionUse};

/// What is known of an action, and how to grant it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionTopic<'a> {
    /// What the table holds of it.
    #[serde(rename = "action")]
    pub card: ActionCard<'a>,
    /// Its names in both grammars.
    pub names: Names,
    /// Where its service has its resources: `global`, `regional` or `unknown`.
    pub reach: &'static str,
    /// In which scopes a grant of it counts.
    pub scopes: Vec<ScopeAnswer>,
    /// The statements that grant it.
    pub add: Vec<Grant>,
}

/// The names of an action, the one that it was asked for by first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Names {
    /// In policies (1.1), where any of them grants it; none: the table knows no name.
    #[serde(rename = "1.1")]
    pub v1: Vec<String>,
    /// In identity policies (5.0), where each may be that of another API; none: the table knows no name.
    #[serde(rename = "5.0")]
    pub v5: Vec<String>,
}

/// Everything about an action that the table knows.
pub(super) fn action<'a>(catalog: &'a Catalog, name: &str) -> Option<ActionTopic<'a>> {
    let card = explore::action(catalog, name)?;
    let names = names(catalog, &card);
    let reach = reach(catalog, card.action);
    let columns: Vec<Column<'_>> = card.apis.iter().map(|one| Column { api: one.api, scopes: one.scopes }).collect();
    let scopes = answers(reach, catalog.action_scopes(card.action), &columns);
    let add = grants(&[wanted(card.action, &names, reach)]);
    Some(ActionTopic { card, names, reach: reach.as_str(), scopes, add })
}

/// An action that is to be granted: by the first of its names in grammar 1.1, by all in 5.0.
pub(super) fn wanted(action: &str, names: &Names, reach: Reach) -> Wanted {
    Wanted {
        action: action.to_owned(),
        v1: names.v1.iter().take(1).cloned().collect(),
        v5: names.v5.clone(),
        policy: Policy::of(action.split(':').next().unwrap_or_default(), reach),
        purpose: Purpose::Needed,
        when: None,
    }
}

fn names(catalog: &Catalog, card: &ActionCard<'_>) -> Names {
    let own = |grammar: &str| card.grammars.contains(&grammar).then(|| card.action.to_owned());
    let mut names = Names { v1: own("1.1").into_iter().collect(), v5: own("5.0").into_iter().collect() };
    // Only pages of grammar 1.1 have columns of scopes.
    if card.grammars.is_empty() && card.scopes.project.or(card.scopes.enterprise_project).is_some() {
        names.v1.push(card.action.to_owned());
    }
    let (lacks_v1, lacks_v5) = (names.v1.is_empty(), names.v5.is_empty());
    add(&mut names.v1, &card.aliases);
    if lacks_v5 {
        add(&mut names.v5, &card.alias_of);
    }
    let is_it = |name: &&str| name.eq_ignore_ascii_case(card.action);
    for requirement in card.apis.iter().chain(&card.alias_apis).flat_map(|one| requirements(catalog, one)) {
        let v1: Vec<&str> = requirement.names_1.iter().map(String::as_str).collect();
        let v5: Vec<&str> = requirement.names_5.iter().map(|name| name.name.as_str()).collect();
        if lacks_v5 && v1.iter().any(is_it) {
            add(&mut names.v5, &v5);
        }
        if lacks_v1 && v5.iter().any(is_it) {
            add(&mut names.v1, &v1);
        }
    }
    names
}

fn requirements(catalog: &Catalog, used: &ActionUse<'_>) -> Vec<Requirement> {
    let row = used.api.parse().ok().and_then(|key| catalog.row(used.service, &key));
    let all = row.map(|row| of_api(&row.entry, Account::default(), catalog)).unwrap_or_default();
    all.into_iter().filter(|requirement| requirement.kind == Kind::Needed).collect()
}

fn add<T: AsRef<str>>(names: &mut Vec<String>, more: &[T]) {
    let mut known: BTreeSet<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    for name in more {
        if known.insert(name.as_ref().to_ascii_lowercase()) {
            names.push(name.as_ref().to_owned());
        }
    }
}
