//! The paths of `grantlint check`: what is looked at, or what changed in it.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use clap::Args;

/// The working directory.
static HERE: LazyLock<PathBuf> = LazyLock::new(|| Path::new(".").to_owned());

#[derive(Debug, Args)]
pub(super) struct PathOptions {
    /// Files and folders to check
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// Take the PATHs for files that changed: check the whole working directory, and tell what they can affect
    #[arg(long, conflicts_with = "write_baseline")]
    changed: bool,
}

impl PathOptions {
    /// What is looked at.
    pub(super) fn checked(&self) -> &[PathBuf] {
        if self.changed { std::slice::from_ref(&HERE) } else { &self.paths }
    }

    /// What changed in it, where that alone counts.
    pub(super) fn changed(&self) -> Option<&[PathBuf]> {
        self.changed.then_some(&self.paths)
    }
}
