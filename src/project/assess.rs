//! Deciding every operation for every principal that deploys it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Assessed, Assessment, Deployer, Need};
use crate::authz::{
    Account, Decision, Grant, Request, Requirement, RoleRequirement, Target, Verdict, decide, decide_role, of_action,
    of_api, roles_of_api,
};
use crate::catalog::{ApiMatch, Catalog, Phase};
use crate::manifest::{Call, Operation};

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

/// What one call needs, resolved once for all operations that make it.
struct Resolved {
    api: Option<Arc<str>>,
    needs: Vec<Need>,
    /// Several services document the call and nothing says which one is meant.
    is_ambiguous: bool,
}

type Resolution = Result<Resolved, String>;

/// Decides the operations of a run.
pub fn assess(
    operations: &[Operation],
    deployers: &[Deployer],
    catalog: &Catalog,
    account: Account,
    selection: &Selection<'_>,
) -> Assessed {
    let selected = |operation: &Operation| operation.phase.is_none_or(|phase| selection.phases.contains(&phase));
    let mut calls: HashMap<&Call, Resolution> = HashMap::new();
    for operation in operations.iter().filter(|operation| selected(operation)) {
        calls.entry(&operation.call).or_insert_with(|| resolve(&operation.call, catalog, account));
    }
    let confined: Vec<Confinement<'_>> = deployers.iter().map(|deployer| Confinement { deployer, selection }).collect();
    let each: Vec<Outcome> = operations
        .par_iter()
        .enumerate()
        .filter(|(_, operation)| selected(operation))
        .map(|(index, operation)| match calls.get(&operation.call) {
            Some(Ok(resolved)) => decide_all(index, operation, resolved, &confined),
            Some(Err(why)) => Outcome::Unknown(index, why.clone()),
            None => Outcome::Decided { is_checked: false, assessments: Vec::new() },
        })
        .collect();
    let mut assessed = Assessed { operations: each.len(), ..Assessed::default() };
    for outcome in each {
        match outcome {
            Outcome::Unknown(index, why) => assessed.unknown.push((index, why)),
            Outcome::Decided { is_checked, assessments } => {
                assessed.checked += usize::from(is_checked);
                assessed.assessments.extend(assessments);
            }
        }
    }
    assessed
}

enum Outcome {
    Unknown(usize, String),
    Decided { is_checked: bool, assessments: Vec<Assessment> },
}

/// A principal with what confines it.
struct Confinement<'a> {
    deployer: &'a Deployer,
    selection: &'a Selection<'a>,
}

impl Confinement<'_> {
    fn deploys(&self, operation: &Operation) -> bool {
        let name = &self.deployer.principal.name;
        let is_selected = self.selection.principals.is_empty() || self.selection.principals.contains(name);
        if let Some((wanted, _)) = &operation.principal {
            return is_selected && wanted == name;
        }
        is_selected
            && self.deployer.deploys.as_ref().is_none_or(|globs| {
                let path = self.selection.working_directory.join(operation.cause.place.file.path());
                globs.is_match(path.strip_prefix(self.selection.root).unwrap_or(&path))
            })
    }
}

fn resolve(call: &Call, catalog: &Catalog, account: Account) -> Resolution {
    let (service, key) = match call {
        Call::Action(action) => {
            let needs = vec![Need::Action(Arc::new(of_action(action, catalog)))];
            return Ok(Resolved { api: None, needs, is_ambiguous: false });
        }
        Call::Api { service, key } => (service, key),
    };
    let apis = match catalog.find(service.as_deref(), key) {
        ApiMatch::Unknown => {
            let of = service.as_deref().map(|service| format!(" of the service `{service}`")).unwrap_or_default();
            return Err(format!("the table has no row for `{key}`{of}"));
        }
        ApiMatch::One(api) => vec![api],
        ApiMatch::Several(apis) => apis,
    };
    let mut needs = Vec::new();
    for api in &apis {
        needs.extend(of_api(api, account, catalog).into_iter().map(|requirement| Need::Action(Arc::new(requirement))));
        needs.extend(roles_of_api(api, catalog).into_iter().map(|role| Need::Role(Arc::new(role))));
    }
    let api = match apis.as_slice() {
        [api] => Some(Arc::from(api.key)),
        _ => None,
    };
    Ok(Resolved { api, needs, is_ambiguous: apis.len() > 1 })
}

fn decide_all(index: usize, operation: &Operation, resolved: &Resolved, confined: &[Confinement<'_>]) -> Outcome {
    let mut assessments = Vec::new();
    let mut is_checked = false;
    for (principal, confinement) in confined.iter().enumerate() {
        if !confinement.deploys(operation) {
            continue;
        }
        is_checked = true;
        let grants = &confinement.deployer.principal.grants;
        for need in &resolved.needs {
            let (verdict, own) = decide_need(need, &operation.target, grants);
            if verdict.decision == Decision::Allowed {
                continue;
            }
            let ambiguous = || String::from("several services document this API, and nothing says which one is meant");
            let open = operation.open.clone().or(own).or_else(|| resolved.is_ambiguous.then(ambiguous));
            let (api, need) = (resolved.api.clone(), need.clone());
            assessments.push(Assessment { operation: index, principal, api, need, verdict, open });
        }
    }
    Outcome::Decided { is_checked, assessments }
}

fn decide_need(need: &Need, target: &Target, grants: &[Grant]) -> (Verdict, Option<String>) {
    let action =
        |requirement: &Requirement| (decide(Request { requirement, target }, grants), requirement.open.clone());
    let role = |requirement: &RoleRequirement| (decide_role(requirement, target, grants), requirement.open.clone());
    match need {
        Need::Action(requirement) => action(requirement),
        Need::Role(requirement) => role(requirement),
    }
}
