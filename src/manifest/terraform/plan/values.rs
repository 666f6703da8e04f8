//! The values of a resource, as the conditions of the table look at them.

use std::rc::Rc;

use super::change::{is_zero, joined, value as entry};
use super::reading::Values;
use crate::manifest::terraform::language::{Item, Member, Origin, Unknown, Value};
use crate::manifest::terraform::module::{Settled, SettledAttribute};
use crate::syntax::{self, Entry, Node};

/// What the configuration says of an attribute.
#[derive(Clone, Copy)]
pub(super) enum Written<'n> {
    /// There is none to look into, or it does not tell.
    Open,
    /// Nothing: a value that it has all the same is the provider's own.
    Absent,
    /// The expression.
    As(&'n Node),
}

impl<'n> Written<'n> {
    /// Of an attribute of a resource, whose expressions these are.
    fn of(expressions: Option<&'n Node>, name: &str) -> Self {
        match expressions {
            None => Self::Open,
            Some(expressions) => expressions.get(name).map_or(Self::Absent, Self::As),
        }
    }

    /// Of an attribute in the nested blocks that are written so.
    fn within(self, name: &str) -> Self {
        match self {
            Self::As(node) => match node.as_list() {
                Some(blocks) => blocks.iter().find_map(|block| block.get(name)).map_or(Self::Absent, Self::As),
                None => Self::Open,
            },
            // Dynamic blocks are not among the expressions.
            Self::Open | Self::Absent => Self::Open,
        }
    }
}

/// A resource as if its block set every value that the plan or state gives; `expressions` is what its block sets.
pub(super) fn settled(values: Values<'_>, expressions: Option<&Node>) -> Settled {
    let mut settled = Settled::default();
    for (name, [known, unknown, sensitive]) in joined([values.known, values.unknown, values.sensitive]) {
        let of = Values { known: entry(known), unknown: entry(unknown), sensitive: entry(sensitive) };
        if let Some(value) = value(of, Written::of(expressions, name)) {
            let item = Item { value, origin: origin(of.known) };
            settled.attributes.push(SettledAttribute { name: Rc::from(name), item, may_be_blocks: true });
        }
    }
    settled
}

/// The first file is the document itself.
fn origin(node: Option<&Node>) -> Origin {
    node.map_or_else(Origin::default, |node| Origin { file: 1, span: node.span })
}

/// A value; none where it has none.
fn value<'n>(of: Values<'n>, written: Written<'_>) -> Option<Value> {
    let is_true = |node: Option<&Node>| node.is_some_and(|node| node.value == syntax::Value::Bool(true));
    if is_true(of.unknown) {
        let is_set = match written {
            Written::Absent => return None,
            Written::Open => false,
            Written::As(expression) => is_id(expression),
        };
        return Some(unknown("it is known only after the apply", is_set));
    }
    let known = of.known?;
    if is_true(of.sensitive) && !is_zero(Some(known)) {
        return Some(unknown("its value is sensitive", true));
    }
    let element = |node: Option<&'n Node>, at: usize| node.and_then(|node| node.as_list()?.get(at));
    Some(match &known.value {
        syntax::Value::Null => return None,
        syntax::Value::Bool(truth) => Value::Bool(*truth),
        syntax::Value::String(text) => Value::from(text.as_str()),
        syntax::Value::Number(text) => text.parse().map_or_else(|_| Value::from(text.as_str()), Value::Number),
        syntax::Value::Unknown(why) => unknown(&why.reason, why.is_set),
        syntax::Value::List(items) => {
            let items = items.iter().enumerate().map(|(at, item)| {
                let (unknown, sensitive) = (element(of.unknown, at), element(of.sensitive, at));
                let of = Values { known: Some(item), unknown, sensitive };
                Item { value: value(of, written).unwrap_or(Value::Null), origin: origin(Some(item)) }
            });
            items.collect()
        }
        syntax::Value::Map(_) => {
            let members = joined([of.known, of.unknown, of.sensitive]).into_iter();
            let member = |(name, [known, unknown, sensitive]): (&str, [Option<&'n Entry>; 3])| {
                let inner = Values { known: entry(known), unknown: entry(unknown), sensitive: entry(sensitive) };
                let value = value(inner, written.within(name))?;
                let key = known.map_or_else(Origin::default, |entry| Origin { file: 1, span: entry.key_span });
                Some((Rc::from(name), Member { key, item: Item { value, origin: origin(inner.known) } }))
            };
            members.filter_map(member).collect()
        }
    })
}

fn unknown(reason: &str, is_set: bool) -> Value {
    Value::Unknown(Unknown { is_set, ..Unknown::new(reason) })
}

/// An expression that is made of the id of one resource and nothing else.
fn is_id(expression: &Node) -> bool {
    let references = expression.get("references").and_then(Node::as_list).unwrap_or_default();
    let names: Option<Vec<&str>> = references.iter().map(Node::as_str).collect();
    let Some(names) = names else { return false };
    let Some(shortest) = names.iter().min_by_key(|name| name.len()) else { return false };
    let is_resource = !["var.", "local.", "each.", "count.", "module.", "path.", "terraform.", "self."]
        .iter()
        .any(|other| shortest.starts_with(other));
    is_resource
        && names.iter().all(|name| name.starts_with(shortest))
        && names.iter().any(|name| name.rsplit('.').next() == Some("id"))
}
