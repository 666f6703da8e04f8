//! Who holds grants, by what names them: a resource of the files, or a name.

use super::record::{Record, given_by};
use crate::authz::Scope;
use crate::manifest::terraform::language::Value;
use crate::manifest::{Defined, HeldGrant, HeldPrincipal, HolderKind, PolicyReference};
use crate::source::Place;

/// A grant of which only a run could tell what it grants, and for what.
pub(super) fn unknown(name: String, place: &Place) -> HeldGrant {
    HeldGrant { policy: PolicyReference::Open(name), scope: Scope::All, place: place.clone() }
}

/// The principals of a root module.
#[derive(Debug, Default)]
pub(super) struct Holders {
    all: Vec<(String, HeldPrincipal)>,
    /// What is granted to an agency of which no file says which it is.
    stray: Option<HeldGrant>,
}

impl Holders {
    /// Takes in a group, user or agency that the files define.
    pub(super) fn define(&mut self, record: &Record, kind: HolderKind) -> &mut HeldPrincipal {
        let (name, place) = (record.name().to_owned(), record.place.clone());
        let defined = Defined {
            address: record.address.clone(),
            name: record.own_name().map(str::to_owned),
            name_at: record.name_at.clone(),
            open: record.open.clone(),
        };
        let defined = (!record.is_data).then_some(defined);
        let principal = HeldPrincipal { name, place, kind, grants: Vec::new(), trust: None, defined };
        self.all.push((record.address.clone(), principal));
        let last = self.all.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "it was just pushed")]
        &mut self.all[last].1
    }

    /// The principal that a value names by what a run gives a resource of the files; one of which only the id or the
    /// reason is known stands for itself.
    pub(super) fn of(&mut self, value: &Value, kind: HolderKind, place: &Place) -> &mut HeldPrincipal {
        let key = match (given_by(value), value) {
            (Some(address), _) => address.to_owned(),
            (None, Value::Unknown(why)) => why.reason.to_string(),
            (None, other) => other.scalar().map(|text| text.to_string()).unwrap_or_default(),
        };
        let found = self.all.iter().position(|(address, _)| *address == key);
        if found.is_none() && matches!(kind, HolderKind::Agency(_)) && matches!(value, Value::Unknown(_)) {
            self.stray.get_or_insert_with(|| unknown(String::from("a policy that may be attached to it"), place));
        }
        let index = found.unwrap_or_else(|| {
            let (name, place) = (key.clone(), place.clone());
            let principal = HeldPrincipal { name, place, kind, grants: Vec::new(), trust: None, defined: None };
            self.all.push((key, principal));
            self.all.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "it was found or just pushed")]
        &mut self.all[index].1
    }

    /// The grants of a group, for its members.
    pub(super) fn grants_of(&self, group: &Value) -> Vec<HeldGrant> {
        let address = given_by(group);
        let found = self.all.iter().find(|(own, _)| Some(own.as_str()) == address);
        found.map(|(_, group)| group.grants.clone()).unwrap_or_default()
    }

    /// Those that hold something, and agencies; a name that stands twice is told by its address.
    pub(super) fn into_principals(mut self) -> Vec<HeldPrincipal> {
        let is_agency = |principal: &HeldPrincipal| matches!(principal.kind, HolderKind::Agency(_));
        for (_, agency) in self.all.iter_mut().filter(|(_, it)| it.defined.is_some() && is_agency(it)) {
            agency.grants.extend(self.stray.clone());
        }
        let names: Vec<String> = self.all.iter().map(|(_, principal)| principal.name.clone()).collect();
        let is_doubled = |name: &String| names.iter().filter(|other| *other == name).count() > 1;
        let all = self.all.into_iter().filter(|(_, principal)| !principal.grants.is_empty() || is_agency(principal));
        let told = all.map(|(address, principal)| {
            let name = if is_doubled(&principal.name) { address } else { principal.name };
            HeldPrincipal { name, ..principal }
        });
        told.collect()
    }
}
