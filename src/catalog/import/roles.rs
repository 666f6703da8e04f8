//! An export of the system-defined policies and roles of an account (`GET /v3/roles`).

mod body;

use std::collections::BTreeSet;

use super::super::{Catalog, PolicyKind};
use super::json::{self, Log, Node, check_name, shortened};
use super::{Draft, DraftPolicy, Entries, Unread, action_prefix};
use body::Body;

/// Whether a document is such an export: a list of roles, or one role.
pub fn is_roles(value: &serde_json::Value) -> bool {
    let is_role = |value: &serde_json::Value| {
        let has = |key: &str| value.get(key).is_some();
        has("policy") && (has("display_name") || has("name"))
    };
    let is_list = |value: &serde_json::Value| value.as_array().and_then(|list| list.first()).is_some_and(is_role);
    let is_export = value.get("roles").is_some_and(serde_json::Value::is_array);
    is_export || is_list(value) || is_role(value) || value.get("role").is_some_and(is_role)
}

/// Reads an export: an entry for each policy and role that the platform defines. What one says under a condition or
/// for some resources only is marked as such, and told.
///
/// # Errors
/// Why the text is no such export.
pub fn read(text: &str, document: &str, date: Option<&str>, catalog: &Catalog) -> Result<Draft, Unread> {
    let mut log = Log::default();
    let root = json::parse(text, &mut log)?;
    let roles = roles(&root, &mut log)?;
    let mut seen = BTreeSet::new();
    let mut policies = Vec::new();
    for role in roles {
        let Some(policy) = policy(role, catalog, &mut log) else { continue };
        if seen.insert(policy.name.clone()) {
            policies.push(policy);
        } else {
            log.tell(role.line, format!("`{}` stands twice: the first counts", policy.name));
        }
    }
    Ok(Draft {
        service: String::from("system"),
        document: document.to_owned(),
        date: date.map(str::to_owned),
        entries: Entries { read: policies.len(), skipped: roles.len() - policies.len() },
        policies,
        unread: log.into_unread(),
        ..Draft::default()
    })
}

/// The roles of an export, of a plain list or of one role.
fn roles<'n>(root: &'n Node, log: &mut Log) -> Result<&'n [Node], Unread> {
    if let Some(list) = root.as_list() {
        return Ok(list);
    }
    if let Some(list) = root.get("roles") {
        log.strangers(root, "the export", &["roles", "links", "total_number", "page_info"]);
        if root
            .get("links")
            .and_then(|links| links.get("next"))
            .and_then(Node::as_str)
            .is_some_and(|next| !next.is_empty())
        {
            log.tell(
                root.line,
                String::from("the export goes on at the page that its `links.next` names: import that too"),
            );
        }
        let wrong = || Unread { line: list.line, what: format!("`roles` is {} and no list", list.kind()) };
        return list.as_list().ok_or_else(wrong);
    }
    if let Some(role) = root.get("role") {
        return Ok(std::slice::from_ref(role));
    }
    if root.get("policy").is_some() {
        return Ok(std::slice::from_ref(root));
    }
    Err(Unread { line: root.line, what: String::from("there is no list `roles`: this is no export of roles") })
}

fn policy(role: &Node, catalog: &Catalog, log: &mut Log) -> Option<DraftPolicy> {
    if role.as_map().is_none() {
        log.tell(role.line, format!("a role is {} and no object", role.kind()));
        return None;
    }
    let internal_name = text(role, "name", "a role", log);
    let display_name = text(role, "display_name", "a role", log);
    let Some(name) = display_name.or(internal_name) else {
        log.tell(role.line, "a role has neither `display_name` nor `name`");
        return None;
    };
    if is_custom(role) {
        let hint = "it is a policy of the account and not of the platform: put it into a policy file of its own";
        log.tell(role.line, format!("`{name}` was not read: {hint}"));
        return None;
    }
    let document = document(role, name, log)?;
    let kind = kind(&document, name, log)?;
    let mut body = Body::read(&document, name, kind, log);
    let depends = depends(&document, name, &mut body, log);
    if body.is_empty() {
        log.tell(role.line, format!("`{name}` was not read: its body says nothing"));
        return None;
    }
    Some(DraftPolicy {
        name: name.to_owned(),
        internal_name: internal_name.filter(|internal| *internal != name).map(str::to_owned),
        kind,
        service: service(role, name, catalog, log),
        allow: body.allow,
        deny: body.deny,
        allow_perhaps: body.allow_perhaps,
        deny_perhaps: body.deny_perhaps,
        not_granted: body.not_granted,
        depends,
    })
}

