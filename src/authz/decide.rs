//! `decide`: from a need and a principal's grants to one of six decisions.
//!
//! The two engines of IAM are evaluated side by side: roles and policies (1.x), and identity policies (5.0). A Deny of
//! either wins; an Allow of either is enough; where nothing allows, the answer is no.

use super::matching::Names;
use super::scope::{Reached, reached};
use super::{Body, Grant, PolicySource, Requirement, Scope, Target, Truth, resource};
use crate::policy::{Actions, Condition, Effect, Statement, Version};
use crate::source::Span;

/// What the grants say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// A grant allows it and nothing forbids it.
    Allowed,
    /// It depends on something that the files leave open.
    Conditional,
    /// A Deny that applies covers it.
    Denied,
    /// Granted, but only in a scope that the API does not honour.
    UnsupportedScope,
    /// Granted, but only for another region, IAM project or enterprise project.
    ScopeMismatch,
    /// Not granted.
    Missing,
}

/// A need and where it arises.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// What is needed.
    pub requirement: &'a Requirement,
    /// Where.
    pub target: &'a Target,
}

/// A decision and the steps that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The decision.
    pub decision: Decision,
    /// Every statement that is, or may be, about the action; in the order of grants and statements.
    pub steps: Vec<Step>,
}

/// What one statement had to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Index of the grant.
    pub grant: usize,
    /// Index of the statement; none where the policy's body is not known.
    pub statement: Option<usize>,
    /// Allow or Deny.
    pub effect: Effect,
    /// The pattern that matched.
    pub pattern: Option<Span>,
    /// Whether it counts.
    pub outcome: Outcome,
}

/// Whether a statement counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It does.
    Applies,
    /// It may; what is open.
    Open(String),
    /// It does not: its scope is one that the API does not honour.
    Unsupported(String),
    /// It does not: its scope is elsewhere.
    Elsewhere(String),
}

impl Outcome {
    /// What is open about it.
    pub fn why_open(&self) -> Option<&str> {
        match self {
            Self::Open(why) => Some(why),
            _ => None,
        }
    }

    /// Why its scope makes it count for nothing.
    pub fn why_not(&self) -> Option<&str> {
        match self {
            Self::Unsupported(why) | Self::Elsewhere(why) => Some(why),
            _ => None,
        }
    }

    /// Why it does not certainly count.
    pub fn why_not_certain(&self) -> Option<&str> {
        self.why_open().or_else(|| self.why_not())
    }
}

/// Decides one need against a principal's grants.
pub fn decide(request: Request<'_>, grants: &[Grant]) -> Verdict {
    let is_identity = |(_, grant): &(usize, &Grant)| grant.policy.policy.version.is_identity();
    let (newer, older): (Vec<_>, Vec<_>) = grants.iter().enumerate().partition(is_identity);
    let mut verdict = evaluate(request, &older, &Names::of_1(request.requirement));
    if !newer.is_empty() {
        let names = Names::of_5(request.requirement);
        let each = names.iter().map(|names| evaluate(request, &newer, names));
        if let Some(needed) = each.reduce(Tally::and) {
            verdict = verdict.or(needed);
        }
    }
    verdict.into_verdict()
}

/// What the statements of one engine add up to.
#[derive(Debug, Default)]
struct Tally {
    allow: Option<Truth>,
    deny: Option<Truth>,
    is_elsewhere: bool,
    is_unsupported: bool,
    steps: Vec<Step>,
}

impl Tally {
    fn allow(&self) -> Truth {
        self.allow.unwrap_or(Truth::No)
    }

    fn deny(&self) -> Truth {
        self.deny.unwrap_or(Truth::No)
    }

