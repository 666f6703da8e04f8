//! Deciding every operation for every principal that deploys it.

use std::collections::HashMap;
use std::sync::Arc;

use super::confine::{Confinement, Selection};
use super::needs::Needed;
use super::resolve::{Resolved, resolve};
use super::{Assessed, Assessment, Deployer, Need, Unchecked, Undeployed};
use crate::authz::{
    Account, Decision, Principal, Request, Requirement, RoleRequirement, Target, Verdict, decide, decide_role,
};
use crate::catalog::Catalog;
use crate::manifest::{Call, Extract, Operation};
use crate::parallel;

/// So many calls are worth a thread.
const MANY: usize = 64;

/// Its number among the calls, and what it needs.
type Resolution = (usize, Result<Resolved, Unchecked>);

/// Decides the operations of a run.
///
/// Many operations make the same call at the same target: each such pair is decided once for each principal.
pub fn assess(
    manifests: &Extract,
    deployers: &[Deployer],
    catalog: &Catalog,
    account: Account,
    selection: &Selection<'_>,
) -> Assessed {
    let operations = &manifests.operations;
    let mut calls: HashMap<&Call, Resolution> = HashMap::new();
    let mut pairs: HashMap<(&Call, &Target), usize> = HashMap::new();
    for operation in operations {
        let next = calls.len();
        calls.entry(&operation.call).or_insert_with(|| (next, resolve(&operation.call, catalog, account)));
        if selection.takes(operation) {
            let next = pairs.len();
            pairs.entry((&operation.call, &operation.target)).or_insert(next);
        }
    }
    let mut ordered: Vec<(&(&Call, &Target), &usize)> = pairs.iter().collect();
    ordered.sort_by_key(|(_, index)| **index);
    let decided: Vec<Decided> = parallel::map(&ordered, MANY, |((call, target), _)| match calls.get(call) {
        Some((_, Ok(resolved))) => deployers.iter().map(|deployer| not_allowed(resolved, target, deployer)).collect(),
        _ => Vec::new(),
    });
    let confined = Confinement::all(deployers, selection);
    let mut assessed = Assessed::default();
    let mut needed = Needed::new(deployers.len());
    for (index, operation) in operations.iter().enumerate() {
        let Some((call, resolution)) = calls.get(&operation.call) else { continue };
        let by: Vec<bool> = confined.iter().map(|confinement| confinement.deploys(operation)).collect();
        needed.note(*call, resolution.is_ok(), &by);
        if !selection.takes(operation) {
            continue;
        }
        assessed.operations += 1;
        if let Err(why) = resolution {
            assessed.unchecked.push((index, why.clone()));
            continue;
        }
        let pair = pairs.get(&(&operation.call, &operation.target)).and_then(|pair| decided.get(*pair));
        assessed.take(index, operation, pair.map_or(&[], Vec::as_slice), &confined, &by);
    }
    note_unread(&mut needed, manifests, &confined);
    assessed.needs = needed.into_needs(calls.into_values());
    assessed
}

/// Notes what the manifests hold beside operations: nobody knows what that needs.
fn note_unread(needed: &mut Needed, manifests: &Extract, confined: &[Confinement<'_>]) {
    let unknown = manifests.unknown.iter().map(|unknown| &unknown.cause.place);
    for place in unknown.chain(manifests.problems.iter().map(|problem| &problem.place)) {
        let by: Vec<bool> = confined.iter().map(|confinement| confinement.deploys_at(place.file.path())).collect();
        needed.note_unread(&by);
    }
}

/// What is not allowed of one call at one target, for each principal.
type Decided = Vec<Vec<NotAllowed>>;

/// A need that is not certainly met.
struct NotAllowed {
    api: Option<Arc<str>>,
    need: Need,
    verdict: Arc<Verdict>,
    open: Option<Arc<str>>,
}

fn not_allowed(resolved: &Resolved, target: &Target, deployer: &Deployer) -> Vec<NotAllowed> {
    let mut found = Vec::new();
    for need in &resolved.needs {
        let (verdict, own) = decide_need(need, target, &deployer.principal);
        if verdict.decision != Decision::Allowed {
            let open = own.as_deref().or(resolved.open()).map(Arc::from);
            let (api, need) = (resolved.api.clone(), need.clone());
            found.push(NotAllowed { api, need, verdict: Arc::new(verdict), open });
        }
    }
    found
}

impl Assessed {
    /// Takes what was decided for an operation, for each principal that deploys it.
    fn take(
        &mut self,
        index: usize,
        operation: &Operation,
        decided: &[Vec<NotAllowed>],
        confined: &[Confinement<'_>],
        by: &[bool],
    ) {
        let open: Option<Arc<str>> = operation.open.as_deref().map(Arc::from);
        let mut is_checked = false;
        for (principal, ((confinement, deploys), found)) in confined.iter().zip(by).zip(decided).enumerate() {
            if !*deploys || !confinement.is_selected() {
                continue;
            }
            is_checked = true;
            self.assessments.extend(found.iter().map(|found| Assessment {
                operation: index,
                principal,
                api: found.api.clone(),
                need: found.need.clone(),
                verdict: Arc::clone(&found.verdict),
                open: open.clone().or_else(|| found.open.clone()),
            }));
        }
        self.checked += usize::from(is_checked);
        if !by.contains(&true) {
            let is_for_some = confined.iter().any(|confinement| confinement.has_manifest_of(operation));
            let why = if is_for_some { Undeployed::Phase } else { Undeployed::Manifest };
            self.undeployed.push((index, why));
        }
    }
}

fn decide_need(need: &Need, target: &Target, principal: &Principal) -> (Verdict, Option<String>) {
    let action =
        |requirement: &Requirement| (decide(Request { requirement, target }, principal), requirement.open.clone());
    let role = |requirement: &RoleRequirement| (decide_role(requirement, target, principal), requirement.open.clone());
    match need {
        Need::Action(requirement) => action(requirement),
        Need::Role(requirement) => role(requirement),
    }
}
