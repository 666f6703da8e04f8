//! `Condition`: what can be read of it, and what is wrong with it.

mod check;

use std::collections::HashSet;

use super::element::{is_open, open, twice};
use super::{Condition, Defect, Kind, Located};
use crate::syntax::{Entry, Node};

/// What cannot be read of a condition still is one: it stays among the conditions, so that the statement is not taken
/// for an unconditional one.
pub(super) fn conditions(entry: &Entry, kind: Kind, defects: &mut Vec<Defect>) -> Vec<Condition> {
    let Some(operators) = entry.value.as_map() else {
        defects.extend(refused(&entry.value, "`Condition`"));
        return vec![unreadable(entry)];
    };
    let mut conditions = Vec::new();
    let mut seen = HashSet::new();
    for operator in operators {
        if !seen.insert(operator.key.as_str()) {
            defects.push(twice(operator));
        }
        let name = located(operator);
        defects.extend(check::operator(&name, kind));
        let Some(keys) = operator.value.as_map() else {
            defects.extend(refused(&operator.value, &format!("the operator `{}`", operator.key)));
            conditions.push(unreadable(operator));
            continue;
        };
        if keys.is_empty() {
            let message = format!("the operator `{}` has no key", operator.key);
            defects.push(Defect::new(operator.key_span, message).with_help("remove it").possible());
        }
        conditions.extend(of_operator(&name, keys, kind, defects));
    }
    conditions
}

fn of_operator(operator: &Located<String>, keys: &[Entry], kind: Kind, defects: &mut Vec<Defect>) -> Vec<Condition> {
    let mut seen = HashSet::new();
    let mut conditions = Vec::with_capacity(keys.len());
    for key in keys {
        if !seen.insert(key.key.as_str()) {
            defects.push(twice(key));
        }
        let values = values(key, kind, defects);
        let condition = Condition { operator: operator.clone(), key: located(key), values };
        check::condition(&condition, defects);
        conditions.push(condition);
    }
    conditions
}

fn located(entry: &Entry) -> Located<String> {
    Located { value: entry.key.clone(), span: entry.key_span }
}

fn unreadable(entry: &Entry) -> Condition {
    Condition { operator: located(entry), key: located(entry), values: Vec::new() }
}

fn refused(node: &Node, what: &str) -> Option<Defect> {
    let message = format!("{what} has to be an object, and this is {}", node.kind());
    let help = "write {\"operator\": {\"key\": [\"value\"]}}";
    (!is_open(node)).then(|| Defect::new(node.span, message).with_help(help))
}

/// The values of a key. The grammar of 5.0 has a single one without a list too; that of 1.1 speaks of lists only.
fn values(key: &Entry, kind: Kind, defects: &mut Vec<Defect>) -> Vec<Located<String>> {
    let node = &key.value;
    let Some(nodes) = node.as_list() else {
        let value = value(node, key, defects);
        if value.is_some() && !kind.version().is_identity() {
            let message = format!("the values of `{}` have to be a list", key.key);
            defects.push(Defect::new(node.span, message).with_help("put the value into [ ]").possible());
        }
        return value.into_iter().collect();
    };
    if nodes.is_empty() {
        let message = format!("`{}` has no value to be compared with", key.key);
        defects.push(Defect::new(node.span, message).with_help("write at least one, or remove the key"));
    }
    nodes.iter().filter_map(|node| value(node, key, defects)).collect()
}

/// A value as text: the grammar has texts only, other scalars are read all the same.
fn value(node: &Node, key: &Entry, defects: &mut Vec<Defect>) -> Option<Located<String>> {
    if is_open(node) {
        return Some(open(node.span));
    }
    let value = node.scalar();
    if node.as_str().is_none() {
        let message = format!("each value of `{}` has to be a text, and this is {}", key.key, node.kind());
        let defect = Defect::new(node.span, message);
        defects.push(match &value {
            Some(text) => defect.with_help(format!("write \"{text}\"")).possible(),
            None => defect.with_help("write each value as a text in one list"),
        });
    }
    Some(Located { value: value?, span: node.span })
}
