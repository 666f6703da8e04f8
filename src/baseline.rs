//! A baseline: the findings of a day by their fingerprints, so that only new ones count.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::config::{Suppression, SuppressionKind};
use crate::lint::Finding;
use crate::report::{Report, Suppressed};
use crate::source::{self, SourceFile};

/// The version of the format.
const SCHEMA: u32 = 1;

/// The findings that do not count.
#[derive(Debug, Default)]
pub struct Baseline {
    fingerprints: HashSet<String>,
}

/// What tells whether the rest can be read.
#[derive(Deserialize)]
struct Versioned {
    schema: u32,
}

/// The file. More keys than these are taken, so that later versions can add some.
#[derive(Deserialize)]
struct Document {
    findings: Vec<Recorded>,
}

#[derive(Deserialize)]
struct Recorded {
    fingerprint: String,
}

/// A finding as it is recorded: the path and the rule are for people.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Entry<'f> {
    path: &'f str,
    rule: &'f str,
    fingerprint: String,
}

impl<'f> Entry<'f> {
    fn of(finding: &'f Finding) -> Self {
        let fingerprint = finding.fingerprint();
        Self { path: finding.place.file.path(), rule: finding.rule, fingerprint }
    }
}

impl Baseline {
    /// Reads a baseline; `path` is relative to the working directory.
    ///
    /// # Errors
    /// A message for people where the file cannot be read or is no baseline.
    pub fn read(path: &Path, working_directory: &Path) -> Result<Self, String> {
        let shown = path.display().to_string();
        let file = source::read(&working_directory.join(path), &shown)
            .map_err(|error| format!("the baseline `{shown}` {error}; `--write-baseline FILE` writes one"))?;
        let no_baseline = |error| format!("`{shown}` is no baseline: {error}; `--write-baseline FILE` writes one");
        Self::parse(&file).map_err(no_baseline)
    }

    fn parse(file: &SourceFile) -> Result<Self, String> {
        let versioned: Versioned = serde_json::from_str(file.text()).map_err(|error| error.to_string())?;
        if versioned.schema != SCHEMA {
            return Err(format!("its schema is {}, and this program reads {SCHEMA}", versioned.schema));
        }
        let document: Document = serde_json::from_str(file.text()).map_err(|error| error.to_string())?;
        Ok(Self { fingerprints: document.findings.into_iter().map(|recorded| recorded.fingerprint).collect() })
    }

    /// How many findings it records.
    pub fn len(&self) -> usize {
        self.fingerprints.len()
    }

    /// It records none.
    pub fn is_empty(&self) -> bool {
        self.fingerprints.is_empty()
    }

    /// The findings that it does not record, and those that it does.
    pub fn without_known(&self, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Suppressed>) {
        let is_new = |finding: &Finding| !self.fingerprints.contains(&finding.fingerprint());
        let (new, known): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_new);
        let suppression = Suppression { kind: SuppressionKind::Baseline, reason: None, place: None, expires: None };
        let suppressed = |finding| Suppressed { finding, suppression: suppression.clone() };
        (new, known.into_iter().map(suppressed).collect())
    }
}

/// Writes the findings of a report as a baseline: sorted, one a line, so that a change of it can be read.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut entries: Vec<Entry<'_>> = report.findings.iter().map(Entry::of).collect();
    entries.sort();
    let version = env!("CARGO_PKG_VERSION");
    writeln!(out, "{{")?;
    writeln!(out, "  \"schema\": {SCHEMA},")?;
    writeln!(out, "  \"tool\": {{ \"name\": \"grantlint\", \"version\": \"{version}\" }},")?;
    write!(out, "  \"findings\": [")?;
    for (number, entry) in entries.iter().enumerate() {
        write!(out, "{}\n    ", if number == 0 { "" } else { "," })?;
        serde_json::to_writer(&mut *out, entry)?;
    }
    writeln!(out, "{}]\n}}", if entries.is_empty() { "" } else { "\n  " })
}
