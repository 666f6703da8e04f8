//! From rows to what a look-up gives.

use zerocopy::little_endian::U32;

use super::entries::{
    Api, Call, Dependency, EnterpriseProjectSupport, Need, Operation, PolicyKind, Reach, RoleNeed, Scopes, Service,
    Source, SystemPolicy, TerraformType,
};
use super::gate::Gate;
use super::layout::{
    ApiRow, CallRow, DEPRECATED, DefaultRow, DependsRow, GateRow, HAS_ENTERPRISE_PROJECT, HAS_REGION, HAS_TAGS,
    NeedRow, OperationRow, PolicyRow, RoleRow, Run, ServiceRow, SourceRow, TypeRow, unpack_scope,
};
use super::phase::Phase;
use super::table::Table;

pub(super) fn api<'a>(table: &'a Table, row: &ApiRow) -> Api<'a> {
    Api {
        service: table.text(row.service),
        key: table.text(row.written),
        actions: needs(table, row.needs),
        identity: needs(table, row.identity_needs),
        identity_aliases: table.texts(row.identity_aliases).collect(),
        depends: depends(table, row.depends),
        roles: roles(table, row.roles),
        scopes: scopes(row),
        deprecated: row.flags & DEPRECATED != 0,
        source: source(table, row.source),
    }
}

pub(super) fn scopes(row: &ApiRow) -> Scopes {
    Scopes { project: unpack_scope(row.scopes, 0), enterprise_project: unpack_scope(row.scopes, 1) }
}

fn needs(table: &Table, run: Run) -> Vec<Need<'_>> {
    let rows = table.run::<NeedRow>(run).iter();
    rows.map(|row| Need { action: table.text(row.action), when: table.optional(row.when) }).collect()
}

fn depends(table: &Table, run: Run) -> Vec<Dependency<'_>> {
    let rows = table.run::<DependsRow>(run).iter();
    rows.map(|row| Dependency {
        action: table.text(row.action),
        on: table.optional(row.on),
        when: table.optional(row.when),
    })
    .collect()
}

fn roles(table: &Table, run: Run) -> Vec<RoleNeed<'_>> {
    let rows = table.run::<RoleRow>(run).iter();
    rows.map(|row| RoleNeed { any: table.texts(row.any).collect(), when: table.optional(row.when) }).collect()
}

fn source(table: &Table, number: U32) -> Source<'_> {
    match table.row::<SourceRow>(number.get()) {
        Some(row) => Source { document: table.text(row.document), date: table.optional(row.date) },
        None => Source { document: "", date: None },
    }
}

pub(super) fn terraform<'a>(table: &'a Table, row: &TypeRow) -> TerraformType<'a> {
    let calls = table.run::<CallRow>(row.calls).iter();
    let defaults = table.run::<DefaultRow>(row.defaults).iter();
    let read_after = Phase::ALL.into_iter();
    TerraformType {
        name: table.text(row.name),
        service: table.text(row.service),
        has_region: row.flags & HAS_REGION != 0,
        has_enterprise_project: row.flags & HAS_ENTERPRISE_PROJECT != 0,
        has_tags: row.flags & HAS_TAGS != 0,
        read_after: read_after.filter(|phase| row.read_after & (1 << (*phase as u8)) != 0).collect(),
        deprecated: row.flags & DEPRECATED != 0,
        defaults: defaults.map(|row| (table.text(row.attribute), table.text(row.value))).collect(),
        calls: calls.filter_map(|row| call(table, row)).collect(),
        source: source(table, row.source),
    }
}

fn call<'a>(table: &'a Table, row: &CallRow) -> Option<Call<'a>> {
    let gates = table.run::<GateRow>(row.gates).iter();
    let phases = gates.filter_map(|row| {
        let phase = Phase::ALL.get(usize::from(row.phase))?;
        let gate: Gate = table.text(row.gate).parse().ok()?;
        Some((*phase, gate))
    });
    Some(Call {
        service: table.text(row.service),
        api: table.text(row.api).parse().ok()?,
        phases: phases.collect(),
        region: table.optional(row.region),
        perhaps: table.optional(row.perhaps),
    })
}

pub(super) fn operation<'a>(table: &'a Table, row: &OperationRow) -> Option<Operation<'a>> {
    Some(Operation {
        service: table.text(row.service),
        version: table.text(row.version),
        name: table.text(row.name),
        api: table.text(row.api).parse().ok()?,
    })
}

pub(super) fn service<'a>(table: &'a Table, row: &ServiceRow) -> Service<'a> {
    Service {
        code: table.text(row.code),
        reach: match row.reach {
            1 => Reach::Global,
            2 => Reach::Regional,
            _ => Reach::Unknown,
        },
        enterprise_projects: match row.enterprise_projects {
            1 => EnterpriseProjectSupport::All,
            2 => EnterpriseProjectSupport::Partial,
            3 => EnterpriseProjectSupport::None,
            _ => EnterpriseProjectSupport::Unknown,
        },
    }
}

pub(super) fn policy<'a>(table: &'a Table, row: &PolicyRow) -> SystemPolicy<'a> {
    SystemPolicy {
        name: table.text(row.name),
        internal_name: table.optional(row.internal_name),
        kind: match row.kind {
            1 => PolicyKind::Role,
            _ => PolicyKind::Policy,
        },
        service: table.text(row.service),
        allow: table.texts(row.allow).collect(),
        deny: table.texts(row.deny).collect(),
        assumed: table.texts(row.assumed).collect(),
        not_granted: table.texts(row.not_granted).collect(),
        depends: table.texts(row.depends).collect(),
        source: source(table, row.source),
    }
}
