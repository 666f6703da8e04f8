//! What can be wrong with a configuration.

use std::sync::Arc;

use thiserror::Error;

use crate::source::{ReadError, SourceFile, Span};

/// Why a configuration cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration {path} {error}{near}")]
    Unreadable {
        /// The path as reports show it.
        path: String,
        /// Why.
        error: ReadError,
        /// The nearest name that is there, as the end of a sentence; empty where none is near.
        near: String,
    },
    /// The file has mistakes.
    #[error("the configuration {} has {} {}", file.path(), mistakes.len(), if mistakes.len() == 1 { "mistake" } else { "mistakes" })]
    Mistakes {
        /// The file.
        file: Arc<SourceFile>,
        /// The mistakes, in the order of the text.
        mistakes: Vec<Mistake>,
    },
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}