    fn count(&mut self, step: Step) {
        let truth = match &step.outcome {
            Outcome::Applies => Truth::Yes,
            Outcome::Open(_) => Truth::Unknown,
            Outcome::Unsupported(_) | Outcome::Elsewhere(_) => Truth::No,
        };
        match step.effect {
            Effect::Deny => self.deny = Some(self.deny().or(truth)),
            Effect::Allow => {
                self.allow = Some(self.allow().or(truth));
                self.is_unsupported |= matches!(step.outcome, Outcome::Unsupported(_));
                self.is_elsewhere |= matches!(step.outcome, Outcome::Elsewhere(_));
            }
        }
        self.steps.push(step);
    }

    /// Both have to be allowed; a Deny of one is a Deny.
    fn and(self, other: Self) -> Self {
        Self { allow: Some(self.allow().and(other.allow())), ..self.join(other) }
    }

    /// Either may allow; a Deny of one is a Deny.
    fn or(self, other: Self) -> Self {
        Self { allow: Some(self.allow().or(other.allow())), ..self.join(other) }
    }

    fn join(self, other: Self) -> Self {
        let deny = Some(self.deny().or(other.deny()));
        let mut steps = self.steps;
        steps.extend(other.steps);
        Self {
            allow: self.allow,
            deny,
            is_elsewhere: self.is_elsewhere || other.is_elsewhere,
            is_unsupported: self.is_unsupported || other.is_unsupported,
            steps,
        }
    }

    fn into_verdict(mut self) -> Verdict {
        let decision = match (self.deny(), self.allow()) {
            (Truth::Yes, _) => Decision::Denied,
            (Truth::No, Truth::Yes) => Decision::Allowed,
            (Truth::Unknown, Truth::Yes) | (_, Truth::Unknown) => Decision::Conditional,
            (_, Truth::No) if self.is_elsewhere => Decision::ScopeMismatch,
            (_, Truth::No) if self.is_unsupported => Decision::UnsupportedScope,
            (_, Truth::No) => Decision::Missing,
        };
        self.steps.sort_by_key(|step| (step.grant, step.statement));
        self.steps.dedup();
        Verdict { decision, steps: self.steps }
    }
}

fn evaluate(request: Request<'_>, grants: &[(usize, &Grant)], names: &Names<'_>) -> Tally {
    let mut tally = Tally::default();
    for (index, grant) in grants {
        let before = tally.steps.len();
        let reached = match (scope_of(grant, request), lacks_role(grant, grants)) {
            (Reached::Yes, Some(role)) => {
                Reached::Open(format!("`{}` takes effect only with the role `{role}`", grant.policy.name))
            }
            (reached, _) => reached,
        };
        for (number, statement) in grant.policy.policy.statements.iter().enumerate() {
            if let Some((outcome, pattern)) = outcome(statement, request, names, &reached) {
                let (grant, statement_index) = (*index, Some(number));
                tally.count(Step { grant, statement: statement_index, effect: statement.effect, pattern, outcome });
            }
        }
        let has_allow = tally.steps.iter().skip(before).any(|step| step.effect == Effect::Allow);
        if !has_allow && may_grant_more(&grant.policy, request.requirement) && reached.truth() != Truth::No {
            let outcome = Outcome::Open(what_is_not_known(&grant.policy));
            tally.count(Step { grant: *index, statement: None, effect: Effect::Allow, pattern: None, outcome });
        }
    }
    tally
}

/// What is not known of a policy may grant the action.
fn may_grant_more(policy: &PolicySource, requirement: &Requirement) -> bool {
    match policy.body {
        Body::Whole => false,
        Body::Implied | Body::Hidden => true,
        Body::ReadOnly => may_read(&requirement.action),
    }
}

/// The operations of actions that read begin with one of these words.
const READING: [&str; 12] = [
    "batchget",
    "batchquery",
    "check",
    "count",
    "describe",
    "download",
    "export",
    "get",
    "head",
    "list",
    "query",
    "show",
];

fn may_read(action: &str) -> bool {
    let operation = action.rsplit(':').next().unwrap_or(action).to_ascii_lowercase();
    operation.contains('*') || READING.iter().any(|word| operation.starts_with(word))
}

