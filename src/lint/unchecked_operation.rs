//! `unchecked-operation`

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, NotChecked, Reason, Rule};
use crate::catalog::{Catalog, Near, Phase};
use crate::manifest::{Call, Operation, UnknownKind};
use crate::nearest::listed;
use crate::project::{Project, Unchecked, Undeployed};
use crate::severity::Severity;

/// How many names of one reason a message holds.
const IN_MESSAGE: usize = 3;

/// How many names of one reason the help holds where the message does not hold all.
const IN_HELP: usize = 12;

/// # unchecked-operation
///
/// ## What it does
/// Tells which operations were not checked, and why:
/// - the table does not know the resource type, the data source or the operation of an SDK;
/// - the table has no row for the API;
/// - the table has a row for the API, and no document names the action that it needs;
/// - the table knows the actions of the service, and not the one that the manifest names;
/// - a module is not among the files;
/// - no principal deploys the manifest, or none in that phase, or none is known, or an agency makes the call that is no
///   principal.
///
/// There is one note for each resource; what it names in part, JSON has in full under `unchecked`. An API of which only
/// the action of one grammar is known is checked: whether a policy of the other grammar grants it is told by
/// `conditional-grant`.
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
            let mut finding = Finding::new(self.name(), self.severity(), message, unknown.cause.place.clone());
            finding.resource.clone_from(&unknown.cause.resource);
            finding.unchecked = vec![NotChecked { reason: unknown.kind.into(), names: vec![unknown.name.clone()] }];
            finding.with_help(unknown.help.clone())
        });
        causes.chain(self.undecided(project)).chain(self.undeployed(project)).collect()
    }
}

impl UncheckedOperation {
    /// One note for each resource, or for each operation that stands by itself.
    fn undecided(&self, project: &Project<'_>) -> Vec<Finding> {
        let mut causes: BTreeMap<_, Vec<(&Operation, &Unchecked)>> = BTreeMap::new();
        for (index, why) in &project.assessed.unchecked {
            let Some(operation) = project.manifests.operations.get(*index) else { continue };
            causes.entry(operation.cause.key()).or_default().push((operation, why));
        }
        causes.into_values().filter_map(|operations| self.finding(&operations, project.catalog)).collect()
    }

    /// One note for each manifest that nobody deploys; one for all of them where there is no principal.
    fn undeployed(&self, project: &Project<'_>) -> Vec<Finding> {
        let mut manifests: BTreeMap<(&str, Undeployed), Vec<&Operation>> = BTreeMap::new();
        for (index, why) in &project.assessed.undeployed {
            let Some(operation) = project.manifests.operations.get(*index) else { continue };
            if names_no_stranger(operation, project) {
                manifests.entry((operation.cause.place.file.path(), *why)).or_default().push(operation);
            }
        }
        if project.deployers.is_empty() {
            let all: Vec<&Operation> = manifests.into_values().flatten().collect();
            let why = "no principal is known";
            let help =
                "name policies and who holds them in `grantlint.yaml`, or check a folder that holds policy files too";
            return self.not_deployed(&all, Reason::NoPrincipal, why, help).into_iter().collect();
        }
        let finding = |((_, why), operations): (&(&str, Undeployed), &Vec<&Operation>)| {
            let (why, help) = why_not_deployed(*why, operations);
            self.not_deployed(operations, Reason::NotDeployed, &why, help)
        };
        manifests.iter().filter_map(finding).collect()
    }

    fn not_deployed(&self, operations: &[&Operation], reason: Reason, why: &str, help: &str) -> Option<Finding> {
        let count = if operations.len() == 1 {
            String::from("1 operation")
        } else {
            format!("{} operations", operations.len())
        };
        let place = operations.first()?.cause.place.clone();
        let message = format!("not checked: {count}: {why}");
        let mut finding = Finding::new(self.name(), self.severity(), message, place);
        finding.unchecked = vec![NotChecked { reason, names: Vec::new() }];
        Some(finding.with_help(Some(help.to_owned())))
    }

    /// `operations` have one cause.
    fn finding(&self, operations: &[(&Operation, &Unchecked)], catalog: &Catalog) -> Option<Finding> {
        let (first, why) = operations.first()?;
        let unchecked = by_reason(operations);
        let told: Vec<String> = unchecked.iter().map(told).collect();
        let message = format!("not checked: the table {}{}", told.join(", and "), whose(first));
        // Nobody wrote the calls of a Terraform resource, so none of them is a slip.
        let meant = if first.phase.is_none() { meant(first, why, catalog) } else { None };
        let mut finding = Finding::new(self.name(), self.severity(), message, first.cause.place.clone());
        finding.resource.clone_from(&first.cause.resource);
        if let ([one], Call::Api { .. }) = (unchecked.as_slice(), &*first.call) {
            finding.api = if let [api] = one.names.as_slice() { Some(api.clone()) } else { None };
        }
        let rest: Vec<String> = unchecked.iter().filter_map(rest).collect();
        finding.unchecked = unchecked;
        Some(finding.with_help(meant.or_else(|| (!rest.is_empty()).then(|| rest.join("; ")))))
    }
}

