//! Which attributes an update changes.

use std::collections::BTreeMap;

use super::reading::Values;
use crate::authz::Truth;
use crate::manifest::terraform::resource::Change;
use crate::syntax::{Entry, Node, Value};

/// The attributes and nested blocks of the outermost level that differ, or may.
pub(super) fn changed(before: Values<'_>, after: Values<'_>) -> Vec<Change> {
    let change = |(name, [before, after, unknown]): (&str, [Option<&Entry>; 3])| {
        let differs = differs(value(before), value(after), value(unknown));
        (differs != Truth::No).then(|| Change { name: name.to_owned(), is_certain: differs == Truth::Yes })
    };
    joined([before.known, after.known, after.unknown]).into_iter().filter_map(change).collect()
}

/// The entries of several mappings by their key.
pub(super) fn joined<const N: usize>(nodes: [Option<&Node>; N]) -> BTreeMap<&str, [Option<&Entry>; N]> {
    let mut joined = BTreeMap::new();
    for (index, node) in nodes.into_iter().enumerate() {
        for entry in node.and_then(Node::as_map).unwrap_or_default() {
            let entries = joined.entry(entry.key.as_str()).or_insert([None; N]);
            if let Some(place) = entries.get_mut(index) {
                *place = Some(entry);
            }
        }
    }
    joined
}

pub(super) fn value(entry: Option<&Entry>) -> Option<&Node> {
    entry.map(|entry| &entry.value)
}

fn differs(before: Option<&Node>, after: Option<&Node>, unknown: Option<&Node>) -> Truth {
    if unknown.is_some_and(|unknown| unknown.value == Value::Bool(true)) {
        return Truth::Unknown;
    }
    match (before.map(|node| &node.value), after.map(|node| &node.value)) {
        (Some(Value::Map(_)), Some(Value::Map(_))) => {
            let members = joined([before, after, unknown]).into_values();
            let each = members.map(|[before, after, unknown]| differs(value(before), value(after), value(unknown)));
            each.fold(Truth::No, Truth::or)
        }
        (Some(Value::List(before)), Some(Value::List(after))) if before.len() == after.len() => {
            let unknown = unknown.and_then(Node::as_list).unwrap_or_default();
            let pairs = before.iter().zip(after).enumerate();
            let each = pairs.map(|(at, (before, after))| differs(Some(before), Some(after), unknown.get(at)));
            each.fold(Truth::No, Truth::or)
        }
        _ => Truth::of(scalar(before) != scalar(after) || is_filled(before) || is_filled(after))
            .and(Truth::of(!(is_zero(before) && is_zero(after)))),
    }
}

/// A list or mapping that is not empty.
fn is_filled(node: Option<&Node>) -> bool {
    node.is_some_and(|node| matches!(node.value, Value::List(_) | Value::Map(_))) && !is_zero(node)
}

/// A scalar with its kind; none for lists and mappings.
fn scalar(node: Option<&Node>) -> Option<(&'static str, String)> {
    let node = node?;
    Some((node.kind(), node.scalar()?))
}

/// The provider's own view of values knows no null: an attribute that is not set has the zero value of its type.
pub(super) fn is_zero(node: Option<&Node>) -> bool {
    node.is_none_or(|node| match &node.value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.parse() == Ok(0.0),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Bool(true) | Value::Unknown(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::json;

    fn differ(before: &str, after: &str, unknown: &str) -> Truth {
        let [before, after, unknown] = [before, after, unknown].map(|text| json::parse(text).unwrap().node);
        differs(Some(&before), Some(&after), Some(&unknown))
    }

    #[test]
    fn what_differs_for_certain_and_what_may() {
        for (before, after, unknown, expected) in [
            ("1", "1", "false", Truth::No),
            ("1", "\"1\"", "false", Truth::Yes),
            ("null", "\"\"", "false", Truth::No),
            ("null", "[]", "[]", Truth::No),
            ("[1, 2]", "[1, 3]", "[false, false]", Truth::Yes),
            ("[1, 2]", "[1]", "[false]", Truth::Yes),
            ("[1]", "[{\"a\": 1}]", "[]", Truth::Yes),
            (r#"[{"a": 1, "mac": "x"}]"#, r#"[{"a": 1}]"#, r#"[{"mac": true}]"#, Truth::Unknown),
            (r#"[{"a": 1, "mac": "x"}]"#, r#"[{"a": 2}]"#, r#"[{"mac": true}]"#, Truth::Yes),
            (r#"{"b": 1, "a": [2]}"#, r#"{"a": [2], "b": 1}"#, "{}", Truth::No),
            ("\"x\"", "null", "true", Truth::Unknown),
        ] {
            assert_eq!(differ(before, after, unknown), expected, "{before} {after} {unknown}");
        }
    }
}
