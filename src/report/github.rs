//! `--format github`: annotations, as the workflow commands that the log of a job is searched for.

use std::io::{self, Write};

use super::Report;
use super::entry::{Entry, entries};
use super::plain::{printable, shortened};
use crate::severity::Severity;

/// So much of a message is shown, in characters: an annotation holds 64 KB.
const LONGEST: usize = 8_000;

/// Writes a report as workflow commands, one on each line.
///
/// # Errors
/// Those of `out`.
pub fn github(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    entries(report).iter().try_for_each(|entry| annotation(entry, out))
}

fn annotation(entry: &Entry<'_>, out: &mut dyn Write) -> io::Result<()> {
    let location = &entry.location;
    write!(out, "::{} file={},line={}", command(entry.severity), property(&location.path), location.line)?;
    // Columns are taken where all is on one line, and else the annotation is refused.
    if location.line == location.end_line {
        write!(out, ",col={},endLine={},endColumn={}", location.column, location.end_line, location.end_column)?;
    } else {
        write!(out, ",endLine={}", location.end_line)?;
    }
    let message = data(&shortened(&printable(&entry.told()), LONGEST));
    writeln!(out, ",title={}::{message}", property(&format!("{} [{}]", super::entry::NAME, entry.rule)))
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// The text of a command, of which each stands on one line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property: a comma ends it, and colons end all of them.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_does_not_end_its_command() {
        assert_eq!(data("100%\n::error::no"), "100%25%0A::error::no");
    }

    #[test]
    fn a_property_does_not_end_early() {
        assert_eq!(property("a,line=9::b\r\n"), "a%2Cline=9%3A%3Ab%0D%0A");
    }
}
