//! What a plan or a state says of each resource of ours.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use super::change::changed;
use super::configuration::Configuration;
use super::document::{Defect, Document, list, map, optional_text, present, text};
use super::names::modules;
use super::scan::Kind;
use crate::authz::Occurs;
use crate::catalog::TerraformKind;
use crate::manifest::terraform::family::family;
use crate::manifest::terraform::resource::Change;
use crate::source::Span;
use crate::syntax::Node;

/// A plan or a state that was read.
pub(super) struct Reading<'n> {
    pub(super) document: &'n Document,
    pub(super) configuration: Configuration<'n>,
    /// The resources of ours, in the order of the document.
    pub(super) instances: Vec<Instance<'n>>,
    /// What is declared in the root module, whoever's it is: `type.name`, `data.type.name` and `module.name`.
    pub(super) declared: HashSet<String>,
    /// It is of a run that stopped at an error.
    pub(super) stopped: Option<Span>,
}

/// One resource, or one object that it left behind.
pub(super) struct Instance<'n> {
    pub(super) address: Cow<'n, str>,
    /// The names of the modules that it lies in, from the outside in.
    pub(super) modules: Vec<String>,
    pub(super) kind: TerraformKind,
    pub(super) type_name: &'n str,
    pub(super) name: &'n str,
    /// Where the document names it.
    pub(super) span: Span,
    pub(super) occurs: Occurs,
    pub(super) lives: Vec<Life<'n>>,
}

/// What happens to a resource while it has certain values.
pub(super) struct Life<'n> {
    pub(super) actions: Vec<Action>,
    pub(super) values: Values<'n>,
    pub(super) changed: Vec<Change>,
}

/// What happens to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Read,
    Update,
    Delete,
    Import,
}

/// The values of a resource, with which of them are not known and which are secret.
#[derive(Clone, Copy)]
pub(super) struct Values<'n> {
    pub(super) known: Option<&'n Node>,
    pub(super) unknown: Option<&'n Node>,
    pub(super) sensitive: Option<&'n Node>,
}

impl<'n> Reading<'n> {
    /// Reads a document; else what is wrong with its shape.
    pub(super) fn of(document: &'n Document) -> Result<Self, Defect> {
        let mut reading = Self {
            document,
            configuration: Configuration::default(),
            instances: Vec::new(),
            declared: HashSet::new(),
            stopped: None,
        };
        match document.kind {
            Kind::Plan => reading.plan()?,
            Kind::State => reading.state()?,
            Kind::StateFile => reading.state_file()?,
        }
        Ok(reading)
    }

