//! From a value to the policy document in it, located in the file where it is written.

use std::sync::Arc;

use crate::manifest::Problem;
use crate::manifest::terraform::language::{Item, Made, Origin, Part, Unknown, Value};
use crate::source::{Place, SourceFile, Span};
use crate::syntax::json::{self, Departure};
use crate::syntax::{self, Entry, Node};

/// Stands in a text for what only a run could tell.
const MARK: char = '\u{e000}';

/// A document with the file that it is written in.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) file: Arc<SourceFile>,
    pub(super) node: Node,
    pub(super) departures: Vec<Departure>,
    pub(super) is_whole_file: bool,
}

/// Why there is no document.
#[derive(Debug)]
pub(super) enum NoDocument {
    /// Only a run could tell it.
    Open,
    /// It is no JSON.
    Broken(Problem),
}

/// The document that a value holds, as JSON text or made by `jsonencode`.
pub(super) fn document(item: &Item, file: impl Fn(u32) -> Option<Arc<SourceFile>>) -> Result<Document, NoDocument> {
    let made = match &item.value {
        Value::String(text) => text.made.as_deref(),
        Value::Unknown(why) => why.made.as_deref(),
        _ => None,
    };
    if let Some(Made::Json(inner)) = made {
        let origin = if inner.origin.file == 0 { item.origin } else { inner.origin };
        let Some(file) = file(origin.file) else { return Err(NoDocument::Open) };
        let node = encoded(inner, origin.file, origin.span);
        return Ok(Document { file, node, departures: Vec::new(), is_whole_file: false });
    }
    let pieces = match (made, &item.value) {
        (Some(Made::Of(parts)), _) => parts.clone(),
        (Some(Made::As(origin)), Value::String(text)) => vec![literal(&text.text, *origin)],
        (None, Value::String(text)) => vec![literal(&text.text, item.origin)],
        _ => return Err(NoDocument::Open),
    };
    let home = pieces.iter().find(|part| part.is_literal).or(pieces.first()).map_or(item.origin, |part| part.origin);
    let Some(file) = file(home.file) else { return Err(NoDocument::Open) };
    let text = Written::new(&pieces, home, &file);
    let is_whole_file = matches!(made, Some(Made::As(origin)) if origin.span.range() == (0..file.text().len()));
    match json::parse_loose(&text.text) {
        Ok(document) => Ok(Document {
            node: text.placed(document.node),
            departures: text.departures(document.departures),
            file,
            is_whole_file,
        }),
        Err(error) => Err(NoDocument::Broken(Problem {
            place: Place::new(&file, text.span(error.span)),
            message: format!("the policy cannot be parsed: {}", error.message),
            help: None,
        })),
    }
}

fn literal(text: &std::rc::Rc<str>, origin: Origin) -> Part {
    Part { text: Ok(std::rc::Rc::clone(text)), origin, is_literal: true }
}

/// A value that `jsonencode` takes, as the tree that its text would have. What is written in other files stands at the
/// place of what holds it.
fn encoded(item: &Item, home: u32, around: Span) -> Node {
    let span = if item.origin.file == home { item.origin.span } else { around };
    let value = match &item.value {
        Value::Null => syntax::Value::Null,
        Value::Bool(truth) => syntax::Value::Bool(*truth),
        Value::Number(_) => syntax::Value::Number(item.value.scalar().as_deref().unwrap_or_default().to_owned()),
        Value::String(text) => syntax::Value::String(text.text.to_string()),
        Value::List(items) => syntax::Value::List(items.iter().map(|each| encoded(each, home, span)).collect()),
        Value::Map(members) => syntax::Value::Map(
            members
                .iter()
                .map(|(name, member)| {
                    let key_span = if member.key.file == home { member.key.span } else { span };
                    Entry { key: name.to_string(), key_span, value: encoded(&member.item, home, key_span) }
                })
                .collect(),
        ),
        Value::Unknown(why) => syntax::Value::Unknown(unknown(why)),
    };
    Node::new(value, span)
}

fn unknown(why: &Unknown) -> syntax::Unknown {
    syntax::Unknown { reason: Arc::clone(&why.reason), is_set: why.is_set }
}

/// A text made of parts, and where each byte of it stands in the file.
struct Written {
    text: String,
    /// For each part: where it begins in the text, and the place in the file of each of its bytes and of its end.
    parts: Vec<(usize, Vec<u32>)>,
    reasons: Vec<Arc<str>>,
}

