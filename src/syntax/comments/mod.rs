//! Comments: what a text says to people, and to programs such as this one, beside its values.

mod hcl;
mod json;
mod yaml;

use std::panic::catch_unwind;
use std::path::Path;

use crate::source::Span;

/// How a text marks its comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `#`, `//` and `/* … */`.
    Hcl,
    /// `//` and `/* … */`, where JSON with comments is read.
    Json,
    /// `#`.
    Yaml,
}

impl Language {
    /// The language of a file, by its name.
    pub fn of(path: &str) -> Option<Self> {
        match Path::new(path).extension()?.to_str()? {
            "tf" | "tofu" | "tfvars" => Some(Self::Hcl),
            "json" | "tfstate" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// The comments of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comments {
    /// Each comment with its marks, in the order of the text.
    pub comments: Vec<Span>,
    /// Texts in which no comment can stand though they go over several lines: heredocs and block scalars.
    pub texts: Vec<Span>,
}

/// Finds the comments of a text in one pass. Of a text that cannot be parsed those are found that stand before the
/// mistake.
pub fn comments(text: &str, language: Language) -> Comments {
    // A parser that gives up on a text has found no comments in it.
    let found = catch_unwind(|| match language {
        Language::Hcl => hcl::comments(text),
        Language::Json => json::comments(text),
        Language::Yaml => yaml::comments(text),
    });
    found.unwrap_or_default()
}

/// Where the line of a place ends, its `\r` left out.
fn line_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let end = at + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    if end > at && text.as_bytes().get(end - 1) == Some(&b'\r') { end - 1 } else { end }
}

#[cfg(test)]
mod tests;
