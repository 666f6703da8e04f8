//! A plan or a state as it stands in its file, and what goes wrong in reading it.

use std::sync::Arc;

use super::scan::Kind;
use crate::manifest::Problem;
use crate::source::{Place, SourceFile, Span};
use crate::syntax::{Entry, Node, SyntaxError, json};

/// A file that was parsed.
pub(super) struct Document {
    /// The file without its values; places in it are those of the file itself.
    pub(super) file: Arc<SourceFile>,
    pub(super) kind: Kind,
    pub(super) root: Node,
}

impl Document {
    /// Parses a file, of which `shown` is the one without values; else what is wrong with it.
    pub(super) fn parse(file: &SourceFile, shown: &Arc<SourceFile>, kind: Kind) -> Result<Self, Problem> {
        match json::parse(file.text()) {
            Ok(document) => Ok(Self { file: Arc::clone(shown), kind, root: document.node }),
            Err(error) => Err(Problem {
                place: Place::new(shown, place_of(&error, file.text())),
                message: format!("the {} cannot be parsed: {}", kind.noun(), error.message),
                help: Some(kind.remedy().to_owned()),
            }),
        }
    }

    pub(super) fn problem(&self, defect: Defect) -> Problem {
        Problem {
            place: Place::new(&self.file, defect.span),
            message: defect.message,
            help: Some(defect.help.unwrap_or_else(|| self.kind.remedy().to_owned())),
        }
    }
}

/// Where a text goes wrong; where it breaks off the parser tells the whole of what is not finished.
fn place_of(error: &SyntaxError, text: &str) -> Span {
    let end = text.trim_end().len();
    if error.span.range().end < end { error.span } else { Span::new(end.saturating_sub(1), end) }
}

/// What is wrong with the shape of a document.
#[derive(Debug)]
pub(super) struct Defect {
    pub(super) span: Span,
    pub(super) message: String,
    /// The way out, where it is not to write the document anew.
    pub(super) help: Option<String>,
}

impl Defect {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    fn kind(key: &str, wanted: &str, found: &Node) -> Self {
        Self::new(found.span, format!("`{key}` has to be {wanted}, and this is {}", found.kind()))
    }
}

/// The elements of a list that may be left out.
pub(super) fn list<'n>(node: &'n Node, key: &str) -> Result<&'n [Node], Defect> {
    match present(node, key) {
        None => Ok(&[]),
        Some(found) => found.as_list().ok_or_else(|| Defect::kind(key, "a list", found)),
    }
}

/// A mapping that may be left out.
pub(super) fn map<'n>(node: &'n Node, key: &str) -> Result<Option<&'n Node>, Defect> {
    match present(node, key) {
        Some(found) if found.as_map().is_none() => Err(Defect::kind(key, "a mapping", found)),
        found => Ok(found),
    }
}

/// A text, with its entry.
pub(super) fn text<'n>(node: &'n Node, key: &str) -> Result<(&'n str, &'n Entry), Defect> {
    if node.as_map().is_none() {
        return Err(Defect::new(node.span, format!("a mapping has to stand here, and this is {}", node.kind())));
    }
    let entry = node.entry(key).ok_or_else(|| Defect::new(node.span, format!("`{key}` is missing")))?;
    let text = entry.value.as_str().ok_or_else(|| Defect::kind(key, "a text", &entry.value))?;
    Ok((text, entry))
}

/// A text that may be left out.
pub(super) fn optional_text<'n>(node: &'n Node, key: &str) -> Result<Option<&'n str>, Defect> {
    match present(node, key) {
        None => Ok(None),
        Some(found) => found.as_str().map(Some).ok_or_else(|| Defect::kind(key, "a text", found)),
    }
}

/// The value of a key, where it is not null.
pub(super) fn present<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.get(key).filter(|found| found.value != crate::syntax::Value::Null)
}
