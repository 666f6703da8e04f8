//! `rules/identity/<service>.yaml`

use crate::Failure;
use crate::facts::{Facts, IdentityFact};
use crate::kept::{self, Kept};
use crate::sources::{Document, Sources};
use crate::yaml;

pub(crate) fn file(facts: &Facts, service: &str, old: &str) -> Result<Option<String>, Failure> {
    let kept = Kept::read(old)?;
    let mut sources = Sources::new(&kept);
    let mut rows: Vec<&IdentityFact> =
        facts.identity.iter().filter(|row| row.service.to_lowercase() == service).collect();
    rows.sort_by_key(|row| row.action.to_ascii_lowercase());
    rows.dedup_by_key(|row| row.action.to_ascii_lowercase());
    let mut entries = String::new();
    for row in &rows {
        match kept.entry("actions", &row.action) {
            Some(lines) => keep(&mut entries, lines, &mut sources),
            None => entry(&mut entries, row, &mut sources),
        }
    }
    for ((section, key), lines) in &kept.entries {
        if section == "actions" && rows.iter().all(|row| row.action != *key) {
            keep(&mut entries, lines, &mut sources);
        }
    }
    if entries.is_empty() {
        return Ok(None);
    }
    Ok(Some(format!("service: {service}\n{}actions:\n{entries}", sources.to_yaml())))
}

fn keep(out: &mut String, lines: &str, sources: &mut Sources) {
    out.push_str(lines);
    for id in kept::source_ids(lines) {
        sources.keep(&id);
    }
}

fn entry(out: &mut String, row: &IdentityFact, sources: &mut Sources) {
    yaml::push(out, format_args!("  {}:\n", row.action));
    if let Some(access) = &row.access_level {
        yaml::push(out, format_args!("    access: {}\n", access.to_lowercase()));
    }
    for (key, values) in
        [("resources", &row.resource_types), ("conditions", &row.condition_keys), ("aliases", &row.alias)]
    {
        let values: Vec<String> = values.iter().map(|value| yaml::flow(value)).collect();
        yaml::list(out, 4, key, &values);
    }
    yaml::push(out, format_args!("    source: {}\n", sources.id(&Document::of_identity(&row.source))));
}
