//! The rows of the identity files, sorted by action.

use std::collections::{BTreeMap, BTreeSet};

use super::super::format::{AccessName, IdentityEntry, IdentityFile};
use super::super::layout::{IdentityAliasRow, IdentityRow, ResourceRow, Run};
use super::builder::Builder;
use super::sources::Sources;

pub(super) fn compile(builder: &mut Builder, files: &[IdentityFile]) -> Result<(), String> {
    let mut actions = BTreeMap::new();
    for file in files {
        let sources = Sources::push(builder, &file.sources)?;
        for (action, entry) in &file.actions.0 {
            let source = sources.number(&entry.source)?;
            let action = action.0.as_str();
            if actions.insert(action.to_ascii_lowercase(), (action, entry, source)).is_some() {
                return Err(format!("the action `{action}` stands in two files of identity/"));
            }
        }
    }
    let aliases: BTreeSet<(String, &str)> = actions
        .values()
        .flat_map(|(action, entry, _)| entry.aliases.iter().map(|alias| (alias.0.to_ascii_lowercase(), *action)))
        .collect();
    for (alias, action) in aliases {
        let row = IdentityAliasRow { alias: builder.text(&alias)?, action: builder.text(action)? };
        builder.push(row)?;
    }
    for (lower, (action, entry, source)) in actions {
        let row = IdentityRow {
            lower: builder.text(&lower)?,
            action: builder.text(action)?,
            access: entry.access.map_or(0, access),
            resources: resources(builder, entry)?,
            conditions: builder.texts(entry.conditions.iter().map(|key| key.0.as_str()))?,
            aliases: builder.texts(entry.aliases.iter().map(|alias| alias.0.as_str()))?,
            source,
        };
        builder.push(row)?;
    }
    Ok(())
}

fn access(name: AccessName) -> u8 {
    match name {
        AccessName::List => 1,
        AccessName::Read => 2,
        AccessName::Write => 3,
        AccessName::Tagging => 4,
        AccessName::PermissionManagement => 5,
    }
}

fn resources(builder: &mut Builder, entry: &IdentityEntry) -> Result<Run, String> {
    let mut rows = Vec::new();
    for resource in &entry.resources {
        rows.push(ResourceRow {
            kind: builder.text(&resource.kind.0)?,
            required: u8::from(resource.required),
            urn: builder.optional(resource.urn.as_ref().map(|urn| urn.0.as_str()))?,
            conditions: builder.texts(resource.conditions.iter().map(|key| key.0.as_str()))?,
        });
    }
    builder.run(&rows)
}
