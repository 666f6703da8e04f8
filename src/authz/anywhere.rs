//! What a principal's grants allow of some actions where their holder chooses to act.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    Body, Decision, Grant, Known, Outcome, Pattern, Principal, Request, Requirement, Scope, Step, Target, decide,
    of_action,
};
use crate::catalog::Catalog;
use crate::policy::{Actions, Effect, Located};

/// So many projects and enterprise projects of grants are tried, beside all others.
pub(super) const MOST_TARGETS: usize = 8;

/// An action that the grants allow.
#[derive(Debug, Clone)]
pub struct Means<'c> {
    /// The action.
    pub action: &'c str,
    /// What is open about it; none where it is certainly allowed.
    pub open: Option<String>,
    /// The statements that allow it, each certainly or perhaps.
    pub steps: Vec<Step>,
}

/// The grants as far as they are about some actions of one kind of policy, and where they may be used.
pub struct Anywhere<'c> {
    principal: Principal,
    targets: Vec<Target>,
    requirements: BTreeMap<&'c str, Requirement>,
}

impl<'c> Anywhere<'c> {
    /// The grants of a principal, asked about these actions, as identity policies (5.0) name them or as roles and policies
    /// (1.x) do. What the other kind of policy allows does not count; a Deny of either kind does.
    pub fn new<'s>(
        is_identity: bool,
        actions: impl Iterator<Item = &'s &'c str>,
        principal: &Principal,
        catalog: &Catalog,
    ) -> Self
    where
        'c: 's,
    {
        let requirement = |action: &'c str| Requirement { knows_names_5: true, ..of_action(action, catalog) };
        let requirements: BTreeMap<&str, Requirement> = actions.map(|action| (*action, requirement(action))).collect();
        let names: BTreeSet<&str> = requirements.values().flat_map(names).collect();
        let names: Vec<Pattern> = names.into_iter().map(Pattern::new).collect();
        let grants: Vec<Grant> = principal.grants.iter().map(|grant| about(grant, &names, is_identity)).collect();
        let targets = targets(&grants);
        Self { principal: Principal { grants, ..principal.clone() }, targets, requirements }
    }

    /// Some statement may allow one of the actions.
    pub(super) fn allows_any(&self) -> bool {
        let statements = self.principal.grants.iter().flat_map(|grant| &grant.policy.policy.statements);
        statements.into_iter().any(|statement| statement.effect == Effect::Allow && !is_empty(&statement.actions))
    }

    /// Those of the actions that the grants allow.
    pub(super) fn means(&self, actions: &[&'c str]) -> Vec<Means<'c>> {
        actions.iter().filter_map(|action| self.allowed(action)).collect()
    }

    /// The action as the most willing target allows it; none where it is not allowed, or is none of those asked about.
    pub fn allowed(&self, action: &'c str) -> Option<Means<'c>> {
        let requirement = self.requirements.get(action)?;
        let verdicts = self.targets.iter().map(|target| decide(Request { requirement, target }, &self.principal));
        let verdict = verdicts.min_by_key(|verdict| verdict.decision)?;
        let open = match verdict.decision {
            Decision::Allowed => None,
            Decision::Conditional => verdict.steps.iter().find_map(|step| step.outcome.why_open()).map(str::to_owned),
            _ => return None,
        };
        let allows = |step: &Step| {
            let counts = step.outcome == Outcome::Applies || step.outcome.why_open().is_some();
            step.effect == Effect::Allow && counts
        };
        Some(Means { action, open, steps: verdict.steps.into_iter().filter(allows).collect() })
    }
}

/// All names by which a policy may be about an action.
fn names(requirement: &Requirement) -> impl Iterator<Item = &str> {
    let newer = requirement.names_5.iter();
    let newer = newer.flat_map(|name| std::iter::once(&name.name).chain(&name.aliases));
    requirement.names_1.iter().chain(newer).map(String::as_str)
}

/// A grant with those of its patterns alone that can be about one of `names`. What the other kind of policy allows is
/// left out, what it denies is not. What is not known of a policy allows nothing.
fn about(grant: &Grant, names: &[Pattern], is_identity: bool) -> Grant {
    let mut source = (*grant.policy).clone();
    source.body = Body::Whole;
    let is_other = source.policy.version.is_identity() != is_identity;
    let meets = |located: &Located<String>| {
        let pattern = Pattern::new(&located.value);
        names.iter().any(|name| pattern.meets(name))
    };
    for statement in &mut source.policy.statements {
        if is_other && statement.effect == Effect::Allow {
            statement.actions = Actions::Matching(Vec::new());
        }
        match &mut statement.actions {
            Actions::Matching(patterns) | Actions::Except(patterns) | Actions::Perhaps(patterns) => {
                patterns.retain(meets);
            }
            Actions::MatchingExcept(patterns, except) => {
                patterns.retain(meets);
                except.retain(meets);
            }
        }
    }
    Grant { policy: Arc::new(source), ..grant.clone() }
}

fn is_empty(actions: &Actions) -> bool {
    !matches!(actions, Actions::Except(_)) && actions.patterns().is_empty()
}

/// Who holds a grant for some places only acts there; a Deny for some places is evaded in another.
fn targets(grants: &[Grant]) -> Vec<Target> {
    let (mut projects, mut enterprise_projects) = (BTreeSet::from([""]), BTreeSet::from(["0"]));
    for grant in grants.iter().filter(|grant| grant.policy.policy.statements.iter().any(|own| !is_empty(&own.actions)))
    {
        match &grant.scope {
            Scope::Projects(names) => projects.extend(names.iter().map(String::as_str)),
            Scope::EnterpriseProjects(names) => enterprise_projects.extend(names.iter().map(String::as_str)),
            Scope::All | Scope::Global | Scope::Open(_) => {}
        }
    }
    let enterprise_projects: Vec<&str> = enterprise_projects.into_iter().take(MOST_TARGETS).collect();
    let at = |project: &str, enterprise_project: &str| {
        let region = Known::Unknown(String::from("it may act in any region"));
        Target::at(region, Known::Is(project.to_owned()), Known::Is(enterprise_project.to_owned()))
    };
    let projects = projects.into_iter().take(MOST_TARGETS);
    projects.flat_map(|project| enterprise_projects.iter().map(move |own| at(project, own))).collect()
}
