//! A root module, from its files to what it causes.

use std::sync::Arc;

use super::module::{Analysis, Folder, Folders, Instance, parsed};
use super::walk::{Types, Walk};
use crate::manifest::{Context, Extract, guarded};
use crate::source::SourceFile;

/// The folder of a root module.
pub(super) enum Root<'f> {
    /// It calls modules, or is looked at together with others.
    Parsed(&'f Folder),
    /// Nobody else asks for it: it is parsed here, and forgotten.
    Alone(&'f str, &'f [Arc<SourceFile>]),
}

impl<'f> Root<'f> {
    /// All roots, by path.
    pub(super) fn all(folders: &'f Folders) -> Vec<Self> {
        let parsed = folders.roots().into_iter().map(Self::Parsed);
        let alone = folders.alone().map(|(path, files)| Self::Alone(path, files));
        let mut roots: Vec<Self> = parsed.chain(alone).collect();
        roots.sort_by(|a, b| a.path().cmp(b.path()));
        roots
    }

    /// The path of its folder.
    pub(super) fn path(&self) -> &str {
        match self {
            Self::Parsed(folder) => &folder.path,
            Self::Alone(path, _) => path,
        }
    }

    /// What it and the modules that it calls cause.
    pub(super) fn extract<'c>(&self, folders: &Folders, types: &Types<'c>, context: Context<'c>) -> Extract {
        match self {
            Self::Parsed(folder) => extract(folder, folders, types, context),
            Self::Alone(path, files) => {
                let folder = parsed(path, files, context.disk);
                let mut caused = extract(&folder, folders, types, context);
                caused.problems.extend(folder.problems);
                caused
            }
        }
    }
}

fn extract<'a, 'c: 'a>(root: &'a Folder, folders: &'a Folders, types: &Types<'c>, context: Context<'c>) -> Extract {
    guarded(root.files.iter().map(|(file, _)| file), || {
        let analysis = Analysis::new(root, folders, context.variables, context.disk);
        Walk::new(&analysis, types, context).extract(&Instance::root(&analysis))
    })
}
