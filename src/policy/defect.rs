//! What is wrong with a document.

use crate::severity::Certainty;
use crate::source::Span;

/// Something in a document that IAM refuses, or that has no effect where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Defect {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// Whether that is certain; else the documents leave it open.
    pub certainty: Certainty,
    /// The text that stands there and the one that is certainly meant.
    pub meant: Option<(String, String)>,
}

impl Defect {
    /// What is wrong for certain.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None, certainty: Certainty::Certain, meant: None }
    }

    /// With a way out.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With the text that is meant instead of the one that stands there.
    #[must_use]
    pub fn meaning(mut self, written: impl Into<String>, meant: impl Into<String>) -> Self {
        self.meant = Some((written.into(), meant.into()));
        self
    }

    /// What the documents leave open.
    #[must_use]
    pub fn possible(mut self) -> Self {
        self.certainty = Certainty::Possible;
        self
    }
}

/// A text as a message shows it: on one line, and its beginning where it is long.
pub(super) fn shown(text: &str) -> String {
    let mut before = None;
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let mut chars = spaced.filter(|c| before.replace(*c) != Some(' ') || *c != ' ');
    let start: String = chars.by_ref().take(80).collect();
    if chars.next().is_some() { start + "…" } else { start }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_text_is_shown_on_one_line_and_cut_where_it_is_long() {
        for (text, expected) in [
            ("ims:images:copy", "ims:images:copy"),
            ("a\n \t b  c", "a b c"),
            (" a", " a"),
            ("a b", "a b"),
            ("  ", " "),
        ] {
            assert_eq!(shown(text), expected);
        }
        assert_eq!(shown(&"x".repeat(80)), "x".repeat(80));
        assert_eq!(shown(&"x".repeat(81)), format!("{}…", "x".repeat(80)));
    }
}
