//! `rules/terraform/<service>.yaml`

use std::collections::BTreeSet;

use crate::Failure;
use crate::facts::{CallFact, Facts, TerraformFact};
use crate::kept::Kept;
use crate::yaml;

/// The release of the provider that the calls were read in.
const SOURCE: &str = "{ document: terraform-provider-huaweicloud 1.97.1, date: 2026-08-18 }";

pub(crate) fn file(
    facts: &Facts,
    service: &str,
    old: &str,
    services: &mut BTreeSet<String>,
) -> Result<Option<String>, Failure> {
    let kept = Kept::read(old)?;
    let mut rows: Vec<&TerraformFact> = facts.terraform.iter().filter(|row| row.service == service).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    rows.sort_by_key(|row| &row.r#type);
    let mut out = format!("service: {service}\nsource: {SOURCE}\n");
    for (kind, section) in [("resource", "resources"), ("data", "data")] {
        let mut entries = String::new();
        for row in rows.iter().filter(|row| row.kind == kind) {
            let calls = row.apis.iter().map(|call| call.service.to_lowercase());
            services.extend(calls);
            match kept.entry(section, &row.r#type) {
                Some(lines) => entries.push_str(lines),
                None => entry(&mut entries, row, kept.defaults(section, &row.r#type)),
            }
        }
        if !entries.is_empty() {
            yaml::push(&mut out, format_args!("{section}:\n{entries}"));
        }
    }
    Ok(Some(out))
}

fn entry(out: &mut String, row: &TerraformFact, defaults: &str) {
    yaml::push(out, format_args!("  {}:\n", row.r#type));
    if let Some(alias) = &row.alias_of {
        yaml::push(out, format_args!("    alias_of: {alias}\n"));
    }
    if row.deprecated {
        out.push_str("    deprecated: true\n");
    }
    let known: Vec<String> = ["region", "enterprise_project_id", "tags"]
        .into_iter()
        .filter(|attribute| row.attributes.get(*attribute) == Some(&true))
        .map(str::to_owned)
        .collect();
    yaml::push(out, format_args!("    attributes: [{}]\n", known.join(", ")));
    out.push_str(defaults);
    yaml::list(out, 4, "read_after", &row.read_after);
    let calls: Vec<String> =
        row.apis.iter().filter(|call| call.in_code != Some(false)).map(|call| call_line(call, &row.service)).collect();
    if calls.is_empty() {
        return;
    }
    out.push_str("    calls:\n");
    for call in calls {
        yaml::push(out, format_args!("      - {call}\n"));
    }
}

fn call_line(call: &CallFact, of_type: &str) -> String {
    let path = if call.path.starts_with('?') { format!("/{}", call.path) } else { call.path.clone() };
    let mut entries = vec![("api", yaml::flow(&format!("{} {path}", call.method)))];
    let service = call.service.to_lowercase();
    if service != of_type {
        entries.push(("service", service));
    }
    for phase in ["create", "read", "update", "delete"] {
        if !call.phases.iter().any(|known| known == phase) {
            continue;
        }
        let name = if call.only.as_deref() == Some("import") { "import" } else { phase };
        entries.push((name, yaml::flow(&gate(call, phase))));
    }
    yaml::flow_map(&entries)
}

fn gate(call: &CallFact, phase: &str) -> String {
    if let Some(expression) = call.when.as_deref().and_then(|when| part_for(when, phase)) {
        return expression.to_owned();
    }
    let test = if phase == "update" { "changed" } else { "set" };
    match call.gates.get(phase).map(Vec::as_slice) {
        None | Some([]) => "always".to_owned(),
        Some([only]) => format!("{only} {test}"),
        Some(several) => format!("any of [{}] {test}", several.join(", ")),
    }
}

/// The part of `create: … | delete: …` for one phase; an expression without a phase is for all.
fn part_for<'a>(when: &'a str, phase: &str) -> Option<&'a str> {
    when.split(" | ").find_map(|part| {
        let named = part.split_once(": ").filter(|(name, _)| matches!(*name, "create" | "read" | "update" | "delete"));
        match named {
            Some((name, expression)) => (name == phase).then_some(expression),
            None => Some(part),
        }
    })
}
