//! `catalog check`: what an extension changes, and what its writer may not have meant.

use std::sync::Arc;

use serde::Serialize;

use super::inventory::near_service;
use crate::catalog::{Api, ApiKey, Catalog, Need, Operation, Scopes, TableError, TerraformKind};
use crate::severity::Severity;
use crate::source::{Place, SourceFile, Span};
use crate::syntax::{Entry, Node, yaml};

/// What is said of an extension.
#[derive(Debug, Clone)]
pub struct Remark {
    /// What it is about.
    pub kind: RemarkKind,
    /// The message.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// Where.
    pub place: Place,
}

/// What a remark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemarkKind {
    /// The file has a mistake and cannot be used.
    Mistake,
    /// A service that the table does not know.
    UnknownService,
    /// A source without the date of its last change.
    UndatedSource,
    /// An entry takes the place of one that is there.
    Override,
}

impl RemarkKind {
    /// How serious it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::Mistake => Severity::Error,
            Self::UnknownService | Self::UndatedSource => Severity::Warning,
            Self::Override => Severity::Note,
        }
    }

    /// The kind as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mistake => "mistake",
            Self::UnknownService => "unknown-service",
            Self::UndatedSource => "undated-source",
            Self::Override => "override",
        }
    }
}

/// Checks one extension and adds it to the catalog if it has no mistake. What it says is held against what the catalog
/// has so far. The remarks are in the order of the text.
pub fn examine(catalog: &mut Catalog, file: &Arc<SourceFile>) -> Vec<Remark> {
    let mut extended = catalog.clone();
    if let Err(errors) = extended.extend(file.path(), file.text()) {
        return errors.iter().map(|error| mistake(file, error)).collect();
    }
    let mut examination = Examination { file, before: catalog, after: &extended, remarks: Vec::new() };
    if let Ok(documents) = yaml::parse(file.text()) {
        for document in &documents {
            examination.document(document);
        }
    }
    let mut remarks = examination.remarks;
    remarks.sort_by_key(|remark| remark.place.span);
    *catalog = extended;
    remarks
}

fn mistake(file: &Arc<SourceFile>, error: &TableError) -> Remark {
    let span = span_at(file.text(), error.line, error.column);
    // A message that says the way out says it behind a colon.
    let (message, help) = match error.message.rsplit_once(": ") {
        Some((message, help)) if is_way_out(help) => (message.to_owned(), Some(help.to_owned())),
        _ => (error.message.clone(), None),
    };
    Remark { kind: RemarkKind::Mistake, message, help, place: Place::new(file, span) }
}

fn is_way_out(text: &str) -> bool {
    ["write ", "add ", "merge ", "only "].iter().any(|start| text.starts_with(start))
}

/// The rest of the line at a place, both counted from 1.
fn span_at(text: &str, line: usize, column: usize) -> Span {
    let mut start = 0;
    for (index, own) in text.split_inclusive('\n').enumerate() {
        if index + 1 == line {
            let content = own.trim_end();
            let offset = content.char_indices().nth(column.saturating_sub(1)).map_or(content.len(), |(at, _)| at);
            return Span::new(start + offset, start + content.len());
        }
        start += own.len();
    }
    Span::new(text.len(), text.len())
}

struct Examination<'e> {
    file: &'e Arc<SourceFile>,
    before: &'e Catalog,
    after: &'e Catalog,
    remarks: Vec<Remark>,
}

