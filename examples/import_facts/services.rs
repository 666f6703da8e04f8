//! `rules/services.yaml`: what is there stays; services that are used and not listed are added.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Facts, ServiceFact};
use crate::kept::corrected_entries;
use crate::yaml;

/// Query keys of OBS that are parameters of an operation and do not select one.
pub(crate) const OBS_PARAMETERS: [&str; 14] = [
    "attname",
    "bucket_name",
    "delimiter",
    "encoding-type",
    "key-marker",
    "marker",
    "max-keys",
    "max-parts",
    "max-uploads",
    "part-number-marker",
    "prefix",
    "upload-id-marker",
    "version-id-marker",
    "versionId",
];

/// Services whose resources live in no region, by the documents that name each so.
const GLOBAL: [&str; 10] = ["iam", "obs", "eps", "tms", "rms", "config", "ucs", "cdn", "organizations", "sts"];

/// Services whose documents say that they are granted by IAM project.
const REGIONAL: &str = "aom apig as bms cbr cce cci ces cfw csbs css cts das dbss dc dcaas dcs ddm dds deh dew dli dms dns drs \
    dws ecs eip elb er evs functiongraph gaussdb geminidb hss ims kafka kms kps csms lts modelarts mrs nat ocr rabbitmq rds rf rfs \
    rocketmq rts sdrs sfs sfsturbo smn swr vbs vpc vpcep vpn waf";

/// Services that document one another's APIs, and for each of them the others that are looked at.
const FAMILIES: [&[&str]; 10] = [
    &["vpc", "eip", "geip"],
    &["kms", "dew", "kps", "csms"],
    &["config", "rms"],
    &["dc", "dcaas"],
    &["ccm", "scm", "pca"],
    &["rfs", "rf", "aos"],
    &["geminidb", "gaussdbfornosql"],
    &["bss", "bssintl"],
    &["workspace", "workspaceapp"],
    &["identitycenter", "identitycenterstore"],
];

/// Services whose APIs another one documents, which is not about them alone.
const DOCUMENTED_BY: [(&str, &[&str]); 4] =
    [("kafka", &["dms"]), ("rabbitmq", &["dms"]), ("rocketmq", &["dms"]), ("dms", &["kafka", "rabbitmq", "rocketmq"])];

/// Services whose support for enterprise projects was counted by hand, where the rows mislead.
const SUPPORT: [(&str, &str); 8] = [
    ("ims", "partial"),
    ("ecs", "partial"),
    ("vpc", "partial"),
    ("evs", "partial"),
    ("iam", "partial"),
    ("obs", "all"),
    ("eps", "all"),
    ("kms", "all"),
];

/// Services whose actions begin with another word in grammar 5.0 than in 1.1.
const ACTION_PREFIXES: [(&str, &[&str]); 4] = [
    ("bss", &["bss", "billing"]),
    ("eip", &["vpc", "eip"]),
    ("geminidb", &["nosql", "gaussdbfornosql"]),
    ("taurusdb", &["gaussdb", "gaussdbformysql"]),
];

/// Types of resources that a page of the service itself names for policies of grammar 1.1, and the vendor's list of all
/// services does not: `huaweicloudDocs/ecs`, `cn.zh-cn/API参考/资源粒度授权.md`.
const POLICY_RESOURCES: [(&str, &[&str]); 1] = [("ecs", &["instance"])];

const HEAD: &str = "# The services: their names, whether their resources live in a region, how many of their APIs support\n\
                    # enterprise projects, which services document the same APIs, host labels and SDK packages.\n\
                    # `corrected:` keeps an entry as it is when the facts are imported again.\n";

/// What the entries rest on.
const SOURCES: &str = "sources:\n  documents: { document: the permission pages of the services }\n  \
                       sdk: { document: the credentials and hosts of huaweicloud-sdk-*-v3 3.1.211 and API Explorer, date: 2026-08-20 }\n";

pub(crate) fn file(facts: &Facts, used: &BTreeSet<String>, old: &str) -> String {
    let kept = corrected_entries(old, "code");
    let names = names(facts);
    let mut codes: BTreeSet<&str> = used.iter().map(String::as_str).collect();
    codes.extend(used.iter().flat_map(|code| family(code)));
    codes.extend(facts.services.iter().map(|row| row.service.as_str()));
    codes.extend(facts.endpoints.iter().map(|row| row.service.as_str()));
    codes.retain(|code| !code.is_empty() && !code.contains('*'));
    let entries = codes.into_iter().map(|code| match kept.get(code) {
        Some(lines) => lines.clone(),
        None => entry(facts, code, names.get(code)),
    });
    format!("{HEAD}{SOURCES}services:\n{}", entries.collect::<String>())
}

/// How `KooCLI` and Terraform write each service's name, by its code.
fn names(facts: &Facts) -> BTreeMap<String, BTreeSet<String>> {
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let koocli = facts.services.iter().filter_map(|row| Some((&row.service, row.koocli_service.as_ref()?)));
    for (code, name) in koocli {
        names.entry(code.clone()).or_default().insert(name.clone());
    }
    for call in facts.terraform.iter().flat_map(|row| &row.apis) {
        names.entry(call.service.to_lowercase()).or_default().insert(call.service.clone());
    }
    names
}

/// The other services whose rows count for one that has none of its own.
pub(crate) fn family(code: &str) -> Vec<&'static str> {
    let others = FAMILIES.iter().find(|family| family.contains(&code)).copied().unwrap_or_default();
    let documented = DOCUMENTED_BY.iter().find(|(of, _)| *of == code).map(|(_, by)| *by).unwrap_or_default();
    others.iter().chain(documented).filter(|other| **other != code).copied().collect()
}

