//! Deciding every operation for every principal that deploys it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use super::confine::{Confinement, Selection, why_undeployed};
use super::needs::Needed;
use super::resolve::{Resolved, resolve};
use super::{Assessed, Assessment, Deployer, Need};
use crate::authz::{
    Account, Decision, Principal, Request, Requirement, RoleRequirement, Target, Verdict, decide, decide_role,
};
use crate::catalog::Catalog;
use crate::manifest::{Call, Extract, Operation};
use crate::parallel;

/// So many calls are worth a thread.
const MANY: usize = 64;

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
    let pairs = Pairs::of(operations, selection);
    let resolved = parallel::map(&pairs.calls, MANY, |call| resolve(call, catalog, account));
    let decided: Vec<Decided> = parallel::map(&pairs.wanted, MANY, |(call, target)| {
        let (resolved, target) = (resolved.get(*call), pairs.targets.get(*target));
        match (resolved, target) {
            (Some(Ok(resolved)), Some(target)) => {
                deployers.iter().map(|deployer| not_allowed(resolved, target, deployer)).collect()
            }
            _ => Vec::new(),
        }
    });
    let confined = Confinement::all(deployers, selection);
    let mut assessed = Assessed::default();
    let mut needed = Needed::new(deployers.len());
    for (index, (operation, (call, pair))) in operations.iter().zip(&pairs.of_operation).enumerate() {
        let Some(resolution) = resolved.get(*call) else { continue };
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
        let pair = pair.and_then(|pair| decided.get(pair));
        assessed.take(index, operation, pair.map_or(&[], Vec::as_slice), &confined, &by);
    }
    note_unread(&mut needed, manifests, &confined);
    assessed.needs = needed.into_needs(resolved.into_iter().enumerate());
    assessed
}

/// The calls and targets of a run by number, and the pairs of them that are to be decided.
#[derive(Default)]
struct Pairs<'o> {
    calls: Vec<&'o Call>,
    targets: Vec<&'o Target>,
    wanted: Vec<(usize, usize)>,
    /// For each operation its call and, where it is part of the run, its pair.
    of_operation: Vec<(usize, Option<usize>)>,
}

impl<'o> Pairs<'o> {
    fn of(operations: &'o [Operation], selection: &Selection<'_>) -> Self {
        let mut pairs = Self::default();
        let (mut calls, mut targets, mut wanted) = (HashMap::new(), HashMap::new(), HashMap::new());
        // The operations of one resource share their targets.
        let mut shared: HashMap<*const Target, usize> = HashMap::new();
        for operation in operations {
            let call = number(&operation.call, &mut calls, &mut pairs.calls);
            let pair = selection.takes(operation).then(|| {
                let at = Arc::as_ptr(&operation.target);
                let target =
                    shared.entry(at).or_insert_with(|| number(&*operation.target, &mut targets, &mut pairs.targets));
                number((call, *target), &mut wanted, &mut pairs.wanted)
            });
            pairs.of_operation.push((call, pair));
        }
        pairs
    }
}

/// The number of an item: that of the same one before, or the next.
fn number<T: Copy + Eq + Hash>(item: T, known: &mut HashMap<T, usize>, items: &mut Vec<T>) -> usize {
    *known.entry(item).or_insert_with(|| {
        items.push(item);
        items.len() - 1
    })
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
            self.undeployed.push((index, why_undeployed(operation, confined)));
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
