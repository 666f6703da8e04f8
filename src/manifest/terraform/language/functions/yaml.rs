//! YAML as Terraform reads and writes it.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::value::{Item, Member, Origin, Unknown, Value, number_text};
use super::call::{Call, Outcome, as_text, carried, set};
use super::encoding::{self, place};
use crate::source::Span;
use crate::syntax::{self, Node};

/// How long a text with spaces may be that is surely not broken into lines.
const MAX_LINE: usize = 40;

pub(super) fn decode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let documents = syntax::yaml::parse(&text).map_err(|error| call.mistake(format!("no YAML: {}", error.message)))?;
    if has_tag(&text) {
        return Err(call.unknown("tags are not looked at"));
    }
    let reader = Reader { call, text: &text, base: encoding::places(call, &text)? };
    match documents.as_slice() {
        [] if text.lines().all(|line| line.trim_start().starts_with('#') || line.trim().is_empty()) => {
            Err(call.mistake("the text holds no document"))
        }
        [] => Ok(Value::Null),
        [document] => reader.value(document),
        _ => Err(call.mistake("the text holds more than one document")),
    }
}

/// The text seems to tag a value with its type, as in `!!str 5`.
fn has_tag(text: &str) -> bool {
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_tag = c == '!' && (before.is_whitespace() || "[{,".contains(before));
        if is_tag && chars.peek().is_some_and(|next| !next.is_whitespace() && *next != '=') {
            return true;
        }
        before = c;
    }
    false
}

struct Reader<'c, 'a> {
    call: &'c Call<'a>,
    text: &'c str,
    base: Option<Origin>,
}

impl Reader<'_, '_> {
    fn item(&self, node: &Node) -> Result<Item, Unknown> {
        Ok(Item { value: self.value(node)?, origin: place(self.base, node.span) })
    }

    fn value(&self, node: &Node) -> Outcome {
        self.call.step(0)?;
        match &node.value {
            syntax::Value::Null => Ok(Value::Null),
            syntax::Value::Bool(truth) => Ok(Value::from(*truth)),
            syntax::Value::Number(number) => self.number(number),
            syntax::Value::String(text) => self.scalar(text, node.span),
            syntax::Value::Unknown(unknown) => Err(self.call.unknown(&unknown.reason)),
            syntax::Value::List(nodes) => nodes.iter().map(|node| self.item(node)).collect(),
            syntax::Value::Map(entries) => {
                let mut members = BTreeMap::new();
                let mut merged = Vec::new();
                for entry in entries {
                    let item = self.item(&entry.value)?;
                    if entry.key == "<<" {
                        merged.push(item);
                        continue;
                    }
                    let key = self.key(&entry.key, entry.key_span)?;
                    members.insert(key, Member { key: place(self.base, entry.key_span), item });
                }
                for item in &merged {
                    self.merge(&mut members, item)?;
                }
                Ok(Value::Map(Rc::new(members)))
            }
        }
    }

    /// Adds what `<<` brings in: a mapping or several of them; what is there already stays.
    fn merge(&self, members: &mut BTreeMap<Rc<str>, Member>, item: &Item) -> Result<(), Unknown> {
        let others = match &item.value {
            Value::List(items) => items.as_ref(),
            _ => std::slice::from_ref(item),
        };
        for other in others {
            let other = other.value.as_map().ok_or_else(|| self.call.mistake("`<<` needs a mapping"))?;
            for (key, member) in other {
                self.call.step(0)?;
                members.entry(Rc::clone(key)).or_insert_with(|| member.clone());
            }
        }
        Ok(())
    }

    fn key(&self, key: &str, span: Span) -> Result<Rc<str>, Unknown> {
        let value = if key.is_empty() { Value::from(key) } else { self.scalar(key, span)? };
        as_text(&value).ok_or_else(|| self.call.mistake("a key is null"))
    }

    fn number(&self, number: &str) -> Outcome {
        number.parse().map(Value::Number).map_err(|_| self.call.mistake(format!("{number:?} is no number")))
    }

    /// What a plain scalar stands for beside what all readers of YAML agree on.
    fn scalar(&self, text: &str, span: Span) -> Outcome {
        let source = self.text.get(span.range()).unwrap_or_default();
        let value = match text {
            "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::from(true),
            "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Value::from(false),
            _ if based(text).is_some() => based(text).map_or(Value::Null, Value::from),
            _ if is_date(text) => return self.date(text, source),
            ".inf" | ".Inf" | ".INF" | "-.inf" | "-.Inf" | "-.INF" | "+.inf" | ".nan" | ".NaN" | ".NAN"
                if source == text =>
            {
                return Err(self.call.mistake(format!("{text:?} is no finite number")));
            }
            _ => return Ok(Value::from(text)),
        };
        match source {
            _ if source == text => Ok(value),
            // The alias of a scalar that was plain, or was not.
            _ if source.starts_with('*') => Err(self.call.unknown(format!("{text:?} may be a text or not"))),
            _ => Ok(Value::from(text)),
        }
    }

