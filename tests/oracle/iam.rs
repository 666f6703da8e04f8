//! Plain two-valued IAM, written from its documentation: default deny, a Deny wins, two engines side by side.

use grantlint::authz::{Body, Grant, IdentityName, Known, Principal, Requirement, Scope, Target};
use grantlint::catalog::Reach;
use grantlint::policy::{Actions, Condition, Effect, Located, Resources, Statement, Version};

use crate::glob::{action_matches, segments, text_matches};
use crate::worlds::{Unknown, World};

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

/// Where a grant's scope leaves an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Yes,
    Elsewhere,
    Unsupported,
}

/// A need, where it arises, and what a principal holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) requirement: &'a Requirement,
    pub(crate) target: &'a Target,
    pub(crate) principal: &'a Principal,
}

/// A name of the action, as one engine looks for it.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    /// Any 1.1 name.
    Any1,
    /// The 5.0 name with this index.
    Name5(usize),
}

/// What statements that match have added up to.
#[derive(Debug, Default)]
struct Sum {
    allows: Vec<Reached>,
    denies: bool,
}

impl Case<'_> {
    /// The outcome in one world.
    pub(crate) fn outcome(&self, world: &mut World) -> Outcome {
        let older = self.sum(world, Wanted::Any1);
        let needed = 0..self.requirement.names_5.len().max(1);
        let newer: Vec<Sum> = needed.map(|index| self.sum(world, Wanted::Name5(index))).collect();
        let all = || newer.iter().chain([&older]);
        let allows = |sum: &Sum| sum.allows.contains(&Reached::Yes);
        let any = |reached| all().any(|sum| sum.allows.contains(&reached));
        match () {
            () if all().any(|sum| sum.denies) => Outcome::Denied,
            () if allows(&older) || newer.iter().all(allows) => Outcome::Allowed,
            () if any(Reached::Elsewhere) => Outcome::Elsewhere,
            () if any(Reached::Unsupported) => Outcome::Unsupported,
            () => Outcome::Nothing,
        }
    }

    fn sum(&self, world: &mut World, wanted: Wanted) -> Sum {
        let mut sum = Sum::default();
        let is_newer = matches!(wanted, Wanted::Name5(_));
        for (index, grant) in self.principal.grants.iter().enumerate() {
            let source = &grant.policy;
            if (source.policy.version == Version::V5_0) != is_newer {
                continue;
            }
            for (number, statement) in source.policy.statements.iter().enumerate() {
                if self.applies(world, wanted, statement, (index, number)) {
                    let reached = self.reached(world, index, grant);
                    match statement.effect {
                        Effect::Allow => sum.allows.push(reached),
                        Effect::Deny => sum.denies |= reached == Reached::Yes,
                    }
                }
            }
            let name = if let Wanted::Name5(name) = wanted { name } else { 0 };
            if source.body != Body::Whole && world.bit(Unknown::Hidden(index, name)) {
                sum.allows.push(self.reached(world, index, grant));
            }
        }
        sum
    }

    fn applies(&self, world: &mut World, wanted: Wanted, statement: &Statement, at: (usize, usize)) -> bool {
        self.is_about(world, wanted, &statement.actions, at)
            && self.takes_in(world, &statement.resources)
            && statement.conditions.iter().all(|condition| world.bit(Unknown::Condition(text_of(condition))))
    }

    fn is_about(&self, world: &mut World, wanted: Wanted, actions: &Actions, (grant, number): (usize, usize)) -> bool {
        let any = |world: &mut World, patterns: &[Located<String>]| {
            patterns.iter().any(|pattern| self.matches(world, wanted, &pattern.value))
        };
        match (actions, wanted) {
            (Actions::Matching(patterns), _) => any(world, patterns),
            (Actions::MatchingExcept(patterns, except), _) => any(world, patterns) && !any(world, except),
            (Actions::Except(patterns), Wanted::Name5(name)) => {
                !any(world, patterns)
                    && (self.requirement.names_5.get(name).is_some_and(|name| !name.aliases.is_empty())
                        || !world.bit(Unknown::Unlisted(grant, number, name)))
            }
            (Actions::Perhaps(patterns), _) => any(world, patterns) && world.bit(Unknown::Perhaps(grant, number)),
            (Actions::Except(_), Wanted::Any1) => unreachable!("`NotAction` is of version 5.0 only"),
        }
    }

    fn matches(&self, world: &mut World, wanted: Wanted, pattern: &str) -> bool {
        let Requirement { names_1, names_5, .. } = self.requirement;
        let by = |name: &String| action_matches(pattern, name);
        let newer = |name: &IdentityName| name.name.clone();
        match wanted {
            Wanted::Any1 if names_1.is_empty() => {
                let known: Vec<String> = names_5.iter().map(newer).collect();
                world.ask(Unknown::Name1, &self.possible_names(&known), by)
            }
            Wanted::Any1 => {
                names_1.iter().any(by)
                    || (!self.requirement.knows_names_1
                        && names_5
                            .iter()
                            .enumerate()
                            .any(|(index, name)| by(&name.name) && world.bit(Unknown::Newer(index))))
            }
            Wanted::Name5(_) if names_5.is_empty() => world.ask(Unknown::Name5, &self.possible_names(names_1), by),
            Wanted::Name5(index) => {
                by(&names_5[index].name)
                    || names_5[index].aliases.iter().any(by)
                    || (!self.requirement.knows_names_5 && world.ask(Unknown::Name5, &self.possible_names(names_1), by))
                    || names_1.iter().enumerate().any(|(index, name)| by(name) && world.bit(Unknown::Alias(index)))
            }
        }
    }

    /// The names that an action may have that the table has no name of: any of its service. Enough of them that every
    /// pattern that takes in a part of the service takes in some and leaves some.
    fn possible_names(&self, other_names: &[String]) -> Vec<String> {
        let service = segments(&self.requirement.action)[0].clone();
        let mut names = vec![format!("{service}:zz:zz")];
        names.extend(other_names.iter().cloned());
        let statements = self.principal.grants.iter().flat_map(|grant| &grant.policy.policy.statements);
        for pattern in statements.flat_map(|statement| statement.actions.patterns()) {
            let parts = segments(&pattern.value);
            if text_matches(&parts[0], &service) {
                let part = |index: usize| parts.get(index).map_or("q", String::as_str).replace('*', "q");
                names.push(format!("{service}:{}:{}", part(1), part(2)));
            }
        }
        names
    }

    fn takes_in(&self, world: &mut World, resources: &Resources) -> bool {
        let any = |world: &mut World, patterns: &[Located<String>]| {
            patterns.iter().any(|pattern| self.takes_in_one(world, &pattern.value.to_lowercase()))
        };
        match resources {
            Resources::All => true,
            Resources::Matching(patterns) => any(world, patterns),
            Resources::Except(patterns) => !any(world, patterns),
            Resources::Agencies(patterns) => {
                patterns.iter().any(|pattern| world.bit(Unknown::Resource("agency", pattern.value.clone())))
            }
        }
    }

    /// service : region : account : type : path
    fn takes_in_one(&self, world: &mut World, pattern: &str) -> bool {
        if pattern == "*" {
            return true;
        }
        let parts: Vec<&str> = pattern.splitn(5, ':').collect();
        let own = segments(&self.requirement.action);
        let &[service, region, account, kind, path] = parts.as_slice() else {
            return world.bit(Unknown::Resource("all", pattern.to_owned()));
        };
        let open = |world: &mut World, part: &'static str, text: &str| {
            text.is_empty() || text == "*" || world.bit(Unknown::Resource(part, text.to_owned()))
        };
        let is_service = text_matches(service, &own[0]);
        (is_service || open(world, "service", service))
            && (region.is_empty() || region == "*" || self.in_region(world, region))
            && open(world, "account", account)
            && (text_matches(kind, &own[1]) || (own[0] != "obs" && open(world, "kind", &parts[..4].join(":"))))
            && open(world, "path", path)
    }

    fn in_region(&self, world: &mut World, region: &str) -> bool {
        match &self.target.region {
            // Resources of a global service name no region: what one that a pattern names means is not known.
            _ if self.requirement.reach != Reach::Regional => world.bit(Unknown::Resource("region", region.to_owned())),
            Known::Is(own) => text_matches(region, own),
            Known::Unknown(_) => {
                let regions = ["zz", "cn-north-4", "cn-east-3"];
                world.ask(Unknown::Region, &regions, |own| text_matches(region, own))
            }
        }
    }

    fn reached(&self, world: &mut World, index: usize, grant: &Grant) -> Reached {
        match (grant.policy.policy.version, &grant.scope) {
            (_, Scope::All) => Reached::Yes,
            (Version::V5_0, _) => yes_or(world.bit(Unknown::Scoped(index)), Reached::Elsewhere),
            (_, Scope::Global) => yes_or(self.is_global(world), Reached::Elsewhere),
            (_, Scope::Projects(names)) => self.in_projects(world, names),
            (Version::V1_0, Scope::EnterpriseProjects(_)) => Reached::Unsupported,
            (Version::V1_1, Scope::EnterpriseProjects(names)) => self.in_enterprise_projects(world, names),
        }
    }

    fn is_global(&self, world: &mut World) -> bool {
        match self.requirement.reach {
            Reach::Global => true,
            Reach::Regional => false,
            Reach::Unknown => world.bit(Unknown::Global),
        }
    }

    /// A grant for a project does nothing for a global service, unless the page of the API itself says it does.
    fn in_projects(&self, world: &mut World, names: &[String]) -> Reached {
        let column = self.requirement.supports.project;
        // Regional services are authorized by IAM project, as the documents of each say, also where a page has no column.
        let is_supported = column.or((self.requirement.reach == Reach::Regional).then_some(true));
        if !is_supported.unwrap_or_else(|| world.bit(Unknown::ProjectColumn)) {
            return Reached::Unsupported;
        }
        let is_project = match &self.target.project {
            Known::Is(own) => names.contains(own),
            Known::Unknown(_) => {
                let projects = ["zz", "cn-north-4", "cn-east-3", "cn-north-4_dev"];
                world.ask(Unknown::Project, &projects, |own| names.iter().any(|name| name == own))
            }
        };
        let does_nothing = match (self.requirement.reach, column) {
            (Reach::Regional, _) | (Reach::Unknown, Some(true)) => false,
            (Reach::Global, Some(true)) => is_project && world.bit(Unknown::GuideIsRight),
            (Reach::Unknown, _) => is_project && world.bit(Unknown::Global),
            (Reach::Global, _) => true,
        };
        yes_or(is_project && !does_nothing, Reached::Elsewhere)
    }

    fn in_enterprise_projects(&self, world: &mut World, names: &[String]) -> Reached {
        let column = self.requirement.supports.enterprise_project;
        if !column.unwrap_or_else(|| world.bit(Unknown::EnterpriseColumn)) {
            return Reached::Unsupported;
        }
        let id = |name: &str| if name == "default" { String::from("0") } else { name.to_owned() };
        let among = |own: &str| names.iter().any(|name| id(name) == id(own));
        let is_among = match &self.target.enterprise_project {
            Known::Is(own) => among(own),
            Known::Unknown(_) => world.ask(Unknown::EnterpriseProject, &["zz", "0", "prod", "dev"], |own| among(own)),
        };
        yes_or(is_among, Reached::Elsewhere)
    }
}

fn yes_or(holds: bool, otherwise: Reached) -> Reached {
    if holds { Reached::Yes } else { otherwise }
}

fn text_of(condition: &Condition) -> String {
    let values: Vec<&str> = condition.values.iter().map(|value| value.value.as_str()).collect();
    format!("{} {} {}", condition.operator.value, condition.key.value, values.join(","))
}
