//! Functions of lists and maps.

use std::collections::BTreeMap;
use std::rc::Rc;

use unicode_segmentation::UnicodeSegmentation;

use super::super::value::{Item, Made, Member, Origin, Unknown, Value};
use super::call::{Call, Outcome, as_truth, carried, set};

pub(super) fn all_true(call: &Call<'_>) -> Outcome {
    decided(call, false)
}

pub(super) fn any_true(call: &Call<'_>) -> Outcome {
    decided(call, true)
}

/// The answer where one element decides it, and the other one where none does; null is as good as false.
fn decided(call: &Call<'_>, by: bool) -> Outcome {
    let mut open = None;
    let mut is_decided = false;
    for item in call.list(0)? {
        match &item.value {
            Value::Unknown(unknown) => open = open.or(Some(carried(unknown))),
            Value::Null => is_decided |= !by,
            value => is_decided |= as_truth(value).ok_or_else(|| call.wanted("a truth value", value))? == by,
        }
    }
    match open {
        Some(unknown) if !is_decided => Err(unknown),
        _ => Ok(Value::from(is_decided == by)),
    }
}

/// Lists of at most so many elements; 0 is no limit.
pub(super) fn chunk_list(call: &Call<'_>) -> Outcome {
    let (items, size) = (call.unified(call.list(0)?)?, call.whole(1)?);
    let size = usize::try_from(size).map_err(|_| call.mistake("the size is negative"))?;
    let size = if size == 0 { items.len().max(1) } else { size };
    call.room(items.len())?;
    Ok(items.chunks(size).map(|chunk| Item::from(Value::List(chunk.into()))).collect())
}

/// The first argument that is neither null nor an empty text.
pub(super) fn coalesce(call: &Call<'_>) -> Outcome {
    let unified = call.unified(call.arguments)?;
    for item in &unified {
        match &item.value {
            Value::Null => {}
            Value::String(text) if text.text.is_empty() => {}
            Value::Unknown(unknown) if unknown.is_set => return Ok(item.value.clone()),
            // Were nothing set, it would be a mistake.
            Value::Unknown(unknown) => return Err(set(carried(unknown))),
            value => return Ok(value.clone()),
        }
    }
    Err(call.mistake("all arguments are null or empty"))
}

/// The first list that is not empty.
pub(super) fn coalesce_list(call: &Call<'_>) -> Outcome {
    for item in call.arguments {
        match &item.value {
            Value::Unknown(unknown) if unknown.is_set => return Ok(item.value.clone()),
            Value::Unknown(unknown) => return Err(set(carried(unknown))),
            value if call.list_of(item)?.is_empty() => _ = value,
            value => return Ok(value.clone()),
        }
    }
    Err(call.mistake("all lists are empty"))
}

/// Without null and empty texts.
pub(super) fn compact(call: &Call<'_>) -> Outcome {
    let mut kept = Vec::new();
    let mut open = None;
    for item in call.unified(call.list(0)?)? {
        match &item.value {
            Value::Null => {}
            Value::Unknown(unknown) if !unknown.is_set => open = open.or(Some(carried(unknown))),
            Value::Unknown(_) => kept.push(item),
            _ => {
                let text = call.text_of(&item)?;
                if !text.is_empty() {
                    let is_text = matches!(item.value, Value::String(_));
                    kept.push(if is_text { item } else { Item { value: Value::from(&*text), ..item } });
                }
            }
        }
    }
    match open {
        Some(unknown) => Err(Unknown { is_set: !kept.is_empty(), ..unknown }),
        None => Ok(Value::List(kept.into())),
    }
}

pub(super) fn concat(call: &Call<'_>) -> Outcome {
    let is_set = call.arguments.iter().any(|item| match &item.value {
        Value::Unknown(unknown) => unknown.is_set,
        value => value.as_list().is_some_and(|items| !items.is_empty()),
    });
    let mut items = Vec::new();
    for item in call.arguments {
        items.extend_from_slice(call.list_of(item).map_err(|unknown| Unknown { is_set, ..unknown })?);
        call.room(items.len())?;
    }
    Ok(Value::List(items.into()))
}

