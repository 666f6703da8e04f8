//! YAML with places: all documents of a stream, aliases resolved within a budget.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as YamlSpan};

use super::{Entry, MAX_DEPTH, Node, SyntaxError, Value};
use crate::source::{MAX_FILE_BYTES, Span};

/// How many bytes of memory the values of one stream may take, aliases and what is kept for them counted too: 16 times
/// the largest file.
const MAX_WEIGHT: u64 = 16 * MAX_FILE_BYTES;

/// Reads all documents of a stream; documents that hold nothing are left out.
///
/// # Errors
/// [`SyntaxError`] where the text is not YAML, nests deeper than [`MAX_DEPTH`], has a key that is no scalar, or
/// takes more memory than 16 times the largest file once its aliases are resolved.
pub fn parse(text: &str) -> Result<Vec<Node>, SyntaxError> {
    let mut builder = Builder::new(text);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let at = builder.offsets.of(error.marker().index());
            SyntaxError::new(error.info().to_owned(), Span::new(at, at))
        })?;
        builder.take(event, span)?;
    }
    Ok(builder.documents)
}

/// Turns the parser's character indices into byte offsets.
pub(super) struct Offsets {
    bytes: Option<Vec<u32>>,
    end: usize,
}

impl Offsets {
    pub(super) fn new(text: &str) -> Self {
        let bytes = (!text.is_ascii())
            .then(|| text.char_indices().map(|(offset, _)| u32::try_from(offset).unwrap_or(u32::MAX)).collect());
        Self { bytes, end: text.len() }
    }

    pub(super) fn of(&self, index: usize) -> usize {
        match &self.bytes {
            None => index.min(self.end),
            Some(bytes) => bytes.get(index).map_or(self.end, |offset| *offset as usize),
        }
    }
}

enum Open {
    List { items: Vec<Node>, start: usize, anchor: usize },
    Map { entries: Vec<Entry>, key: Option<(String, Span)>, start: usize, anchor: usize },
}

struct Builder<'t> {
    text: &'t str,
    offsets: Offsets,
    stack: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    weight: u64,
    last_end: usize,
    documents: Vec<Node>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            offsets: Offsets::new(text),
            stack: Vec::new(),
            anchors: HashMap::new(),
            weight: 0,
            last_end: 0,
            documents: Vec::new(),
        }
    }

    fn span(&self, span: YamlSpan) -> Span {
        Span::new(self.offsets.of(span.start.index()), self.offsets.of(span.end.index()))
    }

    fn take(&mut self, event: Event<'_>, yaml_span: YamlSpan) -> Result<(), SyntaxError> {
        let span = self.span(yaml_span);
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let span = trimmed(self.text, span);
                let node = Node::new(scalar(&text, style), span);
                self.last_end = span.end as usize;
                self.remember(anchor, &node)?;
                self.close(node)
            }
            Event::SequenceStart(anchor, _) => {
                self.open(Open::List { items: Vec::new(), start: span.start as usize, anchor }, span)
            }
            Event::MappingStart(anchor, _) => {
                let start = span.start as usize;
                self.open(Open::Map { entries: Vec::new(), key: None, start, anchor }, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.finish(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            _ => Ok(()),
        }
    }

    fn open(&mut self, open: Open, span: Span) -> Result<(), SyntaxError> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(too_deep(span));
        }
        self.last_end = self.last_end.max(span.end as usize);
        self.stack.push(open);
        Ok(())
    }

    /// A block collection has no closing mark of its own: it ends with its last value.
    fn finish(&mut self, span: Span) -> Result<(), SyntaxError> {
        let end = if span.end > span.start { span.end as usize } else { self.last_end };
        self.last_end = end;
        let (value, start, anchor) = match self.stack.pop() {
            Some(Open::List { items, start, anchor }) => (Value::List(items), start, anchor),
            Some(Open::Map { entries, start, anchor, .. }) => (Value::Map(entries), start, anchor),
            None => return Ok(()),
        };
        let node = Node::new(value, Span::new(start, end));
        self.remember(anchor, &node)?;
        self.close(node)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), SyntaxError> {
        self.last_end = span.end as usize;
        let unknown = || SyntaxError::new("the alias names no anchor, or one that contains it", span);
        let weight = self.anchors.get(&anchor).map(|(_, weight)| *weight).ok_or_else(unknown)?;
        self.weigh(weight, span)?;
        let value = self.anchors.get(&anchor).map(|(node, _)| node.value.clone()).ok_or_else(unknown)?;
        self.close(Node::new(value, span))
    }

    /// Takes a share of the memory that the stream may have.
    fn weigh(&mut self, weight: usize, span: Span) -> Result<(), SyntaxError> {
        self.weight += weight as u64;
        if self.weight > MAX_WEIGHT { Err(too_heavy(span)) } else { Ok(()) }
    }

    fn remember(&mut self, anchor: usize, node: &Node) -> Result<(), SyntaxError> {
        if anchor > 0 {
            let weight = weight(node);
            self.weigh(weight, node.span)?;
            self.anchors.insert(anchor, (node.clone(), weight));
        }
        Ok(())
    }

    fn close(&mut self, node: Node) -> Result<(), SyntaxError> {
        self.weigh(size_of::<Node>(), node.span)?;
        match self.stack.last_mut() {
            None => {
                if node.value != Value::Null {
                    self.documents.push(node);
                }
            }
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => {
                if let Some((key, key_span)) = key.take() {
                    entries.push(Entry { key, key_span, value: node });
                } else {
                    let Some(text) = key_text(&node) else {
                        return Err(SyntaxError::new("a key has to be a plain text", node.span));
                    };
                    *key = Some((text, node.span));
                }
            }
        }
        Ok(())
    }
}

