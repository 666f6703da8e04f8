//! Whether a call that depends on attributes is made, as far as the block says.

use std::sync::Arc;

use super::Change;
use super::holds::{Holds, Why};
use crate::authz::{Known, Truth};
use crate::catalog::{Gate, Phase, Test};
use crate::manifest::terraform::language::Value;
use crate::manifest::terraform::module::{Settled, SettledBlock};

/// A block with all that its conditions refer to.
pub(super) struct Facts<'a> {
    pub(super) body: &'a Settled,
    /// The values of attributes that the block leaves out, as the provider's schema gives them.
    pub(super) defaults: &'a [(&'a str, &'a str)],
    /// The region that the block acts in, for conditions on an attribute `region` that stands in the provider.
    pub(super) region: &'a Known<String>,
    /// The attributes that an update changes, where a plan tells them.
    pub(super) changed: Option<&'a [Change]>,
}

/// One occurrence of an attribute, as the provider sees it.
enum State {
    Value(Value),
    /// A nested block of the name.
    Block,
    /// It stands in a `dynamic` block, or is one: there may be none of it.
    Dynamic,
}

/// Nested blocks that every resource may have; what stands in them is not the type's.
const META_BLOCKS: [&str; 4] = ["connection", "lifecycle", "provisioner", "timeouts"];

impl Facts<'_> {
    /// Holds a gate of the table against the block.
    pub(super) fn holds<'g>(&self, gate: &'g Gate, phase: Phase) -> Holds<'g> {
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

    fn test<'g>(&self, attribute: &'g str, test: &'g Test, phase: Phase) -> Holds<'g> {
        match test {
            Test::Set => self.any(attribute, false, |state| is_set(attribute, state)),
            Test::NotSet => self.any(attribute, false, |state| is_set(attribute, state)).not(),
            Test::Changed if phase == Phase::Create => self.test(attribute, &Test::Set, phase),
            Test::Changed => match self.changed {
                Some(changed) => is_changed(attribute, changed),
                None => Holds::open(Why::MayChange(attribute)),
            },
            Test::True => self.any(attribute, false, |state| is(attribute, state, "true")),
            Test::False => self.any(attribute, true, |state| is(attribute, state, "true").not()),
            Test::Is(value) => self.any(attribute, false, |state| is(attribute, state, value)),
            Test::IsNot(value) => self.any(attribute, true, |state| is(attribute, state, value).not()),
            Test::In(values) => values
                .iter()
                .map(|value| self.any(attribute, false, |state| is(attribute, state, value)))
                .fold(Holds::settled(false), |any, one| any.join(one, Truth::or)),
            Test::SameAs(other) => self.same(attribute, other),
            Test::DifferentFrom(other) => self.same(attribute, other).not(),
        }
    }

    /// Whether one of the occurrences passes a test; `absent` is the answer where there is none.
    fn any<'g>(&self, attribute: &str, absent: bool, test: impl Fn(&State) -> Holds<'g>) -> Holds<'g> {
        let states = self.states(attribute);
        if states.is_empty() {
            return Holds::settled(absent);
        }
        states.iter().map(test).fold(Holds::settled(false), |any, one| any.join(one, Truth::or))
    }

    fn same<'g>(&self, attribute: &'g str, other: &'g str) -> Holds<'g> {
        match (self.known(attribute), self.known(other)) {
            (Ok(one), Ok(other)) => Holds::settled(one == other),
            (Err(why), _) | (_, Err(why)) => Holds::open(why),
        }
    }

    /// The scalar of an attribute, `None` where it is absent or no scalar.
    fn known<'g>(&self, attribute: &'g str) -> Result<Option<String>, Why<'g>> {
        match (self.states(attribute).first(), self.region) {
            (Some(state), _) => scalar(attribute, state),
            (None, Known::Is(region)) if attribute == "region" => Ok(Some(region.clone())),
            (None, Known::Unknown(why)) if attribute == "region" => Err(Why::Region(why.clone())),
            (None, _) => Ok(None),
        }
    }

    /// The occurrences of an attribute: its own, or else its default, or else those in nested blocks (conditions name
    /// attributes of nested blocks by their path, or by their last name alone).
    fn states(&self, attribute: &str) -> Vec<State> {
        if let Some((block, rest)) = attribute.split_once('.') {
            let mut states = Vec::new();
            below(self.body, block, rest, &mut states);
            return states;
        }
        let own = self.body.attribute(attribute).cloned();
        match (own, self.default_of(attribute)) {
            (None | Some(Value::Null), Some(default)) => vec![State::Value(default)],
            (Some(value), _) => vec![State::Value(value)],
            (None, None) => {
                let mut states = Vec::new();
                collect(self.body, attribute, &mut states);
                states
            }
        }
    }

    /// Only attributes of the block itself have a default, so none is looked for in nested blocks.
    fn default_of(&self, attribute: &str) -> Option<Value> {
        let (_, value) = self.defaults.iter().find(|(name, _)| *name == attribute)?;
        Some(match *value {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            text => text.parse().map_or_else(|_| Value::from(text), Value::Number),
        })
    }
}

