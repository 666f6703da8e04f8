//! What the rules about grants share: one finding for all needs of one resource that one principal lacks.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use super::{Finding, Related};
use crate::authz::{Origin, Outcome, Principal, Requirement, Step};
use crate::catalog::{Phase, Reach};
use crate::config::{Candidate, Suppression};
use crate::manifest::{Cause, Operation};
use crate::parallel;
use crate::policy::Effect;
use crate::project::{Assessment, Decided, Need, Project};
use crate::severity::{Certainty, Severity};

/// How many explaining places one finding shows.
pub(super) const MAX_RELATED: usize = 4;

/// So many resources with something to tell are worth a thread.
const MANY: usize = 64;

/// The needs of one resource that one principal lacks in one way.
pub(super) struct Group<'p> {
    pub(super) cause: &'p Cause,
    pub(super) principal: &'p Principal,
    pub(super) certainty: Certainty,
    pub(super) members: Vec<Member<'p>>,
    /// Its actions, once they are asked for.
    shown: OnceCell<Vec<&'p str>>,
}

/// One need of a group.
#[derive(Clone, Copy)]
pub(super) struct Member<'p> {
    pub(super) operation: &'p Operation,
    pub(super) decided: &'p Decided,
}

/// Groups the assessments that `select` takes for a rule, and makes a finding of each group. What is certainly lacking is
/// not told again as possibly lacking; actions that the configuration accepts are left out, unless it accepts all.
pub(super) fn findings<'p>(
    project: &'p Project<'_>,
    rule: &str,
    select: impl Fn(&Decided) -> bool + Sync,
    finding: impl Fn(&Group<'p>) -> Finding + Sync,
) -> Vec<Finding> {
    let selected = project.assessed.assessments.iter().filter(|assessment| assessment.decided.iter().any(&select));
    let mut by_principal: BTreeMap<usize, Vec<&Assessment>> = BTreeMap::new();
    for assessment in selected {
        by_principal.entry(assessment.principal).or_default().push(assessment);
    }
    // The operations of one cause lie beside each other, which makes sorting them cheap.
    for lacking in by_principal.values_mut() {
        lacking.sort_by_key(|assessment| assessment.cause);
    }
    let of_cause = by_principal.values().map(|lacking| lacking.chunk_by(|a, b| a.cause == b.cause));
    let one: Vec<&[_]> = of_cause.flatten().collect();
    let found = parallel::map(&one, MANY, |lacking| {
        let groups = of_one(lacking, &select, project).into_iter();
        let groups = groups.map(|group| without_accepted(group, project, rule));
        let told = groups.map(|(group, accepted)| Finding { accepted, ..finding(&group) });
        told.collect::<Vec<_>>()
    });
    parallel::flat(found)
}

/// What one principal lacks for one resource: what it certainly lacks, and what it possibly lacks beside that.
fn of_one<'p>(
    lacking: &[&'p Assessment],
    select: impl Fn(&Decided) -> bool,
    project: &'p Project<'_>,
) -> Vec<Group<'p>> {
    let Some(principal) = lacking.first().and_then(|assessment| project.principal(assessment)) else {
        return Vec::new();
    };
    let members = lacking.iter().flat_map(|assessment| {
        let decided = assessment.decided.iter().filter(|decided| select(decided));
        let operation = project.operation(assessment);
        decided.filter_map(move |decided| Some(Member { operation: operation?, decided }))
    });
    let (certain, mut possible): (Vec<_>, Vec<_>) = members.partition(|member| member.open().is_none());
    if !certain.is_empty() && !possible.is_empty() {
        let names: HashSet<Cow<'_, str>> = certain.iter().map(|member| member.name()).collect();
        possible.retain(|member| !names.contains(&member.name()));
    }
    let told = [(Certainty::Certain, certain), (Certainty::Possible, possible)].into_iter();
    told.filter_map(|(certainty, members)| {
        let cause = &members.first()?.operation.cause;
        Some(Group { cause, principal, certainty, members, shown: OnceCell::new() })
    })
    .collect()
}

/// The group without the needs that the configuration accepts; where it accepts all of them, the whole group with what
/// accepts the first.
fn without_accepted<'p>(
    mut group: Group<'p>,
    project: &Project<'_>,
    rule: &str,
) -> (Group<'p>, Option<Box<Suppression>>) {
    if project.acceptance.has_no_entries() {
        return (group, None);
    }
    let candidate = Candidate {
        rule,
        path: group.cause.place.file.path(),
        principal: Some(&group.principal.name),
        resource: group.cause.resource.as_deref(),
    };
    let is_identity = group.is_identity();
    let accepting = |member: &Member<'p>| {
        let names = member.requirement().map(|requirement| requirement.names(is_identity)).unwrap_or_default();
        let name = member.name();
        names.into_iter().chain([&*name]).find_map(|name| project.acceptance.accepts_action(candidate, name))
    };
    let accepted: Vec<_> = group.members.iter().map(accepting).collect();
    if accepted.iter().all(Option::is_some) {
        let first = accepted.into_iter().flatten().next();
        return (group, first.map(|entry| Box::new(Suppression::by_entry(entry))));
    }
    let mut accepted = accepted.into_iter();
    group.members.retain(|_| accepted.next().flatten().is_none());
    (group, None)
}

