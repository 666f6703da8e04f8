//! From actions to policies that IAM accepts: divided by kind, set apart by risk, and split by length.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use super::{Action, Required};
use crate::explain::{Grant, Names, Policy, Purpose, Statement, Wanted, grants};
use crate::policy::{Kind, Length, Version, older};

/// A grammar in which permissions are granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grammar {
    /// Custom policies (1.1).
    Policy,
    /// Identity policies (5.0).
    Identity,
}

impl Grammar {
    /// Both, the older first.
    pub const ALL: [Self; 2] = [Self::Policy, Self::Identity];

    /// What it is, in words.
    pub fn named(self) -> &'static str {
        match self {
            Self::Policy => "policies of version 1.1",
            Self::Identity => "identity policies (5.0)",
        }
    }

    /// The names of an action in this grammar.
    pub fn names(self, names: &Names) -> &[String] {
        match self {
            Self::Policy => &names.v1,
            Self::Identity => &names.v5,
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Policy => Kind::Policy,
            Self::Identity => Kind::Identity,
        }
    }

    fn version(self) -> Version {
        self.kind().version()
    }
}

impl Serialize for Grammar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.version().as_str())
    }
}

/// Policies that grant what is needed, as far as the table has names for it.
#[derive(Debug)]
pub struct Policies {
    /// Their grammar.
    pub grammar: Grammar,
    /// The policies, each ready to be made.
    pub policies: Vec<Ready>,
    /// Actions of which the table does not know the name in the grammar, for some of their uses at least.
    pub unnamed: Vec<String>,
}

/// One policy.
#[derive(Debug)]
pub struct Ready {
    /// Its name: that of its file without the ending.
    pub name: String,
    /// For what it is to be granted.
    pub level: Level,
    /// It holds nothing but actions that let their holder do these things, which end in more rights.
    pub lets: Vec<String>,
    /// The document.
    pub document: Document,
}

/// For what a policy is to be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// For IAM projects, or all resources.
    ProjectLevel,
    /// For global services, or all resources.
    Global,
    /// It has no scope: its statements limit themselves.
    Identity,
}

/// A policy document.
#[derive(Debug, Serialize)]
pub struct Document {
    /// The version of its grammar.
    #[serde(rename = "Version")]
    pub version: &'static str,
    /// Its statements: what is needed, what perhaps is, and dependencies, each in statements of their own.
    #[serde(rename = "Statement")]
    pub statement: Vec<Statement>,
}

impl Document {
    fn of(items: &[Item], grammar: Grammar) -> Self {
        let of_purpose = items.chunk_by(|a, b| a.purpose == b.purpose);
        let statements = of_purpose
            .flat_map(|items| items.chunks(older::ACTIONS))
            .map(|items| Statement { effect: "Allow", action: items.iter().map(|item| item.name.clone()).collect() });
        Self { version: grammar.version().as_str(), statement: statements.collect() }
    }

    /// The document as JSON, indented: IAM may count the white space.
    pub fn text(&self) -> String {
        // Texts and lists of texts serialise.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// How many actions it grants.
    pub fn actions(&self) -> usize {
        self.statement.iter().map(|statement| statement.action.len()).sum()
    }

    fn is_accepted(&self, grammar: Grammar) -> bool {
        let fits = |length: Length| (length.count)(&self.text()) <= length.most;
        self.statement.len() <= older::STATEMENTS && Length::of(grammar.kind()).is_none_or(fits)
    }
}

/// The end of the names of policies that end in more rights.
const MORE_RIGHTS: &str = "-more-rights";

/// One name that a policy grants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    purpose: Purpose,
    name: String,
}

