//! Checked rules files in, the table's binary form out: the same input gives the same bytes.

mod apis;
mod builder;

use std::collections::BTreeMap;

use zerocopy::little_endian::U32;

use self::builder::Builder;
use super::format::{
    Files, OperationFile, PolicyEntry, PolicyKindName, ReachName, ScopeAttribute, SourceDocument, SupportName,
    TypeEntry,
};
use super::layout::{
    AliasRow, CallRow, CodeRow, DEPRECATED, DefaultRow, GateRow, HAS_ENTERPRISE_PROJECT, HAS_REGION, HAS_TAGS,
    OperationRow, PolicyNameRow, PolicyRow, ServiceRow, SourceRow, TypeRow,
};

/// Compiles the files into one table.
///
/// # Errors
/// What does not fit into the table's format, in words.
pub(super) fn compile(files: &Files) -> Result<Vec<u8>, String> {
    let mut builder = Builder::new();
    apis::compile(&mut builder, &files.permissions)?;
    terraform(&mut builder, files)?;
    operations(&mut builder, &files.operations)?;
    services(&mut builder, files)?;
    policies(&mut builder, files)?;
    codes(&mut builder, files)?;
    builder.finish()
}

fn source(builder: &mut Builder, source: &SourceDocument) -> Result<U32, String> {
    let row = SourceRow {
        document: builder.text(&source.document.0)?,
        date: builder.optional(source.date.as_ref().map(|date| date.0.as_str()))?,
    };
    builder.push(row).map(U32::new)
}

fn terraform(builder: &mut Builder, files: &Files) -> Result<(), String> {
    let mut types = BTreeMap::new();
    for file in &files.terraform {
        let source = source(builder, &file.source)?;
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

fn defaults(builder: &mut Builder, entry: &TypeEntry) -> Result<super::layout::Run, String> {
    let mut rows = Vec::new();
    for (attribute, value) in &entry.defaults.0 {
        rows.push(DefaultRow { attribute: builder.text(&attribute.0)?, value: builder.text(&value.0)? });
    }
    builder.run(&rows)
}

fn calls(builder: &mut Builder, service: &str, entry: &TypeEntry) -> Result<super::layout::Run, String> {
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

fn operations(builder: &mut Builder, files: &[OperationFile]) -> Result<(), String> {
    let mut operations = BTreeMap::new();
    let mut aliases = BTreeMap::new();
    for file in files {
        let service = file.service.0.as_str();
        if let Some(koocli) = &file.koocli {
            aliases.insert(koocli.0.to_lowercase(), service);
        }
        for (version, entries) in &file.versions.0 {
            for (name, api) in &entries.0 {
                let key = (service, name.0.to_lowercase(), version.0.as_str());
                operations.insert(key, (name.0.as_str(), api.text.as_str()));
            }
        }
    }
    for ((service, lower_name, version), (name, api)) in operations {
        let row = OperationRow {
            service: builder.text(service)?,
            lower_name: builder.text(&lower_name)?,
            version: builder.text(version)?,
            name: builder.text(name)?,
            api: builder.text(api)?,
        };
        builder.push(row)?;
    }
    for (code, service) in aliases {
        let row = AliasRow { code: builder.text(&code)?, service: builder.text(service)? };
        builder.push(row)?;
    }
    Ok(())
}

fn services(builder: &mut Builder, files: &Files) -> Result<(), String> {
    let mut services = BTreeMap::new();
    for entry in files.services.iter().flat_map(|file| &file.services) {
        if services.insert(entry.code.0.as_str(), entry).is_some() {
            return Err(format!("the service `{}` stands twice in services.yaml", entry.code.0));
        }
    }
    for (code, entry) in services {
        let row = ServiceRow {
            code: builder.text(code)?,
            reach: match entry.scope {
                ReachName::Global => 1,
                ReachName::Regional => 2,
                ReachName::Unknown => 0,
            },
            enterprise_projects: match entry.enterprise_projects {
                SupportName::All => 1,
                SupportName::Partial => 2,
                SupportName::None => 3,
                SupportName::Unknown => 0,
            },
            query_selects: u8::from(entry.query_selects),
            query_parameters: builder.texts(entry.query_parameters.iter().map(|text| text.0.as_str()))?,
            family: builder.texts(entry.paths_shared_with.iter().map(|code| code.0.as_str()))?,
        };
        builder.push(row)?;
    }
    Ok(())
}

fn policies(builder: &mut Builder, files: &Files) -> Result<(), String> {
    let mut names = BTreeMap::new();
    for file in &files.policies {
        let mut sources = BTreeMap::new();
        for (id, document) in &file.sources.0 {
            sources.insert(id.0.as_str(), source(builder, document)?);
        }
        for policy in &file.policies {
            let source = sources
                .get(policy.source.0.as_str())
                .copied()
                .ok_or_else(|| format!("unknown source `{}`", policy.source.0))?;
            let number = push_policy(builder, policy, source)?;
            let all = [Some(&policy.name), policy.internal_name.as_ref(), policy.old_name.as_ref()];
            for (rank, name) in all.into_iter().enumerate() {
                let Some(name) = name else { continue };
                names.insert((name.0.to_lowercase(), rank, number), name.0.as_str());
            }
        }
    }
    for ((lower, _, number), name) in names {
        let row = PolicyNameRow { lower: builder.text(&lower)?, name: builder.text(name)?, policy: U32::new(number) };
        builder.push(row)?;
    }
    Ok(())
}

fn push_policy(builder: &mut Builder, policy: &PolicyEntry, source: U32) -> Result<u32, String> {
    let internal_name = policy.internal_name.as_ref().map(|name| name.0.as_str());
    let row = PolicyRow {
        kind: match policy.kind {
            PolicyKindName::Policy => 0,
            PolicyKindName::Role => 1,
        },
        name: builder.text(&policy.name.0)?,
        internal_name: builder.optional(internal_name)?,
        service: builder.text(&policy.service.0)?,
        allow: builder.texts(policy.allow.iter().map(|action| action.0.as_str()))?,
        deny: builder.texts(policy.deny.iter().map(|action| action.0.as_str()))?,
        assumed: builder.texts(policy.assumed.iter().map(|action| action.0.as_str()))?,
        not_granted: builder.texts(policy.not_granted.iter().map(|action| action.0.as_str()))?,
        depends: builder.texts(policy.depends.iter().map(|name| name.0.as_str()))?,
        source,
    };
    builder.push(row)
}

fn codes(builder: &mut Builder, files: &Files) -> Result<(), String> {
    let shared = files.when.iter().flat_map(|file| &file.when.0);
    let own = files.permissions.iter().flat_map(|file| &file.when.0);
    let codes: BTreeMap<&str, &str> =
        shared.chain(own).map(|(code, entry)| (code.0.as_str(), entry.meaning.0.as_str())).collect();
    for (code, meaning) in codes {
        let row = CodeRow { code: builder.text(code)?, meaning: builder.text(meaning)? };
        builder.push(row)?;
    }
    Ok(())
}
