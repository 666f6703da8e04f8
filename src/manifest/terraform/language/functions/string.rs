//! Functions of texts.

use unicode_segmentation::UnicodeSegmentation;

use super::super::value::{Item, Text, Unknown, Value};
use super::call::{Call, Outcome, set};
use super::parts::{Parts, part_of};

/// A text argument with how it came to be.
fn whole_text(call: &Call<'_>, index: usize) -> Result<Text, Unknown> {
    match call.value(index)? {
        Value::String(text) => Ok(text.clone()),
        _ => Ok(Text { text: call.text(index)?, made: None }),
    }
}

/// Without the line ends at its end.
pub(super) fn chomp(call: &Call<'_>) -> Outcome {
    let text = whole_text(call, 0)?;
    part_of(call, &text, text.text.trim_end_matches(['\r', '\n']))
}

pub(super) fn trim_space(call: &Call<'_>) -> Outcome {
    let text = whole_text(call, 0)?;
    part_of(call, &text, text.text.trim())
}

/// Without the given characters at both ends.
pub(super) fn trim(call: &Call<'_>) -> Outcome {
    let (text, set) = (whole_text(call, 0)?, call.text(1)?);
    part_of(call, &text, text.text.trim_matches(|c| set.contains(c)))
}

pub(super) fn trim_prefix(call: &Call<'_>) -> Outcome {
    let (text, prefix) = (whole_text(call, 0)?, call.text(1)?);
    part_of(call, &text, text.text.strip_prefix(&*prefix).unwrap_or(&text.text))
}

pub(super) fn trim_suffix(call: &Call<'_>) -> Outcome {
    let (text, suffix) = (whole_text(call, 0)?, call.text(1)?);
    part_of(call, &text, text.text.strip_suffix(&*suffix).unwrap_or(&text.text))
}

pub(super) fn starts_with(call: &Call<'_>) -> Outcome {
    Ok(Value::from(call.text(0)?.starts_with(&*call.text(1)?)))
}

pub(super) fn ends_with(call: &Call<'_>) -> Outcome {
    Ok(Value::from(call.text(0)?.ends_with(&*call.text(1)?)))
}

pub(super) fn contains(call: &Call<'_>) -> Outcome {
    Ok(Value::from(call.text(0)?.contains(&*call.text(1)?)))
}

/// With spaces before each line but the first one.
pub(super) fn indent(call: &Call<'_>) -> Outcome {
    let (spaces, text) = (call.whole(0)?, call.text(1)?);
    let spaces = usize::try_from(spaces).map_err(|_| call.mistake("the number of spaces is negative"))?;
    let lines = text.matches('\n').count();
    call.length(text.len().saturating_add(lines.saturating_mul(spaces)))?;
    // Without lines to indent, the number of spaces is not limited.
    let start = if lines == 0 { String::new() } else { format!("\n{}", " ".repeat(spaces)) };
    call.made(text.replace('\n', &start))
}

/// The elements of all lists with a text between them.
pub(super) fn join(call: &Call<'_>) -> Outcome {
    let separator = call.raw(0)?;
    let text = call.text(0)?;
    let mut parts = Parts::default();
    let mut is_first = true;
    for list in call.arguments.iter().skip(1) {
        for item in call.list_of(list)? {
            call.step(0)?;
            if !is_first {
                parts.push(call, &text, separator.origin)?;
            }
            is_first = false;
            parts.push_item(call, item)?;
        }
    }
    parts.finish()
}

pub(super) fn split(call: &Call<'_>) -> Outcome {
    let (separator, text) = (call.text(0)?, call.text(1).map_err(set)?);
    let item = |part: &str| Item::from(Value::from(part));
    if separator.is_empty() {
        return call.listed(text.graphemes(true).map(item));
    }
    call.listed(text.split(&*separator).map(item))
}

pub(super) fn lower(call: &Call<'_>) -> Outcome {
    // One character for one, as Go does.
    cased(call, |c| c.to_lowercase().next().unwrap_or(c))
}

pub(super) fn upper(call: &Call<'_>) -> Outcome {
    cased(call, to_upper)
}

fn to_upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => c,
    }
}

fn cased(call: &Call<'_>, convert: impl Fn(char) -> char) -> Outcome {
    let text = call.text(0).map_err(|unknown| Unknown { is_set: is_set(call, 0), ..unknown })?;
    call.made(text.chars().map(convert).collect::<String>())
}

/// An argument is certainly not empty, although it is not known.
fn is_set(call: &Call<'_>, index: usize) -> bool {
    matches!(call.arguments.get(index), Some(Item { value: Value::Unknown(unknown), .. }) if unknown.is_set)
}

/// With a capital letter at the start of each word, and what else it has as it is.
pub(super) fn title(call: &Call<'_>) -> Outcome {
    let text = call.text(0).map_err(|unknown| Unknown { is_set: is_set(call, 0), ..unknown })?;
    let mut is_start = true;
    let titled: String = text
        .chars()
        .map(|c| {
            let titled = if is_start { to_upper(c) } else { c };
            is_start = !c.is_alphanumeric() && c != '_' && (c.is_ascii() || c.is_whitespace());
            titled
        })
        .collect();
    call.made(titled)
}

pub(super) fn reverse(call: &Call<'_>) -> Outcome {
    call.made(call.text(0)?.graphemes(true).rev().collect::<String>())
}

/// So many characters from an offset, which counts from the end where it is negative; all where they are negative.
pub(super) fn substr(call: &Call<'_>) -> Outcome {
    let (text, offset, length) = (call.text(0)?, call.whole(1)?, call.whole(2)?);
    let start = if let Ok(offset) = usize::try_from(offset) {
        offset
    } else {
        let back = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
        text.graphemes(true).count().saturating_sub(back)
    };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    call.made(text.graphemes(true).skip(start).take(length).collect::<String>())
}
