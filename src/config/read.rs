//! From the tree of a `grantlint.yaml` to a [`Config`].

use std::path::PathBuf;
use std::sync::Arc;

use super::schema::Reader;
use super::{Config, Ignore, Mistake};
use crate::nearest::suggestion;
use crate::severity::Level;
use crate::source::SourceFile;
use crate::syntax::{Entry, Node, yaml};

const TOP: &[&str] = &["account", "organization", "principals", "exclude", "rules", "ignore", "catalog"];
const ACCOUNT: &[&str] = &["enterprise_projects", "default_region"];
const IGNORE: &[&str] = &["rule", "action", "path", "principal", "resource", "reason", "expires"];

/// Reads a configuration, or tells every mistake in it.
pub(super) fn read(file: &Arc<SourceFile>, root: PathBuf, rules: &[&str]) -> Result<Config, Vec<Mistake>> {
    let mut reader = Reader { file: Arc::clone(file), mistakes: Vec::new() };
    let mut config = Config { root, file: Some(Arc::clone(file)), ..Config::default() };
    match yaml::parse(file.text()) {
        Err(error) => reader.mistake(error.span, format!("the file is no YAML: {}", error.message), None),
        Ok(documents) => {
            if let Some(second) = documents.get(1) {
                reader.mistake(
                    second.span,
                    "a configuration is one document",
                    String::from("remove `---` and what follows"),
                );
            }
            if let Some(document) = documents.first() {
                reader.document(document, rules, &mut config);
            }
        }
    }
    reader.mistakes.sort();
    if reader.mistakes.is_empty() { Ok(config) } else { Err(reader.mistakes) }
}

impl Reader {
    fn document(&mut self, document: &Node, rules: &[&str], config: &mut Config) {
        for entry in self.keys(document, "the configuration", TOP) {
            match entry.key.as_str() {
                "account" => self.account(entry, config),
                "organization" => {
                    config.organization = self.list(entry).iter().filter_map(|node| self.level(node)).collect();
                }
                "principals" => config.principals = self.principals(entry),
                "exclude" => config.exclude = self.globs(entry, true),
                "rules" => self.levels(entry, rules, config),
                "ignore" => {
                    config.ignore = self.list(entry).iter().filter_map(|node| self.ignore(node, rules)).collect();
                }
                "catalog" => self.catalog(entry, config),
                _ => {}
            }
        }
        self.check_principals_of_ignores(config);
    }

    fn account(&mut self, account: &Entry, config: &mut Config) {
        for entry in self.keys(&account.value, "`account`", ACCOUNT) {
            match entry.key.as_str() {
                "enterprise_projects" => config.account.enterprise_projects = self.truth(entry),
                "default_region" => config.default_region = self.entry_text(entry),
                _ => {}
            }
        }
    }

    fn levels(&mut self, levels: &Entry, rules: &[&str], config: &mut Config) {
        for entry in self.mapping(&levels.value, "`rules`") {
            if !self.is_rule(&entry.key, entry.key_span, rules) {
                continue;
            }
            let text = entry.value.scalar().unwrap_or_default();
            // YAML 1.1 habits: an unquoted `off` is a text here and a truth value elsewhere.
            let text = if text == "false" { "off" } else { &text };
            match text.parse::<Level>() {
                Ok(level) => {
                    config.rules.insert(entry.key.clone(), level);
                }
                Err(error) => self.mistake(entry.value.span, error.to_string(), None),
            }
        }
    }

    fn is_rule(&mut self, name: &str, span: crate::source::Span, rules: &[&str]) -> bool {
        let exists = rules.contains(&name);
        if !exists {
            self.mistake(span, format!("there is no rule `{name}`"), suggestion(name, rules));
        }
        exists
    }

    fn ignore(&mut self, node: &Node, rules: &[&str]) -> Option<Ignore> {
        let mut read = Ignore {
            rule: None,
            action: None,
            path: None,
            principal: None,
            resource: None,
            reason: String::new(),
            expires: None,
            place: self.place(node.span),
        };
        for entry in self.keys(node, "an `ignore` entry", IGNORE) {
            match entry.key.as_str() {
                "rule" => {
                    read.rule = self.entry_text(entry).filter(|name| self.is_rule(name, entry.value.span, rules));
                }
                "action" => read.action = self.matcher(entry),
                "path" => read.path = self.matcher(entry),
                "principal" => read.principal = self.entry_text(entry),
                "resource" => read.resource = self.entry_text(entry),
                "reason" => read.reason = self.entry_text(entry).unwrap_or_default(),
                "expires" => read.expires = self.date(entry),
                _ => {}
            }
        }
        if node.as_map().is_some() && node.get("reason").is_none() {
            self.mistake(
                node.span,
                "an `ignore` entry has to have `reason`",
                String::from("say why the finding is accepted"),
            );
        }
        (!read.reason.is_empty()).then_some(read)
    }

    fn date(&mut self, entry: &Entry) -> Option<jiff::civil::Date> {
        let text = self.entry_text(entry)?;
        let date = text.parse().ok();
        if date.is_none() {
            self.mistake(
                entry.value.span,
                format!("`{text}` is no day"),
                String::from("write a day such as 2027-06-30"),
            );
        }
        date
    }

    fn check_principals_of_ignores(&mut self, config: &Config) {
        let names: Vec<&str> = config.principals.iter().map(|principal| principal.name.as_str()).collect();
        for ignore in &config.ignore {
            let unknown = ignore.principal.as_deref().filter(|name| !names.is_empty() && !names.contains(name));
            if let Some(name) = unknown {
                self.mistake(ignore.place.span, format!("there is no principal `{name}`"), suggestion(name, &names));
            }
        }
    }

    fn catalog(&mut self, catalog: &Entry, config: &mut Config) {
        for entry in self.keys(&catalog.value, "`catalog`", &["extend"]) {
            if entry.key == "extend" {
                let texts = self.texts(entry);
                config.extend = texts.into_iter().map(|(text, span)| (text, self.place(span))).collect();
            }
        }
    }
}
