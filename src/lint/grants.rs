//! What the rules about grants share: one finding for all needs of one resource that one principal lacks.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Related, statement};
use crate::authz::{Origin, Outcome, Principal, Requirement, Step};
use crate::catalog::{Phase, Reach};
use crate::config::Candidate;
use crate::manifest::{Cause, Operation};
use crate::policy::Effect;
use crate::project::{Assessment, Need, Project};
use crate::severity::{Certainty, Severity};

/// How many explaining places one finding shows.
pub(super) const MAX_RELATED: usize = 4;

/// The needs of one resource that one principal lacks in one way.
pub(super) struct Group<'p> {
    pub(super) cause: &'p Cause,
    pub(super) principal: &'p Principal,
    pub(super) certainty: Certainty,
    pub(super) members: Vec<Member<'p>>,
}

/// One need of a group.
#[derive(Clone, Copy)]
pub(super) struct Member<'p> {
    pub(super) assessment: &'p Assessment,
    pub(super) operation: &'p Operation,
}

/// Groups the assessments that `select` takes for a rule. What is certainly lacking is not told again as possibly
/// lacking; actions that the configuration accepts are left out.
pub(super) fn grouped<'p>(
    project: &'p Project<'_>,
    rule: &str,
    select: impl Fn(&Assessment) -> bool,
) -> Vec<Group<'p>> {
    let mut groups: BTreeMap<Key<'p>, Group<'p>> = BTreeMap::new();
    for assessment in project.assessed.assessments.iter().filter(|assessment| select(assessment)) {
        let (Some(operation), Some(principal)) = (project.operation(assessment), project.principal(assessment)) else {
            continue;
        };
        let certainty = if assessment.open.is_some() { Certainty::Possible } else { Certainty::Certain };
        let key = Key::new(&operation.cause, assessment.principal, certainty);
        let empty = || Group { cause: &operation.cause, principal, certainty, members: Vec::new() };
        groups.entry(key).or_insert_with(empty).members.push(Member { assessment, operation });
    }
    let certain: BTreeSet<(Key<'_>, String)> = groups
        .iter()
        .filter(|(key, _)| key.certainty == Certainty::Certain)
        .flat_map(|(key, group)| group.members.iter().map(|member| (key.clone(), member.name())))
        .collect();
    for (key, group) in &mut groups {
        if key.certainty == Certainty::Possible {
            let key = Key { certainty: Certainty::Certain, ..key.clone() };
            group.members.retain(|member| !certain.contains(&(key.clone(), member.name())));
        }
    }
    let groups = groups.into_values().filter(|group| !group.members.is_empty());
    groups.filter_map(|group| without_accepted(group, project, rule)).collect()
}

fn without_accepted<'p>(mut group: Group<'p>, project: &Project<'_>, rule: &str) -> Option<Group<'p>> {
    let candidate = Candidate {
        rule,
        path: group.cause.place.file.path(),
        principal: Some(&group.principal.name),
        resource: group.cause.resource.as_deref(),
    };
    let is_identity = group.is_identity();
    group.members.retain(|member| {
        let names =
            member.requirement().map(|requirement| statement::names(requirement, is_identity)).unwrap_or_default();
        let name = member.name();
        !names.into_iter().chain([name.as_str()]).any(|name| project.acceptance.accepts_action(candidate, name))
    });
    if group.members.is_empty() {
        project.suppressed.set(project.suppressed.get() + 1);
        return None;
    }
    Some(group)
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'p> {
    path: &'p str,
    start: u32,
    resource: Option<&'p str>,
    principal: usize,
    certainty: Certainty,
}

impl<'p> Key<'p> {
    fn new(cause: &'p Cause, principal: usize, certainty: Certainty) -> Self {
        let place = &cause.place;
        Self {
            path: place.file.path(),
            start: place.span.start,
            resource: cause.resource.as_deref(),
            principal,
            certainty,
        }
    }
}

impl<'p> Member<'p> {
    /// The action or role as a report names it.
    fn name(self) -> String {
        match &self.assessment.need {
            Need::Action(requirement) => requirement.action.clone(),
            Need::Role(role) => role.names(),
        }
    }

