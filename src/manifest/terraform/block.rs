//! One `resource` or `data` block: where it acts and which calls it causes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::condition::Facts;
use super::module::{Module, Provider};
use super::value::Evaluator;
use super::{Context, PREFIX};
use crate::authz::{Known, Occurs, Target, Truth};
use crate::catalog::{Call as TableCall, Catalog, Gate, Phase, TerraformKind, TerraformType};
use crate::manifest::{Call, Cause, Extract, Operation, Problem, UnknownCause, UnknownKind};
use crate::nearest::nearest;
use crate::source::{Place, SourceFile};
use crate::syntax::Value;
use crate::syntax::hcl::{Attribute, Block, Expr};

/// Adds what a top-level block causes; blocks of other kinds and of other providers cause nothing.
pub(super) fn extract(
    block: &Block,
    file: &Arc<SourceFile>,
    module: &Module<'_>,
    context: Context<'_>,
    extract: &mut Extract,
) {
    if block.kind == "module" {
        extract.unknown.extend(unread_module(block, file, module));
        return;
    }
    let kind = match block.kind.as_str() {
        "resource" => TerraformKind::Resource,
        "data" => TerraformKind::Data,
        _ => return,
    };
    if !block.labels.first().is_some_and(|type_name| type_name.starts_with(PREFIX)) {
        return;
    }
    let [type_name, name] = block.labels.as_slice() else {
        extract.problems.push(Problem {
            place: Place::new(file, block.header),
            message: format!("a `{}` block has two labels, its type and its name", block.kind),
            help: None,
        });
        return;
    };
    let prefix = if kind == TerraformKind::Data { "data." } else { "" };
    let cause = Cause { resource: Some(format!("{prefix}{type_name}.{name}")), place: Place::new(file, block.header) };
    let Some(known) = context.catalog.terraform(kind, type_name) else {
        extract.unknown.push(unknown_type(cause, kind, type_name, context.catalog));
        return;
    };
    if known.calls.is_empty() {
        extract.unknown.push(UnknownCause {
            cause,
            kind: UnknownKind::Type,
            name: type_name.to_owned(),
            message: format!("the table does not know what is called for `{type_name}`"),
            help: None,
        });
        return;
    }
    let reader = Reader { block, known: &known, kind, module, context };
    reader.calls(&cause, &reader.repetition(), &mut extract.operations);
}

/// A module that does not lie in a folder of its own beside the caller was not read.
fn unread_module(block: &Block, file: &Arc<SourceFile>, module: &Module<'_>) -> Option<UnknownCause> {
    let source = block.body.attribute("source").map(|source| Evaluator::new(module).value(&source.value));
    let shown = match source {
        Some(Value::String(source)) if source.starts_with("./") || source.starts_with("../") => return None,
        Some(Value::String(source)) => format!("`{source}`"),
        _ => String::from("of a source that is not known"),
    };
    let name = block.labels.first()?;
    Some(UnknownCause {
        cause: Cause { resource: Some(format!("module.{name}")), place: Place::new(file, block.header) },
        kind: UnknownKind::Module,
        name: format!("module.{name}"),
        message: format!("the module {shown} is not among the files"),
        help: Some(String::from("check the module's own repository too")),
    })
}

fn unknown_type(cause: Cause, kind: TerraformKind, type_name: &str, catalog: &Catalog) -> UnknownCause {
    let (own, other, other_kind) = match kind {
        TerraformKind::Resource => ("resource type", "a data source", TerraformKind::Data),
        TerraformKind::Data => ("data source", "a resource type", TerraformKind::Resource),
    };
    let help = if catalog.terraform(other_kind, type_name).is_some() {
        Some(format!("the table knows it as {other}"))
    } else {
        let near = nearest(type_name, catalog.terraform_types_of(kind));
        // Type names share long prefixes: what is one or two letters off is a slip, anything else another type.
        near.filter(|near| strsim::levenshtein(near, type_name) <= 2).map(|near| format!("did you mean `{near}`?"))
    };
    UnknownCause {
        cause,
        kind: UnknownKind::Type,
        name: type_name.to_owned(),
        message: format!("the table does not know the {own} `{type_name}`"),
        help,
    }
}

