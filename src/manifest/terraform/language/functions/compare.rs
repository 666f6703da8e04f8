//! Whether values are the same, and in which order a set has them.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::super::value::{Item, Unknown, Value};
use super::call::{Call, carried};
use super::encoding::json_text;

impl Call<'_> {
    /// The two are the same at every depth; what is not known matters only where all else is the same.
    pub(super) fn is_same(&self, a: &Value, b: &Value) -> Result<bool, Unknown> {
        let mut open = None;
        let is_same = self.compare(a, b, &mut open, 0)?;
        match open {
            Some(unknown) if is_same => Err(unknown),
            _ => Ok(is_same),
        }
    }

    /// Compares what is known, and keeps the first thing that is not.
    fn compare(&self, a: &Value, b: &Value, open: &mut Option<Unknown>, depth: usize) -> Result<bool, Unknown> {
        self.step(depth)?;
        match (a, b) {
            (Value::Unknown(unknown), other) | (other, Value::Unknown(unknown)) => {
                if unknown.is_set && is_nothing(other) {
                    return Ok(false);
                }
                open.get_or_insert_with(|| carried(unknown));
                Ok(true)
            }
            (Value::List(a), Value::List(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (a, b) in a.iter().zip(b.iter()) {
                    if !self.compare(&a.value, &b.value, open, depth + 1)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Map(a), Value::Map(b)) => {
                if a.len() != b.len() || a.keys().ne(b.keys()) {
                    return Ok(false);
                }
                for (a, b) in a.values().zip(b.values()) {
                    if !self.compare(&a.item.value, &b.item.value, open, depth + 1)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            _ => Ok(a == b),
        }
    }

    /// Where a list has a value; what is not known matters only where it is found nowhere.
    pub(super) fn position(&self, items: &[Item], value: &Value) -> Result<Option<usize>, Unknown> {
        let mut open = None;
        for (index, item) in items.iter().enumerate() {
            match self.is_same(&item.value, value) {
                Ok(true) => return open.map_or(Ok(Some(index)), Err),
                Ok(false) => {}
                Err(unknown) => open = open.or(Some(unknown)),
            }
        }
        open.map_or(Ok(None), Err)
    }

    /// The list has a value; what is not known matters only where it is found nowhere.
    pub(super) fn has(&self, items: &[Item], value: &Value) -> Result<bool, Unknown> {
        let mut open = None;
        for item in items {
            match self.is_same(&item.value, value) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(unknown) => open = open.or(Some(unknown)),
            }
        }
        open.map_or(Ok(false), Err)
    }

    /// The items without those that are certainly the same as one before.
    pub(super) fn distinct(&self, items: &[Item]) -> Result<Vec<Item>, Unknown> {
        let mut scalars = BTreeSet::new();
        let mut kept: Vec<Item> = Vec::new();
        for item in items {
            self.step(0)?;
            let is_new = match &item.value {
                Value::Unknown(_) => true,
                value => match value.scalar() {
                    Some(text) => scalars.insert((rank(value), text)),
                    None => !self.is_among(&kept, value)?,
                },
            };
            if is_new {
                kept.push(item.clone());
            }
        }
        Ok(kept)
    }

    /// A value that is no scalar is certainly the same as one of the items.
    fn is_among(&self, items: &[Item], value: &Value) -> Result<bool, Unknown> {
        for item in items {
            self.step(0)?;
            if rank(&item.value) == rank(value) && matches!(self.is_same(&item.value, value), Ok(true)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The items as a set: of one type, each once, in the order in which Terraform goes through them.
    pub(super) fn as_set(&self, items: &[Item]) -> Result<Vec<Item>, Unknown> {
        let kept = self.distinct(&self.unified(items)?)?;
        let mut keyed: Vec<(String, Item)> = kept.into_iter().map(|item| (self.key(&item.value), item)).collect();
        keyed.sort_by(|a, b| order(&a.1.value, &b.1.value).then_with(|| a.0.cmp(&b.0)));
        Ok(keyed.into_iter().map(|(_, item)| item).collect())
    }

    /// What lists and maps within a set are ordered by.
    fn key(&self, value: &Value) -> String {
        match value {
            Value::List(_) | Value::Map(_) => json_text(self, value).unwrap_or_default(),
            _ => String::new(),
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(members) => members.is_empty(),
        _ => false,
    }
}

/// The order of a set's elements: scalars by what they are, and what is not known last.
fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::String(a), Value::String(b)) => a.text.cmp(&b.text),
        _ => rank(a).cmp(&rank(b)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 5,
        Value::Unknown(_) => 6,
        Value::Bool(_) => 0,
        Value::Number(_) => 1,
        Value::String(_) => 2,
        Value::List(_) => 3,
        Value::Map(_) => 4,
    }
}
