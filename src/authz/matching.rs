//! Whether a statement is about an action: by name, by alias, and by what is not known of names.

use super::{IdentityName, IdentityResource, Pattern, Requirement, Truth};
use crate::policy::{Actions, Located, MAX_ACTION_LENGTH};
use crate::source::Span;

/// How far a statement's action element is about an action, and by which pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) truth: Truth,
    pub(super) span: Option<Span>,
}

impl Match {
    const NO: Self = Self { truth: Truth::No, span: None };

    fn best(self, other: Self) -> Self {
        if other.truth > self.truth { other } else { self }
    }
}

/// What the names of an action are to one of the two engines.
#[derive(Debug)]
pub(super) struct Names<'r> {
    /// Any of these is the action.
    certain: Vec<Pattern>,
    /// Any of these may be the action: a name of the other engine whose relation the table does not know.
    possible: Vec<Pattern>,
    /// The services that the action may be of, for patterns that take in all of one.
    services: Vec<&'r str>,
    /// The same, and the services of all the names: a pattern of another service is about something else.
    met: Vec<&'r str>,
    /// All names of the action are known, so that one which matches none of them is another action.
    is_complete: bool,
    /// What is known of the action beside its names; of the newer engine's actions only.
    known: Option<&'r IdentityName>,
    /// Roles call actions otherwise than their pages do (`ELB:ELB:*`): a name of the service that is none of the
    /// action's may be the action all the same.
    are_of_roles: bool,
}

impl<'r> Names<'r> {
    /// To roles and policies (1.x).
    pub(super) fn of_1(requirement: &'r Requirement) -> Self {
        // A name of the newer engine may be one here too, unless the older engine is known to have its own.
        let names_5 = requirement.names_5.iter().filter(|_| !requirement.knows_names_1).map(|name| name.name.as_str());
        let own = Self::named(requirement, &texts(&requirement.names_1), &names_5.collect::<Vec<_>>());
        Self { is_complete: !requirement.names_1.is_empty(), ..own }
    }

    /// To roles (1.0).
    pub(super) fn of_roles(requirement: &'r Requirement) -> Self {
        Self { are_of_roles: true, ..Self::of_1(requirement) }
    }

    /// To identity policies (5.0): once for each name that the API needs.
    pub(super) fn of_5(requirement: &'r Requirement) -> Vec<Self> {
        let names_1 = texts(&requirement.names_1);
        if requirement.names_5.is_empty() {
            return vec![Self::named(requirement, &[], &names_1)];
        }
        let names = |known: &'r IdentityName| {
            let mut certain = vec![known.name.as_str()];
            certain.extend(texts(&known.aliases));
            let own = Self::named(requirement, &certain, &names_1);
            Self { is_complete: requirement.knows_names_5, known: Some(known), ..own }
        };
        requirement.names_5.iter().map(names).collect()
    }

    /// Names of which not all are known.
    fn named(requirement: &'r Requirement, certain: &[&'r str], possible: &[&'r str]) -> Self {
        let services = services(requirement);
        let mut met = services.clone();
        for service in certain.iter().chain(possible).map(|name| Pattern::service_in(name)) {
            if !met.iter().any(|known| known.eq_ignore_ascii_case(service)) {
                met.push(service);
            }
        }
        let (certain, possible) = (patterns(certain), patterns(possible));
        Self { certain, possible, services, met, is_complete: false, known: None, are_of_roles: false }
    }

    /// The condition keys that the action is documented to support.
    pub(super) fn keys(&self) -> &'r [String] {
        self.known.map_or(&[], |known| &known.keys)
    }

    /// The types of resources that it is documented to act on; empty where the table knows none.
    pub(super) fn resources(&self) -> &'r [IdentityResource] {
        self.known.map_or(&[], |known| &known.resources)
    }

    /// They are names that roles (1.0) may use.
    pub(super) fn are_of_roles(&self) -> bool {
        self.are_of_roles
    }

    /// The newer engine knows the action by a name that the table knows.
    pub(super) fn has_identity_name(&self) -> bool {
        self.known.is_some()
    }

    /// Is the action element about the action?
    pub(super) fn matched(&self, actions: &Actions) -> Match {
        match actions {
            Actions::Matching(patterns) => self.best(patterns),
            Actions::MatchingExcept(patterns, except) => {
                let matching = self.best(patterns);
                Match { truth: matching.truth.and(!self.best(except).truth), ..matching }
            }
            Actions::Perhaps(patterns) => {
                let matching = self.best(patterns);
                Match { truth: matching.truth.and(Truth::Unknown), ..matching }
            }
            Actions::Except(patterns) => {
                let excluded = self.best(patterns);
                // An alias that the table does not hold may stand among the exceptions.
                let knows_aliases = self.known.is_some_and(|known| !known.aliases.is_empty());
                let truth =
                    if excluded.truth == Truth::No && !knows_aliases { Truth::Unknown } else { !excluded.truth };
                Match { truth, span: patterns.first().map(|pattern| pattern.span) }
            }
        }
    }

    fn best(&self, patterns: &[Located<String>]) -> Match {
        patterns.iter().map(|pattern| self.by(pattern)).fold(Match::NO, Match::best)
    }

    fn by(&self, located: &Located<String>) -> Match {
        if located.value.len() > MAX_ACTION_LENGTH || !self.may_be_of(Pattern::service_in(&located.value)) {
            return Match::NO;
        }
        let truth = self.meant_by(&Pattern::new(&located.value));
        Match { truth, span: (truth != Truth::No).then_some(located.span) }
    }

    /// A pattern with this service may take in the action: most do not, and are told by that alone.
    fn may_be_of(&self, service: &str) -> bool {
        let is_same = |own: &&str| own.eq_ignore_ascii_case(service) || own.contains('*');
        self.met.iter().any(is_same) || service.contains('*')
    }

    /// Does a pattern take in the action?
    fn meant_by(&self, pattern: &Pattern) -> Truth {
        if self.certain.iter().any(|name| pattern.covers(name)) || self.takes_in_service(pattern) {
            Truth::Yes
        } else if self.certain.iter().chain(&self.possible).any(|name| pattern.meets(name))
            || (!self.is_complete && self.services.iter().any(|service| pattern.meets_service(service)))
            || (self.are_of_roles
                && self.services.iter().any(|service| service.eq_ignore_ascii_case(pattern.service())))
        {
            Truth::Unknown
        } else {
            Truth::No
        }
    }

    fn takes_in_service(&self, pattern: &Pattern) -> bool {
        !self.is_complete && self.services.iter().all(|service| pattern.covers_service(service))
    }
}