/// One block with all that its values may depend on.
pub(super) struct Reader<'a> {
    pub(super) block: &'a Block,
    pub(super) known: &'a TerraformType<'a>,
    kind: TerraformKind,
    module: &'a Module<'a>,
    context: Context<'a>,
}

impl Reader<'_> {
    fn value(&self, expr: &Expr) -> Value {
        Evaluator::new(self.module).value(expr)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<Value> {
        self.block.body.attribute(name).map(|attribute| self.value(&attribute.value))
    }

    /// Whether `count` or `for_each` make an instance.
    fn repetition(&self) -> Occurs {
        for name in ["count", "for_each"] {
            match self.attribute(name) {
                Some(Value::Number(number) | Value::String(number)) if number.parse() == Ok(0.0) => {
                    return Occurs::Never;
                }
                Some(Value::List(items)) if items.is_empty() => return Occurs::Never,
                Some(Value::Map(entries)) if entries.is_empty() => return Occurs::Never,
                Some(Value::Unknown(why)) => {
                    return Occurs::Perhaps(format!("`{name}` may be empty: {}", why.reason));
                }
                _ => {}
            }
        }
        Occurs::Surely
    }

    fn calls(&self, cause: &Cause, repeated: &Occurs, operations: &mut Vec<Operation>) {
        let target = self.target();
        let evaluator = Evaluator::new(self.module);
        let facts = Facts {
            body: &self.block.body,
            defaults: &self.known.defaults,
            evaluator: &evaluator,
            region: &target.region,
        };
        let is_kept = self.is_never_destroyed();
        let mut of_phase = BTreeMap::new();
        for call in &self.known.calls {
            let target = self.elsewhere(call, &target).unwrap_or_else(|| target.clone());
            for (phase, gate) in &call.phases {
                if *phase == Phase::Import || (*phase == Phase::Delete && is_kept) {
                    continue;
                }
                let perhaps = call.perhaps.map_or(Occurs::Surely, |why| Occurs::Perhaps(why.to_owned()));
                let occurs = repeated.clone().and(occurs(&facts, gate, *phase)).and(perhaps);
                if occurs == Occurs::Never {
                    continue;
                }
                let facts = of_phase.entry(*phase).or_insert_with(|| self.facts(*phase)).clone();
                operations.push(Operation {
                    cause: cause.clone(),
                    call: api(call),
                    target: Target { facts, ..target.clone() },
                    phase: Some(*phase),
                    open: occurs.open(),
                    principal: None,
                });
            }
        }
    }

    /// The target of a call whose region an attribute of the block names.
    fn elsewhere(&self, call: &TableCall<'_>, target: &Target) -> Option<Target> {
        let region = self.known_text(self.block.body.attribute(call.region?))?;
        (region != target.region).then(|| Target { project: region.clone(), region, ..target.clone() })
    }

    fn is_never_destroyed(&self) -> bool {
        let lifecycles = self.block.body.blocks_of("lifecycle");
        let values = lifecycles.filter_map(|lifecycle| lifecycle.body.attribute("prevent_destroy"));
        values.map(|attribute| self.value(&attribute.value)).any(|value| value == Value::Bool(true))
    }

    fn target(&self) -> Target {
        let provider = self.provider();
        let region = self.region(provider);
        let resources = self.resources();
        let project = self.project(provider, &region);
        Target { resources, ..Target::at(region, project, self.enterprise_project(provider)) }
    }

    pub(super) fn provider(&self) -> Provider<'_> {
        let alias = self.block.body.attribute("provider").and_then(|attribute| provider_alias(&attribute.value));
        self.module.provider(alias.as_deref())
    }

    fn region(&self, provider: Provider<'_>) -> Known<String> {
        let own = self.block.body.attribute("region").filter(|_| self.known.has_region);
        let why = "no file of the folder names the region";
        let named = self.known_text(own).or_else(|| self.known_text(provider.attribute("region")));
        named.unwrap_or_else(|| {
            self.context
                .default_region
                .map_or_else(|| Known::Unknown(why.to_owned()), |region| Known::Is(region.to_owned()))
        })
    }

    /// The default project of a region has the region's name.
    fn project(&self, provider: Provider<'_>, region: &Known<String>) -> Known<String> {
        if let Some(project) = self.known_text(provider.attribute("project_name")) {
            return project;
        }
        if provider.attribute("project_id").is_some() {
            return Known::Unknown(String::from("the provider names its IAM project by an id"));
        }
        region.clone()
    }

    fn enterprise_project(&self, provider: Provider<'_>) -> Known<String> {
        if !self.known.has_enterprise_project {
            let why = format!("`{}` does not say in which enterprise project it lies", self.known.name);
            return Known::Unknown(why);
        }
        let name = "enterprise_project_id";
        let own = self.known_text(self.block.body.attribute(name));
        own.or_else(|| self.known_text(provider.attribute(name))).unwrap_or_else(|| match (self.kind, provider) {
            (TerraformKind::Resource, Provider::Block(_)) => Known::Is(String::from("0")),
            (TerraformKind::Resource, Provider::Elsewhere) => Known::Unknown(String::from(
                "neither the resource nor a provider in its folder names the enterprise project",
            )),
            (TerraformKind::Data, _) => Known::Unknown(String::from("the data source names no enterprise project")),
        })
    }

    /// `None` where the attribute is absent or empty.
    fn known_text(&self, attribute: Option<&Attribute>) -> Option<Known<String>> {
        match self.value(&attribute?.value) {
            Value::String(text) | Value::Number(text) if !text.is_empty() => Some(Known::Is(text)),
            Value::Unknown(why) => Some(Known::Unknown(why.reason.to_string())),
            _ => None,
        }
    }
}

