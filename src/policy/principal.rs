//! `Principal` and `NotPrincipal`: whom a trust policy is about.

use super::element::{Elements, exclusive, is_empty_list, is_open, is_unknown, open, text_list, twice};
use super::resource::foreign;
use super::{Defect, Kind, Located, Principals, Trusted};
use crate::nearest::{listed, nearest};
use crate::source::Span;
use crate::syntax::{Entry, Node};

/// The kinds of principals that published trust policies name.
const KINDS: &[&str] = &["IAM", "Service", "Federated"];

const EXAMPLE: &str = "write {\"IAM\": [\"<account id>\"]} or {\"Service\": [\"service.<name>\"]}";

/// Every statement names principals: the document is no policy of whoever holds it.
pub(super) fn names_principals(document: &Node) -> bool {
    let statement = document.as_map().into_iter().flatten().find(|entry| entry.key.eq_ignore_ascii_case("statement"));
    let Some(node) = statement.map(|entry| &entry.value) else { return false };
    let statements = node.as_list().unwrap_or(std::slice::from_ref(node));
    !statements.is_empty() && statements.iter().all(|statement| principal(statement).is_some())
}

/// The element of a statement that names principals, however it is cased.
fn principal(statement: &Node) -> Option<&Entry> {
    let is_principal =
        |entry: &&Entry| ["Principal", "NotPrincipal"].iter().any(|name| name.eq_ignore_ascii_case(&entry.key));
    statement.as_map()?.iter().find(is_principal)
}

/// A statement of a trust policy, by the kinds of principals that only such a one names.
pub(super) fn names_known_principals(statement: &Node) -> bool {
    let named = principal(statement).and_then(|entry| entry.value.as_map());
    let is_known = |entry: &Entry| KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(&entry.key));
    named.is_some_and(|entries| entries.iter().any(is_known))
}

/// Whom a statement is about; a trust policy has to say so.
pub(super) fn principals(elements: &Elements<'_>, span: Span, kind: Kind, defects: &mut Vec<Defect>) -> Principals {
    let (named, excepted) = (elements.get("Principal"), elements.get("NotPrincipal"));
    if let (Some(_), Some(excepted)) = (named, excepted) {
        defects.push(exclusive(excepted, "Principal", "NotPrincipal"));
    }
    match (named, excepted) {
        (Some(entry), _) => Principals::Matching(trusted(entry, defects)),
        (None, Some(entry)) => Principals::Except(trusted(entry, defects)),
        (None, None) => {
            if kind == Kind::Trust {
                let message = "the statement of a trust policy names no `Principal`";
                defects.push(Defect::new(span, message).with_help(format!("add \"Principal\": {EXAMPLE}")));
            }
            Principals::None
        }
    }
}

fn trusted(entry: &Entry, defects: &mut Vec<Defect>) -> Vec<Trusted> {
    let Some(entries) = entry.value.as_map() else {
        if !is_open(&entry.value) {
            let message = format!("`{}` has to be an object, and this is {}", entry.key, entry.value.kind());
            defects.push(Defect::new(entry.value.span, message).with_help(EXAMPLE));
        }
        return vec![Trusted::Iam(open(entry.value.span))];
    };
    if entries.is_empty() {
        defects.push(Defect::new(entry.value.span, format!("`{}` names nobody", entry.key)).with_help(EXAMPLE));
    }
    let mut seen = Vec::new();
    let mut trusted = Vec::new();
    for entry in entries {
        let Some(kind) = kind_of(entry, defects) else { continue };
        if seen.contains(&kind) {
            defects.push(twice(entry));
        }
        seen.push(kind);
        trusted.extend(of_kind(kind, entry, defects));
    }
    trusted
}

/// The kind of principals that a key stands for. There may be kinds that no published policy shows.
fn kind_of(entry: &Entry, defects: &mut Vec<Defect>) -> Option<&'static str> {
    let kind = nearest(&entry.key, KINDS.iter().copied());
    if kind != Some(entry.key.as_str()) {
        let defect = Defect::new(entry.key_span, format!("`{}` is no kind of principal", entry.key));
        defects.push(match kind {
            Some(kind) => defect.with_help(format!("write `{kind}`")),
            None if entry.key == "AWS" => {
                defect.with_help("accounts, users and agencies of this cloud stand under `IAM`")
            }
            None => defect.with_help(format!("the kinds that are known are {}", listed(KINDS))).possible(),
        });
    }
    kind
}

fn of_kind(kind: &'static str, entry: &Entry, defects: &mut Vec<Defect>) -> Vec<Trusted> {
    if is_empty_list(entry) {
        defects.push(Defect::new(entry.value.span, format!("`{}` names nobody", entry.key)).with_help(EXAMPLE));
    }
    let named = text_list(entry, defects).into_iter();
    match kind {
        "IAM" => {
            let named = named.inspect(|named| defects.extend(check_iam(named)));
            named.map(Trusted::Iam).collect()
        }
        "Service" => {
            let named = named.inspect(|named| defects.extend(check_service(named)));
            named.map(Trusted::Service).collect()
        }
        _ => named.map(Trusted::Federated).collect(),
    }
}

/// An account is named by its id, everybody else by a URN of IAM or STS.
fn check_iam(named: &Located<String>) -> Option<Defect> {
    let text = named.value.as_str();
    if is_unknown(named) {
        return None;
    }
    if let Some(defect) = foreign(text, named.span) {
        return Some(defect);
    }
    let is_id = text.len() == 32 && text.chars().all(|c| c.is_ascii_hexdigit());
    let is_urn = ["iam:", "sts:"].iter().any(|service| text.starts_with(service));
    let message = format!("`{text}` is neither the id of an account nor a URN of IAM");
    let help = "write the account's id (32 hexadecimal digits) or a URN such as `iam::<account id>:user:<name>`";
    (!is_id && !is_urn && text != "*").then(|| Defect::new(named.span, message).with_help(help).possible())
}

fn check_service(named: &Located<String>) -> Option<Defect> {
    let text = named.value.as_str();
    let message = format!("`{text}` is not written as the name of a service is");
    let help = format!("write \"service.{text}\", with the service's name as its documents write it");
    (!text.starts_with("service.") && !is_unknown(named))
        .then(|| Defect::new(named.span, message).with_help(help).possible())
}