/// Actions that something needs, as one kind of policy names them.
#[derive(Debug)]
pub struct Wanted<'r>(Vec<Names<'r>>);

impl<'r> Wanted<'r> {
    /// As identity policies (5.0) name them, or as roles and policies (1.x) do.
    pub fn new(requirements: impl Iterator<Item = &'r Requirement>, is_identity: bool) -> Self {
        let names =
            requirements.flat_map(
                |requirement| {
                    if is_identity { Names::of_5(requirement) } else { vec![Names::of_1(requirement)] }
                },
            );
        Self(names.collect())
    }

    /// A pattern takes in one of them, or may do so.
    pub fn may_be_met_by(&self, pattern: &str) -> bool {
        let pattern = Pattern::new(pattern);
        self.0.iter().any(|names| names.meant_by(&pattern) != Truth::No)
    }
}

fn services(requirement: &Requirement) -> Vec<&str> {
    let own = requirement.service();
    let others = requirement.other_services.iter().map(String::as_str);
    std::iter::once(own).chain(others.filter(|other| !other.eq_ignore_ascii_case(own))).collect()
}

fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

fn patterns(names: &[&str]) -> Vec<Pattern> {
    names.iter().map(|name| Pattern::new(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::of_action;
    use crate::catalog::Catalog;

    /// How far the patterns are about copying an image, and which of them says so.
    fn matched(patterns: &[&str]) -> (Truth, Option<u32>) {
        let requirement = of_action("ims:images:copy", &Catalog::embedded());
        let located = |(start, text): (usize, &&str)| {
            let span = Span::new(start, start + 1);
            Located { value: (*text).to_owned(), span }
        };
        let actions = Actions::Matching(patterns.iter().enumerate().map(located).collect());
        let Match { truth, span } = Names::of_1(&requirement).matched(&actions);
        (truth, span.map(|span| span.start))
    }

    #[test]
    fn the_first_of_the_patterns_that_match_is_told() {
        assert_eq!(matched(&["ecs:*:*", "ims:*:*", "ims:images:copy"]), (Truth::Yes, Some(1)));
        assert_eq!(matched(&["ecs:*:*"]), (Truth::No, None));
    }

    #[test]
    fn a_pattern_that_is_longer_than_an_action_can_be_matches_none() {
        let longest = format!("ims:images:copy{}", "*".repeat(MAX_ACTION_LENGTH - "ims:images:copy".len()));
        assert_eq!(matched(&[&longest]), (Truth::Yes, Some(0)));
        assert_eq!(matched(&[&format!("{longest}*")]), (Truth::No, None));
    }
}
