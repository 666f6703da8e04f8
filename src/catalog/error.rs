//! A mistake in a file of the permission table, with its place.

use std::fmt;

/// A mistake in a rules file. Displays as `file:line:column: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// The file, as it was named to the checker.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl TableError {
    /// A mistake that concerns a file as a whole.
    pub(super) fn whole_file(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 1, column: 1, message: message.into() }
    }

    pub(super) fn from_yaml(file: &str, error: &serde_yaml::Error) -> Self {
        let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
        let message = error.to_string();
        let place = format!(" at line {line} column {column}");
        Self { file: file.to_owned(), line, column, message: message.replace(&place, "") }
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, message } = self;
        write!(f, "{file}:{line}:{column}: {message}")
    }
}

impl std::error::Error for TableError {}
