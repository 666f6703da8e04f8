//! A finding as programs are told it: the object of schema 1, of which every format for programs takes its parts.

use serde::Serialize;

use super::Report;
use crate::fix::Fix;
use crate::lint::{Finding, NotChecked};
use crate::severity::{Certainty, Severity};
use crate::source::{Location, Place};

/// The name of the program, as formats write it.
pub(super) const NAME: &str = "grantlint";

/// The version of the program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Who wrote a report.
#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    /// This program.
    pub(super) const THIS: Self = Self { name: NAME, version: VERSION };
}

/// A finding.
#[derive(Serialize)]
pub(super) struct Entry<'a> {
    pub(super) rule: &'a str,
    pub(super) severity: Severity,
    pub(super) certainty: Certainty,
    pub(super) message: &'a str,
    pub(super) help: Option<&'a str>,
    pub(super) principal: Option<&'a str>,
    pub(super) actions: &'a [String],
    pub(super) api: Option<&'a str>,
    pub(super) resource: Option<&'a str>,
    pub(super) phase: Option<&'a str>,
    pub(super) location: Location,
    pub(super) related: Vec<RelatedEntry<'a>>,
    pub(super) unchecked: &'a [NotChecked],
    /// No other finding of the report has it.
    pub(super) fingerprint: String,
    pub(super) fix: Option<FixEntry<'a>>,
    pub(super) url: String,
}

/// A place that explains a finding.
#[derive(Serialize)]
pub(super) struct RelatedEntry<'a> {
    pub(super) message: &'a str,
    pub(super) location: Location,
}

/// What mends a finding.
#[derive(Serialize)]
pub(super) struct FixEntry<'a> {
    pub(super) description: &'a str,
    /// From the end of the file to its beginning, so that each can be done without moving the next.
    pub(super) edits: Vec<EditEntry>,
}

/// A text that takes the place of what stands at a location.
#[derive(Serialize)]
pub(super) struct EditEntry {
    pub(super) location: Location,
    pub(super) text: String,
}

impl Entry<'_> {
    /// The message with the way out, where there is one, below it.
    pub(super) fn told(&self) -> String {
        match self.help {
            Some(help) => format!("{}\n{help}", self.message),
            None => self.message.to_owned(),
        }
    }
}

/// The findings of a report in their order.
pub(super) fn entries(report: &Report) -> Vec<Entry<'_>> {
    report.findings.iter().map(entry).collect()
}

/// One finding.
pub(super) fn entry(finding: &Finding) -> Entry<'_> {
    let related = finding
        .related
        .iter()
        .map(|related| RelatedEntry { message: &related.message, location: related.place.location() });
    Entry {
        rule: finding.rule,
        severity: finding.severity,
        certainty: finding.certainty,
        message: &finding.message,
        help: finding.help.as_deref(),
        principal: finding.principal.as_deref(),
        actions: &finding.actions,
        api: finding.api.as_deref(),
        resource: finding.resource.as_deref(),
        phase: finding.phase.as_deref(),
        location: finding.place.location(),
        related: related.collect(),
        unchecked: &finding.unchecked,
        fingerprint: finding.fingerprint(),
        fix: finding.fix.as_deref().map(fix),
        url: format!("docs/rules/{}.md", finding.rule),
    }
}

fn fix(fix: &Fix) -> FixEntry<'_> {
    // What is added at one place is added at once.
    let at_once = fix.edits.chunk_by(|one, next| one.span == next.span).rev();
    let edits = at_once.filter_map(|edits| {
        let location = Place::new(&fix.file, edits.first()?.span).location();
        Some(EditEntry { location, text: edits.iter().map(|edit| edit.text.as_str()).collect() })
    });
    FixEntry { description: &fix.description, edits: edits.collect() }
}