fn too_deep(span: Span) -> SyntaxError {
    SyntaxError::new(format!("nested more than {MAX_DEPTH} levels deep"), span)
}

fn too_heavy(span: Span) -> SyntaxError {
    SyntaxError::new("the file takes too much memory once its aliases are resolved", span)
}

/// About how many bytes of memory a copy of the value takes.
fn weight(node: &Node) -> usize {
    let inner = match &node.value {
        Value::List(items) => items.iter().map(weight).sum::<usize>(),
        Value::Map(entries) => {
            entries.iter().map(|entry| size_of::<Entry>() + entry.key.len() + weight(&entry.value)).sum()
        }
        Value::String(text) | Value::Number(text) => text.len(),
        _ => 0,
    };
    size_of::<Node>() + inner
}

fn key_text(node: &Node) -> Option<String> {
    match &node.value {
        Value::Null => Some(String::new()),
        _ => node.scalar(),
    }
}

/// The scalar of YAML's core schema; quoted and block scalars are always texts.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if text.parse::<f64>().is_ok() && text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
            Value::Number(text.to_owned())
        }
        _ => Value::String(text.to_owned()),
    }
}

/// The span without the white space that the parser counts to the end of some scalars.
fn trimmed(text: &str, span: Span) -> Span {
    let Some(slice) = text.get(span.range()) else { return span };
    Span::new(span.start as usize, span.start as usize + slice.trim_end().len())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn one(text: &str) -> Node {
        let mut documents = parse(text).unwrap();
        assert_eq!(documents.len(), 1);
        documents.remove(0)
    }

    fn slice(text: &str, span: Span) -> &str {
        &text[span.range()]
    }

    #[test]
    fn values_know_their_place_also_behind_wide_characters() {
        let text = "# 镜像\na:\n  - b: é x\n    c: 1\nd: [e]\n";
        let node = one(text);
        let item = &node.get("a").unwrap().as_list().unwrap()[0];
        assert_eq!(slice(text, item.get("b").unwrap().span), "é x");
        assert_eq!(slice(text, item.span), "b: é x\n    c: 1");
        assert_eq!(slice(text, node.get("d").unwrap().span), "[e]");
        assert_eq!(slice(text, node.entry("d").unwrap().key_span), "d");
    }

    #[test]
    fn every_document_of_a_stream_is_read() {
        assert_eq!(parse("a: 1\n---\nb: 2\n---\n").unwrap().len(), 2);
    }

    #[test]
    fn plain_scalars_have_types_and_quoted_ones_are_texts() {
        let node = one("a: true\nb: 'true'\nc: 1.1\nd: \"1.1\"\ne:\nf: 1.1.1\ng: inf\n");
        let value = |key| node.get(key).unwrap().value.clone();
        assert_eq!(value("a"), Value::Bool(true));
        assert_eq!(value("b"), Value::String("true".into()));
        assert_eq!(value("c"), Value::Number("1.1".into()));
        assert_eq!(value("d"), Value::String("1.1".into()));
        assert_eq!(value("e"), Value::Null);
        assert_eq!(value("f"), Value::String("1.1.1".into()));
        assert_eq!(value("g"), Value::String("inf".into()));
    }

    #[test]
    fn aliases_stand_for_their_anchor() {
        let node = one("a: &x [1, 2]\nb: *x\n");
        assert_eq!(node.get("b").unwrap().as_list().unwrap().len(), 2);
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            writeln!(text, "a{level}: &a{level} [{items}]").unwrap();
        }
        assert!(parse(&text).unwrap_err().message.contains("aliases"));
    }

    #[test]
    fn long_texts_and_nested_anchors_count_with_what_they_weigh() {
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1_000_000), vec!["*a"; 3_000].join(", "));
        assert!(parse(&long).unwrap_err().message.contains("memory"));
        let anchors: Vec<String> = (0..100).map(|level| format!("&a{level} [")).collect();
        let nested = format!("{}{}{}", anchors.concat(), "x, ".repeat(100_000), "]".repeat(100));
        assert!(parse(&nested).unwrap_err().message.contains("memory"));
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&"- ".repeat(100_000)).is_err());
        assert!(parse(&format!("{}x", "{a: ".repeat(100_000))).is_err());
        assert!(parse(&"? ".repeat(100_000)).is_err());
    }

    #[test]
    fn errors_have_a_place() {
        let error = parse("a: 1\nb: [1,\nc: 2\n").unwrap_err();
        assert!(error.span.start > 4, "{error:?}");
    }
}
