//! What mends a missing grant: its actions, added to the only policy of the principal.

use std::sync::Arc;

use crate::authz::{Decision, Grant, PolicySource, Principal, Request, Requirement, decide};
use crate::catalog::Reach;
use crate::fix::{self, Edit, Fix};
use crate::lint::grants::Group;
use crate::lint::mixed_scope_policy::gets_mixed;
use crate::policy::{Actions, Effect, Kind, Located, Policy, Principals, Resources, Statement};
use crate::project::Project;
use crate::severity::Certainty;
use crate::source::{SourceFile, Span};

/// Adds the actions of a group where all of them are certainly needed, are allowed then, and give nobody else a right
/// nor the principal a way to more rights.
pub(super) fn addition(group: &Group<'_>, project: &Project<'_>) -> Option<Fix> {
    let policy = only_policy(group.principal)?;
    let file = fix::own_file(policy)?;
    let requirements = group.requirements();
    let needs_role = group.members.iter().any(|member| member.requirement().is_none());
    if group.certainty != Certainty::Certain || needs_role || is_shared(policy, project) {
        return None;
    }
    let names = names(&requirements, group.is_identity())?;
    // A person has to decide whether somebody gets a way to more rights.
    if names.iter().any(|name| project.catalog.leads_to_rights(name)) || !is_enough(group, policy, &names) {
        return None;
    }
    let added: Vec<Located<String>> = names.iter().map(located).collect();
    if gets_mixed(&policy.policy, &added, project.catalog) {
        return None;
    }
    let edits = edits(file, &policy.policy, &names)?;
    Some(Fix::new(format!("add {} to {}", group.named_actions(), file.path()), file, edits))
}

/// The policy that a principal holds, where it holds one only.
fn only_policy(principal: &Principal) -> Option<&Arc<PolicySource>> {
    let first = &principal.grants.first()?.policy;
    let is_only = principal.grants.iter().all(|grant| Arc::ptr_eq(&grant.policy, first));
    (is_only && matches!(first.policy.kind, Kind::Policy | Kind::Identity)).then_some(first)
}

/// Another principal or agency holds the policy too.
fn is_shared(policy: &Arc<PolicySource>, project: &Project<'_>) -> bool {
    let deployers = project.deployers.iter().map(|deployer| &deployer.principal);
    let agencies = project.agencies.iter().map(|agency| &agency.principal);
    let holds = |principal: &&Principal| principal.grants.iter().any(|grant| Arc::ptr_eq(&grant.policy, policy));
    let mut names: Vec<&str> = deployers.chain(agencies).filter(holds).map(|holder| holder.name.as_str()).collect();
    names.dedup();
    names.len() > 1
}

/// The actions as the policy names them, sorted, each once; none where one has no name there, or where they cannot stand
/// in one policy.
fn names<'r>(requirements: &[&'r Requirement], is_identity: bool) -> Option<Vec<&'r str>> {
    let global = requirements.iter().filter(|requirement| requirement.reach == Reach::Global).count();
    if requirements.iter().any(|requirement| requirement.names(is_identity).is_empty())
        || (!is_identity && 0 < global && global < requirements.len())
    {
        return None;
    }
    let mut names: Vec<&str> = requirements.iter().flat_map(|requirement| requirement.names(is_identity)).collect();
    names.sort_unstable();
    names.dedup();
    Some(names)
}

/// Everything that the group lacks is allowed once the policy allows the actions too, in the scopes that it is granted
/// for.
fn is_enough(group: &Group<'_>, policy: &Arc<PolicySource>, names: &[&str]) -> bool {
    let addition = Arc::new(PolicySource::new("", None, allowing(&policy.policy, names)));
    let mut principal = group.principal.clone();
    let added: Vec<Grant> =
        principal.grants.iter().map(|grant| Grant { policy: Arc::clone(&addition), ..grant.clone() }).collect();
    principal.grants.extend(added);
    group.members.iter().all(|member| {
        let request = |requirement| Request { requirement, target: &member.operation.target };
        let decision = member.requirement().map(|requirement| decide(request(requirement), &principal).decision);
        decision == Some(Decision::Allowed)
    })
}

/// A policy of the same kind that allows actions, and nothing else.
fn allowing(policy: &Policy, names: &[&str]) -> Policy {
    let statement = Statement {
        span: Span::default(),
        effect: Effect::Allow,
        principals: Principals::None,
        actions: Actions::Matching(names.iter().map(located).collect()),
        resources: Resources::All,
        conditions: Vec::new(),
    };
    Policy { statements: vec![statement], depends: Vec::new(), ..policy.clone() }
}

fn located(name: &&str) -> Located<String> {
    Located { value: (*name).to_owned(), span: Span::default() }
}

/// The actions as items of a statement that allows what is of their service, or else anything; without one, in a statement
/// of their own.
fn edits(file: &SourceFile, policy: &Policy, names: &[&str]) -> Option<Vec<Edit>> {
    let service = |action: &str| action.split(':').next().unwrap_or(action).to_lowercase();
    let services: Vec<String> = names.iter().map(|name| service(name)).collect();
    let is_alike = |items: &&[Located<String>]| items.iter().any(|item| services.contains(&service(&item.value)));
    let lists: Vec<&[Located<String>]> =
        policy.statements.iter().filter_map(|statement| open_list(statement, policy)).collect();
    let chosen = lists.iter().copied().find(|items| is_alike(items)).or(lists.first().copied());
    let appended = chosen.and_then(|items| fix::appended(file, items.last()?, names));
    appended.or_else(|| Some(vec![fix::added(file, policy.statements.last()?.span, names)?]))
}

/// The actions of a statement that allows them for everything and without a condition, where no other statement shares
/// the list.
fn open_list<'p>(statement: &'p Statement, policy: &Policy) -> Option<&'p [Located<String>]> {
    let Actions::Matching(items) = &statement.actions else { return None };
    let is_for_all = match &statement.resources {
        Resources::All => true,
        Resources::Matching(patterns) => patterns.iter().any(|pattern| pattern.value == "*"),
        Resources::Except(_) | Resources::Agencies(_) => false,
    };
    let last = items.last()?.span;
    let is_own = statement.span.start <= last.start && last.end <= statement.span.end;
    let has_it = |other: &&Statement| other.actions.patterns().iter().any(|item| item.span == last);
    let is_sole = policy.statements.iter().filter(has_it).count() == 1;
    let is_plain = statement.effect == Effect::Allow && statement.conditions.is_empty();
    (is_plain && is_for_all && is_own && is_sole && statement.principals == Principals::None).then_some(items)
}
