//! Maps that keep their order and refuse a key that stands twice, at the place of the second.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::scalar::{Checked, IdentityAction, Text, WrittenApi};
use super::vocabulary;

/// A key of such a map.
pub(super) trait Key: Checked {
    /// What two keys share if they mean the same.
    fn identity(&self) -> String;

    /// Why the second of two such keys is refused.
    fn duplicate(&self, first: &str) -> String;

    /// What reading the key changes for the rest of the file.
    fn note(&self) {}
}

/// The entries of a YAML map in the order of the file.
#[derive(Debug, Clone)]
pub(in super::super) struct Entries<K, V>(pub(in super::super) Vec<(K, V)>);

impl<K, V> Default for Entries<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

struct KeySeed<'seen, K> {
    seen: &'seen mut HashMap<String, String>,
    kind: PhantomData<K>,
}

impl<'de, K: Key> DeserializeSeed<'de> for KeySeed<'_, K> {
    type Value = K;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<K, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<K: Key> Visitor<'_> for KeySeed<'_, K> {
    type Value = K;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(K::EXPECTING)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<K, E> {
        let key = K::check(text).map_err(E::custom)?;
        if let Some(first) = self.seen.insert(key.identity(), text.to_owned()) {
            return Err(E::custom(key.duplicate(&first)));
        }
        key.note();
        Ok(key)
    }
}

struct EntriesVisitor<K, V>(PhantomData<(K, V)>);

impl<'de, K: Key, V: Deserialize<'de>> Visitor<'de> for EntriesVisitor<K, V> {
    type Value = Entries<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a map whose keys are {}", K::EXPECTING)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut seen = HashMap::new();
        let mut entries = Vec::new();
        loop {
            let key = KeySeed { seen: &mut seen, kind: PhantomData };
            let Some(key) = map.next_key_seed(key)? else {
                return Ok(Entries(entries));
            };
            entries.push((key, map.next_value()?));
        }
    }
}

impl<'de, K: Key, V: Deserialize<'de>> Deserialize<'de> for Entries<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

impl Key for WrittenApi {
    fn identity(&self) -> String {
        self.key.identity()
    }

    fn duplicate(&self, first: &str) -> String {
        format!("`{}` is the same API as `{first}` above (placeholders count by position): merge the two", self.text)
    }
}

/// A name that must be alone in its map, and what reading it makes known.
macro_rules! name_key {
    ($name:ident, $what:literal, $expecting:literal, $note:expr) => {
        /// A key that names something new.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub(in super::super) struct $name(pub(in super::super) String);

        impl Checked for $name {
            const EXPECTING: &'static str = $expecting;

            fn check(text: &str) -> Result<Self, String> {
                Text::check(text).map(|text| Self(text.0))
            }
        }

        impl Key for $name {
            fn identity(&self) -> String {
                self.0.clone()
            }

            fn duplicate(&self, _first: &str) -> String {
                format!("the {} `{}` stands above already: merge the two", $what, self.0)
            }

            fn note(&self) {
                let note: fn(&str) = $note;
                note(&self.0);
            }
        }
    };
}

name_key!(NewSource, "source", "ids of sources", vocabulary::add_source);
name_key!(NewCode, "code", "codes", vocabulary::add_when);
name_key!(NewService, "service", "codes of services", vocabulary::add_agency_service);
name_key!(AttributeName, "attribute", "names of attributes", |_| ());
name_key!(TypeName, "type", "names of types", |_| ());
name_key!(VersionName, "version", "versions", |_| ());
name_key!(WayName, "way", "names of ways", |_| ());
name_key!(OperationName, "operation", "names of operations", |_| ());

/// An action that its file describes. Letter case does not tell actions apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct NewAction(pub(in super::super) String);

impl Checked for NewAction {
    const EXPECTING: &'static str = "actions `service:type:operation`";

    fn check(text: &str) -> Result<Self, String> {
        IdentityAction::check(text).map(|action| Self(action.0))
    }
}

impl Key for NewAction {
    fn identity(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    fn duplicate(&self, first: &str) -> String {
        format!("the action `{}` stands above already, as `{first}`: merge the two", self.0)
    }
}