pub(super) fn contains(call: &Call<'_>) -> Outcome {
    let (items, value) = (call.list(0)?, call.value(1)?);
    Ok(Value::from(call.has(items, value)?))
}

pub(super) fn distinct(call: &Call<'_>) -> Outcome {
    Ok(Value::List(call.distinct(&call.unified(call.list(0)?)?)?.into()))
}

/// The element at an index, which starts again behind the end, and counts from the end where it is negative.
pub(super) fn element(call: &Call<'_>) -> Outcome {
    let (items, index) = (call.list(0)?, call.whole(1)?);
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let index = index.checked_rem_euclid(count).and_then(|index| usize::try_from(index).ok());
    let item = index.and_then(|index| items.get(index));
    item.map(|item| item.value.clone()).ok_or_else(|| call.mistake("the list has no elements"))
}

/// All elements of the lists in a list, at any depth.
pub(super) fn flatten(call: &Call<'_>) -> Outcome {
    let mut flat = Vec::new();
    flatten_into(call, call.list(0)?, &mut flat, 0)?;
    Ok(Value::List(flat.into()))
}

fn flatten_into(call: &Call<'_>, items: &[Item], flat: &mut Vec<Item>, depth: usize) -> Result<(), Unknown> {
    call.step(depth)?;
    for item in items {
        if let Value::List(inner) = &item.value {
            flatten_into(call, inner, flat, depth + 1)?;
        } else {
            flat.push(item.clone());
            call.room(flat.len())?;
        }
    }
    Ok(())
}

/// Functions that Terraform no longer has.
pub(super) fn gone(call: &Call<'_>) -> Outcome {
    Err(call.mistake("Terraform has this function no more"))
}

pub(super) fn index(call: &Call<'_>) -> Outcome {
    let (items, value) = (call.list(0)?, call.value(1)?);
    let position = call.position(items, value)?.ok_or_else(|| call.mistake("the list does not have the value"))?;
    #[allow(clippy::cast_precision_loss)] // No list is that long.
    Ok(Value::from(position as f64))
}

pub(super) fn keys(call: &Call<'_>) -> Outcome {
    let text = |(key, member): (&Rc<str>, &Member)| Item { value: Value::from(&**key), origin: member.key };
    Ok(call.map(0)?.iter().map(text).collect())
}

pub(super) fn values(call: &Call<'_>) -> Outcome {
    Ok(call.map(0)?.values().map(|member| member.item.clone()).collect())
}

/// How many elements a list or a map has, or how many characters a text.
pub(super) fn length(call: &Call<'_>) -> Outcome {
    let count = match call.value(0)? {
        Value::List(items) => items.len(),
        Value::Map(members) => members.len(),
        Value::String(text) => text.text.graphemes(true).count(),
        value => return Err(call.wanted("a list, a map or a text", value)),
    };
    #[allow(clippy::cast_precision_loss)] // Nothing is that long.
    Ok(Value::from(count as f64))
}

/// The value of a key, or the default where the map does not have it.
pub(super) fn lookup(call: &Call<'_>) -> Outcome {
    if let Value::Unknown(Unknown { made: Some(made), .. }) = &call.raw(0)?.value
        && let (Made::Resource { members, .. }, Value::String(key)) = (&**made, call.known(1)?)
        && let Some(member) = members.get(&key.text)
    {
        return Ok(member.item.value.clone());
    }
    let members = call.map(0)?;
    let key = call.text(1)?;
    match (members.get(&key), call.arguments.get(2)) {
        (Some(member), _) => Ok(member.item.value.clone()),
        (None, Some(default)) => Ok(default.value.clone()),
        (None, None) => Err(call.mistake(format!("the map has no key {key:?}, and no default is given"))),
    }
}

/// The values of which the keys are among those that are searched.
pub(super) fn match_keys(call: &Call<'_>) -> Outcome {
    let values = call.unified(call.list(0)?)?;
    let (keys, searched) = (call.list(1)?, call.list(2)?);
    if values.len() != keys.len() {
        return Err(call.mistake("the lists have different lengths"));
    }
    let all = call.unified(&[keys, searched].concat())?;
    let (keys, searched) = all.split_at_checked(keys.len()).unwrap_or_default();
    let mut matched = Vec::new();
    for (value, key) in values.iter().zip(keys) {
        if call.has(searched, &key.value)? {
            matched.push(value.clone());
        }
    }
    Ok(Value::List(matched.into()))
}

