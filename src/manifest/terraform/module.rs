//! The parts of a module that others refer to: variables, locals, providers.

use std::collections::HashMap;
use std::sync::Arc;

use super::value::Evaluator;
use crate::source::SourceFile;
use crate::syntax::Value;
use crate::syntax::hcl::{Block, Body, Expr};

/// What the files of a folder declare.
pub(super) struct Module<'b> {
    variables: HashMap<&'b str, Variable<'b>>,
    locals: HashMap<&'b str, &'b Expr>,
    providers: Vec<&'b Block>,
}

/// What is known of a variable.
#[derive(Clone, Copy)]
pub(super) enum Variable<'b> {
    Undeclared,
    NoDefault,
    /// Its value, from its default or from a file of values that every run reads.
    Is(&'b Expr),
    /// A file of values, which a run may be given, names it.
    SetBy(&'b str),
}

/// A provider as the files of a folder show it.
#[derive(Clone, Copy)]
pub(super) enum Provider<'b> {
    /// Its block.
    Block(&'b Block),
    /// No block of the folder configures it: a caller or the environment does.
    Elsewhere,
}

/// Whether every run reads a file of values: `terraform.tfvars` and `*.auto.tfvars`, in either syntax.
fn is_automatic(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".json").unwrap_or(name);
    stem == "terraform.tfvars" || stem.ends_with(".auto.tfvars")
}

/// Is this a file of values for variables?
pub(super) fn is_values(path: &str) -> bool {
    path.ends_with(".tfvars") || path.ends_with(".tfvars.json")
}

impl<'b> Module<'b> {
    /// The module of all files of a folder, sorted by path.
    pub(super) fn new(bodies: &'b [(Arc<SourceFile>, Body)]) -> Self {
        let mut module = Self { variables: HashMap::new(), locals: HashMap::new(), providers: Vec::new() };
        let (values, sources): (Vec<_>, Vec<_>) = bodies.iter().partition(|(file, _)| is_values(file.path()));
        for block in sources.iter().flat_map(|(_, body)| &body.blocks) {
            module.declare(block);
        }
        // `*.auto.tfvars` win over `terraform.tfvars`.
        let (first, later): (Vec<_>, Vec<_>) =
            values.into_iter().partition(|(file, _)| !file.path().contains(".auto.tfvars"));
        for (file, body) in first.into_iter().chain(later) {
            module.set(file.path(), body);
        }
        module
    }

    fn declare(&mut self, block: &'b Block) {
        match (block.kind.as_str(), block.labels.first().map(String::as_str)) {
            ("variable", Some(name)) => {
                let default = block.body.attribute("default").map(|attribute| &attribute.value);
                self.variables.insert(name, default.map_or(Variable::NoDefault, Variable::Is));
            }
            ("locals", _) => {
                let locals = block.body.attributes.iter();
                self.locals.extend(locals.map(|local| (local.name.as_str(), &local.value)));
            }
            ("provider", Some("huaweicloud")) => self.providers.push(block),
            _ => {}
        }
    }

    fn set(&mut self, path: &'b str, body: &'b Body) {
        for attribute in &body.attributes {
            if let Some(variable) = self.variables.get_mut(attribute.name.as_str()) {
                *variable = if is_automatic(path) { Variable::Is(&attribute.value) } else { Variable::SetBy(path) };
            }
        }
    }

    /// What is known of a variable.
    pub(super) fn variable(&self, name: &str) -> Variable<'b> {
        self.variables.get(name).copied().unwrap_or(Variable::Undeclared)
    }

    pub(super) fn local(&self, name: &str) -> Option<&'b Expr> {
        self.locals.get(name).copied()
    }

    /// The provider of an alias, or the one without.
    pub(super) fn provider(&self, alias: Option<&str>) -> Provider<'b> {
        let found = self.providers.iter().copied().find(|block| self.alias(block).as_deref() == alias);
        found.map_or(Provider::Elsewhere, Provider::Block)
    }

    fn alias(&self, block: &Block) -> Option<String> {
        match Evaluator::new(self).value(&block.body.attribute("alias")?.value) {
            Value::String(alias) => Some(alias),
            _ => None,
        }
    }
}
