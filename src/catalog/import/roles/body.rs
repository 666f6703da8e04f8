//! What a policy document allows and denies, as lists of actions.

use std::collections::BTreeSet;

use super::super::super::PolicyKind;
use super::super::super::format::check_action;
use super::super::in_three_parts;
use super::super::json::{Log, MAX_LIST, Node, check_name, shortened};

/// Everything.
const ANY: &str = "*:*:*";

/// The lists of a policy.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) allow: Vec<String>,
    pub(super) deny: Vec<String>,
    /// What it allows under a condition, for some resources only, or in words that could not be read.
    pub(super) allow_perhaps: Vec<String>,
    /// What it denies in the same way.
    pub(super) deny_perhaps: Vec<String>,
    pub(super) not_granted: Vec<String>,
}

/// One of a body's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Allow,
    Deny,
}

/// The actions of a statement: those that it names for certain, and what it may mean beside them.
#[derive(Debug, Default)]
struct Named {
    certain: Vec<String>,
    perhaps: Vec<String>,
}

impl Body {
    /// Reads the statements of a document; `name` and `kind` are the policy's.
    pub(super) fn read(document: &Node, name: &str, kind: PolicyKind, log: &mut Log) -> Self {
        log.strangers(document, &format!("the body of `{name}`"), &["Version", "Statement", "Depends"]);
        let mut body = Self::default();
        let Some(statements) = document.get("Statement") else {
            return body;
        };
        let single = std::slice::from_ref(statements);
        let list = if statements.as_map().is_some() { Some(single) } else { statements.as_list() };
        let Some(list) = list else {
            log.tell(statements.line, format!("`Statement` of `{name}` is {} and no list", statements.kind()));
            return body;
        };
        for statement in list {
            body.add(statement, name, kind, log);
        }
        body.shorten(name, document.line, log);
        body
    }

    /// Whether it says nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        [&self.allow, &self.deny, &self.allow_perhaps, &self.deny_perhaps].iter().all(|list| list.is_empty())
    }

    /// Nothing that it allows is certain any more.
    pub(super) fn doubt(&mut self) {
        self.allow_perhaps.append(&mut self.allow);
    }

    fn add(&mut self, statement: &Node, name: &str, kind: PolicyKind, log: &mut Log) {
        let Some(effect) = effect(statement) else {
            log.tell(statement.line, format!("a statement of `{name}` has no `Effect`: it may allow or deny anything"));
            self.allow_perhaps.push(ANY.to_owned());
            self.deny_perhaps.push(ANY.to_owned());
            return;
        };
        let named = Named::read(statement, name, kind, log);
        let (certain, perhaps) = match effect {
            Effect::Allow => (&mut self.allow, &mut self.allow_perhaps),
            // The Deny of a base role takes back what its own Allow says; it stops no other grant.
            Effect::Deny if kind == PolicyKind::Role => (&mut self.not_granted, &mut self.deny_perhaps),
            Effect::Deny => (&mut self.deny, &mut self.deny_perhaps),
        };
        perhaps.extend(named.perhaps);
        match limits(statement, &named.certain) {
            None => certain.extend(named.certain),
            Some(limit) => {
                let word = if effect == Effect::Allow { "allows" } else { "denies" };
                let actions = count(named.certain.len());
                log.tell(
                    statement.line,
                    format!("`{name}` {word} {actions} only {limit}, which is not kept: it perhaps {word} them"),
                );
                perhaps.extend(named.certain);
            }
        }
    }

    /// Each action once, and no list longer than a table can hold.
    fn shorten(&mut self, name: &str, line: usize, log: &mut Log) {
        let Self { allow, deny, allow_perhaps, deny_perhaps, not_granted } = self;
        for (list, perhaps) in [(allow, &mut *allow_perhaps), (deny, &mut *deny_perhaps)] {
            shorten(list, Some(perhaps), name, line, log);
        }
        // What is not taken back for certain is perhaps denied.
        shorten(not_granted, Some(deny_perhaps), name, line, log);
        for list in [allow_perhaps, deny_perhaps] {
            shorten(list, None, name, line, log);
        }
    }
}

