//! `rules/operations/<service>.yaml`

use std::collections::BTreeMap;

use crate::facts::{Facts, OperationFact};
use crate::services::OBS_PARAMETERS;
use crate::yaml;

/// The SDK release that the operations were read in.
const SOURCE: &str = "{ document: huaweicloud-sdk-python-v3 3.1.211 and its siblings, date: 2026-08-20 }";

pub(crate) fn file(facts: &Facts, service: &str) -> Option<String> {
    let mut versions: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    let mut koocli = None;
    for row in facts.operations.iter().filter(|row| row.service == service) {
        koocli = koocli.or(row.koocli_service.as_deref());
        let operations = versions.entry(&row.version).or_default();
        operations.insert(&row.operation, api(row));
    }
    if versions.is_empty() {
        return None;
    }
    let mut out = format!("service: {service}\n");
    if let Some(koocli) = koocli {
        yaml::push(&mut out, format_args!("koocli: {}\n", yaml::block(koocli)));
    }
    yaml::push(&mut out, format_args!("source: {SOURCE}\nversions:\n"));
    for (version, operations) in versions {
        yaml::push(&mut out, format_args!("  {}:\n", yaml::block(version)));
        for (name, api) in operations {
            yaml::push(&mut out, format_args!("    {}: {}\n", yaml::block(name), yaml::block(&api)));
        }
    }
    Some(out)
}

fn api(row: &OperationFact) -> String {
    let api = format!("{} {}", row.method, row.path);
    if row.service != "obs" {
        return api;
    }
    match row.operation.as_str() {
        "ListBuckets" => return format!("{api} address:service"),
        "CopyObject" => return format!("{api} header:x-obs-copy-source"),
        // Listing versions is a parameter of this operation, not what it is.
        "ListObjects" => return api,
        _ => {}
    }
    let keys: Vec<&str> = row
        .query
        .iter()
        .map(|key| key.trim())
        .filter(|key| !OBS_PARAMETERS.contains(key) && !key.starts_with("response-"))
        .collect();
    if keys.is_empty() { api } else { format!("{api}?{}", keys.join("&")) }
}
