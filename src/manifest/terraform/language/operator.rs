//! Operators and conditionals, three-valued.

use hcl_edit::expr::BinaryOperator;

use super::{Item, Unknown, Value};

/// A truth value, or a text that is one.
pub(crate) fn truth(value: &Value) -> Result<bool, Unknown> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::Unknown(why) => Err(why.result()),
        other => match other.as_str() {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err(mistake(format!("{} is no truth value", other.kind()))),
        },
    }
}

/// A number, or a text that is one.
pub(super) fn number(value: &Value) -> Result<f64, Unknown> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Unknown(why) => Err(why.result()),
        other => {
            let number = other.as_str().and_then(|text| text.parse().ok());
            number.ok_or_else(|| mistake(format!("{} is no number", other.kind())))
        }
    }
}

/// The branch that a condition chooses; where that is open, what both branches come to.
pub(super) fn choose(condition: &Value, yes: impl FnOnce() -> Item, no: impl FnOnce() -> Item) -> Item {
    match truth(condition) {
        Ok(true) => unified(yes(), no),
        Ok(false) => unified(no(), yes),
        Err(why) if why.is_mistake => Item::from(Value::Unknown(why)),
        Err(why) => {
            let (yes, no) = (yes(), no());
            if yes.value.first_unknown().is_none() && yes == no {
                return yes;
            }
            let is_set = is_set(&yes.value) && is_set(&no.value);
            Item::from(Value::Unknown(Unknown { is_set, ..why }))
        }
    }
}

/// Both branches have one type: beside a text a number or truth value is one too.
fn unified(chosen: Item, other: impl FnOnce() -> Item) -> Item {
    let is_scalar = matches!(chosen.value, Value::Number(_) | Value::Bool(_));
    if is_scalar && other().value.as_str().is_some() {
        let text = chosen.value.scalar().unwrap_or_default();
        return Item { value: Value::from(&*text), ..chosen };
    }
    chosen
}

/// It is certainly neither null nor empty.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(members) => !members.is_empty(),
        Value::Unknown(unknown) => unknown.is_set,
    }
}

pub(super) fn binary(operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    let result = match operator {
        BinaryOperator::Eq => equal(left, right).map(Value::Bool),
        BinaryOperator::NotEq => equal(left, right).map(|equal| Value::Bool(!equal)),
        BinaryOperator::And => both(truth(left), truth(right), false).map(Value::Bool),
        BinaryOperator::Or => both(truth(left), truth(right), true).map(Value::Bool),
        _ => number(left)
            .and_then(|left| Ok((left, number(right)?)))
            .map(|(left, right)| calculate(operator, left, right)),
    };
    result.unwrap_or_else(Value::Unknown)
}

fn calculate(operator: BinaryOperator, left: f64, right: f64) -> Value {
    match operator {
        BinaryOperator::Plus => Value::Number(left + right),
        BinaryOperator::Minus => Value::Number(left - right),
        BinaryOperator::Mul => Value::Number(left * right),
        BinaryOperator::Div | BinaryOperator::Mod if right == 0.0 => Value::mistake("it divides by zero"),
        BinaryOperator::Div => Value::Number(left / right),
        BinaryOperator::Mod => Value::Number(left % right),
        BinaryOperator::Less => Value::Bool(left < right),
        BinaryOperator::LessEq => Value::Bool(left <= right),
        BinaryOperator::Greater => Value::Bool(left > right),
        _ => Value::Bool(left >= right),
    }
}

/// `decisive` settles the result whatever the other side is.
fn both(left: Result<bool, Unknown>, right: Result<bool, Unknown>, decisive: bool) -> Result<bool, Unknown> {
    match (left, right) {
        (Err(why), _) | (_, Err(why)) if why.is_mistake => Err(why),
        (Ok(side), _) | (_, Ok(side)) if side == decisive => Ok(decisive),
        (Ok(_), other) | (other, _) => other,
    }
}

/// Values of different types are never equal.
fn equal(left: &Value, right: &Value) -> Result<bool, Unknown> {
    match (left, right) {
        (Value::Unknown(why), _) | (_, Value::Unknown(why)) if why.is_mistake => Err(why.clone()),
        (Value::Unknown(why), Value::Null) | (Value::Null, Value::Unknown(why)) if why.is_set => Ok(false),
        (Value::Unknown(why), other) | (other, Value::Unknown(why)) if why.is_set && other.as_str() == Some("") => {
            Ok(false)
        }
        (Value::Unknown(why), _) | (_, Value::Unknown(why)) => Err(why.result()),
        (Value::List(left), Value::List(right)) if left.len() == right.len() => {
            all_equal(left.iter().zip(right.iter()).map(|(left, right)| (&left.value, &right.value)))
        }
        (Value::Map(left), Value::Map(right)) if left.keys().eq(right.keys()) => {
            all_equal(left.values().zip(right.values()).map(|(left, right)| (&left.item.value, &right.item.value)))
        }
        (left, right) => Ok(left == right),
    }
}

/// One pair that differs settles it, whatever is open of the others.
fn all_equal<'v>(pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Result<bool, Unknown> {
    let mut open = None;
    for (left, right) in pairs {
        match equal(left, right) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(why) => open = Some(why),
        }
    }
    open.map_or(Ok(true), Err)
}

fn mistake(reason: String) -> Unknown {
    Unknown { is_mistake: true, ..Unknown::new(reason) }
}
