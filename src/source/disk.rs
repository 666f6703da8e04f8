//! The files of a run, as it reads them: what the disk holds, unless another text counts for it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::{ReadError, SourceFile, read};

/// Where the files of a run lie, and which texts count instead of what they hold.
#[derive(Debug, Clone, Copy)]
pub struct Disk<'a> {
    /// The folder that shown paths are relative to.
    pub working_directory: &'a Path,
    /// Texts that count instead of what files hold.
    pub buffers: &'a Buffers,
}

impl<'a> Disk<'a> {
    /// Every file counts as the disk holds it.
    pub fn of(working_directory: &'a Path) -> Self {
        static NONE: LazyLock<Buffers> = LazyLock::new(Buffers::default);
        Self { working_directory, buffers: &NONE }
    }

    /// Reads the file at a path that reports show.
    ///
    /// # Errors
    /// Those of [`read`].
    pub fn read(self, shown: &str) -> Result<SourceFile, ReadError> {
        self.read_at(&self.working_directory.join(shown), shown)
    }

    /// Reads the file at `path`, which reports show as `shown`.
    ///
    /// # Errors
    /// Those of [`read`].
    pub fn read_at(self, path: &Path, shown: &str) -> Result<SourceFile, ReadError> {
        match self.buffers.get(path) {
            Some(buffer) => Ok(SourceFile::marked(shown, buffer.text.as_str(), buffer.has_mark)),
            None => read(path, shown),
        }
    }
}

/// Texts that count instead of what files hold, such as one with mistakes mended that is not written yet.
#[derive(Debug, Clone, Default)]
pub struct Buffers {
    by_file: HashMap<PathBuf, Buffer>,
}

#[derive(Debug, Clone)]
struct Buffer {
    text: String,
    has_mark: bool,
}

impl Buffers {
    /// From now on `text` counts for the file at `real`, a path without links; `has_mark`: it begins with a byte order
    /// mark.
    pub fn set(&mut self, real: PathBuf, text: String, has_mark: bool) {
        self.by_file.insert(real, Buffer { text, has_mark });
    }

    /// From now on the file at `real` counts as the disk holds it.
    pub fn forget(&mut self, real: &Path) {
        self.by_file.remove(real);
    }

    fn get(&self, path: &Path) -> Option<&Buffer> {
        // Asking where links lead takes its time.
        if self.by_file.is_empty() {
            return None;
        }
        self.by_file.get(&path.canonicalize().ok()?)
    }
}
