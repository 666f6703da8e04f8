//! Plain two-valued IAM, written from its documentation: default deny, a Deny wins, two engines side by side, under
//! service control policies.

use grantlint::authz::{Body, IdentityName};
use grantlint::policy::{Effect, Version};

use crate::case::{Case, Element, PolicyDraft, StatementDraft};
use crate::glob::{action_matches, segments, text_matches};
use crate::scopes::Reached;
use crate::worlds::{Place, Unknown, World};

/// What one world says of a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Allowed,
    Denied,
    /// Not allowed; but granted for another place.
    Elsewhere,
    /// Not allowed; but granted in a scope that the API does not honour.
    Unsupported,
    Nothing,
}

/// Whether a statement, or a part of it, is about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Held {
    No,
    /// But for the place of the operation.
    Elsewhere,
    Yes,
}

/// A name of the action, as one engine looks for it.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    /// Any 1.1 name.
    Any1,
    /// Any 1.1 name, in a role: roles have names of their own for the actions of their service.
    Role,
    /// The 5.0 name with this index.
    Name5(usize),
}

/// What statements that match have added up to.
#[derive(Debug, Default)]
struct Sum {
    allows: Vec<Reached>,
    denies: bool,
}

impl Case {
    /// The outcome in one world.
    pub(crate) fn outcome(&self, world: &mut World) -> Outcome {
        let older = self.sum(world, Wanted::Any1);
        let needed = 0..self.requirement.names_5.len().max(1);
        let newer: Vec<Sum> = needed.map(|index| self.sum(world, Wanted::Name5(index))).collect();
        let all = || newer.iter().chain([&older]);
        let allows = |sum: &Sum| sum.allows.contains(&Reached::Yes);
        let any = |reached| all().any(|sum| sum.allows.contains(&reached));
        match () {
            () if all().any(|sum| sum.denies) || self.is_cut(world) => Outcome::Denied,
            () if allows(&older) || newer.iter().all(allows) => Outcome::Allowed,
            () if any(Reached::Elsewhere) => Outcome::Elsewhere,
            () if any(Reached::Unsupported) => Outcome::Unsupported,
            () => Outcome::Nothing,
        }
    }

    fn sum(&self, world: &mut World, wanted: Wanted) -> Sum {
        let mut sum = Sum::default();
        let is_newer = matches!(wanted, Wanted::Name5(_));
        for (index, grant) in self.grants.iter().enumerate() {
            let policy = &grant.policy;
            if (policy.version == Version::V5_0) != is_newer {
                continue;
            }
            for (number, statement) in policy.statements.iter().enumerate() {
                let wanted = if policy.version == Version::V1_0 { Wanted::Role } else { wanted };
                let held = self.held(world, wanted, statement, (index, number));
                if held == Held::No || (held == Held::Elsewhere && statement.effect == Effect::Deny) {
                    continue;
                }
                if !self.takes_effect(world, grant) {
                    continue;
                }
                let reached = self.reached(world, index, grant);
                match (statement.effect, reached, held) {
                    (Effect::Deny, ..) => sum.denies |= reached == Reached::Yes,
                    (Effect::Allow, Reached::Unsupported, Held::Elsewhere) if world.bit(Unknown::Reason) => {
                        sum.allows.push(reached);
                    }
                    (Effect::Allow, _, Held::Elsewhere) => sum.allows.push(Reached::Elsewhere),
                    (Effect::Allow, ..) => sum.allows.push(reached),
                }
            }
            let name = if let Wanted::Name5(name) = wanted { name } else { 0 };
            let is_whole = policy.body == Body::Whole;
            if !is_whole && world.bit(Unknown::Hidden(index, name)) && self.takes_effect(world, grant) {
                sum.allows.push(self.reached(world, index, grant));
            }
        }
        sum
    }

    /// What the service control policies of any level do not let through is cut; a service that has no identity policies
    /// perhaps does not stand under them.
    fn is_cut(&self, world: &mut World) -> bool {
        let names = &self.requirement.names_5;
        let mut levels = self.guardrails.iter().enumerate();
        let is_cut = levels.any(|level| (0..names.len().max(1)).any(|name| !self.lets_through(world, level, name)));
        is_cut && (!names.is_empty() || world.bit(Unknown::IsGuarded))
    }

