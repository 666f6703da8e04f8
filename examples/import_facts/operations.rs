//! `rules/operations/<service>.yaml`

use std::collections::BTreeMap;

use crate::facts::{Facts, OperationFact, SharedOperation};
use crate::services::OBS_PARAMETERS;
use crate::yaml;

/// The SDK release that the operations were read in.
const SOURCE: &str = "{ document: huaweicloud-sdk-python-v3 3.1.211 and its siblings, date: 2026-08-20 }";

/// Services whose SDK goes by the code of another product.
pub(crate) const APIS_OF: [(&str, &str); 2] = [("gaussdb", "taurusdb"), ("gaussdbforopengauss", "gaussdb")];

/// Conditions of permission rows that hold for an operation of several on one API.
const CASES: [(&str, &str, &str); 22] = [
    ("bms", "BatchRebootBaremetalServers", "body-reboot"),
    ("bms", "BatchStartBaremetalServers", "body-os-start"),
    ("bms", "BatchStopBaremetalServers", "body-os-stop"),
    ("ecs", "AddServerGroupMember", "request-adds-member"),
    ("ecs", "BatchRebootServers", "request-reboots-servers"),
    ("ecs", "BatchStartServers", "request-starts-servers"),
    ("ecs", "BatchStopServers", "request-stops-servers"),
    ("ecs", "DeleteServerGroupMember", "request-removes-member"),
    ("eps", "DisableEnterpriseProject", "operation-disable"),
    ("eps", "EnableEnterpriseProject", "operation-enable"),
    ("evs", "BatchCreateVolumeTags", "request-adds-tags"),
    ("evs", "BatchDeleteVolumeTags", "request-deletes-tags"),
    ("rds", "StartInstanceEnlargeVolumeAction", "request-extends-storage"),
    ("rds", "StartInstanceRestartAction", "request-restarts-instance"),
    ("rds", "StartInstanceSingleToHaAction", "request-makes-instance-ha"),
    ("rds", "StartResizeFlavorAction", "request-changes-flavor"),
    ("vpc", "BatchCreateSecurityGroupTags", "request-adds-tags"),
    ("vpc", "BatchCreateSubnetTags", "request-adds-tags"),
    ("vpc", "BatchCreateVpcTags", "request-adds-tags"),
    ("vpc", "BatchDeleteSecurityGroupTags", "request-deletes-tags"),
    ("vpc", "BatchDeleteSubnetTags", "request-deletes-tags"),
    ("vpc", "BatchDeleteVpcTags", "request-deletes-tags"),
];

pub(crate) fn file(facts: &Facts, service: &str) -> Option<String> {
    let mut versions: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    let mut koocli = None;
    for row in facts.operations.iter().filter(|row| row.service == service) {
        koocli = koocli.or(row.koocli_service.as_deref());
        let operations = versions.entry(&row.version).or_default();
        operations.insert(&row.operation, written(facts, row));
    }
    if versions.is_empty() {
        return None;
    }
    let mut out = format!("service: {service}\n");
    if let Some(koocli) = koocli {
        yaml::push(&mut out, format_args!("koocli: {}\n", yaml::block(koocli)));
    }
    if let Some((_, apis_of)) = APIS_OF.iter().find(|(code, _)| *code == service) {
        yaml::push(&mut out, format_args!("apis_of: {apis_of}\n"));
    }
    yaml::push(&mut out, format_args!("source: {SOURCE}\nversions:\n"));
    for (version, operations) in versions {
        yaml::push(&mut out, format_args!("  {}:\n", yaml::block(version)));
        for (name, api) in operations {
            yaml::push(&mut out, format_args!("    {}: {}\n", yaml::block(name), api));
        }
    }
    Some(out)
}

/// The API, with the keys that tell the operation apart from the others of the same API.
fn written(facts: &Facts, row: &OperationFact) -> String {
    let shared = facts.shared.iter().filter(|shared| shared.service == row.service);
    let is_row = |other: &&SharedOperation| other.operation == row.operation && other.version == row.version;
    let shared = shared.filter_map(|shared| Some((shared, shared.operations.iter().find(is_row)?)));
    let (mut body, mut query) = (Vec::new(), Vec::new());
    for (shared, operation) in shared {
        let others = || shared.operations.iter().filter(|other| !is_row(other));
        match shared.kind.as_str() {
            "distinguishable_by_body_keys" => {
                let elsewhere =
                    |key: &&String| others().any(|other| other.body_keys.iter().flatten().any(|k| k == *key));
                body.extend(
                    operation.body_keys.iter().flatten().filter(|key| !elsewhere(key)).map(|key| yaml::flow(key)),
                );
            }
            "distinguishable_by_query" if row.service != "obs" => {
                let elsewhere = |key: &&String| others().any(|other| other.query.contains(key));
                query.extend(operation.query.iter().filter(|key| !elsewhere(key)).map(|key| yaml::flow(key)));
            }
            _ => {}
        }
    }
    let when = CASES.iter().filter(|(service, operation, _)| *service == row.service && *operation == row.operation);
    let when: Vec<String> = when.map(|(_, _, code)| (*code).to_owned()).collect();
    let api = api(row);
    if when.is_empty() && body.is_empty() && query.is_empty() {
        return yaml::block(&api);
    }
    let mut entries = vec![("api", yaml::flow(&api))];
    for (key, values) in [("body", body), ("query", query), ("when", when)] {
        if !values.is_empty() {
            entries.push((key, format!("[{}]", values.join(", "))));
        }
    }
    yaml::flow_map(&entries)
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
