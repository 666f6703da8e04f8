//! Entries that are one word where nothing more is to be said, and a map where it is.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::scalar::{Action, Checked, IdentityAction, Text, WhenCode, WrittenApi};

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
pub(super) trait WordOrMap: Sized {
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

/// Reads such an entry.
pub(super) fn word_or_map<'de, D: Deserializer<'de>, T: WordOrMap>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(WordOrMapVisitor(PhantomData))
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
                word_or_map(deserializer)
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
        word_or_map(deserializer)
    }
}

/// A type of resources that an action of grammar 5.0 is for.
#[derive(Debug, Clone)]
pub(in super::super) struct ResourceEntry {
    pub(in super::super) kind: Text,
    /// A policy that names resources must name one of this type.
    pub(in super::super) required: bool,
    pub(in super::super) urn: Option<Text>,
    pub(in super::super) conditions: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResourceMap {
    r#type: Text,
    #[serde(default)]
    required: bool,
    urn: Option<Text>,
    #[serde(default)]
    conditions: Vec<Text>,
}

impl WordOrMap for ResourceEntry {
    type Word = Text;
    type Map<'de> = ResourceMap;

    /// `image*` is a required type, as the documents write it.
    fn of_word(word: Text) -> Self {
        let required = word.0.ends_with('*');
        let kind = Text(word.0.trim_end_matches('*').to_owned());
        Self { kind, required, urn: None, conditions: Vec::new() }
    }

    fn of_map(map: ResourceMap) -> Self {
        Self { kind: map.r#type, required: map.required, urn: map.urn, conditions: map.conditions }
    }
}

impl<'de> Deserialize<'de> for ResourceEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        word_or_map(deserializer)
    }
}

/// The API of an operation, and what tells it apart from the others of the same API.
#[derive(Debug, Clone)]
pub(in super::super) struct OperationEntry {
    pub(in super::super) api: WrittenApi,
    /// Keys of the request body that no other operation of the API has.
    pub(in super::super) body: Vec<Text>,
    /// Keys of the query that no other operation of the API has.
    pub(in super::super) query: Vec<Text>,
    /// The conditions of the API's row that hold for this operation.
    pub(in super::super) when: Vec<WhenCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperationMap {
    api: WrittenApi,
    #[serde(default)]
    body: Vec<Text>,
    #[serde(default)]
    query: Vec<Text>,
    #[serde(default)]
    when: Vec<WhenCode>,
}

impl WordOrMap for OperationEntry {
    type Word = WrittenApi;
    type Map<'de> = OperationMap;

    fn of_word(api: WrittenApi) -> Self {
        Self { api, body: Vec::new(), query: Vec::new(), when: Vec::new() }
    }

    fn of_map(map: OperationMap) -> Self {
        Self { api: map.api, body: map.body, query: map.query, when: map.when }
    }
}

impl<'de> Deserialize<'de> for OperationEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        word_or_map(deserializer)
    }
}

/// An action that no API row names, and what its page says it depends on.
#[derive(Debug, Clone)]
pub(in super::super) struct FurtherAction {
    pub(in super::super) action: IdentityAction,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    pub(in super::super) depends: Vec<Action>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FurtherMap {
    action: IdentityAction,
    depends: Vec<Action>,
}

impl WordOrMap for FurtherAction {
    type Word = IdentityAction;
    type Map<'de> = FurtherMap;

    fn of_word(action: IdentityAction) -> Self {
        Self { action, depends: Vec::new() }
    }

    fn of_map(map: FurtherMap) -> Self {
        Self { action: map.action, depends: map.depends }
    }
}

impl<'de> Deserialize<'de> for FurtherAction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        word_or_map(deserializer)
    }
}
