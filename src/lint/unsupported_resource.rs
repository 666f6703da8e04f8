//! `unsupported-resource`

mod identity;
mod older;

use super::{Finding, Related, Rule};
use crate::glob::meets;
use crate::policy::{Located, Resources, Version};
use crate::project::{PolicyDocument, Project};
use crate::severity::{Certainty, Severity};

/// # unsupported-resource
///
/// ## What it does
/// Tells where the `Resource` of a statement names resources that its actions cannot be limited to.
///
/// In policies of version 1.1 only some services have types of resources that a policy may name; the table has those of
/// the vendor's list of 2023 and of pages of single services. A type that is no slip in one of a listed service, a
/// service that is not listed, and an action of a service of which no resource is named are only possible findings. In
/// OBS the type is the middle part of the action.
///
/// In identity policies (5.0) the table describes single actions. One that is for certain types of resources never
/// meets a resource of another type; this is certain where the action requires a type. One for which no type is listed
/// needs `*`, which is possible only: the table may lack the type.
///
/// Patterns such as `ims:*:*` and actions that the table does not describe are passed over.
///
/// ## Why it matters
/// IAM refuses the statement, or saves it and the statement does not apply to the action.
///
/// ## Example
/// ```json
/// { "Effect": "Allow", "Action": ["obs:object:GetObject"], "Resource": ["obs:*:*:bucket:reports"] }
/// ```
///
/// ## Use instead
/// ```json
/// { "Effect": "Allow", "Action": ["obs:object:GetObject"], "Resource": ["obs:*:*:object:reports/*"] }
/// ```
///
/// ## How to configure it
/// A warning unless `rules: { unsupported-resource: error }` says otherwise; a warning at most where it is only
/// possible.
pub(super) struct UnsupportedResource;

/// A resource that a policy names.
struct Named<'p> {
    located: &'p Located<String>,
    /// In lower case.
    service: String,
    /// In lower case, perhaps a pattern.
    kind: String,
}

/// A resource or an action that does not go with the rest of its statement.
struct Misfit<'p> {
    at: &'p Located<String>,
    message: String,
    /// Why it may be right all the same.
    open: Option<&'static str>,
    help: String,
    /// What it does not go with.
    other: Option<(&'static str, &'p Located<String>)>,
}

impl Rule for UnsupportedResource {
    fn name(&self) -> &'static str {
        "unsupported-resource"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (document, statement) in project.statements() {
            let Some(resources) = named(&statement.resources) else { continue };
            let actions = statement.actions.patterns();
            let misfits = match document.source.policy.version {
                Version::V1_0 => Vec::new(),
                Version::V1_1 => older::misfits(actions, &resources, project.catalog),
                Version::V5_0 => identity::misfits(actions, &resources, project.catalog),
            };
            findings.extend(misfits.into_iter().filter_map(|misfit| self.finding(document, misfit)));
        }
        findings
    }
}

impl UnsupportedResource {
    fn finding(&self, document: &PolicyDocument, misfit: Misfit<'_>) -> Option<Finding> {
        let open = misfit.open.map(|open| format!(" (possible: {open})")).unwrap_or_default();
        let place = document.source.place(misfit.at.span)?;
        let mut finding = Finding::new(self.name(), self.severity(), format!("{}{open}", misfit.message), place);
        if misfit.open.is_some() {
            finding.certainty = Certainty::Possible;
        }
        let related = |(message, other): (&str, &Located<String>)| {
            Some(Related { message: message.to_owned(), place: document.source.place(other.span)? })
        };
        finding.related = misfit.other.and_then(related).into_iter().collect();
        Some(finding.with_help(Some(misfit.help)))
    }
}

/// The resources that a statement names; `None` where one of them stands for all, or cannot be read.
fn named(resources: &Resources) -> Option<Vec<Named<'_>>> {
    let Resources::Matching(patterns) = resources else { return None };
    patterns
        .iter()
        .map(|located| Named::read(located).filter(|named| !named.kind.trim_matches('*').is_empty()))
        .collect()
}

impl<'p> Named<'p> {
    /// `service:region:account:type:path`
    fn read(located: &'p Located<String>) -> Option<Self> {
        let mut parts = located.value.splitn(5, ':');
        let (service, kind) = (parts.next()?, parts.nth(2)?);
        parts.next()?;
        Some(Self { located, service: service.to_ascii_lowercase(), kind: kind.to_ascii_lowercase() })
    }

    /// It may be of the type.
    fn may_be(&self, kind: &str) -> bool {
        meets(&self.kind, &kind.to_ascii_lowercase())
    }
}
