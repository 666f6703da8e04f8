//! YAML as people like to read it: one line for what fits on one, one entry a line for what does not.

use std::fmt;

/// The longest line that a list or map is written on.
const WIDTH: usize = 116;

/// A scalar in block context, quoted only if it must be.
pub(super) fn block(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A scalar inside `[..]` or `{..}`, quoted only if it must be.
pub(super) fn flow(text: &str) -> String {
    if is_plain(text) && !text.contains(['[', ']', '{', '}', ',', '?']) { text.to_owned() } else { quoted(text) }
}

/// `{ key: value, … }` of values that are written already.
pub(super) fn flow_map(entries: &[(&str, String)]) -> String {
    let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{{ {} }}", entries.join(", "))
}

/// Adds a text that is written in parts.
pub(super) fn push(out: &mut String, text: fmt::Arguments<'_>) {
    out.push_str(&text.to_string());
}

/// `key: [..]` at an indentation, of values that are written already; nothing if there are none.
pub(super) fn list(out: &mut String, indent: usize, key: &str, values: &[String]) {
    if values.is_empty() {
        return;
    }
    let margin = " ".repeat(indent);
    let line = format!("{margin}{key}: [{}]\n", values.join(", "));
    if line.len() <= WIDTH {
        out.push_str(&line);
        return;
    }
    push(out, format_args!("{margin}{key}:\n"));
    for value in values {
        push(out, format_args!("{margin}  - {value}\n"));
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => push(&mut out, format_args!("\\{character}")),
            _ if needs_escape(character) => push(&mut out, format_args!("\\U{:08X}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

/// What YAML takes for a line break or does not print.
fn needs_escape(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text may be taken for a number.
fn is_numeric(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let begins_as_one = ["0x", "0o", "0b"].iter().any(|base| lower.starts_with(base));
    begins_as_one || matches!(lower.as_str(), ".inf" | ".nan") || text.parse::<f64>().is_ok()
}

fn is_plain(text: &str) -> bool {
    let begins_well =
        text.chars().next().is_some_and(|first| first.is_alphanumeric() || matches!(first, '/' | '_' | '.'));
    let word = text.to_ascii_lowercase();
    let means_else = matches!(word.as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n");
    begins_well
        && !means_else
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !text.contains(needs_escape)
        && !is_numeric(text)
}
