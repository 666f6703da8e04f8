//! The calls that the resources of a plan or a state cause.

use std::collections::HashMap;
use std::rc::Rc;

use super::reading::{Action, Instance, Life, Reading};
use super::values::settled;
use crate::catalog::Phase;
use crate::manifest::terraform::Context;
use crate::manifest::terraform::resource::{Caused, CausedCall, KnownType, Planned, ProviderFacts, Resource};
use crate::manifest::terraform::walk::{Types, told_of};
use crate::manifest::{Cause, Extract};
use crate::source::Place;
use crate::syntax::Node;

/// What instances of one block cause that have the same.
struct Found<'r> {
    address: &'r str,
    /// How many more instances cause the same.
    more: usize,
    place: Place,
    caused: Caused,
}

/// Goes through the resources of one document.
pub(super) struct Calls<'r, 'n, 'c> {
    reading: &'r Reading<'n>,
    context: Context<'c>,
    types: &'r Types<'c>,
    providers: HashMap<&'n str, Rc<ProviderFacts>>,
    found: Vec<Found<'r>>,
    /// What was found of each block, by its modules and address.
    blocks: HashMap<(String, String), Vec<usize>>,
}

impl<'r, 'n, 'c> Calls<'r, 'n, 'c> {
    pub(super) fn new(reading: &'r Reading<'n>, types: &'r Types<'c>, context: Context<'c>) -> Self {
        let (providers, blocks) = (HashMap::new(), HashMap::new());
        Self { reading, context, types, providers, found: Vec::new(), blocks }
    }

    /// Takes one resource in; `place` is where its block stands, if that is known.
    pub(super) fn take(&mut self, instance: &'r Instance<'n>, place: Option<Place>) {
        let Some(caused) = self.caused(instance) else { return };
        let place = place.unwrap_or_else(|| Place::new(&self.reading.document.file, instance.span));
        let key = (instance.modules.join("."), instance.block());
        let same = self.blocks.entry(key).or_default();
        let other = same.iter().find(|index| self.found.get(**index).is_some_and(|found| found.caused == caused));
        if let Some(found) = other.and_then(|index| self.found.get_mut(*index)) {
            found.more += 1;
        } else {
            same.push(self.found.len());
            self.found.push(Found { address: &instance.address, more: 0, place, caused });
        }
    }

    pub(super) fn add_to(self, extract: &mut Extract) {
        for found in self.found {
            let resource = Some(told_of(found.address, found.more));
            found.caused.add_to(Cause { resource, place: found.place }, extract);
        }
    }

    fn caused(&mut self, instance: &Instance<'n>) -> Option<Caused> {
        let known = self.types.get(instance.kind, instance.type_name, self.context.catalog)?;
        let known = match &*known {
            Ok(known) => known,
            Err(unknown) => return Some(Caused::Unknown(unknown.clone())),
        };
        let block = self.reading.configuration.resource(instance);
        let provider = block.and_then(|block| block.get("provider_config_key")?.as_str());
        let provider = provider.map_or_else(Rc::default, |key| self.provider(key));
        let mut calls: Vec<CausedCall> = Vec::new();
        for life in &instance.lives {
            let body = settled(life.values, block.and_then(|block| block.get("expressions")));
            let resource = Resource {
                known,
                kind: instance.kind,
                body: &body,
                provider: &provider,
                default_region: self.context.default_region,
                occurs: instance.occurs.clone(),
                planned: Some(Planned { phases: phases(life, known), changed: life.changed.clone() }),
            };
            for call in resource.calls() {
                if !calls.contains(&call) {
                    calls.push(call);
                }
            }
        }
        (!calls.is_empty()).then_some(Caused::Calls(calls))
    }

    fn provider(&mut self, key: &'n str) -> Rc<ProviderFacts> {
        let reading = self.reading;
        let place = |node: &Node| Place::new(&reading.document.file, node.span);
        let facts = || Rc::new(reading.configuration.provider(key, place));
        Rc::clone(self.providers.entry(key).or_insert_with(facts))
    }
}

/// The moments in which the provider makes calls for a resource to which this happens.
fn phases(life: &Life<'_>, known: &KnownType<'_>) -> Vec<Phase> {
    let mut phases: Vec<Phase> = life.actions.iter().map(|action| action.phase()).collect();
    let ends_with_read = phases.iter().any(|phase| known.entry.read_after.contains(phase));
    if ends_with_read && !phases.contains(&Phase::Read) {
        phases.push(Phase::Read);
    }
    phases
}

impl Action {
    fn phase(self) -> Phase {
        match self {
            Self::Create => Phase::Create,
            Self::Read => Phase::Read,
            Self::Update => Phase::Update,
            Self::Delete => Phase::Delete,
            Self::Import => Phase::Import,
        }
    }
}
