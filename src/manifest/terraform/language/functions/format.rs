//! `format` and `formatlist`.

use super::super::value::{Item, Unknown, Value};
use super::call::{Call, Outcome, as_number, as_text, as_truth};
use super::encoding;
use super::parts::Parts;
use super::verb::{Piece, Verb, pieces};

/// A text with its verbs filled in.
pub(super) fn format(call: &Call<'_>) -> Outcome {
    let pieces = read(call)?;
    filled(call, &pieces, &call.arguments.iter().skip(1).collect::<Vec<_>>())
}

/// One text for each element of the lists among the arguments.
pub(super) fn format_list(call: &Call<'_>) -> Outcome {
    let pieces = read(call)?;
    let arguments = call.arguments.get(1..).unwrap_or_default();
    let mut lengths = arguments.iter().filter_map(|item| item.value.as_list()).map(<[Item]>::len);
    let Some(length) = lengths.next() else {
        if let Some(unknown) = arguments.iter().find(|item| matches!(item.value, Value::Unknown(_))) {
            call.not_null(unknown)?;
        }
        let one = filled(call, &pieces, &arguments.iter().collect::<Vec<_>>()).or_else(kept)?;
        return call.listed([Item::from(one)]);
    };
    if lengths.any(|other| other != length) {
        return Err(call.mistake("the lists have different lengths"));
    }
    let mut items = Vec::new();
    for index in 0..length {
        call.room(items.len())?;
        // What is not known is a list of the same length or one value for all.
        let row = arguments.iter().map(|item| item.value.as_list().map_or(Some(item), |list| list.get(index)));
        items.push(Item::from(filled(call, &pieces, &row.flatten().collect::<Vec<_>>()).or_else(kept)?));
    }
    call.listed(items)
}

/// An element that is not known stays in place; a mistake does not.
fn kept(unknown: Unknown) -> Outcome {
    if unknown.is_mistake { Err(unknown) } else { Ok(Value::Unknown(unknown)) }
}

fn read(call: &Call<'_>) -> Result<Vec<Piece>, Unknown> {
    let pieces = pieces(&call.text(0)?).map_err(|what| call.mistake(what))?;
    let count = call.arguments.len() - 1;
    let used = pieces.iter().filter_map(Piece::argument).max().unwrap_or(0);
    match used.cmp(&count) {
        std::cmp::Ordering::Equal => Ok(pieces),
        std::cmp::Ordering::Less => Err(call.mistake(format!("uses {used} values, and {count} are given"))),
        std::cmp::Ordering::Greater => Err(call.mistake(format!("needs {used} values, and {count} are given"))),
    }
}

fn filled(call: &Call<'_>, pieces: &[Piece], arguments: &[&Item]) -> Outcome {
    let origin = call.raw(0)?.origin;
    let mut parts = Parts::default();
    for piece in pieces {
        call.step(0)?;
        match piece {
            Piece::Literal(text) => parts.push(call, text, origin)?,
            Piece::Verb(verb) => {
                let Some(item) = verb.argument.checked_sub(1).and_then(|index| arguments.get(index)) else {
                    return Err(call.mistake(format!("there is no value number {}", verb.argument)));
                };
                if verb.is_plain() && matches!(item.value, Value::String(_) | Value::Unknown(_)) {
                    parts.push_item(call, item)?;
                    continue;
                }
                match shown(call, verb, &item.value) {
                    Ok(text) => parts.push(call, &text, item.origin)?,
                    Err(unknown) if unknown.is_mistake => return Err(unknown),
                    // All but `%s` and `%v` of an empty text yield at least one character.
                    Err(unknown) => parts.push_unknown(
                        Unknown { is_set: unknown.is_set || !matches!(verb.letter, 's' | 'v'), ..unknown },
                        item.origin,
                    ),
                }
            }
        }
    }
    parts.finish()
}

/// What a verb makes of a value.
fn shown(call: &Call<'_>, verb: &Verb, value: &Value) -> Result<String, Unknown> {
    let wrong = |what: &str| call.mistake(format!("`%{}` needs {what}, not {}", verb.letter, value.kind()));
    verb.check(call)?;
    match (verb.letter, value) {
        (_, Value::Unknown(unknown)) => Err(super::call::carried(unknown)),
        ('v', Value::String(text)) if !verb.has('#') => Ok(verb.text(&text.text)),
        ('v', Value::Number(number)) if !verb.has('#') => Ok(verb.float(*number, 'g')),
        ('v', value) => Ok(verb.padded(encoding::json_text(call, value)?)),
        (_, Value::Null) => Err(wrong("a value")),
        ('t', value) => {
            let truth = as_truth(value).ok_or_else(|| wrong("a truth value"))?;
            Ok(verb.padded(truth.to_string()))
        }
        ('s', value) => Ok(verb.text(&as_text(value).ok_or_else(|| wrong("a text"))?)),
        ('q', value) => {
            let text = as_text(value).ok_or_else(|| wrong("a text"))?;
            Ok(verb.text(&encoding::json_text(call, &Value::from(&*text))?))
        }
        ('b' | 'd' | 'o' | 'x' | 'X', value) => {
            let number = as_number(value).filter(|number| number.fract() == 0.0);
            let number = number.ok_or_else(|| wrong("a whole number"))?;
            verb.integer(number).ok_or_else(|| call.unknown("the number is too large"))
        }
        (_, value) => Ok(verb.float(as_number(value).ok_or_else(|| wrong("a number"))?, verb.letter)),
    }
}
