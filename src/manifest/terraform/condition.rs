//! Whether a call that depends on attributes is made, as far as the block says.

use super::value::Evaluator;
use crate::authz::{Known, Truth};
use crate::catalog::{Gate, Phase, Test};
use crate::syntax::hcl::Body;
use crate::syntax::{Node, Value};

/// A block with all that its conditions refer to.
pub(super) struct Facts<'a> {
    pub(super) body: &'a Body,
    /// The values of attributes that the block leaves out, as the provider's schema gives them.
    pub(super) defaults: &'a [(&'a str, &'a str)],
    pub(super) evaluator: &'a Evaluator<'a, 'a>,
    /// The region that the block acts in, for conditions on an attribute `region` that stands in the provider.
    pub(super) region: &'a Known<String>,
}

/// An attribute as the provider sees it.
enum State {
    Absent,
    Value(Value),
    /// One or more nested blocks of the name.
    Blocks,
    /// A `dynamic` block of the name.
    Dynamic,
}

/// Whether a condition holds in a phase, and why that is open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Holds {
    pub(super) truth: Truth,
    pub(super) why: Option<String>,
}

impl Holds {
    fn settled(holds: bool) -> Self {
        Self { truth: Truth::of(holds), why: None }
    }

    fn open(why: impl Into<String>) -> Self {
        Self { truth: Truth::Unknown, why: Some(why.into()) }
    }

    fn not(self) -> Self {
        Self { truth: !self.truth, ..self }
    }

    fn join(self, other: Self, truth: fn(Truth, Truth) -> Truth) -> Self {
        let truth = truth(self.truth, other.truth);
        let why = if truth == Truth::Unknown { self.why.or(other.why) } else { None };
        Self { truth, why }
    }
}