fn shorten(list: &mut Vec<String>, perhaps: Option<&mut Vec<String>>, name: &str, line: usize, log: &mut Log) {
    let mut seen = BTreeSet::new();
    list.retain(|action| seen.insert(action.clone()));
    if list.len() <= MAX_LIST {
        return;
    }
    log.tell(line, format!("`{name}` names {} actions in one list, of which {MAX_LIST} were read", list.len()));
    list.truncate(MAX_LIST);
    match perhaps {
        Some(perhaps) => perhaps.push(ANY.to_owned()),
        None => *list = vec![ANY.to_owned()],
    }
}

fn count(number: usize) -> String {
    if number == 1 { String::from("1 action") } else { format!("{number} actions") }
}

fn effect(statement: &Node) -> Option<Effect> {
    match statement.get("Effect")?.as_str()? {
        "Allow" => Some(Effect::Allow),
        "Deny" => Some(Effect::Deny),
        _ => None,
    }
}

impl Named {
    fn read(statement: &Node, name: &str, kind: PolicyKind, log: &mut Log) -> Self {
        let mut named = Self::default();
        let Some(actions) = statement.get("Action") else {
            let what = if statement.get("NotAction").is_some() { "says `NotAction`" } else { "has no `Action`" };
            log.tell(statement.line, format!("a statement of `{name}` {what}: it may be about any action"));
            named.perhaps.push(ANY.to_owned());
            return named;
        };
        // A bare text stands for a list of one.
        for action in actions.as_list().unwrap_or(std::slice::from_ref(actions)) {
            match action.as_str().map(|text| pattern(text, kind).map_err(|why| (text, why))) {
                Some(Ok(action)) => named.certain.push(action),
                Some(Err((text, why))) => {
                    log.tell(action.line, format!("an action of `{name}`: {why}"));
                    named.perhaps.push(wider(text));
                }
                None => {
                    log.tell(action.line, format!("an action of `{name}` is {} and no text", action.kind()));
                    named.perhaps.push(ANY.to_owned());
                }
            }
        }
        named
    }
}

/// An action in three parts.
fn pattern(text: &str, kind: PolicyKind) -> Result<String, String> {
    check_name(text)?;
    let action = in_three_parts(text);
    check_action(action, kind == PolicyKind::Identity)?;
    Ok(action.to_owned())
}

/// What an action that could not be read may mean: anything of its service, if it names one.
fn wider(text: &str) -> String {
    let service = text.split_once(':').map(|(service, _)| service);
    let is_service = |service: &&str| {
        let is_of_name = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
        !service.is_empty() && service.len() < 64 && service.chars().all(is_of_name)
    };
    match service.filter(is_service) {
        Some("identity") => String::from("iam:*:*"),
        Some(service) => format!("{service}:*:*"),
        None => ANY.to_owned(),
    }
}

/// What keeps a statement from being about every request for its actions.
fn limits(statement: &Node, actions: &[String]) -> Option<String> {
    let is_known = |key: &str| ["Sid", "Effect", "Action", "NotAction", "Resource", "Condition"].contains(&key);
    if statement.get("Condition").is_some_and(|condition| condition.as_map().is_none_or(|map| !map.is_empty())) {
        return Some(String::from("under a condition"));
    }
    if statement.get("Resource").is_some_and(|resource| !takes_in_all(resource, actions)) {
        return Some(String::from("for some resources"));
    }
    let mut others = statement.as_map().unwrap_or_default().iter();
    let other = others.find(|(key, value)| !is_known(key) && !value.is_null());
    other.map(|(key, _)| format!("with `{}`", shortened(key)))
}

/// Whether one of the resources is all that the actions may be about.
fn takes_in_all(resource: &Node, actions: &[String]) -> bool {
    let list = resource.as_list().unwrap_or(std::slice::from_ref(resource));
    list.iter().filter_map(Node::as_str).any(|text| {
        let Some((service, "*:*:*:*")) = text.split_once(':') else { return text == "*" };
        let is_of_service = |action: &String| {
            action.split(':').next().is_some_and(|prefix| prefix.eq_ignore_ascii_case(service) && prefix != "*")
        };
        service == "*" || actions.iter().all(is_of_service)
    })
}
