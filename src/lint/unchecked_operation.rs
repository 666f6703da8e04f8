//! `unchecked-operation`

use std::collections::BTreeMap;

use super::{Finding, Rule};
use crate::manifest::{Call, Operation};
use crate::project::Project;
use crate::severity::Severity;

/// # unchecked-operation
///
/// ## What it does
/// Tells which operations were not checked because the table does not know them: a resource type without an entry, an
/// API without a row. One note for each resource. It also tells manifests that no principal deploys.
///
/// ## Why it matters
/// Silence would look like "all fine". The note says what has to be looked up by hand.
///
/// ## Example
/// ```hcl
/// resource "huaweicloud_brand_new_thing" "x" {}
/// ```
///
/// ## Use instead
/// Extend the table by a file of the same format as the program's own, and name it in the configuration:
/// ```yaml
/// catalog:
///   extend: ["catalog/*.yaml"]
/// ```
///
/// ## How to configure it
/// A note unless `rules: { unchecked-operation: error }` says otherwise, which makes a gate that lets nothing pass
/// unchecked.
pub(super) struct UncheckedOperation;

impl Rule for UncheckedOperation {
    fn name(&self) -> &'static str {
        "unchecked-operation"
    }

    fn severity(&self) -> Severity {
        Severity::Note
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let causes = project.manifests.unknown.iter().map(|unknown| {
            let message = format!("not checked: {}", unknown.message);
            let finding = Finding::new(self.name(), self.severity(), message, unknown.cause.place.clone());
            Finding { resource: unknown.cause.resource.clone(), ..finding.with_help(unknown.help.clone()) }
        });
        causes.chain(self.unknown_apis(project)).chain(self.undeployed(project)).collect()
    }
}

impl UncheckedOperation {
    fn unknown_apis(&self, project: &Project<'_>) -> Vec<Finding> {
        let mut causes: BTreeMap<_, Vec<(&Operation, &str)>> = BTreeMap::new();
        for (index, why) in &project.assessed.unknown {
            let Some(operation) = project.manifests.operations.get(*index) else { continue };
            let place = &operation.cause.place;
            let key = (place.file.path(), place.span.start, operation.cause.resource.as_deref());
            causes.entry(key).or_default().push((operation, why));
        }
        causes.into_values().filter_map(|operations| self.finding(&operations)).collect()
    }

    /// One note for each manifest that nobody deploys; one for all of them where there is no principal.
    fn undeployed(&self, project: &Project<'_>) -> Vec<Finding> {
        let operations =
            project.assessed.undeployed.iter().filter_map(|index| project.manifests.operations.get(*index));
        let mut manifests: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
        for operation in operations.filter(|operation| names_no_stranger(operation, project)) {
            manifests.entry(operation.cause.place.file.path()).or_default().push(operation);
        }
        if project.deployers.is_empty() {
            let all: Vec<&Operation> = manifests.into_values().flatten().collect();
            let why = "no principal is known";
            let help =
                "name policies and who holds them in `grantlint.yaml`, or check a folder that holds policy files too";
            return self.not_deployed(&all, why, help).into_iter().collect();
        }
        let why = "no principal deploys this manifest";
        let help = "see `deploys` of the principals in `grantlint.yaml`";
        manifests.values().filter_map(|operations| self.not_deployed(operations, why, help)).collect()
    }

    fn not_deployed(&self, operations: &[&Operation], why: &str, help: &str) -> Option<Finding> {
        let count = if operations.len() == 1 {
            String::from("1 operation")
        } else {
            format!("{} operations", operations.len())
        };
        let place = operations.first()?.cause.place.clone();
        let message = format!("not checked: {count}: {why}");
        Some(Finding::new(self.name(), self.severity(), message, place).with_help(Some(help.to_owned())))
    }

    fn finding(&self, operations: &[(&Operation, &str)]) -> Option<Finding> {
        let (first, why) = operations.first()?;
        let mut apis: Vec<String> = operations.iter().filter_map(|(operation, _)| api(operation)).collect();
        apis.sort();
        apis.dedup();
        let subject = first.cause.resource.as_ref().map(|resource| format!("`{resource}` also calls "));
        let message = match (apis.as_slice(), subject) {
            ([_, ..], Some(subject)) => {
                format!("not checked: {subject}{}, which the table has no row for", listed(&apis))
            }
            _ => format!("not checked: {why}"),
        };
        let mut finding = Finding::new(self.name(), self.severity(), message, first.cause.place.clone());
        finding.resource.clone_from(&first.cause.resource);
        if let [api] = apis.as_slice() {
            finding.api = Some(api.clone());
        }
        Some(finding)
    }
}

/// A manifest that names a principal which does not exist is told by `invalid-manifest`.
fn names_no_stranger(operation: &Operation, project: &Project<'_>) -> bool {
    operation
        .principal
        .as_ref()
        .is_none_or(|(name, _)| project.deployers.iter().any(|deployer| deployer.principal.name == *name))
}

fn api(operation: &Operation) -> Option<String> {
    match &operation.call {
        Call::Api { key, .. } => Some(key.to_string()),
        Call::Action(_) => None,
    }
}

fn listed(apis: &[String]) -> String {
    apis.iter().map(|api| format!("`{api}`")).collect::<Vec<_>>().join(", ")
}
