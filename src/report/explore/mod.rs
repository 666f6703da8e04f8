//! What the sub-commands of `catalog` print: for people, and for programs as schema 1 of `docs/catalog.md`.

mod cards;
mod info;
mod remarks;

use std::io::{self, Write};

use serde::Serialize;

pub use cards::cards;
pub use info::{cells, info};
pub use remarks::{Checked, remarks};

use super::paint::Paint;
use crate::explore::Found;

#[derive(Serialize)]
struct Document<'a, T> {
    schema: u32,
    tool: Tool,
    #[serde(flatten)]
    value: &'a T,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Writes a value as one JSON document that ends with a newline.
///
/// # Errors
/// Those of `out`.
pub fn catalog_json<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    let tool = Tool { name: "grantlint", version: env!("CARGO_PKG_VERSION") };
    serde_json::to_writer_pretty(&mut *out, &Document { schema: 1, tool, value })?;
    out.write_all(b"\n")
}

/// Writes what a search found.
///
/// # Errors
/// Those of `out`.
pub fn found(found: &Found, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let kinds = found.results.iter().map(|hit| hit.kind.as_str().len()).max().unwrap_or_default();
    let names = found.results.iter().map(|hit| hit.name.chars().count()).max().unwrap_or_default().min(60);
    for hit in &found.results {
        let kind = paint.kind(&format!("{:kinds$}", hit.kind.as_str()));
        // An action and an operation begin with their service.
        let mut about: Vec<&str> = if hit.name.starts_with(&hit.service) { vec![] } else { vec![&hit.service] };
        about.extend(Some(hit.detail.as_str()).filter(|detail| !detail.is_empty()));
        let about = about.join(": ");
        let gap = if about.is_empty() { 0 } else { names.saturating_sub(hit.name.chars().count()) + 2 };
        writeln!(out, "{kind}  {}{}{}", paint.strong(&hit.name), " ".repeat(gap), paint.faint(&about))?;
    }
    let shown = found.results.len();
    if shown < found.total {
        let more = format!("{shown} of {}; `--limit {}` shows all, `--kind` narrows", found.total, found.total);
        writeln!(out, "{}", paint.faint(&more))?;
    }
    Ok(())
}
