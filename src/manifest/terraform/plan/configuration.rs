//! What a plan says of the configuration that it was made of: the blocks and the providers.

use std::collections::{HashMap, HashSet};

use super::names::modules;
use super::reading::Instance;
use crate::manifest::terraform::language::{Item, Origin, Value};
use crate::manifest::terraform::resource::ProviderFacts;
use crate::source::Place;
use crate::syntax::Node;

/// The configuration of a plan; of a state there is none.
#[derive(Default)]
pub(super) struct Configuration<'n> {
    root: Option<&'n Node>,
    /// The values of the root module's variables.
    variables: Option<&'n Node>,
    /// The modules by the names of the calls that lead to them: `a.b`.
    modules: HashMap<String, &'n Node>,
    /// The blocks by their module and address in it.
    blocks: HashMap<(String, &'n str), &'n Node>,
}

impl<'n> Configuration<'n> {
    pub(super) fn of(root: Option<&'n Node>, variables: Option<&'n Node>) -> Self {
        let mut configuration = Self { root, variables, ..Self::default() };
        let mut left: Vec<(String, &'n Node)> = Vec::new();
        left.extend(root.and_then(|root| root.get("root_module")).map(|module| (String::new(), module)));
        while let Some((path, module)) = left.pop() {
            for block in module.get("resources").and_then(Node::as_list).unwrap_or_default() {
                if let Some(address) = block.get("address").and_then(Node::as_str) {
                    configuration.blocks.insert((path.clone(), address), block);
                }
            }
            for call in module.get("module_calls").and_then(Node::as_map).unwrap_or_default() {
                let path = if path.is_empty() { call.key.clone() } else { format!("{path}.{}", call.key) };
                left.extend(call.value.get("module").map(|module| (path, module)));
            }
            configuration.modules.insert(path, module);
        }
        configuration
    }

    /// The document holds none.
    pub(super) fn is_absent(&self) -> bool {
        self.modules.is_empty()
    }

    /// The blocks and module calls of the root module.
    pub(super) fn declared(&self) -> HashSet<String> {
        let blocks = self.blocks.keys().filter(|(path, _)| path.is_empty()).map(|(_, address)| (*address).to_owned());
        let root = self.modules.get("").and_then(|root| root.get("module_calls"));
        let calls = root.and_then(Node::as_map).unwrap_or_default().iter();
        blocks.chain(calls.map(|call| format!("module.{}", call.key))).collect()
    }

    /// The block of a resource.
    pub(super) fn resource(&self, instance: &Instance<'_>) -> Option<&'n Node> {
        let address = instance.block();
        self.blocks.get(&(instance.modules.join("."), address.as_str())).copied()
    }

    /// What the provider of a resource is told; `place` is where a value stands.
    pub(super) fn provider(&self, key: &str, place: impl Fn(&Node) -> Place) -> ProviderFacts {
        let Some((config, expressions)) = self.expressions(key) else { return ProviderFacts::default() };
        let address = config.get("module_address").and_then(Node::as_str).unwrap_or_default();
        let within = modules(address);
        let attribute = |name: &str| self.attribute(&within, name, expressions.get(name)?);
        let agency = nested(expressions, "assume_role").and_then(|role| role.get("agency_name"));
        let agency = agency.and_then(|name| name.get("constant_value")).and_then(|name| Some((name.as_str()?, name)));
        ProviderFacts {
            is_configured: true,
            region: attribute("region"),
            project_name: attribute("project_name"),
            project_id: attribute("project_id"),
            enterprise_project: attribute("enterprise_project_id"),
            adds_tags: expressions.get("default_tags").is_some(),
            agency: agency.map(|(name, node)| (name.to_owned(), place(node))),
        }
    }

    /// A provider's configuration and its arguments, where it has any.
    fn expressions(&self, key: &str) -> Option<(&'n Node, &'n Node)> {
        let all = self.root?.get("provider_config")?;
        // A module that is passed no configuration takes that of its caller.
        let inherited = key.rsplit(':').next().filter(|name| !name.contains('.'));
        let config = all.get(key).or_else(|| all.get(inherited?))?;
        let is_empty = |node: &&Node| node.as_map().is_none_or(<[_]>::is_empty);
        Some((config, config.get("expressions").filter(|expressions| !is_empty(expressions))?))
    }

    /// An argument of a provider, as far as the plan settles it.
    fn attribute(&self, within: &[String], name: &str, expression: &'n Node) -> Option<Item> {
        let open = || {
            let references = expression.get("references").and_then(Node::as_list).unwrap_or_default();
            Value::unknown(match references.first().and_then(Node::as_str) {
                Some(reference) => format!("the plan does not say what the provider's `{name}` makes of `{reference}`"),
                None => format!("the plan does not say what the provider's `{name}` is"),
            })
        };
        let value = match self.settled(within, expression) {
            Some((node, true)) => node.as_str().filter(|text| is_whole(name, text)).map_or_else(open, Value::from),
            Some((node, false)) => Value::from(node.scalar()?),
            None => open(),
        };
        Some(Item { value, origin: Origin { file: 1, span: expression.span } })
    }

    /// A constant, or the value of the only name in an expression; whether it is the latter, of which the expression may
    /// make something else.
    fn settled(&self, within: &[String], expression: &'n Node) -> Option<(&'n Node, bool)> {
        if let Some(constant) = expression.get("constant_value") {
            return Some((constant, false));
        }
        let references = expression.get("references")?.as_list()?;
        let name = references.first()?.as_str()?;
        let is_only = references.iter().all(|other| other.as_str() == Some(name));
        let variable = self.variable(within, name.strip_prefix("var.").filter(|_| is_only)?)?;
        Some((variable, true))
    }

    /// The value of a variable of a module.
    fn variable(&self, within: &[String], name: &str) -> Option<&'n Node> {
        let declared = self.modules.get(&within.join(".")).and_then(|module| module.get("variables")?.get(name));
        let is_true = |node: &Node| node.value == crate::syntax::Value::Bool(true);
        if declared.and_then(|declared| declared.get("sensitive")).is_some_and(is_true) {
            return None;
        }
        let Some((call, outer)) = within.split_last() else { return self.variables?.get(name)?.get("value") };
        let call = self.modules.get(&outer.join("."))?.get("module_calls")?.get(call)?;
        match call.get("expressions").and_then(|expressions| expressions.get(name)) {
            Some(expression) => self.settled(outer, expression).map(|(node, _)| node),
            None => declared?.get("default"),
        }
    }
}

/// The first nested block of a kind.
fn nested<'n>(expressions: &'n Node, kind: &str) -> Option<&'n Node> {
    let found = expressions.get(kind)?;
    found.as_list().map_or(Some(found), <[Node]>::first)
}

