//! `--format jsonl`: each finding on a line of its own, as `--format json` has it; the last line is the summary.

use std::io::{self, Write};

use serde::Serialize;

use super::entry::{Tool, entries};
use super::{Report, Summary};

/// The last line; it alone has `summary`.
#[derive(Serialize)]
struct Closing {
    schema: u32,
    tool: Tool,
    summary: Summary,
}

/// Writes a report as lines of JSON.
///
/// # Errors
/// Those of `out`.
pub fn jsonl(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for entry in entries(report) {
        line(&entry, out)?;
    }
    line(&Closing { schema: 1, tool: Tool::THIS, summary: report.summary }, out)
}

fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