impl<'b> Provider<'b> {
    pub(super) fn attribute(self, name: &str) -> Option<&'b Attribute> {
        self.block().and_then(|block| block.body.attribute(name))
    }

    /// The block; none where the provider is configured elsewhere.
    pub(super) fn block(self) -> Option<&'b Block> {
        match self {
            Self::Block(block) => Some(block),
            Self::Elsewhere => None,
        }
    }
}

/// Whether a call is made in a phase.
fn occurs(facts: &Facts<'_>, gate: &Gate, phase: Phase) -> Occurs {
    let holds = facts.holds(gate, phase);
    match (holds.truth, phase, gate) {
        (Truth::No, ..) => Occurs::Never,
        (_, Phase::Update, Gate::Always) => {
            Occurs::Perhaps(String::from("only a later change of the resource calls it"))
        }
        (_, Phase::Update, gate) => Occurs::Perhaps(format!("only a later change calls it: {gate}")),
        (Truth::Yes, ..) => Occurs::Surely,
        (Truth::Unknown, ..) => Occurs::Perhaps(holds.why.unwrap_or_else(|| format!("it depends on: {gate}"))),
    }
}

fn api(call: &TableCall<'_>) -> Call {
    Call::Api { service: Some(call.service.to_owned()), key: call.api.clone(), cases: Vec::new() }
}

/// The alias in `provider = huaweicloud.alias`; none for the default provider.
fn provider_alias(value: &Expr) -> Option<String> {
    let text = match value {
        Expr::Hcl(expression) => expression.to_string(),
        Expr::Json(node) => node.as_str()?.to_owned(),
    };
    let (_, alias) = text.trim().trim_matches('"').trim_start_matches("${").trim_end_matches('}').split_once('.')?;
    Some(alias.trim().to_owned())
}
