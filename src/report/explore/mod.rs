//! What the sub-commands of `catalog` print for people.

mod cards;
mod info;
mod remarks;

use std::io::{self, Write};

pub use cards::cards;
pub use info::{cells, info};
pub use remarks::{Checked, remarks};

use super::paint::Paint;
use crate::explore::Found;

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
