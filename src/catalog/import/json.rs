//! JSON with the line of every value, and the words of an import for what is not as expected.

use std::collections::BTreeSet;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::Unread;

/// What nests deeper is none of the documents that are imported.
const MAX_DEPTH: usize = 64;

/// The longest name that is taken: of an action, a policy or a condition key.
const MAX_NAME: usize = 256;

/// The longest list that is taken.
pub(super) const MAX_LIST: usize = 20_000;

/// A value and the line where it begins.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number,
    String(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn as_list(&self) -> Option<&[Self]> {
        if let Value::List(nodes) = &self.value { Some(nodes) } else { None }
    }

    pub(super) fn as_map(&self) -> Option<&[(String, Self)]> {
        if let Value::Map(entries) = &self.value { Some(entries) } else { None }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = &self.value { Some(text) } else { None }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The value of a key; none where it is `null`.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let (_, node) = self.as_map()?.iter().find(|(name, _)| name == key)?;
        (!node.is_null()).then_some(node)
    }

    /// What the value is, for people.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number => "a number",
            Value::String(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "an object",
        }
    }

    /// The same, as if all of it stood in one line.
    fn at_line(self, line: usize) -> Self {
        let value = match self.value {
            Value::List(nodes) => Value::List(nodes.into_iter().map(|node| node.at_line(line)).collect()),
            Value::Map(entries) => {
                Value::Map(entries.into_iter().map(|(key, node)| (key, node.at_line(line))).collect())
            }
            other => other,
        };
        Self { line, value }
    }
}

/// What an import says of what it leaves out.
#[derive(Debug, Default)]
pub(super) struct Log {
    unread: Vec<Unread>,
}

impl Log {
    pub(super) fn tell(&mut self, line: usize, what: impl Into<String>) {
        self.unread.push(Unread { line, what: what.into() });
    }

    /// All that was told, in the order of the document.
    pub(super) fn into_unread(mut self) -> Vec<Unread> {
        self.unread.sort_by_key(|unread| unread.line);
        self.unread
    }

    /// Tells of the keys of an object that are not among the `known` ones.
    pub(super) fn strangers(&mut self, node: &Node, what: &str, known: &[&str]) {
        for (key, value) in node.as_map().unwrap_or_default() {
            if !known.contains(&key.as_str()) {
                self.tell(value.line, format!("{what} has `{}`, which is not known", shortened(key)));
            }
        }
    }

    /// A list that may be missing.
    pub(super) fn list<'n>(&mut self, node: &'n Node, what: &str, key: &str) -> &'n [Node] {
        let Some(value) = node.get(key) else { return &[] };
        let Some(list) = value.as_list() else {
            self.tell(value.line, format!("`{key}` of {what} is {} and no list", value.kind()));
            return &[];
        };
        if let Some(beyond) = list.get(MAX_LIST) {
            self.tell(
                beyond.line,
                format!("`{key}` of {what} has {} entries, of which {MAX_LIST} were read", list.len()),
            );
        }
        list.get(..MAX_LIST).unwrap_or(list)
    }

    /// The texts of a list that may be missing, each once; `check` says what is wrong with one.
    pub(super) fn texts(
        &mut self,
        node: &Node,
        what: &str,
        key: &str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut texts = Vec::new();
        for entry in self.list(node, what, key) {
            match entry.as_str().map(|text| (text, check(text))) {
                Some((text, Ok(()))) if seen.insert(text) => texts.push(text.to_owned()),
                Some((_, Ok(()))) => {}
                Some((_, Err(why))) => self.tell(entry.line, format!("in `{key}` of {what}: {why}")),
                None => self.tell(entry.line, format!("`{key}` of {what} holds {} and no text", entry.kind())),
            }
        }
        texts
    }

    /// Truth that may be missing, which is then no.
    pub(super) fn truth(&mut self, node: &Node, what: &str, key: &str) -> bool {
        let Some(value) = node.get(key) else { return false };
        if let Value::Bool(truth) = value.value {
            return truth;
        }
        self.tell(value.line, format!("`{key}` of {what} is {} and neither true nor false", value.kind()));
        false
    }
}

/// Whether a text can be a name at all.
pub(super) fn check_name(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err(String::from("a name is empty"));
    }
    if text.len() > MAX_NAME {
        return Err(format!("`{}` is longer than {MAX_NAME} bytes", shortened(text)));
    }
    match text.chars().find(|character| character.is_control()) {
        Some(_) => Err(format!("`{}` has a character that does not print", shortened(text))),
        None => Ok(()),
    }
}

/// The beginning of a text that may be long or not print.
pub(super) fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    let visible = |character: char| if character.is_control() { '\u{fffd}' } else { character };
    let mut short: String = text.chars().take(SHOWN).map(visible).collect();
    if short.len() < text.len() && text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    short
}

/// Reads one JSON value, and tells of keys that stand twice in an object.
pub(super) fn parse(text: &str, log: &mut Log) -> Result<Node, Unread> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::of(text);
    let options = ParseOptions {
        allow_comments: false,
        allow_trailing_commas: false,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| Unread {
        line: lines.at(error.range().start),
        what: format!("the text is no JSON: {}", error.kind()),
    })?;
    let empty = || Unread { line: 1, what: String::from("the text holds no JSON value") };
    Reader { lines, log }.node(&parsed.value.ok_or_else(empty)?, 0)
}

/// Reads a JSON value that stands inside a text of another.
pub(super) fn parse_inside(text: &str, line: usize) -> Option<Node> {
    parse(text, &mut Log::default()).ok().map(|node| node.at_line(line))
}

struct Lines {
    breaks: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        Self { breaks: memchr::memchr_iter(b'\n', text.as_bytes()).collect() }
    }

    fn at(&self, byte: usize) -> usize {
        self.breaks.partition_point(|at| *at < byte) + 1
    }
}

struct Reader<'l> {
    lines: Lines,
    log: &'l mut Log,
}

impl Reader<'_> {
    fn node(&mut self, value: &ast::Value<'_>, depth: usize) -> Result<Node, Unread> {
        let line = self.lines.at(value.range().start);
        if depth > MAX_DEPTH {
            return Err(Unread { line, what: format!("the text nests more than {MAX_DEPTH} levels deep") });
        }
        let value = match value {
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::BooleanLit(literal) => Value::Bool(literal.value),
            ast::Value::NumberLit(_) => Value::Number,
            ast::Value::StringLit(literal) => Value::String(literal.value.to_string()),
            ast::Value::Array(array) => Value::List(
                array.elements.iter().map(|element| self.node(element, depth + 1)).collect::<Result<_, _>>()?,
            ),
            ast::Value::Object(object) => Value::Map(self.entries(object, depth)?),
        };
        Ok(Node { line, value })
    }

    fn entries(&mut self, object: &ast::Object<'_>, depth: usize) -> Result<Vec<(String, Node)>, Unread> {
        let mut seen = BTreeSet::new();
        let mut entries = Vec::new();
        for property in &object.properties {
            let key = property.name.as_str();
            let node = self.node(&property.value, depth + 1)?;
            if seen.insert(key) {
                entries.push((key.to_owned(), node));
            } else {
                self.log.tell(node.line, format!("`{}` stands twice in one object: the first counts", shortened(key)));
            }
        }
        Ok(entries)
    }
}
