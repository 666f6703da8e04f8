//! Grants, and the policies that they bind, each policy once.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;

use super::Cited;
use crate::authz::{Body, Grant, PolicySource, Principal, Scope};
use crate::catalog::Catalog;
use crate::policy::{Actions, Effect, Kind, Resources, Statement};
use crate::source::{Location, Place};

/// A policy bound to a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GrantCard {
    /// The policy.
    pub policy: String,
    /// For what it is granted.
    pub scope: String,
    /// Why only a run can tell for what; none where the files say it.
    pub open: Option<String>,
    /// Where it is bound; none where the configuration, or nothing, does so.
    pub bound: Option<Location>,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyCard {
    /// The path of its file, or its name.
    pub name: String,
    /// What it is, as a person reads it.
    pub kind: &'static str,
    /// Where it stands; none where it is system-defined.
    pub location: Option<Location>,
    /// Where the table read it; none where a file holds it, or the table does not know it.
    pub source: Option<Cited>,
    /// What is known of it is only a part; why.
    pub partly: Option<&'static str>,
    /// What it says.
    pub statements: Vec<StatementCard>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementCard {
    /// It allows; else it denies.
    pub allows: bool,
    /// It is about all actions but these.
    pub all_but: bool,
    /// Its patterns.
    pub actions: Vec<String>,
    /// Patterns of the resources that it is limited to.
    pub resources: Vec<String>,
    /// Its conditions: `StringEquals g:RequestedRegion`.
    pub conditions: Vec<String>,
    /// It holds under a condition or for some resources, without these.
    pub perhaps: bool,
}

impl GrantCard {
    pub(super) fn new(grant: &Grant) -> Self {
        let open = if let Scope::Open(why) = &grant.scope { Some(why.clone()) } else { None };
        let bound = grant.place.as_ref().map(Place::location);
        Self { policy: grant.policy.name.clone(), scope: grant.scope.to_string(), open, bound }
    }
}

/// The levels that a principal's account stands under, each with the names of its policies.
pub(super) fn guardrails(principal: &Principal) -> Vec<(String, Vec<String>)> {
    let level = |level: &crate::authz::Level| {
        (level.name.clone(), level.policies.iter().map(|policy| policy.name.clone()).collect())
    };
    principal.guardrails.iter().map(level).collect()
}

/// The policies that some principals hold, stand under or are assumed by, each once.
pub(super) fn policies<'p>(principals: impl Iterator<Item = &'p Principal>, catalog: &Catalog) -> Vec<PolicyCard> {
    let mut seen: HashSet<(&str, Option<u32>)> = HashSet::new();
    let mut cards = Vec::new();
    for principal in principals {
        let granted = principal.grants.iter().map(|grant| &grant.policy);
        let guarding = principal.guardrails.iter().flat_map(|level| &level.policies);
        for policy in granted.chain(guarding).chain(&principal.trust) {
            let at = policy.file.as_ref().map(|_| policy.policy.span.start);
            if seen.insert((&policy.name, at)) {
                cards.push(PolicyCard::new(policy, catalog));
            }
        }
    }
    cards
}

impl PolicyCard {
    fn new(policy: &Arc<PolicySource>, catalog: &Catalog) -> Self {
        let row = policy.file.is_none().then(|| catalog.policy(&policy.name)).flatten();
        let extension = row.as_ref().and_then(|row| {
            let listed = catalog.policies_by_name();
            let own = listed.into_iter().find(|(name, _)| *name == row.name);
            own.and_then(|(_, listed)| listed.extension)
        });
        Self {
            name: policy.name.clone(),
            kind: kind(policy),
            location: policy.place(policy.policy.span).map(|place| place.location()),
            source: row.map(|row| Cited::new(row.source, extension)),
            partly: partly(policy.body),
            statements: policy.policy.statements.iter().map(StatementCard::new).collect(),
        }
    }
}

fn kind(policy: &PolicySource) -> &'static str {
    let is_system = policy.file.is_none();
    match policy.policy.kind {
        Kind::Role if is_system => "system-defined role (1.0)",
        Kind::Policy if is_system => "system-defined policy (1.1)",
        Kind::Identity if is_system => "system-defined identity policy (5.0)",
        Kind::Role => "role (1.0)",
        Kind::Policy => "custom policy (1.1)",
        Kind::Identity => "custom identity policy (5.0)",
        Kind::Trust => "trust policy (5.0)",
        Kind::ServiceControl => "service control policy (5.0)",
    }
}

fn partly(body: Body) -> Option<&'static str> {
    match body {
        Body::Whole => None,
        Body::Implied => Some("only what its name implies is known"),
        Body::ReadOnly => Some("only that it reads is known"),
        Body::Hidden => Some("nothing is known of what it says"),
    }
}

impl StatementCard {
    fn new(statement: &Statement) -> Self {
        let texts = |located: &[crate::policy::Located<String>]| located.iter().map(|own| own.value.clone()).collect();
        let resources = match &statement.resources {
            Resources::All => Vec::new(),
            Resources::Matching(patterns) | Resources::Agencies(patterns) => texts(patterns),
            Resources::Except(patterns) => patterns.iter().map(|own| format!("all but {}", own.value)).collect(),
        };
        let conditions = statement.conditions.iter();
        Self {
            allows: statement.effect == Effect::Allow,
            all_but: matches!(statement.actions, Actions::Except(_)),
            actions: texts(statement.actions.patterns()),
            resources,
            conditions: conditions.map(|own| format!("{} {}", own.operator.value, own.key.value)).collect(),
            perhaps: matches!(statement.actions, Actions::Perhaps(_)),
        }
    }
}