/// Whether a text is a whole value of an argument, and not a part that an expression makes one of.
fn is_whole(argument: &str, text: &str) -> bool {
    match argument {
        "region" => is_region(text),
        "project_name" => text.split_once('_').is_some_and(|(region, rest)| is_region(region) && !rest.is_empty()),
        "enterprise_project_id" => text == "0" || is_uuid(text),
        _ => false,
    }
}

/// `cn-north-4`, `eu-de`
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_word = |part: &str| part.chars().all(|letter| letter.is_ascii_lowercase()) && !part.is_empty();
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|digit| digit.is_ascii_digit());
    match parts.as_slice() {
        [country, middle @ .., number] if !middle.is_empty() => {
            country.len() == 2 && is_word(country) && middle.iter().all(|part| is_word(part)) && is_number(number)
        }
        _ => ["eu-de", "eu-nl", "eu-ch2"].contains(&text),
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_value_is_taken_from_a_variable() {
        for (argument, text, expected) in [
            ("region", "cn-north-4", true),
            ("region", "my-kualalumpur-1", true),
            ("region", "eu-de", true),
            ("region", "cn", false),
            ("region", "north-4", false),
            ("region", "cn-north", false),
            ("project_name", "cn-north-4_team", true),
            ("project_name", "cn-north-4", false),
            ("enterprise_project_id", "0", true),
            ("enterprise_project_id", "a2c4d6e8-0000-4000-8000-00000000000a", true),
            ("enterprise_project_id", "prod", false),
            ("project_id", "0", false),
        ] {
            assert_eq!(is_whole(argument, text), expected, "{argument} {text}");
        }
    }
}