    fn root(&self) -> &'n Node {
        &self.document.root
    }

    fn plan(&mut self) -> Result<(), Defect> {
        let root = self.root();
        self.check_format(root)?;
        self.configuration = Configuration::of(map(root, "configuration")?, map(root, "variables")?);
        self.declared = self.configuration.declared();
        let is = |key, truth| root.get(key).is_some_and(|node| node.value == crate::syntax::Value::Bool(truth));
        self.stopped = root.entry("errored").filter(|_| is("errored", true)).map(|entry| entry.key_span);
        let mut seen = HashSet::new();
        for change in list(root, "resource_changes")? {
            if let Some(instance) = self.change(change, Occurs::Surely)? {
                seen.insert(instance.address.clone());
                self.instances.push(instance);
            }
        }
        for deferred in list(root, "deferred_changes")? {
            let reason = optional_text(deferred, "reason")?.unwrap_or("unknown").replace('_', " ");
            let occurs = Occurs::Perhaps(Arc::from(format!("the plan puts it off: {reason}")));
            if let Some(change) = map(deferred, "resource_change")? {
                let instance = self.change(change, occurs)?;
                self.instances.extend(instance);
            }
        }
        self.read_while_planning(&seen, is("complete", false))
    }

    /// Data sources that planning itself has read stand in the state that it began with, and nowhere else.
    fn read_while_planning(&mut self, seen: &HashSet<Cow<'n, str>>, is_partial: bool) -> Result<(), Defect> {
        let Some(state) = map(self.root(), "prior_state")? else { return Ok(()) };
        let mut held = Vec::new();
        self.values(state, &mut held)?;
        for mut instance in held {
            let is_declared = self.configuration.resource(&instance).is_some() || self.configuration.is_absent();
            if instance.kind == TerraformKind::Data && is_declared && !seen.contains(&instance.address) {
                if is_partial {
                    instance.occurs = Occurs::Perhaps(Arc::from("the plan is of a part of the configuration"));
                }
                self.instances.push(instance);
            }
        }
        Ok(())
    }

    fn state(&mut self) -> Result<(), Defect> {
        let root = self.root();
        self.check_format(root)?;
        let mut held = Vec::new();
        self.values(root, &mut held)?;
        self.instances = held;
        Ok(())
    }

    /// The major versions of the format that are known differ in what matters here by nothing.
    fn check_format(&self, root: &Node) -> Result<(), Defect> {
        let (version, entry) = text(root, "format_version")?;
        if matches!(version.split('.').next(), Some("0" | "1")) {
            return Ok(());
        }
        let noun = self.document.kind.noun();
        let help = "write it with a Terraform or OpenTofu whose format is 1, or check the `.tf` files instead";
        Err(Defect {
            help: Some(String::from(help)),
            ..Defect::new(entry.value.span, format!("the {noun} has the format {version}, and only 1 is known"))
        })
    }

    /// One entry of `resource_changes`; none where it is another cloud's.
    fn change(&mut self, node: &'n Node, occurs: Occurs) -> Result<Option<Instance<'n>>, Defect> {
        let (address, entry) = text(node, "address")?;
        let within = optional_text(node, "module_address")?.map(modules).unwrap_or_default();
        let Some(mut instance) = self.instance(node, Cow::Borrowed(address), entry.value.span, within)? else {
            return Ok(None);
        };
        if let Some(deposed) = optional_text(node, "deposed")? {
            instance.address = Cow::Owned(format!("{address} (deposed object {deposed})"));
        }
        let change = map(node, "change")?.ok_or_else(|| Defect::new(node.span, "`change` is missing"))?;
        let before =
            Values { known: map(change, "before")?, unknown: None, sensitive: present(change, "before_sensitive") };
        let after = Values {
            known: map(change, "after")?,
            unknown: present(change, "after_unknown"),
            sensitive: present(change, "after_sensitive"),
        };
        let named = present(change, "actions").ok_or_else(|| Defect::new(change.span, "`actions` is missing"))?;
        let actions = actions(named)?;
        let has = |action| actions.contains(&action);
        let mut lives = Vec::new();
        // What exists is read before anything else happens to it.
        if before.known.is_some() && (has(Action::Delete) || has(Action::Create) || after.known.is_none()) {
            let ends = if has(Action::Delete) { vec![Action::Read, Action::Delete] } else { vec![Action::Read] };
            lives.push(Life { actions: ends, values: before, changed: Vec::new() });
        }
        if has(Action::Create) {
            lives.push(Life { actions: vec![Action::Create], values: after, changed: Vec::new() });
        } else if after.known.is_some() {
            let mut during = vec![Action::Read];
            during.extend(has(Action::Update).then_some(Action::Update));
            during.extend(present(change, "importing").map(|_| Action::Import));
            let changed = if has(Action::Update) { changed(before, after) } else { Vec::new() };
            lives.push(Life { actions: during, values: after, changed });
        }
        instance.occurs = occurs;
        instance.lives = lives;
        Ok(Some(instance))
    }

    /// The resources of a state, in the form in which it is shown.
    fn values(&mut self, state: &'n Node, held: &mut Vec<Instance<'n>>) -> Result<(), Defect> {
        let Some(values) = map(state, "values")? else { return Ok(()) };
        let Some(root) = map(values, "root_module")? else { return Ok(()) };
        let mut left = vec![(root, Vec::new())];
        while let Some((module, path)) = left.pop() {
            for node in list(module, "resources")? {
                let (address, entry) = text(node, "address")?;
                let span = entry.value.span;
                if let Some(instance) = self.instance(node, Cow::Borrowed(address), span, path.clone())? {
                    let values = Values {
                        known: map(node, "values")?,
                        unknown: None,
                        sensitive: present(node, "sensitive_values"),
                    };
                    held.push(instance.held(values));
                }
            }
            for child in list(module, "child_modules")?.iter().rev() {
                left.push((child, modules(text(child, "address")?.0)));
            }
        }
        Ok(())
    }

    /// A state as Terraform keeps it.
    fn state_file(&mut self) -> Result<(), Defect> {
        let root = self.root();
        let version = present(root, "version").ok_or_else(|| Defect::new(root.span, "`version` is missing"))?;
        if version.scalar().as_deref() != Some("4") {
            let message = "the state is not of version 4, the only one that is known";
            return Err(Defect::new(version.span, message));
        }
        for resource in list(root, "resources")? {
            let (name, entry) = text(resource, "name")?;
            let span = entry.value.span;
            let module = optional_text(resource, "module")?;
            let within = module.map(modules).unwrap_or_default();
            let module = module.map(|module| format!("{module}.")).unwrap_or_default();
            for node in list(resource, "instances")? {
                let instance = self.instance(resource, Cow::Borrowed(name), span, within.clone())?;
                let Some(mut instance) = instance else { break };
                let data = if instance.kind == TerraformKind::Data { "data." } else { "" };
                let key = match present(node, "index_key") {
                    Some(key) => key.as_str().map_or_else(
                        || format!("[{}]", key.scalar().unwrap_or_default()),
                        |name| format!("[{name:?}]"),
                    ),
                    None => String::new(),
                };
                let deposed = optional_text(node, "deposed")?;
                let deposed = deposed.map(|key| format!(" (deposed object {key})")).unwrap_or_default();
                let type_name = instance.type_name;
                instance.address = Cow::Owned(format!("{module}{data}{type_name}.{name}{key}{deposed}"));
                let values = Values { known: map(node, "attributes")?, unknown: None, sensitive: None };
                self.instances.push(instance.held(values));
            }
        }
        Ok(())
    }

    /// What an entry says of the resource that it is about; none where that is another cloud's.
    fn instance(
        &mut self,
        node: &'n Node,
        address: Cow<'n, str>,
        span: Span,
        modules: Vec<String>,
    ) -> Result<Option<Instance<'n>>, Defect> {
        let kind = match text(node, "mode")?.0 {
            "managed" => TerraformKind::Resource,
            "data" => TerraformKind::Data,
            // Ephemeral resources and what later versions add.
            _ => return Ok(None),
        };
        let (type_name, name) = (text(node, "type")?.0, text(node, "name")?.0);
        if self.configuration.is_absent() {
            self.declared.insert(match modules.first() {
                Some(module) => format!("module.{module}"),
                None => block(kind, type_name, name),
            });
        }
        let lives = Vec::new();
        let instance = Instance { address, modules, kind, type_name, name, span, occurs: Occurs::Surely, lives };
        Ok(family(type_name).map(|_| instance))
    }
}

