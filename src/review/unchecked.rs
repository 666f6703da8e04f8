//! How much was not checked, and why.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::lint::Reason;
use crate::project::Project;

/// What was not checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Unchecked {
    /// By reason.
    pub reasons: Vec<NotDecided>,
    /// Operations that only principals deploy which the run is not about.
    pub of_others: usize,
    /// Manifests, and policy documents, that cannot be read.
    pub unreadable: usize,
    /// Grants that name a policy which is not there.
    pub unbound: usize,
}

/// What was not checked for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotDecided {
    /// The reason.
    pub reason: Reason,
    /// How many operations.
    pub operations: usize,
    /// The APIs, types, operations, actions, modules or manifests, each with how many operations are concerned.
    pub names: BTreeMap<String, usize>,
}

/// What of a project was not checked.
pub(super) fn of(project: &Project<'_>) -> Unchecked {
    let (manifests, assessed) = (project.manifests, project.assessed);
    let mut reasons: BTreeMap<Reason, BTreeMap<String, usize>> = BTreeMap::new();
    let mut note = |reason: Reason, name: String| *reasons.entry(reason).or_default().entry(name).or_default() += 1;
    for unknown in &manifests.unknown {
        note(unknown.kind.into(), unknown.name.clone());
    }
    for (index, why) in &assessed.unchecked {
        if let Some(operation) = manifests.operations.get(*index) {
            note(why.into(), operation.call.to_string());
        }
    }
    let undeployed = if project.deployers.is_empty() { Reason::NoPrincipal } else { Reason::NotDeployed };
    for (index, _) in &assessed.undeployed {
        if let Some(operation) = manifests.operations.get(*index) {
            note(undeployed, operation.cause.place.file.path().to_owned());
        }
    }
    let decided_or_told = assessed.checked + assessed.unchecked.len() + assessed.undeployed.len();
    let not_decided = |(reason, names): (Reason, BTreeMap<String, usize>)| NotDecided {
        reason,
        operations: names.values().sum(),
        names,
    };
    Unchecked {
        reasons: reasons.into_iter().map(not_decided).collect(),
        of_others: assessed.operations.saturating_sub(decided_or_told),
        unreadable: manifests.problems.len() + project.broken_policies.len(),
        unbound: project.unbound.len(),
    }
}
