//! The names that a rules file may refer to while it is read.
//!
//! The YAML reader attaches a place only to mistakes that are found while it reads, and a derived
//! `Deserialize` takes no context; so the context stands beside it, for the time of one file.

use std::cell::RefCell;
use std::collections::BTreeSet;

/// Names that other files of `rules/` define. `None` where nothing is to be checked.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Vocabulary {
    pub(in super::super) when: Option<BTreeSet<String>>,
    pub(in super::super) notes: Option<BTreeSet<String>>,
    pub(in super::super) services: Option<BTreeSet<String>>,
    /// As documented: letter case counts.
    pub(in super::super) actions: Option<BTreeSet<String>>,
}

#[derive(Default)]
struct Scope {
    names: Vocabulary,
    sources: BTreeSet<String>,
    agency_services: BTreeSet<String>,
}

thread_local! {
    static SCOPE: RefCell<Scope> = RefCell::default();
}

/// Runs `read` with `names` known, and none of a former file's sources.
pub(super) fn within<T>(names: &Vocabulary, read: impl FnOnce() -> T) -> T {
    let scope = Scope { names: names.clone(), ..Scope::default() };
    SCOPE.with(|cell| cell.replace(scope));
    let result = read();
    SCOPE.with(|cell| cell.replace(Scope::default()));
    result
}

/// Makes a source id known for the rest of the file.
pub(super) fn add_source(id: &str) {
    SCOPE.with_borrow_mut(|scope| scope.sources.insert(id.to_owned()));
}

/// Makes a service known, by which the rest of the file may say whom agencies have to trust.
pub(super) fn add_agency_service(code: &str) {
    SCOPE.with_borrow_mut(|scope| scope.agency_services.insert(code.to_owned()));
}

/// Makes a `when` code known for the rest of the file.
pub(super) fn add_when(code: &str) {
    SCOPE.with_borrow_mut(|scope| {
        if let Some(known) = &mut scope.names.when {
            known.insert(code.to_owned());
        }
    });
}

pub(super) fn check_when(code: &str) -> Result<(), String> {
    SCOPE.with_borrow(|scope| {
        known(scope.names.when.as_ref(), code, || {
            format!("unknown `when` code `{code}`: add it with its meaning to rules/when.yaml")
        })
    })
}

pub(super) fn check_note(code: &str) -> Result<(), String> {
    SCOPE.with_borrow(|scope| {
        known(scope.names.notes.as_ref(), code, || {
            format!("unknown note `{code}`: add it with its meaning to rules/when.yaml")
        })
    })
}

pub(super) fn check_service(code: &str) -> Result<(), String> {
    if code.is_empty() || code.chars().any(|c| c.is_ascii_uppercase() || c.is_whitespace()) {
        return Err(format!("`{code}` is no service code: write it in lower case, without spaces"));
    }
    SCOPE.with_borrow(|scope| {
        known(scope.names.services.as_ref(), code, || {
            format!("unknown service `{code}`: add it to rules/services.yaml")
        })
    })
}

/// `services:` of the file says how those name the service who trust it.
pub(super) fn check_agency_service(code: &str) -> Result<(), String> {
    check_service(code)?;
    SCOPE.with_borrow(|scope| {
        known(Some(&scope.agency_services), code, || {
            format!("unknown service `{code}`: `services:` must stand above and say how it is named")
        })
    })
}

/// The action is one that a row or a page names.
pub(super) fn check_listed(action: &str) -> Result<(), String> {
    SCOPE.with_borrow(|scope| {
        known(scope.names.actions.as_ref(), action, || {
            format!(
                "the table names no action `{action}`: mend it, or say why it is right all the same, \
                 `{{ action: {action}, unlisted: … }}`"
            )
        })
    })
}

/// The action is one that no row and no page names.
pub(super) fn check_unlisted(action: &str) -> Result<(), String> {
    if action.contains('*') {
        return Err(format!("`{action}` is a pattern: name each action"));
    }
    let is_listed =
        SCOPE.with_borrow(|scope| scope.names.actions.as_ref().is_some_and(|actions| actions.contains(action)));
    if is_listed { Err(format!("the table names the action `{action}`: leave `unlisted` out")) } else { Ok(()) }
}

pub(super) fn check_source(id: &str) -> Result<(), String> {
    SCOPE.with_borrow(|scope| {
        known(Some(&scope.sources), id, || {
            let ids: Vec<&str> = scope.sources.iter().map(String::as_str).collect();
            match ids.as_slice() {
                [] => format!("unknown source `{id}`: `sources:` must stand above and define it"),
                _ => format!("unknown source `{id}`: `sources:` defines {}", ids.join(", ")),
            }
        })
    })
}

fn known(names: Option<&BTreeSet<String>>, name: &str, message: impl FnOnce() -> String) -> Result<(), String> {
    match names {
        Some(names) if !names.contains(name) => Err(message()),
        _ => Ok(()),
    }
}
