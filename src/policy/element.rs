//! The elements of an object, held against the ones that the grammar knows.

use super::{Defect, Located};
use crate::nearest::{listed, nearest, nearest_few};
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};

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

/// Elements that only some kinds of documents have, what to do about one elsewhere, and whether IAM refuses it there
/// for certain: IAM itself writes `Depends` into the policies that it lists.
const ELSEWHERE: &[(&str, &str, bool)] = &[
    ("NotAction", "only identity policies (5.0) have it: list what is meant in `Action`", true),
    ("NotResource", "only identity policies (5.0) have it: list what is meant in `Resource`", true),
    ("Sid", "only statements of version 5.0 have an id; remove it", false),
    (
        "Principal",
        "only trust policies (5.0) have it, in every statement; who holds a policy is said where it is attached",
        true,
    ),
    (
        "NotPrincipal",
        "only trust policies (5.0) have it, in every statement; who holds a policy is said where it is attached",
        true,
    ),
    ("Depends", "only roles (1.0) have dependencies; remove it", false),
];

/// The entries of an object by the grammar's names.
pub(super) struct Elements<'n> {
    entries: Vec<(&'static str, &'n Entry)>,
}

/// Elements that count as absent where they are `null`.
const NULL_IS_ABSENT: [&str; 2] = ["Condition", "Resource"];

impl<'n> Elements<'n> {
    /// Reads an object; unknown, misspelt, doubled and missing elements are told. A misspelt element counts as the one
    /// that was meant; of two that are spelt alike the last counts, as readers of JSON have it.
    pub(super) fn read(node: &'n Node, known: &[Known], owner: &str, defects: &mut Vec<Defect>) -> Self {
        let mut elements = Self { entries: Vec::new() };
        let Some(entries) = node.as_map() else {
            if !is_open(node) {
                let message = format!("{owner} has to be an object, and this is {}", node.kind());
                defects.push(Defect::new(node.span, message));
            }
            return elements;
        };
        let is_right = |entry: &&Entry| known.iter().any(|known| known.name == entry.key);
        for entry in entries.iter().filter(is_right) {
            elements.take(entry, known, defects);
        }
        for entry in entries.iter().filter(|entry| !is_right(entry)) {
            elements.take_misspelt(entry, known, owner, defects);
        }
        for missing in known.iter().filter(|known| known.required && elements.get(known.name).is_none()) {
            defects.push(Defect::new(node.span, format!("{owner} has to have `{}`", missing.name)));
        }
        elements
    }

    fn take(&mut self, entry: &'n Entry, known: &[Known], defects: &mut Vec<Defect>) {
        let Some(known) = known.iter().find(|known| known.name == entry.key) else { return };
        // IAM itself writes so, in what it answers, that a statement does not have the element.
        if entry.value.value == Value::Null && NULL_IS_ABSENT.contains(&known.name) {
            return;
        }
        match self.entries.iter_mut().find(|(name, _)| *name == known.name) {
            None => self.entries.push((known.name, entry)),
            Some(taken) => {
                defects.push(twice(entry));
                taken.1 = entry;
            }
        }
    }

    fn take_misspelt(&mut self, entry: &'n Entry, known: &[Known], owner: &str, defects: &mut Vec<Defect>) {
        let defect = Defect::new(entry.key_span, format!("`{}` is no element of {owner}", entry.key));
        let meant = nearest(&entry.key, known.iter().map(|known| known.name));
        let elsewhere = ELSEWHERE.iter().find(|(name, ..)| *name == entry.key);
        let (Some(meant), None) = (known.iter().find(|known| Some(known.name) == meant), elsewhere) else {
            defects.push(match elsewhere {
                Some((_, help, true)) => defect.with_help(*help),
                Some((_, help, false)) => defect.with_help(*help).possible(),
                None => {
                    let names: Vec<_> = known.iter().map(|known| known.name).collect();
                    defect.with_help(format!("its elements are {}", listed(&names)))
                }
            });
            return;
        };
        if self.get(meant.name).is_some() {
            defects.push(defect.with_help(format!("remove it: `{}` stands there already", meant.name)));
            return;
        }
        let defect = defect.with_help(format!("write `{}`", meant.name));
        let is_sole = nearest_few(&entry.key, known.iter().map(|known| known.name), 2).len() == 1;
        defects.push(if is_sole { defect.meaning(&entry.key, meant.name) } else { defect });
        self.entries.push((meant.name, entry));
    }

    /// The entry of an element.
    pub(super) fn get(&self, name: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|(known, _)| *known == name).map(|(_, entry)| *entry)
    }
}

/// A key that stands a second time in its object.
pub(super) fn twice(entry: &Entry) -> Defect {
    let message = format!("`{}` stands twice, and only one of the two counts", entry.key);
    Defect::new(entry.key_span, message).with_help("join the two")
}

/// Two elements of which a statement has one.
pub(super) fn exclusive(entry: &Entry, one: &str, other: &str) -> Defect {
    let message = format!("`{one}` and `{other}` exclude each other");
    Defect::new(entry.key_span, message).with_help("split the statement in two")
}

/// Only a run could tell the value.
pub(super) fn is_open(node: &Node) -> bool {
    matches!(node.value, Value::Unknown(_))
}

/// What stands for a text that only a run could tell: a policy variable of its own, which settles nothing.
pub(super) fn open(span: Span) -> Located<String> {
    Located { value: format!("${{{}}}", span.start), span }
}

/// The text is what stands for one that only a run could tell.
pub(super) fn is_unknown(text: &Located<String>) -> bool {
    *text == open(text.span)
}

/// The text of an entry; a value that is none is told.
pub(super) fn text(entry: &Entry, defects: &mut Vec<Defect>) -> Option<Located<String>> {
    let node = &entry.value;
    if let Some(text) = node.as_str() {
        return Some(Located { value: text.to_owned(), span: node.span });
    }
    if !is_open(node) {
        let message = format!("`{}` has to be a text, and this is {}", entry.key, node.kind());
        defects.push(Defect::new(node.span, message));
    }
    None
}

/// The texts of a list; a text without a list and values that are no texts are told. What only a run could tell is
/// [`open`].
pub(super) fn text_list(entry: &Entry, defects: &mut Vec<Defect>) -> Vec<Located<String>> {
    let Some(nodes) = entry.value.as_list() else {
        if is_open(&entry.value) {
            return vec![open(entry.value.span)];
        }
        let message = format!("`{}` has to be a list of texts, and this is {}", entry.key, entry.value.kind());
        defects.push(Defect::new(entry.value.span, message).with_help("put it into [ ]"));
        let text = entry.value.as_str();
        return text.map(|text| Located { value: text.to_owned(), span: entry.value.span }).into_iter().collect();
    };
    let mut texts = Vec::with_capacity(nodes.len());
    for node in nodes {
        if let Some(text) = node.as_str() {
            texts.push(Located { value: text.to_owned(), span: node.span });
        } else if is_open(node) {
            texts.push(open(node.span));
        } else {
            let message = format!("each value of `{}` has to be a text, and this is {}", entry.key, node.kind());
            defects.push(Defect::new(node.span, message).with_help("write it between quotes"));
        }
    }
    texts
}

/// The list is there and holds nothing.
pub(super) fn is_empty_list(entry: &Entry) -> bool {
    entry.value.as_list().is_some_and(<[Node]>::is_empty)
}