    /// The action; none where a role is needed.
    pub(super) fn requirement(self) -> Option<&'p Requirement> {
        match &self.assessment.need {
            Need::Action(requirement) => Some(requirement),
            Need::Role(_) => None,
        }
    }
}

impl<'p> Group<'p> {
    /// The principal holds identity policies (5.0) only.
    pub(super) fn is_identity(&self) -> bool {
        let grants = &self.principal.grants;
        !grants.is_empty() && grants.iter().all(|grant| grant.policy.policy.version.is_identity())
    }

    /// The actions of a need as the principal's kind of policy names them, or else as the table does.
    fn shown(&self, requirement: &'p Requirement) -> Vec<&'p str> {
        let names = statement::names(requirement, self.is_identity());
        if names.is_empty() { vec![&requirement.action] } else { names }
    }

    /// What causes the needs, as a message names it.
    pub(super) fn subject(&self) -> String {
        match (&self.cause.resource, self.one(|member| member.assessment.api.as_deref())) {
            (Some(resource), _) => format!("`{resource}`"),
            (None, Some(api)) => format!("`{api}`"),
            (None, None) => String::from("this operation"),
        }
    }

    /// The actions, sorted, each once.
    pub(super) fn actions(&self) -> Vec<String> {
        let needed = self.members.iter().filter_map(|member| member.requirement());
        let names: BTreeSet<&str> = needed.flat_map(|requirement| self.shown(requirement)).collect();
        names.into_iter().map(str::to_owned).collect()
    }

    /// The actions needed, each once.
    pub(super) fn requirements(&self) -> Vec<&'p Requirement> {
        let mut seen = BTreeSet::new();
        let needed = self.members.iter().filter_map(|member| member.requirement());
        needed.filter(|requirement| seen.insert(requirement.action.as_str())).collect()
    }

    /// "`a`" or "`a` and 3 more".
    pub(super) fn named_actions(&self) -> String {
        let names: BTreeSet<String> = self
            .members
            .iter()
            .flat_map(|member| match &member.assessment.need {
                Need::Action(requirement) => self.shown(requirement).iter().map(|name| format!("`{name}`")).collect(),
                Need::Role(role) => vec![role.names()],
            })
            .collect();
        let names: Vec<String> = names.into_iter().collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [one, two] => format!("{one} and {two}"),
            [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
        }
    }

    /// Why it is only possible: the first reason, and how many more there are.
    pub(super) fn open(&self) -> String {
        let reasons: BTreeSet<&str> =
            self.members.iter().filter_map(|member| member.assessment.open.as_deref()).collect();
        match (reasons.first(), reasons.len()) {
            (None, _) => String::new(),
            (Some(reason), 1) => format!(" (possible: {reason})"),
            (Some(reason), more) => format!(" (possible: {reason}; and {} more)", more - 1),
        }
    }

