//! The binary form of the table: a header, a pool of texts and sections of rows of fixed size, all
//! little endian and without alignment, so that the file is used as it lies in memory.

use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The first bytes of a table, with the version of this layout.
pub(super) const MAGIC: [u8; 8] = *b"grantl13";

/// Where each kind of row lies in the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Section {
    Pool,
    Texts,
    Sources,
    Needs,
    Depends,
    Roles,
    Apis,
    ActionUses,
    Actions,
    Types,
    Defaults,
    Calls,
    Gates,
    Operations,
    Aliases,
    Services,
    Hosts,
    SdkVersions,
    Identity,
    Resources,
    Conflicts,
    Policies,
    PolicyNames,
    Codes,
    Notes,
    Decoys,
    Escalations,
    ActionSets,
    IdentityAliases,
    Agencies,
    AgencyNeeds,
    ApisOfServices,
}

/// How many sections there are.
pub(super) const SECTIONS: usize = Section::ApisOfServices as usize + 1;

/// A row of the table.
pub(super) trait Row: FromBytes + IntoBytes + Immutable + KnownLayout + Unaligned + Copy {
    const SECTION: Section;
}

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident in $section:ident { $($field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
            #[repr(C)]
            pub(super) struct $name {
                $(pub(super) $field: $type,)*
            }

            impl Row for $name {
                const SECTION: Section = Section::$section;
            }
        )*
    };
}

/// The place of a text in the pool: two bytes of length and then UTF-8. Place 0 is the empty text,
/// which stands for "none".
pub(super) type TextAt = U32;

/// A run of rows of another section.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Run {
    pub(super) start: U32,
    pub(super) len: U16,
}

/// The bytes of one section.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Extent {
    pub(super) start: U32,
    pub(super) len: U32,
}

/// The beginning of a table.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Header {
    pub(super) magic: [u8; 8],
    pub(super) sections: [Extent; SECTIONS],
}

