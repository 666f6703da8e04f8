//! One call of a function: its arguments as the types that it wants, and the limits of what it may take.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::super::value::{Item, Member, Unknown, Value, number_text};
use super::Files;

/// How many elements one result may have.
const MAX_ELEMENTS: usize = 10_000;

/// How many bytes of text one result may have.
const MAX_BYTES: usize = 1024 * 1024;

/// How many values one call may look at: values can share what they hold, so that a small one takes long to walk.
const MAX_STEPS: usize = 200_000;

/// How deep a value may nest.
const MAX_DEPTH: usize = 256;

/// What a function comes to: a value, or why it is not known.
pub(super) type Outcome = Result<Value, Unknown>;

/// One call.
pub(super) struct Call<'a> {
    pub(super) name: &'static str,
    pub(super) arguments: &'a [Item],
    pub(super) files: &'a dyn Files,
    steps: Cell<usize>,
}

/// What is not known because something that it depends on is not.
pub(super) fn carried(unknown: &Unknown) -> Unknown {
    Unknown { reason: Arc::clone(&unknown.reason), is_set: false, is_mistake: unknown.is_mistake, made: None }
}

/// What is not known, but is certainly neither null nor empty.
pub(super) fn set(unknown: Unknown) -> Unknown {
    Unknown { is_set: true, ..unknown }
}

/// A scalar as a text, by Terraform's conversion.
pub(super) fn as_text(value: &Value) -> Option<Rc<str>> {
    value.scalar()
}

/// A scalar as a number, by Terraform's conversion.
pub(super) fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::String(text) => parse_number(&text.text),
        _ => None,
    }
}

/// A scalar as a truth value, by Terraform's conversion.
pub(super) fn as_truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if matches!(&*text.text, "true" | "1") => Some(true),
        Value::String(text) if matches!(&*text.text, "false" | "0") => Some(false),
        _ => None,
    }
}

/// A number in decimal digits, with a sign, a fraction and an exponent.
fn parse_number(text: &str) -> Option<f64> {
    let is_decimal = text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    text.parse().ok().filter(|number: &f64| is_decimal && number.is_finite())
}

impl<'a> Call<'a> {
    pub(super) fn new(name: &'static str, arguments: &'a [Item], files: &'a dyn Files) -> Self {
        Self { name, arguments, files, steps: Cell::new(0) }
    }

    /// A mistake in the call, as a person is told.
    pub(super) fn mistake(&self, what: impl AsRef<str>) -> Unknown {
        Unknown { is_mistake: true, ..Unknown::new(format!("`{}`: {}", self.name, what.as_ref())) }
    }

    /// Why the value of a correct call is not known.
    pub(super) fn unknown(&self, what: impl AsRef<str>) -> Unknown {
        Unknown::new(format!("`{}`: {}", self.name, what.as_ref()))
    }

    /// The number of arguments is right, and none of them is a mistake itself.
    pub(super) fn check_count(&self, least: usize, most: usize) -> Result<(), Unknown> {
        let count = self.arguments.len();
        if count < least || count > most {
            let wanted = match (least, most) {
                _ if least == most => least.to_string(),
                (_, super::ANY) => format!("at least {least}"),
                _ => format!("{least} to {most}"),
            };
            return Err(self.mistake(format!("takes {wanted} arguments, not {count}")));
        }
        match self.arguments.iter().find_map(|item| mistake_of(&item.value)) {
            Some(mistake) => Err(carried(mistake)),
            None => Ok(()),
        }
    }

