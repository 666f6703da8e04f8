//! `--format sarif`: SARIF 2.1.0, for code scanning and for editors.
//!
//! Of the rules only those are described that found something: a report does not say which others ran.

mod log;
mod rule;

use std::collections::BTreeMap;
use std::io::{self, Write};

use log::{
    ArtifactLocation, Base, Driver, Figures, Fingerprints, Invocation, LogicalLocation, PhysicalLocation, Properties,
    Region, Run, Suppression, Text, Tool,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::entry::{Entry, FixEntry, NAME, VERSION, entry};
use super::{Accepted, Report, Suppressed, home};
use crate::config::{self, SuppressionKind};
use crate::source;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What paths are relative to, as servers know it.
const ROOT: &str = "%SRCROOT%";

/// What a path may hold that stands for itself in an address, beside letters and digits.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Writes a report as a log of one run.
///
/// # Errors
/// Those of `out`.
pub fn sarif(report: &Report, accepted: Accepted, out: &mut dyn Write) -> io::Result<()> {
    let told = told(report, accepted);
    let rules = rules(&told);
    let driver = Driver {
        name: NAME,
        version: VERSION,
        semantic_version: VERSION,
        information_uri: home::project(),
        rules: rules.keys().map(|name| rule::rule(name)).collect(),
    };
    let base = Base { description: Text::plain("The folder that grantlint was run in") };
    let run = Run {
        tool: Tool { driver },
        invocations: [Invocation { execution_successful: true }],
        original_uri_base_ids: BTreeMap::from([(ROOT, base)]),
        column_kind: "unicodeCodePoints",
        results: told.iter().map(|told| result(told, &rules)).collect(),
        properties: Figures { summary: report.summary },
    };
    serde_json::to_writer_pretty(&mut *out, &log::Log { schema: SCHEMA, version: "2.1.0", runs: [run] })?;
    out.write_all(b"\n")
}

/// A finding with what accepts it; without the latter where no result of the log says so.
struct Told<'a> {
    entry: Entry<'a>,
    suppressions: Option<Vec<&'a config::Suppression>>,
}

/// The findings that the log is about: those that count, and behind them those that are accepted, where they are to be
/// marked.
fn told(report: &Report, accepted: Accepted) -> Vec<Told<'_>> {
    let (nothing, marked): (_, &[Suppressed]) = match accepted {
        Accepted::LeftOut => (None, &[]),
        Accepted::Marked => (Some(Vec::new()), &report.suppressed),
    };
    let counting = report.findings.iter().map(|finding| Told { entry: entry(finding), suppressions: nothing.clone() });
    let marked =
        marked.iter().map(|each| Told { entry: entry(&each.finding), suppressions: Some(vec![&each.suppression]) });
    counting.chain(marked).collect()
}

/// The rules that found something, by name, each with its place in the list.
fn rules<'a>(told: &[Told<'a>]) -> BTreeMap<&'a str, usize> {
    let mut rules: BTreeMap<&str, usize> = told.iter().map(|told| (told.entry.rule, 0)).collect();
    for (index, place) in rules.values_mut().enumerate() {
        *place = index;
    }
    rules
}

fn result<'a>(Told { entry, suppressions }: &'a Told<'a>, rules: &BTreeMap<&str, usize>) -> log::Result<'a> {
    let related = entry.related.iter().enumerate().map(|(index, related)| log::Location {
        id: Some(index + 1),
        message: Some(message(related.message)),
        ..location(&related.location)
    });
    let resource = entry.resource.map(|name| LogicalLocation { fully_qualified_name: name, kind: "resource" });
    log::Result {
        rule_id: entry.rule,
        rule_index: rules.get(entry.rule).copied().unwrap_or_default(),
        level: entry.severity,
        message: message(&entry.told()),
        locations: [log::Location { logical: resource.into_iter().collect(), ..location(&entry.location) }],
        related_locations: related.collect(),
        partial_fingerprints: Fingerprints { of_finding: &entry.fingerprint },
        suppressions: suppressions.as_ref().map(|each| each.iter().copied().map(suppression).collect()),
        fixes: entry.fix.iter().filter_map(fix).collect(),
        properties: Properties {
            certainty: entry.certainty,
            principal: entry.principal,
            actions: entry.actions,
            api: entry.api,
            resource: entry.resource,
            phase: entry.phase,
        },
    }
}

fn suppression(accepting: &config::Suppression) -> Suppression<'_> {
    let (kind, unsaid) = match accepting.kind {
        SuppressionKind::Comment => ("inSource", None),
        SuppressionKind::Entry => ("external", None),
        SuppressionKind::Baseline => ("external", Some("the baseline records it")),
    };
    Suppression {
        kind,
        status: "accepted",
        justification: accepting.reason.as_deref().or(unsaid),
        location: accepting.place.as_ref().map(|place| location(&place.location())),
    }
}

/// A text in which nothing is a link: in messages, `[…](…)` is one.
fn message(text: &str) -> Text {
    Text::plain(text.replace("](", "] ("))
}

fn location(location: &source::Location) -> log::Location<'static> {
    let physical = PhysicalLocation { artifact_location: artifact(&location.path), region: region(location) };
    log::Location { id: None, physical, logical: Vec::new(), message: None }
}

fn region(location: &source::Location) -> Region {
    Region {
        start_line: location.line,
        start_column: location.column,
        end_line: location.end_line,
        end_column: location.end_column,
    }
}

fn fix<'a>(fix: &'a FixEntry<'_>) -> Option<log::Fix<'a>> {
    let artifact_location = artifact(&fix.edits.first()?.location.path);
    let replacements = fix.edits.iter().map(|edit| log::Replacement {
        deleted_region: region(&edit.location),
        inserted_content: log::Content { text: &edit.text },
    });
    let changes = log::ArtifactChange { artifact_location, replacements: replacements.collect() };
    Some(log::Fix { description: Text::plain(fix.description), artifact_changes: [changes] })
}

/// The address of a file; one on another drive or root is absolute.
fn artifact(path: &str) -> ArtifactLocation {
    let uri = utf8_percent_encode(path, ENCODED).to_string();
    if std::path::Path::new(path).is_absolute() {
        let uri = format!("file:///{}", uri.trim_start_matches('/'));
        return ArtifactLocation { uri, uri_base_id: None };
    }
    ArtifactLocation { uri, uri_base_id: Some(ROOT) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_an_address() {
        for (path, uri) in [
            ("deploy/main.tf", "deploy/main.tf"),
            ("../iam/a b%#?:é.json", "../iam/a%20b%25%23%3F%3A%C3%A9.json"),
            ("c:\n", "c%3A%0A"),
        ] {
            assert_eq!((artifact(path).uri.as_str(), artifact(path).uri_base_id), (uri, Some(ROOT)));
        }
    }

    #[cfg(unix)]
    #[test]
    fn an_absolute_path_has_no_base() {
        assert_eq!((artifact("/a b").uri.as_str(), artifact("/a b").uri_base_id), ("file:///a%20b", None));
    }

    #[test]
    fn a_message_holds_no_link() {
        assert_eq!(message("see [here](evil:1)").text, "see [here] (evil:1)");
    }
}
