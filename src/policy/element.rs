//! The elements of an object, held against the ones that the grammar knows.

use super::{Defect, Located};
use crate::syntax::{Entry, Node};

/// An element that the grammar knows.
pub(super) struct Known {
    name: &'static str,
    required: bool,
}

impl Known {
    pub(super) const fn required(name: &'static str) -> Self {
        Self { name, required: true }
    }

    pub(super) const fn optional(name: &'static str) -> Self {
        Self { name, required: false }
    }
}

/// The entries of an object by the grammar's names.
pub(super) struct Elements<'n> {
    entries: Vec<(&'static str, &'n Entry)>,
}

impl<'n> Elements<'n> {
    /// Reads an object; unknown, misspelt, doubled and missing elements are told. An element that is right but for its
    /// casing counts as the one that was meant.
    pub(super) fn read(node: &'n Node, known: &[Known], owner: &str, defects: &mut Vec<Defect>) -> Self {
        let mut elements = Self { entries: Vec::new() };
        let Some(entries) = node.as_map() else {
            let message = format!("{owner} has to be an object, and this is {}", node.kind());
            defects.push(Defect { span: node.span, message, help: None });
            return elements;
        };
        for entry in entries {
            elements.take(entry, known, owner, defects);
        }
        for missing in known.iter().filter(|known| known.required && elements.get(known.name).is_none()) {
            defects.push(Defect {
                span: node.span,
                message: format!("{owner} has to have `{}`", missing.name),
                help: None,
            });
        }
        elements
    }

    fn take(&mut self, entry: &'n Entry, known: &[Known], owner: &str, defects: &mut Vec<Defect>) {
        let near = known.iter().find(|known| known.name.eq_ignore_ascii_case(&entry.key));
        if near.is_none_or(|near| near.name != entry.key) {
            let names: Vec<_> = known.iter().map(|known| format!("`{}`", known.name)).collect();
            defects.push(Defect {
                span: entry.key_span,
                message: format!("`{}` is no element of {owner}", entry.key),
                help: Some(near.map_or_else(
                    || format!("its elements are {}", names.join(", ")),
                    |near| format!("write `{}`", near.name),
                )),
            });
        }
        let Some(near) = near else { return };
        if self.get(near.name).is_some() {
            let message = format!("`{}` stands twice", near.name);
            defects.push(Defect { span: entry.key_span, message, help: Some(String::from("join the two")) });
            return;
        }
        self.entries.push((near.name, entry));
    }

    /// The entry of an element.
    pub(super) fn get(&self, name: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|(known, _)| *known == name).map(|(_, entry)| *entry)
    }
}

/// The texts of a list; a text without a list and values that are no texts are told.
pub(super) fn text_list(entry: &Entry, defects: &mut Vec<Defect>) -> Vec<Located<String>> {
    let nodes = entry.value.as_list().unwrap_or_else(|| {
        defects.push(Defect {
            span: entry.value.span,
            message: format!("`{}` has to be a list of texts, and this is {}", entry.key, entry.value.kind()),
            help: Some(String::from("put it into [ ]")),
        });
        entry.value.as_str().map_or(&[], |_| std::slice::from_ref(&entry.value))
    });
    let mut texts = Vec::new();
    for node in nodes {
        match node.as_str() {
            Some(text) => texts.push(Located { value: text.to_owned(), span: node.span }),
            None => defects.push(Defect {
                span: node.span,
                message: format!("each value of `{}` has to be a text, and this is {}", entry.key, node.kind()),
                help: Some(String::from("write it between quotes")),
            }),
        }
    }
    texts
}
