//! The rows of the service file, sorted by code.

use std::collections::BTreeMap;

use super::super::format::{HostScope, Language, ReachName, SdkEntry, ServiceEntry, ServiceFile, SupportName, Text};
use super::super::layout::{HostRow, Run, SdkVersionRow, ServiceRow};
use super::builder::Builder;
use super::sources::Sources;

pub(super) fn compile(builder: &mut Builder, files: &[ServiceFile]) -> Result<(), String> {
    let mut services = BTreeMap::new();
    for file in files {
        let sources = Sources::push(builder, &file.sources)?;
        for entry in &file.services {
            let source = sources.number(&entry.source)?;
            if services.insert(entry.code.0.as_str(), (entry, source)).is_some() {
                return Err(format!("the service `{}` stands twice in services.yaml", entry.code.0));
            }
        }
    }
    for (code, (entry, source)) in services {
        let sdk = entry.sdk.as_ref();
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
            names: builder.texts(entry.names.iter().map(|name| name.0.as_str()))?,
            action_prefixes: builder.texts(entry.action_prefixes.iter().map(|prefix| prefix.0.as_str()))?,
            policy_resources: builder.texts(entry.policy_resources.iter().map(|kind| kind.0.as_str()))?,
            hosts: hosts(builder, entry)?,
            client: optional(builder, sdk.map(|sdk| &sdk.client))?,
            net: optional(builder, sdk.and_then(|sdk| sdk.net.as_ref()))?,
            net_client: optional(builder, sdk.and_then(|sdk| sdk.net_client.as_ref()))?,
            php: optional(builder, sdk.and_then(|sdk| sdk.php.as_ref()))?,
            sdk_versions: versions(builder, sdk)?,
            source,
        };
        builder.push(row)?;
    }
    Ok(())
}

fn optional(builder: &mut Builder, text: Option<&Text>) -> Result<super::super::layout::TextAt, String> {
    builder.optional(text.map(|text| text.0.as_str()))
}

fn hosts(builder: &mut Builder, entry: &ServiceEntry) -> Result<Run, String> {
    let mut rows = Vec::new();
    for host in &entry.hosts {
        let scope = match host.scope {
            HostScope::Global => 1,
            HostScope::Regional => 2,
            HostScope::Both => 3,
        };
        rows.push(HostRow { label: builder.text(&host.label.0)?, scope });
    }
    builder.run(&rows)
}

fn versions(builder: &mut Builder, sdk: Option<&SdkEntry>) -> Result<Run, String> {
    let mut rows = Vec::new();
    for (version, languages) in sdk.into_iter().flat_map(|sdk| &sdk.versions.0) {
        let bit = |language: &Language| 1_u8 << (*language as u8);
        let languages = languages.iter().fold(0, |bits, language| bits | bit(language));
        rows.push(SdkVersionRow { version: builder.text(&version.0)?, languages });
    }
    builder.run(&rows)
}
