//! One resource or data source: where it acts and which calls it causes.

mod agency;
mod asked;
mod condition;
mod holds;
mod request;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::family::{Family, family};
use super::language::{Item, Value};
use super::module::{Provider, Settled};
use crate::authz::{Context, Known, Occurs, Target, Truth};
use crate::catalog::{AgencyUse, Call as TableCall, Catalog, Gate, Phase, TerraformKind, TerraformType};
use crate::manifest::{Call, UnknownKind};
use crate::nearest::nearest;
use crate::source::Place;
pub(super) use agency::Handed;
use asked::asked_for;
use condition::Facts;

/// What a resource causes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Caused {
    /// Calls.
    Calls(Vec<CausedCall>),
    /// What the table does not know.
    Unknown(UnknownCaused),
}

/// One call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CausedCall {
    pub(super) call: Arc<Call>,
    pub(super) target: Arc<Target>,
    pub(super) phase: Phase,
    /// Why it may not be made; none where it certainly is.
    pub(super) open: Option<Arc<str>>,
    /// The agency that makes it, where the provider acts as one.
    pub(super) agency: Option<(String, Place)>,
}

/// Something that the table does not know.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UnknownCaused {
    pub(super) kind: UnknownKind,
    pub(super) name: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// A type with what the table knows of it.
pub(super) struct KnownType<'c> {
    /// Its entry, without the calls.
    pub(super) entry: TerraformType<'c>,
    /// Whether what the table says of the type holds for it.
    occurs: Occurs,
    /// The agencies that it hands to services.
    agencies: Vec<AgencyUse<'c>>,
    /// What the operations share that make its calls, in their order.
    calls: Vec<Made<'c>>,
    /// The names of the attributes that what it causes may depend on, nested ones by their own name; sorted.
    pub(super) asked_for: Vec<String>,
}

/// One of its calls, with what all operations share that make it.
struct Made<'c> {
    call: Arc<Call>,
    /// The phases in which it is called, and when in each.
    phases: Vec<(Phase, Gate)>,
    /// The attribute that names its region.
    region: Option<&'c str>,
    /// Whether it comes about, whatever a block says.
    occurs: Occurs,
    /// The same of an update, while nobody knows what will change.
    later: Occurs,
}

impl<'c> Made<'c> {
    fn of(call: TableCall<'c>, family: &Family) -> Self {
        let perhaps = call.perhaps.map_or(Occurs::Surely, |why| Occurs::Perhaps(Arc::from(why)));
        let later = match call.phases.iter().find(|(phase, _)| *phase == Phase::Update) {
            None => Occurs::Never,
            Some((_, Gate::Always)) => Occurs::Perhaps(Arc::from("only a later change of the resource calls it")),
            Some((_, gate)) => Occurs::Perhaps(Arc::from(format!("only a later change calls it: {gate}"))),
        };
        let api = Call::Api { service: Some(call.service.to_owned()), key: call.api, cases: Vec::new() };
        let occurs = perhaps.and(family.occurs());
        Self { call: Arc::new(api), phases: call.phases, region: call.region, occurs, later }
    }
}

/// What the table knows of a type; none where it is another cloud's.
pub(super) fn known_type<'c>(
    kind: TerraformKind,
    type_name: &str,
    catalog: &'c Catalog,
) -> Option<Result<KnownType<'c>, UnknownCaused>> {
    let family = family(type_name)?;
    let known = family.names(type_name).into_iter().find_map(|name| catalog.terraform(kind, &name));
    Some(match known {
        None => Err(unknown_type(kind, type_name, catalog)),
        Some(entry) if entry.calls.is_empty() => Err(UnknownCaused {
            kind: UnknownKind::Type,
            name: type_name.to_owned(),
            message: format!("the table does not know what is called for `{type_name}`"),
            help: None,
        }),
        Some(mut entry) => {
            let calls = std::mem::take(&mut entry.calls).into_iter().map(|call| Made::of(call, family));
            let calls: Vec<Made<'_>> = calls.collect();
            let agencies = match kind {
                TerraformKind::Resource => catalog.agency_uses(entry.alias_of.unwrap_or(entry.name)),
                TerraformKind::Data => Vec::new(),
            };
            let asked_for = asked_for(&calls, &agencies);
            Ok(KnownType { entry, occurs: family.occurs(), agencies, calls, asked_for })
        }
    })
}

