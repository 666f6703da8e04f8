//! The rows of the operation files, sorted by service, name and version.

use std::collections::BTreeMap;

use super::super::format::OperationFile;
use super::super::layout::{AliasRow, OperationRow};
use super::builder::Builder;
use super::sources;

pub(super) fn compile(builder: &mut Builder, files: &[OperationFile]) -> Result<(), String> {
    let mut operations = BTreeMap::new();
    let mut aliases = BTreeMap::new();
    for file in files {
        let service = file.service.0.as_str();
        let source = sources::push(builder, &file.source)?;
        let api_service = file.apis_of.as_ref().map_or(service, |service| service.0.as_str());
        if let Some(koocli) = &file.koocli {
            aliases.insert(koocli.0.to_lowercase(), service);
        }
        for (version, entries) in &file.versions.0 {
            for (name, entry) in &entries.0 {
                // Some names are spelled in two ways.
                let key = (service, name.0.to_lowercase(), version.0.as_str(), name.0.as_str());
                operations.insert(key, (entry, api_service, source));
            }
        }
    }
    for ((service, lower_name, version, name), (entry, api_service, source)) in operations {
        let row = OperationRow {
            service: builder.text(service)?,
            lower_name: builder.text(&lower_name)?,
            version: builder.text(version)?,
            name: builder.text(name)?,
            api: builder.text(&entry.api.text)?,
            api_service: builder.text(api_service)?,
            body: builder.texts(entry.body.iter().map(|key| key.0.as_str()))?,
            query: builder.texts(entry.query.iter().map(|key| key.0.as_str()))?,
            when: builder.texts(entry.when.iter().map(|code| code.0.as_str()))?,
            source,
        };
        builder.push(row)?;
    }
    for (code, service) in aliases {
        let row = AliasRow { code: builder.text(&code)?, service: builder.text(service)? };
        builder.push(row)?;
    }
    Ok(())
}