/// The members of all maps; a later one wins over an earlier one.
pub(super) fn merge(call: &Call<'_>) -> Outcome {
    let is_set = call.arguments.iter().any(|item| match &item.value {
        Value::Unknown(unknown) => unknown.is_set,
        value => value.as_map().is_some_and(|members| !members.is_empty()),
    });
    let mut merged = BTreeMap::new();
    let mut open = None;
    for item in call.arguments {
        match &item.value {
            Value::Null => {}
            Value::Unknown(unknown) => open = open.or(Some(Unknown { is_set, ..carried(unknown) })),
            Value::Map(members) => merged.extend(members.iter().map(|(key, member)| (Rc::clone(key), member.clone()))),
            value => return Err(call.wanted("a map", value)),
        }
        call.room(merged.len())?;
    }
    open.map_or_else(|| Ok(Value::Map(Rc::new(merged))), Err)
}

/// The only element of a list, or null where it has none.
pub(super) fn one(call: &Call<'_>) -> Outcome {
    match call.list(0)? {
        [] => Ok(Value::Null),
        [item] => Ok(item.value.clone()),
        items => Err(call.mistake(format!("the list has {} elements", items.len()))),
    }
}

pub(super) fn reverse(call: &Call<'_>) -> Outcome {
    Ok(call.list(0)?.iter().rev().cloned().collect())
}

/// The elements from an index to another, without that.
pub(super) fn slice(call: &Call<'_>) -> Outcome {
    let (items, start, end) = (call.list(0)?, call.whole(1)?, call.whole(2)?);
    let part = match (usize::try_from(start), usize::try_from(end)) {
        (Ok(start), Ok(end)) => items.get(start..end),
        _ => None,
    };
    let part =
        part.ok_or_else(|| call.mistake(format!("{start} to {end} is no part of a list of {} elements", items.len())))?;
    Ok(Value::List(part.into()))
}

/// Texts in the order of their characters.
pub(super) fn sort(call: &Call<'_>) -> Outcome {
    let items = call.list(0)?;
    let text = |item: &Item| match &item.value {
        Value::String(_) => Ok((call.text_of(item)?, item.clone())),
        _ => {
            call.text_of(item).map(|text| (Rc::clone(&text), Item { value: Value::from(&*text), origin: item.origin }))
        }
    };
    let texts: Result<Vec<(Rc<str>, Item)>, Unknown> = items.iter().map(text).collect();
    // There is an element, if only one that is not known.
    let mut texts = texts.map_err(set)?;
    texts.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(texts.into_iter().map(|(_, item)| item).collect())
}

/// A map of lists of texts turned around: each text with the keys of the lists that have it.
pub(super) fn transpose(call: &Call<'_>) -> Outcome {
    let mut turned: BTreeMap<Rc<str>, (Origin, Vec<Item>)> = BTreeMap::new();
    let mut count = 0;
    for (key, member) in call.map(0)? {
        for item in call.list_of(&member.item)? {
            count += 1;
            call.room(count)?;
            let (_, keys) = turned.entry(call.text_of(item)?).or_insert_with(|| (item.origin, Vec::new()));
            keys.push(Item { value: Value::from(&**key), origin: member.key });
        }
    }
    let member = |(origin, mut keys): (Origin, Vec<Item>)| {
        keys.dedup();
        Member { key: origin, item: Item::from(Value::List(keys.into())) }
    };
    Ok(turned.into_iter().map(|(text, keys)| (text, member(keys))).collect())
}

/// A map of a list of keys and a list of their values.
pub(super) fn zip_map(call: &Call<'_>) -> Outcome {
    let (keys, values) = (call.list(0)?, call.list(1)?);
    if keys.len() != values.len() {
        return Err(call.mistake(format!("there are {} keys and {} values", keys.len(), values.len())));
    }
    let member = |(key, value): (&Item, &Item)| {
        Ok((call.text_of(key).map_err(set)?, Member { key: key.origin, item: value.clone() }))
    };
    keys.iter().zip(values).map(member).collect()
}
