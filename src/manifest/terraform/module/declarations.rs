//! What the files of a module declare.

use std::collections::HashMap;

use super::folder::{Folder, is_values};
use crate::syntax::hcl::{Block, Body, Expr};

/// An expression with the number of its file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written<'f> {
    pub(crate) expr: &'f Expr,
    pub(crate) file: u32,
}

/// A block with the number of its file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declared<'f> {
    pub(crate) block: &'f Block,
    pub(crate) file: u32,
}

impl<'f> Declared<'f> {
    /// The value of an attribute.
    pub(crate) fn attribute(self, name: &str) -> Option<Written<'f>> {
        self.block.body.attribute(name).map(|attribute| Written { expr: &attribute.value, file: self.file })
    }
}

/// A resource or a data source by its type and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ResourceName<'n> {
    pub(crate) is_data: bool,
    pub(crate) kind: &'n str,
    pub(crate) name: &'n str,
}

/// What the files of a folder declare.
#[derive(Debug)]
pub(crate) struct Declarations<'f> {
    pub(crate) folder: &'f Folder,
    pub(crate) variables: HashMap<&'f str, Declared<'f>>,
    pub(crate) locals: HashMap<&'f str, Written<'f>>,
    pub(crate) outputs: HashMap<&'f str, Declared<'f>>,
    pub(crate) resources: HashMap<ResourceName<'f>, Declared<'f>>,
    pub(crate) modules: HashMap<&'f str, Declared<'f>>,
    pub(crate) providers: Vec<Declared<'f>>,
    /// Resources, data sources and module calls, in the order of the files.
    pub(crate) blocks: Vec<Declared<'f>>,
    /// Values for variables that every run reads, in the order in which later ones win, and those that a run may be given.
    pub(crate) values: Vec<(&'f str, &'f Body, u32)>,
}

impl<'f> Declarations<'f> {
    /// The declarations of a folder, whose first file has the number `first`.
    pub(crate) fn new(folder: &'f Folder, first: u32) -> Self {
        let mut declared = Self {
            folder,
            variables: HashMap::new(),
            locals: HashMap::new(),
            outputs: HashMap::new(),
            resources: HashMap::new(),
            modules: HashMap::new(),
            providers: Vec::new(),
            blocks: Vec::new(),
            values: Vec::new(),
        };
        for (index, (file, body)) in folder.files.iter().enumerate() {
            let number = first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
            if is_values(file.path()) {
                declared.values.push((file.path(), body, number));
                continue;
            }
            for block in &body.blocks {
                declared.declare(Declared { block, file: number });
            }
        }
        declared
    }

    fn declare(&mut self, declared: Declared<'f>) {
        let block = declared.block;
        let labels: Vec<&str> = block.labels.iter().map(String::as_str).collect();
        match (block.kind.as_str(), labels.as_slice()) {
            ("variable", [name]) => drop(self.variables.insert(name, declared)),
            ("output", [name]) => drop(self.outputs.insert(name, declared)),
            ("locals", _) => {
                let local = |local: &'f crate::syntax::hcl::Attribute| {
                    (local.name.as_str(), Written { expr: &local.value, file: declared.file })
                };
                self.locals.extend(block.body.attributes.iter().map(local));
            }
            ("provider", [_]) => self.providers.push(declared),
            ("module", [name]) => {
                self.modules.insert(name, declared);
                self.blocks.push(declared);
            }
            ("resource" | "data", [kind, name]) => {
                let is_data = block.kind == "data";
                self.resources.insert(ResourceName { is_data, kind, name }, declared);
                self.blocks.push(declared);
            }
            ("resource" | "data", _) => self.blocks.push(declared),
            // A data source within a check runs as any other.
            ("check", _) => {
                let inner = block.body.blocks.iter().filter(|inner| inner.kind == "data");
                inner.for_each(|inner| self.declare(Declared { block: inner, file: declared.file }));
            }
            _ => {}
        }
    }
}
