//! Functions of numbers.

use super::super::value::{Item, Unknown, Value};
use super::call::{Call, Outcome};

/// How many elements Terraform lets `range` make.
const MAX_RANGE: usize = 1024;

pub(super) fn abs(call: &Call<'_>) -> Outcome {
    Ok(Value::from(call.number(0)?.abs()))
}

pub(super) fn ceil(call: &Call<'_>) -> Outcome {
    Ok(Value::from(call.number(0)?.ceil()))
}

pub(super) fn floor(call: &Call<'_>) -> Outcome {
    Ok(Value::from(call.number(0)?.floor()))
}

pub(super) fn log(call: &Call<'_>) -> Outcome {
    finite(call, call.number(0)?.ln() / call.number(1)?.ln())
}

pub(super) fn max(call: &Call<'_>) -> Outcome {
    Ok(Value::from(numbers(call, call.arguments)?.into_iter().fold(f64::NEG_INFINITY, f64::max)))
}

pub(super) fn min(call: &Call<'_>) -> Outcome {
    Ok(Value::from(numbers(call, call.arguments)?.into_iter().fold(f64::INFINITY, f64::min)))
}

/// A whole number written to a base from 2 to 62.
pub(super) fn parse_int(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let text = value.as_str().ok_or_else(|| call.wanted("a text", value))?;
    let base = call.whole(1)?;
    let base = u32::try_from(base).ok().filter(|base| (2..=62).contains(base));
    let base = base.ok_or_else(|| call.mistake("the base has to be from 2 to 62"))?;
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut number = 0.0;
    for c in digits.chars() {
        let digit = digit(c, base).ok_or_else(|| call.mistake(format!("{text:?} is no number to the base {base}")))?;
        number = number * f64::from(base) + f64::from(digit);
    }
    if digits.is_empty() {
        return Err(call.mistake("an empty text is no number"));
    }
    finite(call, if is_negative { -number } else { number })
}

/// The number that a digit stands for; small and capital letters differ only where the base needs both.
fn digit(c: char, base: u32) -> Option<u32> {
    let digit = if base > 36 && c.is_ascii_uppercase() { c.to_digit(36)? + 26 } else { c.to_digit(36)? };
    (digit < base).then_some(digit)
}

pub(super) fn pow(call: &Call<'_>) -> Outcome {
    finite(call, call.number(0)?.powf(call.number(1)?))
}

/// The sign of a whole number, as -1, 0 or 1.
pub(super) fn signum(call: &Call<'_>) -> Outcome {
    #[allow(clippy::cast_precision_loss)] // It is -1, 0 or 1.
    Ok(Value::from(call.whole(0)?.signum() as f64))
}

pub(super) fn sum(call: &Call<'_>) -> Outcome {
    let items = call.list(0)?;
    if items.is_empty() {
        return Err(call.mistake("the list has no elements"));
    }
    finite(call, numbers(call, items)?.into_iter().sum())
}

/// The numbers from the first argument, or 0, towards the limit and without it.
pub(super) fn range(call: &Call<'_>) -> Outcome {
    let numbers = numbers(call, call.arguments)?;
    let (start, limit, step) = match *numbers.as_slice() {
        [limit] => (0.0, limit, if limit < 0.0 { -1.0 } else { 1.0 }),
        [start, limit] => (start, limit, if limit < start { -1.0 } else { 1.0 }),
        [start, limit, step] => (start, limit, step),
        _ => return Err(call.mistake("takes 1 to 3 arguments")),
    };
    #[allow(clippy::float_cmp)] // The range is empty only where they are the same.
    if start == limit {
        return Ok(Value::List([].into()));
    }
    if step == 0.0 || (step < 0.0) != (limit < start) {
        return Err(call.mistake("the step has to lead from the start to the limit"));
    }
    let mut items = Vec::new();
    let mut number = start;
    while if step > 0.0 { number < limit } else { number > limit } {
        if items.len() == MAX_RANGE {
            return Err(call.mistake(format!("yields more than {MAX_RANGE} elements, which Terraform refuses")));
        }
        items.push(Item::from(Value::from(number)));
        number += step;
    }
    Ok(Value::List(items.into()))
}

fn numbers(call: &Call<'_>, items: &[Item]) -> Result<Vec<f64>, Unknown> {
    items.iter().map(|item| call.number_of(item)).collect()
}

fn finite(call: &Call<'_>, number: f64) -> Outcome {
    if number.is_finite() { Ok(Value::from(number)) } else { Err(call.mistake("the result is no finite number")) }
}
