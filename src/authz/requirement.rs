//! What an API needs of the identity that calls it, as the table says and the account settles.

use super::{Occurs, Truth};
use crate::catalog::{Api, Catalog, Dependency, Reach, Scopes};

/// What the configuration says of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Account {
    /// The account has enabled enterprise projects; `None` where that is not said.
    pub enterprise_projects: Option<bool>,
}

/// Why an action is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The API refuses without it.
    Needed,
    /// The API works only in part without it.
    Dependency,
}

/// One action that a call needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The action as reports name it, in the table's casing; may be a pattern for a dependency.
    pub action: String,
    /// The names by which roles and policies (1.x) grant it; one is enough. Empty where the table knows none.
    pub names_1: Vec<String>,
    /// The names by which identity policies (5.0) grant it; all are needed. Empty where the table knows none.
    pub names_5: Vec<String>,
    /// Names of the older engine that the newer one takes for the action too.
    pub aliases: Vec<String>,
    /// Needed, or a dependency.
    pub kind: Kind,
    /// What is open about the need itself; `None` where it is certain.
    pub open: Option<String>,
    /// Which scopes of grants the API honours for it.
    pub supports: Scopes,
    /// Whether the action's service is global.
    pub reach: Reach,
}

impl Requirement {
    /// The service of the action.
    pub fn service(&self) -> &str {
        service_of(&self.action)
    }
}

/// What a call of `api` needs.
pub fn of_api(api: &Api<'_>, account: Account, catalog: &Catalog) -> Vec<Requirement> {
    let mut requirements = needed(api, account, catalog);
    for dependency in &api.depends {
        if requirements.iter().any(|other| same(&other.action, dependency.action)) {
            continue;
        }
        if let Some(requirement) = dependent(dependency, api, account, catalog) {
            requirements.push(requirement);
        }
    }
    requirements
}

/// A need of one action that is named directly.
pub fn of_action(action: &str, catalog: &Catalog) -> Requirement {
    Requirement {
        action: action.to_owned(),
        names_1: vec![action.to_owned()],
        names_5: vec![action.to_owned()],
        aliases: Vec::new(),
        kind: Kind::Needed,
        open: None,
        supports: catalog.action_scopes(action),
        reach: reach(action, catalog),
    }
}

fn needed(api: &Api<'_>, account: Account, catalog: &Catalog) -> Vec<Requirement> {
    let by_identity = api.actions.is_empty();
    let needs = if by_identity { &api.identity } else { &api.actions };
    let mut requirements = Vec::new();
    for need in needs {
        let arises = arises(need.when, account, catalog);
        if arises == Occurs::Never {
            continue;
        }
        let (names_1, names_5) = if by_identity {
            (owned(&api.identity_aliases), vec![need.action.to_owned()])
        } else {
            (vec![need.action.to_owned()], identity_names(need.action, api))
        };
        requirements.push(Requirement {
            action: need.action.to_owned(),
            names_1,
            names_5,
            aliases: owned(&api.identity_aliases),
            kind: Kind::Needed,
            open: arises.open(),
            supports: api.scopes,
            reach: reach(need.action, catalog),
        });
    }
    requirements
}

/// The 5.0 names of a 1.1 action: those spelt alike, else all that the API needs.
fn identity_names(action: &str, api: &Api<'_>) -> Vec<String> {
    let alike: Vec<_> = api.identity.iter().map(|need| need.action).filter(|name| same(name, action)).collect();
    if api.actions.len() > 1 && !alike.is_empty() {
        return owned(&alike);
    }
    api.identity.iter().map(|need| need.action.to_owned()).collect()
}

fn dependent(dependency: &Dependency<'_>, api: &Api<'_>, account: Account, catalog: &Catalog) -> Option<Requirement> {
    let on = dependency.on.and_then(|on| api.actions.iter().find(|need| same(need.action, on)));
    let arises = arises(on.and_then(|on| on.when), account, catalog).and(arises(dependency.when, account, catalog));
    if arises == Occurs::Never {
        return None;
    }
    Some(Requirement {
        action: dependency.action.to_owned(),
        names_1: vec![dependency.action.to_owned()],
        names_5: Vec::new(),
        aliases: Vec::new(),
        kind: Kind::Dependency,
        open: arises.open(),
        supports: catalog.action_scopes(dependency.action),
        reach: reach(dependency.action, catalog),
    })
}

/// Whether a need that the table has for some requests arises for this one.
fn arises(when: Option<&str>, account: Account, catalog: &Catalog) -> Occurs {
    let Some(code) = when else { return Occurs::Surely };
    match condition(code, account) {
        Truth::Yes => Occurs::Surely,
        Truth::No => Occurs::Never,
        Truth::Unknown => Occurs::Perhaps(catalog.when_meaning(code).unwrap_or(code).to_owned()),
    }
}

/// The one condition that the configuration can settle; every other one depends on the request.
fn condition(code: &str, account: Account) -> Truth {
    match (code, account.enterprise_projects) {
        ("enterprise-project-enabled", Some(enabled)) => Truth::of(enabled),
        ("migrating-enterprise-project", Some(false)) => Truth::No,
        _ => Truth::Unknown,
    }
}

fn reach(action: &str, catalog: &Catalog) -> Reach {
    catalog.service(service_of(action)).map_or(Reach::Unknown, |service| service.reach)
}

fn service_of(action: &str) -> &str {
    action.split(':').next().unwrap_or(action)
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
