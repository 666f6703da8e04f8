//! The platform's own policies as documents, and what stands for a policy that is not to be had.

use crate::authz::{Body, PolicySource};
use crate::catalog::{Catalog, PolicyKind, Reach, SystemPolicy};
use crate::policy::{Actions, Dependency, Effect, Kind, Located, Policy, Principals, Resources, Statement};
use crate::source::Span;

/// A policy of which only the name is known.
pub(super) fn hidden(name: &str) -> PolicySource {
    let policy = document(Kind::Policy, Vec::new(), Vec::new());
    PolicySource { body: Body::Hidden, ..PolicySource::new(name, None, policy) }
}

/// The service control policy that the platform attaches everywhere: it lets everything through.
pub(super) fn full_access() -> PolicySource {
    let allow = statement(Effect::Allow, Actions::Matching(everything()));
    PolicySource::new("FullAccess", None, document(Kind::ServiceControl, vec![allow], Vec::new()))
}

/// A service control policy of which only the name is known.
pub(super) fn hidden_guardrail(name: &str) -> PolicySource {
    let policy = document(Kind::ServiceControl, Vec::new(), Vec::new());
    PolicySource { body: Body::Hidden, ..PolicySource::new(name, None, policy) }
}

fn document(kind: Kind, statements: Vec<Statement>, depends: Vec<Located<Dependency>>) -> Policy {
    Policy { version: kind.version(), kind, span: Span::default(), statements, depends }
}

fn everything() -> Vec<Located<String>> {
    vec![nowhere(String::from("*"))]
}

/// A system-defined policy as the table knows it.
pub(super) fn system_policy(policy: &SystemPolicy<'_>, reach: Reach, catalog: &Catalog) -> PolicySource {
    let kind = match policy.kind {
        PolicyKind::Role => Kind::Role,
        PolicyKind::Policy => Kind::Policy,
        PolicyKind::Identity => Kind::Identity,
    };
    let body = match (policy.allow.is_empty() && policy.allow_perhaps.is_empty(), policy.assumed.is_empty()) {
        (false, true) => Body::Whole,
        (_, false) if only_reads(policy.name) => Body::ReadOnly,
        (_, false) => Body::Implied,
        (true, true) => Body::Hidden,
    };
    let allow = [policy.allow.as_slice(), policy.assumed.as_slice()].concat();
    let granted = if policy.not_granted.is_empty() {
        Actions::Matching(located(&allow))
    } else {
        Actions::MatchingExcept(located(&allow), located(&policy.not_granted))
    };
    let said = [
        (Effect::Allow, granted),
        (Effect::Deny, Actions::Matching(located(&policy.deny))),
        (Effect::Allow, Actions::Perhaps(located(&policy.allow_perhaps))),
        (Effect::Deny, Actions::Perhaps(located(&policy.deny_perhaps))),
    ];
    let statements = said
        .into_iter()
        .filter(|(_, actions)| !actions.patterns().is_empty())
        .map(|(effect, actions)| statement(effect, actions))
        .collect();
    // Policies name others that go well with them; only roles take no effect alone.
    let depends: &[&str] = if kind == Kind::Role { &policy.depends } else { &[] };
    let by_its_name = |name: &&str| dependency(catalog.policy(name).map_or(*name, |policy| policy.name));
    let depends = depends.iter().map(by_its_name).collect();
    PolicySource { body, reach, ..PolicySource::new(policy.name, None, document(kind, statements, depends)) }
}

fn dependency(name: &str) -> Located<Dependency> {
    nowhere(Dependency { catalog: None, display_name: nowhere(name.to_owned()) })
}

fn nowhere<T>(value: T) -> Located<T> {
    Located { value, span: Span::default() }
}

/// Patterns that stand in no file, each with a span of its own to know it by.
fn located(patterns: &[&str]) -> Vec<Located<String>> {
    let numbered = patterns.iter().enumerate();
    numbered.map(|(at, pattern)| Located { value: (*pattern).to_owned(), span: Span::new(at, at) }).collect()
}

fn only_reads(name: &str) -> bool {
    ["ReadOnlyAccess", "Viewer"].iter().any(|word| name.ends_with(word))
}

fn statement(effect: Effect, actions: Actions) -> Statement {
    Statement {
        span: Span::default(),
        effect,
        principals: Principals::None,
        actions,
        resources: Resources::All,
        conditions: Vec::new(),
    }
}
