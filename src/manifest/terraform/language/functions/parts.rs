//! Texts that are put together of what is known and what is not.

use std::rc::Rc;

use super::super::value::{Item, Made, Origin, Part, Text, Unknown, Value};
use super::call::{Call, Outcome, carried};

/// A text in the making.
#[derive(Default)]
pub(super) struct Parts {
    list: Vec<Part>,
    bytes: usize,
    /// The one item that the text is so far, as it was given.
    only: Option<Value>,
}

impl Parts {
    /// Adds a text that was written at a place.
    pub(super) fn push(&mut self, call: &Call<'_>, text: &str, origin: Origin) -> Result<(), Unknown> {
        if text.is_empty() {
            return Ok(());
        }
        self.bytes += text.len();
        call.length(self.bytes)?;
        self.add(Ok(Rc::from(text)), origin);
        Ok(())
    }

    /// Adds what is not known.
    pub(super) fn push_unknown(&mut self, unknown: Unknown, origin: Origin) {
        self.add(Err(unknown), origin);
    }

    /// Adds an item as it is.
    pub(super) fn push_item(&mut self, call: &Call<'_>, item: &Item) -> Result<(), Unknown> {
        let is_first = self.list.is_empty();
        match &item.value {
            Value::Unknown(unknown) => {
                self.push_unknown(Unknown { is_set: unknown.is_set, ..carried(unknown) }, item.origin);
            }
            _ => self.push(call, &call.text_of(item)?, item.origin)?,
        }
        if is_first {
            let is_text = matches!(item.value, Value::String(_) | Value::Unknown(_));
            self.only = is_text.then(|| item.value.clone());
        }
        Ok(())
    }

    fn add(&mut self, text: Result<Rc<str>, Unknown>, origin: Origin) {
        self.only = None;
        self.list.push(Part { text, origin, is_literal: false });
    }

    /// The text, or why it is not known, with the parts that it is made of.
    pub(super) fn finish(self) -> Outcome {
        if let (Some(only), [_]) = (self.only, self.list.as_slice()) {
            return Ok(only);
        }
        let Some(first) = self.list.iter().find_map(|part| part.text.as_ref().err()).map(carried) else {
            let text: String = self.list.iter().filter_map(|part| part.text.as_deref().ok()).collect();
            let made = (!text.is_empty()).then(|| Rc::new(Made::Of(self.list)));
            return Ok(Value::String(Text { text: Rc::from(text), made }));
        };
        let is_set = self.list.iter().any(|part| part.text.as_ref().map_or_else(|unknown| unknown.is_set, |_| true));
        Err(Unknown { is_set, made: Some(Rc::new(Made::Of(self.list))), ..first })
    }
}

/// A part of a text; where the text stands in a file, the part does as well.
pub(super) fn part_of(call: &Call<'_>, text: &Text, part: &str) -> Outcome {
    if part.len() == text.text.len() {
        return Ok(Value::String(text.clone()));
    }
    call.length(part.len())?;
    let start = (part.as_ptr() as usize).checked_sub(text.text.as_ptr() as usize);
    let made = match (text.made.as_deref(), start) {
        (Some(Made::As(origin)), Some(start)) if origin.span.range().len() == text.text.len() => {
            let start = origin.span.start as usize + start;
            let span = crate::source::Span::new(start, start + part.len());
            Some(Rc::new(Made::As(Origin { span, ..*origin })))
        }
        _ => None,
    };
    Ok(Value::String(Text { text: Rc::from(part), made }))
}
