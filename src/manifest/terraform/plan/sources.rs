//! The `.tf` files that a plan or a state lies beside: whether it is theirs, and where in them its resources stand.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::reading::{Instance, Reading};
use crate::manifest::terraform::module::{Folder, Folders, local_source};
use crate::source::{Place, SourceFile, Span};
use crate::syntax::hcl::Block;

/// The blocks of a folder by their address in it.
type Blocks = HashMap<String, (Arc<SourceFile>, Span)>;

/// The root module that a plan or a state is of, with the modules that it calls.
pub(super) struct Sources<'a> {
    folders: &'a Folders,
    root: &'a Folder,
    /// What was looked up, by the names of the calls that lead to a module.
    known: RefCell<HashMap<String, Option<Blocks>>>,
}

/// The folder whose root module a plan or a state is of: the nearest one, at or above it, that holds a module, where
/// that declares something of what the document names.
pub(super) fn root_of<'a>(reading: &Reading<'_>, folders: &'a Folders) -> Option<&'a Folder> {
    let folder = folders.nearest(reading.document.file.path())?;
    let mut declared = folder.blocks().filter_map(|(_, block)| address(block));
    declared.any(|address| reading.declared.contains(&address)).then_some(folder)
}

impl<'a> Sources<'a> {
    pub(super) fn new(root: &'a Folder, folders: &'a Folders) -> Self {
        Self { folders, root, known: RefCell::default() }
    }

    /// Where the block of a resource stands.
    pub(super) fn place(&self, instance: &Instance<'_>) -> Option<Place> {
        let path = instance.modules.join(".");
        let mut known = self.known.borrow_mut();
        let blocks = known.entry(path).or_insert_with(|| self.folder(&instance.modules).map(blocks));
        let (file, span) = blocks.as_ref()?.get(&instance.block())?;
        Some(Place::new(file, *span))
    }

    fn folder(&self, modules: &[String]) -> Option<&'a Folder> {
        let mut folder = self.root;
        for (depth, name) in modules.iter().enumerate() {
            let is_called = |block: &&Block| block.kind == "module" && block.labels.first() == Some(name);
            let call = folder.blocks().map(|(_, block)| block).find(is_called)?;
            let fetched = || self.root.fetched.get(&modules.get(..=depth)?.join(".")).cloned();
            folder = self.folders.get(&local_source(&folder.path, call).or_else(fetched)?)?;
        }
        Some(folder)
    }
}

fn blocks(folder: &Folder) -> Blocks {
    let place = |(file, block): (usize, &Block)| {
        let (file, _) = folder.files.get(file)?;
        Some((address(block)?, (Arc::clone(file), block.header)))
    };
    folder.blocks().filter_map(place).collect()
}

/// The address of a block in its module, as plans write it.
fn address(block: &Block) -> Option<String> {
    match (block.kind.as_str(), block.labels.as_slice()) {
        ("resource", [kind, name]) => Some(format!("{kind}.{name}")),
        ("data", [kind, name]) => Some(format!("data.{kind}.{name}")),
        ("module", [name]) => Some(format!("module.{name}")),
        _ => None,
    }
}