impl<'p> Member<'p> {
    /// The action or role as a report names it.
    fn name(self) -> Cow<'p, str> {
        match &self.decided.need {
            Need::Action(requirement) => Cow::Borrowed(&requirement.action),
            Need::Role(role) => Cow::Owned(role.names()),
        }
    }

    /// Why the need may not arise; none where it certainly does.
    pub(super) fn open(self) -> Option<&'p str> {
        self.operation.open.as_deref().or(self.decided.open.as_deref())
    }

    /// The action; none where a role is needed.
    pub(super) fn requirement(self) -> Option<&'p Requirement> {
        match &self.decided.need {
            Need::Action(requirement) => Some(requirement),
            Need::Role(_) => None,
        }
    }
}

impl<'p> Group<'p> {
    /// The principal holds identity policies (5.0) only.
    pub(super) fn is_identity(&self) -> bool {
        self.principal.holds_identity_policies_only()
    }

    /// The actions as the principal's kind of policy names them, or else as the table does: sorted, each once.
    fn shown_actions(&self) -> &[&'p str] {
        self.shown.get_or_init(|| self.to_show())
    }

    fn to_show(&self) -> Vec<&'p str> {
        let is_identity = self.is_identity();
        let mut needed: Vec<&'p Requirement> = self.members.iter().filter_map(|member| member.requirement()).collect();
        // The calls of a resource share most of their needs.
        needed.sort_unstable_by_key(|requirement| std::ptr::from_ref(*requirement));
        needed.dedup_by_key(|requirement| std::ptr::from_ref(*requirement));
        let shown = needed.into_iter().flat_map(|requirement| requirement.shown(is_identity));
        let mut shown: Vec<&str> = shown.collect();
        shown.sort_unstable();
        shown.dedup();
        shown
    }

    fn roles(&self) -> BTreeSet<String> {
        let role = |member: &Member<'p>| match &member.decided.need {
            Need::Action(_) => None,
            Need::Role(role) => Some(role.names()),
        };
        self.members.iter().filter_map(role).collect()
    }

    /// What causes the needs, as a message names it.
    pub(super) fn subject(&self) -> String {
        match (&self.cause.resource, self.api()) {
            (Some(resource), _) => format!("`{resource}`"),
            (None, Some(api)) => format!("`{api}`"),
            (None, None) => String::from("this operation"),
        }
    }

    /// The actions, sorted, each once.
    pub(super) fn actions(&self) -> Vec<String> {
        self.shown_actions().iter().map(|action| (*action).to_owned()).collect()
    }

    /// The actions needed, each once.
    pub(super) fn requirements(&self) -> Vec<&'p Requirement> {
        let mut seen = HashSet::new();
        let needed = self.members.iter().filter_map(|member| member.requirement());
        needed.filter(|requirement| seen.insert(requirement.action.as_str())).collect()
    }

    /// Everything that is needed, in short.
    pub(super) fn named_actions(&self) -> String {
        let actions = self.shown_actions().iter().copied().map(Name::Action);
        named(&self.roles().into_iter().map(Name::Roles).chain(actions).collect::<Vec<_>>())
    }

    /// What the needs are called, sorted, each once.
    pub(super) fn names<'m>(&self, members: impl Iterator<Item = &'m Member<'p>>) -> Vec<Name<'p>>
    where
        'p: 'm,
    {
        let is_identity = self.is_identity();
        let names = members.flat_map(|member| match &member.decided.need {
            Need::Action(requirement) => requirement.shown(is_identity).into_iter().map(Name::Action).collect(),
            Need::Role(role) => vec![Name::Roles(role.names())],
        });
        let mut names: Vec<Name<'p>> = names.collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The levels of the organization whose service control policies forbid it, each once.
    pub(super) fn guardrails(&self) -> Vec<String> {
        let steps = self.members.iter().flat_map(|member| &member.decided.verdict.steps);
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
        for step in self.members.iter().flat_map(|member| &member.decided.verdict.steps).filter(|step| pick(step)) {
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
        let message = format!("{message}: {}{}", self.reasons(Outcome::why_not), self.open());
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
            api: self.api().map(str::to_owned),
            resource: self.cause.resource.clone(),
            phase: self.phase().map(|phase| phase.to_string()),
            ..Finding::new(rule, severity, message, self.cause.place.clone())
        }
    }

    fn phase(&self) -> Option<Phase> {
        the_only(self.members.iter().map(|member| member.operation.phase)).flatten()
    }

    /// The API, where all members need it for the same.
    fn api(&self) -> Option<&'p str> {
        the_only(self.members.iter().map(|member| member.decided.api.as_deref())).flatten()
    }
}

/// What all of several are.
fn the_only<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// What a need is called.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name<'p> {
    /// Roles of which one is enough.
    Roles(String),
    Action(&'p str),
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Roles(names) => f.write_str(names),
            Self::Action(action) => write!(f, "`{action}`"),
        }
    }
}

/// "`a`", "`a` and `b`" or "`a`, `b` and 3 more".
pub(super) fn named(names: &[Name<'_>]) -> String {
    match names {
        [] => String::new(),
        [one] => one.to_string(),
        [one, two] => format!("{one} and {two}"),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
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
