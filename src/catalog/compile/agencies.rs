//! The rows of the file of agencies, sorted by type; those of one type in the order of the file.

use std::collections::BTreeMap;

use zerocopy::little_endian::U32;

use super::super::format::{AgencyEntry, AgencyFile, AgencyNeedEntry, KnownAgencyService};
use super::super::layout::{AgencyNeedRow, AgencyRow, Run, TextAt};
use super::builder::Builder;
use super::sources::Sources;

pub(super) fn compile(builder: &mut Builder, files: &[AgencyFile]) -> Result<(), String> {
    for file in files {
        let sources = Sources::push(builder, &file.sources)?;
        let types: BTreeMap<&str, &Vec<AgencyEntry>> =
            file.agencies.0.iter().map(|(name, entries)| (name.0.as_str(), &entries.0)).collect();
        for (name, entries) in types {
            for entry in entries {
                let service = named(builder, file, entry.service.as_ref(), &sources)?;
                let row = AgencyRow {
                    kind: builder.text(name)?,
                    attribute: builder.text(&entry.attribute.0)?,
                    service: builder.optional(entry.service.as_ref().map(|service| service.0.as_str()))?,
                    account: service.account,
                    principal: service.principal,
                    service_source: service.source,
                    confirmed: service.confirmed,
                    when: builder.optional(entry.when.as_ref().map(|gate| gate.0.as_str()))?,
                    needs: needs(builder, &entry.needs, &sources)?,
                    source: sources.number(&entry.source)?,
                };
                builder.push(row)?;
            }
        }
    }
    Ok(())
}

/// How a service is named; nothing where an entry names no service.
#[derive(Default)]
struct Named {
    account: TextAt,
    principal: TextAt,
    source: U32,
    confirmed: U32,
}

fn named(
    builder: &mut Builder,
    file: &AgencyFile,
    service: Option<&KnownAgencyService>,
    sources: &Sources<'_>,
) -> Result<Named, String> {
    let is_meant = |code: &str| service.is_some_and(|service| service.0 == code);
    let Some((_, entry)) = file.services.0.iter().find(|(code, _)| is_meant(&code.0)) else {
        return Ok(Named::default());
    };
    Ok(Named {
        account: builder.optional(entry.account.as_ref().map(|name| name.0.as_str()))?,
        principal: builder.optional(entry.principal.as_ref().map(|name| name.0.as_str()))?,
        source: sources.number(&entry.source)?,
        confirmed: U32::new(entry.confirmed.is_some().into()),
    })
}

fn needs(builder: &mut Builder, needs: &[AgencyNeedEntry], sources: &Sources<'_>) -> Result<Run, String> {
    let mut rows = Vec::new();
    for need in needs {
        rows.push(AgencyNeedRow {
            any: builder.texts(need.any.iter().map(|role| role.0.as_str()))?,
            actions: builder.texts(need.actions.iter().map(|action| action.0.as_str()))?,
            region: builder.optional(need.r#in.as_ref().map(|attribute| attribute.0.as_str()))?,
            when: builder.optional(need.when.as_ref().map(|gate| gate.0.as_str()))?,
            source: sources.number(&need.source)?,
        });
    }
    builder.run(&rows)
}
