//! Values of Terraform's language, each with where it was written.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::source::Span;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    String(Text),
    /// A list, a tuple or a set; a set has each element once, sorted.
    List(Rc<[Item]>),
    /// A map or an object, in the order of its keys as Terraform goes through them.
    Map(Rc<BTreeMap<Rc<str>, Member>>),
    /// What only a run could tell.
    Unknown(Unknown),
}

/// A value with where it was written.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) value: Value,
    pub(crate) origin: Origin,
}

/// The value of a key, with where the key was written.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) key: Origin,
    pub(crate) item: Item,
}

/// A place in one of the files of an analysis; the default is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Origin {
    /// Number of the file, from 1; 0 is none.
    pub(crate) file: u32,
    pub(crate) span: Span,
}

/// A text, and how it came to be where that is more than a literal.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) text: Rc<str>,
    pub(crate) made: Option<Rc<Made>>,
}

/// How a value came to be, where that is more than a literal.
#[derive(Debug, Clone)]
pub(crate) enum Made {
    /// Of these parts, one after another.
    Of(Vec<Part>),
    /// By `jsonencode`.
    Json(Item),
    /// It is the text of a file, or of a part of one, as it stands there.
    As(Origin),
    /// A resource, of which only what its block sets is known.
    Resource {
        /// Its address from the root module on.
        address: Rc<str>,
        members: BTreeMap<Rc<str>, Member>,
    },
    /// What a run gives a resource, such as its id.
    Given {
        /// The resource's address from the root module on.
        address: Rc<str>,
        /// The resource's name, where its block sets it.
        name: Option<Rc<str>>,
    },
}

/// A part of a text.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The text; none where only a run could tell it.
    pub(crate) text: Result<Rc<str>, Unknown>,
    /// Where it was written: the literal, or the interpolation that stands for it.
    pub(crate) origin: Origin,
    /// It stands there letter for letter, but for escapes and indentation.
    pub(crate) is_literal: bool,
}

/// Why a value is not known, and what is known of it all the same.
#[derive(Debug, Clone)]
pub(crate) struct Unknown {
    /// What a person may be told, such as "`var.region` has no default".
    pub(crate) reason: Arc<str>,
    /// It is certainly neither null nor empty (an id of a resource, a template with a literal part).
    pub(crate) is_set: bool,
    /// No run can tell it: the expression has a mistake, which `try` and `can` catch.
    pub(crate) is_mistake: bool,
    /// How it came to be, where that tells something of it.
    pub(crate) made: Option<Rc<Made>>,
}

