//! From rows to what a look-up gives.

use zerocopy::little_endian::U32;

use super::entries::{
    AccessLevel, Api, Call, Conflict, Dependency, EnterpriseProjectSupport, Host, IdentityAction, Need, Operation,
    PolicyKind, Reach, ResourceType, RoleNeed, Scopes, Sdk, Service, ServiceDetails, Source, SystemPolicy,
    TerraformType,
};
use super::gate::Gate;
use super::layout::{
    ApiRow, CallRow, ConflictRow, DEPRECATED, DefaultRow, DependsRow, GateRow, HAS_ENTERPRISE_PROJECT, HAS_REGION,
    HAS_TAGS, HISTORICAL, HostRow, IdentityRow, NeedRow, OPENSTACK, OTHER_VERSION, OperationRow, PolicyRow,
    ResourceRow, RoleRow, Run, SdkVersionRow, ServiceRow, SourceRow, TypeRow, unpack_scope,
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
        identity_depends: table.texts(row.identity_depends).collect(),
        depends: depends(table, row.depends),
        roles: roles(table, row.roles),
        scopes: scopes(row),
        deprecated: row.flags & DEPRECATED != 0,
        historical: row.flags & HISTORICAL != 0,
        openstack: row.flags & OPENSTACK != 0,
        other_version: row.flags & OTHER_VERSION != 0,
        notes: table.texts(row.notes).collect(),
        conflicts: conflicts(table, row.conflicts),
        source: source(table, row.source),
    }
}

fn conflicts(table: &Table, run: Run) -> Vec<Conflict<'_>> {
    let rows = table.run::<ConflictRow>(run).iter();
    rows.map(|row| Conflict {
        actions: table.texts(row.actions).collect(),
        scopes: unpack_scopes(row.scopes),
        source: source(table, row.source),
    })
    .collect()
}

pub(super) fn scopes(row: &ApiRow) -> Scopes {
    unpack_scopes(row.scopes)
}

pub(super) fn unpack_scopes(bits: u8) -> Scopes {
    Scopes { project: unpack_scope(bits, 0), enterprise_project: unpack_scope(bits, 1) }
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

pub(super) fn source(table: &Table, number: U32) -> Source<'_> {
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
        alias_of: table.optional(row.alias_of),
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
        api_service: table.text(row.api_service),
        body: table.texts(row.body).collect(),
        query: table.texts(row.query).collect(),
        when: table.texts(row.when).collect(),
        source: source(table, row.source),
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

pub(super) fn service_details<'a>(table: &'a Table, row: &ServiceRow) -> ServiceDetails<'a> {
    let hosts = table.run::<HostRow>(row.hosts).iter();
    let hosts = hosts.map(|row| Host {
        label: table.text(row.label),
        global: row.scope & 1 != 0,
        regional: row.scope & 2 != 0,
    });
    ServiceDetails {
        names: table.texts(row.names).collect(),
        family: table.texts(row.family).collect(),
        policy_resources: table.texts(row.policy_resources).collect(),
        hosts: hosts.collect(),
        sdk: sdk(table, row),
        source: source(table, row.source),
    }
}

/// The languages of the SDKs, in the order of the bits of a row.
const LANGUAGES: [&str; 7] = ["python", "java", "go", "node", "php", "net", "cpp"];

fn sdk<'a>(table: &'a Table, row: &ServiceRow) -> Option<Sdk<'a>> {
    let versions = table.run::<SdkVersionRow>(row.sdk_versions).iter();
    let versions = versions.map(|row| {
        let has = |bit: usize| row.languages & (1 << bit) != 0;
        let languages = LANGUAGES.into_iter().enumerate().filter(|(bit, _)| has(*bit));
        (table.text(row.version), languages.map(|(_, language)| language).collect())
    });
    Some(Sdk {
        client: table.optional(row.client)?,
        net: table.optional(row.net),
        net_client: table.optional(row.net_client),
        php: table.optional(row.php),
        versions: versions.collect(),
    })
}

pub(super) fn identity<'a>(table: &'a Table, row: &IdentityRow) -> IdentityAction<'a> {
    let resources = table.run::<ResourceRow>(row.resources).iter();
    let resources = resources.map(|row| ResourceType {
        kind: table.text(row.kind),
        required: row.required != 0,
        urn: table.optional(row.urn),
        conditions: table.texts(row.conditions).collect(),
    });
    IdentityAction {
        action: table.text(row.action),
        access: match row.access {
            1 => Some(AccessLevel::List),
            2 => Some(AccessLevel::Read),
            3 => Some(AccessLevel::Write),
            4 => Some(AccessLevel::Tagging),
            5 => Some(AccessLevel::PermissionManagement),
            _ => None,
        },
        resources: resources.collect(),
        conditions: table.texts(row.conditions).collect(),
        aliases: table.texts(row.aliases).collect(),
        source: source(table, row.source),
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
