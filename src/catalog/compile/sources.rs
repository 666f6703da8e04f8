//! The sources of a file, and the numbers that its rows refer to them by.

use std::collections::BTreeMap;

use zerocopy::little_endian::U32;

use super::super::format::{Entries, NewSource, SourceDocument, SourceId};
use super::super::layout::SourceRow;
use super::builder::Builder;

/// The sources of one file.
pub(super) struct Sources<'a>(BTreeMap<&'a str, U32>);

impl<'a> Sources<'a> {
    /// Adds a file's sources to the table.
    pub(super) fn push(builder: &mut Builder, entries: &'a Entries<NewSource, SourceDocument>) -> Result<Self, String> {
        let mut numbers = BTreeMap::new();
        for (id, document) in &entries.0 {
            numbers.insert(id.0.as_str(), push(builder, document)?);
        }
        Ok(Self(numbers))
    }

    /// The number of a source of the file.
    pub(super) fn number(&self, id: &SourceId) -> Result<U32, String> {
        self.0.get(id.0.as_str()).copied().ok_or_else(|| format!("unknown source `{}`", id.0))
    }
}

/// Adds one source and gives its number.
pub(super) fn push(builder: &mut Builder, source: &SourceDocument) -> Result<U32, String> {
    let row = SourceRow {
        document: builder.text(&source.document.0)?,
        date: builder.optional(source.date.as_ref().map(|date| date.0.as_str()))?,
    };
    builder.push(row).map(U32::new)
}
