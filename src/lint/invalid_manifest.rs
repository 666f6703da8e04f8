//! `invalid-manifest`

use std::collections::BTreeSet;

use super::{Finding, Rule};
use crate::nearest::suggestion;
use crate::project::{Project, UNBOUND};
use crate::severity::Severity;

/// # invalid-manifest
///
/// ## What it does
/// Tells which manifests, or parts of them, cannot be read: files that cannot be opened or parsed, unknown keys and
/// malformed entries of an operations manifest, and principals that the configuration does not have.
///
/// ## Why it matters
/// What cannot be read is not checked.
///
/// ## Example
/// ```yaml
/// apiVersion: grantlint/v1
/// kind: Operations
/// operations:
///   - api: /v1/cloudimages/{image_id}/copy
/// ```
///
/// ## Use instead
/// ```yaml
/// apiVersion: grantlint/v1
/// kind: Operations
/// operations:
///   - api: POST /v1/cloudimages/{image_id}/copy
/// ```
///
/// ## How to configure it
/// An error unless `rules: { invalid-manifest: warning }` says otherwise. Files that are no manifests of the deployment
/// are left out by `exclude`.
pub(super) struct InvalidManifest;

impl Rule for InvalidManifest {
    fn name(&self) -> &'static str {
        "invalid-manifest"
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let problems = project.manifests.problems.iter().map(|problem| {
            let finding = Finding::new(self.name(), self.severity(), problem.message.clone(), problem.place.clone());
            finding.with_help(problem.help.clone())
        });
        problems.chain(self.unknown_principals(project)).collect()
    }
}

impl InvalidManifest {
    fn unknown_principals(&self, project: &Project<'_>) -> Vec<Finding> {
        let names = project.deployers.iter().map(|deployer| deployer.principal.name.as_str());
        let names: Vec<&str> = names.filter(|name| *name != UNBOUND).collect();
        let mut seen = BTreeSet::new();
        let mut findings = Vec::new();
        for (name, place) in project.manifests.operations.iter().filter_map(|operation| operation.principal.as_ref()) {
            let is_new = seen.insert((place.file.path(), place.span));
            if is_new && !names.contains(&name.as_str()) {
                let message = format!("there is no principal `{name}`");
                let help = if names.is_empty() {
                    String::from("add it under `principals:` in `grantlint.yaml`")
                } else {
                    suggestion(name, &names)
                };
                findings.push(Finding::new(self.name(), self.severity(), message, place.clone()).with_help(Some(help)));
            }
        }
        findings
    }
}
