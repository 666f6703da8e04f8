//! The agencies that a resource hands to cloud services.

use std::sync::Arc;

use super::condition::Facts;
use super::{Resource, known_text};
use crate::authz::{Known, Occurs, Target, Truth};
use crate::catalog::{AgencyNeed, Gate, Phase};
use crate::manifest::NeededOfAgency;
use crate::manifest::terraform::language::{Item, Value};
use crate::manifest::terraform::module::Settled;

/// An agency that a resource hands over.
pub(crate) struct Handed {
    /// The type, as the table knows it.
    pub(crate) type_name: String,
    pub(crate) attribute: String,
    /// What the attribute says.
    pub(crate) named: Item,
    pub(crate) open: Option<Arc<str>>,
    pub(crate) needs: Vec<NeededOfAgency>,
}

impl Resource<'_> {
    /// The agencies that it hands over.
    pub(crate) fn agencies(&self) -> Vec<Handed> {
        let (entry, uses) = (&self.known.entry, &self.known.agencies);
        if uses.is_empty() {
            return Vec::new();
        }
        let region = self.region();
        let facts = Facts { body: self.body, defaults: &entry.defaults, region: &region, changed: None };
        let mut handed = Vec::new();
        for one in uses {
            let Some(occurs) = holds(&facts, &one.when) else { continue };
            for (named, within) in named_at(self.body, one.attribute) {
                let all = self.occurs.clone().and(self.known.occurs.clone()).and(occurs.clone()).and(within);
                let needs = one.needs.iter().enumerate();
                handed.push(Handed {
                    type_name: one.type_name.to_owned(),
                    attribute: one.attribute.to_owned(),
                    named: named.clone(),
                    open: all.open(),
                    needs: needs.filter_map(|(index, need)| self.needed(index, need, &facts)).collect(),
                });
            }
        }
        handed
    }

    fn needed(&self, index: usize, need: &AgencyNeed<'_>, facts: &Facts<'_>) -> Option<NeededOfAgency> {
        let occurs = holds(facts, &need.when)?;
        let elsewhere = need.region.and_then(|attribute| known_text(self.attribute(attribute)));
        let region = elsewhere.unwrap_or_else(|| facts.region.clone());
        let enterprise_project = Known::Unknown(String::from("no file says in which enterprise project it acts"));
        let target = Target::at(region.clone(), region, enterprise_project);
        Some(NeededOfAgency { need: index, target, open: occurs.open() })
    }
}

/// Whether a condition of the table holds for what a block makes; none where it certainly does not.
fn holds(facts: &Facts<'_>, gate: &Gate) -> Option<Occurs> {
    let holds = facts.holds(gate, Phase::Create);
    match holds.truth {
        Truth::No => None,
        Truth::Yes => Some(Occurs::Surely),
        Truth::Unknown => {
            let why = holds.why.map_or_else(|| format!("it depends on: {gate}"), |why| why.to_string());
            Some(Occurs::Perhaps(Arc::from(why)))
        }
    }
}

/// The values of an attribute, nested in blocks as its path says, each with why its block may not be there.
fn named_at<'s>(body: &'s Settled, path: &'s str) -> Vec<(&'s Item, Occurs)> {
    let Some((block, rest)) = path.split_once('.') else {
        return body.item(path).map(|item| (item, Occurs::Surely)).into_iter().collect();
    };
    let mut found: Vec<_> = body.attribute(block).into_iter().flat_map(|value| inside(value, rest)).collect();
    for nested in body.blocks_of(block) {
        let open = nested.open.as_ref().map_or(Occurs::Surely, |why| Occurs::Perhaps(Arc::clone(why)));
        let of_block = named_at(&nested.body, rest).into_iter();
        found.extend(of_block.map(|(value, occurs)| (value, open.clone().and(occurs))));
    }
    found
}

/// The same in a value that stands for nested blocks.
fn inside<'s>(value: &'s Value, path: &str) -> Vec<(&'s Item, Occurs)> {
    match value {
        Value::List(items) => items.iter().flat_map(|item| inside(&item.value, path)).collect(),
        Value::Map(members) => match path.split_once('.') {
            Some((name, rest)) => {
                members.get(name).into_iter().flat_map(|member| inside(&member.item.value, rest)).collect()
            }
            None => members.get(path).map(|member| (&member.item, Occurs::Surely)).into_iter().collect(),
        },
        _ => Vec::new(),
    }
}