    /// An argument, which may be null or not known.
    pub(super) fn raw(&self, index: usize) -> Result<&'a Item, Unknown> {
        self.arguments.get(index).ok_or_else(|| self.mistake("an argument is missing"))
    }

    /// An argument, which may be null.
    pub(super) fn known(&self, index: usize) -> Result<&'a Value, Unknown> {
        known(self.raw(index)?)
    }

    /// An argument that is not null.
    pub(super) fn value(&self, index: usize) -> Result<&'a Value, Unknown> {
        self.not_null(self.raw(index)?)
    }

    /// The value of an item, which has to be known and not null.
    pub(super) fn not_null<'i>(&self, item: &'i Item) -> Result<&'i Value, Unknown> {
        match known(item)? {
            Value::Null => Err(self.mistake("a value that is null cannot be used here")),
            value => Ok(value),
        }
    }

    pub(super) fn text(&self, index: usize) -> Result<Rc<str>, Unknown> {
        self.text_of(self.raw(index)?)
    }

    pub(super) fn text_of(&self, item: &Item) -> Result<Rc<str>, Unknown> {
        let value = self.not_null(item)?;
        as_text(value).ok_or_else(|| self.wanted("a text", value))
    }

    pub(super) fn number(&self, index: usize) -> Result<f64, Unknown> {
        self.number_of(self.raw(index)?)
    }

    pub(super) fn number_of(&self, item: &Item) -> Result<f64, Unknown> {
        let value = self.not_null(item)?;
        as_number(value).ok_or_else(|| self.wanted("a number", value))
    }

    /// A number without a fraction.
    pub(super) fn whole(&self, index: usize) -> Result<i64, Unknown> {
        let number = self.number(index)?;
        if number.fract() != 0.0 || number.abs() > 9e15 {
            return Err(self.mistake(format!("a whole number is needed, not {}", number_text(number))));
        }
        #[allow(clippy::cast_possible_truncation)] // It is whole, and small enough.
        Ok(number as i64)
    }

    pub(super) fn list(&self, index: usize) -> Result<&'a [Item], Unknown> {
        self.list_of(self.raw(index)?)
    }

    pub(super) fn list_of<'i>(&self, item: &'i Item) -> Result<&'i [Item], Unknown> {
        let value = self.not_null(item)?;
        value.as_list().ok_or_else(|| self.wanted("a list", value))
    }

    pub(super) fn map(&self, index: usize) -> Result<&'a BTreeMap<Rc<str>, Member>, Unknown> {
        let value = self.value(index)?;
        value.as_map().ok_or_else(|| self.wanted("a map", value))
    }

    /// The mistake that a value is of another type than is wanted.
    pub(super) fn wanted(&self, what: &str, value: &Value) -> Unknown {
        self.mistake(match value {
            Value::String(text) => format!("{what} is needed, not {:?}", short(&text.text)),
            _ => format!("{what} is needed, not {}", value.kind()),
        })
    }

    /// Counts a value that is looked at, so that no call takes long.
    pub(super) fn step(&self, depth: usize) -> Result<(), Unknown> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAX_STEPS || depth > MAX_DEPTH {
            return Err(self.unknown("the values are too large to look at"));
        }
        Ok(())
    }

    /// Counts several values at once.
    pub(super) fn steps(&self, count: usize) -> Result<(), Unknown> {
        self.steps.set(self.steps.get().saturating_add(count));
        self.step(0)
    }

    /// Checks that a result of so many elements is small enough to be made.
    pub(super) fn room(&self, elements: usize) -> Result<(), Unknown> {
        if elements > MAX_ELEMENTS {
            return Err(set(self.unknown(format!("yields more than {MAX_ELEMENTS} elements"))));
        }
        Ok(())
    }

    /// Checks that a text of so many bytes is small enough to be made.
    pub(super) fn length(&self, bytes: usize) -> Result<(), Unknown> {
        if bytes > MAX_BYTES {
            return Err(set(self.unknown(format!("yields more than {MAX_BYTES} bytes"))));
        }
        Ok(())
    }

    /// A list, where it is small enough.
    pub(super) fn listed(&self, items: impl IntoIterator<Item = Item>) -> Outcome {
        let mut list = Vec::new();
        for item in items {
            list.push(item);
            self.room(list.len())?;
        }
        Ok(Value::List(list.into()))
    }

    /// A text, where it is short enough.
    pub(super) fn made(&self, text: impl AsRef<str>) -> Outcome {
        self.length(text.as_ref().len())?;
        Ok(Value::from(text.as_ref()))
    }
}

fn known(item: &Item) -> Result<&Value, Unknown> {
    match &item.value {
        Value::Unknown(unknown) => Err(carried(unknown)),
        value => Ok(value),
    }
}

fn mistake_of(value: &Value) -> Option<&Unknown> {
    match value {
        Value::Unknown(unknown) if unknown.is_mistake => Some(unknown),
        _ => None,
    }
}

/// The beginning of a text, as messages quote it.
fn short(text: &str) -> String {
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(40).collect();
    if chars.next().is_some() { format!("{start}…") } else { start }
}