    /// A date is a time at midnight.
    fn date(&self, text: &str, source: &str) -> Outcome {
        if source.starts_with(['"', '\'', '|', '>']) {
            return Ok(Value::from(text));
        }
        let parts: Vec<&str> = text.split('-').collect();
        match parts.as_slice() {
            [year, month, day] if source == text && text.len() <= 10 => {
                Ok(Value::from(format!("{year}-{month:0>2}-{day:0>2}T00:00:00Z")))
            }
            _ if source == text && text.len() == 20 && text.get(10..11) == Some("T") && text.ends_with('Z') => {
                Ok(Value::from(text))
            }
            _ => Err(self.call.unknown(format!("{text:?} may be a time"))),
        }
    }
}

/// A whole number to the base 16 or 8.
fn based(text: &str) -> Option<f64> {
    let (digits, base) = match text.get(..2)? {
        "0x" => (text.get(2..)?, 16),
        "0o" => (text.get(2..)?, 8),
        _ => return None,
    };
    // Neither a sign nor more than 32 bits, which the conversion could not keep.
    if digits.starts_with('+') {
        return None;
    }
    u32::from_str_radix(digits, base).ok().map(f64::from)
}

/// The text begins as a date does.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let is_number = |part: Option<&str>, digits: &[usize]| {
        part.is_some_and(|part| digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    is_number(parts.next(), &[4])
        && is_number(parts.next(), &[1, 2])
        && parts.next().is_some_and(|day| {
            let digits = day.bytes().take_while(u8::is_ascii_digit).count();
            (1..=2).contains(&digits)
                && day.get(digits..).is_some_and(|rest| rest.is_empty() || rest.starts_with(['T', 't', ' ', '\t']))
        })
}

pub(super) fn encode(call: &Call<'_>) -> Outcome {
    let value = &call.raw(0)?.value;
    let mut text = String::new();
    write(call, value, &mut text, 0, 0).map_err(set)?;
    if matches!(value, Value::Null | Value::Bool(_) | Value::Number(_)) {
        text.push_str("\n...");
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    call.made(text)
}

/// Writes a value of which the first line has begun, and further lines are indented by so many spaces.
fn write(call: &Call<'_>, value: &Value, text: &mut String, indent: usize, depth: usize) -> Result<(), Unknown> {
    call.step(depth)?;
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number_text(*number)),
        Value::String(string) => write_string(call, &string.text, text, indent, depth)?,
        Value::Unknown(unknown) => return Err(carried(unknown)),
        Value::List(items) if items.is_empty() => text.push_str("[]"),
        Value::Map(members) if members.is_empty() => text.push_str("{}"),
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                next_line(text, index, indent);
                text.push_str("- ");
                write(call, &item.value, text, indent + 2, depth + 1)?;
            }
        }
        Value::Map(members) => {
            for (index, (key, member)) in members.iter().enumerate() {
                next_line(text, index, indent);
                if key.contains('\n') {
                    return Err(call.unknown("a key of several lines is not written"));
                }
                write_string(call, key, text, indent, depth)?;
                text.push(':');
                let value = &member.item.value;
                let (is_list, is_map) = match value {
                    Value::List(items) => (!items.is_empty(), false),
                    Value::Map(members) => (false, !members.is_empty()),
                    _ => (false, false),
                };
                let inner = if is_map { indent + 2 } else { indent };
                if is_list || is_map {
                    text.push('\n');
                    text.push_str(&" ".repeat(inner));
                } else {
                    text.push(' ');
                }
                write(call, value, text, inner, depth + 1)?;
            }
        }
    }
    call.length(text.len())
}

/// Begins the line of an element; the first one stands where its list begins.
fn next_line(text: &mut String, index: usize, indent: usize) {
    if index > 0 {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&" ".repeat(indent));
    }
}

/// Writes a text: several lines as they are, all else in quotes.
fn write_string(call: &Call<'_>, string: &str, text: &mut String, indent: usize, depth: usize) -> Result<(), Unknown> {
    let is_odd = |c: char| (c.is_control() && c != '\n' && c != '\t') || c > '\u{d7ff}';
    if string.chars().any(is_odd) || (string.len() > MAX_LINE && string.contains(' ') && !string.contains('\n')) {
        return Err(call.unknown("a text that is long or has odd characters is not written"));
    }
    let is_block = string.contains('\n') && !string.contains('\t') && !string.contains(" \n") && !string.ends_with(' ');
    if !is_block {
        if string.len() > MAX_LINE && string.contains(' ') {
            return Err(call.unknown("a text that is long or has odd characters is not written"));
        }
        text.push('"');
        for c in string.chars() {
            match c {
                '"' | '\\' => text.extend(['\\', c]),
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                c => text.push(c),
            }
        }
        text.push('"');
        return Ok(());
    }
    text.push('|');
    if string.starts_with([' ', '\n']) {
        text.push('2');
    }
    if !string.ends_with('\n') {
        text.push('-');
    } else if string == "\n" || string.ends_with("\n\n") {
        text.push('+');
    }
    // The lines of an element of a list are indented as it is, all others by two more.
    let is_element = depth > 0 && text.trim_end_matches(['|', '2', '-', '+']).ends_with("- ");
    let spaces = " ".repeat(if is_element || depth == 0 { indent.max(2) } else { indent + 2 });
    for line in string.strip_suffix('\n').unwrap_or(string).split('\n') {
        text.push('\n');
        if !line.is_empty() {
            text.push_str(&spaces);
            text.push_str(line);
        }
        call.length(text.len())?;
    }
    if string.ends_with('\n') {
        text.push('\n');
    }
    Ok(())
}
