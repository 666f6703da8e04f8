//! Which manifests, and which phases of them, a principal deploys.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use super::{Deployer, Undeployed};
use crate::catalog::Phase;
use crate::manifest::{Call, Operation};
use crate::source::SourceFile;

/// Which operations and principals a run is about.
pub struct Selection<'a> {
    /// Is this phase part of the run? Operations without a phase always are.
    pub phases: &'a [Phase],
    /// The principals of the run; none: all.
    pub principals: &'a [String],
    /// The folder that `deploys` globs are relative to.
    pub root: &'a Path,
    /// The folder that shown paths are relative to.
    pub working_directory: &'a Path,
}

impl Selection<'_> {
    /// The operation is part of the run.
    pub(crate) fn takes(&self, operation: &Operation) -> bool {
        operation.phase.is_none_or(|phase| self.phases.contains(&phase))
    }
}

/// The service that has users, groups, agencies and their grants.
const IDENTITIES: &str = "iam";

/// It makes or changes users, groups, agencies or their grants.
fn is_about_identities(operation: &Operation) -> bool {
    matches!(&*operation.call, Call::Api { service: Some(service), .. } if service == IDENTITIES)
}

/// A principal with what confines it.
pub(super) struct Confinement<'a> {
    pub(super) deployer: &'a Deployer,
    pub(super) selection: &'a Selection<'a>,
    /// The manifest that was asked for last, and whether the principal deploys it.
    last: Cell<Option<(*const SourceFile, bool)>>,
}

/// Why none of the principals deploys an operation.
pub(super) fn why_undeployed(operation: &Operation, confined: &[Confinement<'_>]) -> Undeployed {
    if confined.iter().any(|confinement| confinement.has_manifest_of(operation)) {
        Undeployed::Phase
    } else if operation.agency.is_some() {
        Undeployed::Agency
    } else if is_about_identities(operation) && confined.iter().any(|confinement| confinement.deployer.is_held) {
        Undeployed::Identity
    } else {
        Undeployed::Manifest
    }
}

impl<'a> Confinement<'a> {
    /// Each principal with what confines it, in their order.
    pub(super) fn all(deployers: &'a [Deployer], selection: &'a Selection<'a>) -> Vec<Self> {
        deployers.iter().map(|deployer| Self { deployer, selection, last: Cell::new(None) }).collect()
    }

    /// The run is about the principal.
    pub(super) fn is_selected(&self) -> bool {
        self.selection.principals.is_empty() || self.selection.principals.contains(&self.deployer.principal.name)
    }

    /// The principal deploys the operation's manifest, and in its phase.
    pub(super) fn deploys(&self, operation: &Operation) -> bool {
        let phases = self.deployer.phases.as_ref();
        let in_its_phase = |phase| phases.is_none_or(|phases| phases.contains(&phase));
        operation.phase.is_none_or(in_its_phase) && self.has_manifest_of(operation)
    }

    /// The principal deploys the operation's manifest.
    pub(super) fn has_manifest_of(&self, operation: &Operation) -> bool {
        if let Some((wanted, _)) = &operation.principal {
            return *wanted == self.deployer.principal.name;
        }
        if self.deployer.is_held && is_about_identities(operation) {
            return false;
        }
        if let Some((agency, _)) = &operation.agency {
            return *agency == self.deployer.principal.name;
        }
        self.deploys_at(&operation.cause.place.file)
    }

    /// The principal deploys a manifest.
    pub(super) fn deploys_at(&self, file: &Arc<SourceFile>) -> bool {
        let Some(globs) = &self.deployer.deploys else { return true };
        // A manifest causes many operations, one after the other.
        if let Some((_, deploys)) = self.last.get().filter(|(last, _)| *last == Arc::as_ptr(file)) {
            return deploys;
        }
        let path = self.selection.working_directory.join(file.path());
        let deploys = globs.is_match(path.strip_prefix(self.selection.root).unwrap_or(&path));
        self.last.set(Some((Arc::as_ptr(file), deploys)));
        deploys
    }
}