/// The occurrences of `rest` in the nested blocks of a kind; a map or a list of maps may stand for the blocks.
fn below(body: &Settled, kind: &str, rest: &str, states: &mut Vec<State>) {
    if let Some(found) = body.attribute(kind) {
        path(found, rest, states);
    }
    for found in body.blocks_of(kind) {
        if found.open.is_some() {
            states.push(State::Dynamic);
        } else if let Some((inner, rest)) = rest.split_once('.') {
            below(&found.body, inner, rest, states);
        } else {
            states.extend(found.body.attribute(rest).map(|own| State::Value(own.clone())));
            states.extend(found.body.blocks_of(rest).map(|_| State::Block));
        }
    }
}

/// The occurrences of an attribute, at any depth.
fn collect(body: &Settled, attribute: &str, states: &mut Vec<State>) {
    states.extend(body.attribute(attribute).map(|found| State::Value(found.clone())));
    for found in body.attributes.iter().filter(|found| found.may_be_blocks && &*found.name != "tags") {
        nested(&found.item.value, attribute, states);
    }
    for block in body.blocks.iter().filter(|block| !META_BLOCKS.contains(&&*block.kind)) {
        collect_in(block, attribute, states);
    }
}

fn collect_in(block: &SettledBlock, attribute: &str, states: &mut Vec<State>) {
    let is_named = &*block.kind == attribute;
    if block.open.is_some() {
        let mut inside = Vec::new();
        collect(&block.body, attribute, &mut inside);
        states.extend((is_named || !inside.is_empty()).then_some(State::Dynamic));
    } else if is_named {
        states.push(State::Block);
    } else {
        collect(&block.body, attribute, states);
    }
}

/// A change of a nested attribute is one of the block that holds it.
fn is_changed<'g>(attribute: &'g str, changed: &[Change]) -> Holds<'g> {
    let (outer, last) = (attribute.split('.').next(), attribute.rsplit('.').next());
    let is_it = |change: &&Change| Some(change.name.as_str()) == outer || Some(change.name.as_str()) == last;
    let found: Vec<&Change> = changed.iter().filter(is_it).collect();
    if found.is_empty() || found.iter().any(|change| change.is_certain) {
        return Holds::settled(!found.is_empty());
    }
    Holds::open(Why::OnlyApply(attribute))
}

/// Set in the provider's sense: a zero value (an empty text, false, 0, an empty list) counts as not set.
fn is_set<'g>(attribute: &'g str, state: &State) -> Holds<'g> {
    match state {
        State::Block => Holds::settled(true),
        State::Dynamic => Holds::open(Why::IsDynamic(attribute)),
        State::Value(value) => match value {
            Value::Null | Value::Bool(false) => Holds::settled(false),
            Value::Bool(true) => Holds::settled(true),
            Value::Number(number) => Holds::settled(*number != 0.0),
            Value::String(text) => Holds::settled(!text.text.is_empty()),
            Value::List(items) => Holds::settled(!items.is_empty()),
            Value::Map(members) => Holds::settled(!members.is_empty()),
            Value::Unknown(why) if why.is_set => Holds::settled(true),
            Value::Unknown(why) => Holds::open(Why::DependsOn(attribute, Arc::clone(&why.reason))),
        },
    }
}

fn is<'g>(attribute: &'g str, state: &State, expected: &str) -> Holds<'g> {
    match scalar(attribute, state) {
        Ok(value) => Holds::settled(value.as_deref() == Some(expected)),
        Err(why) => Holds::open(why),
    }
}

/// Nested blocks in JSON syntax are mappings, or lists of them.
fn nested(value: &Value, attribute: &str, states: &mut Vec<State>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| nested(&item.value, attribute, states)),
        Value::Map(members) => {
            for (name, member) in &**members {
                if &**name == attribute {
                    states.push(State::Value(member.item.value.clone()));
                } else {
                    nested(&member.item.value, attribute, states);
                }
            }
        }
        _ => {}
    }
}

