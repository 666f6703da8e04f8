//! `grantlint.yaml`: who deploys, with which grants, and how rules are set.

mod acceptance;
mod error;
mod ignore;
mod inline;
mod organization;
mod principal;
mod read;
mod schema;
mod suppression;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;

use crate::authz::{Account, Context, Scope};
use crate::manifest::Stage;
use crate::severity::Level;
use crate::source::{self, Disk, Place, SourceFile};

pub use acceptance::{Acceptance, Candidate, Extent};
pub use error::{ConfigError, Mistake};
pub use ignore::Ignore;
pub use inline::{Directive, Fault, Inline, holds_directive};
pub use suppression::{Suppression, SuppressionKind};

/// The name that a configuration is found by.
pub const FILE_NAME: &str = "grantlint.yaml";

/// A configuration; the default one says nothing.
#[derive(Debug, Default)]
pub struct Config {
    /// The folder that its paths and globs are relative to.
    pub root: PathBuf,
    /// The file; none where there is no configuration.
    pub file: Option<Arc<SourceFile>>,
    /// What it says of the account.
    pub account: Account,
    /// The region of operations that name none.
    pub default_region: Option<String>,
    /// The service control policies that the account stands under, from the root down; empty where it is in no
    /// organization.
    pub organization: Vec<LevelConfig>,
    /// The principals, in the order of the file.
    pub principals: Vec<PrincipalConfig>,
    /// Files that are left out.
    pub exclude: GlobSet,
    /// Levels of rules.
    pub rules: BTreeMap<String, Level>,
    /// Findings that are accepted.
    pub ignore: Vec<Ignore>,
    /// Files that extend the permission table.
    pub extend: Vec<(String, Place)>,
}

/// A principal as configured.
#[derive(Debug)]
pub struct PrincipalConfig {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// Its grants.
    pub grants: Vec<GrantConfig>,
    /// What is known of its requests.
    pub context: Context,
    /// For an agency: the trust policy, by path, that says who may assume it.
    pub trust: Option<(String, Place)>,
    /// The manifests that it deploys; none: every manifest.
    pub deploys: Option<GlobSet>,
    /// What it does with them; none: everything.
    pub phases: Option<Vec<Stage>>,
}

/// The root, an organizational unit or the account, with its service control policies.
#[derive(Debug)]
pub struct LevelConfig {
    /// Its name.
    pub name: String,
    /// The policies attached there, by path; `FullAccess` is the platform's.
    pub policies: Vec<(String, Place)>,
}

/// A policy, by path or by name, bound to a scope.
#[derive(Debug)]
pub struct GrantConfig {
    /// A path relative to the configuration, or the name of a system-defined policy.
    pub policy: String,
    /// Where that stands.
    pub place: Place,
    /// The scope; all where none is given.
    pub scope: Scope,
    /// It was granted in the console, which widens a scope that does not fit the policy.
    pub by_console: bool,
}

impl Config {
    /// Finds and reads the configuration of a run: `explicit`, or the nearest `grantlint.yaml` at or above `start`.
    /// `rules` are the names of the rules that exist.
    ///
    /// # Errors
    /// [`ConfigError`] where the file cannot be read or has a mistake; all mistakes are told at once.
    pub fn find(explicit: Option<&Path>, start: &Path, disk: Disk<'_>, rules: &[&str]) -> Result<Self, ConfigError> {
        let working_directory = disk.working_directory;
        let found = match explicit {
            Some(path) => Some(working_directory.join(path)),
            None => nearest(&working_directory.join(start), disk),
        };
        let Some(path) = found else {
            return Ok(Self { root: working_directory.to_owned(), ..Self::default() });
        };
        let shown = source::shown(&path, working_directory);
        let file = disk.read_at(&path, &shown).map_err(|error| {
            let near = if disk.kind(&path).is_some() { String::new() } else { source::near(Path::new(&shown), &path) };
            ConfigError::Unreadable { path: shown, error, near }
        })?;
        let root = path.parent().map_or_else(|| working_directory.to_owned(), Path::to_owned);
        Self::read(Arc::new(file), root, rules)
    }

    /// Reads a configuration from a text; `root` is the folder that its paths are relative to.
    ///
    /// # Errors
    /// [`ConfigError::Mistakes`] with every mistake of the file at its place.
    pub fn read(file: Arc<SourceFile>, root: PathBuf, rules: &[&str]) -> Result<Self, ConfigError> {
        read::read(&file, root, rules).map_err(|mistakes| ConfigError::Mistakes { file, mistakes })
    }
}

fn nearest(start: &Path, disk: Disk<'_>) -> Option<PathBuf> {
    let start = std::path::absolute(start).ok()?;
    start.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| disk.is_file(path))
}
