//! What a person has to know beside the needs: what is not known, what could not be named, what deserves care.

use super::counted;
use crate::nearest::listed;
use crate::require::{Level, Policies, Ready, Required, Summary};

/// So many names stand in one note.
const SHOWN: usize = 6;

/// What is not known of the needs.
pub fn notes(required: &Required) -> Vec<String> {
    let summary = &required.summary;
    let mut notes = Vec::new();
    if summary.operations == 0 && summary.unreadable == 0 {
        notes.push(String::from("nothing is needed: no manifest causes an operation in these phases"));
    }
    if summary.unchecked > 0 {
        let things = counted(summary.unchecked, "operation");
        let of = summary.operations;
        notes.push(format!(
            "not complete: what {things} of {of} needs is not known; `--format json` lists them, `grantlint check` \
             tells why"
        ));
    }
    if let Some(first) = required.unreadable.first() {
        let at = format!("{}:{}:{}", first.location.path, first.location.line, first.location.column);
        let places = counted(summary.unreadable, "place");
        notes.push(format!("not complete: {places} cannot be read, the first at {at}: {}", first.message));
    }
    notes
}

/// What is to be said of policies: what each is for, and what they leave out.
pub fn policy_notes(required: &Required, policies: &Policies) -> Vec<String> {
    let mut notes = Vec::new();
    for role in &required.roles {
        let places = counted(role.uses.len(), "call");
        let role = role.any.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
        notes.push(format!("to be granted beside: the role {role}, which no custom policy can hold ({places})"));
    }
    if !policies.unnamed.is_empty() {
        let names: Vec<&str> = policies.unnamed.iter().map(String::as_str).collect();
        let (first, rest) = names.split_at_checked(SHOWN).unwrap_or((&names, &[]));
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        let grammar = policies.grammar.named();
        notes.push(format!(
            "left out: the table does not know how {grammar} name {}{more}; `--format json` has all",
            listed(first)
        ));
    }
    if policies.policies.is_empty() {
        if !required.actions.is_empty() {
            notes.push(String::from("no policy is made: nothing that is needed has a name that the table knows"));
        }
        return notes;
    }
    notes.extend(included(&required.summary));
    if policies.policies.iter().any(|policy| policy.name.starts_with("object-storage")) {
        notes
            .push(String::from("object storage needs its two policies together: the one for each level, both granted"));
    }
    notes
}

/// What is in the policies that not every run needs.
fn included(summary: &Summary) -> Option<String> {
    let possible = (summary.sometimes, format!("{} that are only possible", counted(summary.sometimes, "action")));
    let dependencies = (summary.dependencies, counted(summary.dependencies, "dependency"));
    let parts: Vec<String> =
        [possible, dependencies].into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
    (!parts.is_empty()).then(|| format!("included: {}; `--certain-only` leaves that out", parts.join(" and ")))
}

/// What a policy is for, in a sentence.
pub fn policy_purpose(policy: &Ready) -> String {
    let level = match policy.level {
        Level::ProjectLevel => "for project-level services",
        Level::Global => "for global services",
        Level::Identity => "an identity policy",
    };
    let actions = counted(policy.document.actions(), "action");
    if policy.lets.is_empty() {
        return format!("{level}, {actions}");
    }
    let lets = policy.lets.join("; ");
    format!("{level}, {actions}, for administrators only: lets its holder {lets}")
}
