//! Cards of what calls and is called: APIs, Terraform types, operations.

use std::collections::BTreeSet;

use super::cards::{
    ApiCard, CallCard, Cited, Code, ConflictCard, NeedCard, OperationCard, OperationUse, PhaseGate, RoleCard, RowCard,
    TypeCard, TypeUse,
};
use super::links::{Callers, rows};
use crate::catalog::{Api, ApiKey, Catalog, Listed, Operation, TerraformKind, TerraformType};

/// The rows that an API means, or else who calls what has no row.
pub fn api<'a>(catalog: &'a Catalog, service: Option<&str>, key: &ApiKey) -> Vec<ApiCard<'a>> {
    let found = rows(catalog, service.unwrap_or_default(), key);
    if found.is_empty() {
        return without_row(catalog, service, key);
    }
    found.into_iter().map(|row| card(catalog, row)).collect()
}

fn card<'a>(catalog: &'a Catalog, row: Api<'a>) -> ApiCard<'a> {
    let callers = Callers::of(catalog, std::iter::once((row.service, row.key)));
    let extension = row.key.parse().ok().and_then(|key| catalog.row(row.service, &key)?.extension);
    let cited = |source| Cited::new(source, extension);
    let conflicts = row.conflicts.into_iter().map(|conflict| ConflictCard {
        actions: conflict.actions,
        scopes: conflict.scopes.into(),
        source: cited(conflict.source),
    });
    let depends = row.depends.iter().map(|dependency| NeedCard {
        action: dependency.action,
        on: dependency.on,
        when: Code::when(catalog, dependency.when),
    });
    ApiCard {
        service: row.service,
        api: row.key.to_owned(),
        has_row: true,
        actions: NeedCard::all(catalog, &row.actions),
        identity: NeedCard::all(catalog, &row.identity),
        identity_aliases: row.identity_aliases,
        depends: depends.collect(),
        identity_depends: row.identity_depends,
        roles: RoleCard::all(catalog, &row.roles),
        scopes: row.scopes.into(),
        deprecated: row.deprecated,
        historical: row.historical,
        openstack: row.openstack,
        other_version: row.other_version,
        notes: row.notes.iter().map(|code| Code { code, meaning: catalog.note_meaning(code) }).collect(),
        conflicts: conflicts.collect(),
        operations: callers.operations().iter().map(operation_use).collect(),
        terraform: type_uses(&callers),
        source: Some(cited(row.source)),
    }
}

/// An API that the table knows from its callers only: one card for each service that it is called in.
fn without_row<'a>(catalog: &'a Catalog, service: Option<&str>, key: &ApiKey) -> Vec<ApiCard<'a>> {
    let identity = key.identity();
    let is_wanted = |of: &str| service.is_none_or(|service| service.eq_ignore_ascii_case(of));
    let operations: Vec<Operation<'a>> = catalog
        .operations()
        .into_iter()
        .map(|listed| listed.entry)
        .filter(|operation| is_wanted(operation.api_service) && operation.api.identity() == identity)
        .collect();
    let mut calls = Vec::new();
    for Listed { entry: (kind, entry), .. } in catalog.types() {
        let same = |call: &&crate::catalog::Call<'a>| is_wanted(call.service) && call.api.identity() == identity;
        let services: BTreeSet<&'a str> = entry.calls.iter().filter(same).map(|call| call.service).collect();
        for service in services {
            let of_service = |call: &&crate::catalog::Call<'a>| call.service == service && same(call);
            let phases = entry.calls.iter().filter(of_service).flat_map(|call| &call.phases);
            calls.push((service, type_use(kind, entry.name, phases.map(|(phase, _)| *phase))));
        }
    }
    let services: BTreeSet<&'a str> = operations
        .iter()
        .map(|operation| operation.api_service)
        .chain(calls.iter().map(|(service, _)| *service))
        .collect();
    let cards = services.into_iter().map(|service| {
        let mut terraform: Vec<TypeUse<'a>> =
            calls.iter().filter(|(of, _)| *of == service).map(|(_, call)| call.clone()).collect();
        terraform.sort();
        ApiCard {
            service,
            api: key.to_string(),
            has_row: false,
            actions: Vec::new(),
            identity: Vec::new(),
            identity_aliases: Vec::new(),
            depends: Vec::new(),
            identity_depends: Vec::new(),
            roles: Vec::new(),
            scopes: crate::catalog::Scopes::default().into(),
            deprecated: false,
            historical: false,
            openstack: false,
            other_version: false,
            notes: Vec::new(),
            conflicts: Vec::new(),
            operations: operations.iter().filter(|one| one.service == service).map(operation_use).collect(),
            terraform,
            source: None,
        }
    });
    cards.collect()
}

