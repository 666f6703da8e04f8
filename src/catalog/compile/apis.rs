//! The rows of the permission files: sorted, with the twins of other versions, and indexed by action.

use std::collections::{BTreeMap, BTreeSet};

use zerocopy::little_endian::U32;

use super::super::api::ApiKey;
use super::super::format::{ApiEntry, Depends, Files, PermissionFile};
use super::super::layout::{
    ActionRow, ActionUseRow, ApiRow, ConflictRow, DEPRECATED, DependsRow, HISTORICAL, NeedRow, OPENSTACK,
    OTHER_VERSION, RoleRow, Run, ServiceApiRow, TextAt, pack_scopes,
};
use super::builder::Builder;
use super::sources::Sources;

/// The order of the rows, which look-ups rely on.
type Order<'a> = (u8, u8, String, &'a str, String);

struct Planned<'a> {
    key: ApiKey,
    written: String,
    entry: &'a ApiEntry,
    /// The number of its file.
    file: usize,
    /// It stands in the file under another version.
    is_twin: bool,
}

pub(super) fn compile(builder: &mut Builder, files: &Files) -> Result<(), String> {
    let mut rows: BTreeMap<Order<'_>, Planned<'_>> = BTreeMap::new();
    let mut sources = Vec::new();
    for (number, file) in files.permissions.iter().enumerate() {
        sources.push(Sources::push(builder, &file.sources)?);
        plan(number, file, &mut rows)?;
    }
    let (mut uses, mut by_service) = (BTreeSet::new(), BTreeSet::new());
    for (number, (order, row)) in rows.iter().enumerate() {
        let sources = sources.get(row.file).ok_or("a row without a file")?;
        push(builder, order, row, sources)?;
        let (method, segments, _, service, _) = order;
        by_service.insert((service, method, segments, number));
        for action in row.entry.needed() {
            uses.insert((action.to_ascii_lowercase(), number));
        }
    }
    for (action, number) in uses {
        let row = ActionUseRow { action: builder.text(&action)?, api: api_number(number)? };
        builder.push(row)?;
    }
    for (_, _, _, number) in by_service {
        builder.push(ServiceApiRow { api: api_number(number)? })?;
    }
    actions(builder, files, &sources)
}

fn api_number(number: usize) -> Result<U32, String> {
    u32::try_from(number).map(U32::new).map_err(|_| String::from("too many APIs"))
}

fn plan<'a>(
    number: usize,
    file: &'a PermissionFile,
    rows: &mut BTreeMap<Order<'a>, Planned<'a>>,
) -> Result<(), String> {
    let service = file.service.0.as_str();
    let mut twins = Vec::new();
    for (api, entry) in &file.apis.0 {
        for version in &entry.also_versions {
            twins.extend(twin(&api.key, &version.0).map(|key| (key, entry)));
        }
        let row = Planned { key: api.key.clone(), written: api.text.clone(), entry, file: number, is_twin: false };
        rows.insert(order(service, &api.key)?, row);
    }
    for (key, entry) in twins {
        let written = key.to_string();
        rows.entry(order(service, &key)?).or_insert(Planned { key, written, entry, file: number, is_twin: true });
    }
    Ok(())
}

/// The same API under another version: the first segment of the path is replaced.
fn twin(key: &ApiKey, version: &str) -> Option<ApiKey> {
    let (_, rest) = key.path.strip_prefix('/')?.split_once('/')?;
    Some(ApiKey { path: format!("/{version}/{rest}"), ..key.clone() })
}

fn order<'a>(service: &'a str, key: &ApiKey) -> Result<Order<'a>, String> {
    let template = key.template();
    let segments = u8::try_from(template.matches('/').count()).map_err(|_| format!("`{key}` has too many segments"))?;
    Ok((key.method as u8, segments, template, service, key.identity()))
}

fn push(builder: &mut Builder, order: &Order<'_>, row: &Planned<'_>, sources: &Sources<'_>) -> Result<(), String> {
    let (method, segments, template, service, identity) = order;
    let entry = row.entry;
    let needs = needs(builder, entry.actions.iter().map(|need| (&need.action.0, need.when.as_ref().map(|w| &w.0))))?;
    let identity_needs =
        self::needs(builder, entry.identity.iter().map(|need| (&need.action.0, need.when.as_ref().map(|w| &w.0))))?;
    let row = ApiRow {
        method: *method,
        segments: *segments,
        flags: flags(row),
        scopes: pack_scopes(entry.scopes.project, entry.scopes.enterprise_project),
        template: builder.text(template)?,
        service: builder.text(service)?,
        identity: builder.text(identity)?,
        written: builder.text(&row.written)?,
        query: builder.texts(row.key.query.iter().map(String::as_str))?,
        header: builder.optional(row.key.header.as_deref())?,
        address: builder.optional(row.key.address.as_deref())?,
        needs,
        identity_needs,
        identity_aliases: builder.texts(entry.identity_aliases.iter().map(|action| action.0.as_str()))?,
        identity_depends: builder.texts(entry.identity_depends.iter().map(|action| action.0.as_str()))?,
        depends: depends(builder, &entry.depends)?,
        roles: roles(builder, entry)?,
        notes: builder.texts(entry.notes.iter().map(|code| code.0.as_str()))?,
        conflicts: conflicts(builder, entry, sources)?,
        source: sources.number(&entry.source)?,
    };
    builder.push(row).map(drop)
}

