//! Deciding every operation for every principal that deploys it.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::needs::{Needed, Resolved};
use super::{Assessed, Assessment, Deployer, Need, Unchecked, Undeployed};
use crate::authz::{
    Account, Decision, Principal, Request, Requirement, RoleRequirement, Target, Verdict, decide, decide_role,
    of_action, of_api, roles_of_api,
};
use crate::catalog::{Api, ApiMatch, Catalog, Phase};
use crate::manifest::{Call, Extract, Operation};
use crate::nearest::nearest;
use crate::parallel;

/// The service that has users, groups, agencies and their grants.
const IDENTITIES: &str = "iam";

/// So many calls are worth a thread.
const MANY: usize = 64;

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
    let is_selected = |operation: &Operation| operation.phase.is_none_or(|phase| selection.phases.contains(&phase));
    let mut calls: HashMap<&Call, Resolution> = HashMap::new();
    let mut pairs: HashMap<(&Call, &Target), usize> = HashMap::new();
    for operation in operations {
        let next = calls.len();
        calls.entry(&operation.call).or_insert_with(|| (next, resolve(&operation.call, catalog, account)));
        if is_selected(operation) {
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
    let names: HashSet<&str> = deployers.iter().map(|deployer| deployer.principal.name.as_str()).collect();
    let confinement = |deployer| Confinement { deployer, names: &names, selection };
    let confined: Vec<Confinement<'_>> = deployers.iter().map(confinement).collect();
    let mut assessed = Assessed::default();
    let mut needed = Needed::new(deployers.len());
    for (index, operation) in operations.iter().enumerate() {
        let Some((call, resolution)) = calls.get(&operation.call) else { continue };
        let by: Vec<bool> = confined.iter().map(|confinement| confinement.deploys(operation)).collect();
        needed.note(*call, resolution.is_ok(), &by);
        if !is_selected(operation) {
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

/// An action of a service that the table holds, and that it does not know.
fn unknown_action(action: &str, catalog: &Catalog) -> Option<Unchecked> {
    let service = action.split(':').next().unwrap_or(action);
    if catalog.has_action(action) || !catalog.has_table(service) {
        return None;
    }
    let known = catalog.actions(service);
    if known.iter().any(|known| known.eq_ignore_ascii_case(action)) {
        return None;
    }
    Some(Unchecked::UnknownAction(nearest(action, known).map(str::to_owned)))
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
    let ambiguous =
        resolved.is_ambiguous.then_some("several services document this API, and nothing says which one is meant");
    let mut found = Vec::new();
    for need in &resolved.needs {
        let (verdict, own) = decide_need(need, target, &deployer.principal);
        if verdict.decision != Decision::Allowed {
            let open = own.as_deref().or(ambiguous).map(Arc::from);
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

/// It makes or changes users, groups, agencies or their grants.
fn is_about_identities(operation: &Operation) -> bool {
    matches!(&operation.call, Call::Api { service: Some(service), .. } if service == IDENTITIES)
}

/// A principal with what confines it.
struct Confinement<'a> {
    deployer: &'a Deployer,
    /// The names of all principals.
    names: &'a HashSet<&'a str>,
    selection: &'a Selection<'a>,
}

impl Confinement<'_> {
    /// The run is about the principal.
    fn is_selected(&self) -> bool {
        self.selection.principals.is_empty() || self.selection.principals.contains(&self.deployer.principal.name)
    }

    /// The principal deploys the operation's manifest, and in its phase.
    fn deploys(&self, operation: &Operation) -> bool {
        let phases = self.deployer.phases.as_ref();
        let in_its_phase = |phase| phases.is_none_or(|phases| phases.contains(&phase));
        operation.phase.is_none_or(in_its_phase) && self.has_manifest_of(operation)
    }

    /// The principal deploys the operation's manifest.
    fn has_manifest_of(&self, operation: &Operation) -> bool {
        if let Some((wanted, _)) = &operation.principal {
            return *wanted == self.deployer.principal.name;
        }
        if self.deployer.is_held && is_about_identities(operation) {
            return false;
        }
        if let Some((agency, _)) = operation.agency.as_ref().filter(|(agency, _)| self.names.contains(agency.as_str()))
        {
            return *agency == self.deployer.principal.name;
        }
        self.deploys_at(operation.cause.place.file.path())
    }

    /// The principal deploys the manifest of a path.
    fn deploys_at(&self, path: &str) -> bool {
        self.deployer.deploys.as_ref().is_none_or(|globs| {
            let path = self.selection.working_directory.join(path);
            globs.is_match(path.strip_prefix(self.selection.root).unwrap_or(&path))
        })
    }
}

fn resolve(call: &Call, catalog: &Catalog, account: Account) -> Result<Resolved, Unchecked> {
    let (service, key, cases) = match call {
        Call::Action(action) => {
            if let Some(why) = unknown_action(action, catalog) {
                return Err(why);
            }
            let needs = vec![Need::Action(Arc::new(of_action(action, catalog)))];
            return Ok(Resolved { api: None, needs, is_ambiguous: false });
        }
        Call::Api { service, key, cases } => (service, key, cases),
    };
    let apis = match catalog.find(service.as_deref(), key) {
        ApiMatch::Unknown => return Err(Unchecked::NoRow),
        ApiMatch::One(api) => vec![api],
        ApiMatch::Several(apis) => apis,
    };
    if apis.iter().all(|api| api.actions.is_empty() && api.identity.is_empty() && api.roles.is_empty()) {
        return Err(Unchecked::NoAction);
    }
    // The name of the operation says which of one API's actions it needs.
    let apis = match <[Api<'_>; 1]>::try_from(apis) {
        Ok([api]) => vec![api.settled(cases)],
        Err(apis) => apis,
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

fn decide_need(need: &Need, target: &Target, principal: &Principal) -> (Verdict, Option<String>) {
    let action =
        |requirement: &Requirement| (decide(Request { requirement, target }, principal), requirement.open.clone());
    let role = |requirement: &RoleRequirement| (decide_role(requirement, target, principal), requirement.open.clone());
    match need {
        Need::Action(requirement) => action(requirement),
        Need::Role(requirement) => role(requirement),
    }
}