pub(super) fn operation_use<'a>(operation: &Operation<'a>) -> OperationUse<'a> {
    OperationUse { service: operation.service, name: operation.name, version: operation.version }
}

/// The types that some callers found, each with the phases of its calls.
pub(super) fn type_uses<'a>(callers: &Callers<'a>) -> Vec<TypeUse<'a>> {
    let types = callers.types().into_iter().map(|(kind, entry, calls)| {
        let calls = calls.iter().filter_map(|index| entry.calls.get(*index));
        type_use(kind, entry.name, calls.flat_map(|call| &call.phases).map(|(phase, _)| *phase))
    });
    types.collect()
}

fn type_use(kind: TerraformKind, name: &str, phases: impl Iterator<Item = crate::catalog::Phase>) -> TypeUse<'_> {
    let phases: BTreeSet<_> = phases.collect();
    TypeUse { name, block: block(kind), phases: phases.into_iter().map(crate::catalog::Phase::as_str).collect() }
}

/// How a block of this kind begins.
pub(super) fn block(kind: TerraformKind) -> &'static str {
    match kind {
        TerraformKind::Resource => "resource",
        TerraformKind::Data => "data",
    }
}

/// The card of a Terraform type.
pub(super) fn terraform<'a>(
    catalog: &'a Catalog,
    kind: TerraformKind,
    entry: TerraformType<'a>,
    extension: Option<&'a str>,
) -> TypeCard<'a> {
    let attributes = [
        (entry.has_region, "region"),
        (entry.has_enterprise_project, "enterprise_project_id"),
        (entry.has_tags, "tags"),
    ];
    let calls = entry.calls.into_iter().map(|call| {
        let phases = call.phases.iter();
        let phases = phases.map(|(phase, gate)| PhaseGate { phase: phase.as_str(), gate: gate.to_string() });
        CallCard {
            service: call.service,
            api: call.api.to_string(),
            phases: phases.collect(),
            region: call.region,
            perhaps: call.perhaps,
            rows: row_cards(catalog, call.service, &call.api, &[]),
        }
    });
    TypeCard {
        name: entry.name,
        block: block(kind),
        service: entry.service,
        alias_of: entry.alias_of,
        deprecated: entry.deprecated,
        attributes: attributes.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect(),
        read_after: entry.read_after.iter().map(|phase| phase.as_str()).collect(),
        defaults: entry.defaults,
        calls: calls.collect(),
        source: Cited::new(entry.source, extension),
    }
}

/// The card of an operation.
pub(super) fn operation<'a>(
    catalog: &'a Catalog,
    operation: Operation<'a>,
    extension: Option<&'a str>,
) -> OperationCard<'a> {
    OperationCard {
        service: operation.service,
        name: operation.name,
        version: operation.version,
        api: operation.api.to_string(),
        rows: row_cards(catalog, operation.api_service, &operation.api, &catalog.cases(&operation)),
        body: operation.body,
        source: Cited::new(operation.source, extension),
    }
}

/// The rows of an API, where some of their conditions are settled.
fn row_cards<'a>(catalog: &'a Catalog, service: &str, api: &ApiKey, cases: &[(String, bool)]) -> Vec<RowCard<'a>> {
    let cards = rows(catalog, service, api).into_iter().map(|row| {
        let row = row.settled(cases);
        let extension = row.key.parse().ok().and_then(|key| catalog.row(row.service, &key)?.extension);
        RowCard {
            service: row.service,
            api: row.key,
            actions: NeedCard::all(catalog, &row.actions),
            identity: NeedCard::all(catalog, &row.identity),
            scopes: row.scopes.into(),
            source: Cited::new(row.source, extension),
        }
    });
    cards.collect()
}
