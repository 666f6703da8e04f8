//! Deciding every operation for every principal that deploys it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use fnv::{FnvBuildHasher, FnvHashMap};

use super::confine::{Confinement, Selection, why_undeployed};
use super::needs::Needed;
use super::resolve::{Resolved, resolve};
use super::{Assessed, Assessment, Decided, Deployer, Need};
use crate::authz::{
    Account, Decision, Principal, Request, Requirement, RoleRequirement, Target, Verdict, decide, decide_role,
};
use crate::catalog::Catalog;
use crate::manifest::{Call, Cause, Extract, Operation};
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
    let resolved = parallel::map(&pairs.calls.items, MANY, |call| resolve(call, catalog, account));
    let decided: Vec<NotAllowed> = parallel::map(&pairs.wanted, MANY, |(call, target)| {
        let (resolved, target) = (resolved.get(*call), pairs.targets.items.get(*target));
        match (resolved, target) {
            (Some(Ok(resolved)), Some(target)) => {
                deployers.iter().map(|deployer| not_allowed(resolved, target, deployer)).collect()
            }
            _ => Vec::new(),
        }
    });
    let confined = Confinement::all(deployers, selection);
    let mut assessed = Assessed::default();
    assessed.assessments.reserve(operations.len());
    let mut needed = Needed::new(deployers.len());
    let mut by = Vec::new();
    let numbers = pairs.causes.of_operation.iter().zip(&pairs.calls.of_operation).zip(&pairs.of_operation);
    for (index, (operation, ((cause, call), pair))) in operations.iter().zip(numbers).enumerate() {
        let Some(resolution) = resolved.get(*call) else { continue };
        by.clear();
        by.extend(confined.iter().map(|confinement| confinement.deploys(operation)));
        needed.note(*call, resolution.is_ok(), &by);
        if !selection.takes(operation) {
            continue;
        }
        assessed.operations += 1;
        if let Err(why) = resolution {
            assessed.unchecked.push((index, why.clone()));
            continue;
        }
        let decided = pair.and_then(|pair| decided.get(pair));
        assessed.take((index, *cause), operation, decided.map_or(&[], Vec::as_slice), &confined, &by);
    }
    note_unread(&mut needed, manifests, &confined);
    assessed.needs = needed.into_needs(resolved.into_iter().enumerate());
    assessed
}

/// What the operations of a run consist of by number, and the pairs of a call and a target that are to be decided.
struct Pairs<'o> {
    causes: Numbered<'o, Cause>,
    calls: Numbered<'o, Call>,
    targets: Numbered<'o, Target>,
    /// The pairs, each once.
    wanted: Vec<(usize, usize)>,
    /// The pair of each operation; none where the operation is no part of the run.
    of_operation: Vec<Option<usize>>,
}

impl<'o> Pairs<'o> {
    fn of(operations: &'o [Operation], selection: &Selection<'_>) -> Self {
        let many = operations.len() >= MANY;
        let ((causes, calls), targets) = parallel::join(
            many,
            || (Numbered::of(operations, |one| &one.cause), Numbered::of(operations, |one| &one.call)),
            || Numbered::of(operations, |one| &one.target),
        );
        let mut known = FnvHashMap::with_capacity_and_hasher(operations.len(), FnvBuildHasher::default());
        let mut wanted = Vec::with_capacity(operations.len());
        let pairs = calls.of_operation.iter().copied().zip(targets.of_operation.iter().copied());
        let of_operation = operations.iter().zip(pairs).map(|(operation, pair)| {
            selection.takes(operation).then(|| {
                *known.entry(pair).or_insert_with(|| {
                    wanted.push(pair);
                    wanted.len() - 1
                })
            })
        });
        let of_operation = of_operation.collect();
        Self { causes, calls, targets, wanted, of_operation }
    }
}

/// One part of each operation by number: what is the same has the same number.
struct Numbered<'o, T> {
    items: Vec<&'o T>,
    of_operation: Vec<usize>,
}

impl<'o, T: Eq + Hash> Numbered<'o, T> {
    fn of(operations: &'o [Operation], part: fn(&'o Operation) -> &'o Arc<T>) -> Self {
        let mut items = Vec::new();
        let mut by_content: HashMap<&T, usize> = HashMap::new();
        // Operations share most of what they have.
        let mut by_address: FnvHashMap<*const T, usize> = FnvHashMap::default();
        let mut number = |item: &'o Arc<T>| {
            *by_address.entry(Arc::as_ptr(item)).or_insert_with(|| {
                *by_content.entry(item).or_insert_with(|| {
                    items.push(&**item);
                    items.len() - 1
                })
            })
        };
        let of_operation = operations.iter().map(|operation| number(part(operation))).collect();
        Self { items, of_operation }
    }
}

/// Notes what the manifests hold beside operations: nobody knows what that needs.
fn note_unread(needed: &mut Needed, manifests: &Extract, confined: &[Confinement<'_>]) {
    let unknown = manifests.unknown.iter().map(|unknown| &unknown.cause.place);
    for place in unknown.chain(manifests.problems.iter().map(|problem| &problem.place)) {
        let by: Vec<bool> = confined.iter().map(|confinement| confinement.deploys_at(&place.file)).collect();
        needed.note_unread(&by);
    }
}

/// What is not allowed of one call at one target, for each principal.
type NotAllowed = Vec<Arc<[Decided]>>;

fn not_allowed(resolved: &Resolved, target: &Target, deployer: &Deployer) -> Arc<[Decided]> {
    let mut found = Vec::new();
    for need in &resolved.needs {
        let (verdict, own) = decide_need(need, target, &deployer.principal);
        if verdict.decision != Decision::Allowed {
            let open = own.or_else(|| resolved.open().map(Arc::from));
            let (api, need) = (resolved.api.clone(), need.clone());
            found.push(Decided { api, need, verdict, open });
        }
    }
    found.into()
}

impl Assessed {
    /// Takes what was decided for an operation, for each principal that deploys it.
    fn take(
        &mut self,
        (index, cause): (usize, usize),
        operation: &Operation,
        decided: &[Arc<[Decided]>],
        confined: &[Confinement<'_>],
        by: &[bool],
    ) {
        let mut is_checked = false;
        for (principal, ((confinement, deploys), found)) in confined.iter().zip(by).zip(decided).enumerate() {
            if !*deploys || !confinement.is_selected() {
                continue;
            }
            is_checked = true;
            if !found.is_empty() {
                self.assessments.push(Assessment { operation: index, cause, principal, decided: Arc::clone(found) });
            }
        }
        self.checked += usize::from(is_checked);
        if !by.contains(&true) {
            self.undeployed.push((index, why_undeployed(operation, confined)));
        }
    }
}

fn decide_need(need: &Need, target: &Target, principal: &Principal) -> (Verdict, Option<Arc<str>>) {
    let action =
        |requirement: &Requirement| (decide(Request { requirement, target }, principal), requirement.open.clone());
    let role = |requirement: &RoleRequirement| (decide_role(requirement, target, principal), requirement.open.clone());
    match need {
        Need::Action(requirement) => action(requirement),
        Need::Role(requirement) => role(requirement),
    }
}
