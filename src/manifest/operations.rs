//! `kind: Operations`: operations listed by hand, for everything that no other format covers.

use std::sync::Arc;

use super::{Call, Cause, Context, Extract, Format, Operation, Problem, UnknownCause, UnknownKind, guarded};
use crate::authz::{Known, Target};
use crate::catalog::ApiKey;
use crate::nearest::suggestion;
use crate::parallel;
use crate::policy::{Version, check_action};
use crate::source::{Place, SourceFile, Span};
use crate::syntax::{Entry, Node, yaml};

/// The explicit manifest: YAML or JSON, any number of documents.
#[derive(Debug, Clone, Copy)]
pub struct OperationsManifest;

/// So many files are worth a thread.
const MANY: usize = 8;

const API_VERSION: &str = "grantlint/v1";
const DOCUMENT_KEYS: &[&str] = &["apiVersion", "kind", "principal", "operations"];
const OPERATION_KEYS: &[&str] =
    &["api", "operation", "action", "service", "region", "project", "enterprise_project", "resource"];

impl Format for OperationsManifest {
    fn claims(&self, path: &str, text: &str) -> bool {
        let is_data = [".yaml", ".yml", ".json"].iter().any(|ending| path.ends_with(ending));
        is_data && memchr::memmem::find(text.as_bytes(), API_VERSION.as_bytes()).is_some() && has_version_key(text)
    }

    fn extract(&self, files: &[Arc<SourceFile>], context: Context<'_>) -> Vec<Extract> {
        parallel::map(files, MANY, |file| guarded(std::iter::once(file), || extract(file, context)))
    }
}

fn extract(file: &Arc<SourceFile>, context: Context<'_>) -> Extract {
    let extract = Extract { read: vec![file.path().to_owned()], ..Extract::default() };
    let mut reader = Reader { context, extract, file: Some(Arc::clone(file)) };
    reader.file(file);
    reader.extract
}

/// The version stands behind its key, and not somewhere in a text.
fn has_version_key(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start_matches(['{', ' ', '\t', '-', ',', '"', '\'']);
        line.starts_with("apiVersion") && line.contains(API_VERSION)
    })
}

struct Reader<'a> {
    context: Context<'a>,
    extract: Extract,
    file: Option<Arc<SourceFile>>,
}

