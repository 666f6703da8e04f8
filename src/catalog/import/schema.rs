//! The official authorization schema of a service (`GET /v5/authorization-schemas/services/{code}`): its actions of
//! grammar 5.0, and which of them each operation needs.

mod operations;

use std::collections::{BTreeMap, BTreeSet};

use super::super::Catalog;
use super::super::format::check_action;
use super::json::{self, Log, Node, check_name, shortened};
use super::{Draft, DraftAction, DraftResource, Entries, Unread};

/// The words for what an action does.
const ACCESS_LEVELS: [&str; 5] = ["list", "read", "write", "tagging", "permission_management"];

/// Whether a document is such a schema.
pub fn is_schema(value: &serde_json::Value) -> bool {
    let is_list = |key: &str| value.get(key).is_some_and(serde_json::Value::is_array);
    is_list("actions")
        && (["operations", "conditions", "resources"].into_iter().any(is_list) || value.get("version").is_some())
}

/// Reads a schema: an entry for each action and a row for each API whose operation the catalog knows by name.
/// What the catalog knows of such an API in grammar 1.1 stays in its row.
///
/// # Errors
/// Why the text is no schema.
pub fn read(text: &str, document: &str, date: Option<&str>, catalog: &Catalog) -> Result<Draft, Unread> {
    let mut log = Log::default();
    let root = json::parse(text, &mut log)?;
    if root.get("actions").and_then(Node::as_list).is_none() {
        return Err(Unread {
            line: root.line,
            what: String::from("there is no list `actions`: this is no authorization schema"),
        });
    }
    log.strangers(&root, "the schema", &["version", "actions", "resources", "conditions", "operations"]);
    version(&root, &mut log);
    let types = types(&root, &mut log);
    let actions = actions(&root, &types, &mut log);
    let operations = operations::read(&root, &mut log);
    let named = actions.iter().map(|action| action.action.as_str());
    let service = main_service(named.chain(operations.iter().map(|operation| operation.action.as_str())));
    let Some(service) = service else {
        return Err(Unread { line: root.line, what: String::from("the schema names no action that can be read") });
    };
    tell_what_is_lost(&root, &actions, &types, &mut log);
    let mut draft = Draft { document: document.to_owned(), date: date.map(str::to_owned), ..Draft::default() };
    let joined = operations::rows(&service, &operations, &aliases(&actions), catalog, &mut draft.when, &mut log);
    let length = |key: &str| root.get(key).and_then(Node::as_list).map_or(0, <[Node]>::len);
    let read = actions.len() + joined.operations;
    let all = length("actions") + length("operations");
    draft.entries = Entries { read, skipped: all.saturating_sub(read) };
    draft.apis = joined.rows;
    draft.service = service;
    draft.actions = actions;
    draft.unread = log.into_unread();
    Ok(draft)
}

fn version(root: &Node, log: &mut Log) {
    match root.get("version").map(|node| (node.line, node.as_str())) {
        None | Some((_, Some("v1"))) => {}
        Some((line, _)) => log.tell(line, "`version` is not `v1`: what is new in it was not read"),
    }
}

/// The types of resources by the shape of their URN.
fn types(root: &Node, log: &mut Log) -> BTreeMap<String, (String, usize)> {
    let mut types = BTreeMap::new();
    for node in log.list(root, "the schema", "resources") {
        log.strangers(node, "a type of resources", &["type_name", "urn_template", "description"]);
        match (name_of(node, "type_name"), name_of(node, "urn_template")) {
            (Some(kind), Some(urn)) => {
                types.insert(urn.to_owned(), (kind.to_owned(), node.line));
            }
            _ => log.tell(node.line, "a type of resources lacks `type_name` or `urn_template`"),
        }
    }
    types
}

/// A text that can be a name.
fn name_of<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key).and_then(Node::as_str).filter(|text| check_name(text).is_ok())
}

type Types = BTreeMap<String, (String, usize)>;

fn actions(root: &Node, types: &Types, log: &mut Log) -> Vec<DraftAction> {
    let mut seen = BTreeSet::new();
    let mut actions = Vec::new();
    // The list of actions is as long as the service has actions.
    for node in root.get("actions").and_then(Node::as_list).unwrap_or_default() {
        let Some(name) = named_action(node, "name", "an action", log) else { continue };
        if !seen.insert(name.to_ascii_lowercase()) {
            log.tell(node.line, format!("the action `{name}` stands twice: the first counts"));
            continue;
        }
        actions.push(action(node, name, types, log));
    }
    actions
}

