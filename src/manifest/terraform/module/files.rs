//! The files of an analysis by number, and those that expressions read.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::listing::joined;
use crate::manifest::terraform::language::{Origin, Unknown};
use crate::source::{Disk, EntryKind, SourceFile, Span, Whereabouts};

/// The files that values come from, by number from 1.
#[derive(Debug)]
pub(crate) struct FileTable<'a> {
    files: RefCell<Vec<Arc<SourceFile>>>,
    disk: Disk<'a>,
    /// The root module's folder, which relative paths count from.
    root: &'a str,
    /// The folder beyond which nothing is read, once something is.
    boundary: OnceCell<PathBuf>,
    /// What expressions asked for, whether or not it is there: files, and folders with a `/` at their end.
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> FileTable<'a> {
    pub(crate) fn new(root: &'a str, disk: Disk<'a>) -> Self {
        Self { files: RefCell::default(), disk, root, boundary: OnceCell::new(), asked: RefCell::default() }
    }

    /// Takes files in; the number of the first.
    pub(crate) fn add<'f>(&self, files: impl Iterator<Item = &'f Arc<SourceFile>>) -> u32 {
        let mut known = self.files.borrow_mut();
        let first = u32::try_from(known.len() + 1).unwrap_or(u32::MAX);
        known.extend(files.cloned());
        first
    }

    /// The file of a number.
    pub(crate) fn get(&self, number: u32) -> Option<Arc<SourceFile>> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.files.borrow().get(index).cloned()
    }

    /// The paths of all files that values may depend on; `folder/` is all that lies in a folder.
    pub(crate) fn read(&self) -> Vec<String> {
        let mut read = self.asked.borrow().clone();
        read.extend(self.files.borrow().iter().map(|file| file.path().to_owned()));
        read.into_iter().collect()
    }

    /// The path, from the working directory, of one that an expression asks for.
    fn asked(&self, path: &str, end: &str) -> String {
        let shown = joined(self.root, path);
        self.asked.borrow_mut().insert(format!("{shown}{end}"));
        shown
    }

    /// The text of a file by its path from the root module, with its place.
    pub(crate) fn text(&self, path: &str) -> Result<(Rc<str>, Origin), Unknown> {
        let shown = self.asked(path, "");
        let known = self.files.borrow().iter().position(|file| file.path() == shown);
        let number = if let Some(index) = known {
            u32::try_from(index + 1).unwrap_or(u32::MAX)
        } else {
            let file = self.opened(path, &shown)?;
            self.add(std::iter::once(&file))
        };
        let file = self.get(number).ok_or_else(|| Unknown::new(format!("`{path}` cannot be read")))?;
        let span = Span::new(0, file.text().len());
        Ok((Rc::from(file.text()), Origin { file: number, span }))
    }

    fn opened(&self, path: &str, shown: &str) -> Result<Arc<SourceFile>, Unknown> {
        self.check_within(path, shown)?;
        self.disk.read(shown).map(Arc::new).map_err(|error| Unknown::new(format!("`{path}` {error}")))
    }

    /// Whether a file is there.
    pub(crate) fn exists(&self, path: &str) -> Result<bool, Unknown> {
        let shown = self.asked(path, "");
        let Some(kind) = self.disk.kind(&self.disk.working_directory.join(&shown)) else { return Ok(false) };
        self.check_within(path, &shown).map(|()| kind == EntryKind::File)
    }

    /// The files below a folder that a pattern matches, relative to it, sorted.
    pub(crate) fn set(&self, folder: &str, pattern: &str) -> Result<Vec<String>, Unknown> {
        let shown = self.asked(folder, "/");
        self.check_within(folder, &shown)?;
        let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build();
        let matcher = glob.map_err(|_| Unknown::new(format!("`{pattern}` is no pattern")))?.compile_matcher();
        let files = self.disk.below(&shown).into_iter();
        Ok(files.filter(|path| matcher.is_match(path)).collect())
    }

    /// A path leads to something within the boundary.
    fn check_within(&self, path: &str, shown: &str) -> Result<(), Unknown> {
        if path.starts_with('/') || path.starts_with('~') {
            return Err(Unknown::new(format!("`{path}` is a path of the machine that runs it")));
        }
        let around = || boundary(&self.disk.working_directory.join(self.root), self.disk.working_directory);
        match self.disk.whereabouts(shown, self.root, || self.boundary.get_or_init(around)) {
            Whereabouts::Within => Ok(()),
            Whereabouts::Beyond => Err(Unknown::new(format!("`{path}` lies outside of the project"))),
            Whereabouts::Nowhere => Err(Unknown::new(format!("there is no file `{path}`"))),
        }
    }
}

/// The repository that a folder lies in, or else the working directory, or else the folder itself.
fn boundary(folder: &Path, working_directory: &Path) -> PathBuf {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let working_directory = working_directory.canonicalize().unwrap_or_else(|_| working_directory.to_owned());
    let repository = folder.ancestors().find(|folder| folder.join(".git").exists());
    let around = repository.map(Path::to_owned);
    around.unwrap_or_else(|| if folder.starts_with(&working_directory) { working_directory } else { folder })
}
