//! Entries that are one word where nothing more is to be said, and a map where it is.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::scalar::{Action, Checked, IdentityAction, WhenCode};

/// An action that a row needs.
#[derive(Debug, Clone)]
pub(in super::super) struct Need<A> {
    pub(in super::super) action: A,
    pub(in super::super) when: Option<WhenCode>,
}

/// An action without which the API works only in part.
#[derive(Debug, Clone)]
pub(in super::super) struct Depends {
    pub(in super::super) action: Action,
    /// The one action of the row that the dependency belongs to.
    pub(in super::super) on: Option<Action>,
    pub(in super::super) when: Option<WhenCode>,
}

/// What is written as an action alone, or as a map of type `M`.
trait WordOrMap: Sized {
    type Word: Checked;
    type Map<'de>: Deserialize<'de>;

    fn of_word(word: Self::Word) -> Self;
    fn of_map(map: Self::Map<'_>) -> Self;
}

struct WordOrMapVisitor<T>(PhantomData<T>);

impl<'de, T: WordOrMap> Visitor<'de> for WordOrMapVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} or a map `{{ action: … }}`", T::Word::EXPECTING)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::Word::check(text).map(T::of_word).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::Map::deserialize(MapAccessDeserializer::new(map)).map(T::of_map)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NeedMap<A> {
    action: A,
    when: Option<WhenCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DependsMap {
    action: Action,
    r#for: Option<Action>,
    when: Option<WhenCode>,
}

macro_rules! need_of {
    ($action:ty) => {
        impl WordOrMap for Need<$action> {
            type Word = $action;
            type Map<'de> = NeedMap<$action>;

            fn of_word(action: $action) -> Self {
                Self { action, when: None }
            }

            fn of_map(NeedMap { action, when }: NeedMap<$action>) -> Self {
                Self { action, when }
            }
        }

        impl<'de> Deserialize<'de> for Need<$action> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(WordOrMapVisitor(PhantomData))
            }
        }
    };
}

need_of!(Action);
need_of!(IdentityAction);

impl WordOrMap for Depends {
    type Word = Action;
    type Map<'de> = DependsMap;

    fn of_word(action: Action) -> Self {
        Self { action, on: None, when: None }
    }

    fn of_map(map: DependsMap) -> Self {
        Self { action: map.action, on: map.r#for, when: map.when }
    }
}

impl<'de> Deserialize<'de> for Depends {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordOrMapVisitor(PhantomData))
    }
}
