//! What a principal is granted and does not need: the known actions that its policies' patterns take in, as far as its
//! grants allow them somewhere, without those that something which it deploys needs or may need.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::needs::service_of;
use crate::authz::{Anywhere, Grant, Pattern, Principal, Wanted};
use crate::catalog::Catalog;
use crate::policy::{Actions, Effect, Located, Statement};
use crate::project::{Deployer, Needs};
use crate::source::Location;

/// How far a pattern reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breadth {
    /// Into every service: nobody counts that.
    EveryService,
    /// Into one service, of which something is needed that it takes in.
    MoreThanNeeded,
    /// Nothing that it takes in is needed.
    NotNeeded,
}

/// A pattern that gives a principal more than it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excess {
    /// The pattern; `NotAction` where a statement names what it leaves out.
    pub pattern: String,
    /// How far it reaches.
    pub breadth: Breadth,
    /// The policy.
    pub policy: String,
    /// Where the pattern stands; none in a system-defined policy.
    pub location: Option<Location>,
    /// For what the policy is granted.
    pub scope: String,
    /// The known actions that it gives and that are not needed, sorted; the pattern itself where none is known.
    pub actions: Vec<String>,
}

/// The known actions of the services that policies name: of one kind of policy each.
pub(super) struct Known<'c>(HashMap<(String, bool), Vec<&'c str>>);

impl<'c> Known<'c> {
    pub(super) fn of(deployers: &[Deployer], catalog: &'c Catalog) -> Self {
        let grants = deployers.iter().flat_map(|deployer| &deployer.principal.grants);
        let asked: BTreeSet<(String, bool)> = grants
            .flat_map(|grant| allowing(grant).flat_map(|(_, patterns)| patterns).map(move |pattern| (grant, pattern)))
            .map(|(grant, pattern)| (service_of(&pattern.value), is_identity(grant)))
            .collect();
        let known = asked.into_iter().filter(|(service, _)| !service.contains('*')).map(|(service, is_identity)| {
            let is_of_kind = |action: &&str| {
                if is_identity {
                    catalog.is_identity_action(action)
                } else {
                    catalog.is_policy_action(action) || !catalog.is_identity_action(action)
                }
            };
            let actions = catalog.actions(&service).into_iter().filter(|action| !action.contains('*'));
            let actions = actions.filter(is_of_kind).collect();
            ((service, is_identity), actions)
        });
        Self(known.collect())
    }

    /// Those that a pattern takes in.
    fn taken_in(&self, pattern: &str, is_identity: bool) -> Vec<&'c str> {
        let known = self.0.get(&(service_of(pattern), is_identity));
        let pattern = Pattern::new(pattern);
        known.into_iter().flatten().copied().filter(|action| pattern.covers(&Pattern::new(action))).collect()
    }
}

/// What a principal has beyond its needs, in the order of its grants.
pub(super) fn of<'c>(principal: &Principal, needs: &Needs, known: &Known<'c>, catalog: &'c Catalog) -> Vec<Excess> {
    let kinds = [false, true].map(|is_identity| Asked::new(principal, needs, is_identity, known, catalog));
    let mut found = Vec::new();
    for grant in &principal.grants {
        let asked = kinds.iter().find(|asked| asked.is_identity == is_identity(grant));
        let Some(asked) = asked else { continue };
        for (statement, patterns) in allowing(grant) {
            if let Actions::Except(_) = statement.actions {
                let at = grant.policy.place(statement.span).map(|place| place.location());
                found.push(excess(grant, "NotAction", Breadth::EveryService, at, Vec::new()));
                continue;
            }
            found.extend(patterns.iter().filter_map(|pattern| asked.of_pattern(grant, pattern)));
        }
    }
    found
}

fn excess(grant: &Grant, pattern: &str, breadth: Breadth, location: Option<Location>, actions: Vec<String>) -> Excess {
    let (policy, scope) = (grant.policy.name.clone(), grant.scope.to_string());
    Excess { pattern: pattern.to_owned(), breadth, policy, location, scope, actions }
}

/// The statements of a grant that allow something, with their patterns.
fn allowing(grant: &Grant) -> impl Iterator<Item = (&Statement, &[Located<String>])> {
    let statements = grant.policy.policy.statements.iter().filter(|statement| statement.effect == Effect::Allow);
    statements.map(|statement| (statement, statement.actions.patterns()))
}

fn is_identity(grant: &Grant) -> bool {
    grant.policy.policy.version.is_identity()
}

/// What one kind of policy of a principal is asked about.
struct Asked<'r, 'c> {
    is_identity: bool,
    wanted: Wanted<'r>,
    known: &'r Known<'c>,
    /// Actions of its patterns' services that it does not need, and is allowed somewhere.
    surplus: BTreeSet<&'c str>,
}

impl<'r, 'c> Asked<'r, 'c> {
    fn new(
        principal: &Principal,
        needs: &'r Needs,
        is_identity: bool,
        known: &'r Known<'c>,
        catalog: &'c Catalog,
    ) -> Self {
        let wanted = Wanted::new(needs.requirements.iter(), is_identity);
        let grants = principal.grants.iter().filter(|grant| self::is_identity(grant) == is_identity);
        let patterns: BTreeSet<&str> = grants
            .flat_map(|grant| allowing(grant).flat_map(|(_, patterns)| patterns))
            .map(|pattern| pattern.value.as_str())
            .collect();
        let taken_in: BTreeSet<&str> =
            patterns.into_iter().flat_map(|pattern| known.taken_in(pattern, is_identity)).collect();
        let unneeded: Vec<&str> = taken_in.into_iter().filter(|action| !wanted.may_be_met_by(action)).collect();
        let anywhere = Anywhere::new(is_identity, unneeded.iter(), principal, catalog);
        let surplus = unneeded.iter().copied().filter(|action| anywhere.allowed(action).is_some()).collect();
        Self { is_identity, wanted, known, surplus }
    }

    fn of_pattern(&self, grant: &Grant, pattern: &Located<String>) -> Option<Excess> {
        let location = || grant.policy.place(pattern.span).map(|place| place.location());
        let text = pattern.value.as_str();
        if service_of(text).contains('*') {
            return Some(excess(grant, text, Breadth::EveryService, location(), Vec::new()));
        }
        let taken_in = self.known.taken_in(text, self.is_identity);
        let surplus = taken_in.iter().filter(|action| self.surplus.contains(**action));
        let mut actions: Vec<String> = surplus.map(|action| (*action).to_owned()).collect();
        let is_needed = self.wanted.may_be_met_by(text);
        if taken_in.is_empty() && !is_needed {
            actions.push(text.to_owned());
        }
        let breadth = if is_needed { Breadth::MoreThanNeeded } else { Breadth::NotNeeded };
        (!actions.is_empty()).then(|| excess(grant, text, breadth, location(), actions))
    }
}
