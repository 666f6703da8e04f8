//! A statement: its elements as the kind of document has them.

use super::action::check_action;
use super::condition::conditions;
use super::element::{Elements, Known, exclusive, is_empty_list, is_open, is_unknown, text, text_list};
use super::principal::principals;
use super::resource::resources;
use super::{Actions, Defect, Effect, Kind, Located, Principals, Resources, Statement};
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

/// A statement; none where its effect or its actions cannot be told. One of which only a run could tell the effect, or
/// some of the actions, stands for what it may be: several statements, each perhaps.
pub(super) fn statement(node: &Node, kind: Kind, defects: &mut Vec<Defect>) -> Vec<Statement> {
    if is_open(node) {
        return perhaps_anything(node.span);
    }
    let known = match kind {
        Kind::Role | Kind::Policy => OF_1,
        Kind::Trust => OF_TRUST,
        Kind::Identity | Kind::ServiceControl => OF_5,
    };
    let elements = Elements::read(node, known, &format!("a statement of {}", kind.name()), defects);
    if let Some(sid) = elements.get("Sid") {
        text(sid, defects);
    }
    let effects = elements.get("Effect").map(|entry| effects(entry, defects)).unwrap_or_default();
    let effect = effects.first().copied();
    let principals = principals(&elements, node.span, kind, defects);
    let actions = actions(&elements, node, (kind, effect), defects);
    let resources = resources(&elements, kind, defects);
    if kind == Kind::ServiceControl && effect == Some(Effect::Allow) {
        defects.extend(elements.get("Condition").map(conditional_allow));
    }
    let conditions = elements.get("Condition").map(|entry| conditions(entry, kind, defects)).unwrap_or_default();
    let is_certain = effects.len() == 1;
    let mut statements = Vec::with_capacity(1);
    for effect in effects {
        for actions in &actions {
            let actions = if is_certain { actions.clone() } else { Actions::Perhaps(actions.patterns().to_vec()) };
            let (principals, resources, conditions) = (principals.clone(), resources.clone(), conditions.clone());
            statements.push(Statement { span: node.span, effect, principals, actions, resources, conditions });
        }
    }
    statements
}

/// A statement of which only a run could tell anything.
fn perhaps_anything(span: Span) -> Vec<Statement> {
    let perhaps = |effect| Statement {
        span,
        effect,
        principals: Principals::None,
        actions: perhaps_all(span),
        resources: Resources::All,
        conditions: Vec::new(),
    };
    [Effect::Allow, Effect::Deny].map(perhaps).into()
}

/// The page on creating a service control policy has no condition beside Allow.
fn conditional_allow(entry: &Entry) -> Defect {
    let message = "a service control policy has no `Condition` beside \"Allow\"";
    let help = "remove it, or write a statement with \"Deny\" and the opposite condition";
    Defect::new(entry.key_span, message).with_help(help)
}

/// The effect; both where only a run could tell it, none where nobody can.
fn effects(entry: &Entry, defects: &mut Vec<Defect>) -> Vec<Effect> {
    let node = &entry.value;
    match node.as_str() {
        Some("Allow") => vec![Effect::Allow],
        Some("Deny") => vec![Effect::Deny],
        _ if is_open(node) => vec![Effect::Allow, Effect::Deny],
        other => {
            let meant = other.and_then(|text| nearest(text.trim(), ["Allow", "Deny"]));
            let shown = other.map_or_else(|| node.kind().to_owned(), |text| format!("\"{text}\""));
            let defect = Defect::new(node.span, format!("`Effect` is \"Allow\" or \"Deny\", and this is {shown}"));
            defects.push(match meant {
                Some(right) => defect.with_help(format!("write \"{right}\"")).meaning(other.unwrap_or_default(), right),
                None => defect,
            });
            meant.map(|right| if right == "Allow" { Effect::Allow } else { Effect::Deny }).into_iter().collect()
        }
    }
}

fn actions(
    elements: &Elements<'_>,
    statement: &Node,
    (kind, effect): (Kind, Option<Effect>),
    defects: &mut Vec<Defect>,
) -> Vec<Actions> {
    let (listed, excepted) = (elements.get("Action"), elements.get("NotAction"));
    if let (Some(_), Some(excepted)) = (listed, excepted) {
        defects.push(exclusive(excepted, "Action", "NotAction"));
    }
    let Some(entry) = listed.or(excepted) else {
        return without_actions(statement, (kind, effect), defects);
    };
    if is_open(&entry.value) {
        return vec![perhaps_all(entry.value.span)];
    }
    if is_empty_list(entry) {
        let defect = Defect::new(entry.value.span, format!("`{}` names no action", entry.key));
        defects.push(if listed.is_some() {
            defect.with_help("name at least one action, or remove the statement")
        } else {
            defect.with_help("write \"Action\": [\"*\"] for all actions").possible()
        });
    }
    let (open, patterns): (Vec<_>, Vec<_>) = text_list(entry, defects).into_iter().partition(is_unknown);
    for pattern in &patterns {
        defects.extend(check_action(&pattern.value, pattern.span, kind.version()));
    }
    match open.first() {
        None if listed.is_some() => vec![Actions::Matching(patterns)],
        None => vec![Actions::Except(patterns)],
        Some(first) if listed.is_some() && !patterns.is_empty() => {
            vec![Actions::Matching(patterns), perhaps_all(first.span)]
        }
        // What is left out of all is not known.
        Some(first) => vec![perhaps_all(first.span)],
    }
}

/// A Deny of a service control policy may name no action. What it is about then is not documented.
fn without_actions(
    statement: &Node,
    (kind, effect): (Kind, Option<Effect>),
    defects: &mut Vec<Defect>,
) -> Vec<Actions> {
    if kind == Kind::ServiceControl && effect == Some(Effect::Deny) {
        return vec![perhaps_all(statement.span)];
    }
    if kind.version().is_identity() && statement.as_map().is_some() {
        let message = "the statement has neither `Action` nor `NotAction`";
        defects.push(Defect::new(statement.span, message).with_help("add \"Action\": [ … ]"));
    }
    Vec::new()
}

fn perhaps_all(span: Span) -> Actions {
    Actions::Perhaps(vec![Located { value: String::from("*"), span }])
}
