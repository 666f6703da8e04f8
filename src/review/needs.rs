//! What a principal needs, and how each need stands.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::{FirstUse, Needed, ServiceReview, Standing};
use crate::authz::{Decision, Kind, Outcome, Pattern, Principal, RoleRequirement};
use crate::explain::Purpose;
use crate::manifest::Operation;
use crate::project::{Assessment, Decided, Need, Project, Share};

/// The assessments of each principal, by its number.
pub(super) fn lacking<'p>(project: &'p Project<'_>) -> HashMap<usize, Vec<&'p Assessment>> {
    let mut by: HashMap<usize, Vec<&Assessment>> = HashMap::new();
    for assessment in &project.assessed.assessments {
        by.entry(assessment.principal).or_default().push(assessment);
    }
    by
}

/// The service of an action, as columns name it.
pub(super) fn service_of(action: &str) -> String {
    Pattern::service_in(action).to_ascii_lowercase()
}

/// A name that is needed: of a role, or of an action.
type Key<'p> = (bool, Cow<'p, str>);

/// What is known of one name.
struct Found<'p> {
    service: String,
    purpose: Purpose,
    uses: usize,
    decisions: BTreeMap<Decision, usize>,
    worst: Option<(Standing, &'p Operation, &'p Decided)>,
}

/// The needs of a share with how they stand, by service.
pub(super) fn by_service<'p>(
    principal: &Principal,
    share: &'p Share<'p>,
    lacking: &[&'p Assessment],
    project: &'p Project<'_>,
) -> BTreeMap<String, ServiceReview> {
    let is_identity = principal.holds_identity_policies_only();
    let mut found: BTreeMap<Key<'p>, Found<'p>> = BTreeMap::new();
    for (operation, resolved) in &share.operations {
        let Ok(resolved) = resolved else { continue };
        for need in &resolved.needs {
            let is_open = operation.open.is_some() || resolved.open().is_some();
            let purpose = purpose(need, is_open);
            for key in keys(need, is_identity) {
                let own = found.entry(key).or_insert_with(|| Found {
                    service: service(need, resolved.api.as_deref()),
                    purpose,
                    uses: 0,
                    decisions: BTreeMap::new(),
                    worst: None,
                });
                own.uses += 1;
                own.purpose = own.purpose.min(purpose);
            }
        }
    }
    for assessment in lacking {
        let Some(operation) = project.operation(assessment) else { continue };
        for decided in assessment.decided.iter() {
            for key in keys(&decided.need, is_identity) {
                if let Some(own) = found.get_mut(&key) {
                    own.lacks(operation, decided);
                }
            }
        }
    }
    let mut services: BTreeMap<String, ServiceReview> = BTreeMap::new();
    for ((is_role, name), found) in found {
        let service = services.entry(found.service.clone()).or_default();
        service.needs.push(found.into_needed(is_role, name.into_owned()));
    }
    services
}

fn keys(need: &Need, is_identity: bool) -> Vec<Key<'_>> {
    match need {
        Need::Action(action) => {
            action.shown(is_identity).into_iter().map(|name| (false, Cow::Borrowed(name))).collect()
        }
        Need::Role(role) => vec![(true, Cow::Owned(role.names()))],
    }
}

fn purpose(need: &Need, is_open: bool) -> Purpose {
    match need {
        Need::Action(action) if action.kind == Kind::Dependency => Purpose::Dependency,
        Need::Action(action) if is_open || action.open.is_some() => Purpose::Sometimes,
        Need::Role(role) if is_open || role.open.is_some() => Purpose::Sometimes,
        Need::Action(_) | Need::Role(_) => Purpose::Needed,
    }
}

/// A role is of the service of which it is, as far as the table says what it stands for.
fn service(need: &Need, api: Option<&str>) -> String {
    let of_role = |role: &RoleRequirement| {
        let stands_for = role.any.iter().flat_map(|role| &role.stands_for);
        stands_for.map(|requirement| service_of(&requirement.action)).find(|service| service != "*")
    };
    match need {
        Need::Action(action) => service_of(&action.action),
        Need::Role(role) => of_role(role).or(api.map(|_| String::from("roles"))).unwrap_or_default(),
    }
}

impl<'p> Found<'p> {
    fn lacks(&mut self, operation: &'p Operation, decided: &'p Decided) {
        *self.decisions.entry(decided.verdict.decision).or_default() += 1;
        let is_open = operation.open.is_some() || decided.open.is_some();
        let standing = match decided.verdict.decision {
            Decision::Allowed => Standing::Allowed,
            Decision::Conditional => Standing::Conditional,
            _ if is_open => Standing::Conditional,
            _ => Standing::Missing,
        };
        if self.worst.is_none_or(|(worst, ..)| worst < standing) {
            self.worst = Some((standing, operation, decided));
        }
    }

    fn into_needed(self, is_role: bool, name: String) -> Needed {
        let first = self.worst.map(|(_, operation, decided)| FirstUse {
            resource: operation.cause.resource.clone(),
            location: operation.cause.place.location(),
            api: decided.api.as_deref().map(str::to_owned),
            why: why(operation, decided),
        });
        Needed {
            name,
            is_role,
            purpose: self.purpose,
            standing: self.worst.map_or(Standing::Allowed, |(standing, ..)| standing),
            uses: self.uses,
            decisions: self.decisions.into_iter().map(|(decision, uses)| (decision.as_str(), uses)).collect(),
            first,
        }
    }
}

/// What a statement said that does not certainly count, or else why the need is open.
fn why(operation: &Operation, decided: &Decided) -> Option<String> {
    let said = |outcome: &'_ Outcome| outcome.why_not_certain().or_else(|| outcome.why_void()).map(str::to_owned);
    let of_grant = decided.verdict.steps.iter().find_map(|step| said(&step.outcome));
    of_grant.or_else(|| operation.open.as_deref().or(decided.open.as_deref()).map(str::to_owned))
}
