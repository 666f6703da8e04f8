//! From a located tree to a policy: what can be read is read, and everything that IAM would refuse is told.

use super::element::{Elements, Known, text_list};
use super::{Actions, Condition, Defect, Effect, Located, Policy, Resources, Statement, Version, check_action};
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};

/// A document as far as it could be read, with all that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What could be read; grants are decided by it even where something else is wrong.
    pub policy: Policy,
    /// What IAM refuses, in the order of the text.
    pub defects: Vec<Defect>,
}

const DOCUMENT: &[Known] = &[Known::required("Version"), Known::required("Statement"), Known::optional("Depends")];
const STATEMENT_1: &[Known] =
    &[Known::required("Effect"), Known::required("Action"), Known::optional("Resource"), Known::optional("Condition")];
const STATEMENT_5: &[Known] = &[
    Known::optional("Sid"),
    Known::required("Effect"),
    Known::optional("Action"),
    Known::optional("NotAction"),
    Known::optional("Resource"),
    Known::optional("NotResource"),
    Known::optional("Condition"),
];

/// Reads a document of any grammar.
pub fn parse(document: &Node) -> Parsed {
    let mut defects = Vec::new();
    let elements = Elements::read(document, DOCUMENT, "a policy", &mut defects);
    let version = version(elements.get("Version"), &mut defects);
    let statements = elements.get("Statement").map(|entry| statements(entry, version, &mut defects));
    let depends = elements.get("Depends").map(|entry| depends(entry, version, &mut defects)).unwrap_or_default();
    defects.sort();
    Parsed {
        policy: Policy { version, span: document.span, statements: statements.unwrap_or_default(), depends },
        defects,
    }
}

fn version(entry: Option<&Entry>, defects: &mut Vec<Defect>) -> Version {
    let Some(node) = entry.map(|entry| &entry.value) else { return Version::V1_1 };
    let text = node.scalar().unwrap_or_default();
    let version = match text.as_str() {
        "1.0" => Version::V1_0,
        "5.0" => Version::V5_0,
        "1.1" => Version::V1_1,
        _ => {
            defects.push(Defect {
                span: node.span,
                message: format!("the version `{text}` does not exist"),
                help: Some(String::from("write \"1.1\" for a custom policy or \"5.0\" for an identity policy")),
            });
            return if text.starts_with('5') { Version::V5_0 } else { Version::V1_1 };
        }
    };
    if !matches!(node.value, Value::String(_)) {
        defects.push(Defect {
            span: node.span,
            message: String::from("the version has to be a text"),
            help: Some(format!("write \"{text}\" with quotes")),
        });
    }
    version
}

fn depends(entry: &Entry, version: Version, defects: &mut Vec<Defect>) -> Vec<String> {
    if version != Version::V1_0 {
        defects.push(Defect {
            span: entry.key_span,
            message: format!("`Depends` is no element of a policy of version {}", version.as_str()),
            help: Some(String::from("only roles (version 1.0) have dependencies; remove it")),
        });
        return Vec::new();
    }
    let Some(roles) = entry.value.as_list() else {
        let message = format!("`Depends` has to be a list of objects, and this is {}", entry.value.kind());
        defects.push(Defect { span: entry.value.span, message, help: None });
        return Vec::new();
    };
    roles.iter().filter_map(|role| role.get("display_name")?.as_str()).map(str::to_owned).collect()
}

fn statements(entry: &Entry, version: Version, defects: &mut Vec<Defect>) -> Vec<Statement> {
    let nodes = if let Some(nodes) = entry.value.as_list() {
        nodes
    } else {
        defects.push(Defect {
            span: entry.value.span,
            message: format!("`Statement` has to be a list of objects, and this is {}", entry.value.kind()),
            help: Some(String::from("put the statement into [ ]")),
        });
        std::slice::from_ref(&entry.value)
    };
    if nodes.is_empty() {
        defects.push(Defect {
            span: entry.value.span,
            message: String::from("the policy has no statement"),
            help: Some(String::from("add one with `Effect` and `Action`")),
        });
    }
    nodes.iter().filter_map(|node| statement(node, version, defects)).collect()
}

fn statement(node: &Node, version: Version, defects: &mut Vec<Defect>) -> Option<Statement> {
    let known = if version.is_identity() { STATEMENT_5 } else { STATEMENT_1 };
    let elements = Elements::read(node, known, "a statement", defects);
    let effect = effect(elements.get("Effect"), defects);
    let actions = actions(&elements, node.span, version, defects);
    let resources = resources(&elements, version, defects);
    let conditions = elements.get("Condition").map(|entry| conditions(entry, defects)).unwrap_or_default();
    Some(Statement { span: node.span, effect: effect?, actions: actions?, resources, conditions })
}

