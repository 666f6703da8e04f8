//! Roles that an API asks for beside its actions.

use super::{Body, Decision, Grant, Occurs, Outcome, Pattern, Scope, Step, Verdict};
use crate::catalog::{Api, Catalog, RoleNeed};
use crate::policy::{Actions, Effect};

/// A role that a call needs; where several are named, one is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRequirement {
    /// Each role: its display name, and the action patterns that it stands for (none where its body is not known).
    pub any: Vec<(String, Vec<String>)>,
    /// What is open about the need itself; `None` where it is certain.
    pub open: Option<String>,
}

impl RoleRequirement {
    /// The roles as a person reads them.
    pub fn names(&self) -> String {
        self.any.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
    }
}

/// The roles that a call of `api` needs.
pub fn roles_of_api(api: &Api<'_>, catalog: &Catalog) -> Vec<RoleRequirement> {
    api.roles.iter().map(|need| role(need, catalog)).collect()
}

fn role(need: &RoleNeed<'_>, catalog: &Catalog) -> RoleRequirement {
    let stands_for = |name: &str| {
        let policy = catalog.policy(name);
        let patterns = policy.map(|policy| [policy.allow, policy.assumed].concat()).unwrap_or_default();
        patterns.into_iter().map(str::to_owned).collect()
    };
    let open =
        need.when.map_or(Occurs::Surely, |code| Occurs::Perhaps(catalog.when_meaning(code).unwrap_or(code).to_owned()));
    RoleRequirement {
        any: need.any.iter().map(|name| ((*name).to_owned(), stands_for(name))).collect(),
        open: open.open(),
    }
}

/// Decides whether one of the roles is held: by name, or by grants that stand for as much.
///
/// Roles take no effect in enterprise projects.
pub fn decide_role(requirement: &RoleRequirement, grants: &[Grant]) -> Verdict {
    let steps: Vec<Step> = grants
        .iter()
        .enumerate()
        .filter(|(_, grant)| !matches!(grant.scope, Scope::EnterpriseProjects(_)))
        .filter_map(|(index, grant)| holds(requirement, grant).map(|outcome| step(index, outcome)))
        .collect();
    let decision = if steps.iter().any(|step| step.outcome == Outcome::Applies) {
        Decision::Allowed
    } else if steps.is_empty() {
        Decision::Missing
    } else {
        Decision::Conditional
    };
    Verdict { decision, steps }
}

fn step(grant: usize, outcome: Outcome) -> Step {
    Step { grant, statement: None, effect: Effect::Allow, pattern: None, outcome }
}

fn holds(requirement: &RoleRequirement, grant: &Grant) -> Option<Outcome> {
    let by_name = requirement.any.iter().any(|(name, _)| *name == grant.policy.name);
    if by_name || requirement.any.iter().any(|(_, patterns)| covers_all(grant, patterns)) {
        return Some(Outcome::Applies);
    }
    (grant.policy.body != Body::Whole)
        .then(|| Outcome::Open(format!("the table does not hold the whole body of `{}`", grant.policy.name)))
}

fn covers_all(grant: &Grant, patterns: &[String]) -> bool {
    let granted = || {
        let statements = grant.policy.policy.statements.iter();
        statements
            .filter(|statement| statement.effect == Effect::Allow && statement.conditions.is_empty())
            .filter_map(|statement| match &statement.actions {
                Actions::Matching(patterns) => Some(patterns),
                Actions::Except(_) => None,
            })
            .flatten()
            .map(|pattern| Pattern::new(&pattern.value))
    };
    !patterns.is_empty() && patterns.iter().all(|needed| granted().any(|pattern| pattern.covers(&Pattern::new(needed))))
}