impl Facts<'_> {
    /// Holds a gate of the table against the block.
    pub(super) fn holds(&self, gate: &Gate, phase: Phase) -> Holds {
        match gate {
            Gate::Always => Holds::settled(true),
            Gate::All(gates) => gates
                .iter()
                .map(|gate| self.holds(gate, phase))
                .fold(Holds::settled(true), |all, one| all.join(one, Truth::and)),
            Gate::Any(gates) => gates
                .iter()
                .map(|gate| self.holds(gate, phase))
                .fold(Holds::settled(false), |any, one| any.join(one, Truth::or)),
            Gate::Test { attribute, test } => self.test(attribute, test, phase),
        }
    }

    fn test(&self, attribute: &str, test: &Test, phase: Phase) -> Holds {
        match test {
            Test::Set => self.is_set(attribute),
            Test::NotSet => self.is_set(attribute).not(),
            Test::Changed if phase == Phase::Create => self.is_set(attribute),
            Test::Changed => Holds::open(format!("`{attribute}` may change")),
            Test::True => self.is(attribute, "true"),
            Test::False => self.is(attribute, "true").not(),
            Test::Is(value) => self.is(attribute, value),
            Test::IsNot(value) => self.is(attribute, value).not(),
            Test::In(values) => values
                .iter()
                .map(|value| self.is(attribute, value))
                .fold(Holds::settled(false), |any, one| any.join(one, Truth::or)),
            Test::SameAs(other) => self.same(attribute, other),
            Test::DifferentFrom(other) => self.same(attribute, other).not(),
        }
    }

    /// Set in the provider's sense: a zero value (an empty text, false, 0, an empty list) counts as not set.
    fn is_set(&self, attribute: &str) -> Holds {
        match self.state(attribute) {
            State::Absent => Holds::settled(false),
            State::Blocks => Holds::settled(true),
            State::Dynamic => Holds::open(format!("`{attribute}` is a dynamic block")),
            State::Value(value) => match value {
                Value::Null | Value::Bool(false) => Holds::settled(false),
                Value::Bool(true) => Holds::settled(true),
                Value::Number(number) => Holds::settled(number.parse::<f64>().is_ok_and(|number| number != 0.0)),
                Value::String(text) => Holds::settled(!text.is_empty()),
                Value::List(items) => Holds::settled(!items.is_empty()),
                Value::Map(entries) => Holds::settled(!entries.is_empty()),
                Value::Unknown(why) if why.is_set => Holds::settled(true),
                Value::Unknown(why) => Holds::open(format!("`{attribute}`: {}", why.reason)),
            },
        }
    }

    fn is(&self, attribute: &str, expected: &str) -> Holds {
        match self.known(attribute) {
            Ok(value) => Holds::settled(value.as_deref() == Some(expected)),
            Err(why) => Holds::open(why),
        }
    }

    fn same(&self, attribute: &str, other: &str) -> Holds {
        match (self.known(attribute), self.known(other)) {
            (Ok(one), Ok(other)) => Holds::settled(one == other),
            (Err(why), _) | (_, Err(why)) => Holds::open(why),
        }
    }

    /// The scalar of an attribute, `None` where it is absent or no scalar.
    fn known(&self, attribute: &str) -> Result<Option<String>, String> {
        match self.state(attribute) {
            State::Absent if attribute == "region" => match self.region {
                Known::Is(region) => Ok(Some(region.clone())),
                Known::Unknown(why) => Err(why.clone()),
            },
            State::Absent | State::Blocks => Ok(None),
            State::Dynamic => Err(format!("`{attribute}` is a dynamic block")),
            State::Value(Value::Unknown(why)) => Err(format!("`{attribute}`: {}", why.reason)),
            State::Value(value) => Ok(Node::new(value, crate::source::Span::default()).scalar()),
        }
    }

    fn state(&self, attribute: &str) -> State {
        let own = self.body.attribute(attribute).map(|found| self.evaluator.value(&found.value));
        match (own, self.default_of(attribute)) {
            (None | Some(Value::Null), Some(default)) => State::Value(default),
            (Some(value), _) => State::Value(value),
            (None, None) => self.state_in(self.body, attribute),
        }
    }

    /// Only attributes of the block itself have a default, so none is looked for in nested blocks.
    fn default_of(&self, attribute: &str) -> Option<Value> {
        let (_, value) = self.defaults.iter().find(|(name, _)| *name == attribute)?;
        Some(match *value {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            number if number.parse::<f64>().is_ok() => Value::Number(number.to_owned()),
            text => Value::String(text.to_owned()),
        })
    }

    /// Conditions name attributes of nested blocks by their last name, so nested blocks are looked into as well.
    fn state_in(&self, body: &Body, attribute: &str) -> State {
        if let Some(found) = body.attribute(attribute) {
            return State::Value(self.evaluator.value(&found.value));
        }
        if body.blocks_of(attribute).next().is_some() {
            return State::Blocks;
        }
        for block in &body.blocks {
            if block.kind == "dynamic" && block.labels.first().is_some_and(|label| label == attribute) {
                return State::Dynamic;
            }
            match self.state_in(&block.body, attribute) {
                State::Absent => {}
                found => return found,
            }
        }
        State::Absent
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::module::Module;
    use super::*;
    use crate::source::SourceFile;
    use crate::syntax::hcl;

    const DEFAULTS: [(&str, &str); 5] =
        [("enable", "true"), ("destroy", "false"), ("quota", "0"), ("size", "40"), ("class", "STANDARD")];

    fn truth(text: &str, gate: &str, defaults: &[(&str, &str)]) -> Truth {
        let file = Arc::new(SourceFile::new("main.tf", text));
        let bodies = [(Arc::clone(&file), hcl::parse(text).unwrap())];
        let module = Module::new(&bodies);
        let region = Known::Is(String::from("cn-north-4"));
        let facts = Facts { body: &bodies[0].1, defaults, evaluator: &Evaluator::new(&module), region: &region };
        facts.holds(&gate.parse().unwrap(), Phase::Create).truth
    }

    #[test]
    fn what_is_left_out_has_its_default_and_else_the_zero_value() {
        for (gate, with, without) in [
            ("enable false", Truth::No, Truth::Yes),
            ("enable true", Truth::Yes, Truth::No),
            ("enable set", Truth::Yes, Truth::No),
            ("enable != true", Truth::No, Truth::Yes),
            ("destroy false", Truth::Yes, Truth::Yes),
            ("destroy set", Truth::No, Truth::No),
            ("quota set", Truth::No, Truth::No),
            ("quota == 0", Truth::Yes, Truth::No),
            ("size set", Truth::Yes, Truth::No),
            ("size == 40", Truth::Yes, Truth::No),
            ("class changed", Truth::Yes, Truth::No),
            ("class not set", Truth::No, Truth::Yes),
            ("class in [COLD, STANDARD]", Truth::Yes, Truth::No),
            ("class in [COLD, WARM]", Truth::No, Truth::No),
        ] {
            assert_eq!(truth("", gate, &DEFAULTS), with, "{gate} with a default");
            assert_eq!(truth("", gate, &[]), without, "{gate} without a default");
            let null = "enable = null\ndestroy = null\nquota = null\nsize = null\nclass = null\n";
            assert_eq!(truth(null, gate, &DEFAULTS), with, "{gate} with a default for null");
        }
    }

    #[test]
    fn what_the_block_says_comes_before_the_default() {
        for (text, gate, expected) in [
            ("enable = false", "enable false", Truth::Yes),
            ("enable = true", "enable false", Truth::No),
            ("class = \"\"", "class set", Truth::No),
            ("class = \"COLD\"", "class == COLD", Truth::Yes),
            ("enable = var.on\nvariable \"on\" {}", "enable false", Truth::Unknown),
        ] {
            assert_eq!(truth(text, gate, &DEFAULTS), expected, "{text}: {gate}");
        }
    }

    #[test]
    fn a_nested_block_is_no_place_of_an_attribute_with_a_default() {
        let text = "rule {\n class = \"COLD\"\n}";
        assert_eq!(truth(text, "class == COLD", &DEFAULTS), Truth::No);
        assert_eq!(truth(text, "class == COLD", &[]), Truth::Yes);
    }
}