fn effect(entry: Option<&Entry>, defects: &mut Vec<Defect>) -> Option<Effect> {
    let node = &entry?.value;
    match node.as_str() {
        Some("Allow") => Some(Effect::Allow),
        Some("Deny") => Some(Effect::Deny),
        other => {
            let near =
                ["Allow", "Deny"].into_iter().find(|right| other.is_some_and(|text| right.eq_ignore_ascii_case(text)));
            defects.push(Defect {
                span: node.span,
                message: format!(
                    "`Effect` is \"Allow\" or \"Deny\", and this is {}",
                    other.map_or_else(|| node.kind().to_owned(), |text| format!("\"{text}\""))
                ),
                help: near.map(|right| format!("write \"{right}\"")),
            });
            near.map(|right| if right == "Allow" { Effect::Allow } else { Effect::Deny })
        }
    }
}

fn actions(elements: &Elements<'_>, span: Span, version: Version, defects: &mut Vec<Defect>) -> Option<Actions> {
    let (listed, excepted) = (elements.get("Action"), elements.get("NotAction"));
    if let (Some(_), Some(excepted)) = (listed, excepted) {
        defects.push(exclusive(excepted, "Action", "NotAction"));
    }
    let Some(entry) = listed.or(excepted) else {
        if version.is_identity() {
            defects.push(Defect {
                span,
                message: String::from("the statement has neither `Action` nor `NotAction`"),
                help: Some(String::from("add \"Action\": [ … ]")),
            });
        }
        return None;
    };
    let patterns = text_list(entry, defects);
    for pattern in &patterns {
        if let Some((message, help)) = check_action(&pattern.value, version) {
            defects.push(Defect { span: pattern.span, message, help: Some(help) });
        }
    }
    Some(if listed.is_some() { Actions::Matching(patterns) } else { Actions::Except(patterns) })
}

fn resources(elements: &Elements<'_>, version: Version, defects: &mut Vec<Defect>) -> Resources {
    let (listed, excepted) = (elements.get("Resource"), elements.get("NotResource"));
    if let (Some(_), Some(excepted)) = (listed, excepted) {
        defects.push(exclusive(excepted, "Resource", "NotResource"));
    }
    match (listed, excepted) {
        (Some(entry), _) if !version.is_identity() && entry.value.as_map().is_some() => agencies(entry, defects),
        (Some(entry), _) => Resources::Matching(text_list(entry, defects)),
        (None, Some(entry)) => Resources::Except(text_list(entry, defects)),
        (None, None) => Resources::All,
    }
}

/// The object form of `Resource` in a policy that lets its holder assume agencies.
fn agencies(entry: &Entry, defects: &mut Vec<Defect>) -> Resources {
    if let Some(uri) = entry.value.entry("uri") {
        return Resources::Agencies(text_list(uri, defects));
    }
    defects.push(Defect {
        span: entry.value.span,
        message: String::from("`Resource` as an object has to have `uri`"),
        help: Some(String::from("write {\"uri\": [\"/iam/agencies/<agency id>\"]} or a list of resource paths")),
    });
    Resources::Agencies(Vec::new())
}

fn exclusive(entry: &Entry, one: &str, other: &str) -> Defect {
    Defect {
        span: entry.key_span,
        message: format!("`{one}` and `{other}` exclude each other"),
        help: Some(String::from("split the statement in two")),
    }
}

/// What cannot be read of a condition still is one: it stays among the conditions, so that the statement is not taken
/// for an unconditional one.
fn conditions(entry: &Entry, defects: &mut Vec<Defect>) -> Vec<Condition> {
    let located = |entry: &Entry| Located { value: entry.key.clone(), span: entry.key_span };
    let unreadable = |entry: &Entry| Condition { operator: located(entry), key: located(entry), values: Vec::new() };
    let mut refuse = |node: &Node, what: &str| {
        defects.push(Defect {
            span: node.span,
            message: format!("{what} has to be an object, and this is {}", node.kind()),
            help: Some(String::from("write {\"operator\": {\"key\": [\"value\"]}}")),
        });
    };
    let Some(operators) = entry.value.as_map() else {
        refuse(&entry.value, "`Condition`");
        return vec![unreadable(entry)];
    };
    let mut conditions = Vec::new();
    let mut keyed = Vec::new();
    for operator in operators {
        if let Some(keys) = operator.value.as_map() {
            keyed.extend(keys.iter().map(|key| (operator, key)));
        } else {
            refuse(&operator.value, &format!("the operator `{}`", operator.key));
            conditions.push(unreadable(operator));
        }
    }
    conditions.extend(keyed.into_iter().map(|(operator, key)| Condition {
        operator: located(operator),
        key: located(key),
        values: condition_values(key, defects),
    }));
    conditions
}

