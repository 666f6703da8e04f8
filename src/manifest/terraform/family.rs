//! The providers whose resource types are ours, or another edition's of the same platform.

use std::sync::Arc;

use crate::authz::Occurs;

/// A provider.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Family {
    /// Its name, with which its types begin.
    pub(super) name: &'static str,
    /// It is another edition's.
    is_other: bool,
}

const OWN: &str = "huaweicloud";

const FAMILIES: &[Family] = &[
    Family { name: OWN, is_other: false },
    Family { name: "opentelekomcloud", is_other: true },
    Family { name: "flexibleengine", is_other: true },
    Family { name: "g42cloud", is_other: true },
    Family { name: "hcso", is_other: true },
    Family { name: "hcs", is_other: true },
];

/// The provider that a type belongs to; none where it is another cloud's.
pub(super) fn family(type_name: &str) -> Option<&'static Family> {
    let (first, _) = type_name.split_once('_')?;
    FAMILIES.iter().find(|family| family.name == first)
}

/// The names of all providers.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|family| family.name)
}

impl Family {
    /// The names by which the table may know a type: as it is, or without the version of an API at its end.
    pub(super) fn names(&self, type_name: &str) -> Vec<String> {
        if !self.is_other {
            return vec![type_name.to_owned()];
        }
        let own = type_name.replacen(self.name, OWN, 1);
        let shorter = ["_v1", "_v2", "_v3", "_v4"].iter().find_map(|version| own.strip_suffix(version));
        let shorter = shorter.map(str::to_owned);
        std::iter::once(own).chain(shorter).collect()
    }

    /// Another edition's provider has code of its own, which may call something else.
    pub(super) fn occurs(&self) -> Occurs {
        if !self.is_other {
            return Occurs::Surely;
        }
        Occurs::Perhaps(Arc::from(format!("the provider `{}` is taken to call what `{OWN}` does", self.name)))
    }
}
