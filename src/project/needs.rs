//! What everything that a principal deploys needs, over all of its phases: each action once.

use std::collections::BTreeMap;

use super::resolve::Resolved;
use super::{Need, Unchecked};
use crate::authz::Requirement;
use crate::parallel;

/// Collecting so many calls is worth a thread for each principal.
const MANY: usize = 256;

/// What one principal needs.
#[derive(Debug, Default)]
pub struct Needs {
    /// The actions, dependencies and those that are only perhaps needed too, in the order of their names.
    pub requirements: Vec<Requirement>,
    /// How many operations it deploys.
    pub operations: usize,
    /// How many operations, resources and manifests it deploys of which the needs are not known.
    pub unchecked: usize,
}

/// Collects who makes which calls.
pub(super) struct Needed {
    principals: Vec<(Needs, Vec<bool>)>,
}

impl Needed {
    pub(super) fn new(principals: usize) -> Self {
        Self { principals: (0..principals).map(|_| Default::default()).collect() }
    }

    /// An operation that makes a call (by number), of which the needs are known or not; `by` says who deploys it.
    pub(super) fn note(&mut self, call: usize, is_known: bool, by: &[bool]) {
        for ((needs, calls), _) in self.principals.iter_mut().zip(by).filter(|(_, deploys)| **deploys) {
            needs.operations += 1;
            needs.unchecked += usize::from(!is_known);
            if calls.len() <= call {
                calls.resize(call + 1, false);
            }
            if let Some(is_made) = calls.get_mut(call) {
                *is_made = true;
            }
        }
    }

    /// Something that could not be read as operations.
    pub(super) fn note_unread(&mut self, by: &[bool]) {
        for ((needs, _), _) in self.principals.iter_mut().zip(by).filter(|(_, deploys)| **deploys) {
            needs.unchecked += 1;
        }
    }

    /// What each principal needs, from the calls with their numbers.
    pub(super) fn into_needs(self, calls: impl Iterator<Item = (usize, Result<Resolved, Unchecked>)>) -> Vec<Needs> {
        let calls: BTreeMap<usize, Resolved> =
            calls.filter_map(|(number, resolution)| Some((number, resolution.ok()?))).collect();
        let finish = |(needs, made): &(Needs, Vec<bool>)| {
            let made = made.iter().enumerate().filter(|(_, is_made)| **is_made);
            let calls = made.filter_map(|(number, _)| calls.get(&number));
            let mut actions: BTreeMap<(&str, &[String], Vec<&str>), &Requirement> = BTreeMap::new();
            for requirement in calls.flat_map(|call| &call.needs).flat_map(requirements) {
                let names_5 = requirement.names_5.iter().map(|name| name.name.as_str()).collect();
                let key = (requirement.action.as_str(), requirement.names_1.as_slice(), names_5);
                actions.entry(key).or_insert(requirement);
            }
            Needs { requirements: actions.into_values().cloned().collect(), ..*needs }
        };
        parallel::map(&self.principals, if calls.len() < MANY { usize::MAX } else { 0 }, finish)
    }
}

/// The actions of a need; those that a role stands for make up for it.
fn requirements(need: &Need) -> Vec<&Requirement> {
    match need {
        Need::Action(requirement) => vec![&**requirement],
        Need::Role(role) => role.any.iter().flat_map(|role| &role.stands_for).collect(),
    }
}
