//! Functions that write values as texts and read them.

use std::fmt::Write as _;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::value::{Item, Made, Member, Origin, Text, Unknown, Value, number_text};
use super::call::{Call, Outcome, carried, set};
use super::{csv, yaml};
use crate::source::Span;
use crate::syntax::{self, Node};

pub(super) fn base64_encode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    call.length(text.len().saturating_mul(2))?;
    call.made(STANDARD.encode(text.as_bytes()))
}

pub(super) fn base64_decode(call: &Call<'_>) -> Outcome {
    let bytes = bytes_of(call, &call.text(0)?)?;
    call.made(String::from_utf8(bytes).map_err(|_| call.mistake("the bytes are no text in UTF-8"))?)
}

fn bytes_of(call: &Call<'_>, text: &str) -> Result<Vec<u8>, Unknown> {
    let text = text.replace(['\r', '\n'], "");
    STANDARD.decode(text).map_err(|_| call.mistake("the text is no Base64"))
}

/// What a compression yields, which no rule needs.
pub(super) fn compressed(call: &Call<'_>) -> Outcome {
    call.text(0)?;
    Err(set(call.unknown("compressed texts are not looked at")))
}

pub(super) fn csv_decode(call: &Call<'_>) -> Outcome {
    let rows = csv::rows(&call.text(0)?).map_err(|what| call.mistake(what))?;
    let Some((header, rows)) = rows.split_first() else { return Err(call.mistake("the text has no first line")) };
    call.room(header.len().saturating_mul(rows.len()))?;
    let mut names: Vec<&String> = header.iter().collect();
    names.sort_unstable();
    names.dedup();
    if names.len() < header.len() {
        return Err(call.mistake("a column has the name of another one"));
    }
    let member = |value: &String| Member { key: Origin::default(), item: Item::from(Value::from(value.as_str())) };
    let row = |row: &Vec<String>| {
        if row.len() != header.len() {
            return Err(call.mistake("the lines have different numbers of fields"));
        }
        let members = header.iter().zip(row);
        Ok(Item::from(members.map(|(name, value)| (Rc::from(name.as_str()), member(value))).collect::<Value>()))
    };
    rows.iter().map(row).collect()
}

/// The text as JSON; a value that is known in part still tells how the text is made.
pub(super) fn json_encode(call: &Call<'_>) -> Outcome {
    let item = call.raw(0)?;
    let made = Some(Rc::new(Made::Json(item.clone())));
    match json_text(call, &item.value) {
        Ok(text) => Ok(Value::String(Text { text: Rc::from(text), made })),
        Err(unknown) => Err(Unknown { is_set: true, made, ..unknown }),
    }
}

/// A value as Terraform writes JSON.
pub(super) fn json_text(call: &Call<'_>, value: &Value) -> Result<String, Unknown> {
    let mut text = String::new();
    write_json(call, value, &mut text, 0)?;
    Ok(text)
}

fn write_json(call: &Call<'_>, value: &Value, text: &mut String, depth: usize) -> Result<(), Unknown> {
    call.step(depth)?;
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number_text(*number)),
        Value::String(string) => write_string(&string.text, text),
        Value::Unknown(unknown) => return Err(carried(unknown)),
        Value::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                write_json(call, &item.value, text, depth + 1)?;
            }
            text.push(']');
        }
        Value::Map(members) => {
            text.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                write_string(key, text);
                text.push(':');
                write_json(call, &member.item.value, text, depth + 1)?;
            }
            text.push('}');
        }
    }
    call.length(text.len())
}

