//! `--format json`: schema 1 of the contract with other programs.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Report, Summary};
use crate::lint::{Finding, NotChecked};
use crate::severity::{Certainty, Severity};
use crate::source::Location;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tool: Tool,
    summary: Summary,
    findings: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    severity: Severity,
    certainty: Certainty,
    message: &'a str,
    help: Option<&'a str>,
    principal: Option<&'a str>,
    actions: &'a [String],
    api: Option<&'a str>,
    resource: Option<&'a str>,
    phase: Option<&'a str>,
    location: Location,
    related: Vec<Related<'a>>,
    unchecked: &'a [NotChecked],
    fingerprint: String,
    fix: Option<()>,
    url: String,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location,
}

/// Writes a report as one JSON document that ends with a newline.
///
/// # Errors
/// Those of `out`.
pub fn json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut occurrences: HashMap<String, usize> = HashMap::new();
    let findings = report.findings.iter().map(|finding| entry(finding, &mut occurrences)).collect();
    let tool = Tool { name: "grantlint", version: env!("CARGO_PKG_VERSION") };
    let document = Document { schema: 1, tool, summary: report.summary, findings };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn entry<'a>(finding: &'a Finding, occurrences: &mut HashMap<String, usize>) -> Entry<'a> {
    let occurrence = occurrences.entry(finding.fingerprint(0)).or_default();
    let fingerprint = finding.fingerprint(*occurrence);
    *occurrence += 1;
    let related =
        finding.related.iter().map(|related| Related { message: &related.message, location: related.place.location() });
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
        fingerprint,
        fix: None,
        url: format!("docs/rules/{}.md", finding.rule),
    }
}
