//! Functions that convert, and those that only a run can answer.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::value::{Item, Member, Text, Unknown, Value};
use super::call::{Call, Outcome, as_number, as_text, as_truth};

/// What kinds of values there are as to conversion.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Number,
    String,
    List,
    Map,
}

fn kind(value: &Value) -> Option<Kind> {
    match value {
        Value::Bool(_) => Some(Kind::Bool),
        Value::Number(_) => Some(Kind::Number),
        Value::String(_) => Some(Kind::String),
        Value::List(_) => Some(Kind::List),
        Value::Map(_) => Some(Kind::Map),
        Value::Null | Value::Unknown(_) => None,
    }
}

impl Call<'_> {
    /// The items converted to the one type that a list has: scalars become texts where one is, and so do those within
    /// lists and maps.
    pub(super) fn unified(&self, items: &[Item]) -> Result<Vec<Item>, Unknown> {
        let mut columns: Vec<Item> = items.to_vec();
        self.unify(&mut columns.iter_mut().collect::<Vec<_>>(), 0)?;
        Ok(columns)
    }

    fn unify(&self, items: &mut [&mut Item], depth: usize) -> Result<(), Unknown> {
        self.step(depth)?;
        let mut kinds = items.iter().filter_map(|item| kind(&item.value));
        let Some(first) = kinds.next() else { return Ok(()) };
        let is_one = kinds.all(|kind| kind == first);
        match first {
            Kind::List if is_one => self.unify_lists(items, depth),
            Kind::Map if is_one => self.unify_maps(items, depth),
            _ if is_one => Ok(()),
            _ => self.unify_scalars(items),
        }
    }

    fn unify_scalars(&self, items: &mut [&mut Item]) -> Result<(), Unknown> {
        let has_text = items.iter().any(|item| matches!(item.value, Value::String(_)));
        for item in items {
            match &item.value {
                Value::Null | Value::Unknown(_) | Value::String(_) => {}
                value => match as_text(value).filter(|_| has_text) {
                    Some(text) => item.value = Value::from(&*text),
                    None => return Err(self.mistake("all elements have to be of one type, and they are not")),
                },
            }
        }
        Ok(())
    }

    fn unify_lists(&self, items: &mut [&mut Item], depth: usize) -> Result<(), Unknown> {
        if items.len() < 2 {
            return Ok(());
        }
        let mut lists: Vec<Vec<Item>> = Vec::new();
        for item in items.iter() {
            lists.push(item.value.as_list().unwrap_or_default().to_vec());
            self.steps(lists.last().map_or(0, Vec::len))?;
        }
        self.unify(&mut lists.iter_mut().flatten().collect::<Vec<_>>(), depth + 1)?;
        for (item, list) in items.iter_mut().zip(lists) {
            if matches!(item.value, Value::List(_)) {
                item.value = Value::List(list.into());
            }
        }
        Ok(())
    }

    /// Objects with the same keys keep a type for each, all others become maps of one.
    fn unify_maps(&self, items: &mut [&mut Item], depth: usize) -> Result<(), Unknown> {
        if items.len() < 2 {
            return Ok(());
        }
        let mut maps: Vec<Option<BTreeMap<Rc<str>, Member>>> = Vec::new();
        for item in items.iter() {
            maps.push(item.value.as_map().cloned());
            self.steps(maps.last().and_then(Option::as_ref).map_or(0, BTreeMap::len))?;
        }
        let mut known = maps.iter().flatten();
        let keys: Vec<Rc<str>> = known.next().map(|map| map.keys().cloned().collect()).unwrap_or_default();
        if known.all(|map| map.keys().eq(keys.iter())) {
            for key in &keys {
                let members = maps.iter_mut().flatten().filter_map(|map| map.get_mut(key));
                self.unify(&mut members.map(|member| &mut member.item).collect::<Vec<_>>(), depth + 1)?;
            }
        } else {
            let members = maps.iter_mut().flatten().flat_map(BTreeMap::values_mut);
            self.unify(&mut members.map(|member| &mut member.item).collect::<Vec<_>>(), depth + 1)?;
        }
        for (item, map) in items.iter_mut().zip(maps) {
            if let Some(map) = map {
                item.value = Value::Map(Rc::new(map));
            }
        }
        Ok(())
    }
}

/// The argument itself; the run's secrecy does not matter here.
pub(super) fn same(call: &Call<'_>) -> Outcome {
    Ok(call.raw(0)?.value.clone())
}

/// What only a run can tell: the time, chance, a key.
pub(super) fn impure(call: &Call<'_>) -> Outcome {
    Err(Unknown { is_set: true, ..call.unknown("only a run tells its value") })
}

pub(super) fn to_bool(call: &Call<'_>) -> Outcome {
    converted(call, "a truth value", |value| as_truth(value).map(Value::from))
}

pub(super) fn to_number(call: &Call<'_>) -> Outcome {
    converted(call, "a number", |value| as_number(value).map(Value::from))
}

pub(super) fn to_string(call: &Call<'_>) -> Outcome {
    if let Value::Unknown(unknown) = &call.raw(0)?.value {
        return Err(unknown.clone());
    }
    converted(call, "a text", |value| match value {
        Value::String(text) => Some(Value::String(Text::clone(text))),
        value => as_text(value).map(|text| Value::from(&*text)),
    })
}

fn converted(call: &Call<'_>, what: &str, convert: impl Fn(&Value) -> Option<Value>) -> Outcome {
    match call.known(0)? {
        Value::Null => Ok(Value::Null),
        value => convert(value).ok_or_else(|| call.wanted(what, value)),
    }
}

pub(super) fn to_list(call: &Call<'_>) -> Outcome {
    elements(call, Call::unified)
}

pub(super) fn to_set(call: &Call<'_>) -> Outcome {
    elements(call, Call::as_set)
}

fn elements<'a>(call: &Call<'a>, convert: impl Fn(&Call<'a>, &[Item]) -> Result<Vec<Item>, Unknown>) -> Outcome {
    match &call.raw(0)?.value {
        Value::Null => Ok(Value::Null),
        Value::Unknown(unknown) => Err(unknown.clone()),
        Value::List(items) => Ok(Value::List(convert(call, items)?.into())),
        value => Err(call.wanted("a list", value)),
    }
}

pub(super) fn to_map(call: &Call<'_>) -> Outcome {
    let members = match &call.raw(0)?.value {
        Value::Null => return Ok(Value::Null),
        Value::Unknown(unknown) => return Err(unknown.clone()),
        Value::Map(members) => members,
        value => return Err(call.wanted("a map", value)),
    };
    let items: Vec<Item> = members.values().map(|member| member.item.clone()).collect();
    let items = call.unified(&items)?;
    let entries = members.iter().zip(items);
    Ok(entries.map(|((key, member), item)| (Rc::clone(key), Member { key: member.key, item })).collect())
}