    fn lets_through(&self, world: &mut World, (level, policies): (usize, &Vec<PolicyDraft>), name: usize) -> bool {
        let mut does = |effect: Effect| {
            let hidden = if effect == Effect::Allow { Unknown::Hidden } else { Unknown::HiddenDeny };
            policies.iter().enumerate().any(|(index, policy)| {
                let index = 100 * (level + 1) + index;
                let mut statements = policy.statements.iter().enumerate().filter(|(_, other)| other.effect == effect);
                statements.any(|(number, it)| self.held(world, Wanted::Name5(name), it, (index, number)) == Held::Yes)
                    || (policy.body != Body::Whole && world.bit(hidden(index, name)))
            })
        };
        !does(Effect::Deny) && does(Effect::Allow)
    }

    fn held(&self, world: &mut World, wanted: Wanted, statement: &StatementDraft, at: Place) -> Held {
        if !self.is_about(world, wanted, statement, at) {
            return Held::No;
        }
        let name = if let Wanted::Name5(index) = wanted { self.requirement.names_5.get(index) } else { None };
        match self.takes_in(world, name, statement.resources.as_ref()) {
            Held::No => Held::No,
            taken_in => taken_in.min(self.conditions(world, name, &statement.conditions)),
        }
    }

    fn is_about(&self, world: &mut World, wanted: Wanted, statement: &StatementDraft, at: Place) -> bool {
        let any = |world: &mut World, patterns: &[String]| {
            patterns.iter().any(|pattern| self.matches(world, wanted, pattern))
        };
        let is_among = any(world, &statement.patterns);
        match statement.element {
            Element::These => {
                is_among && !any(world, &statement.but) && (!statement.is_perhaps || world.bit(Unknown::Perhaps(at)))
            }
            Element::Not => {
                let Wanted::Name5(index) = wanted else { unreachable!("`NotAction` is of version 5.0 only") };
                let knows = |name: &IdentityName| !name.aliases.is_empty();
                !is_among
                    && (self.requirement.names_5.get(index).is_some_and(knows)
                        || !world.bit(Unknown::Unlisted(at, index)))
            }
        }
    }

    fn matches(&self, world: &mut World, wanted: Wanted, pattern: &str) -> bool {
        let requirement = &self.requirement;
        let names_1 = &requirement.names_1;
        let names_5 = &requirement.names_5;
        let by = |name: &String| action_matches(pattern, name);
        let others = || names_5.iter().map(|name| name.name.clone()).collect::<Vec<_>>();
        match wanted {
            Wanted::Any1 if names_1.is_empty() => world.ask(Unknown::Name1, &self.possible_names(&others()), by),
            Wanted::Any1 => {
                let mut newer = names_5.iter().enumerate().filter(|(_, name)| by(&name.name));
                names_1.iter().any(by)
                    || (!requirement.knows_names_1 && newer.any(|(index, _)| world.bit(Unknown::Newer(index))))
            }
            Wanted::Role => {
                let others = requirement.other_services.iter().map(String::as_str);
                let mut services = others.chain([segments(&requirement.action)[0]]);
                let is_of_service = services.any(|own| segments(pattern)[0].eq_ignore_ascii_case(own));
                self.matches(world, Wanted::Any1, pattern)
                    || (is_of_service && world.bit(Unknown::RoleName(pattern.to_ascii_lowercase())))
            }
            Wanted::Name5(_) if names_5.is_empty() => world.ask(Unknown::Name5, &self.possible_names(names_1), by),
            Wanted::Name5(index) => {
                by(&names_5[index].name)
                    || names_5[index].aliases.iter().any(by)
                    || (!requirement.knows_names_5 && world.ask(Unknown::Name5, &self.possible_names(names_1), by))
                    || names_1.iter().enumerate().any(|(index, name)| by(name) && world.bit(Unknown::Alias(index)))
            }
        }
    }

    /// The names that an action may have that the table has no name of: any of its service. Enough of them that every
    /// pattern that takes in a part of the service takes in some and leaves some.
    fn possible_names(&self, other_names: &[String]) -> Vec<String> {
        let mut names = other_names.to_vec();
        let policies = self.grants.iter().map(|grant| &grant.policy).chain(self.guardrails.iter().flatten());
        let statements: Vec<&StatementDraft> = policies.flat_map(|policy| &policy.statements).collect();
        let own = segments(&self.requirement.action)[0];
        for service in std::iter::once(own).chain(self.requirement.other_services.iter().map(String::as_str)) {
            names.push(format!("{service}:zz:zz"));
            for pattern in statements.iter().flat_map(|statement| statement.patterns.iter().chain(&statement.but)) {
                let parts = segments(pattern);
                if text_matches(parts[0], service) {
                    let part = |index: usize| parts.get(index).map_or("q", |part| *part).replace('*', "q");
                    names.push(format!("{service}:{}:{}", part(1), part(2)));
                }
            }
        }
        names
    }
}
