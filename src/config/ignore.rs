//! `ignore:` entries: findings that somebody has accepted, with a reason.

use globset::GlobMatcher;
use jiff::civil::Date;

use crate::source::Place;

/// One entry. Every part that is given has to match.
#[derive(Debug)]
pub struct Ignore {
    /// The rule.
    pub rule: Option<String>,
    /// A glob over actions.
    pub action: Option<GlobMatcher>,
    /// A glob over paths, relative to the configuration.
    pub path: Option<GlobMatcher>,
    /// The principal.
    pub principal: Option<String>,
    /// The address of the resource.
    pub resource: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it counts.
    pub expires: Option<Date>,
    /// Where it stands.
    pub place: Place,
}

/// The parts of a finding that an entry is held against.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The rule.
    pub rule: &'a str,
    /// The path, relative to the configuration.
    pub path: &'a std::path::Path,
    /// The principal.
    pub principal: Option<&'a str>,
    /// The address of the resource.
    pub resource: Option<&'a str>,
}

impl Ignore {
    /// Everything but the action matches.
    pub fn concerns(&self, candidate: Candidate<'_>) -> bool {
        let same =
            |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|name| Some(name) == found);
        same(&self.rule, Some(candidate.rule))
            && same(&self.principal, candidate.principal)
            && same(&self.resource, candidate.resource)
            && self.path.as_ref().is_none_or(|glob| glob.is_match(candidate.path))
    }

    /// The entry no longer counts on `today`.
    pub fn has_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| today > last)
    }
}
