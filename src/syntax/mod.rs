//! Located trees: JSON, YAML and HCL in, values with a span for each key and value out.

pub mod hcl;
pub mod json;
pub mod yaml;

mod comments;
mod compact;
mod node;

pub use comments::{Comments, Language, comments};
pub use compact::compact;
pub use node::{Entry, Node, Unknown, Value};

use thiserror::Error;

use crate::source::Span;

/// How deep values may nest, in every syntax; deeper texts are refused with a located message.
pub const MAX_DEPTH: usize = 128;

/// A text that is not well-formed, or that is beyond a limit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong, for a person.
    pub message: String,
    /// Where.
    pub span: Span,
}

impl SyntaxError {
    /// An error at a place.
    pub fn new(message: impl Into<String>, span: Span) -> Self {
        Self { message: message.into(), span }
    }
}
