//! `--format csv`: one row for each finding, for spreadsheets.

use std::io::{self, Write};

use super::Report;
use super::entry::{Entry, entries};
use super::plain::printable;

/// The columns; further ones are added behind them.
const HEADER: [&str; 17] = [
    "rule",
    "severity",
    "certainty",
    "path",
    "line",
    "column",
    "end_line",
    "end_column",
    "principal",
    "resource",
    "phase",
    "api",
    "actions",
    "message",
    "help",
    "fingerprint",
    "url",
];

/// Writes a report as rows below a header.
///
/// # Errors
/// Those of `out`.
pub fn csv(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(HEADER)?;
    for entry in entries(report) {
        rows.write_record(row(&entry).map(|cell| harmless(&cell)))?;
    }
    rows.flush()
}

fn row(entry: &Entry<'_>) -> [String; HEADER.len()] {
    let location = &entry.location;
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    [
        entry.rule.to_owned(),
        entry.severity.as_str().to_owned(),
        entry.certainty.to_string(),
        location.path.clone(),
        location.line.to_string(),
        location.column.to_string(),
        location.end_line.to_string(),
        location.end_column.to_string(),
        text(entry.principal),
        text(entry.resource),
        text(entry.phase),
        text(entry.api),
        entry.actions.join(" "),
        entry.message.to_owned(),
        text(entry.help),
        entry.fingerprint.clone(),
        entry.url.clone(),
    ]
}

/// A cell that no spreadsheet takes for a formula: an apostrophe stands before what may begin one.
fn harmless(cell: &str) -> String {
    let cell = printable(cell);
    let begins_formula = |first: char| matches!(first, '=' | '+' | '-' | '@' | '\t' | '\n' | '＝' | '＋' | '－' | '＠');
    if cell.trim_start_matches(' ').starts_with(begins_formula) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_a_formula() {
        for cell in ["=cmd()", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(harmless("a=b"), "a=b");
        assert_eq!(harmless(""), "");
    }
}
