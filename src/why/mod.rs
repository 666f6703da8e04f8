//! `grantlint why`: the trace behind one decision, as plain values.

mod question;

use serde::Serialize;

use crate::authz::{
    Asker, Decision, Known, Origin, Outcome, PolicySource, Principal, Request, Requirement, Step, Target, Verdict,
    explain, may_assume,
};
use crate::policy::{Effect, Kind};
use crate::source::Location;

pub use question::{Question, QuestionError};

/// One decision with everything that was considered for it.
#[derive(Debug, Serialize)]
pub struct Why {
    /// The principal.
    pub principal: String,
    /// The action that was asked about.
    pub action: String,
    /// Its other names in roles and policies (1.x).
    pub names_1: Vec<String>,
    /// Its names in identity policies (5.0), with what they stand for there.
    pub names_5: Vec<String>,
    /// Where it acts.
    pub target: Place,
    /// A word on an action that the table does not know.
    pub hint: Option<String>,
    /// The decision.
    pub decision: &'static str,
    /// The decision in a sentence.
    pub sentence: &'static str,
    /// Every grant, in the order of the configuration.
    pub grants: Vec<Considered>,
    /// Every service control policy, from the root down.
    pub guardrails: Vec<Considered>,
    /// For assuming an agency: its trust policy.
    pub trust: Option<Considered>,
}

/// Where an action acts, as far as that was said.
#[derive(Debug, Serialize)]
pub struct Place {
    /// The region.
    pub region: Option<String>,
    /// The IAM project.
    pub project: Option<String>,
    /// The enterprise project.
    pub enterprise_project: Option<String>,
    /// The resources, each as `type:path`.
    pub resources: Vec<String>,
}

/// A policy with what its statements had to say.
#[derive(Debug, Serialize)]
pub struct Considered {
    /// The path of its file, or its name.
    pub policy: String,
    /// Its grammar.
    pub version: &'static str,
    /// For what it is granted, or the level that it is attached to.
    pub scope: String,
    /// Where it is bound, if a file says so.
    pub bound: Option<Location>,
    /// Its statements, each with what it comes to.
    pub statements: Vec<Said>,
}

/// What one statement, or the policies of a level together, had to say.
#[derive(Debug, Serialize)]
pub struct Said {
    /// The number of the statement, from 1; none where the body is not known, or a level speaks as a whole.
    pub statement: Option<usize>,
    /// `Allow` or `Deny`.
    pub effect: &'static str,
    /// `applies`, `open`, `unsupported-scope`, `elsewhere`, `void` or `unrelated`.
    pub outcome: &'static str,
    /// Why it does not simply apply.
    pub reason: Option<String>,
    /// The pattern that is about the action.
    pub pattern: Option<String>,
    /// It is one of those that decided.
    pub decides: bool,
    /// Where it stands.
    pub location: Option<Location>,
}

/// Explains what a principal may do.
pub fn why(request: Request<'_>, principal: &Principal) -> Why {
    let verdict = explain(request, principal);
    Why::new(request, principal, &verdict)
}

/// Explains whether somebody may assume an agency.
pub fn why_assume(request: Request<'_>, asker: Asker<'_>, agency: &Principal) -> Why {
    let verdict = may_assume(request, asker, agency);
    let asking = match asker {
        Asker::Principal(principal) => Principal { trust: agency.trust.clone(), ..principal.clone() },
        Asker::Service(name) => {
            Principal { name: name.to_owned(), trust: agency.trust.clone(), ..Principal::default() }
        }
    };
    let trace = Trace { principal: &asking, verdict: &verdict };
    let trust = match &agency.trust {
        Some(policy) => trace.considered(policy, agency.name.clone(), None, |origin| origin == Origin::Trust),
        None => Considered {
            policy: String::from("not named"),
            version: Kind::Trust.version().as_str(),
            scope: agency.name.clone(),
            bound: None,
            statements: trace.said(|origin| origin == Origin::Trust),
        },
    };
    Why { trust: Some(trust), ..Why::new(request, &asking, &verdict) }
}

impl Why {
    fn new(request: Request<'_>, principal: &Principal, verdict: &Verdict) -> Self {
        let Request { requirement, target } = request;
        let trace = Trace { principal, verdict };
        let grants = principal.grants.iter().enumerate().map(|(index, grant)| {
            let bound = grant.place.as_ref().map(crate::source::Place::location);
            trace.considered(&grant.policy, grant.scope.to_string(), bound, |origin| origin == Origin::Grant(index))
        });
        Self {
            principal: principal.name.clone(),
            action: requirement.action.clone(),
            names_1: others(&requirement.action, requirement.names_1.iter().map(String::as_str)),
            names_5: others(&requirement.action, names_5(requirement)),
            target: Place::of(target),
            hint: None,
            decision: verdict.decision.as_str(),
            sentence: sentence(verdict.decision),
            grants: grants.collect(),
            guardrails: trace.guardrails(),
            trust: None,
        }
    }
}

