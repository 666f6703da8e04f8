//! Which configuration of a provider a resource uses.

use std::rc::Rc;

use super::declarations::Declared;
use super::instance::Instance;
use crate::manifest::terraform::language::{Item, Value};
use crate::syntax::hcl::Expr;

/// A provider as a module sees it: its name there, and the alias of one configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) name: String,
    pub(crate) alias: Option<String>,
}

/// The configuration of a provider.
pub(crate) enum Provider<'a> {
    /// A block of a module.
    Block { instance: Rc<Instance<'a>>, block: Declared<'a> },
    /// No file configures it: the environment does.
    Elsewhere,
}

impl Reference {
    /// `huaweicloud.dr`, as an expression or a text.
    pub(crate) fn read(expr: &Expr) -> Option<Self> {
        let text = match expr {
            Expr::Hcl(expression) => expression.to_string(),
            Expr::Json(node) => node.as_str()?.to_owned(),
        };
        let text = text.trim().trim_matches('"').trim_start_matches("${").trim_end_matches('}');
        Some(Self::parse(text))
    }

    pub(super) fn parse(text: &str) -> Self {
        match text.trim().split_once('.') {
            Some((name, alias)) => Self { name: name.trim().to_owned(), alias: Some(alias.trim().to_owned()) },
            None => Self { name: text.trim().to_owned(), alias: None },
        }
    }
}

impl<'a> Provider<'a> {
    /// The value of an argument.
    pub(crate) fn attribute(&self, name: &str) -> Option<Item> {
        match self {
            Self::Block { instance, block } => block.attribute(name).map(|written| instance.evaluate(written, None)),
            Self::Elsewhere => None,
        }
    }

    /// Where it is configured.
    pub(crate) fn block(&self) -> Option<Declared<'a>> {
        match self {
            Self::Block { block, .. } => Some(*block),
            Self::Elsewhere => None,
        }
    }

    /// The value of an argument of a nested block.
    pub(crate) fn nested(&self, block: &str, name: &str) -> Option<Item> {
        let Self::Block { instance, block: own } = self else { return None };
        let inner = own.block.body.blocks_of(block).next()?;
        Declared { block: inner, file: own.file }.attribute(name).map(|written| instance.evaluate(written, None))
    }
}

impl<'a> Instance<'a> {
    /// The provider of a reference: of this module, of the one that its caller passes, or of the caller.
    pub(crate) fn provider(self: &Rc<Self>, reference: &Reference) -> Provider<'a> {
        let own = self.declared().providers.iter().find(|own| {
            let name = own.block.labels.first().is_some_and(|name| *name == reference.name);
            name && self.alias(**own) == reference.alias
        });
        if let Some(block) = own {
            return Provider::Block { instance: Rc::clone(self), block: *block };
        }
        let Some((parent, call)) = self.caller() else { return Provider::Elsewhere };
        match passed(call, reference) {
            Some(passed) => parent.provider(&passed),
            // Only the configuration without an alias is inherited.
            None if reference.alias.is_none() => parent.provider(reference),
            None => Provider::Elsewhere,
        }
    }

    fn alias(self: &Rc<Self>, provider: Declared<'a>) -> Option<String> {
        match self.evaluate(provider.attribute("alias")?, None).value {
            Value::String(alias) => Some(alias.text.to_string()),
            _ => None,
        }
    }
}

/// What a module call passes as a provider: `providers = { huaweicloud.dr = huaweicloud.eu }`.
fn passed(call: Declared<'_>, wanted: &Reference) -> Option<Reference> {
    match &call.block.body.attribute("providers")?.value {
        Expr::Hcl(expression) => {
            let object = expression.as_object()?;
            let (_, value) = object.iter().find(|(key, _)| Reference::parse(&key_text(key)) == *wanted)?;
            Some(Reference::parse(&value.expr().to_string()))
        }
        Expr::Json(node) => {
            let entry = node.as_map()?.iter().find(|entry| Reference::parse(&entry.key) == *wanted)?;
            entry.value.as_str().map(Reference::parse)
        }
    }
}

fn key_text(key: &hcl_edit::expr::ObjectKey) -> String {
    match key {
        hcl_edit::expr::ObjectKey::Ident(name) => name.to_string(),
        hcl_edit::expr::ObjectKey::Expression(expression) => expression.to_string(),
    }
}