impl Written {
    fn new(parts: &[Part], home: Origin, file: &SourceFile) -> Self {
        let mut written = Self { text: String::new(), parts: Vec::new(), reasons: Vec::new() };
        for part in parts {
            let start = written.text.len();
            match &part.text {
                Ok(text) => written.text.push_str(text),
                Err(why) => written.mark(why),
            }
            let length = written.text.len() - start;
            let span = if part.origin.file == home.file { part.origin.span } else { Span::default() };
            let places = match (&part.text, part.is_literal && part.origin.file == home.file) {
                (Ok(text), true) => aligned(text, file.text(), span),
                _ => std::iter::repeat_n(span.start, length).chain([span.end]).collect(),
            };
            written.parts.push((start, places));
        }
        written
    }

    /// Between quotes the mark is a part of the text there; elsewhere it has to be a value of its own.
    fn mark(&mut self, why: &Unknown) {
        let quotes = self.text.bytes().fold((false, false), |(inside, escaped), byte| match byte {
            _ if escaped => (inside, false),
            b'\\' if inside => (inside, true),
            b'"' => (!inside, false),
            _ => (inside, false),
        });
        let mark = if quotes.0 { MARK.to_string() } else { format!("\"{MARK}\"") };
        self.text.push_str(&mark);
        self.reasons.push(Arc::clone(&why.reason));
    }

    fn place(&self, offset: usize, is_end: bool) -> u32 {
        // An end belongs to the part before it.
        let after = self.parts.partition_point(|(start, _)| if is_end { *start < offset } else { *start <= offset });
        let part = after.checked_sub(1).and_then(|index| self.parts.get(index));
        part.and_then(|(start, places)| places.get(offset.saturating_sub(*start)).or(places.last()))
            .copied()
            .unwrap_or(0)
    }

    fn span(&self, span: Span) -> Span {
        let range = span.range();
        Span::new(self.place(range.start, false) as usize, self.place(range.end, true) as usize)
    }

    fn departures(&self, departures: Vec<Departure>) -> Vec<Departure> {
        departures.into_iter().map(|departure| Departure { span: self.span(departure.span), ..departure }).collect()
    }

    /// The tree with its places in the file, and what is marked as unknown.
    fn placed(&self, node: Node) -> Node {
        let value = match node.value {
            syntax::Value::String(text) if !self.reasons.is_empty() && text.contains(MARK) => {
                let reason = self.reasons.first().map_or_else(|| Arc::from("it is known only to a run"), Arc::clone);
                syntax::Value::Unknown(syntax::Unknown { reason, is_set: text.chars().any(|c| c != MARK) })
            }
            syntax::Value::List(items) => {
                syntax::Value::List(items.into_iter().map(|item| self.placed(item)).collect())
            }
            syntax::Value::Map(entries) => syntax::Value::Map(
                entries
                    .into_iter()
                    .map(|entry| Entry {
                        key_span: self.span(entry.key_span),
                        value: self.placed(entry.value),
                        key: entry.key,
                    })
                    .collect(),
            ),
            value => value,
        };
        Node::new(value, self.span(node.span))
    }
}

/// Where each byte of a text, and its end, stands in the file where it is written with escapes and indentation.
fn aligned(text: &str, file: &str, span: Span) -> Vec<u32> {
    let raw: Vec<(usize, char)> = file.get(span.range()).unwrap_or_default().char_indices().collect();
    let base = span.start as usize;
    let at =
        |index: usize| raw.get(index).map_or(span.end, |(offset, _)| u32::try_from(base + offset).unwrap_or(u32::MAX));
    let mut places = Vec::with_capacity(text.len() + 1);
    let mut next = 0;
    for character in text.chars() {
        let (found, after) = located(&raw, next, character);
        places.extend(std::iter::repeat_n(at(found), character.len_utf8()));
        next = after;
    }
    places.push(at(next));
    places
}

/// Where a character is written from `next` on, and where the next one may be.
fn located(raw: &[(usize, char)], next: usize, character: char) -> (usize, usize) {
    let mut index = next;
    while let Some((_, own)) = raw.get(index) {
        if *own == character {
            let is_escaped = character == '\\' && raw.get(index + 1).is_some_and(|(_, after)| *after == '\\');
            return (index, index + if is_escaped { 2 } else { 1 });
        }
        if *own == '\\' {
            let length = match raw.get(index + 1).map(|(_, kind)| *kind) {
                Some('u') => 6,
                Some('U') => 10,
                _ => 2,
            };
            return (index, index + length);
        }
        index += 1;
    }
    (next, next)
}