fn unknown_type(kind: TerraformKind, type_name: &str, catalog: &Catalog) -> UnknownCaused {
    let (own, other, other_kind) = match kind {
        TerraformKind::Resource => ("resource type", "a data source", TerraformKind::Data),
        TerraformKind::Data => ("data source", "a resource type", TerraformKind::Resource),
    };
    let help = if catalog.terraform(other_kind, type_name).is_some() {
        Some(format!("the table knows it as {other}"))
    } else {
        let near = nearest(type_name, catalog.terraform_types_of(kind));
        // Type names share long prefixes: what is one or two letters off is a slip, anything else another type.
        near.filter(|near| strsim::levenshtein(near, type_name) <= 2).map(|near| format!("did you mean `{near}`?"))
    };
    UnknownCaused {
        kind: UnknownKind::Type,
        name: type_name.to_owned(),
        message: format!("the table does not know the {own} `{type_name}`"),
        help,
    }
}

/// What the configuration of a provider says of the requests that it makes.
#[derive(Debug, Clone, Default)]
pub(super) struct ProviderFacts {
    /// A block configures it; else a caller or the environment does.
    pub(super) is_configured: bool,
    pub(super) region: Option<Item>,
    pub(super) project_name: Option<Item>,
    pub(super) project_id: Option<Item>,
    pub(super) enterprise_project: Option<Item>,
    /// It gives every resource tags of its own.
    pub(super) adds_tags: bool,
    /// The agency that it acts as.
    pub(super) agency: Option<(String, Place)>,
}

impl ProviderFacts {
    pub(super) fn of(provider: &Provider<'_>, place: impl Fn(&Item) -> Option<Place>) -> Self {
        let agency = provider.nested("assume_role", "agency_name");
        let adds_tags = provider.block().is_some_and(|own| {
            let body = &own.block.body;
            body.attribute("default_tags").is_some() || body.blocks_of("default_tags").next().is_some()
        });
        Self {
            is_configured: provider.block().is_some(),
            region: provider.attribute("region"),
            project_name: provider.attribute("project_name"),
            project_id: provider.attribute("project_id"),
            enterprise_project: provider.attribute("enterprise_project_id"),
            adds_tags,
            agency: agency.and_then(|item| Some((item.value.as_str()?.to_owned(), place(&item)?))),
        }
    }
}

/// One instance with all that its calls may depend on.
pub(super) struct Resource<'a> {
    pub(super) known: &'a KnownType<'a>,
    pub(super) kind: TerraformKind,
    pub(super) body: &'a Settled,
    pub(super) provider: &'a ProviderFacts,
    /// The region of operations that name none.
    pub(super) default_region: Option<&'a str>,
    /// Whether it comes about.
    pub(super) occurs: Occurs,
    /// What a plan says happens to it; none without a plan.
    pub(super) planned: Option<Planned>,
}

/// What a plan says happens to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Planned {
    pub(super) phases: Vec<Phase>,
    /// The attributes that an update changes, or may.
    pub(super) changed: Vec<Change>,
}

/// An attribute or nested block that an update changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) name: String,
    /// Else only the apply can tell.
    pub(super) is_certain: bool,
}

