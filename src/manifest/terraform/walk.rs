//! Going through the modules of a root: what every resource in them causes.

mod agency;

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use super::Context;
use super::family::family;
use super::iam::{Record, identities, is_recorded};
use super::language::{Item, Origin};
use super::module::{
    Address, Analysis, Declared, Instance, Key, Reference, Repetition, Settled, Turn, Wanted, merged, source_of,
};
use super::resource::{Caused, KnownType, ProviderFacts, Resource, UnknownCaused, known_type};
use crate::authz::Occurs;
use crate::catalog::{Catalog, TerraformKind};
use crate::manifest::{AgencyUse, Cause, Extract, Operation, Problem, UnknownCause, UnknownKind};
use crate::source::Place;

/// What instances of one block cause that have the same.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    address: Address,
    /// How many more instances cause the same.
    more: usize,
    place: Place,
    caused: Caused,
}

/// What the table knows of a type of ours.
type TypeEntry<'a> = Arc<Result<KnownType<'a>, UnknownCaused>>;

/// What the table knows of each type that was met, for all roots.
#[derive(Default)]
pub(super) struct Types<'a>(Mutex<HashMap<(bool, String), Option<TypeEntry<'a>>>>);

impl<'a> Types<'a> {
    pub(super) fn get(&self, kind: TerraformKind, type_name: &str, catalog: &'a Catalog) -> Option<TypeEntry<'a>> {
        let key = (kind == TerraformKind::Data, type_name.to_owned());
        if let Some(known) = self.0.lock().ok()?.get(&key) {
            return known.clone();
        }
        let entry = known_type(kind, type_name, catalog).map(Arc::new);
        self.0.lock().ok()?.entry(key).or_insert(entry).clone()
    }
}

/// Goes through the modules of one root.
pub(super) struct Walk<'w, 'a, 'c> {
    pub(super) analysis: &'w Rc<Analysis<'a>>,
    pub(super) context: Context<'c>,
    types: &'w Types<'c>,
    problems: Vec<Problem>,
    /// The resources of IAM.
    records: Vec<Record>,
    /// The agencies that resources hand to services.
    agencies: Vec<AgencyUse>,
}

impl<'w, 'a, 'c> Walk<'w, 'a, 'c> {
    pub(super) fn new(analysis: &'w Rc<Analysis<'a>>, types: &'w Types<'c>, context: Context<'c>) -> Self {
        Self { analysis, context, types, problems: Vec::new(), records: Vec::new(), agencies: Vec::new() }
    }

    /// What the root module and those that it calls cause.
    pub(super) fn extract(mut self, root: &Rc<Instance<'a>>) -> Extract {
        let mut extract = Extract::default();
        for found in self.module(root) {
            found.add_to(&mut extract);
        }
        identities(&self.records, &|number| self.analysis.file(number), &mut extract);
        extract.problems = self.problems;
        extract.agencies = self.agencies;
        extract.read = self.analysis.read();
        extract
    }

    fn module(&mut self, instance: &Rc<Instance<'a>>) -> Vec<Found> {
        let mut providers = HashMap::new();
        let mut found = Vec::new();
        for declared in &instance.declared().blocks {
            match declared.block.kind.as_str() {
                "module" => found.extend(self.call(*declared, instance)),
                _ => found.extend(self.resource(*declared, instance, &mut providers)),
            }
        }
        found
    }

