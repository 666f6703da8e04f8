//! `Resource` and `NotResource`: paths (1.1), URNs (5.0), and the agencies that a policy lets its holder assume.

use super::defect::shown;
use super::element::{Elements, Known, exclusive, is_empty_list, is_unknown, text_list};
use super::{Defect, Kind, Located, Resources, Version};
use crate::nearest::listed;
use crate::source::Span;
use crate::syntax::Entry;

/// The actions of a policy whose `Resource` is an object, as pages on policies for agencies have them.
const ASSUME: [&str; 2] = ["iam:agencies:assume", "iam:tokens:assume"];

const PATH: &str = "service:region:domain:type:path";

const AGENCIES: &[Known] = &[Known::required("uri")];

/// What a statement is about; each pattern is checked.
pub(super) fn resources(elements: &Elements<'_>, kind: Kind, defects: &mut Vec<Defect>) -> Resources {
    let (listed, excepted) = (elements.get("Resource"), elements.get("NotResource"));
    if let (Some(_), Some(excepted)) = (listed, excepted) {
        defects.push(exclusive(excepted, "Resource", "NotResource"));
    }
    let Some(entry) = listed.or(excepted) else { return Resources::All };
    if kind == Kind::Policy && entry.value.as_map().is_some() {
        return Resources::Agencies(agencies(entry, elements.get("Action"), defects));
    }
    if is_empty_list(entry) {
        let defect = Defect::new(entry.value.span, format!("`{}` names no resource", entry.key));
        let defect = defect.with_help("name at least one resource, or remove the element: it then means all");
        defects.push(if listed.is_some() { defect } else { defect.possible() });
    }
    let patterns = text_list(entry, defects);
    for pattern in patterns.iter().filter(|pattern| !is_unknown(pattern)) {
        defects.extend(check(&pattern.value, pattern.span, kind));
    }
    if listed.is_some() { Resources::Matching(patterns) } else { Resources::Except(patterns) }
}

/// The object form: `{"uri": ["/iam/agencies/<agency id>"]}`, beside the one action that it is for.
fn agencies(entry: &Entry, actions: Option<&Entry>, defects: &mut Vec<Defect>) -> Vec<Located<String>> {
    let elements = Elements::read(&entry.value, AGENCIES, "a `Resource` that is an object", defects);
    let uris = elements.get("uri").map(|uri| text_list(uri, defects)).unwrap_or_default();
    for uri in &uris {
        if !is_unknown(uri) && uri.value.strip_prefix("/iam/agencies/").is_none_or(str::is_empty) {
            let message = format!("`{}` is no agency", uri.value);
            defects.push(Defect::new(uri.span, message).with_help("write \"/iam/agencies/<agency id>\""));
        }
    }
    let others = actions.and_then(|entry| entry.value.as_list()).into_iter().flatten();
    for other in others.filter(|action| action.as_str().is_some_and(|text| !assumes(text))) {
        let message = format!("only {} can be allowed for agencies by `uri`", listed(&ASSUME));
        defects.push(Defect::new(other.span, message).with_help("move the other actions to a policy of their own"));
    }
    uris
}

fn assumes(action: &str) -> bool {
    ASSUME.iter().any(|assume| action.eq_ignore_ascii_case(assume))
}

/// What is wrong with one pattern, and the way out; `None` where nothing is.
fn check(pattern: &str, span: Span, kind: Kind) -> Option<Defect> {
    if pattern == "*" {
        return None;
    }
    let form = if kind.version().is_identity() { "service:region:account:type:path" } else { PATH };
    let help = format!("a resource has the form `{form}`, with `*` as wildcard");
    if let Some(defect) = foreign(pattern, span) {
        return Some(defect.with_help(help));
    }
    let defect = |what: &str| Defect::new(span, format!("`{}` {what}", shown(pattern)));
    if pattern.trim() != pattern {
        return Some(defect("has spaces around it").with_help("remove them"));
    }
    let parts: Vec<&str> = pattern.splitn(5, ':').collect();
    let &[service, region, account, resource_type, path] = parts.as_slice() else {
        let defect = defect("is no resource").with_help(help);
        // A last wildcard may be read as standing for the parts that follow.
        return Some(if pattern.ends_with('*') && parts.len() > 1 { defect.possible() } else { defect });
    };
    if service.is_empty() || resource_type.is_empty() || path.is_empty() {
        let help = format!("{help}; only region and account may be empty");
        return Some(defect("has an empty part").with_help(help));
    }
    if kind == Kind::ServiceControl && service.contains('*') {
        let help = "in a service control policy name the service: one resource for each, or `*` for all";
        return Some(defect("has a wildcard in the place of the service").with_help(help));
    }
    if !may_be_region(region) {
        let help = "write a region such as `cn-north-4`, or `*`";
        return Some(defect(&format!("has `{region}` in the place of the region")).with_help(help).possible());
    }
    if !may_be_account(account) {
        let help = "write the account's id (32 hexadecimal digits), or `*`";
        return Some(defect(&format!("has `{account}` in the place of the account")).with_help(help).possible());
    }
    let odd = odd_character(pattern, kind.version())?;
    Some(
        defect(&format!("has a character that is not documented: `{odd}`"))
            .with_help("write `*` in its place")
            .possible(),
    )
}

fn may_be_region(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_*?".contains(c))
}

fn may_be_account(text: &str) -> bool {
    let is_id = text.len() == 32 && text.chars().all(|c| c.is_ascii_hexdigit());
    text.is_empty() || text == "system" || text.contains(['*', '?', '$']) || is_id
}

/// The pages on policies (1.1) say which characters a path has; names in URNs may have any.
fn odd_character(pattern: &str, version: Version) -> Option<char> {
    let is_documented = |c: char| c.is_ascii_alphanumeric() || "-_*./\\:".contains(c);
    pattern.chars().find(|c| version == Version::V1_1 && !is_documented(*c))
}

/// A name of another cloud's.
pub(super) fn foreign(text: &str, span: Span) -> Option<Defect> {
    ["arn:", "acs:", "qcs:"]
        .iter()
        .any(|start| text.starts_with(start))
        .then(|| Defect::new(span, format!("`{}` is a name in another cloud", shown(text))))
}