/// A single value may stand without a list.
fn condition_values(key: &Entry, defects: &mut Vec<Defect>) -> Vec<Located<String>> {
    match key.value.scalar() {
        Some(value) => vec![Located { value, span: key.value.span }],
        None => text_list(key, defects),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Parsed {
        parse(&crate::syntax::json::parse(text).unwrap().node)
    }

    fn messages(text: &str) -> Vec<String> {
        parsed(text).defects.into_iter().map(|defect| defect.message).collect()
    }

    #[test]
    fn a_policy_of_each_grammar_is_read_without_a_defect() {
        for text in [
            r#"{"Version": "1.0", "Statement": [{"Effect": "Allow", "Action": ["identity:*"]}], "Depends": [{"catalog": "BASE", "display_name": "Tenant Guest"}]}"#,
            r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ims:*:get*"], "Resource": ["OBS:*:*:bucket:*"], "Condition": {"StringEquals": {"g:UserName": ["a"]}}}]}"#,
            r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["iam:agencies:assume"], "Resource": {"uri": ["/iam/agencies/07805a"]}}]}"#,
            r#"{"Version": "5.0", "Statement": [{"Sid": "x", "Effect": "Deny", "NotAction": ["sts::tagSession"], "NotResource": ["*"]}]}"#,
        ] {
            assert_eq!(messages(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn each_mistake_is_told_at_its_place() {
        let statement = |inner: &str| format!(r#"{{"Version": "1.1", "Statement": [{{{inner}}}]}}"#);
        for (text, expected) in [
            (r#"{"Statement": []}"#.to_owned(), "a policy has to have `Version`"),
            (
                r#"{"Version": "2.0", "Statement": [{"Effect": "Allow", "Action": ["a:b:c"]}]}"#.to_owned(),
                "version `2.0` does not exist",
            ),
            (
                r#"{"Version": 1.1, "Statement": [{"Effect": "Allow", "Action": ["a:b:c"]}]}"#.to_owned(),
                "has to be a text",
            ),
            (
                r#"{"Version": "1.1", "Statement": {"Effect": "Allow", "Action": ["a:b:c"]}}"#.to_owned(),
                "has to be a list of objects",
            ),
            (statement(r#""Effect": "allow", "Action": ["a:b:c"]"#), "`Effect` is \"Allow\" or \"Deny\""),
            (statement(r#""Effect": "Allow", "Action": "a:b:c""#), "`Action` has to be a list of texts"),
            (statement(r#""Effect": "Allow", "action": ["a:b:c"]"#), "`action` is no element of a statement"),
            (
                statement(r#""Effect": "Allow", "Action": ["a:b:c"], "NotAction": ["a:b:c"]"#),
                "`NotAction` is no element",
            ),
            (statement(r#""Effect": "Allow", "Action": ["a:b"]"#), "`a:b` is no action"),
            (statement(r#""Effect": "Allow", "Action": [1]"#), "has to be a text"),
            (statement(r#""Effect": "Allow", "Effect": "Deny", "Action": ["a:b:c"]"#), "`Effect` stands twice"),
            (
                statement(r#""Effect": "Allow", "Action": ["a:b:c"], "Condition": {"StringEquals": ["x"]}"#),
                "the operator `StringEquals` has to be an object",
            ),
            (statement(r#""Effect": "Allow", "Action": ["a:b:c"], "Resource": {"url": []}"#), "has to have `uri`"),
        ] {
            assert!(messages(&text).iter().any(|message| message.contains(expected)), "{text}: {:?}", messages(&text));
        }
    }

    #[test]
    fn what_is_wrong_in_one_statement_leaves_the_others_readable() {
        let parsed = parsed(r#"{"Version": "1.1", "Statement": [7, {"Effect": "Allow", "Action": ["a:b:c"]}]}"#);
        assert_eq!(parsed.policy.statements.len(), 1);
        assert_eq!(parsed.defects.len(), 1);
    }
}
