//! The parts of a module that others refer to: variables, locals, providers.

use std::collections::HashMap;
use std::sync::Arc;

use super::value::Evaluator;
use crate::source::SourceFile;
use crate::syntax::Value;
use crate::syntax::hcl::{Block, Body, Expr};

/// What the files of a folder declare.
pub(super) struct Module<'b> {
    variables: HashMap<&'b str, Option<&'b Expr>>,
    locals: HashMap<&'b str, &'b Expr>,
    providers: Vec<&'b Block>,
}

impl<'b> Module<'b> {
    pub(super) fn new(bodies: &'b [(Arc<SourceFile>, Body)]) -> Self {
        let mut module = Self { variables: HashMap::new(), locals: HashMap::new(), providers: Vec::new() };
        for block in bodies.iter().flat_map(|(_, body)| &body.blocks) {
            match (block.kind.as_str(), block.labels.first().map(String::as_str)) {
                ("variable", Some(name)) => {
                    let default = block.body.attribute("default").map(|attribute| &attribute.value);
                    module.variables.insert(name, default);
                }
                ("locals", _) => {
                    let locals = block.body.attributes.iter();
                    module.locals.extend(locals.map(|local| (local.name.as_str(), &local.value)));
                }
                ("provider", Some("huaweicloud")) => module.providers.push(block),
                _ => {}
            }
        }
        module
    }

    /// What is known of a variable.
    pub(super) fn variable(&self, name: &str) -> Variable<'b> {
        match self.variables.get(name) {
            None => Variable::Undeclared,
            Some(None) => Variable::NoDefault,
            Some(Some(default)) => Variable::Default(default),
        }
    }

    pub(super) fn local(&self, name: &str) -> Option<&'b Expr> {
        self.locals.get(name).copied()
    }

    /// The provider block of an alias, or the one without.
    pub(super) fn provider(&self, alias: Option<&str>) -> Option<&'b Block> {
        self.providers.iter().copied().find(|block| self.alias(block).as_deref() == alias)
    }

    fn alias(&self, block: &Block) -> Option<String> {
        match Evaluator::new(self).value(&block.body.attribute("alias")?.value) {
            Value::String(alias) => Some(alias),
            _ => None,
        }
    }
}

/// What is known of a variable.
pub(super) enum Variable<'b> {
    Undeclared,
    NoDefault,
    Default(&'b Expr),
}
