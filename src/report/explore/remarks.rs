//! `catalog check`: what it says of extensions.

use std::io::{self, Write};

use serde::Serialize;

use crate::explore::Remark;
use crate::report::human::Human;
use crate::severity::Severity;
use crate::source::Location;

/// What a check of extensions found.
#[derive(Debug, Serialize)]
pub struct Checked {
    /// The files, in the order in which they were named.
    pub files: Vec<String>,
    /// Remarks of severity error.
    pub errors: usize,
    /// Remarks of severity warning.
    pub warnings: usize,
    /// Remarks of severity note.
    pub notes: usize,
    /// What is said of them, in the order of files and text.
    pub remarks: Vec<Entry>,
}

/// A remark as programs read it.
#[derive(Debug, Serialize)]
pub struct Entry {
    kind: &'static str,
    severity: Severity,
    message: String,
    help: Option<String>,
    location: Location,
}

impl Checked {
    /// Counts remarks.
    pub fn new(files: Vec<String>, remarks: &[Remark]) -> Self {
        let number = |severity| remarks.iter().filter(|remark| remark.kind.severity() == severity).count();
        let entries = remarks.iter().map(|remark| Entry {
            kind: remark.kind.as_str(),
            severity: remark.kind.severity(),
            message: remark.message.clone(),
            help: remark.help.clone(),
            location: remark.place.location(),
        });
        Self {
            files,
            errors: number(Severity::Error),
            warnings: number(Severity::Warning),
            notes: number(Severity::Note),
            remarks: entries.collect(),
        }
    }
}

/// Writes remarks, each in its source, and a closing line.
///
/// # Errors
/// Those of `out`.
pub fn remarks(checked: &Checked, remarks: &[Remark], human: Human, out: &mut dyn Write) -> io::Result<()> {
    for remark in remarks {
        human.remark(remark, out)?;
    }
    let count = |number: usize, noun: &str| if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") };
    writeln!(
        out,
        "Checked {}: {}, {}, {}.",
        count(checked.files.len(), "extension"),
        count(checked.errors, "error"),
        count(checked.warnings, "warning"),
        count(checked.notes, "note")
    )
}