/// An action of grammar 5.0 under a key of an object.
fn named_action(node: &Node, key: &str, what: &str, log: &mut Log) -> Option<String> {
    if node.as_map().is_none() {
        log.tell(node.line, format!("{what} is {} and no object", node.kind()));
        return None;
    }
    let Some(value) = node.get(key) else {
        log.tell(node.line, format!("{what} has no `{key}`"));
        return None;
    };
    let Some(name) = value.as_str() else {
        log.tell(value.line, format!("`{key}` of {what} is {} and no text", value.kind()));
        return None;
    };
    match check_identity(name) {
        Ok(()) => Some(name.to_owned()),
        Err(why) => {
            log.tell(value.line, format!("{what}: {why}"));
            None
        }
    }
}

fn action(node: &Node, name: String, types: &Types, log: &mut Log) -> DraftAction {
    const KNOWN: [&str; 7] =
        ["name", "access_level", "permission_only", "description", "aliases", "condition_keys", "resources"];
    let what = format!("`{name}`");
    log.strangers(node, &what, &KNOWN);
    DraftAction {
        access: access(node, &what, log),
        permission_only: log.truth(node, &what, "permission_only"),
        resources: resources(node, &what, types, log),
        conditions: log.texts(node, &what, "condition_keys", check_name),
        aliases: log.texts(node, &what, "aliases", check_alias),
        action: name,
    }
}

fn access(node: &Node, what: &str, log: &mut Log) -> Option<String> {
    let Some(level) = node.get("access_level") else {
        log.tell(node.line, format!("{what} has no `access_level`"));
        return None;
    };
    let known = level.as_str().filter(|word| ACCESS_LEVELS.contains(word));
    if known.is_none() {
        let words = ACCESS_LEVELS.join(", ");
        log.tell(level.line, format!("`access_level` of {what} is none of {words}"));
    }
    known.map(str::to_owned)
}

fn resources(node: &Node, what: &str, types: &Types, log: &mut Log) -> Vec<DraftResource> {
    let mut resources: Vec<DraftResource> = Vec::new();
    for resource in log.list(node, what, "resources") {
        log.strangers(resource, &format!("a resource of {what}"), &["urn_template", "required", "condition_keys"]);
        let Some(urn) = name_of(resource, "urn_template") else {
            log.tell(resource.line, format!("a resource of {what} has no `urn_template`"));
            continue;
        };
        let Some(kind) = kind_of(urn, types) else {
            log.tell(resource.line, format!("a resource of {what}: `{}` names no type", shortened(urn)));
            continue;
        };
        resources.push(DraftResource {
            kind,
            required: log.truth(resource, what, "required"),
            urn: Some(urn.to_owned()),
            conditions: log.texts(resource, what, "condition_keys", check_name),
        });
    }
    resources
}

/// The type in `service:region:account:type:path`, or the name that the schema gives to this shape.
fn kind_of(urn: &str, types: &Types) -> Option<String> {
    if let Some((kind, _)) = types.get(urn) {
        return Some(kind.clone());
    }
    urn.split(':').nth(3).filter(|kind| !kind.is_empty()).map(str::to_owned)
}

/// The service of most of the actions, in lower case.
fn main_service<'a>(actions: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for service in actions.filter_map(|action| action.split(':').next()) {
        *counts.entry(service.to_ascii_lowercase()).or_default() += 1;
    }
    // Of two with as many the first in the alphabet, which is the last that `max_by_key` sees.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(service, _)| service)
}

fn aliases(actions: &[DraftAction]) -> BTreeMap<String, &[String]> {
    actions.iter().map(|action| (action.action.to_ascii_lowercase(), action.aliases.as_slice())).collect()
}

/// What the schema says and `rules/` has no place for.
fn tell_what_is_lost(root: &Node, actions: &[DraftAction], types: &Types, log: &mut Log) {
    let used: BTreeSet<&str> =
        actions.iter().flat_map(|action| &action.resources).filter_map(|resource| resource.urn.as_deref()).collect();
    for (urn, (kind, line)) in types.iter().filter(|(urn, _)| !used.contains(urn.as_str())) {
        log.tell(*line, format!("no action is for the resources `{kind}` (`{urn}`): they were left out"));
    }
    let keys = log.list(root, "the schema", "conditions");
    for node in keys {
        log.strangers(node, "a condition key", &["key", "value_type", "multi_valued", "description"]);
        if name_of(node, "key").is_none() {
            log.tell(node.line, "a condition key has no `key`");
        }
    }
    if let Some(first) = keys.first() {
        let number = keys.len();
        log.tell(
            first.line,
            format!("the value types of {number} condition keys were left out: only their names are kept"),
        );
    }
}

/// An action of grammar 5.0 whose service can be the name of a file.
fn check_identity(text: &str) -> Result<(), String> {
    check_name(text)?;
    check_action(text, true)?;
    let service = text.split(':').next().unwrap_or_default();
    let is_plain = service.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character));
    if is_plain && !text.contains('*') { Ok(()) } else { Err(format!("`{text}` is no single action")) }
}

fn check_alias(text: &str) -> Result<(), String> {
    check_name(text)?;
    check_action(text, false)
}

#[cfg(test)]
mod tests;
