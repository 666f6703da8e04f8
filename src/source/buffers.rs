//! Texts that count instead of what files hold.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::file::Text;

/// Texts that count instead of what files hold, such as one with mistakes mended that is not written yet.
#[derive(Debug, Clone, Default)]
pub struct Buffers {
    by_file: HashMap<PathBuf, Text>,
}

impl Buffers {
    /// From now on `text` counts for the file at `real`, a path without links; `has_mark`: it begins with a byte order
    /// mark.
    pub fn set(&mut self, real: PathBuf, text: String, has_mark: bool) {
        self.by_file.insert(real, Text { text, has_mark });
    }

    pub(super) fn get(&self, path: &Path) -> Option<&Text> {
        // Asking where links lead takes its time.
        if self.by_file.is_empty() {
            return None;
        }
        self.by_file.get(&path.canonicalize().ok()?)
    }
}
