//! What a change of some files can affect, of all that a run finds.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{Options, RunError, extensions};
use crate::authz::{PolicySource, Principal};
use crate::config::Config;
use crate::lint::{Finding, RULES, Reason};
use crate::manifest;
use crate::project::{Inputs, Project};
use crate::source;

/// Files that changed, with what depends on them.
pub(crate) struct Change {
    changed: Changed,
    /// Everything depends on one of them.
    is_everything: bool,
    /// One of them is a manifest, is read for one, or is a policy.
    is_ours: bool,
    /// The manifests that are read together with them, and the policies among them.
    files: HashSet<String>,
    /// The principals of whose grants or limits one of these files tells.
    principals: HashSet<String>,
}

impl Change {
    /// What depends on the files that the options say have changed; none where they do not say.
    ///
    /// # Errors
    /// Those of the extensions that the configuration names.
    pub(crate) fn of(
        options: &Options<'_>,
        config: &Config,
        inputs: &Inputs,
        project: &Project<'_>,
    ) -> Result<Option<Self>, RunError> {
        let Some(paths) = options.changed else { return Ok(None) };
        let changed = Changed::new(paths, options.working_directory);
        let shaping = shaping(config, options)?;
        let is_everything = changed.hold_what_is_lost() || shaping.iter().any(|path| changed.meet(path));
        let units = inputs.units.iter().filter(|unit| unit.iter().any(|path| changed.meet(path))).flatten();
        let policies = inputs.policies.iter().filter_map(|document| path_of(&document.source));
        let broken = inputs.broken_policies.iter().map(|problem| problem.place.file.path());
        let policies = policies.chain(broken).filter(|path| changed.meet(path));
        let files: HashSet<String> = units.map(String::as_str).chain(policies).map(str::to_owned).collect();
        let principals = project.deployers.iter().map(|deployer| &deployer.principal);
        let principals = principals.filter(|principal| paths_of(principal).any(|path| files.contains(path)));
        let principals = principals.map(|principal| principal.name.clone()).collect();
        Ok(Some(Self { changed, is_everything, is_ours: !files.is_empty(), files, principals }))
    }

    /// The change can bring or alter the finding.
    pub(crate) fn affects(&self, finding: &Finding) -> bool {
        let places = std::iter::once(&finding.place).chain(finding.related.iter().map(|related| &related.place));
        let mut paths = places.map(|place| place.file.path());
        let asks_all = || asks_all_manifests(finding);
        let concerns = |name: &String| self.principals.contains(name);
        self.is_everything
            || finding.principal.as_ref().is_some_and(concerns)
            || paths.any(|path| self.files.contains(path) || self.changed.name(path))
            || (self.is_ours && asks_all())
    }
}

/// It tells of what all manifests together need, or that nobody deploys any.
fn asks_all_manifests(finding: &Finding) -> bool {
    let asks = RULES.iter().any(|rule| rule.name() == finding.rule && rule.asks_all_manifests());
    asks || finding.unchecked.iter().any(|unchecked| unchecked.reason == Reason::NoPrincipal)
}

/// The files that the outcome of the whole run depends on, as reports show them.
fn shaping(config: &Config, options: &Options<'_>) -> Result<Vec<String>, RunError> {
    let shown = |path: &Path| source::shown(&options.working_directory.join(path), options.working_directory);
    let extensions = extensions(config, options.disk())?;
    let own = config.file.iter().map(|file| file.path().to_owned());
    let extensions = extensions.into_iter().map(|(_, shown, _)| shown);
    Ok(own.chain(extensions).chain(options.baseline.map(shown)).collect())
}

fn path_of(policy: &PolicySource) -> Option<&str> {
    policy.file.as_ref().map(|file| file.path())
}

/// The files that say what a principal may do: its policies, and where it is granted them.
fn paths_of(principal: &Principal) -> impl Iterator<Item = &str> {
    let guardrails = principal.guardrails.iter().flat_map(|level| &level.policies);
    let grants = principal.grants.iter().map(|grant| &grant.policy);
    let policies = grants.chain(guardrails).chain(&principal.trust).filter_map(|policy| path_of(policy));
    let granted = principal.grants.iter().filter_map(|grant| grant.place.as_ref());
    policies.chain(granted.map(|place| place.file.path()))
}

/// Files and folders that changed, as reports show them.
struct Changed {
    files: HashSet<String>,
    folders: Vec<String>,
    /// Those that are there no more.
    lost: Vec<String>,
    working_directory: PathBuf,
}

impl Changed {
    fn new(paths: &[PathBuf], working_directory: &Path) -> Self {
        let mut changed = Self {
            files: HashSet::new(),
            folders: Vec::new(),
            lost: Vec::new(),
            working_directory: working_directory.to_owned(),
        };
        for path in paths {
            let absolute = working_directory.join(path);
            let shown = source::shown(&absolute, working_directory);
            if absolute.is_dir() {
                changed.folders.push(shown);
            } else {
                changed.lost.extend((!absolute.exists()).then(|| shown.clone()));
                changed.files.insert(shown);
            }
        }
        changed
    }

    /// A file is one of them, or lies in one of them.
    fn name(&self, path: &str) -> bool {
        self.files.contains(path) || self.folders.iter().any(|folder| lies_in(path, folder))
    }

    /// As [`Self::name`]; also where the file is a link to one of them, or, as `folder/`, holds one.
    fn meet(&self, path: &str) -> bool {
        if let Some(folder) = path.strip_suffix('/') {
            let all = self.files.iter().chain(&self.folders);
            return self.name(folder) || all.into_iter().any(|changed| lies_in(changed, folder));
        }
        self.name(path) || self.target(path).is_some_and(|target| self.name(&target))
    }

    /// What a link leads to.
    fn target(&self, path: &str) -> Option<String> {
        let link = self.working_directory.join(path);
        let is_link = std::fs::symlink_metadata(&link).is_ok_and(|metadata| metadata.is_symlink());
        let folder = self.working_directory.canonicalize();
        is_link.then(|| Some(source::shown(&link.canonicalize().ok()?, &folder.ok()?))).flatten()
    }

    /// A manifest, a policy or the configuration is there no more, and nobody can tell what depended on it.
    fn hold_what_is_lost(&self) -> bool {
        let is_data = |path: &String| [".json", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending));
        self.lost.iter().any(|path| is_data(path) || manifest::is_source(path))
    }
}

/// A path is that of a folder, or lies below it.
fn lies_in(path: &str, folder: &str) -> bool {
    let below = || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    folder.is_empty() || folder == "." || below()
}
