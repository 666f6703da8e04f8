//! Functions with regular expressions.

use std::rc::Rc;

use regex::{Captures, Regex, RegexBuilder};

use super::super::value::{Item, Member, Origin, Unknown, Value};
use super::call::{Call, Outcome};
use super::pattern;

/// How many bytes the searches of one call may look at: each may go through the whole rest of the text.
const MAX_SEARCHED: usize = 32 * 1024 * 1024;

/// How many bytes a compiled expression may take.
const MAX_COMPILED: usize = 1024 * 1024;

/// The first match: its text, or its groups.
pub(super) fn regex(call: &Call<'_>) -> Outcome {
    let (regex, text) = (compiled(call, &call.text(0)?)?, call.text(1)?);
    let captures = regex.captures(&text).ok_or_else(|| call.mistake("the pattern does not match the text"))?;
    matched(call, &regex, &captures)
}

/// All matches.
pub(super) fn regex_all(call: &Call<'_>) -> Outcome {
    let (regex, text) = (compiled(call, &call.text(0)?)?, call.text(1)?);
    let mut items = Vec::new();
    each(call, &regex, &text, |captures| {
        items.push(Item::from(matched(call, &regex, captures)?));
        call.room(items.len())
    })?;
    Ok(Value::List(items.into()))
}

/// Each place of a text, or of a pattern between slashes, replaced.
pub(super) fn replace(call: &Call<'_>) -> Outcome {
    let (text, place, by) = (call.text(0)?, call.text(1)?, call.text(2)?);
    let Some(pattern) = place.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) else {
        let places = if place.is_empty() { text.len() + 1 } else { text.matches(&*place).count() };
        call.length(text.len().saturating_add(places.saturating_mul(by.len())))?;
        return call.made(text.replace(&*place, &by));
    };
    let regex = compiled(call, pattern)?;
    let mut replaced = String::new();
    let mut end = 0;
    each(call, &regex, &text, |captures| {
        if let Some(found) = captures.get(0) {
            replaced.push_str(text.get(end..found.start()).unwrap_or_default());
            // Each `$` of the replacement can bring in the whole match.
            call.length(replaced.len().saturating_add(by.len().saturating_mul(found.len().max(1))))?;
            captures.expand(&by, &mut replaced);
            end = found.end();
        }
        Ok(())
    })?;
    replaced.push_str(text.get(end..).unwrap_or_default());
    call.made(replaced)
}

fn compiled(call: &Call<'_>, pattern: &str) -> Result<Regex, Unknown> {
    let pattern = pattern::translated(pattern).map_err(|what| call.mistake(what))?;
    RegexBuilder::new(&pattern).size_limit(MAX_COMPILED).dfa_size_limit(MAX_COMPILED).build().map_err(|error| {
        match error {
            regex::Error::CompiledTooBig(_) => call.unknown("the pattern is too large"),
            _ => call.mistake("the pattern is no regular expression"),
        }
    })
}

fn each(
    call: &Call<'_>,
    regex: &Regex,
    text: &str,
    mut take: impl FnMut(&Captures<'_>) -> Result<(), Unknown>,
) -> Result<(), Unknown> {
    let mut searched = 0usize;
    for captures in regex.captures_iter(text) {
        searched += text.len() - captures.get(0).map_or(0, |found| found.start());
        if searched > MAX_SEARCHED {
            return Err(call.unknown("the text has too many matches"));
        }
        take(&captures)?;
    }
    Ok(())
}

/// The whole match where the pattern has no groups, else a list or a map of them.
fn matched(call: &Call<'_>, regex: &Regex, captures: &Captures<'_>) -> Outcome {
    let value = |index| captures.get(index).map_or(Value::Null, |found| Value::from(found.as_str()));
    let names: Vec<Option<&str>> = regex.capture_names().skip(1).collect();
    if names.is_empty() {
        return Ok(value(0));
    }
    if names.iter().all(Option::is_none) {
        return Ok((1..=names.len()).map(|index| Item::from(value(index))).collect());
    }
    let mut members = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let name = name.ok_or_else(|| call.mistake("the pattern has groups with a name and groups without"))?;
        let member = Member { key: Origin::default(), item: Item::from(value(index + 1)) };
        members.push((Rc::from(name), member));
    }
    Ok(members.into_iter().collect())
}
