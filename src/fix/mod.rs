//! Fixes: changes of a file that mend a finding, and what its text is with them.

mod apply;
mod list;
mod statement;
mod text;

use std::path::Path;
use std::sync::Arc;

use crate::authz::PolicySource;
use crate::source::{SourceFile, Span};

pub use apply::{Applied, parses};
pub use list::{appended, removed};
pub use statement::added;
pub use text::rewritten;

/// What mends a finding: all of its edits, or none.
#[derive(Debug, Clone)]
pub struct Fix {
    /// What is done, as a sentence without an end such as "write `ims:images:copy`".
    pub description: String,
    /// The file that is changed.
    pub file: Arc<SourceFile>,
    /// The changes, in the order of the text.
    pub edits: Vec<Edit>,
}

/// A text that takes the place of another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced; empty where something is only added.
    pub span: Span,
    /// What is written instead.
    pub text: String,
    /// It adds an item to a list, and stands well beside other such items at its place.
    pub is_item: bool,
}

impl Edit {
    /// `text` instead of what stands at `span`.
    fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), is_item: false }
    }
}

impl Fix {
    /// A fix of one file.
    pub fn new(description: impl Into<String>, file: &Arc<SourceFile>, mut edits: Vec<Edit>) -> Self {
        edits.sort();
        Self { description: description.into(), file: Arc::clone(file), edits }
    }
}

/// The file of a policy, where people write it: a file of its own or a configuration of Terraform, and not what a tool
/// made (a plan, a state, a module that was fetched).
pub fn written_file(policy: &PolicySource) -> Option<&Arc<SourceFile>> {
    let file = policy.file.as_ref()?;
    let is_fetched = file.path().split('/').any(|part| part == ".terraform");
    ((is_native(file.path()) || own_file(policy).is_some()) && !is_fetched).then_some(file)
}

/// The file of a policy that is a file of its own.
pub fn own_file(policy: &PolicySource) -> Option<&Arc<SourceFile>> {
    policy.file.as_ref().filter(|file| file.path() == policy.name)
}

fn is_native(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "tf" || ending == "tofu")
}