impl<'n> Instance<'n> {
    /// As a state holds it: whoever goes on with it reads it, and in the end deletes it.
    fn held(mut self, values: Values<'n>) -> Self {
        let actions = match self.kind {
            TerraformKind::Resource => vec![Action::Read, Action::Delete],
            TerraformKind::Data => vec![Action::Read],
        };
        self.lives = vec![Life { actions, values, changed: Vec::new() }];
        self
    }

    /// The block that it is an instance of, as its module names it.
    pub(super) fn block(&self) -> String {
        block(self.kind, self.type_name, self.name)
    }
}

fn block(kind: TerraformKind, type_name: &str, name: &str) -> String {
    let data = if kind == TerraformKind::Data { "data." } else { "" };
    format!("{data}{type_name}.{name}")
}

/// The actions of a change: what is forgotten, or stays as it is, has none beside being read.
fn actions(node: &Node) -> Result<Vec<Action>, Defect> {
    let wrong =
        |node: &Node| Defect::new(node.span, format!("an action has to be a text, and this is {}", node.kind()));
    let mut actions = Vec::new();
    for named in node.as_list().ok_or_else(|| Defect::new(node.span, "`actions` has to be a list"))? {
        actions.extend(match named.as_str().ok_or_else(|| wrong(named))? {
            "create" => Some(Action::Create),
            "read" => Some(Action::Read),
            "update" => Some(Action::Update),
            "delete" => Some(Action::Delete),
            "no-op" | "forget" => None,
            other => {
                let help = "write it with a Terraform or OpenTofu whose format is 1, or check the `.tf` files instead";
                let defect = Defect::new(named.span, format!("the action `{other}` is not known"));
                return Err(Defect { help: Some(String::from(help)), ..defect });
            }
        });
    }
    Ok(actions)
}
