//! A statement: its elements as the kind of document has them.

use super::action::check_action;
use super::condition::conditions;
use super::element::{Elements, Known, exclusive, is_empty_list, is_open, text, text_list};
use super::principal::principals;
use super::resource::resources;
use super::{Actions, Defect, Effect, Kind, Located, Statement};
use crate::nearest::nearest;
use crate::source::Span;
use crate::syntax::{Entry, Node};

const OF_1: &[Known] =
    &[Known::required("Effect"), Known::required("Action"), Known::optional("Resource"), Known::optional("Condition")];
const OF_5: &[Known] = &[
    Known::optional("Sid"),
    Known::required("Effect"),
    Known::optional("Action"),
    Known::optional("NotAction"),
    Known::optional("Resource"),
    Known::optional("NotResource"),
    Known::optional("Condition"),
];
const OF_TRUST: &[Known] = &[
    Known::optional("Sid"),
    Known::required("Effect"),
    Known::optional("Principal"),
    Known::optional("NotPrincipal"),
    Known::optional("Action"),
    Known::optional("NotAction"),
    Known::optional("Resource"),
    Known::optional("NotResource"),
    Known::optional("Condition"),
];

/// A statement; none where its effect or its actions cannot be told.
pub(super) fn statement(node: &Node, kind: Kind, defects: &mut Vec<Defect>) -> Option<Statement> {
    let known = match kind {
        Kind::Role | Kind::Policy => OF_1,
        Kind::Trust => OF_TRUST,
        Kind::Identity | Kind::ServiceControl => OF_5,
    };
    let elements = Elements::read(node, known, &format!("a statement of {}", kind.name()), defects);
    if let Some(sid) = elements.get("Sid") {
        text(sid, defects);
    }
    let effect = elements.get("Effect").and_then(|entry| effect(entry, defects));
    let principals = principals(&elements, node.span, kind, defects);
    let actions = actions(&elements, node, (kind, effect), defects);
    let resources = resources(&elements, kind, defects);
    if kind == Kind::ServiceControl && effect == Some(Effect::Allow) {
        defects.extend(elements.get("Condition").map(conditional_allow));
    }
    let conditions = elements.get("Condition").map(|entry| conditions(entry, kind, defects)).unwrap_or_default();
    Some(Statement { span: node.span, effect: effect?, principals, actions: actions?, resources, conditions })
}

/// The page on creating a service control policy has no condition beside Allow.
fn conditional_allow(entry: &Entry) -> Defect {
    let message = "a service control policy has no `Condition` beside \"Allow\"";
    let help = "remove it, or write a statement with \"Deny\" and the opposite condition";
    Defect::new(entry.key_span, message).with_help(help)
}

fn effect(entry: &Entry, defects: &mut Vec<Defect>) -> Option<Effect> {
    let node = &entry.value;
    match node.as_str() {
        Some("Allow") => Some(Effect::Allow),
        Some("Deny") => Some(Effect::Deny),
        _ if is_open(node) => None,
        other => {
            let meant = other.and_then(|text| nearest(text.trim(), ["Allow", "Deny"]));
            let shown = other.map_or_else(|| node.kind().to_owned(), |text| format!("\"{text}\""));
            let defect = Defect::new(node.span, format!("`Effect` is \"Allow\" or \"Deny\", and this is {shown}"));
            defects.push(match meant {
                Some(right) => defect.with_help(format!("write \"{right}\"")),
                None => defect,
            });
            meant.map(|right| if right == "Allow" { Effect::Allow } else { Effect::Deny })
        }
    }
}

fn actions(
    elements: &Elements<'_>,
    statement: &Node,
    (kind, effect): (Kind, Option<Effect>),
    defects: &mut Vec<Defect>,
) -> Option<Actions> {
    let (listed, excepted) = (elements.get("Action"), elements.get("NotAction"));
    if let (Some(_), Some(excepted)) = (listed, excepted) {
        defects.push(exclusive(excepted, "Action", "NotAction"));
    }
    let Some(entry) = listed.or(excepted) else {
        return without_actions(statement, (kind, effect), defects);
    };
    if is_open(&entry.value) {
        return Some(perhaps_all(entry.value.span));
    }
    if is_empty_list(entry) {
        let defect = Defect::new(entry.value.span, format!("`{}` names no action", entry.key));
        defects.push(if listed.is_some() {
            defect.with_help("name at least one action, or remove the statement")
        } else {
            defect.with_help("write \"Action\": [\"*\"] for all actions").possible()
        });
    }
    let patterns = text_list(entry, defects);
    for pattern in &patterns {
        defects.extend(check_action(&pattern.value, pattern.span, kind.version()));
    }
    Some(if listed.is_some() { Actions::Matching(patterns) } else { Actions::Except(patterns) })
}

/// A Deny of a service control policy may name no action. What it is about then is not documented.
fn without_actions(
    statement: &Node,
    (kind, effect): (Kind, Option<Effect>),
    defects: &mut Vec<Defect>,
) -> Option<Actions> {
    if kind == Kind::ServiceControl && effect == Some(Effect::Deny) {
        return Some(perhaps_all(statement.span));
    }
    if kind.version().is_identity() && statement.as_map().is_some() {
        let message = "the statement has neither `Action` nor `NotAction`";
        defects.push(Defect::new(statement.span, message).with_help("add \"Action\": [ … ]"));
    }
    None
}

fn perhaps_all(span: Span) -> Actions {
    Actions::Perhaps(vec![Located { value: String::from("*"), span }])
}
