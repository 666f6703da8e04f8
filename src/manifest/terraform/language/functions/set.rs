//! Functions of sets, which are lists that have each element once, sorted.

use super::super::value::{Item, Unknown, Value};
use super::call::{Call, Outcome};

/// The sets of all arguments, of one type.
fn sets(call: &Call<'_>) -> Result<Vec<Vec<Item>>, Unknown> {
    let mut all = Vec::new();
    for item in call.arguments {
        all.extend_from_slice(call.list_of(item)?);
        call.room(all.len())?;
    }
    let unified = call.unified(&all)?;
    let mut rest = unified.as_slice();
    let mut sets = Vec::new();
    for item in call.arguments {
        let (own, others) = rest.split_at_checked(call.list_of(item)?.len()).unwrap_or((rest, &[]));
        sets.push(call.as_set(own)?);
        rest = others;
    }
    Ok(sets)
}

pub(super) fn union(call: &Call<'_>) -> Outcome {
    Ok(Value::List(call.as_set(&sets(call)?.concat())?.into()))
}

pub(super) fn intersection(call: &Call<'_>) -> Outcome {
    let sets = sets(call)?;
    let Some((first, others)) = sets.split_first() else { return Ok(Value::List([].into())) };
    kept(call, first, |item| {
        let mut is_kept = Ok(true);
        for other in others {
            match call.has(other, &item.value) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(unknown) => is_kept = Err(unknown),
            }
        }
        is_kept
    })
}

/// The first set without the elements of the second one.
pub(super) fn subtract(call: &Call<'_>) -> Outcome {
    match sets(call)?.as_slice() {
        [first, second] => kept(call, first, |item| Ok(!call.has(second, &item.value)?)),
        _ => Err(call.mistake("takes 2 arguments")),
    }
}

fn kept(call: &Call<'_>, items: &[Item], is_kept: impl Fn(&Item) -> Result<bool, Unknown>) -> Outcome {
    let mut kept = Vec::new();
    for item in items {
        call.step(0)?;
        if is_kept(item)? {
            kept.push(item.clone());
        }
    }
    Ok(Value::List(kept.into()))
}

/// Every way to take one element of each set.
pub(super) fn product(call: &Call<'_>) -> Outcome {
    let lists: Vec<Vec<Item>> =
        call.arguments.iter().map(|item| call.unified(call.list_of(item)?)).collect::<Result<_, _>>()?;
    let count = lists.iter().fold(1usize, |count, list| count.saturating_mul(list.len()));
    call.room(count.saturating_mul(lists.len()))?;
    if count == 0 {
        return Ok(Value::List([].into()));
    }
    let mut rows: Vec<Vec<Item>> = vec![Vec::new()];
    for list in &lists {
        let longer = |row: &Vec<Item>, item: &Item| row.iter().chain([item]).cloned().collect();
        rows = rows.iter().flat_map(|row| list.iter().map(move |item| longer(row, item))).collect();
    }
    Ok(rows.into_iter().map(|row| Item::from(Value::List(row.into()))).collect())
}
