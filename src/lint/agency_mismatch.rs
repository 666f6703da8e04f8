//! `agency-mismatch`

mod lacking;
mod trusted;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Finding, Related, Rule};
use crate::catalog::{AgencyUse as Row, Catalog, Source, TrustedService};
use crate::manifest::{AgencyUse, NamedAgency};
use crate::nearest::nearest;
use crate::project::{Agency, Project};
use crate::severity::{Certainty, Severity};
use crate::source::Place;

/// # agency-mismatch
///
/// ## What it does
/// Holds every agency that a Terraform resource hands to a cloud service (`agency_name`, `agency`, `xrole` and the like)
/// against the agencies that the same root module defines. Three things are told:
/// - the name is that of no such agency, and one of them has nearly the same (possible: the account may have it);
/// - the agency does not trust the service that it is handed to: it delegates to another service or to an account, or
///   its trust policy names others;
/// - the agency is not granted what the service needs it for, or only where that is of no use, such as in another region.
///
/// Which resource hands an agency to whom, how each service is named by those that trust it, and which roles or actions
/// are needed where, stands in `rules/agencies.yaml` with its sources; only what is documented is asked for. What an
/// agency holds is taken from its own block, from attached policies and from custom policies of the same root module. A
/// policy of which the body is not known, or that allows a part of what a role does, is taken to be enough. Where one
/// document alone says to which account agencies delegate for a service, another account is only possibly wrong.
///
/// ## Why it matters
/// Neither `terraform plan` nor `apply` looks into an agency. A service that may not assume it, or may not do with it what
/// it is for, fails later: an image is not copied, objects are not replicated, a function finds no network.
///
/// ## Example
/// ```hcl
/// resource "huaweicloud_identity_agency" "copy" {
///   name                   = "image-copy"
///   delegated_service_name = "op_svc_ecs"
///
///   project_role {
///     project = "cn-north-4"
///     roles   = ["IMS CrossCopyAgencyPolicy"]
///   }
/// }
///
/// resource "huaweicloud_images_image_copy" "dr" {
///   source_image_id = var.image
///   name            = "base-dr"
///   target_region   = "cn-south-1"
///   agency_name     = huaweicloud_identity_agency.copy.name
/// }
/// ```
///
/// ## Use instead
/// ```hcl
/// resource "huaweicloud_identity_agency" "copy" {
///   name                   = "image-copy"
///   delegated_service_name = "op_svc_ims"
///
///   project_role {
///     project = "cn-south-1"
///     roles   = ["IMS CrossCopyAgencyPolicy"]
///   }
/// }
/// ```
///
/// ## How to configure it
/// An error unless `rules: { agency-mismatch: warning }` says otherwise; what is only possible is a warning. An agency
/// that is granted more outside Terraform is accepted by an `ignore` entry with `rule: agency-mismatch`, the `resource`
/// and a `reason`.
pub(super) struct AgencyMismatch;

impl Rule for AgencyMismatch {
    fn name(&self) -> &'static str {
        "agency-mismatch"
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let handed = project.manifests.agencies.iter();
        let told = handed.flat_map(|handed| of_use(handed, project).into_iter().map(move |told| (handed, told)));
        self.findings(told)
    }
}

/// What is wrong with an agency that a resource hands over.
struct Told {
    message: String,
    /// What of it agencies of one block have in common.
    wrong: String,
    help: String,
    actions: Vec<String>,
    /// Why it may be right; none where it certainly is wrong.
    open: Option<Arc<str>>,
    related: Option<Related>,
}

