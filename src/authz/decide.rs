//! `decide`: from a need and a principal's grants to one of six decisions.
//!
//! The two engines of IAM are evaluated side by side: roles and policies (1.x), and identity policies (5.0). A Deny of
//! either wins; an Allow of either is enough; where nothing allows, the answer is no. What the service control policies
//! of the organization do not let through is denied, whatever is granted.

use std::borrow::Cow;
use std::cell::LazyCell;

use super::depends::with_dependencies;
use super::guardrail::cut;
use super::matching::Names;
use super::scope::{Reached, reached};
use super::statement::Weighing;
use super::tally::Tally;
use super::{Body, Grant, PolicySource, Principal, Requirement, Scope, Target, Truth};
use crate::policy::{Effect, Version};
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

impl Decision {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Conditional => "conditional",
            Self::Denied => "denied",
            Self::UnsupportedScope => "unsupported-scope",
            Self::ScopeMismatch => "scope-mismatch",
            Self::Missing => "missing",
        }
    }
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
    /// What statements had to say, in the order of their policies: of [`decide`], those that are or may be about the
    /// action; of [`explain`], all.
    pub steps: Vec<Step>,
}

/// What one statement had to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Whose statement it is.
    pub origin: Origin,
    /// Index of the statement; none where the policy's body is not known, or the policies of a level speak together.
    pub statement: Option<usize>,
    /// Allow or Deny.
    pub effect: Effect,
    /// The pattern that matched.
    pub pattern: Option<Span>,
    /// Whether it counts.
    pub outcome: Outcome,
}

/// Whose statement a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The grant of this index.
    Grant(usize),
    /// A service control policy.
    Guardrail {
        /// Index of the level.
        level: usize,
        /// Index of the policy; none: what no policy of the level allows.
        policy: Option<usize>,
    },
    /// The policy that says who may assume an agency.
    Trust,
}

