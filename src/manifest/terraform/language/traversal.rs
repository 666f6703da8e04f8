//! References and what is looked up in them: attributes, indices, splats.

use hcl_edit::expr::{Expression, Traversal, TraversalOperator};

use super::evaluate::Evaluator;
use super::{Item, Made, Unknown, Value};

/// One step into a value.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// `.name`
    Attribute(String),
    /// `[index]`
    Index(Item),
    /// `.*`, for the attributes behind it
    AttributeSplat,
    /// `[*]`, for all that stands behind it
    Splat,
}

impl Step {
    /// The name of an attribute.
    pub(crate) fn attribute(&self) -> Option<&str> {
        match self {
            Self::Attribute(name) => Some(name),
            _ => None,
        }
    }
}

impl Evaluator<'_> {
    pub(super) fn traversal(self, traversal: &Traversal) -> Item {
        let steps: Vec<Step> = traversal.operators.iter().map(|operator| self.step(operator.value())).collect();
        let (root, taken) = match &traversal.expr {
            Expression::Variable(name) => self.name(name.as_str(), &steps),
            expression => (self.expression(expression), 0),
        };
        look_up(root, steps.get(taken..).unwrap_or_default())
    }

    fn step(self, operator: &TraversalOperator) -> Step {
        match operator {
            TraversalOperator::AttrSplat(_) => Step::AttributeSplat,
            TraversalOperator::FullSplat(_) => Step::Splat,
            TraversalOperator::GetAttr(name) => Step::Attribute(name.as_str().to_owned()),
            TraversalOperator::Index(index) => Step::Index(self.expression(index)),
            #[expect(clippy::cast_precision_loss, reason = "an index of a list")]
            TraversalOperator::LegacyIndex(index) => Step::Index(Item::from(Value::Number(*index.value() as f64))),
        }
    }
}

/// What stands at the end of steps into a value.
pub(crate) fn look_up(item: Item, steps: &[Step]) -> Item {
    let Some((step, rest)) = steps.split_first() else { return item };
    match step {
        Step::Attribute(name) => look_up(attribute(&item, name), rest),
        Step::Index(index) => look_up(at(&item, &index.value), rest),
        Step::Splat => splat(item, rest),
        Step::AttributeSplat => {
            let attributes = rest.iter().take_while(|step| step.attribute().is_some()).count();
            let (attributes, rest) = rest.split_at_checked(attributes).unwrap_or((rest, &[]));
            look_up(splat(item, attributes), rest)
        }
    }
}

/// Each element of a list, what is no list as its only element, nothing of null.
fn splat(item: Item, steps: &[Step]) -> Item {
    match &item.value {
        Value::Null => Item { value: std::iter::empty::<Item>().collect(), ..item },
        Value::List(items) => {
            let value = items.iter().map(|each| look_up(each.clone(), steps)).collect();
            Item { value, origin: item.origin }
        }
        Value::Unknown(why) if !matches!(why.made.as_deref(), Some(Made::Resource { .. })) => item,
        _ => {
            let origin = item.origin;
            Item { value: std::iter::once(look_up(item, steps)).collect(), origin }
        }
    }
}

fn attribute(item: &Item, name: &str) -> Item {
    match &item.value {
        Value::Map(members) => match members.get(name) {
            Some(member) => member.item.clone(),
            None => Value::mistake(format!("`{name}` is not among its keys")).into(),
        },
        Value::Unknown(why) => of_unknown(why, name),
        other => Value::mistake(format!("{} has no attribute `{name}`", other.kind())).into(),
    }
}

/// Every resource and data source has an id once it exists.
fn of_unknown(why: &Unknown, name: &str) -> Item {
    match why.made.as_deref() {
        Some(Made::Resource { members, .. }) => match members.get(name) {
            Some(member) => member.item.clone(),
            None => Value::Unknown(why.part(name == "id")).into(),
        },
        _ => Value::Unknown(why.part(false)).into(),
    }
}

fn at(item: &Item, index: &Value) -> Item {
    match (&item.value, index) {
        (Value::Unknown(why), index) => match index.as_str() {
            Some(name) => of_unknown(why, name),
            None => Value::Unknown(why.part(false)).into(),
        },
        (_, Value::Unknown(why)) => Value::Unknown(why.result()).into(),
        (Value::List(items), index) => match position(index).and_then(|index| items.get(index)) {
            Some(item) => item.clone(),
            None => Value::mistake("it has no element at that index").into(),
        },
        (Value::Map(_), index) => match index.scalar() {
            Some(key) => attribute(item, &key),
            None => Value::mistake(format!("{} is no key", index.kind())).into(),
        },
        (other, _) => Value::mistake(format!("{} has no elements", other.kind())).into(),
    }
}

/// A number, or a text that is one, as a position in a list.
fn position(index: &Value) -> Option<usize> {
    index.scalar()?.parse().ok()
}