    /// What the instances of a module cause that is called.
    fn call(&mut self, call: Declared<'a>, instance: &Rc<Instance<'a>>) -> Vec<Found> {
        let Some(name) = call.block.labels.first() else { return Vec::new() };
        let Some(children) = instance.children(name) else { return Vec::new() };
        let repetition = &children.repetition;
        let block = format!("module.{name}");
        let place = self.place(call);
        let instances = match &children.instances {
            Err(_) if repetition.turns.is_empty() => return Vec::new(),
            Err(why) => return vec![unread(&block, why, call, place)],
            Ok(instances) => instances,
        };
        let (before, records) = (self.agencies.len(), self.records.len());
        let turns = repetition.turns.iter().zip(instances);
        let caused = turns.map(|(turn, instance)| (turn.key.clone(), self.module(instance))).collect();
        if let Some(why) = repetition.occurs().open() {
            self.agencies.iter_mut().skip(before).for_each(|handed| handed.open = Some(why.clone()));
            self.records.iter_mut().skip(records).for_each(|record| record.open = Some(why.clone()));
        }
        let mut found = Vec::new();
        for (key, more, caused) in merged(caused) {
            found.extend(caused.into_iter().map(|mut inner| {
                inner.address = inner.address.within(&block, &key);
                inner.more += more;
                inner.perhaps(repetition)
            }));
        }
        found.extend(cut(&block, repetition, place));
        found
    }

    /// What the instances of a resource or data source cause.
    fn resource(
        &mut self,
        declared: Declared<'a>,
        instance: &Rc<Instance<'a>>,
        providers: &mut HashMap<String, Rc<ProviderFacts>>,
    ) -> Vec<Found> {
        let block = declared.block;
        let kind = if block.kind == "data" { TerraformKind::Data } else { TerraformKind::Resource };
        let Some(type_name) = block.labels.first().filter(|name| family(name).is_some()) else { return Vec::new() };
        let place = self.place(declared);
        let [_, name] = block.labels.as_slice() else {
            self.problems.push(Problem {
                place,
                message: format!("a `{}` block has two labels, its type and its name", block.kind),
                help: None,
            });
            return Vec::new();
        };
        let address = format!("{}{type_name}.{name}", if kind == TerraformKind::Data { "data." } else { "" });
        let repetition = instance.repetition(declared);
        let known = self.types.get(kind, type_name, self.context.catalog);
        let own = family(type_name).into_iter().flat_map(|family| family.names(type_name));
        let recorded = own.into_iter().find_map(|name| is_recorded(&name));
        let wanted = match known.as_deref() {
            Some(Ok(known)) if recorded.is_none() => Wanted::Named(&known.asked_for),
            _ => Wanted::All,
        };
        let turns: Vec<(&Turn, Settled)> =
            repetition.turns.iter().map(|turn| (turn, instance.settled(declared, turn, wanted))).collect();
        if let Some(recorded) = recorded {
            let records = turns.iter().map(|(turn, body)| Record {
                address: format!("{}{address}{}", instance.prefix(), turn.key),
                kind: recorded,
                is_data: kind == TerraformKind::Data,
                body: body.clone(),
                place: place.clone(),
                name_at: self.name_at(body, declared),
                open: repetition.occurs().open(),
            });
            let records: Vec<_> = records.collect();
            self.records.extend(records);
        }
        let Some(known) = &known else { return Vec::new() };
        let known = match &**known {
            Ok(known) => known,
            Err(_) if repetition.turns.is_empty() => return Vec::new(),
            Err(unknown) => {
                let caused = Caused::Unknown(unknown.clone());
                return vec![Found { address: Address::of(&address, &Key::None), more: 0, place, caused }];
            }
        };
        let provider = self.provider(declared, type_name, instance, providers);
        let mut caused = Vec::new();
        for (turn, body) in &turns {
            let resource = Resource {
                known,
                kind,
                body,
                provider: &provider,
                default_region: self.context.default_region,
                occurs: repetition.occurs(),
                planned: None,
            };
            caused.push((turn.key.clone(), Caused::Calls(resource.calls())));
            let own = || format!("{}{address}{}", instance.prefix(), turn.key);
            self.hand_over(resource.agencies(), own, declared);
        }
        let caused = merged(caused);
        let found = caused.into_iter().map(|(key, more, caused)| Found {
            address: Address::of(&address, &key),
            more,
            place: place.clone(),
            caused,
        });
        found.chain(cut(&address, &repetition, place.clone())).collect()
    }