/// A name under a key that may be missing.
fn text<'n>(node: &'n Node, key: &str, what: &str, log: &mut Log) -> Option<&'n str> {
    let value = node.get(key)?;
    match value.as_str().map(|text| (text, check_name(text))) {
        Some((text, Ok(()))) => return Some(text),
        Some((_, Err(why))) => log.tell(value.line, format!("`{key}` of {what}: {why}")),
        None => log.tell(value.line, format!("`{key}` of {what} is {} and no text", value.kind())),
    }
    None
}

/// Custom policies belong to an account; the documents also give them a catalog of their own.
fn is_custom(role: &Node) -> bool {
    let says = |key: &str, words: &[&str]| {
        let text = role.get(key).and_then(Node::as_str);
        text.is_some_and(|text| words.iter().any(|word| word.eq_ignore_ascii_case(text)))
    };
    role.get("domain_id").is_some()
        || says("catalog", &["custom", "customed"])
        || says("type", &["custom"])
        || says("policy_type", &["custom"])
}

/// The policy document, which may be written as a text of its own.
fn document(role: &Node, name: &str, log: &mut Log) -> Option<Node> {
    let Some(policy) = role.get("policy") else {
        log.tell(role.line, format!("`{name}` was not read: it has no `policy`"));
        return None;
    };
    let document = match policy.as_str() {
        Some(text) => json::parse_inside(text, policy.line),
        None => Some(policy.clone()),
    };
    let document = document.filter(|document| document.as_map().is_some());
    if document.is_none() {
        log.tell(policy.line, format!("`{name}` was not read: its `policy` is no policy document"));
    }
    document
}

fn kind(document: &Node, name: &str, log: &mut Log) -> Option<PolicyKind> {
    let version = document.get("Version");
    match version.and_then(Node::as_str) {
        Some("1.0") => Some(PolicyKind::Role),
        Some("1.1") => Some(PolicyKind::Policy),
        Some("5.0") => Some(PolicyKind::Identity),
        _ => {
            let line = version.map_or(document.line, |version| version.line);
            log.tell(line, format!("`{name}` was not read: its `Version` is none of 1.0, 1.1 and 5.0"));
            None
        }
    }
}

/// The display names of the roles without which a role takes no effect.
fn depends(document: &Node, name: &str, body: &mut Body, log: &mut Log) -> Vec<String> {
    let mut names = Vec::new();
    let Some(depends) = document.get("Depends") else { return names };
    let Some(list) = depends.as_list() else {
        log.tell(depends.line, format!("`Depends` of `{name}` is {} and no list", depends.kind()));
        body.doubt();
        return names;
    };
    for depended in list {
        log.strangers(depended, &format!("`Depends` of `{name}`"), &["catalog", "display_name"]);
        match text(depended, "display_name", &format!("`Depends` of `{name}`"), log) {
            Some(text) if names.iter().all(|known| known != text) => names.push(text.to_owned()),
            Some(_) => {}
            None => {
                log.tell(depended.line, format!("`{name}` depends on something without a `display_name`"));
                body.doubt();
            }
        }
    }
    names
}

/// The service as the table writes it: its action prefix.
fn service(role: &Node, name: &str, catalog: &Catalog, log: &mut Log) -> String {
    let known = catalog.policy(name).filter(|policy| policy.name == name).map(|policy| policy.service.to_owned());
    let told = text(role, "catalog", &format!("`{}`", shortened(name)), log);
    let told = told.map(action_prefix);
    known.or(told).unwrap_or_else(|| String::from("base"))
}

#[cfg(test)]
mod tests;