    /// The reasons that statements gave, each once.
    pub(super) fn reasons(&self, pick: fn(&Outcome) -> Option<&str>) -> Vec<&'p str> {
        let mut reasons: Vec<&'p str> = Vec::new();
        for member in &self.members {
            let assessment: &'p Assessment = member.assessment;
            for step in &assessment.verdict.steps {
                if let Some(reason) = pick(&step.outcome).filter(|reason| !reasons.contains(reason)) {
                    reasons.push(reason);
                }
            }
        }
        reasons
    }

    /// The levels of the organization whose service control policies forbid it, each once.
    pub(super) fn guardrails(&self) -> Vec<String> {
        let steps = self.members.iter().flat_map(|member| &member.assessment.verdict.steps);
        let forbids = |step: &&Step| step.effect == Effect::Deny && step.outcome == Outcome::Applies;
        let level = |step: &Step| match step.origin {
            Origin::Guardrail { level, .. } => Some(level),
            Origin::Grant(_) | Origin::Trust => None,
        };
        let levels: BTreeSet<usize> = steps.filter(forbids).filter_map(level).collect();
        let named = levels.into_iter().filter_map(|level| self.principal.guardrails.get(level));
        named.map(|level| format!("`{}`", level.name)).collect()
    }

    /// The places of the statements that `pick` takes, with the places where their policies are bound.
    pub(super) fn related(&self, pick: impl Fn(&Step) -> bool) -> Vec<Related> {
        let mut related: Vec<Related> = Vec::new();
        for step in self.members.iter().flat_map(|member| &member.assessment.verdict.steps).filter(|step| pick(step)) {
            if related.len() >= MAX_RELATED {
                break;
            }
            let verb = if step.effect == Effect::Deny { "denied" } else { "granted" };
            let at = self.principal.place(step);
            push(&mut related, at.map(|place| Related { message: format!("{verb} here"), place }));
            let Some(grant) = self.principal.granting(step) else { continue };
            let bound =
                grant.place.clone().map(|place| Related { message: format!("bound here for {}", grant.scope), place });
            push(&mut related, bound);
        }
        related.truncate(MAX_RELATED);
        related
    }

    /// A finding about grants whose scope makes them count for nothing; `message` is what it says before the reasons.
    pub(super) fn out_of_reach(&self, rule: &'static str, severity: Severity, message: &str) -> Finding {
        let message = format!("{message}: {}{}", self.reasons(Outcome::why_not).join("; "), self.open());
        let related = self.related(|step| step.outcome.why_not().is_some());
        Finding { related, ..self.finding(rule, severity, message).with_help(Some(self.scope_to_bind())) }
    }

    /// How to bind a policy so that it reaches the operations.
    pub(super) fn scope_to_bind(&self) -> String {
        let requirements = self.requirements();
        let global = requirements.iter().filter(|requirement| requirement.reach == Reach::Global).count();
        if 0 < global && global < requirements.len() {
            return String::from(
                "bind a policy with these actions with `scope: all`: some are of global services, some are not",
            );
        }
        let is_global = global > 0;
        let projects: BTreeSet<&str> = self
            .members
            .iter()
            .filter_map(|member| member.operation.target.project.value())
            .map(String::as_str)
            .collect();
        if is_global {
            return String::from("bind a policy with these actions with `scope: global` or `scope: all`");
        }
        if projects.is_empty() {
            return String::from(
                "bind a policy with these actions to the IAM project of the region, or with `scope: all`",
            );
        }
        let regions: BTreeSet<&str> = self
            .members
            .iter()
            .filter_map(|member| member.operation.target.region.value())
            .map(String::as_str)
            .collect();
        let key = if projects.is_subset(&regions) { "regions" } else { "projects" };
        let names: Vec<&str> = projects.into_iter().collect();
        format!("bind a policy with these actions with `scope: {{ {key}: [{}] }}` or `scope: all`", names.join(", "))
    }

    /// A finding about the group; a possible one is no error.
    pub(super) fn finding(&self, rule: &'static str, severity: Severity, message: String) -> Finding {
        let severity = match self.certainty {
            Certainty::Certain => severity,
            Certainty::Possible => severity.min(Severity::Warning),
        };
        Finding {
            certainty: self.certainty,
            principal: Some(self.principal.name.clone()),
            actions: self.actions(),
            api: self.one(|member| member.assessment.api.as_deref()).map(str::to_owned),
            resource: self.cause.resource.clone(),
            phase: self.phase().map(|phase| phase.to_string()),
            ..Finding::new(rule, severity, message, self.cause.place.clone())
        }
    }

    fn phase(&self) -> Option<Phase> {
        let phases: BTreeSet<_> = self.members.iter().map(|member| member.operation.phase).collect();
        if phases.len() == 1 { phases.into_iter().next().flatten() } else { None }
    }

    /// The value that all members have in common.
    fn one<'m>(&'m self, of: impl Fn(&Member<'p>) -> Option<&'p str> + 'm) -> Option<&'p str> {
        let values: BTreeSet<_> = self.members.iter().map(of).collect();
        if values.len() == 1 { values.into_iter().next().flatten() } else { None }
    }
}

/// Adds a place unless it is there already.
pub(super) fn push(related: &mut Vec<Related>, one: Option<Related>) {
    let Some(one) = one else { return };
    let same = |other: &Related| other.place.span == one.place.span && other.place.file.path() == one.place.file.path();
    if !related.iter().any(same) {
        related.push(one);
    }
}