fn others<'a>(action: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.filter(|name| !name.eq_ignore_ascii_case(action)).map(str::to_owned).collect()
}

fn names_5(requirement: &Requirement) -> impl Iterator<Item = &str> {
    requirement.names_5.iter().map(|name| name.name.as_str())
}

fn sentence(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "a grant allows it and nothing forbids it",
        Decision::Conditional => "it depends on what the files leave open",
        Decision::Denied => "it is forbidden, and no further grant makes up for that",
        Decision::UnsupportedScope => "it is granted only in a scope that is not honoured for it",
        Decision::ScopeMismatch => "it is granted only for another place",
        Decision::Missing => "no grant allows it",
    }
}

impl Place {
    fn of(target: &Target) -> Self {
        let known = |value: &Known<String>| value.value().cloned();
        let named = target.resources.iter().map(|named| format!("{}:{}", named.kind, named.path));
        Self {
            region: known(&target.region),
            project: known(&target.project),
            enterprise_project: known(&target.enterprise_project),
            resources: named.collect(),
        }
    }
}

struct Trace<'a> {
    principal: &'a Principal,
    verdict: &'a Verdict,
}

impl Trace<'_> {
    fn guardrails(&self) -> Vec<Considered> {
        let mut all = Vec::new();
        for (level, guardrail) in self.principal.guardrails.iter().enumerate() {
            for (index, policy) in guardrail.policies.iter().enumerate() {
                let is_its = |origin| origin == Origin::Guardrail { level, policy: Some(index) };
                all.push(self.considered(policy, guardrail.name.clone(), None, is_its));
            }
            let is_its = |origin| origin == Origin::Guardrail { level, policy: None };
            let statements = self.said(is_its);
            if !statements.is_empty() {
                let (policy, scope) = (String::from("all of this level"), guardrail.name.clone());
                all.push(Considered { policy, version: "5.0", scope, bound: None, statements });
            }
        }
        all
    }

    fn considered(
        &self,
        policy: &PolicySource,
        scope: String,
        bound: Option<Location>,
        is_its: impl Fn(Origin) -> bool,
    ) -> Considered {
        let (name, version) = (policy.name.clone(), policy.policy.version.as_str());
        Considered { policy: name, version, scope, bound, statements: self.said(is_its) }
    }

    fn said(&self, is_its: impl Fn(Origin) -> bool) -> Vec<Said> {
        self.verdict.steps.iter().filter(|step| is_its(step.origin)).map(|step| self.step(step)).collect()
    }

    fn step(&self, step: &Step) -> Said {
        let (outcome, reason) = match &step.outcome {
            Outcome::Applies => ("applies", None),
            Outcome::Open(why) => ("open", Some(why)),
            Outcome::Unsupported(why) => ("unsupported-scope", Some(why)),
            Outcome::Elsewhere(why) => ("elsewhere", Some(why)),
            Outcome::Void(why) => ("void", Some(why)),
            Outcome::Unrelated(why) => ("unrelated", Some(why)),
        };
        let is_level = matches!(step.origin, Origin::Guardrail { policy: None, .. });
        let nothing = is_level.then(|| String::from("no policy of this level lets it through"));
        Said {
            statement: step.statement.map(|index| index + 1),
            effect: if step.effect == Effect::Allow { "Allow" } else { "Deny" },
            outcome,
            reason: reason.map(ToString::to_string).or(nothing),
            pattern: self.pattern(step),
            decides: decides(self.verdict.decision, step),
            location: self.principal.place(step).map(|place| place.location()),
        }
    }

    fn pattern(&self, step: &Step) -> Option<String> {
        let span = step.pattern?;
        let statement = self.principal.policy(step)?.policy.statements.get(step.statement?)?;
        let patterns = statement.actions.patterns();
        patterns.iter().find(|pattern| pattern.span == span).map(|pattern| pattern.value.clone())
    }
}

/// Whether a step is one of those that a decision rests on.
fn decides(decision: Decision, step: &Step) -> bool {
    let is_grant = matches!(step.origin, Origin::Grant(_) | Origin::Trust);
    match (decision, &step.outcome, step.effect) {
        (Decision::Denied, Outcome::Applies, Effect::Deny) | (Decision::Conditional, Outcome::Open(_), _) => true,
        (Decision::Allowed, Outcome::Applies, Effect::Allow)
        | (Decision::UnsupportedScope, Outcome::Unsupported(_), Effect::Allow)
        | (Decision::ScopeMismatch, Outcome::Elsewhere(_), Effect::Allow) => is_grant,
        _ => false,
    }
}