impl From<UnknownKind> for Reason {
    fn from(kind: UnknownKind) -> Self {
        match kind {
            UnknownKind::Type => Self::UnknownType,
            UnknownKind::Operation => Self::UnknownOperation,
            UnknownKind::Module => Self::UnreadModule,
        }
    }
}

fn why_not_deployed(why: Undeployed, operations: &[&Operation]) -> (String, &'static str) {
    let why_not = String::from("no principal deploys this manifest");
    match why {
        Undeployed::Agency => {
            let agencies: BTreeSet<&str> = operations
                .iter()
                .filter_map(|operation| operation.agency.as_ref().map(|(name, _)| name.as_str()))
                .collect();
            let agencies: Vec<&str> = agencies.into_iter().collect();
            let why =
                format!("the provider acts as the agency {}, which is no principal that is known", listed(&agencies));
            (why, "name it and what it is granted among the principals in `grantlint.yaml`")
        }
        Undeployed::Identity => {
            let why =
                String::from("they define identities, and an identity that the files define is not asked for that");
            (why, "name who deploys it among the principals in `grantlint.yaml`")
        }
        Undeployed::Manifest => (why_not, "see `deploys` of the principals in `grantlint.yaml`"),
        Undeployed::Phase => {
            let phases: BTreeSet<Phase> = operations.iter().filter_map(|operation| operation.phase).collect();
            let phases: Vec<&str> = phases.into_iter().map(Phase::as_str).collect();
            let noun = if phases.len() == 1 { "phase" } else { "phases" };
            let why = format!("{why_not} in the {noun} {}", listed(&phases));
            (why, "see `phases` of the principals in `grantlint.yaml`")
        }
    }
}

impl From<&Unchecked> for Reason {
    fn from(why: &Unchecked) -> Self {
        match why {
            Unchecked::NoRow => Self::UnknownApi,
            Unchecked::NoAction => Self::NoAction,
            Unchecked::UnknownAction(_) => Self::UnknownAction,
        }
    }
}

/// A manifest that names a principal which does not exist is told by `invalid-manifest`.
fn names_no_stranger(operation: &Operation, project: &Project<'_>) -> bool {
    operation
        .principal
        .as_ref()
        .is_none_or(|(name, _)| project.deployers.iter().any(|deployer| deployer.principal.name == *name))
}

fn by_reason(operations: &[(&Operation, &Unchecked)]) -> Vec<NotChecked> {
    let mut reasons: BTreeMap<Reason, BTreeSet<String>> = BTreeMap::new();
    for (operation, why) in operations {
        reasons.entry(Reason::from(*why)).or_default().insert(operation.call.to_string());
    }
    let listed =
        |(reason, names): (Reason, BTreeSet<String>)| NotChecked { reason, names: names.into_iter().collect() };
    reasons.into_iter().map(listed).collect()
}

/// What a message says of one reason: "has no row for `A`, `B` and 2 more".
fn told(unchecked: &NotChecked) -> String {
    let what = match unchecked.reason {
        Reason::NoAction => "names no action for",
        Reason::UnknownAction => "does not know the action",
        _ => "has no row for",
    };
    format!("{what} {}", shortened(&names(unchecked), IN_MESSAGE))
}

/// Whose calls they are.
fn whose(operation: &Operation) -> String {
    match (&operation.cause.resource, &*operation.call) {
        (Some(resource), Call::Api { .. }) => format!(", which `{resource}` calls"),
        (Some(resource), Call::Action(_)) => format!(", which `{resource}` needs"),
        (None, Call::Api { service: Some(service), .. }) => format!(" of the service `{service}`"),
        _ => String::new(),
    }
}

/// The names of a reason that a message does not hold.
fn rest(unchecked: &NotChecked) -> Option<String> {
    let names = names(unchecked);
    let (_, rest) = names.split_at_checked(IN_MESSAGE).filter(|(_, rest)| rest.len() > 1)?;
    let what = if unchecked.reason == Reason::NoAction { "no action is named for" } else { "there is no row for" };
    Some(format!("{what} {} either", shortened(rest, IN_HELP)))
}

fn names(unchecked: &NotChecked) -> Vec<&str> {
    unchecked.names.iter().map(String::as_str).collect()
}

/// So many names at most, and how many more there are; one that would be left out alone is named.
pub(super) fn shortened(names: &[&str], most: usize) -> String {
    match names.split_at_checked(most) {
        Some((first, rest)) if rest.len() > 1 => format!("{} and {} more", listed(first), rest.len()),
        _ => listed(names),
    }
}

/// What the person who wrote the operation may have meant.
fn meant(operation: &Operation, why: &Unchecked, catalog: &Catalog) -> Option<String> {
    match (why, &*operation.call) {
        (Unchecked::NoRow, Call::Api { service, key, .. }) => match catalog.near(service.as_deref(), key)? {
            Near::Api(api) => Some(format!("did you mean `{api}`?")),
            Near::Service(service) => Some(format!("did you mean the service `{service}`?")),
        },
        (Unchecked::UnknownAction(near), _) => near.as_ref().map(|near| format!("did you mean `{near}`?")),
        _ => None,
    }
}