/// Two items are the same if their values are, wherever they were written.
impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialEq for Member {
    fn eq(&self, other: &Self) -> bool {
        self.item == other.item
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What is not known is the same as nothing; whoever compares has to ask first.
impl PartialEq for Unknown {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

impl From<Value> for Item {
    /// An item that was not written but computed.
    fn from(value: Value) -> Self {
        Self { value, origin: Origin::default() }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(Text { text: Rc::from(text), made: None })
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl FromIterator<Item> for Value {
    fn from_iter<I: IntoIterator<Item = Item>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}

impl FromIterator<(Rc<str>, Member)> for Value {
    fn from_iter<I: IntoIterator<Item = (Rc<str>, Member)>>(members: I) -> Self {
        Self::Map(Rc::new(members.into_iter().collect()))
    }
}

impl Value {
    /// What is not known, for a reason.
    pub(crate) fn unknown(reason: impl AsRef<str>) -> Self {
        Self::Unknown(Unknown::new(reason))
    }

    /// A mistake in the expression, which a run would stop at.
    pub(crate) fn mistake(reason: impl AsRef<str>) -> Self {
        Self::Unknown(Unknown { is_mistake: true, ..Unknown::new(reason) })
    }

    /// The text, where this is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(&text.text),
            _ => None,
        }
    }

    /// The elements, where this is a list.
    pub(crate) fn as_list(&self) -> Option<&[Item]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The members, where this is a map.
    pub(crate) fn as_map(&self) -> Option<&BTreeMap<Rc<str>, Member>> {
        match self {
            Self::Map(members) => Some(members),
            _ => None,
        }
    }

    /// The value of a key, where this is a map that has it.
    #[cfg(test)]
    pub(crate) fn get(&self, key: &str) -> Option<&Item> {
        self.as_map()?.get(key).map(|member| &member.item)
    }

    /// A scalar as the text that templates make of it.
    pub(crate) fn scalar(&self) -> Option<Rc<str>> {
        match self {
            Self::String(text) => Some(Rc::clone(&text.text)),
            Self::Number(number) => Some(Rc::from(number_text(*number))),
            Self::Bool(truth) => Some(Rc::from(truth.to_string())),
            _ => None,
        }
    }

    /// What kind of value this is, as messages name it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a truth value",
            Self::Number(_) => "a number",
            Self::String(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Unknown(_) => "a value that is not known",
        }
    }

    /// How many elements it has at all depths, itself included; no more than `most` are counted.
    pub(crate) fn elements(&self, most: usize) -> usize {
        let mut count = 0;
        let mut left = vec![self];
        while let Some(value) = left.pop().filter(|_| count < most) {
            count += 1;
            match value {
                Self::List(items) => left.extend(items.iter().take(most).map(|item| &item.value)),
                Self::Map(members) => left.extend(members.values().take(most).map(|member| &member.item.value)),
                _ => {}
            }
        }
        count
    }

    /// The first thing in it, at any depth, that is not known.
    pub(crate) fn first_unknown(&self) -> Option<&Unknown> {
        match self {
            Self::Unknown(unknown) => Some(unknown),
            Self::List(items) => items.iter().find_map(|item| item.value.first_unknown()),
            Self::Map(members) => members.values().find_map(|member| member.item.value.first_unknown()),
            _ => None,
        }
    }
}

impl Unknown {
    /// The name of the resource that a run gives it.
    pub(crate) fn name(&self) -> Option<&str> {
        match self.made.as_deref()? {
            Made::Given { name, .. } => name.as_deref(),
            _ => None,
        }
    }

    /// What is not known of a part of it.
    pub(crate) fn part(&self, is_set: bool) -> Self {
        let made = match self.made.as_deref() {
            Some(Made::Resource { address, members }) => {
                let name = members.get("name").and_then(|member| member.item.value.as_str()).map(Rc::from);
                Some(Rc::new(Made::Given { address: Rc::clone(address), name }))
            }
            Some(Made::Given { .. }) => self.made.clone(),
            _ => None,
        };
        Self { is_set, made, ..self.clone() }
    }

    /// What is not known of a result that it is needed for.
    pub(crate) fn result(&self) -> Self {
        Self { is_set: false, made: None, ..self.clone() }
    }

    /// What is not known, for a reason.
    pub(crate) fn new(reason: impl AsRef<str>) -> Self {
        Self { reason: Arc::from(reason.as_ref()), is_set: false, is_mistake: false, made: None }
    }
}

/// A number as Terraform writes it: without an exponent, and without a fraction where it has none.
pub(crate) fn number_text(number: f64) -> String {
    number.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_without_an_exponent() {
        for (number, text) in [(0.0, "0"), (5.0, "5"), (0.5, "0.5"), (-1e21, "-1000000000000000000000")] {
            assert_eq!(number_text(number), text);
        }
    }

    #[test]
    fn what_is_not_known_is_found_at_any_depth() {
        let unknown = Item::from(Value::unknown("why"));
        let list: Value = [Item::from(Value::Null), unknown].into_iter().collect();
        let map: Value =
            [(Rc::from("a"), Member { key: Origin::default(), item: Item::from(list) })].into_iter().collect();
        assert_eq!(map.first_unknown().map(|unknown| &*unknown.reason), Some("why"));
        assert!(Value::from("a").first_unknown().is_none());
    }
}