impl Examination<'_> {
    fn remark(&mut self, kind: RemarkKind, span: Span, message: String, help: Option<String>) {
        self.remarks.push(Remark { kind, message, help, place: Place::new(self.file, span) });
    }

    fn document(&mut self, document: &Node) {
        let service = document.get("service").and_then(Node::as_str).unwrap_or_default();
        if let Some(node) = document.get("service") {
            self.service(node);
        }
        self.sources(document);
        for entry in entries(document, "apis") {
            self.api(service, entry);
        }
        for entry in entries(document, "actions") {
            self.identity(entry);
        }
        for (key, kind) in [("resources", TerraformKind::Resource), ("data", TerraformKind::Data)] {
            for entry in entries(document, key) {
                self.terraform(kind, entry);
                let calls = entry.value.get("calls").and_then(Node::as_list).unwrap_or_default();
                for service in calls.iter().filter_map(|call| call.get("service")) {
                    self.service(service);
                }
            }
        }
        for version in entries(document, "versions") {
            for entry in version.value.as_map().unwrap_or_default() {
                self.operation(service, &version.key, entry);
            }
        }
        for policy in document.get("policies").and_then(Node::as_list).unwrap_or_default() {
            self.policy(policy);
        }
    }

    fn service(&mut self, node: &Node) {
        let Some(code) = node.as_str() else { return };
        if self.before.service(code).is_some() {
            return;
        }
        let help = match near_service(self.before, code) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                String::from("a service of your own is fine; its APIs are found where a manifest names the service")
            }
        };
        let message = format!("the table does not know the service `{code}`");
        self.remark(RemarkKind::UnknownService, node.span, message, Some(help));
    }

    fn sources(&mut self, document: &Node) {
        let one = document.entry("source").into_iter().filter(|entry| entry.value.as_map().is_some());
        let undated: Vec<&Entry> = entries(document, "sources")
            .iter()
            .chain(one)
            .filter(|source| source.value.get("date").is_none())
            .collect();
        for source in undated {
            let message = match source.key.as_str() {
                "source" => String::from("the source has no date"),
                id => format!("the source `{id}` has no date"),
            };
            let help = String::from("say when the document was last changed: `date: 2026-01-31`");
            self.remark(RemarkKind::UndatedSource, source.key_span, message, Some(help));
        }
    }

    fn overrides(&mut self, span: Span, what: &str, older: Option<&str>, changes: &[String]) {
        let place = older.map_or_else(|| String::from("the table"), |file| format!("`{file}`"));
        let message = format!("{what} takes the place of the one in {place}");
        let help = if changes.is_empty() { String::from("it says the same") } else { changes.join("\n") };
        self.remark(RemarkKind::Override, span, message, Some(help));
    }

    fn api(&mut self, service: &str, entry: &Entry) {
        let Ok(key) = entry.key.parse::<ApiKey>() else { return };
        let (before, after) = (self.before, self.after);
        if let (Some(old), Some(new)) = (before.row(service, &key), after.row(service, &key)) {
            let changes = api_changes(&old.entry, &new.entry);
            self.overrides(entry.key_span, &format!("`{}`", entry.key), old.extension, &changes);
        }
    }

    fn identity(&mut self, entry: &Entry) {
        let (before, after) = (self.before, self.after);
        let both = before.identity_action(&entry.key).zip(after.identity_action(&entry.key));
        let Some((old, new)) = both else { return };
        let mut changes = Vec::new();
        let level =
            |access: Option<crate::catalog::AccessLevel>| access.map_or("-", |access| access.as_str()).to_owned();
        change(&mut changes, "access", &level(old.access), &level(new.access));
        let kinds = |action: &crate::catalog::IdentityAction<'_>| list(action.resources.iter().map(|one| one.kind));
        change(&mut changes, "resources", &kinds(&old), &kinds(&new));
        change(&mut changes, "conditions", &list(old.conditions), &list(new.conditions));
        change(&mut changes, "aliases", &list(old.aliases), &list(new.aliases));
        self.overrides(entry.key_span, &format!("`{}`", entry.key), None, &changes);
    }

    fn terraform(&mut self, kind: TerraformKind, entry: &Entry) {
        let (before, after) = (self.before, self.after);
        let both = before.terraform(kind, &entry.key).zip(after.terraform(kind, &entry.key));
        let Some((old, new)) = both else { return };
        let mut changes = Vec::new();
        let calls = |entry: &crate::catalog::TerraformType<'_>| -> Vec<String> {
            entry.calls.iter().map(|call| format!("{} {}", call.service, call.api)).collect()
        };
        let (old_calls, new_calls) = (calls(&old), calls(&new));
        let added = new_calls.iter().filter(|call| !old_calls.contains(call)).map(|call| format!("calls: + {call}"));
        let gone = old_calls.iter().filter(|call| !new_calls.contains(call)).map(|call| format!("calls: - {call}"));
        changes.extend(gone.chain(added));
        if changes.is_empty() && old.calls != new.calls {
            changes.push(String::from("the same calls, under other conditions"));
        }
        self.overrides(entry.key_span, &format!("`{}`", entry.key), None, &changes);
    }

    fn operation(&mut self, service: &str, version: &str, entry: &Entry) {
        let (before, after) = (self.before, self.after);
        let one = |catalog: &Catalog| -> Option<String> {
            let found = catalog.operation(service, &entry.key, Some(version));
            found.first().map(|operation: &Operation<'_>| operation.api.to_string())
        };
        let Some((old, new)) = one(before).zip(one(after)) else { return };
        let mut changes = Vec::new();
        change(&mut changes, "api", &old, &new);
        self.overrides(entry.key_span, &format!("`{}/{version}`", entry.key), None, &changes);
    }

    fn policy(&mut self, policy: &Node) {
        let Some(node) = policy.get("name") else { return };
        let Some(name) = node.as_str() else { return };
        let (before, after) = (self.before, self.after);
        let both = before.policy(name).zip(after.policy(name)).filter(|(old, _)| old.name == name);
        let Some((old, new)) = both else { return };
        let mut changes = Vec::new();
        change(&mut changes, "allow", &list(old.allow), &list(new.allow));
        change(&mut changes, "deny", &list(old.deny), &list(new.deny));
        change(&mut changes, "assumed", &list(old.assumed), &list(new.assumed));
        change(&mut changes, "depends", &list(old.depends), &list(new.depends));
        self.overrides(node.span, &format!("`{name}`"), None, &changes);
    }
}