impl Resource<'_> {
    /// The calls that it causes.
    pub(super) fn calls(&self) -> Vec<CausedCall> {
        let target = Arc::new(self.target());
        let changed = self.planned.as_ref().map(|planned| planned.changed.as_slice());
        let entry = &self.known.entry;
        let facts = Facts { body: self.body, defaults: &entry.defaults, region: &target.region, changed };
        let is_kept = self.planned.is_none() && self.is_never_destroyed();
        let mut of_phase = BTreeMap::new();
        let mut calls = Vec::new();
        for made in &self.known.calls {
            let elsewhere = self.elsewhere(made, &target);
            for (phase, gate) in &made.phases {
                let is_import = *phase == Phase::Import && self.planned.is_none();
                let is_left_out = is_import || (*phase == Phase::Delete && is_kept);
                if is_left_out || self.planned.as_ref().is_some_and(|planned| !planned.phases.contains(phase)) {
                    continue;
                }
                let Some(open) = self.open(made, &facts, gate, *phase) else { continue };
                let in_phase = of_phase.entry(*phase).or_insert_with(|| with_facts(&target, self.facts(*phase)));
                let target = match &elsewhere {
                    Some(elsewhere) => with_facts(elsewhere, in_phase.facts.clone()),
                    None => Arc::clone(in_phase),
                };
                calls.push(CausedCall {
                    call: Arc::clone(&made.call),
                    target,
                    phase: *phase,
                    open,
                    agency: self.provider.agency.clone(),
                });
            }
        }
        calls
    }

    /// Why a call may not be made; the outer none where it certainly is not.
    #[expect(clippy::option_option, reason = "never, surely, perhaps")]
    fn open(&self, made: &Made<'_>, facts: &Facts<'_>, gate: &Gate, phase: Phase) -> Option<Option<Arc<str>>> {
        let later = (phase == Phase::Update && self.planned.is_none()).then_some(&made.later);
        let occurs = self.occurs.clone().and(occurs(facts, gate, phase, later)).and(made.occurs.clone());
        (occurs != Occurs::Never).then(|| occurs.open())
    }

    /// The target of a call whose region an attribute of the block names.
    fn elsewhere(&self, made: &Made<'_>, target: &Target) -> Option<Arc<Target>> {
        let region = known_text(self.attribute(made.region?))?;
        (region != target.region).then(|| Arc::new(Target { project: region.clone(), region, ..target.clone() }))
    }

    fn attribute(&self, name: &str) -> Option<&Value> {
        self.body.attribute(name)
    }

    fn is_never_destroyed(&self) -> bool {
        let mut lifecycles = self.body.blocks_of("lifecycle");
        lifecycles.any(|lifecycle| lifecycle.body.attribute("prevent_destroy") == Some(&Value::Bool(true)))
    }

    fn target(&self) -> Target {
        let region = self.region();
        let project = self.project(&region);
        Target { resources: self.resources(), ..Target::at(region, project, self.enterprise_project()) }
    }

    fn region(&self) -> Known<String> {
        let own = self.attribute("region").filter(|_| self.known.entry.has_region);
        let named = known_text(own).or_else(|| known_item(self.provider.region.as_ref()));
        named.unwrap_or_else(|| {
            let why = "no file of the folder names the region";
            self.default_region.map_or_else(|| Known::Unknown(why.to_owned()), |region| Known::Is(region.to_owned()))
        })
    }

    /// The default project of a region has the region's name.
    fn project(&self, region: &Known<String>) -> Known<String> {
        if let Some(project) = known_item(self.provider.project_name.as_ref()) {
            return project;
        }
        if self.provider.project_id.is_some() {
            return Known::Unknown(String::from("the provider names its IAM project by an id"));
        }
        region.clone()
    }

    fn enterprise_project(&self) -> Known<String> {
        if !self.known.entry.has_enterprise_project {
            let why = format!("`{}` does not say in which enterprise project it lies", self.known.entry.name);
            return Known::Unknown(why);
        }
        let own = by_name(self.attribute("enterprise_project_id"));
        let of_provider = || by_name(self.provider.enterprise_project.as_ref().map(|item| &item.value));
        own.or_else(of_provider).unwrap_or_else(|| match self.kind {
            TerraformKind::Resource if self.provider.is_configured => Known::Is(String::from("0")),
            TerraformKind::Resource => Known::Unknown(String::from(
                "neither the resource nor a provider in its folder names the enterprise project",
            )),
            TerraformKind::Data => Known::Unknown(String::from("the data source names no enterprise project")),
        })
    }
}

/// A target of which nothing is known beside where it lies, with what is known of a request.
fn with_facts(target: &Arc<Target>, facts: Context) -> Arc<Target> {
    if target.facts == facts { Arc::clone(target) } else { Arc::new(Target { facts, ..Target::clone(target) }) }
}

fn known_item(item: Option<&Item>) -> Option<Known<String>> {
    known_text(item.map(|item| &item.value))
}

/// As [`known_text`]; the id of a resource of the files is told by the resource's name.
fn by_name(value: Option<&Value>) -> Option<Known<String>> {
    match value {
        Some(Value::Unknown(why)) if why.name().is_some() => why.name().map(|name| Known::Is(name.to_owned())),
        value => known_text(value),
    }
}

/// `None` where the attribute is absent or empty.
fn known_text(value: Option<&Value>) -> Option<Known<String>> {
    match value? {
        Value::Unknown(why) => Some(Known::Unknown(why.reason.to_string())),
        value => value.scalar().filter(|text| !text.is_empty()).map(|text| Known::Is(text.to_string())),
    }
}

/// Whether a call is made in a phase; of an update that no plan tells, `later`.
fn occurs(facts: &Facts<'_>, gate: &Gate, phase: Phase, later: Option<&Occurs>) -> Occurs {
    let holds = facts.holds(gate, phase);
    match (holds.truth, later) {
        (Truth::No, _) => Occurs::Never,
        (_, Some(later)) => later.clone(),
        (Truth::Yes, None) => Occurs::Surely,
        (Truth::Unknown, None) => {
            let why = holds.why.map_or_else(|| format!("it depends on: {gate}"), |why| why.to_string());
            Occurs::Perhaps(Arc::from(why))
        }
    }
}
