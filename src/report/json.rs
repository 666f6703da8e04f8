//! `--format json`: schema 1 of the contract with other programs.

use std::io::{self, Write};

use serde::Serialize;

use super::entry::{Entry, Tool, entries};
use super::{Report, Summary};

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tool: Tool,
    summary: Summary,
    findings: Vec<Entry<'a>>,
}

/// Writes a report as one JSON document that ends with a newline.
///
/// # Errors
/// Those of `out`.
pub fn json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let document = Document { schema: 1, tool: Tool::THIS, summary: report.summary, findings: entries(report) };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}