fn what_is_not_known(policy: &PolicySource) -> String {
    match policy.body {
        Body::Hidden => format!("what `{}` grants is not known", policy.name),
        _ => format!("what `{}` grants is known in part only", policy.name),
    }
}

/// A role takes no effect without the roles that it depends on, granted in the same scope.
fn lacks_role<'g>(grant: &'g Grant, grants: &[(usize, &Grant)]) -> Option<&'g str> {
    let reaches = |other: &Grant| other.scope == grant.scope || other.scope == Scope::All;
    let held = |name: &str| grants.iter().any(|(_, other)| other.policy.name == name && reaches(other));
    grant.policy.policy.depends.iter().map(String::as_str).find(|name| !held(name))
}

/// Roles cannot be granted on an enterprise project; identity policies have no scope at all.
pub(super) fn scope_of(grant: &Grant, request: Request<'_>) -> Reached {
    match (grant.policy.policy.version, &grant.scope) {
        (Version::V1_0, Scope::EnterpriseProjects(_)) => {
            Reached::Unsupported(String::from("a role takes no effect in an enterprise project"))
        }
        (Version::V5_0, Scope::All) => Reached::Yes,
        (Version::V5_0, _) => {
            Reached::Open(String::from("an identity policy has no scope; it limits itself by conditions"))
        }
        (_, scope) => reached(scope, request.requirement.supports, request.requirement.reach, request.target),
    }
}

/// `None` where the statement is not about the need.
fn outcome(
    statement: &Statement,
    request: Request<'_>,
    names: &Names<'_>,
    scope: &Reached,
) -> Option<(Outcome, Option<Span>)> {
    let requirement = request.requirement;
    let matched = names.matched(&statement.actions, !requirement.aliases.is_empty());
    let resources = resource::reaches(&statement.resources, &requirement.action, requirement.reach, request.target);
    let truth = matched.truth.and(resources);
    let outcome = match (truth, scope) {
        (Truth::No, _) | (Truth::Unknown, Reached::Unsupported(_) | Reached::Elsewhere(_)) => return None,
        (_, Reached::Unsupported(why)) => Outcome::Unsupported(why.clone()),
        (_, Reached::Elsewhere(why)) => Outcome::Elsewhere(why.clone()),
        (Truth::Yes, Reached::Yes) if statement.conditions.is_empty() => Outcome::Applies,
        (_, scope) => Outcome::Open(what_is_open(statement, requirement, matched.truth, resources, scope)),
    };
    Some((outcome, matched.span))
}

fn what_is_open(
    statement: &Statement,
    requirement: &Requirement,
    matched: Truth,
    resources: Truth,
    scope: &Reached,
) -> String {
    let mut open = Vec::new();
    if matched == Truth::Unknown {
        open.push(why_action_is_open(statement, requirement));
    }
    if resources == Truth::Unknown {
        open.push(String::from("the statement's `Resource` may not take in the resource"));
    }
    if !statement.conditions.is_empty() {
        open.push(format!(
            "the statement's `Condition` on {} is not settled by the files",
            keys(&statement.conditions)
        ));
    }
    if let Reached::Open(why) = scope {
        open.push(why.clone());
    }
    open.join("; ")
}

fn why_action_is_open(statement: &Statement, requirement: &Requirement) -> String {
    if matches!(statement.actions, Actions::Perhaps(_)) {
        String::from("the policy says it under a condition, or for some resources, that the table does not hold")
    } else if requirement.action.contains('*') {
        format!("the statement takes in only a part of `{}`", requirement.action)
    } else {
        format!("whether an action of the statement means `{}` is not known", requirement.action)
    }
}

fn keys(conditions: &[Condition]) -> String {
    let mut keys: Vec<_> = conditions.iter().map(|condition| format!("`{}`", condition.key.value)).collect();
    keys.sort();
    keys.dedup();
    keys.join(", ")
}
