//! `ignore:` entries: findings that somebody has accepted, with a reason.

use std::path::Path;

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
    /// The path as reports show it.
    pub path: &'a str,
    /// The principal.
    pub principal: Option<&'a str>,
    /// The address of the resource.
    pub resource: Option<&'a str>,
}

/// The entries of a configuration on one day.
#[derive(Debug, Clone, Copy)]
pub struct Acceptance<'a> {
    /// The entries.
    pub entries: &'a [Ignore],
    /// The folder that their paths are relative to.
    pub root: &'a Path,
    /// The folder that shown paths are relative to.
    pub working_directory: &'a Path,
    /// The day.
    pub today: Date,
}

impl<'a> Acceptance<'a> {
    /// An entry that names actions accepts this one.
    pub fn accepts_action(&self, candidate: Candidate<'_>, action: &str) -> bool {
        let names = |entry: &&Ignore| entry.action.as_ref().is_some_and(|glob| glob.is_match(action));
        self.concerning(candidate).filter(names).any(|entry| !self.has_expired(entry))
    }

    /// A finding is accepted as a whole: by an entry that names no action, or action by action.
    pub fn accepts(&self, candidate: Candidate<'_>, actions: &[String]) -> bool {
        let whole = self.concerning(candidate).any(|entry| entry.action.is_none() && !self.has_expired(entry));
        whole || (!actions.is_empty() && actions.iter().all(|action| self.accepts_action(candidate, action)))
    }

    /// An entry that would accept the finding, or an action of it, if it had not expired.
    pub fn expired(&self, candidate: Candidate<'_>, actions: &[String]) -> Option<&'a Ignore> {
        let names = |entry: &&Ignore| {
            entry.action.as_ref().is_none_or(|glob| actions.iter().any(|action| glob.is_match(action)))
        };
        self.concerning(candidate).filter(names).find(|entry| self.has_expired(entry))
    }

    fn has_expired(&self, entry: &Ignore) -> bool {
        entry.expires.is_some_and(|last| self.today > last)
    }

    /// The entries of which everything but the action matches.
    fn concerning(&self, candidate: Candidate<'_>) -> impl Iterator<Item = &'a Ignore> {
        let same =
            |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|name| Some(name) == found);
        let (root, working_directory) = (self.root, self.working_directory);
        let lies_in = move |glob: &GlobMatcher| {
            let path = working_directory.join(candidate.path);
            glob.is_match(path.strip_prefix(root).unwrap_or(&path))
        };
        self.entries.iter().filter(move |entry| {
            same(&entry.rule, Some(candidate.rule))
                && same(&entry.principal, candidate.principal)
                && same(&entry.resource, candidate.resource)
                && entry.path.as_ref().is_none_or(lies_in)
        })
    }
}