/// Makes the policies of one grammar that grant what is required.
pub fn policies(required: &Required, grammar: Grammar) -> Policies {
    let wanted: Vec<Wanted> = required.actions.iter().map(wanted).collect();
    let version = grammar.version().as_str();
    let grants: Vec<Grant> = grants(&wanted).into_iter().filter(|grant| grant.version == version).collect();
    let kinds: &[Policy] = match grammar {
        Grammar::Policy => &[Policy::ProjectLevel, Policy::Global, Policy::ObjectStorage],
        Grammar::Identity => &[Policy::Identity],
    };
    let mut policies = Vec::new();
    for kind in kinds {
        let of_kind = items(grants.iter().filter(|grant| grant.policy == *kind));
        let raises = |item: &Item| required.lets(grammar, &item.name).is_some();
        let (raising, plain): (Vec<Item>, Vec<Item>) = of_kind.into_iter().partition(raises);
        for (level, stem) in places(*kind) {
            policies.extend(split(&plain, level, stem, required, grammar));
            policies.extend(split(&raising, level, &format!("{stem}{MORE_RIGHTS}"), required, grammar));
        }
    }
    let unnamed = required.actions.iter().filter(|action| action.unnamed.contains(&grammar));
    Policies { grammar, policies, unnamed: unnamed.map(|action| action.action.clone()).collect() }
}

fn wanted(action: &Action) -> Wanted {
    Wanted {
        action: action.action.clone(),
        v1: action.names.v1.clone(),
        v5: action.names.v5.clone(),
        policy: action.policy,
        purpose: action.purpose,
        when: None,
    }
}

/// Every name once, for the strongest of its purposes.
fn items<'g>(grants: impl Iterator<Item = &'g Grant>) -> Vec<Item> {
    let mut names = BTreeSet::new();
    let mut items = Vec::new();
    for grant in grants {
        for name in grant.statement.iter().flat_map(|statement| &statement.action) {
            if names.insert(name.to_ascii_lowercase()) {
                items.push(Item { purpose: grant.purpose, name: name.clone() });
            }
        }
    }
    items.sort();
    items
}

/// For what a kind of policy is granted, and what its files are called.
fn places(kind: Policy) -> Vec<(Level, &'static str)> {
    match kind {
        Policy::ProjectLevel => vec![(Level::ProjectLevel, "project-level")],
        Policy::Global => vec![(Level::Global, "global")],
        Policy::ObjectStorage => {
            vec![(Level::ProjectLevel, "object-storage-project-level"), (Level::Global, "object-storage-global")]
        }
        Policy::Identity => vec![(Level::Identity, "identity")],
    }
}

/// A policy may have this name: where a file goes by it that was not made just now, an earlier run made it.
pub fn is_policy_name(name: &str) -> bool {
    let without_number =
        name.rsplit_once('-').filter(|(_, end)| end.parse::<usize>().is_ok()).map_or(name, |(stem, _)| stem);
    let stem = without_number.strip_suffix(MORE_RIGHTS).unwrap_or(without_number);
    let kinds = [Policy::ProjectLevel, Policy::Global, Policy::ObjectStorage, Policy::Identity];
    kinds.into_iter().flat_map(places).any(|(_, known)| known == stem)
}

/// As many policies as it takes: each as long as IAM accepts.
fn split(items: &[Item], level: Level, stem: &str, required: &Required, grammar: Grammar) -> Vec<Ready> {
    let mut parts: Vec<Vec<Item>> = Vec::new();
    for item in items {
        let fits = |part: &Vec<Item>| {
            let with_it = [part.as_slice(), std::slice::from_ref(item)].concat();
            Document::of(&with_it, grammar).is_accepted(grammar)
        };
        match parts.last_mut().filter(|part| fits(part)) {
            Some(part) => part.push(item.clone()),
            None => parts.push(vec![item.clone()]),
        }
    }
    let numbered = parts.iter().enumerate();
    numbered
        .map(|(index, part)| {
            let lets = part.iter().filter_map(|item| required.lets(grammar, &item.name)).flatten();
            let lets: BTreeSet<&String> = lets.collect();
            Ready {
                name: if index == 0 { stem.to_owned() } else { format!("{stem}-{}", index + 1) },
                level,
                lets: lets.into_iter().cloned().collect(),
                document: Document::of(part, grammar),
            }
        })
        .collect()
}

impl Required {
    /// What a name lets its holder do that ends in more rights; none for other names.
    pub fn lets(&self, grammar: Grammar, name: &str) -> Option<&[String]> {
        let is_it = |rights: &&super::MoreRights| rights.grammar == grammar && rights.name.eq_ignore_ascii_case(name);
        self.more_rights.iter().find(is_it).map(|rights| rights.lets.as_slice())
    }
}