fn flags(row: &Planned<'_>) -> u8 {
    let entry = row.entry;
    let bits = [
        (entry.deprecated, DEPRECATED),
        (entry.historical, HISTORICAL),
        (entry.openstack, OPENSTACK),
        (row.is_twin, OTHER_VERSION),
    ];
    bits.into_iter().filter(|(set, _)| *set).fold(0, |flags, (_, bit)| flags | bit)
}

fn conflicts(builder: &mut Builder, entry: &ApiEntry, sources: &Sources<'_>) -> Result<Run, String> {
    let mut rows = Vec::new();
    for conflict in &entry.conflicts {
        rows.push(ConflictRow {
            actions: builder.texts(conflict.actions.iter().map(|need| need.action.0.as_str()))?,
            scopes: pack_scopes(conflict.scopes.project, conflict.scopes.enterprise_project),
            source: sources.number(&conflict.source)?,
        });
    }
    builder.run(&rows)
}

fn needs<'a>(
    builder: &mut Builder,
    needs: impl Iterator<Item = (&'a String, Option<&'a String>)>,
) -> Result<Run, String> {
    let mut rows = Vec::new();
    for (action, when) in needs {
        rows.push(NeedRow { action: builder.text(action)?, when: builder.optional(when.map(String::as_str))? });
    }
    builder.run(&rows)
}

fn depends(builder: &mut Builder, depends: &[Depends]) -> Result<Run, String> {
    let mut rows = Vec::new();
    for dependency in depends {
        rows.push(DependsRow {
            action: builder.text(&dependency.action.0)?,
            on: builder.optional(dependency.on.as_ref().map(|action| action.0.as_str()))?,
            when: builder.optional(dependency.when.as_ref().map(|code| code.0.as_str()))?,
        });
    }
    builder.run(&rows)
}

fn roles(builder: &mut Builder, entry: &ApiEntry) -> Result<Run, String> {
    let mut rows = Vec::new();
    for role in &entry.roles {
        rows.push(RoleRow {
            any: builder.texts(role.any.iter().map(|name| name.0.as_str()))?,
            when: builder.optional(role.when.as_ref().map(|code| code.0.as_str()))?,
        });
    }
    builder.run(&rows)
}

/// Every action that is named without a wildcard, for telling a misspelt action from a known one.
fn actions(builder: &mut Builder, files: &Files, sources: &[Sources<'_>]) -> Result<(), String> {
    let mut known: BTreeMap<(String, &str), U32> = BTreeMap::new();
    for action in files.actions() {
        known.insert((service_of(action), action), U32::new(0));
    }
    for (file, sources) in files.permissions.iter().zip(sources) {
        for list in &file.actions {
            let source = U32::new(sources.number(&list.source)?.get().saturating_add(1));
            for action in list.actions() {
                known.entry((service_of(action), action)).or_insert(source);
            }
        }
    }
    let scopes = further_scopes(files);
    for ((service, action), source) in known {
        let service: TextAt = builder.text(&service)?;
        let scopes = scopes.get(action).copied().unwrap_or_default();
        let row = ActionRow { service, action: builder.text(action)?, scopes, source };
        builder.push(row)?;
    }
    Ok(())
}

/// What pages without APIs say of the scopes of their actions; nothing where two differ.
fn further_scopes(files: &Files) -> BTreeMap<&str, u8> {
    let mut scopes: BTreeMap<&str, u8> = BTreeMap::new();
    for list in files.permissions.iter().flat_map(|file| &file.actions) {
        let columns = pack_scopes(list.scopes.project, list.scopes.enterprise_project);
        for name in &list.names {
            let known = scopes.entry(name.action.0.as_str()).or_insert(columns);
            if *known != columns {
                *known = 0;
            }
        }
    }
    scopes
}

fn service_of(action: &str) -> String {
    action.split(':').next().unwrap_or_default().to_ascii_lowercase()
}