impl AgencyMismatch {
    /// One finding for what several instances of a block have in common.
    fn findings<'p>(&self, told: impl Iterator<Item = (&'p AgencyUse, Told)>) -> Vec<Finding> {
        let mut findings: BTreeMap<_, (Finding, usize)> = BTreeMap::new();
        for (handed, told) in told {
            let place = |place: &Place| (place.file.path().to_owned(), place.span);
            let defined = told.related.as_ref().map(|related| place(&related.place));
            let key = (place(&handed.place), defined, told.wrong.clone(), told.open.clone());
            let finding = || (self.finding(handed, told), 0);
            findings.entry(key).and_modify(|(_, more)| *more += 1).or_insert_with(finding);
        }
        let counted = findings.into_values().map(|(finding, more)| match more {
            0 => finding,
            more => {
                let resource = finding.resource.as_ref().map(|first| format!("{first} (and {more} more)"));
                Finding { resource, ..finding }
            }
        });
        counted.collect()
    }

    fn finding(&self, handed: &AgencyUse, told: Told) -> Finding {
        let (certainty, severity, open) = match &told.open {
            None => (Certainty::Certain, self.severity(), String::new()),
            Some(why) => (Certainty::Possible, Severity::Warning, format!(" (possible: {why})")),
        };
        let message = format!("{}{open}", told.message);
        Finding {
            certainty,
            actions: told.actions,
            resource: handed.cause.resource.clone(),
            related: told.related.into_iter().collect(),
            ..Finding::new(self.name(), severity, message, handed.place.clone()).with_help(Some(told.help))
        }
    }
}

fn of_use(handed: &AgencyUse, project: &Project<'_>) -> Vec<Told> {
    let uses = project.catalog.agency_uses(&handed.type_name);
    let Some(row) = uses.into_iter().find(|row| row.attribute == handed.attribute) else { return Vec::new() };
    let own = || project.agencies.iter().filter(|agency| handed.among.contains(&agency.index));
    let is_named = |agency: &&Agency| match &handed.agency {
        NamedAgency::Name(name) => agency.defined.name.as_ref() == Some(name),
        NamedAgency::Address(address) => agency.defined.address == *address,
        NamedAgency::Written(place) => agency.defined.name_at.as_ref() == Some(place),
    };
    let mut named = own().filter(is_named);
    let Some(first) = named.next() else {
        return slip(handed, own()).into_iter().collect();
    };
    let told = wrong_with(handed, first, &row, project.catalog);
    // Of several that may be meant, one that is right is enough.
    let mut others = named.enumerate();
    let is_right = |(index, other)| index >= MEANT || wrong_with(handed, other, &row, project.catalog).is_empty();
    if told.is_empty() || others.any(is_right) { Vec::new() } else { told }
}

/// How many more agencies that may be meant are looked at.
const MEANT: usize = 16;

fn wrong_with(handed: &AgencyUse, agency: &Agency, row: &Row<'_>, catalog: &Catalog) -> Vec<Told> {
    let Some(service) = row.service else { return Vec::new() };
    match trusted::told(handed, agency, service, catalog) {
        Some(told) => vec![told],
        None => lacking::told(handed, agency, row, catalog),
    }
}

/// The agency that is meant by a name which no agency of the root module has.
fn slip<'p>(handed: &AgencyUse, own: impl Iterator<Item = &'p Agency> + Clone) -> Option<Told> {
    let NamedAgency::Name(name) = &handed.agency else { return None };
    let near = nearest(name, own.clone().filter_map(|agency| agency.defined.name.as_deref()))?;
    // Agencies that differ by a number, or by more than a slip of the pen, are told apart on purpose.
    if strsim::damerau_levenshtein(near, name) > 2 || digits(near) != digits(name) {
        return None;
    }
    let meant = own.into_iter().find(|agency| agency.defined.name.as_deref() == Some(near))?;
    let message = format!("`{}` names the agency `{name}`, which no file of the root module defines", handed.attribute);
    Some(Told {
        wrong: message.clone(),
        message,
        help: format!("did you mean `{near}`? Write `{}.name`, which cannot go wrong", meant.defined.address),
        actions: Vec::new(),
        open: Some(Arc::from("the account may have it")),
        related: Some(defined_here(meant)),
    })
}

fn digits(name: &str) -> String {
    name.chars().filter(char::is_ascii_digit).collect()
}

fn defined_here(agency: &Agency) -> Related {
    Related { message: format!("`{}` is defined here", agency.principal.name), place: agency.place.clone() }
}

/// A service as its documents write it.
fn shown(service: TrustedService<'_>, catalog: &Catalog) -> String {
    let details = catalog.service_details(service.code);
    let name = details.and_then(|details| details.names.first().copied());
    name.map_or_else(|| service.code.to_uppercase(), str::to_owned)
}

/// "as of the document"
fn as_of(source: Source<'_>) -> String {
    match source.date {
        Some(date) => format!("as of {date}, {}", source.document),
        None => format!("as of {}", source.document),
    }
}
