//! Turning what the vendor publishes into the YAML of `rules/`: what is read becomes a [`Draft`], which is
//! written as files that [`Catalog::extend`](super::Catalog::extend) takes.

mod draft;
mod json;
mod merge;
mod names;
mod page;
pub mod roles;
pub mod schema;
mod verify;
mod yaml;

use std::path::Path;

use thiserror::Error;

pub use draft::{
    Draft, DraftAction, DraftApi, DraftFurther, DraftPolicy, DraftResource, Entries, ImportedFile, Unread,
};
pub use names::{action_prefix, in_three_parts};

use super::Catalog;

/// What a person says of the files of an import.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions<'a> {
    /// The service of a page, in lower case; else it is that of most actions of a file. JSON names its own.
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
    /// The line of each action without an API, from 1.
    pub further: Vec<usize>,
    /// The line of each action of the draft, from 1.
    pub actions: Vec<usize>,
}

impl Tally {
    /// The tally of JSON, which counts its entries itself.
    fn of(draft: &Draft) -> Self {
        let is_open = |policy: &&DraftPolicy| !policy.allow_perhaps.is_empty() || !policy.deny_perhaps.is_empty();
        let part = draft.policies.iter().filter(is_open).count();
        let Entries { read, skipped } = draft.entries;
        Self { read: read.saturating_sub(part), part, unread: skipped, ..Self::default() }
    }
}

/// Why nothing could be imported.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImportError {
    /// JSON that is nothing known.
    #[error(
        "the JSON is neither an authorization schema (`GET /v5/authorization-schemas/services/{{code}}`, with lists \
         `actions` and `operations`) nor an export of roles (`GET /v3/roles`, with a list `roles`): save the whole \
         answer of one of these calls"
    )]
    UnknownJson,
    /// JSON that is wrong, or not what it seems to be.
    #[error("line {}: {}", .0.line, .0.what)]
    Json(Unread),
}

/// Reads a file: a page of the documentation in HTML, Markdown or reStructuredText, an authorization schema or an
/// export of roles. Rows that the table refuses are listed with what could not be read.
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
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (draft, tally) =
        if is_json(text, path) { read_json(text, catalog)? } else { page::read(text, path, options.service, catalog) };
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

/// By the name of the file, or else by how it begins.
pub fn is_json(text: &str, path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "json" => return true,
        "html" | "htm" | "xhtml" | "md" | "markdown" | "rst" | "rest" => return false,
        _ => {}
    }
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let in_list = start.strip_prefix('[').map(str::trim_start);
    start.starts_with('{') || in_list.is_some_and(|rest| rest.starts_with('{'))
}

/// What IAM answers in JSON.
fn read_json(text: &str, catalog: &Catalog) -> Result<(Draft, Tally), ImportError> {
    // It has a limit on nesting.
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        ImportError::Json(Unread { line: error.line(), what: format!("the text is no JSON that can be read: {error}") })
    })?;
    let read = if schema::is_schema(&value) {
        schema::read(text, "", None, catalog)
    } else if roles::is_roles(&value) {
        roles::read(text, "", None, catalog)
    } else {
        return Err(ImportError::UnknownJson);
    };
    let draft = read.map_err(ImportError::Json)?;
    let tally = Tally::of(&draft);
    Ok((draft, tally))
}
