//! From operations with their needs to a list of actions with their uses.

use std::collections::{BTreeMap, BTreeSet};

use super::more_rights::more_rights;
use super::{Action, Grammar, Required, Role, Summary, Unknown, Unreadable, Use};
use crate::authz::{Kind, Requirement, RoleRequirement};
use crate::catalog::{Catalog, Phase, Scopes};
use crate::explain::{Names, Purpose, Wanted};
use crate::lint::Reason;
use crate::manifest::{Operation, Problem, UnknownCause};
use crate::project::{Need, Resolved, Share};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The principal; none: everything that the manifests cause.
    pub principal: Option<&'a str>,
    /// Only what certainly is needed.
    pub certain_only: bool,
}

/// Collects what a share of the manifests needs, which has the operations of some phases.
pub fn require(share: &Share<'_>, wish: Wish<'_>, phases: &[Phase], catalog: &Catalog) -> Required {
    let mut collected = Collected::new(catalog, wish.certain_only);
    let mut unchecked: BTreeSet<Unknown> = share.unknown.iter().map(|unknown| unknown_cause(unknown)).collect();
    let mut open_operations = 0;
    for (operation, needs) in &share.operations {
        match needs {
            Ok(resolved) => collected.operation(operation, resolved),
            Err(why) => {
                open_operations += 1;
                unchecked.insert(undecided(operation, why.into()));
            }
        }
    }
    let actions = collected.actions();
    let of = |purpose| actions.iter().filter(|action| action.purpose == purpose).count();
    let unreadable: BTreeSet<Unreadable> = share.problems.iter().map(|problem| unreadable(problem)).collect();
    let operations = share.operations.len() + share.unknown.len();
    let unknown = open_operations + share.unknown.len();
    Required {
        principal: wish.principal.map(str::to_owned),
        phases: phases.iter().map(|phase| phase.as_str()).collect(),
        summary: Summary {
            operations,
            checked: operations - unknown,
            unchecked: unknown,
            unreadable: unreadable.len(),
            needed: of(Purpose::Needed),
            sometimes: of(Purpose::Sometimes),
            dependencies: of(Purpose::Dependency),
        },
        more_rights: more_rights(&actions, catalog),
        actions,
        roles: collected.roles(),
        unchecked: unchecked.into_iter().collect(),
        unreadable: unreadable.into_iter().collect(),
    }
}

fn unknown_cause(unknown: &UnknownCause) -> Unknown {
    Unknown {
        location: unknown.cause.place.location(),
        resource: unknown.cause.resource.clone(),
        reason: unknown.kind.into(),
        name: unknown.name.clone(),
    }
}

fn undecided(operation: &Operation, reason: Reason) -> Unknown {
    let (resource, location) = (operation.cause.resource.clone(), operation.cause.place.location());
    Unknown { location, resource, reason, name: operation.call.to_string() }
}

fn unreadable(problem: &Problem) -> Unreadable {
    Unreadable { location: problem.place.location(), message: problem.message.clone() }
}

/// An action with what was found of it.
struct Found {
    wanted: Wanted,
    service: String,
    reach: &'static str,
    unnamed: BTreeSet<Grammar>,
    uses: BTreeSet<Use>,
}

/// What was found so far.
struct Collected<'c> {
    catalog: &'c Catalog,
    certain_only: bool,
    /// By action in lower case.
    actions: BTreeMap<String, Found>,
    roles: BTreeMap<Vec<String>, BTreeSet<Use>>,
    /// Requirements whose names are known already: many operations make the same call.
    seen: BTreeSet<*const Requirement>,
}

impl<'c> Collected<'c> {
    fn new(catalog: &'c Catalog, certain_only: bool) -> Self {
        let (actions, roles, seen) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { catalog, certain_only, actions, roles, seen }
    }

    fn operation(&mut self, operation: &Operation, resolved: &Resolved) {
        let open = operation.open.as_deref().or(resolved.open());
        for need in &resolved.needs {
            match need {
                Need::Action(requirement) => {
                    let open = open.or(requirement.open.as_deref());
                    let used = used(operation, resolved, requirement.supports, open);
                    self.action(requirement, used);
                }
                Need::Role(role) => {
                    let open = open.or(role.open.as_deref());
                    self.role(role, used(operation, resolved, Scopes::default(), open));
                }
            }
        }
    }

    fn action(&mut self, requirement: &Requirement, mut used: Use) {
        if requirement.kind == Kind::Dependency {
            used.purpose = Purpose::Dependency;
        }
        if !self.takes(&used) {
            return;
        }
        let key = requirement.action.to_ascii_lowercase();
        if self.seen.insert(std::ptr::from_ref(requirement)) {
            let wanted = Wanted::of(requirement.clone(), self.catalog);
            let found = self.actions.entry(key.clone()).or_insert_with(|| Found {
                wanted: wanted.clone(),
                service: requirement.service().to_owned(),
                reach: requirement.reach.as_str(),
                unnamed: BTreeSet::new(),
                uses: BTreeSet::new(),
            });
            let names = [(Grammar::Policy, &wanted.v1), (Grammar::Identity, &wanted.v5)];
            found.unnamed.extend(names.into_iter().filter(|(_, names)| names.is_empty()).map(|(grammar, _)| grammar));
            join(&mut found.wanted.v1, wanted.v1);
            join(&mut found.wanted.v5, wanted.v5);
        }
        if let Some(found) = self.actions.get_mut(&key) {
            found.uses.insert(used);
        }
    }

    fn role(&mut self, role: &RoleRequirement, used: Use) {
        if self.takes(&used) {
            let names = role.any.iter().map(|role| role.name.clone()).collect();
            self.roles.entry(names).or_default().insert(used);
        }
    }

    fn takes(&self, used: &Use) -> bool {
        !self.certain_only || used.purpose == Purpose::Needed
    }

    fn actions(&mut self) -> Vec<Action> {
        let found = std::mem::take(&mut self.actions).into_values();
        let action = |Found { wanted, service, reach, unnamed, uses }: Found| Action {
            purpose: uses.iter().map(|used| used.purpose).min().unwrap_or(wanted.purpose),
            action: wanted.action,
            service,
            reach,
            policy: wanted.policy,
            names: Names { v1: wanted.v1, v5: wanted.v5 },
            unnamed: unnamed.into_iter().collect(),
            uses: uses.into_iter().collect(),
        };
        found.map(action).collect()
    }

    fn roles(self) -> Vec<Role> {
        let role = |(any, uses): (Vec<String>, BTreeSet<Use>)| Role { any, uses: uses.into_iter().collect() };
        self.roles.into_iter().map(role).collect()
    }
}

/// Adds the names that are not there yet.
fn join(names: &mut Vec<String>, more: Vec<String>) {
    for name in more {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            names.push(name);
        }
    }
}

/// A use of something that is needed, unless it is open.
fn used(operation: &Operation, resolved: &Resolved, supports: Scopes, open: Option<&str>) -> Use {
    Use {
        location: operation.cause.place.location(),
        resource: operation.cause.resource.clone(),
        phase: operation.phase.map(Phase::as_str),
        api: resolved.api.as_deref().map(str::to_owned),
        purpose: if open.is_some() { Purpose::Sometimes } else { Purpose::Needed },
        open: open.map(str::to_owned),
        scopes: supports.into(),
        region: operation.target.region.value().cloned(),
        enterprise_project: operation.target.enterprise_project.value().cloned(),
    }
}
