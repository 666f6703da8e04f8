//! Terraform and OpenTofu: which operations each resource and data source causes.

mod block;
mod condition;
mod module;
mod overriding;
mod request;
mod value;

use std::sync::Arc;

use super::{Context, Extract, Format, Problem};
use crate::source::{Place, SourceFile};
use crate::syntax::{SyntaxError, hcl, json};
use module::Module;

/// The provider; a folder without the word is another cloud's.
const PROVIDER: &str = "huaweicloud";

/// The prefix of the resource types that are ours.
const PREFIX: &str = "huaweicloud_";

/// Terraform's language, in native and in JSON syntax; the files of one folder are one module.
#[derive(Debug, Clone, Copy)]
pub struct Terraform;

impl Format for Terraform {
    fn claims(&self, path: &str, _text: &str) -> bool {
        [".tf", ".tofu"].iter().any(|ending| path.ends_with(ending)) || is_json(path) || module::is_values(path)
    }

    fn unit<'p>(&self, path: &'p str) -> &'p str {
        path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    fn extract(&self, files: &[Arc<SourceFile>], context: Context<'_>) -> Extract {
        let mut extract = Extract::default();
        if !files.iter().any(|file| memchr::memmem::find(file.text().as_bytes(), PROVIDER.as_bytes()).is_some()) {
            return extract;
        }
        let mut bodies = Vec::new();
        for file in files {
            match read(file) {
                Ok(body) => bodies.push((Arc::clone(file), body)),
                Err(error) => extract.problems.push(Problem {
                    place: Place::new(file, error.span),
                    message: format!("the file cannot be parsed: {}", error.message),
                    help: None,
                }),
            }
        }
        let bodies = overriding::merged(bodies);
        let module = Module::new(&bodies);
        for (file, body) in &bodies {
            for block in &body.blocks {
                block::extract(block, file, &module, context, &mut extract);
            }
        }
        extract
    }
}

fn is_json(path: &str) -> bool {
    path.ends_with(".tf.json") || path.ends_with(".tofu.json")
}

fn read(file: &SourceFile) -> Result<hcl::Body, SyntaxError> {
    match (is_json(file.path()), file.path().ends_with(".tfvars.json")) {
        (true, _) => hcl::from_json(&json::parse(file.text())?.node),
        (_, true) => hcl::values_from_json(&json::parse(file.text())?.node),
        _ => hcl::parse(file.text()),
    }
}
