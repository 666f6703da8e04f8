//! From a located tree to a policy: what can be read is read, and everything that IAM would refuse is told.

use super::depends::depends;
use super::element::{Elements, Known, is_open};
use super::principal::names_principals;
use super::statement::statement;
use super::{Defect, Kind, Policy, Statement, Version};
use crate::syntax::{Entry, Node, Value};

/// A document as far as it could be read, with all that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What could be read; grants are decided by it even where something else is wrong.
    pub policy: Policy,
    /// What IAM refuses, and what has no effect, in the order of the text.
    pub defects: Vec<Defect>,
}

const POLICY: &[Known] = &[Known::required("Version"), Known::required("Statement")];
const ROLE: &[Known] = &[Known::required("Version"), Known::required("Statement"), Known::optional("Depends")];

/// Reads a document; its version and whether it names principals say of which kind it is. A service control policy
/// cannot be told from an identity policy so.
pub fn parse(document: &Node) -> Parsed {
    read(document, None)
}

/// Reads a document that is meant to be of a kind.
pub fn parse_as(document: &Node, kind: Kind) -> Parsed {
    read(document, Some(kind))
}

fn read(document: &Node, told: Option<Kind>) -> Parsed {
    let mut defects = Vec::new();
    let kind = told.unwrap_or_else(|| guess(document));
    // What the platform answers has the element, empty, in every policy.
    let is_answer = document.entry("Depends").is_some_and(|entry| entry.value.as_list().is_some_and(<[_]>::is_empty));
    let known = if kind == Kind::Role || is_answer { ROLE } else { POLICY };
    let elements = Elements::read(document, known, kind.name(), &mut defects);
    if let Some(entry) = elements.get("Version") {
        check_version(&entry.value, kind, &mut defects);
    }
    let statements = elements.get("Statement").map(|entry| statements(entry, kind, &mut defects));
    let depends = elements.get("Depends").map(|entry| depends(entry, &mut defects));
    defects.sort();
    let policy = Policy {
        version: kind.version(),
        kind,
        span: document.span,
        statements: statements.unwrap_or_default(),
        depends: depends.unwrap_or_default(),
    };
    Parsed { policy, defects }
}

/// A version that does not exist is taken for the one of the same generation.
fn guess(document: &Node) -> Kind {
    let version = document.as_map().into_iter().flatten().find(|entry| entry.key.eq_ignore_ascii_case("version"));
    let text = version.and_then(|entry| entry.value.scalar()).unwrap_or_default();
    match text.as_str() {
        "1.0" => Kind::Role,
        _ if !text.starts_with('5') => Kind::Policy,
        _ if names_principals(document) => Kind::Trust,
        _ => Kind::Identity,
    }
}

fn check_version(node: &Node, kind: Kind, defects: &mut Vec<Defect>) {
    let right = kind.version().as_str();
    match &node.value {
        Value::String(text) if text == right => {}
        Value::Number(text) if text == right => {
            let message = "the version has to be a text";
            defects.push(Defect::new(node.span, message).with_help(format!("write \"{right}\" with quotes")));
        }
        Value::String(text) | Value::Number(text) => {
            let exists = [Version::V1_0, Version::V1_1, Version::V5_0].iter().any(|version| version.as_str() == text);
            let (message, help) = if exists {
                (format!("{} has the version \"{right}\", not \"{text}\"", kind.name()), format!("write \"{right}\""))
            } else {
                let help = "write \"1.1\" for a custom policy or \"5.0\" for an identity policy";
                (format!("the version `{text}` does not exist"), help.to_owned())
            };
            defects.push(Defect::new(node.span, message).with_help(help));
        }
        _ if is_open(node) => {}
        _ => {
            let message = format!("the version has to be a text, and this is {}", node.kind());
            defects.push(Defect::new(node.span, message).with_help(format!("write \"{right}\"")));
        }
    }
}

fn statements(entry: &Entry, kind: Kind, defects: &mut Vec<Defect>) -> Vec<Statement> {
    let node = &entry.value;
    let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
    if nodes.is_empty() {
        let message = "the policy has no statement";
        defects.push(Defect::new(node.span, message).with_help("add one with `Effect` and `Action`"));
    }
    if node.as_list().is_none() && !is_open(node) {
        let message = format!("`Statement` has to be a list of objects, and this is {}", node.kind());
        let defect = Defect::new(node.span, message).with_help("put the statement into [ ]");
        // The page on the syntax of service control policies also speaks of a single statement.
        defects.push(if kind == Kind::ServiceControl { defect.possible() } else { defect });
    }
    nodes.iter().flat_map(|node| statement(node, kind, defects)).collect()
}

#[cfg(test)]
mod tests;