rows! {
    /// A member of a list of texts.
    TextRow in Texts { text: TextAt }
    /// A source document.
    SourceRow in Sources { document: TextAt, date: TextAt }
    /// An action that an API needs.
    NeedRow in Needs { action: TextAt, when: TextAt }
    /// An action that an API depends on.
    DependsRow in Depends { action: TextAt, on: TextAt, when: TextAt }
    /// Roles of which an API needs one.
    RoleRow in Roles { any: Run, when: TextAt }
    /// An API, sorted by method, number of segments, template, service and identity.
    ApiRow in Apis {
        method: u8,
        segments: u8,
        flags: u8,
        scopes: u8,
        template: TextAt,
        service: TextAt,
        identity: TextAt,
        written: TextAt,
        query: Run,
        header: TextAt,
        address: TextAt,
        needs: Run,
        identity_needs: Run,
        identity_aliases: Run,
        identity_depends: Run,
        depends: Run,
        roles: Run,
        notes: Run,
        conflicts: Run,
        source: U32,
    }
    /// What a source says that lost against a row's.
    ConflictRow in Conflicts { actions: Run, scopes: u8, source: U32 }
    /// An API that no row is about though one takes its path, sorted by service, method and template.
    DecoyRow in Decoys { service: TextAt, method: u8, template: TextAt }
    /// An API that needs an action (in lower case), sorted by action.
    ActionUseRow in ActionUses { action: TextAt, api: U32 }
    /// An API, sorted by service, method and number of segments.
    ServiceApiRow in ApisOfServices { api: U32 }
    /// A known action, sorted by service and action; its scopes, and the number of its source plus one,
    /// if only pages without APIs name it.
    ActionRow in Actions { service: TextAt, action: TextAt, scopes: u8, source: U32 }
    /// A Terraform type, sorted by kind and name.
    TypeRow in Types {
        kind: u8,
        flags: u8,
        read_after: u8,
        name: TextAt,
        service: TextAt,
        alias_of: TextAt,
        defaults: Run,
        calls: Run,
        source: U32,
    }
    /// The value of an attribute that a block leaves out.
    DefaultRow in Defaults { attribute: TextAt, value: TextAt }
    /// An API that the provider calls for a type.
    CallRow in Calls { service: TextAt, api: TextAt, gates: Run, region: TextAt, perhaps: TextAt }
    /// The condition of a call in one phase.
    GateRow in Gates { phase: u8, gate: TextAt }
    /// An operation, sorted by service, name in lower case and version.
    OperationRow in Operations {
        service: TextAt,
        lower_name: TextAt,
        version: TextAt,
        name: TextAt,
        api: TextAt,
        api_service: TextAt,
        body: Run,
        query: Run,
        when: Run,
        source: U32,
    }
    /// Another code (in lower case) of a service with operations, sorted by code.
    AliasRow in Aliases { code: TextAt, service: TextAt }
    /// A service, sorted by code.
    ServiceRow in Services {
        code: TextAt,
        reach: u8,
        enterprise_projects: u8,
        query_selects: u8,
        query_parameters: Run,
        family: Run,
        names: Run,
        action_prefixes: Run,
        policy_resources: Run,
        hosts: Run,
        client: TextAt,
        net: TextAt,
        net_client: TextAt,
        php: TextAt,
        sdk_versions: Run,
        source: U32,
    }
    /// The first label of a service's host names: 1, no region follows it; 2, one does; 3, both.
    HostRow in Hosts { label: TextAt, scope: u8 }
    /// A version of a service and the languages whose SDK has it, one bit each.
    SdkVersionRow in SdkVersions { version: TextAt, languages: u8 }
    /// An action of grammar 5.0, sorted by the action in lower case.
    IdentityRow in Identity {
        lower: TextAt,
        action: TextAt,
        access: u8,
        resources: Run,
        conditions: Run,
        aliases: Run,
        source: U32,
    }
    /// A name of the older engine (in lower case) that an action of grammar 5.0 has as its alias; sorted by both.
    IdentityAliasRow in IdentityAliases { alias: TextAt, action: TextAt }
    /// A type of resources that an action is for.
    ResourceRow in Resources { kind: TextAt, required: u8, urn: TextAt, conditions: Run }
    /// A system-defined policy, in the order of the file.
    PolicyRow in Policies {
        kind: u8,
        name: TextAt,
        internal_name: TextAt,
        service: TextAt,
        allow: Run,
        deny: Run,
        allow_perhaps: Run,
        deny_perhaps: Run,
        assumed: Run,
        not_granted: Run,
        depends: Run,
        source: U32,
    }
    /// A name of a policy, sorted by the name in lower case; its display name comes before an old one.
    PolicyNameRow in PolicyNames { lower: TextAt, name: TextAt, policy: U32 }
    /// A `when` code, sorted.
    CodeRow in Codes { code: TextAt, meaning: TextAt }
    /// A note code, sorted.
    NoteRow in Notes { code: TextAt, meaning: TextAt }
    /// A way to more rights, in the order of the file.
    EscalationRow in Escalations { id: TextAt, all: Run, why: TextAt, source: U32 }
    /// Actions of grammars 1.1 and 5.0 of which one is needed.
    ActionSetRow in ActionSets { actions: Run, identity: Run }
    /// An attribute by which a Terraform type hands an agency to a service, sorted by type; `confirmed` is 1 where a
    /// second source has the account.
    AgencyRow in Agencies {
        kind: TextAt,
        attribute: TextAt,
        service: TextAt,
        account: TextAt,
        principal: TextAt,
        service_source: U32,
        confirmed: U32,
        when: TextAt,
        needs: Run,
        source: U32,
    }
    /// What such an agency has to be granted: one of the roles, or all actions.
    AgencyNeedRow in AgencyNeeds { any: Run, actions: Run, region: TextAt, when: TextAt, source: U32 }
}

/// A bit of [`ApiRow::flags`] and of [`TypeRow::flags`]: not to be used any more.
pub(super) const DEPRECATED: u8 = 1;
/// The row stands in an old page only.
pub(super) const HISTORICAL: u8 = 2;
/// The API is one of OpenStack's.
pub(super) const OPENSTACK: u8 = 4;
/// The row is another's, under another version.
pub(super) const OTHER_VERSION: u8 = 8;

/// Bits of [`TypeRow::flags`] beside [`DEPRECATED`].
pub(super) const HAS_REGION: u8 = 2;
/// See [`HAS_REGION`].
pub(super) const HAS_ENTERPRISE_PROJECT: u8 = 4;
/// See [`HAS_REGION`].
pub(super) const HAS_TAGS: u8 = 8;

/// Two columns of yes, no and unknown in one byte.
pub(super) fn pack_scopes(project: Option<bool>, enterprise_project: Option<bool>) -> u8 {
    pack(project) | (pack(enterprise_project) << 2)
}

fn pack(column: Option<bool>) -> u8 {
    match column {
        None => 0,
        Some(true) => 1,
        Some(false) => 2,
    }
}

/// One column of [`pack_scopes`]: 0 is the project, 1 the enterprise project.
#[allow(dead_code, reason = "used by the library and not by the build script")]
pub(super) fn unpack_scope(scopes: u8, column: u8) -> Option<bool> {
    match (scopes >> (column * 2)) & 3 {
        1 => Some(true),
        2 => Some(false),
        _ => None,
    }
}
