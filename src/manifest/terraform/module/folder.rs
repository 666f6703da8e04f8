//! One folder with the files of a module, parsed.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::overriding;
use crate::manifest::Problem;
use crate::source::{Place, SourceFile, Span};
use crate::syntax::{SyntaxError, hcl, json};

/// The files of one folder.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    /// Relative to the working directory, with `/`; empty for the working directory itself.
    pub(crate) path: String,
    /// Sorted by path; override files are merged into the others.
    pub(crate) files: Vec<(Arc<SourceFile>, hcl::Body)>,
    pub(crate) problems: Vec<Problem>,
    /// The folders of the modules that `terraform init` fetched, by the path of calls that leads to each (`a.b`).
    pub(crate) fetched: BTreeMap<String, String>,
}

impl Folder {
    pub(crate) fn parse(path: &str, files: &[Arc<SourceFile>]) -> Self {
        let mut folder = Self { path: path.to_owned(), ..Self::default() };
        let mut bodies = Vec::new();
        for file in files {
            match guarded(file) {
                Ok(body) => bodies.push((Arc::clone(file), body)),
                Err(error) => folder.problems.push(Problem {
                    place: Place::new(file, error.span),
                    message: format!("the file cannot be parsed: {}", error.message),
                    help: None,
                }),
            }
        }
        folder.files = overriding::merged(bodies);
        folder
    }

    /// The folder holds more than values for variables.
    pub(crate) fn is_module(&self) -> bool {
        self.files.iter().any(|(file, _)| !is_values(file.path()))
    }

    /// The blocks of its files that are no values, each with the number of its file in the folder.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (usize, &hcl::Block)> {
        let sources = self.files.iter().enumerate().filter(|(_, (file, _))| !is_values(file.path()));
        sources.flat_map(|(index, (_, body))| body.blocks.iter().map(move |block| (index, block)))
    }
}

/// Is this a file of values for variables?
pub(crate) fn is_values(path: &str) -> bool {
    path.ends_with(".tfvars") || path.ends_with(".tfvars.json")
}

/// Is this Terraform's language in its JSON form?
pub(crate) fn is_json(path: &str) -> bool {
    path.ends_with(".tf.json") || path.ends_with(".tofu.json")
}

/// As [`read`]; where the parser gives up, that is told.
fn guarded(file: &SourceFile) -> Result<hcl::Body, SyntaxError> {
    let gave_up = |_| Err(SyntaxError::new("the parser gave up on it", Span::default()));
    catch_unwind(AssertUnwindSafe(|| read(file))).unwrap_or_else(gave_up)
}

pub(super) fn read(file: &SourceFile) -> Result<hcl::Body, SyntaxError> {
    match (is_json(file.path()), file.path().ends_with(".tfvars.json")) {
        (true, _) => hcl::from_json(&json::parse(file.text())?.node),
        (_, true) => hcl::values_from_json(&json::parse(file.text())?.node),
        _ => hcl::parse(file.text()),
    }
}