fn entry(facts: &Facts, code: &str, names: Option<&BTreeSet<String>>) -> String {
    let mut out = format!("  - code: {}\n", yaml::block(code));
    let names: Vec<String> = names.into_iter().flatten().map(|name| yaml::flow(name)).collect();
    yaml::list(&mut out, 4, "names", &names);
    let (scope, source) = scope(facts, code);
    yaml::push(&mut out, format_args!("    scope: {scope}\n"));
    yaml::push(&mut out, format_args!("    enterprise_projects: {}\n", support(facts, code)));
    let others: Vec<String> = family(code).into_iter().map(str::to_owned).collect();
    yaml::list(&mut out, 4, "paths_shared_with", &others);
    if code == "obs" {
        out.push_str("    query_selects: true\n");
        let parameters: Vec<String> = OBS_PARAMETERS.iter().map(|key| yaml::flow(key)).collect();
        yaml::list(&mut out, 4, "query_parameters", &parameters);
    }
    let prefixes = ACTION_PREFIXES.iter().filter(|(of, _)| *of == code).flat_map(|(_, prefixes)| *prefixes);
    let prefixes: Vec<String> = prefixes.map(|prefix| (*prefix).to_owned()).collect();
    yaml::list(&mut out, 4, "action_prefixes", &prefixes);
    let types = facts.resource_level.iter().filter(|row| row.service == code);
    let own = POLICY_RESOURCES.iter().filter(|(of, _)| *of == code).flat_map(|(_, types)| *types);
    let types = types.map(|row| row.resource_type.as_str()).chain(own.copied());
    let types: Vec<String> = types.map(yaml::flow).collect();
    yaml::list(&mut out, 4, "policy_resources", &types);
    yaml::list(&mut out, 4, "hosts", &hosts(facts, code));
    sdk(&mut out, facts, code);
    yaml::push(&mut out, format_args!("    source: {source}\n"));
    out
}

/// What a service's documents say of its reach, or else what its SDK's credentials and its hosts
/// agree on.
fn scope(facts: &Facts, code: &str) -> (&'static str, &'static str) {
    if GLOBAL.contains(&code) {
        return ("global", "documents");
    }
    if REGIONAL.split_whitespace().any(|regional| regional == code) {
        return ("regional", "documents");
    }
    let of_code = |row: &&ServiceFact| row.service == code;
    let credentials: BTreeSet<&str> =
        facts.services.iter().filter(of_code).filter_map(|row| row.go_cred.as_deref()).collect();
    let hosts = facts.endpoints.iter().filter(|row| row.service == code).flat_map(|row| &row.hosts);
    let hosts: BTreeSet<&str> = hosts.flat_map(|host| &host.scope).map(String::as_str).collect();
    let only = |set: &BTreeSet<&str>, value: &str| set.len() == 1 && set.contains(value);
    if only(&credentials, "global.Credentials") && only(&hosts, "global") {
        ("global", "sdk")
    } else if only(&credentials, "basic.Credentials") && only(&hosts, "regional") {
        ("regional", "sdk")
    } else {
        ("unknown", "sdk")
    }
}

fn hosts(facts: &Facts, code: &str) -> Vec<String> {
    let of_code = facts.endpoints.iter().filter(|row| row.service == code).flat_map(|row| &row.hosts);
    let written = of_code.map(|host| {
        let scope = match host.scope.as_slice() {
            [only] => only.clone(),
            _ => "both".to_owned(),
        };
        yaml::flow_map(&[("label", yaml::flow(&host.label)), ("scope", scope)])
    });
    written.collect()
}

fn sdk(out: &mut String, facts: &Facts, code: &str) {
    let rows: Vec<&ServiceFact> = facts.services.iter().filter(|row| row.service == code).collect();
    let Some(client) = rows.iter().find_map(|row| row.client()) else {
        return;
    };
    yaml::push(out, format_args!("    sdk:\n      client: {client}\n"));
    let net = rows.iter().find_map(|row| row.net_pkg.as_deref()).and_then(|name| name.rsplit('.').next());
    let net_client = rows.iter().find_map(|row| row.net_client.as_deref()).filter(|name| *name != client);
    let php = rows.iter().find_map(|row| row.php_ns.as_deref()).and_then(|name| name.split('\\').nth(2));
    let capitalised = capitalised(code);
    for (key, name) in [
        ("net", net.filter(|name| *name != capitalised)),
        ("net_client", net_client),
        ("php", php.filter(|name| *name != capitalised)),
    ] {
        if let Some(name) = name {
            yaml::push(out, format_args!("      {key}: {name}\n"));
        }
    }
    out.push_str("      versions:\n");
    for row in rows {
        let languages = row.languages().join(", ");
        yaml::push(out, format_args!("        {}: [{languages}]\n", yaml::block(&row.version)));
    }
}

fn capitalised(code: &str) -> String {
    let mut letters = code.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

fn support(facts: &Facts, code: &str) -> &'static str {
    if let Some((_, support)) = SUPPORT.iter().find(|(known, _)| *known == code) {
        return support;
    }
    let rows = facts.permissions.iter().chain(&facts.without_api);
    let columns: Vec<Option<bool>> = rows
        .filter(|row| row.service.to_lowercase() == code && !row.actions.is_empty())
        .map(|row| row.enterprise_project)
        .collect();
    let has = |value: Option<bool>| columns.contains(&value);
    match (has(Some(true)), has(Some(false))) {
        (true, false) => "all",
        (true, true) => "partial",
        (false, true) => "none",
        (false, false) => "unknown",
    }
}
