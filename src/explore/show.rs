//! `catalog show`: what a word means, whatever it is the name of.

use super::cards::{Card, Cited, ServiceCard};
use super::inventory::inventory;
use super::{actions, apis, search};
use crate::catalog::{ApiKey, Catalog, EnterpriseProjectSupport, Method, SystemPolicy, TerraformKind};
use crate::nearest::{self, nearest_few};

/// How many names are offered for one that does not exist.
const OFFERED: usize = 3;

/// A name that the table does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the table knows nothing by the name `{name}`{} `grantlint catalog search` looks further", offer(.nearest))]
pub struct NotFound {
    /// The name.
    pub name: String,
    /// The names that are most like it, the nearest first.
    pub nearest: Vec<String>,
}

fn offer(names: &[String]) -> String {
    nearest::offer(names).map_or_else(|| String::from(":"), |offer| format!(": {offer}"))
}

/// Everything that some words can mean: a service, an action or a pattern, an API, a Terraform type, an operation, a
/// policy. With a service, only its APIs, operations, types and policies.
///
/// # Errors
/// [`NotFound`] with the nearest names where they mean nothing.
pub fn show<'a>(catalog: &'a Catalog, words: &[String], service: Option<&str>) -> Result<Vec<Card<'a>>, NotFound> {
    let name = words.iter().flat_map(|word| word.split_whitespace()).collect::<Vec<_>>().join(" ");
    let mut cards = Vec::new();
    cards.extend(self::service(catalog, &name).map(|card| Card::Service(Box::new(card))));
    cards.extend(of_actions(catalog, &name));
    cards.extend(of_apis(catalog, &name, service));
    cards.extend(of_types(catalog, &name));
    cards.extend(of_operations(catalog, &name, service));
    cards.extend(of_policies(catalog, &name));
    cards.retain(|card| service.is_none_or(|service| is_of(card, service)));
    if cards.is_empty() { Err(not_found(catalog, name)) } else { Ok(cards) }
}

/// Whether a card may be meant where a service is named; rows of another service that documents the same APIs are.
fn is_of(card: &Card<'_>, service: &str) -> bool {
    match card {
        Card::Service(card) => card.service.eq_ignore_ascii_case(service),
        Card::TerraformType(card) => card.service.eq_ignore_ascii_case(service),
        Card::Policy(card) => card.service.eq_ignore_ascii_case(service),
        Card::Action(_) | Card::Pattern(_) | Card::Api(_) | Card::Operation(_) => true,
    }
}

fn not_found(catalog: &Catalog, name: String) -> NotFound {
    let items = search::items(catalog);
    let names = items.iter().map(|item| item.name.as_ref());
    let nearest = nearest_few(&name, names, OFFERED).into_iter().map(str::to_owned).collect();
    NotFound { name, nearest }
}

fn service<'a>(catalog: &'a Catalog, name: &str) -> Option<ServiceCard<'a>> {
    let by_name = || {
        let is_named = |code: &&&str| {
            let details = catalog.service_details(code);
            details.is_some_and(|details| details.names.iter().any(|other| other.eq_ignore_ascii_case(name)))
        };
        let codes = catalog.services();
        codes.iter().find(is_named).copied()
    };
    let code = catalog.service(name).map(|service| service.code).or_else(by_name)?;
    let service = catalog.service(code)?;
    let details = catalog.service_details(code)?;
    Some(ServiceCard {
        service: service.code,
        names: details.names,
        reach: service.reach.as_str(),
        enterprise_projects: match service.enterprise_projects {
            EnterpriseProjectSupport::All => "all",
            EnterpriseProjectSupport::Partial => "partial",
            EnterpriseProjectSupport::None => "none",
            EnterpriseProjectSupport::Unknown => "unknown",
        },
        family: details.family,
        hosts: details.hosts.iter().map(|host| host.label).collect(),
        sdk: details.sdk.map(|sdk| sdk.versions).unwrap_or_default(),
        figures: inventory(catalog).of(code).map(|own| own.figures).unwrap_or_default(),
        source: Cited::new(details.source, None),
    })
}

