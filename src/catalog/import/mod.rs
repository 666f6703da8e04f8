//! Turning what the vendor publishes into the YAML of `rules/`: what is read becomes a [`Draft`], which is
//! written as files that [`Catalog::extend`](super::Catalog::extend) takes.

mod draft;
mod merge;
mod page;
mod verify;
mod yaml;

use std::path::Path;

use thiserror::Error;

pub use draft::{Draft, DraftAction, DraftApi, DraftPolicy, DraftResource, ImportedFile, Unread};

use super::Catalog;

/// What a person says of the files of an import.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions<'a> {
    /// The service, in lower case; else it is that of most actions of a file.
    pub service: Option<&'a str>,
    /// The document that the rows name as their source; else it is the path of the file.
    pub document: Option<&'a str>,
    /// Its date, `YYYY-MM-DD`.
    pub date: Option<&'a str>,
}

/// What one file, or several of one service, gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// The rows.
    pub draft: Draft,
    /// How many rows there were, and where the rows of the draft stood.
    pub tally: Tally,
}

/// How many rows of a document were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows of which everything was read.
    pub read: usize,
    /// Rows of which something was left out.
    pub part: usize,
    /// Rows of which nothing was read.
    pub unread: usize,
    /// Tables that were not understood.
    pub tables: usize,
    /// The line of each API of the draft, from 1.
    pub apis: Vec<usize>,
    /// The line of each action of the draft, from 1.
    pub actions: Vec<usize>,
}

impl Tally {
    /// The tally of a draft of which every row was read whole or is listed as unread.
    pub fn of(draft: &Draft) -> Self {
        Self { read: draft.rows(), unread: draft.unread.len(), ..Self::default() }
    }
}

/// Why nothing could be imported.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImportError {
    /// JSON that is nothing known.
    #[error("the JSON is neither an authorization schema nor a list of roles")]
    UnknownJson,
}

/// Reads a file: a page of the documentation in HTML, Markdown or reStructuredText. Rows that the table refuses are
/// listed with what could not be read.
///
/// # Errors
/// A file that cannot hold rows; one that might and does not gives an empty draft.
pub fn import(
    text: &str,
    path: &Path,
    options: &ImportOptions<'_>,
    catalog: &Catalog,
) -> Result<Imported, ImportError> {
    let document = options.document.map_or_else(|| path.display().to_string(), str::to_owned);
    let (draft, tally) = if looks_like_json(text) {
        json(text, options, catalog)?
    } else {
        page::read(text, path, options.service, catalog)
    };
    let date = options.date.map(str::to_owned);
    let mut imported = Imported { draft: Draft { document, date, ..draft }, tally };
    let refused = verify::refused(&mut imported, catalog);
    imported.tally.unread += refused.len();
    imported.tally.read = imported.tally.read.saturating_sub(refused.len());
    imported.draft.unread.extend(refused);
    imported.draft.unread.sort_by_key(|unread| unread.line);
    Ok(imported)
}

/// Adds what another file of the same service gave, and gives back what of it was not taken: the first file that says
/// something of an API is right.
pub fn merge(into: &mut Imported, more: Imported) -> Vec<Unread> {
    merge::add(into, more)
}

fn looks_like_json(text: &str) -> bool {
    let start = text.trim_start();
    let in_list = start.strip_prefix('[').map(str::trim_start);
    start.starts_with('{') || in_list.is_some_and(|rest| rest.starts_with('{'))
}

/// What IAM answers in JSON. A draft that was read comes with its [`Tally::of`].
fn json(_text: &str, _options: &ImportOptions<'_>, _catalog: &Catalog) -> Result<(Draft, Tally), ImportError> {
    Err(ImportError::UnknownJson)
}