/// A text with the escapes of Go's JSON: also of what has a meaning in HTML.
fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..'\u{20}' => {
                // Writing a text cannot fail.
                _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

/// The value of a text as JSON; one that `jsonencode` made is that value again.
pub(super) fn json_decode(call: &Call<'_>) -> Outcome {
    let made = match &call.raw(0)?.value {
        Value::String(text) => text.made.as_deref(),
        Value::Unknown(unknown) => unknown.made.as_deref(),
        _ => None,
    };
    if let Some(Made::Json(item)) = made {
        return Ok(item.value.clone());
    }
    let text = call.text(0)?;
    let document = syntax::json::parse(&text).map_err(|error| call.mistake(format!("no JSON: {}", error.message)))?;
    if !document.departures.is_empty() {
        return Err(call.mistake("the text is no strict JSON"));
    }
    value_of(call, &document.node, places(call, &text)?)
}

/// Where the text of the first argument stands, if it is one of a file.
pub(super) fn places(call: &Call<'_>, text: &str) -> Result<Option<Origin>, Unknown> {
    Ok(match &call.raw(0)?.value {
        Value::String(Text { made: Some(made), .. }) => match &**made {
            Made::As(origin) if origin.span.range().len() == text.len() => Some(*origin),
            _ => None,
        },
        _ => None,
    })
}

/// A span of the text as a place in its file.
pub(super) fn place(base: Option<Origin>, span: Span) -> Origin {
    let Some(base) = base else { return Origin::default() };
    let start = base.span.start as usize;
    Origin { span: Span::new(start + span.range().start, start + span.range().end), ..base }
}

fn value_of(call: &Call<'_>, node: &Node, base: Option<Origin>) -> Outcome {
    call.step(0)?;
    let item = |node: &Node| Ok(Item { value: value_of(call, node, base)?, origin: place(base, node.span) });
    match &node.value {
        syntax::Value::Null => Ok(Value::Null),
        syntax::Value::Bool(truth) => Ok(Value::from(*truth)),
        syntax::Value::Number(number) => number.parse().map(Value::Number).map_err(|_| call.mistake("an odd number")),
        syntax::Value::String(text) => Ok(Value::from(text.as_str())),
        syntax::Value::Unknown(unknown) => Err(call.unknown(&unknown.reason)),
        syntax::Value::List(nodes) => nodes.iter().map(item).collect(),
        syntax::Value::Map(entries) => entries
            .iter()
            .map(|entry| {
                let key = place(base, entry.key_span);
                Ok((Rc::from(entry.key.as_str()), Member { key, item: item(&entry.value)? }))
            })
            .collect(),
    }
}

pub(super) fn yaml_decode(call: &Call<'_>) -> Outcome {
    yaml::decode(call)
}

pub(super) fn yaml_encode(call: &Call<'_>) -> Outcome {
    yaml::encode(call)
}

/// A text as a part of a query: a space is a plus.
pub(super) fn url_encode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    call.length(text.len().saturating_mul(3))?;
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => encoded.push('+'),
            b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            // Writing a text cannot fail.
            byte => _ = write!(encoded, "%{byte:02X}"),
        }
    }
    call.made(encoded)
}

pub(super) fn url_decode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    let digit = |rest: &mut std::str::Bytes<'_>| {
        let digit = rest.next().and_then(|byte| char::from(byte).to_digit(16));
        digit
            .and_then(|digit| u8::try_from(digit).ok())
            .ok_or_else(|| call.mistake("a `%` has no two digits behind it"))
    };
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(&mut rest)? * 16 + digit(&mut rest)?,
            byte => byte,
        });
    }
    call.made(String::from_utf8(bytes).map_err(|_| call.mistake("the bytes are no text in UTF-8"))?)
}

/// An encoding of texts that is read and written here.
enum Encoding {
    Utf8,
    Utf16(fn([u8; 2]) -> u16, fn(u16) -> [u8; 2]),
    /// Each byte is the character of that number, up to the given one.
    Latin(u32),
}

fn encoding(call: &Call<'_>, index: usize) -> Result<Encoding, Unknown> {
    let name = call.text(index)?;
    match name.to_ascii_uppercase().as_str() {
        "UTF-8" => Ok(Encoding::Utf8),
        "UTF-16LE" => Ok(Encoding::Utf16(u16::from_le_bytes, u16::to_le_bytes)),
        "UTF-16BE" => Ok(Encoding::Utf16(u16::from_be_bytes, u16::to_be_bytes)),
        "ISO-8859-1" | "LATIN1" => Ok(Encoding::Latin(0xff)),
        "US-ASCII" => Ok(Encoding::Latin(0x7f)),
        _ => Err(call.unknown(format!("the encoding {name:?} is not looked at"))),
    }
}

pub(super) fn text_encode(call: &Call<'_>) -> Outcome {
    let (text, encoding) = (call.text(0)?, encoding(call, 1)?);
    call.length(text.len().saturating_mul(3))?;
    let bytes = match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16(_, bytes) => text.encode_utf16().flat_map(bytes).collect(),
        Encoding::Latin(last) => text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).ok().filter(|byte| u32::from(*byte) <= last))
            .collect::<Option<_>>()
            .ok_or_else(|| call.mistake("the encoding does not have a character of the text"))?,
    };
    call.made(STANDARD.encode(bytes))
}

pub(super) fn text_decode(call: &Call<'_>) -> Outcome {
    let (bytes, encoding) = (bytes_of(call, &call.text(0)?)?, encoding(call, 1)?);
    call.made(match encoding {
        Encoding::Utf8 => String::from_utf8_lossy(&bytes).into_owned(),
        Encoding::Utf16(unit, _) => {
            let (pairs, _) = bytes.as_chunks::<2>();
            String::from_utf16_lossy(&pairs.iter().copied().map(unit).collect::<Vec<_>>())
        }
        Encoding::Latin(last) => {
            let c = |byte: &u8| if u32::from(*byte) <= last { char::from(*byte) } else { char::REPLACEMENT_CHARACTER };
            bytes.iter().map(c).collect()
        }
    })
}
