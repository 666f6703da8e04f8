//! What accepts the findings of a run, and whether it has accepted any.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use globset::GlobMatcher;
use jiff::civil::Date;

use super::{Directive, Ignore, Inline, Suppression, SuppressionKind};
use crate::source::{self, Place, SourceFile};

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

/// How much of a project a run looks at. What accepts nothing in a part of it may accept something in the rest.
#[derive(Debug, Default)]
pub struct Extent {
    /// The rules that run.
    pub rules: Vec<&'static str>,
    /// Every principal and phase counts, and no rule is left out for this run.
    pub is_whole: bool,
    /// All files of the project are looked at.
    pub has_all_files: bool,
    /// The files and folders that are looked at.
    pub paths: Vec<PathBuf>,
}

/// The comments and the `ignore` entries of a run on one day.
#[derive(Debug)]
pub struct Acceptance<'a> {
    entries: &'a [Ignore],
    used: Vec<AtomicBool>,
    inline: Inline,
    extent: Extent,
    root: &'a Path,
    working_directory: &'a Path,
    today: Date,
}

impl<'a> Acceptance<'a> {
    /// `entries`, whose paths are relative to `root`, and comments; shown paths are relative to `working_directory`.
    pub fn new(
        (entries, root): (&'a [Ignore], &'a Path),
        inline: Inline,
        extent: Extent,
        working_directory: &'a Path,
        today: Date,
    ) -> Self {
        let used = entries.iter().map(|_| AtomicBool::new(false)).collect();
        Self { entries, used, inline, extent, root, working_directory, today }
    }

    /// There is no entry.
    pub fn has_no_entries(&self) -> bool {
        self.entries.is_empty()
    }

    /// The first entry that names actions and accepts this one.
    pub fn accepts_action(&self, candidate: Candidate<'_>, action: &str) -> Option<&'a Ignore> {
        let names = |entry: &Ignore| entry.action.as_ref().is_some_and(|glob| glob.is_match(action));
        let mut accepting = self.valid(candidate).filter(|(_, entry)| names(entry));
        let first = accepting.next();
        first.into_iter().chain(accepting).for_each(|(number, _)| self.mark(number));
        first.map(|(_, entry)| entry)
    }

    /// What accepts a finding as a whole.
    pub fn accepts(&self, candidate: Candidate<'_>, actions: &[String], place: &Place) -> Option<Suppression> {
        let comment = self.inline.accepts(candidate.rule, place);
        let entry = self.accepts_whole(candidate, actions).map(Suppression::by_entry);
        comment.map(|(directive, at)| Suppression::by_comment(directive, at)).or(entry)
    }

    /// The entry that accepts a finding: one that names no action, or the first of those that accept all actions.
    fn accepts_whole(&self, candidate: Candidate<'_>, actions: &[String]) -> Option<&'a Ignore> {
        let whole: Vec<_> = self.valid(candidate).filter(|(_, entry)| entry.action.is_none()).collect();
        for (number, _) in &whole {
            self.mark(*number);
        }
        if let Some((_, entry)) = whole.first() {
            return Some(entry);
        }
        let named: Vec<_> = self.valid(candidate).filter_map(|(_, entry)| entry.action.as_ref()).collect();
        let is_named = |action: &String| named.iter().any(|glob: &&GlobMatcher| glob.is_match(action));
        if !actions.iter().all(is_named) {
            return None;
        }
        let accepting: Vec<_> = actions.iter().map(|action| self.accepts_action(candidate, action)).collect();
        accepting.into_iter().flatten().next()
    }

    /// An entry that would accept the finding, or an action of it, if it had not expired.
    pub fn expired(&self, candidate: Candidate<'_>, actions: &[String]) -> Option<&'a Ignore> {
        let names = |entry: &Ignore| {
            entry.action.as_ref().is_none_or(|glob| actions.iter().any(|action| glob.is_match(action)))
        };
        let concerning = self.concerning(candidate).map(|(_, entry)| entry);
        concerning.filter(|entry| names(entry)).find(|entry| entry.has_expired(self.today))
    }

    /// The entries whose last day is over.
    pub fn all_expired(&self) -> impl Iterator<Item = &'a Ignore> {
        self.entries.iter().filter(|entry| entry.has_expired(self.today))
    }

    /// The entries that have accepted nothing, as far as the run can tell.
    pub fn unused(&self) -> impl Iterator<Item = &'a Ignore> {
        let is_unused = |used: &AtomicBool| !used.load(Ordering::Relaxed);
        let unused = self.entries.iter().zip(&self.used).filter(move |(_, used)| is_unused(used));
        unused.map(|(entry, _)| entry).filter(|entry| !entry.has_expired(self.today) && self.could_be_used(entry))
    }

    fn could_be_used(&self, entry: &Ignore) -> bool {
        let runs = entry.rule.as_ref().is_none_or(|rule| self.runs(rule));
        let sees = || {
            let folder = self.root.join(entry.folder());
            self.extent.has_all_files || source::is_covered(&folder, &self.extent.paths, self.working_directory)
        };
        self.extent.is_whole && runs && sees()
    }

    fn runs(&self, rule: &str) -> bool {
        self.extent.rules.contains(&rule)
    }

    /// The run looks at all that there is.
    pub fn sees_all(&self) -> bool {
        self.extent.is_whole && self.extent.has_all_files
    }

    /// The comments, each with its file.
    pub fn comments(&self) -> impl Iterator<Item = (&std::sync::Arc<SourceFile>, &Directive)> {
        self.inline.directives()
    }

    /// Whether a comment has accepted no finding of a rule, as far as the run can tell.
    pub fn is_unused_comment(&self, file: &SourceFile, directive: &Directive, rule: &str) -> bool {
        self.sees_all() && self.runs(rule) && !self.inline.is_used(file, directive, rule)
    }

    fn mark(&self, number: usize) {
        if let Some(used) = self.used.get(number) {
            used.store(true, Ordering::Relaxed);
        }
    }

    /// The numbered entries that count, and of which everything but the action matches.
    fn valid(&self, candidate: Candidate<'_>) -> impl Iterator<Item = (usize, &'a Ignore)> {
        self.concerning(candidate).filter(|(_, entry)| !entry.has_expired(self.today))
    }

    fn concerning(&self, candidate: Candidate<'_>) -> impl Iterator<Item = (usize, &'a Ignore)> {
        let same =
            |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|name| Some(name) == found);
        let (root, working_directory) = (self.root, self.working_directory);
        let lies_in = move |glob: &GlobMatcher| {
            let path = working_directory.join(candidate.path);
            glob.is_match(path.strip_prefix(root).unwrap_or(&path))
        };
        self.entries.iter().enumerate().filter(move |(_, entry)| {
            same(&entry.rule, Some(candidate.rule))
                && same(&entry.principal, candidate.principal)
                && same(&entry.resource, candidate.resource)
                && entry.path.as_ref().is_none_or(lies_in)
        })
    }
}

impl Suppression {
    fn by_comment(directive: &Directive, place: Place) -> Self {
        let reason = place.file.text().get(directive.reason.range()).map(str::to_owned);
        Self { kind: SuppressionKind::Comment, reason, place: Some(place), expires: None }
    }

    /// A finding is accepted by an entry.
    pub(crate) fn by_entry(entry: &Ignore) -> Self {
        Self {
            kind: SuppressionKind::Entry,
            reason: Some(entry.reason.clone()),
            place: Some(entry.place.clone()),
            expires: entry.expires,
        }
    }
}
