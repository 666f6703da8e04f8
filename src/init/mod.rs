//! A first `grantlint.yaml`, drafted from what a folder holds.

mod text;

use std::collections::BTreeSet;

use crate::authz::Known;
use crate::manifest::{Operation, PolicyReference};
use crate::policy::Kind;
use crate::project::{Bound, Inputs, UNBOUND};

pub use text::text;

/// The names of the enterprise project that every account has.
const DEFAULT_ENTERPRISE_PROJECT: [&str; 2] = ["0", "default"];

/// What a folder holds, as far as a configuration tells of it. Paths are relative to the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The policies that nothing binds: paths of files, or addresses of the resources that hold them; sorted, each once.
    pub policies: Vec<String>,
    /// The principals that manifests define and that count as long as the configuration names none, in their order.
    pub held: Vec<HeldDraft>,
    /// Files that hold trust policies, sorted, each once.
    pub trust: Vec<String>,
    /// The regions that operations name, sorted, each once.
    pub regions: Vec<String>,
    /// The enterprise projects that operations name but the default one, sorted, each once.
    pub enterprise_projects: Vec<String>,
    /// The folders next to the configuration that operations stand in, sorted, each once; none where some stand in files
    /// beside it.
    pub folders: Vec<String>,
    /// How many operations there are.
    pub operations: usize,
    /// How many files are manifests.
    pub manifests: usize,
}

/// A principal that manifests define.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldDraft {
    /// Its name.
    pub name: String,
    /// The policies that it is granted, by address or name, each once.
    pub policies: Vec<String>,
}

/// Drafts a configuration from what was read and bound without one.
pub fn draft(inputs: &Inputs, bound: &Bound) -> Draft {
    let operations = &inputs.manifests.operations;
    let trust = inputs.policies.iter().filter(|document| document.source.policy.kind == Kind::Trust);
    Draft {
        policies: unbound(bound),
        held: held(inputs, bound),
        trust: each_once(trust.map(|document| document.source.name.clone())),
        regions: known(operations, |operation| &operation.target.region),
        enterprise_projects: known(operations, |operation| &operation.target.enterprise_project)
            .into_iter()
            .filter(|name| !DEFAULT_ENTERPRISE_PROJECT.contains(&name.as_str()))
            .collect(),
        folders: folders(operations),
        operations: operations.len(),
        manifests: inputs.manifest_files,
    }
}

fn each_once(names: impl Iterator<Item = String>) -> Vec<String> {
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

fn unbound(bound: &Bound) -> Vec<String> {
    let unbound = bound.deployers.iter().filter(|deployer| !deployer.is_held && deployer.principal.name == UNBOUND);
    each_once(unbound.flat_map(|deployer| &deployer.principal.grants).map(|grant| grant.policy.name.clone()))
}

/// The principals of the manifests that deploy: no agencies, and no members, whose group is asked already.
fn held(inputs: &Inputs, bound: &Bound) -> Vec<HeldDraft> {
    let named = |reference: &PolicyReference| match reference {
        PolicyReference::Held(index) => inputs.held_policies.get(*index).map(|policy| policy.name.clone()),
        PolicyReference::Named(name) => Some(name.clone()),
        PolicyReference::Open(_) => None,
    };
    let deploying = bound.deployers.iter().filter(|deployer| deployer.is_held);
    let deploying = deploying.zip(&inputs.held_principals).filter(|(deployer, _)| deployer.deploys.is_none());
    let draft = deploying.map(|(deployer, held)| HeldDraft {
        name: deployer.principal.name.clone(),
        policies: each_once(held.grants.iter().filter_map(|grant| named(&grant.policy))),
    });
    draft.collect()
}

fn known(operations: &[Operation], of: impl Fn(&Operation) -> &Known<String>) -> Vec<String> {
    each_once(operations.iter().filter_map(|operation| of(operation).value().cloned()))
}

fn folders(operations: &[Operation]) -> Vec<String> {
    let first = |operation: &Operation| {
        let (folder, _) = operation.cause.place.file.path().split_once('/')?;
        (folder != "..").then(|| folder.to_owned())
    };
    let folders: Option<BTreeSet<String>> = operations.iter().map(first).collect();
    folders.unwrap_or_default().into_iter().collect()
}
