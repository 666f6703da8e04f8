//! An action that an error is about.

use serde::Serialize;

use super::denial::{Denial, Problem};
use crate::catalog::{Catalog, Reach};
use crate::explain::action::{Names, action, wanted};
use crate::explain::grant::Wanted;
use crate::explain::scope::{ScopeAnswer, answers, reach};
use crate::explore::ActionCard;
use crate::nearest::nearest_few;

/// How many names are offered for one that the table does not know.
const OFFERED: usize = 3;

/// An action that an error is about, in brief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Concerned {
    /// The action as the table writes it, or else as the text does.
    pub action: String,
    /// The table knows it.
    pub known: bool,
    /// The most similar actions that the table knows, where it does not know this one.
    pub nearest: Vec<String>,
    /// What it does to resources.
    pub access: Option<&'static str>,
    /// Its names in both grammars.
    pub names: Names,
    /// Where its service has its resources: `global`, `regional` or `unknown`.
    pub reach: &'static str,
    /// In which scopes a grant of it counts.
    pub scopes: Vec<ScopeAnswer>,
    /// System-defined roles of its service that grant it, and only with others.
    pub roles: Vec<DependentRole>,
}

/// A role that takes no effect without others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DependentRole {
    /// Its display name.
    pub role: String,
    /// The roles that have to be granted with it, in the same scope.
    pub depends: Vec<String>,
}

impl Concerned {
    /// The action of a denial; none where the text names none.
    pub(super) fn new(catalog: &Catalog, denial: &Denial) -> Option<Self> {
        let name = denial.action.as_deref()?;
        Some(match action(catalog, name) {
            Some(topic) => Self {
                action: topic.card.action.to_owned(),
                known: true,
                nearest: Vec::new(),
                access: topic.card.access,
                roles: roles(catalog, &topic.card),
                names: topic.names,
                reach: topic.reach,
                scopes: topic.scopes,
            },
            None => Self::unknown(catalog, name, denial),
        })
    }

    /// What the table does not know has the name that the text gives it, in the grammar that the text speaks.
    fn unknown(catalog: &Catalog, name: &str, denial: &Denial) -> Self {
        let own = vec![name.to_owned()];
        let names = match (denial.grammar, denial.problem) {
            (Some(_), _) => Names { v1: Vec::new(), v5: own },
            (None, Problem::MissingAllow) => Names { v1: own, v5: Vec::new() },
            (None, _) => Names::default(),
        };
        let reach = reach(catalog, name);
        let known = catalog.all_actions();
        let nearest = nearest_few(name, known.iter().map(|(known, _)| *known), OFFERED);
        Self {
            action: name.to_owned(),
            known: false,
            nearest: nearest.into_iter().map(str::to_owned).collect(),
            access: None,
            names,
            reach: reach.as_str(),
            scopes: answers(reach, catalog.action_scopes(name), &[]),
            roles: Vec::new(),
        }
    }

    pub(super) fn service(&self) -> &str {
        self.action.split(':').next().unwrap_or_default()
    }

    /// What its operation begins with: `list` of `ims:images:list`.
    pub(super) fn does(&self, verb: &str) -> bool {
        let operation = self.action.rsplit(':').next().unwrap_or_default();
        operation.get(..verb.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(verb))
    }

    pub(super) fn wanted(&self) -> Wanted {
        let reach = if self.reach == Reach::Global.as_str() { Reach::Global } else { Reach::Regional };
        wanted(&self.action, &self.names, reach)
    }
}

/// The roles of the action's service that grant it and do nothing without others.
fn roles(catalog: &Catalog, card: &ActionCard<'_>) -> Vec<DependentRole> {
    let service = card.action.split(':').next().unwrap_or_default();
    let uses = card.policies.iter().filter(|used| used.effect != "deny" && used.effect != "not_granted");
    let roles = uses.filter_map(|used| {
        let role = catalog.policy(used.policy)?;
        let is_own = role.service.eq_ignore_ascii_case(service);
        let depends: Vec<String> = role.depends.iter().map(|name| (*name).to_owned()).collect();
        (is_own && !depends.is_empty()).then(|| DependentRole { role: role.name.to_owned(), depends })
    });
    let mut roles: Vec<DependentRole> = roles.collect();
    roles.dedup();
    roles
}
