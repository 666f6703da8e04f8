//! `rules/services.yaml`: what is there stays; services that are used and not listed are added.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::Facts;
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

/// Services that document one another's APIs.
const FAMILIES: [&[&str]; 7] = [
    &["vpc", "eip"],
    &["kms", "dew", "kps", "csms"],
    &["config", "rms"],
    &["dms", "kafka", "rabbitmq", "rocketmq"],
    &["dc", "dcaas"],
    &["ccm", "scm"],
    &["rfs", "rf"],
];

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

const HEAD: &str = "# The services: whether their resources live in a region, how many of their APIs support\n\
                    # enterprise projects, and which services document the same APIs.\n";

pub(crate) fn file(facts: &Facts, used: &BTreeSet<String>, old: &str) -> String {
    let mut entries = kept(old);
    for code in used.iter().filter(|code| !code.is_empty() && !code.contains('*')) {
        entries.entry(code.clone()).or_insert_with(|| entry(facts, code));
        for other in family(code) {
            entries.entry(other.to_owned()).or_insert_with(|| entry(facts, other));
        }
    }
    let entries: String = entries.into_values().collect();
    format!("{HEAD}services:\n{entries}")
}

/// The lines of each entry of the old file.
fn kept(old: &str) -> BTreeMap<String, String> {
    let mut entries = BTreeMap::new();
    let mut code = String::new();
    for line in old.lines().filter(|line| line.starts_with("  ")) {
        if let Some(rest) = line.strip_prefix("  - code: ") {
            rest.trim_matches('"').clone_into(&mut code);
        }
        let lines: &mut String = entries.entry(code.clone()).or_default();
        lines.push_str(line);
        lines.push('\n');
    }
    entries
}

fn family(code: &str) -> impl Iterator<Item = &'static str> {
    let family = FAMILIES.iter().find(|family| family.contains(&code));
    family.into_iter().flat_map(|family| family.iter().copied())
}

fn entry(facts: &Facts, code: &str) -> String {
    let scope = if GLOBAL.contains(&code) {
        "global"
    } else if REGIONAL.split_whitespace().any(|regional| regional == code) {
        "regional"
    } else {
        "unknown"
    };
    let mut out = format!("  - code: {}\n    scope: {scope}\n", yaml::block(code));
    yaml::push(&mut out, format_args!("    enterprise_projects: {}\n", support(facts, code)));
    let others: Vec<String> = family(code).filter(|other| *other != code).map(str::to_owned).collect();
    yaml::list(&mut out, 4, "paths_shared_with", &others);
    if code == "obs" {
        out.push_str("    query_selects: true\n");
        let parameters: Vec<String> = OBS_PARAMETERS.iter().map(|key| yaml::flow(key)).collect();
        yaml::list(&mut out, 4, "query_parameters", &parameters);
    }
    out
}

fn support(facts: &Facts, code: &str) -> &'static str {
    if let Some((_, support)) = SUPPORT.iter().find(|(known, _)| *known == code) {
        return support;
    }
    let rows = facts.permissions.iter().chain(&facts.without_api);
    let columns: Vec<Option<bool>> =
        rows.filter(|row| row.service == code && !row.actions.is_empty()).map(|row| row.enterprise_project).collect();
    let has = |value: Option<bool>| columns.contains(&value);
    match (has(Some(true)), has(Some(false))) {
        (true, false) => "all",
        (true, true) => "partial",
        (false, true) => "none",
        (false, false) => "unknown",
    }
}