fn of_actions<'a>(catalog: &'a Catalog, name: &str) -> Option<Card<'a>> {
    if !name.contains(':') || name.contains(' ') {
        return None;
    }
    if name.contains('*') {
        return actions::pattern(catalog, name).map(|card| Card::Pattern(Box::new(card)));
    }
    actions::action(catalog, name).map(|card| Card::Action(Box::new(card)))
}

/// An API with its method, or a path in every method that it has.
fn of_apis<'a>(catalog: &'a Catalog, name: &str, service: Option<&str>) -> Vec<Card<'a>> {
    let keys: Vec<ApiKey> = if name.starts_with('/') {
        Method::ALL.iter().filter_map(|method| format!("{method} {name}").parse().ok()).collect()
    } else {
        name.parse().into_iter().collect()
    };
    let cards = keys.iter().flat_map(|key| apis::api(catalog, service, key));
    cards.map(|card| Card::Api(Box::new(card))).collect()
}

fn of_types<'a>(catalog: &'a Catalog, name: &str) -> Vec<Card<'a>> {
    // As Terraform writes an address: `data.huaweicloud_images_image`.
    let (kinds, name) = match name.strip_prefix("data.").or_else(|| name.strip_prefix("data ")) {
        Some(name) => (&[TerraformKind::Data][..], name),
        None => (&[TerraformKind::Resource, TerraformKind::Data][..], name),
    };
    let name = name.to_ascii_lowercase();
    let kinds = kinds.iter().filter(|kind| catalog.terraform(**kind, &name).is_some());
    let wanted: Vec<TerraformKind> = kinds.copied().collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let types = catalog.types().into_iter().filter(|listed| listed.entry.1.name == name);
    let mut types: Vec<_> = types.filter(|listed| wanted.contains(&listed.entry.0)).collect();
    types.sort_by_key(|listed| listed.entry.0);
    let cards = types.into_iter().map(|listed| {
        let (kind, entry) = listed.entry;
        Card::TerraformType(Box::new(apis::terraform(catalog, kind, entry, listed.extension)))
    });
    cards.collect()
}

/// `ims CreateImage`, `ims:CreateImage`, `CreateImage`, each perhaps with `/v2`.
fn of_operations<'a>(catalog: &'a Catalog, name: &str, service: Option<&str>) -> Vec<Card<'a>> {
    let (name, version) = match name.split_once('/') {
        Some((name, version)) => (name, Some(version)),
        None => (name, None),
    };
    let (service, name) = match name.split_once([' ', ':']) {
        Some((service, name)) => (Some(service), name),
        None => (service, name),
    };
    // Services go by codes that differ between the SDKs and `KooCLI`, which the look-up knows.
    let of_service = service.map(|service| catalog.operation(service, name, version));
    let is_one = |operation: &crate::catalog::Operation<'_>| match &of_service {
        Some(found) => found.contains(operation),
        None => {
            operation.name.eq_ignore_ascii_case(name)
                && version.is_none_or(|version| operation.version.eq_ignore_ascii_case(version))
        }
    };
    let mut found: Vec<_> = catalog.operations().into_iter().filter(|listed| is_one(&listed.entry)).collect();
    found.sort_by_key(|listed| (listed.entry.service, listed.entry.version));
    let cards = found.into_iter().map(|listed| apis::operation(catalog, listed.entry, listed.extension));
    cards.map(|card| Card::Operation(Box::new(card))).collect()
}

fn of_policies<'a>(catalog: &'a Catalog, name: &str) -> Vec<Card<'a>> {
    let lower = name.to_lowercase();
    let all = catalog.policies_by_name();
    let mut found: Vec<(SystemPolicy<'a>, Option<&'a str>)> = Vec::new();
    for (other, listed) in &all {
        let is_new = || found.iter().all(|(policy, _)| *policy != listed.entry);
        if other.to_lowercase() == lower && is_new() {
            found.push((listed.entry.clone(), listed.extension));
        }
    }
    let cards = found.into_iter().map(|(policy, extension)| {
        let mut names: Vec<&'a str> = vec![policy.name];
        let others = all.iter().filter(|(_, listed)| listed.entry == policy).map(|(other, _)| *other);
        for other in others {
            if !names.contains(&other) {
                names.push(other);
            }
        }
        Card::Policy(Box::new(actions::policy(policy, names, extension)))
    });
    cards.collect()
}