impl Reader<'_> {
    fn place(&self, span: Span) -> Option<Place> {
        self.file.as_ref().map(|file| Place::new(file, span))
    }

    fn problem(&mut self, span: Span, message: impl Into<String>, help: impl Into<Option<String>>) {
        if let Some(place) = self.place(span) {
            self.extract.problems.push(Problem { place, message: message.into(), help: help.into() });
        }
    }

    fn file(&mut self, file: &SourceFile) {
        match yaml::parse(file.text()) {
            Err(error) => self.problem(error.span, format!("the file cannot be parsed: {}", error.message), None),
            Ok(documents) => documents.iter().for_each(|document| self.document(document)),
        }
    }

    fn document(&mut self, document: &Node) {
        if document.get("apiVersion").and_then(Node::as_str) != Some(API_VERSION) {
            return;
        }
        self.check_keys(document, DOCUMENT_KEYS, "an operations manifest");
        match document.entry("kind").map(|entry| &entry.value) {
            Some(kind) if kind.as_str() == Some("Operations") => {}
            Some(kind) => {
                let text = kind.scalar().unwrap_or_default();
                return self.problem(
                    kind.span,
                    format!("the kind `{text}` does not exist"),
                    String::from("write `kind: Operations`"),
                );
            }
            None => return self.problem(document.span, "`kind` is missing", String::from("write `kind: Operations`")),
        }
        let principal = document.entry("principal").and_then(|entry| self.text(entry));
        let Some(operations) = document.entry("operations") else {
            return self.problem(
                document.span,
                "`operations` is missing",
                String::from("list them under `operations:`"),
            );
        };
        let Some(list) = operations.value.as_list() else {
            let message = format!("`operations` has to be a list, and this is {}", operations.value.kind());
            return self.problem(operations.value.span, message, None);
        };
        for node in list {
            self.operation(node, principal.as_ref());
        }
    }

    fn operation(&mut self, node: &Node, principal: Option<&(String, Place)>) {
        if node.as_map().is_none() {
            let help = String::from(
                "write `- api: POST /v1/…`, `- operation: IMS CopyImageInRegion` or `- action: ims:images:list`",
            );
            return self.problem(
                node.span,
                format!("an operation has to be a mapping, and this is {}", node.kind()),
                help,
            );
        }
        self.check_keys(node, OPERATION_KEYS, "an operation");
        let target = Arc::new(self.target(node));
        let resource = node.entry("resource").and_then(|entry| self.text(entry)).map(|(text, _)| text);
        let Some((call, span)) = self.call(node) else { return };
        let Some(place) = self.place(span) else { return };
        let principal = principal.cloned();
        let cause = Arc::new(Cause { resource, place });
        let operation =
            Operation { cause, call: Arc::new(call), target, phase: None, open: None, principal, agency: None };
        self.extract.operations.push(operation);
    }

    fn call(&mut self, node: &Node) -> Option<(Call, Span)> {
        let named: Vec<&Entry> = ["api", "operation", "action"].iter().filter_map(|key| node.entry(key)).collect();
        let [entry] = named.as_slice() else {
            let message = "an operation has one of `api`, `operation` and `action`";
            self.problem(node.span, message, None);
            return None;
        };
        let (text, _) = self.text(entry)?;
        let service = node.entry("service").and_then(|entry| self.text(entry)).map(|(text, _)| text.to_lowercase());
        let call = match entry.key.as_str() {
            "api" => self.api(&text, service, entry.value.span)?,
            "operation" => self.named_operation(&text, entry.value.span)?,
            _ => self.action(&text, entry.value.span)?,
        };
        Some((call, entry.value.span))
    }

    fn api(&mut self, text: &str, service: Option<String>, span: Span) -> Option<Call> {
        match text.parse::<ApiKey>() {
            Ok(key) => Some(Call::Api { service, key, cases: Vec::new() }),
            Err(error) => {
                let help = String::from("write a method and a path: `POST /v1/cloudimages/{image_id}/copy`");
                self.problem(span, format!("`{text}` is no API: {error}"), help);
                None
            }
        }
    }

    fn action(&mut self, text: &str, span: Span) -> Option<Call> {
        let (message, help) = if text.contains('*') {
            (format!("`{text}` is a pattern"), "name the one action that is needed")
        } else if let Some(defect) = check_action(text, span, Version::V5_0) {
            (defect.message, "an action has three parts: `ims:images:copy`")
        } else {
            return Some(Call::Action(text.to_owned()));
        };
        self.problem(span, message, help.to_owned());
        None
    }

    /// `SERVICE Operation` with the names of the SDKs and of `KooCLI`, perhaps `Operation/v2`.
    fn named_operation(&mut self, text: &str, span: Span) -> Option<Call> {
        let mut words = text.split_whitespace();
        let (Some(service), Some(name), None) = (words.next(), words.next(), words.next()) else {
            let help = String::from("write service and operation: `IMS CopyImageInRegion`");
            self.problem(span, format!("`{text}` is no operation"), help);
            return None;
        };
        let (name, version) = name.split_once('/').map_or((name, None), |(name, version)| (name, Some(version)));
        let catalog = self.context.catalog;
        let found = catalog.operation(service, name, version);
        let Some(last) = found.last() else {
            let (message, help) = self.unknown_operation(service, name);
            if let Some(place) = self.place(span) {
                let cause = Cause { resource: None, place };
                let (kind, name) = (UnknownKind::Operation, format!("{service} {name}"));
                self.extract.unknown.push(UnknownCause { cause, kind, name, message, help });
            }
            return None;
        };
        let distinct = found.iter().any(|other| other.api != last.api);
        if distinct && version.is_none() {
            let versions: Vec<_> = found.iter().map(|operation| operation.version).collect();
            let help = format!("write the version: `{service} {name}/{}`", versions.join("` or `"));
            self.problem(span, format!("`{text}` is a different API in each version of the service"), help);
            return None;
        }
        Some(Call::Api {
            service: Some(last.api_service.to_owned()),
            key: last.api.clone(),
            cases: catalog.cases(last),
        })
    }

    fn unknown_operation(&self, service: &str, name: &str) -> (String, Option<String>) {
        let names = self.context.catalog.operations_of(service);
        if names.is_empty() {
            return (format!("the table does not know the operations of the service `{service}`"), None);
        }
        let near = crate::nearest::nearest(name, names);
        let help = near.map(|near| format!("did you mean `{service} {near}`?"));
        (format!("the table does not know the operation `{name}` of `{service}`"), help)
    }

    fn target(&mut self, node: &Node) -> Target {
        let mut named = |key: &str| node.entry(key).and_then(|entry| self.text(entry)).map(|(text, _)| text);
        let (region, project, enterprise_project) = (named("region"), named("project"), named("enterprise_project"));
        let region = region.or_else(|| self.context.default_region.map(str::to_owned));
        let project = project.or_else(|| region.clone());
        Target::at(
            known(region, "the operation names no region"),
            known(project, "the operation names no region or IAM project"),
            known(enterprise_project, "the operation names no enterprise project"),
        )
    }

    fn text(&mut self, entry: &Entry) -> Option<(String, Place)> {
        if let Some(text) = entry.value.scalar().filter(|text| !text.is_empty()) {
            return self.place(entry.value.span).map(|place| (text, place));
        }
        let what = if entry.value.scalar().is_some() {
            String::from("is empty")
        } else {
            format!("has to be a text, and this is {}", entry.value.kind())
        };
        self.problem(entry.value.span, format!("`{}` {what}", entry.key), None);
        None
    }

    fn check_keys(&mut self, node: &Node, known: &[&str], owner: &str) {
        for entry in node.as_map().unwrap_or_default() {
            if !known.contains(&entry.key.as_str()) {
                let message = format!("`{}` is no key of {owner}", entry.key);
                self.problem(entry.key_span, message, suggestion(&entry.key, known));
            }
        }
    }
}

fn known(value: Option<String>, why: &str) -> Known<String> {
    value.map_or_else(|| Known::Unknown(why.to_owned()), Known::Is)
}