/// Whether a statement counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It does.
    Applies,
    /// It may; what is open.
    Open(Cow<'static, str>),
    /// It does not: its scope is one that the API does not honour.
    Unsupported(Cow<'static, str>),
    /// It does not: its scope is elsewhere.
    Elsewhere(Cow<'static, str>),
    /// It does not: a condition fails, or a role is lacking.
    Void(Cow<'static, str>),
    /// It is about something else.
    Unrelated(Cow<'static, str>),
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

    /// Why it takes no effect at all.
    pub fn why_void(&self) -> Option<&str> {
        match self {
            Self::Void(why) => Some(why),
            _ => None,
        }
    }

    /// Why it does not certainly count.
    pub fn why_not_certain(&self) -> Option<&str> {
        self.why_open().or_else(|| self.why_not())
    }

    pub(super) fn truth(&self) -> Truth {
        match self {
            Self::Applies => Truth::Yes,
            Self::Open(_) => Truth::Unknown,
            Self::Unsupported(_) | Self::Elsewhere(_) | Self::Void(_) | Self::Unrelated(_) => Truth::No,
        }
    }
}

/// Whether statements about other things leave a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    Related,
    Full,
}

/// Decides one need of a principal.
pub fn decide(request: Request<'_>, principal: &Principal) -> Verdict {
    evaluate(request, principal, Detail::Related)
}

/// Decides one need, with a step for every statement that the principal's grants and guardrails hold.
pub fn explain(request: Request<'_>, principal: &Principal) -> Verdict {
    evaluate(request, principal, Detail::Full)
}

pub(super) fn evaluate(request: Request<'_>, principal: &Principal, detail: Detail) -> Verdict {
    let tally = granted(request, principal, detail);
    let guarded = cut(request, principal, detail);
    tally.without(guarded).into_verdict()
}

/// What the two engines grant together.
pub(super) fn granted(request: Request<'_>, principal: &Principal, detail: Detail) -> Tally {
    let documents = |version| Documents { request, principal, detail, version };
    let roles = documents(Version::V1_0).tally(|requirement| vec![Names::of_roles(requirement)]);
    let older = roles.or(documents(Version::V1_1).tally(|requirement| vec![Names::of_1(requirement)]));
    older.or(documents(Version::V5_0).tally(Names::of_5))
}

/// The documents of one grammar.
struct Documents<'a> {
    request: Request<'a>,
    principal: &'a Principal,
    detail: Detail,
    version: Version,
}

impl<'a> Documents<'a> {
    /// What they say, asked by all `names` of the action.
    fn tally(&self, names: fn(&'a Requirement) -> Vec<Names<'a>>) -> Tally {
        let grants = self.principal.grants.iter().enumerate();
        let own: Vec<_> = grants.filter(|(_, grant)| grant.policy.policy.version == self.version).collect();
        // Most principals hold documents of one grammar.
        let names = if own.is_empty() { Vec::new() } else { names(self.request.requirement) };
        let tallies = names.iter().map(|names| {
            let mut tally = Tally::default();
            for (index, grant) in &own {
                self.grant(*index, grant, names, &mut tally);
            }
            tally
        });
        tallies.reduce(Tally::and).unwrap_or_default()
    }

    fn grant(&self, index: usize, grant: &Grant, names: &Names<'_>, tally: &mut Tally) {
        let (request, principal) = (self.request, self.principal);
        // Most statements are about other actions, wherever they count.
        let reached = || with_dependencies(grant, &principal.grants, request.target, scope_of(grant, request));
        let scope = LazyCell::new(reached);
        let mut allows = false;
        for (number, statement) in grant.policy.policy.statements.iter().enumerate() {
            let weighing = Weighing { statement, request, names, context: &principal.context };
            let (outcome, pattern) = weighing.outcome(&scope);
            let is_related = !matches!(outcome, Outcome::Unrelated(_));
            allows |= statement.effect == Effect::Allow && outcome.truth() != Truth::No;
            if is_related || self.detail == Detail::Full {
                let (origin, effect) = (Origin::Grant(index), statement.effect);
                tally.count(Step { origin, statement: Some(number), effect, pattern, outcome });
            }
        }
        if !allows && may_grant_more(&grant.policy, request.requirement) && scope.truth() != Truth::No {
            let outcome = Outcome::Open(what_is_not_known(&grant.policy).into());
            let (origin, effect) = (Origin::Grant(index), Effect::Allow);
            tally.count(Step { origin, statement: None, effect, pattern: None, outcome });
        }
    }
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

/// An action, or a pattern of some, may only read: its name begins as those that do.
pub fn may_read(action: &str) -> bool {
    let operation = action.rsplit(':').next().unwrap_or(action).to_ascii_lowercase();
    operation.contains('*') || READING.iter().any(|word| operation.starts_with(word))
}

fn what_is_not_known(policy: &PolicySource) -> String {
    match policy.body {
        Body::Hidden => format!("what the policy `{}` grants is not known", policy.name),
        _ => format!("what the policy `{}` grants is known in part only", policy.name),
    }
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
        (_, scope) => {
            let Requirement { supports, reach, .. } = request.requirement;
            reached(scope, grant.by_console, *supports, *reach, request.target)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::authz::{Known, of_action};
    use crate::catalog::Catalog;
    use crate::policy;

    /// What the steps say of an action under one policy of whose body so much is known.
    fn outcomes(action: &str, body: Body, allowed: &str) -> Vec<Outcome> {
        let text = format!(r#"{{"Version": "1.1", "Statement": [{{"Effect": "Allow", "Action": [{allowed}]}}]}}"#);
        let policy = policy::parse(&crate::syntax::json::parse(&text).unwrap().node).policy;
        let source = PolicySource { body, ..PolicySource::new("IMS Policy", None, policy) };
        let grants = vec![Grant::new(Arc::new(source), Scope::All)];
        let known = |text: &str| Known::Is(text.to_owned());
        let target = Target::at(known("r"), known("r"), known("0"));
        let requirement = of_action(action, &Catalog::embedded());
        let request = Request { requirement: &requirement, target: &target };
        let verdict = decide(request, &Principal { grants, ..Principal::default() });
        verdict.steps.into_iter().map(|step| step.outcome).collect()
    }

    #[test]
    fn what_is_not_known_of_a_policy_is_open_where_what_is_known_does_not_allow() {
        let (copy, allowed) = ("ims:images:copy", r#""ims:images:copy""#);
        let open = |why: &str| vec![Outcome::Open(why.to_owned().into())];
        assert_eq!(outcomes(copy, Body::Whole, ""), []);
        assert_eq!(outcomes(copy, Body::Hidden, ""), open("what the policy `IMS Policy` grants is not known"));
        assert_eq!(
            outcomes(copy, Body::Implied, ""),
            open("what the policy `IMS Policy` grants is known in part only")
        );
        assert_eq!(outcomes(copy, Body::Implied, allowed), [Outcome::Applies]);
        assert_eq!(outcomes(copy, Body::ReadOnly, ""), []);
        let list = outcomes("ims:images:list", Body::ReadOnly, "");
        assert_eq!(list, open("what the policy `IMS Policy` grants is known in part only"));
    }
}
