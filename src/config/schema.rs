//! Reading keys and values of a configuration, with a mistake for each that is not as it should be.

use std::sync::Arc;

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

use super::Mistake;
use crate::nearest::suggestion;
use crate::source::{Place, SourceFile, Span};
use crate::syntax::{Entry, Node, Value};

/// Reads values and collects mistakes.
pub(super) struct Reader {
    pub(super) file: Arc<SourceFile>,
    pub(super) mistakes: Vec<Mistake>,
}

impl Reader {
    pub(super) fn mistake(&mut self, span: Span, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.mistakes.push(Mistake { span, message: message.into(), help: help.into() });
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place::new(&self.file, span)
    }

    /// The entries of a mapping whose keys are known; unknown and doubled keys are mistakes.
    pub(super) fn keys<'n>(&mut self, node: &'n Node, owner: &str, known: &[&str]) -> &'n [Entry] {
        let entries = self.mapping(node, owner);
        for (index, entry) in entries.iter().enumerate() {
            if !known.contains(&entry.key.as_str()) {
                let help = suggestion(&entry.key, known);
                self.mistake(entry.key_span, format!("`{}` is no key of {owner}", entry.key), help);
            }
            self.check_doubled(entries.get(..index).unwrap_or_default(), entry);
        }
        entries
    }

    pub(super) fn check_doubled(&mut self, before: &[Entry], entry: &Entry) {
        if before.iter().any(|other| other.key == entry.key) {
            self.mistake(entry.key_span, format!("`{}` stands twice", entry.key), String::from("join the two"));
        }
    }

    pub(super) fn mapping<'n>(&mut self, node: &'n Node, owner: &str) -> &'n [Entry] {
        match &node.value {
            Value::Map(entries) => entries,
            Value::Null => &[],
            _ => {
                self.mistake(node.span, format!("{owner} has to be a mapping, and this is {}", node.kind()), None);
                &[]
            }
        }
    }

    pub(super) fn list<'n>(&mut self, entry: &'n Entry) -> &'n [Node] {
        match &entry.value.value {
            Value::List(items) => items,
            Value::Null => &[],
            _ => {
                let message = format!("`{}` has to be a list, and this is {}", entry.key, entry.value.kind());
                self.mistake(entry.value.span, message, String::from("put it into [ ]"));
                &[]
            }
        }
    }

    pub(super) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        match node.scalar() {
            Some(text) if !text.trim().is_empty() => Some(text),
            Some(_) => {
                self.mistake(node.span, format!("{what} is empty"), None);
                None
            }
            None => {
                self.mistake(node.span, format!("{what} has to be a text, and this is {}", node.kind()), None);
                None
            }
        }
    }

    pub(super) fn entry_text(&mut self, entry: &Entry) -> Option<String> {
        self.text(&entry.value, &format!("`{}`", entry.key))
    }

    pub(super) fn texts(&mut self, entry: &Entry) -> Vec<(String, Span)> {
        let what = format!("each value of `{}`", entry.key);
        self.list(entry).iter().filter_map(|node| Some((self.text(node, &what)?, node.span))).collect()
    }

    pub(super) fn truth(&mut self, entry: &Entry) -> Option<bool> {
        if let Value::Bool(truth) = entry.value.value {
            return Some(truth);
        }
        let message = format!("`{}` is true or false, and this is {}", entry.key, entry.value.kind());
        self.mistake(entry.value.span, message, None);
        None
    }

    /// Globs over files. One without a folder, such as `*.tf`, is for files of every folder where `anywhere` is set.
    pub(super) fn globs(&mut self, entry: &Entry, anywhere: bool) -> GlobSet {
        let mut set = GlobSetBuilder::new();
        for (text, span) in self.texts(entry) {
            // A folder stands for all that is in it, however it is written.
            let text = text.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
            if text.starts_with('!') {
                self.mistake(span, format!("`{text}` takes nothing back"), String::from("write what is left out only"));
                continue;
            }
            if self.glob(text, span).is_none() {
                continue;
            }
            let text = if anywhere && !text.contains('/') { format!("**/{text}") } else { text.to_owned() };
            for glob in [text.clone(), format!("{text}/**")] {
                if let Some(glob) = self.glob(&glob, span) {
                    set.add(glob);
                }
            }
        }
        set.build().unwrap_or_default()
    }

    pub(super) fn matcher(&mut self, entry: &Entry) -> Option<GlobMatcher> {
        let text = self.entry_text(entry)?;
        self.glob(&text, entry.value.span).map(|glob| glob.compile_matcher())
    }

    /// `*` stays within a folder, `**` does not.
    fn glob(&mut self, text: &str, span: Span) -> Option<Glob> {
        match GlobBuilder::new(text).literal_separator(true).build() {
            Ok(glob) => Some(glob),
            Err(error) => {
                self.mistake(span, format!("`{text}` is no glob: {}", error.kind()), None);
                None
            }
        }
    }
}
