//! Terraform and OpenTofu: which operations each resource and data source causes.

mod family;
mod iam;
mod language;
mod module;
mod plan;
mod resource;
mod root;
#[cfg(test)]
mod testing;
mod walk;

use std::path::Path;
use std::sync::Arc;

use super::{Context, Extract, Format};
use crate::parallel;
use crate::source::{Disk, SourceFile};
use module::Folders;
use plan::Documents;
pub(crate) use plan::{is_document as is_plan, is_saved_plan};
use root::Root;
use walk::Types;

/// So many modules are worth a thread.
const MANY: usize = 8;

/// Terraform's language, in native and in JSON syntax, where the files of one folder are one module; and what Terraform
/// makes of it: plans and states as JSON.
#[derive(Debug, Clone, Copy)]
pub struct Terraform;

impl Format for Terraform {
    fn claims(&self, path: &str, text: &str) -> bool {
        is_source(path) || plan::is_document(path, text)
    }

    fn extract(&self, files: &[Arc<SourceFile>], context: Context<'_>) -> Vec<Extract> {
        let (sources, documents): (Vec<_>, Vec<_>) = files.iter().cloned().partition(|file| is_source(file.path()));
        // A plan may be of any folder.
        let folders = Folders::read(&sources, context.disk, !documents.is_empty());
        let documents = Documents::parse(&documents);
        let plans = documents.read(&folders);
        let roots = Root::all(&folders);
        let types = Types::default();
        let mut extracts = parallel::map(&roots, MANY, |root| {
            let of_root = root.extract(&folders, &types, context);
            (context.progress)(0);
            // What it causes is told by the plan, and more exactly.
            let is_planned = plans.cover(root.path());
            if is_planned { Extract { operations: Vec::new(), unknown: Vec::new(), ..of_root } } else { of_root }
        });
        extracts.extend(plans.extract(&types, context));
        let problems = folders.own().flat_map(|folder| folder.problems.iter().cloned()).collect();
        extracts.push(Extract { problems, ..Extract::default() });
        drop(plans);
        parallel::discard((folders, documents), files.len(), MANY);
        extracts
    }
}

/// Is this a file of Terraform's language, or of values for its variables?
pub(crate) fn is_source(path: &str) -> bool {
    [".tf", ".tofu"].iter().any(|ending| path.ends_with(ending)) || module::is_json(path) || module::is_values(path)
}

/// Whether a file holds values for variables; else what is wrong with it.
pub(crate) fn check_values(path: &Path, shown: &str, disk: Disk<'_>) -> Result<(), String> {
    let file = disk.read_at(path, shown).map_err(|error| format!("the file of values {shown} {error}"))?;
    module::values(&file).map(drop).map_err(|error| {
        let at = file.position(error.span.start as usize);
        format!("{shown}:{}:{}: the file of values cannot be parsed: {}", at.line, at.column, error.message)
    })
}