/// What stands below a path in a value that stands for nested blocks.
fn path(value: &Value, rest: &str, states: &mut Vec<State>) {
    match value {
        Value::Unknown(_) => states.push(State::Value(value.clone())),
        Value::List(items) => items.iter().for_each(|item| path(&item.value, rest, states)),
        Value::Map(members) => {
            let (name, inner) = rest.split_once('.').map_or((rest, None), |(name, inner)| (name, Some(inner)));
            let Some(member) = members.get(name) else { return };
            match inner {
                Some(inner) => path(&member.item.value, inner, states),
                None => states.push(State::Value(member.item.value.clone())),
            }
        }
        _ => {}
    }
}

/// The scalar of an occurrence, `None` where it is none.
fn scalar<'g>(attribute: &'g str, state: &State) -> Result<Option<String>, Why<'g>> {
    match state {
        State::Block => Ok(None),
        State::Dynamic => Err(Why::IsDynamic(attribute)),
        State::Value(Value::Unknown(why)) => Err(Why::DependsOn(attribute, Arc::clone(&why.reason))),
        State::Value(value) => Ok(value.scalar().map(|text| text.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::terraform::testing::settled;

    const DEFAULTS: [(&str, &str); 5] =
        [("enable", "true"), ("destroy", "false"), ("quota", "0"), ("size", "40"), ("class", "STANDARD")];

    fn truth(text: &str, gate: &str, defaults: &[(&str, &str)]) -> Truth {
        let region = Known::Is(String::from("cn-north-4"));
        let body = settled("main.tf", text);
        let facts = Facts { body: &body, defaults, region: &region, changed: None };
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

    #[test]
    fn a_path_names_an_attribute_of_a_nested_block() {
        for (text, gate, expected) in [
            ("db {\n type = \"MySQL\"\n}", "db.type == MySQL", Truth::Yes),
            ("db {\n type = \"PostgreSQL\"\n}", "db.type == MySQL", Truth::No),
            ("type = \"MySQL\"\nother {\n type = \"MySQL\"\n}", "db.type == MySQL", Truth::No),
            ("db {\n inner {\n type = \"MySQL\"\n }\n}", "db.inner.type set", Truth::Yes),
            ("db {\n type = var.of\n}\nvariable \"of\" {}", "db.type == MySQL", Truth::Unknown),
            ("db = [{ type = \"MySQL\" }]", "db.type != MySQL", Truth::No),
            ("db = var.of\nvariable \"of\" {}", "db.type set", Truth::Unknown),
            ("dynamic \"db\" {\n for_each = []\n content {\n type = \"MySQL\"\n }\n}", "db.type set", Truth::No),
            ("dynamic \"db\" {\n for_each = [1]\n content {\n type = db.key\n }\n}", "db.type == 1", Truth::Yes),
            (
                "dynamic \"db\" {\n for_each = var.of\n content {\n type = \"MySQL\"\n }\n}\nvariable \"of\" {}",
                "db.type set",
                Truth::Unknown,
            ),
            ("", "db.type not set", Truth::Yes),
        ] {
            assert_eq!(truth(text, gate, &[]), expected, "{text}: {gate}");
        }
    }

    #[test]
    fn every_nested_block_counts_and_only_those_of_the_type() {
        for (text, expected) in [
            ("network {\n check = true\n}\nnetwork {\n check = false\n}", Truth::Yes),
            ("network {\n check = true\n}", Truth::No),
            ("dynamic \"network\" {\n for_each = var.n\n content {\n check = false\n }\n}", Truth::Unknown),
            ("dynamic \"network\" {\n for_each = [true, false]\n content {\n check = network.value\n }\n}", Truth::Yes),
            ("connection {\n check = false\n}\nnetwork {\n check = true\n}", Truth::No),
        ] {
            assert_eq!(truth(text, "check false", &[]), expected, "{text}");
        }
    }

    #[test]
    fn nested_blocks_in_json_syntax_count_too() {
        let text = r#"{"resource": {"huaweicloud_x": {"a": {"network": [{"check": true}, {"check": false}]}}}}"#;
        let region = Known::Is(String::from("cn-north-4"));
        let body = settled("main.tf.json", text);
        let facts = Facts { body: &body, defaults: &[], region: &region, changed: None };
        assert_eq!(facts.holds(&"check false".parse().unwrap(), Phase::Create).truth, Truth::Yes);
        assert_eq!(facts.holds(&"other set".parse().unwrap(), Phase::Create).truth, Truth::No);
    }
}
