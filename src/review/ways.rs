//! How a principal can give itself more rights, with the statements that let it.

use serde::Serialize;

use super::Cited;
use crate::authz::{Means, Principal, Step, Way, ways};
use crate::catalog::Catalog;
use crate::source::Location;

/// A way to more rights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WayCard {
    /// Its name.
    pub id: String,
    /// What it lets the principal do: completes "lets it …".
    pub why: String,
    /// What it takes; all of it.
    pub steps: Vec<StepCard>,
    /// Where it was read what the actions do.
    pub source: Cited,
}

/// One of the actions that a way takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepCard {
    /// The action.
    pub action: String,
    /// How many other actions would do as well.
    pub others: usize,
    /// What is open about it; none where it is certainly allowed.
    pub open: Option<String>,
    /// The policies that allow it, with the place of the statement.
    pub granted: Vec<(String, Option<Location>)>,
}

impl WayCard {
    /// Everything that it takes is certainly allowed.
    pub fn is_certain(&self) -> bool {
        self.steps.iter().all(|step| step.open.is_none())
    }
}

/// The ways that are open to a principal; those that certainly are come first.
pub(super) fn of(principal: &Principal, catalog: &Catalog) -> Vec<WayCard> {
    let card = |way: &Way<'_>| WayCard {
        id: way.escalation.id.to_owned(),
        why: way.escalation.why.to_owned(),
        steps: way.means.iter().filter_map(|set| step(set, principal)).collect(),
        source: Cited::new(way.escalation.source, None),
    };
    let mut cards: Vec<WayCard> = ways(principal, catalog).iter().map(card).collect();
    cards.sort_by_key(|card| !card.is_certain());
    cards
}

fn step(set: &[Means<'_>], principal: &Principal) -> Option<StepCard> {
    let (first, others) = set.split_first()?;
    let granted =
        |step: &Step| Some((principal.policy(step)?.name.clone(), principal.place(step).map(|at| at.location())));
    let mut granted: Vec<_> = first.steps.iter().filter_map(granted).collect();
    granted.dedup();
    let (action, open) = (first.action.to_owned(), first.open.clone());
    Some(StepCard { action, others: others.len(), open, granted })
}
