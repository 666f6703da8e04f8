//! `--format gitlab`: a Code Quality report, which a merge request compares with that of its target.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::entry::{Entry, entries};
use super::plain::{one_line, shortened};
use crate::severity::{Certainty, Severity};

/// A description is shown on one line; so much of it, in characters.
const LONGEST: usize = 1_000;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Where<'a>,
}

#[derive(Serialize)]
struct Where<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes a report as one JSON array.
///
/// # Errors
/// Those of `out`.
pub fn gitlab(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let entries = entries(report);
    let issues: Vec<Issue<'_>> = entries.iter().map(issue).collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    out.write_all(b"\n")
}

fn issue<'a>(entry: &'a Entry<'a>) -> Issue<'a> {
    let location = &entry.location;
    Issue {
        description: shortened(&one_line(entry.message), LONGEST),
        check_name: entry.rule,
        fingerprint: &entry.fingerprint,
        severity: severity(entry),
        location: Where { path: &location.path, lines: Lines { begin: location.line, end: location.end_line } },
    }
}

/// None is `blocker`: what blocks a merge is said by `--fail-on`.
fn severity(entry: &Entry<'_>) -> &'static str {
    match (entry.severity, entry.certainty) {
        (Severity::Error, _) => "critical",
        (Severity::Warning, Certainty::Certain) => "major",
        (Severity::Warning, Certainty::Possible) => "minor",
        (Severity::Note, _) => "info",
    }
}