    /// What is known of the provider that a resource uses.
    fn provider(
        &self,
        declared: Declared<'a>,
        type_name: &str,
        instance: &Rc<Instance<'a>>,
        providers: &mut HashMap<String, Rc<ProviderFacts>>,
    ) -> Rc<ProviderFacts> {
        let named = declared.block.body.attribute("provider").and_then(|named| Reference::read(&named.value));
        let reference = named.unwrap_or_else(|| {
            let name = type_name.split('_').next().unwrap_or_default().to_owned();
            Reference { name, alias: None }
        });
        let name = format!("{}.{}", reference.name, reference.alias.as_deref().unwrap_or_default());
        let facts = || {
            let provider = instance.provider(&reference);
            Rc::new(ProviderFacts::of(&provider, |item| self.place_of(item)))
        };
        Rc::clone(providers.entry(name).or_insert_with(facts))
    }

    fn place_of(&self, item: &Item) -> Option<Place> {
        let file = self.analysis.file(item.origin.file)?;
        Some(Place::new(&file, item.origin.span))
    }

    fn place(&self, declared: Declared<'_>) -> Place {
        let origin = Origin { file: declared.file, span: declared.block.header };
        let file = self.analysis.file(origin.file).unwrap_or_else(|| Arc::new(crate::source::SourceFile::new("", "")));
        Place::new(&file, origin.span)
    }
}

/// A module that was not read.
fn unread(block: &str, why: &str, call: Declared<'_>, place: Place) -> Found {
    let is_local = source_of(call.block).is_some_and(|source| source.starts_with('.'));
    let help = "run `terraform init` before, or check the module's own repository too";
    let unknown = UnknownCaused {
        kind: UnknownKind::Module,
        name: block.to_owned(),
        message: why.to_owned(),
        help: (!is_local).then(|| help.to_owned()),
    };
    Found { address: Address::of(block, &Key::None), more: 0, place, caused: Caused::Unknown(unknown) }
}

/// The word on instances that were not looked at.
fn cut(block: &str, repetition: &Repetition, place: Place) -> Option<Found> {
    repetition.is_cut.then(|| {
        let unknown = UnknownCaused {
            kind: UnknownKind::Module,
            name: block.to_owned(),
            message: format!("only the first {} instances were checked", repetition.turns.len()),
            help: None,
        };
        Found { address: Address::of(block, &Key::None), more: 0, place, caused: Caused::Unknown(unknown) }
    })
}

/// A resource, and how many more instances cause the same.
pub(super) fn told_of(address: impl std::fmt::Display, more: usize) -> String {
    if more == 0 { address.to_string() } else { format!("{address} (and {more} more)") }
}

impl Found {
    /// Within a module of which it is not known whether there is any instance.
    fn perhaps(mut self, repetition: &Repetition) -> Self {
        if let (Caused::Calls(calls), Occurs::Perhaps(why)) = (&mut self.caused, repetition.occurs()) {
            for call in calls {
                call.open = Some(Arc::clone(&why));
            }
        }
        self
    }

    fn add_to(self, extract: &mut Extract) {
        let resource = Some(told_of(self.address, self.more));
        self.caused.add_to(Cause { resource, place: self.place }, extract);
    }
}

impl Caused {
    pub(super) fn add_to(self, cause: Cause, extract: &mut Extract) {
        match self {
            Self::Calls(calls) => {
                let cause = Arc::new(cause);
                extract.operations.extend(calls.into_iter().map(|caused| Operation {
                    cause: Arc::clone(&cause),
                    call: caused.call,
                    target: caused.target,
                    phase: Some(caused.phase),
                    open: caused.open,
                    principal: None,
                    agency: caused.agency,
                }));
            }
            Self::Unknown(unknown) => extract.unknown.push(UnknownCause {
                cause,
                kind: unknown.kind,
                name: unknown.name,
                message: unknown.message,
                help: unknown.help,
            }),
        }
    }
}
