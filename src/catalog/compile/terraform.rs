//! The rows of the Terraform files, sorted by kind and name.

use std::collections::BTreeMap;

use super::super::format::{ScopeAttribute, TerraformFile, TypeEntry};
use super::super::layout::{
    CallRow, DEPRECATED, DefaultRow, GateRow, HAS_ENTERPRISE_PROJECT, HAS_REGION, HAS_TAGS, Run, TypeRow,
};
use super::builder::Builder;
use super::sources;

pub(super) fn compile(builder: &mut Builder, files: &[TerraformFile]) -> Result<(), String> {
    let mut types = BTreeMap::new();
    for file in files {
        let source = sources::push(builder, &file.source)?;
        for (kind, entries) in [(0_u8, &file.resources), (1, &file.data)] {
            for (name, entry) in &entries.0 {
                let key = (kind, name.0.as_str());
                if types.insert(key, (file, entry, source)).is_some() {
                    return Err(format!("the Terraform type `{}` stands in two files", name.0));
                }
            }
        }
    }
    for ((kind, name), (file, entry, source)) in types {
        let defaults = defaults(builder, entry)?;
        let calls = calls(builder, &file.service.0, entry)?;
        let row = TypeRow {
            kind,
            flags: type_flags(entry),
            read_after: entry.read_after.iter().fold(0, |bits, phase| bits | (1 << (*phase as u8))),
            name: builder.text(name)?,
            service: builder.text(&file.service.0)?,
            alias_of: builder.optional(entry.alias_of.as_ref().map(|name| name.0.as_str()))?,
            defaults,
            calls,
            source,
        };
        builder.push(row)?;
    }
    Ok(())
}

fn type_flags(entry: &TypeEntry) -> u8 {
    let deprecated = if entry.deprecated { DEPRECATED } else { 0 };
    entry.attributes.iter().fold(deprecated, |flags, attribute| {
        flags
            | match attribute {
                ScopeAttribute::Region => HAS_REGION,
                ScopeAttribute::EnterpriseProjectId => HAS_ENTERPRISE_PROJECT,
                ScopeAttribute::Tags => HAS_TAGS,
            }
    })
}

fn defaults(builder: &mut Builder, entry: &TypeEntry) -> Result<Run, String> {
    let mut rows = Vec::new();
    for (attribute, value) in &entry.defaults.0 {
        rows.push(DefaultRow { attribute: builder.text(&attribute.0)?, value: builder.text(&value.0)? });
    }
    builder.run(&rows)
}

fn calls(builder: &mut Builder, service: &str, entry: &TypeEntry) -> Result<Run, String> {
    let mut rows = Vec::new();
    for call in &entry.calls {
        let mut gates = Vec::new();
        for (phase, gate) in call.phases() {
            gates.push(GateRow { phase: phase as u8, gate: builder.text(&gate.0)? });
        }
        let service = call.service.as_ref().map_or(service, |service| service.0.as_str());
        rows.push(CallRow {
            service: builder.text(service)?,
            api: builder.text(&call.api.text)?,
            gates: builder.run(&gates)?,
            region: builder.optional(call.r#in.as_ref().map(|attribute| attribute.0.as_str()))?,
            perhaps: builder.optional(call.perhaps.as_ref().map(|why| why.0.as_str()))?,
        });
    }
    builder.run(&rows)
}
