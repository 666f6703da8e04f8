//! What sub-commands that look things up print for programs: one JSON document.

use std::io::{self, Write};

use serde::Serialize;

use super::entry::Tool;

#[derive(Serialize)]
struct Document<'a, T> {
    schema: u32,
    tool: Tool,
    #[serde(flatten)]
    value: &'a T,
}

/// Writes a value as one JSON document of schema 1 that ends with a newline.
///
/// # Errors
/// Those of `out`.
pub fn document<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document { schema: 1, tool: Tool::THIS, value })?;
    out.write_all(b"\n")
}
