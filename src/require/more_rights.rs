//! Which of the actions that are needed let their holder give itself more rights.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Action, Grammar};
use crate::authz::Pattern;
use crate::catalog::{ActionSet, Catalog};

/// An action, by its name in one grammar, that opens a way to more rights: alone, or with others that are needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MoreRights {
    /// The grammar.
    #[serde(rename = "version")]
    pub grammar: Grammar,
    /// The name.
    pub name: String,
    /// What it lets its holder do: each completes "lets its holder …".
    pub lets: Vec<String>,
}

/// Every such name, by grammar and name.
pub(super) fn more_rights(actions: &[Action], catalog: &Catalog) -> Vec<MoreRights> {
    let mut found = Vec::new();
    for grammar in Grammar::ALL {
        let names: Vec<&str> =
            actions.iter().flat_map(|action| grammar.names(&action.names)).map(String::as_str).collect();
        let raising = raising(&names, grammar, catalog);
        found.extend(raising.into_iter().map(|(name, lets)| MoreRights {
            grammar,
            name: name.to_owned(),
            lets: lets.into_iter().map(str::to_owned).collect(),
        }));
    }
    found
}

/// Of a way that needs several actions, those of the set with the fewest members: without them the way is closed, and
/// the others are what anybody needs who deploys.
fn raising<'n, 'c>(names: &[&'n str], grammar: Grammar, catalog: &'c Catalog) -> BTreeMap<&'n str, Vec<&'c str>> {
    let mut raising: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for way in catalog.escalations() {
        let sets = way.all.iter().map(|set| (size(set), members(names, set, grammar)));
        let sets: Vec<(usize, Vec<&'n str>)> = sets.collect();
        if sets.iter().any(|(_, members)| members.is_empty()) {
            continue;
        }
        let rarest = sets.into_iter().min_by_key(|(size, _)| *size);
        for name in rarest.into_iter().flat_map(|(_, members)| members) {
            raising.entry(name).or_default().push(way.why);
        }
    }
    raising
}

fn size(set: &ActionSet<'_>) -> usize {
    set.actions.len() + set.identity.len()
}

/// The names that grant an action of a set.
fn members<'n>(names: &[&'n str], set: &ActionSet<'_>, grammar: Grammar) -> Vec<&'n str> {
    let actions = match grammar {
        Grammar::Policy => &set.actions,
        Grammar::Identity => &set.identity,
    };
    let actions: Vec<Pattern> = actions.iter().map(|action| Pattern::new(action)).collect();
    let grants = |name: &&&str| {
        let name = Pattern::new(name);
        actions.iter().any(|action| name.covers(action))
    };
    names.iter().filter(grants).copied().collect()
}
