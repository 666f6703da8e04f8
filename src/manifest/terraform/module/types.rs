//! Types of variables, and what a value becomes where a variable of the type takes it.

use std::collections::BTreeMap;
use std::rc::Rc;

use hcl_edit::expr::{Expression, FuncCall, Object, ObjectKey};

use super::declarations::Written;
use crate::manifest::terraform::language::{Evaluator, Item, Member, Origin, Value};
use crate::syntax::hcl::Expr;

/// The value as a variable of a type has it; a value that does not fit is a mistake of the module.
pub(super) fn converted(item: Item, kind: Written<'_>, evaluator: Evaluator<'_>) -> Item {
    match kind.expr {
        Expr::Hcl(expression) => as_type(item, expression, evaluator),
        // Names of types are texts in the JSON form.
        Expr::Json(node) => match node.as_str().and_then(|text| text.parse::<Expression>().ok()) {
            Some(expression) => as_type(item, &expression, evaluator),
            None => item,
        },
    }
}

fn as_type(item: Item, kind: &Expression, evaluator: Evaluator<'_>) -> Item {
    if matches!(item.value, Value::Null | Value::Unknown(_)) {
        return item;
    }
    let converted = evaluator.budget.deeper(|| match kind {
        Expression::Variable(name) => primitive(item.clone(), name.as_str()),
        // The oldest form writes names of types as texts.
        Expression::String(name) => primitive(item.clone(), name.value()),
        Expression::FuncCall(call) => compound(item.clone(), call, evaluator),
        _ => item.clone(),
    });
    converted.unwrap_or(item)
}

fn primitive(item: Item, name: &str) -> Item {
    let value = match (name, &item.value) {
        ("string", Value::Bool(_) | Value::Number(_)) => item.value.scalar().map(|text| Value::from(&*text)),
        ("number", Value::String(text)) => text.text.parse().ok().map(Value::Number),
        ("bool", Value::String(text)) => text.text.parse().ok().map(Value::Bool),
        ("string" | "number" | "bool", Value::List(_) | Value::Map(_))
        | ("number", Value::Bool(_))
        | ("bool", Value::Number(_)) => None,
        _ => return item,
    };
    let value = value.unwrap_or_else(|| Value::mistake(format!("{} is no {name}", item.value.kind())));
    Item { value, ..item }
}

fn compound(item: Item, call: &FuncCall, evaluator: Evaluator<'_>) -> Item {
    let Some(inner) = call.args.get(0) else { return item };
    let origin = item.origin;
    let value = match (call.name.name.as_str(), item.value) {
        ("list" | "set", Value::List(items)) => {
            let items: Vec<Item> = items.iter().map(|each| as_type(each.clone(), inner, evaluator)).collect();
            if call.name.name.as_str() == "set" { set(items) } else { items.into_iter().collect() }
        }
        ("map", Value::Map(members)) => {
            let member = |(name, member): (&Rc<str>, &Member)| {
                (Rc::clone(name), Member { key: member.key, item: as_type(member.item.clone(), inner, evaluator) })
            };
            members.iter().map(member).collect()
        }
        ("object", Value::Map(members)) => match inner {
            Expression::Object(kinds) => object(&members, kinds, evaluator),
            _ => Value::Map(members),
        },
        ("tuple", Value::List(items)) => match inner {
            Expression::Array(kinds) => {
                items.iter().zip(kinds.iter()).map(|(each, kind)| as_type(each.clone(), kind, evaluator)).collect()
            }
            _ => Value::List(items),
        },
        ("optional", value) => return as_type(Item { value, origin }, inner, evaluator),
        ("list" | "set" | "map" | "object" | "tuple", other) => {
            Value::mistake(format!("{} is no {}", other.kind(), call.name.name.as_str()))
        }
        (_, value) => value,
    };
    Item { value, origin }
}

/// Sorted, each element once, where all are texts; else in the order given.
fn set(mut items: Vec<Item>) -> Value {
    if items.iter().all(|item| item.value.as_str().is_some()) {
        items.sort_by(|a, b| a.value.as_str().cmp(&b.value.as_str()));
        items.dedup();
    }
    items.into_iter().collect()
}

/// An object has the attributes of its type and no others; what is left out has the default that the type names.
fn object(members: &BTreeMap<Rc<str>, Member>, kinds: &Object, evaluator: Evaluator<'_>) -> Value {
    let mut converted = Vec::new();
    for (key, kind) in kinds {
        let name = match key {
            ObjectKey::Ident(name) | ObjectKey::Expression(Expression::Variable(name)) => name.as_str(),
            ObjectKey::Expression(expression) => expression.as_str().unwrap_or_default(),
        };
        let given = members.get(name).filter(|member| member.item.value != Value::Null);
        let member = match given {
            Some(member) => Member { key: member.key, item: as_type(member.item.clone(), kind.expr(), evaluator) },
            None => match absent(kind.expr(), evaluator) {
                Some(item) => Member { key: Origin::default(), item },
                None if members.contains_key(name) => Member { key: Origin::default(), item: Value::Null.into() },
                None => return Value::mistake(format!("it lacks `{name}`")),
            },
        };
        converted.push((Rc::from(name), member));
    }
    converted.into_iter().collect()
}

/// What an attribute of an object is that is left out; none where it must not be.
fn absent(kind: &Expression, evaluator: Evaluator<'_>) -> Option<Item> {
    let call = kind.as_func_call().filter(|call| call.name.name.as_str() == "optional")?;
    let default = call.args.get(1).map(|default| evaluator.expression(default));
    let inner = call.args.get(0)?;
    Some(default.map_or_else(|| Value::Null.into(), |default| as_type(default, inner, evaluator)))
}