fn entries<'n>(document: &'n Node, key: &str) -> &'n [Entry] {
    document.get(key).and_then(Node::as_map).unwrap_or_default()
}

fn api_changes(old: &Api<'_>, new: &Api<'_>) -> Vec<String> {
    let mut changes = Vec::new();
    let needs = |needs: &[Need<'_>]| {
        list(needs.iter().map(|need| match need.when {
            Some(when) => format!("{} (when {when})", need.action),
            None => need.action.to_owned(),
        }))
    };
    let depends = |api: &Api<'_>| list(api.depends.iter().map(|one| one.action));
    let roles = |api: &Api<'_>| list(api.roles.iter().map(|role| role.any.join(" or ")));
    change(&mut changes, "actions", &needs(&old.actions), &needs(&new.actions));
    change(&mut changes, "identity", &needs(&old.identity), &needs(&new.identity));
    change(&mut changes, "depends", &depends(old), &depends(new));
    change(&mut changes, "roles", &roles(old), &roles(new));
    change(&mut changes, "scopes", &columns(old.scopes), &columns(new.scopes));
    change(&mut changes, "deprecated", &old.deprecated.to_string(), &new.deprecated.to_string());
    changes
}

fn columns(scopes: Scopes) -> String {
    let word = |column: Option<bool>| match column {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    format!("project {}, enterprise project {}", word(scopes.project), word(scopes.enterprise_project))
}

fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<T> = items.into_iter().collect();
    if items.is_empty() {
        return String::from("none");
    }
    items.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ")
}

fn change(changes: &mut Vec<String>, what: &str, old: &str, new: &str) {
    if old != new {
        changes.push(format!("{what}: {old} → {new}"));
    }
}
