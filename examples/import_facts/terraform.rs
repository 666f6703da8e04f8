//! `rules/terraform/<service>.yaml`

use std::collections::BTreeSet;

use crate::Failure;
use crate::facts::{CallFact, Facts, TerraformFact};
use crate::gates::{Gate, Gates};
use crate::kept::{CallKey, CallWords, Kept, PHASES};
use crate::yaml;

/// The release of the provider that the calls were read in.
const SOURCE: &str = "{ document: terraform-provider-huaweicloud 1.97.1, date: 2026-08-18 }";

pub(crate) fn file(
    facts: &Facts,
    gates: &mut Gates,
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
                None => entry(&mut entries, row, section, &kept, gates),
            }
        }
        if !entries.is_empty() {
            yaml::push(&mut out, format_args!("{section}:\n{entries}"));
        }
    }
    Ok(Some(out))
}

fn entry(out: &mut String, row: &TerraformFact, section: &str, kept: &Kept, gates: &mut Gates) {
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
    out.push_str(kept.defaults(section, &row.r#type));
    yaml::list(out, 4, "read_after", &row.read_after);
    let mut calls = Vec::new();
    for call in row.apis.iter().filter(|call| call.in_code != Some(false)) {
        call_lines(&mut calls, row, call, section, kept, gates);
    }
    if calls.is_empty() {
        return;
    }
    out.push_str("    calls:\n");
    for call in calls {
        yaml::push(out, format_args!("      - {call}\n"));
    }
}

/// One line, or several if a person has said different things of the phases.
fn call_lines(
    lines: &mut Vec<String>,
    row: &TerraformFact,
    call: &CallFact,
    section: &str,
    kept: &Kept,
    gates: &mut Gates,
) {
    let path = if call.path.starts_with('?') { format!("/{}", call.path) } else { call.path.clone() };
    let api = format!("{} {path}", call.method);
    let service = Some(call.service.to_lowercase()).filter(|service| *service != row.service);
    let of_type = row.alias_of.as_deref().unwrap_or(&row.r#type);
    let mut parts: Vec<(CallWords, Vec<(&str, String)>)> = Vec::new();
    for phase in PHASES.into_iter().filter(|phase| call.phases.iter().any(|known| known == phase)) {
        let name = if call.only.as_deref() == Some("import") { "import" } else { phase };
        let key = CallKey { api: api.clone(), service: service.clone(), phase: name };
        let gate = match gates.of(section, of_type, &key) {
            Some(Gate::Never) => continue,
            Some(Gate::Holds(gate)) => gate,
            None => gate(call, phase),
        };
        let words = kept.call(section, &row.r#type, key);
        let gate = (name, yaml::flow(&gate));
        match parts.iter_mut().find(|(known, _)| *known == words) {
            Some((_, phases)) => phases.push(gate),
            None => parts.push((words, vec![gate])),
        }
    }
    for (words, phases) in parts {
        let mut entries = vec![("api", yaml::flow(&api))];
        entries.extend(service.clone().map(|service| ("service", service)));
        entries.extend(phases);
        entries.extend(words.region.map(|region| ("in", yaml::flow(&region))));
        entries.extend(words.perhaps.map(|why| ("perhaps", yaml::flow(&why))));
        lines.push(yaml::flow_map(&entries));
    }
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
