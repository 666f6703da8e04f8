//! The files of `rules/`, one struct each, in the words of their YAML.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::super::phase::Phase;
use super::entry::{Depends, FurtherAction, Need, OperationEntry, ResourceEntry};
use super::map::{AttributeName, Entries, NewAction, NewCode, NewSource, OperationName, TypeName, VersionName};
use super::scalar::{
    Action, Date, DefaultValue, GateText, IdentityAction, NoteCode, ServiceCode, SourceId, Text, WhenCode, WrittenApi,
};

/// Where rows were read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct SourceDocument {
    pub(in super::super) document: Text,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    pub(in super::super) revision: Option<Text>,
    pub(in super::super) date: Option<Date>,
}

/// `rules/permissions/<service>.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PermissionFile {
    pub(in super::super) service: ServiceCode,
    #[serde(default)]
    pub(in super::super) when: Entries<NewCode, Meaning>,
    #[serde(default)]
    pub(in super::super) sources: Entries<NewSource, SourceDocument>,
    #[serde(default)]
    pub(in super::super) apis: Entries<WrittenApi, ApiEntry>,
    #[serde(default)]
    pub(in super::super) actions: Vec<FurtherActions>,
}

/// Which columns of the page say yes.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ScopeColumns {
    pub(in super::super) project: Option<bool>,
    pub(in super::super) enterprise_project: Option<bool>,
}

/// One API and what it needs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ApiEntry {
    #[serde(default)]
    pub(in super::super) actions: Vec<Need<Action>>,
    #[serde(default)]
    pub(in super::super) identity: Vec<Need<IdentityAction>>,
    #[serde(default)]
    pub(in super::super) identity_aliases: Vec<Action>,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    #[serde(default)]
    pub(in super::super) identity_depends: Vec<IdentityAction>,
    #[serde(default)]
    pub(in super::super) depends: Vec<Depends>,
    #[serde(default)]
    pub(in super::super) roles: Vec<RoleEntry>,
    #[serde(default)]
    pub(in super::super) scopes: ScopeColumns,
    #[serde(default)]
    pub(in super::super) deprecated: bool,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    #[serde(default)]
    pub(in super::super) historical: bool,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    #[serde(default)]
    pub(in super::super) openstack: bool,
    #[serde(default)]
    pub(in super::super) also_versions: Vec<Text>,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    #[serde(default)]
    pub(in super::super) notes: Vec<NoteCode>,
    #[allow(dead_code, reason = "tells the importer to leave the row alone")]
    pub(in super::super) corrected: Option<Text>,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    #[serde(default)]
    pub(in super::super) conflicts: Vec<Conflict>,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    pub(in super::super) joined: Option<SourceId>,
    pub(in super::super) source: SourceId,
}

impl ApiEntry {
    /// The actions that the API needs, of both grammars.
    pub(in super::super) fn needed(&self) -> impl Iterator<Item = &str> {
        let identity = self.identity.iter().map(|need| need.action.0.as_str());
        self.actions.iter().map(|need| need.action.0.as_str()).chain(identity)
    }
}

/// What an older or more distant source says of an API, and the row does not.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
pub(in super::super) struct Conflict {
    #[serde(default)]
    pub(in super::super) actions: Vec<Need<Action>>,
    #[serde(default)]
    pub(in super::super) scopes: ScopeColumns,
    pub(in super::super) source: SourceId,
}

/// A system-defined role that a row asks for, or one of several.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct RoleEntry {
    pub(in super::super) any: Vec<Text>,
    pub(in super::super) when: Option<WhenCode>,
}

/// Actions that are known to exist though no API row names them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct FurtherActions {
    pub(in super::super) source: SourceId,
    #[serde(default)]
    pub(in super::super) scopes: ScopeColumns,
    pub(in super::super) names: Vec<FurtherAction>,
}

impl FurtherActions {
    /// The actions without patterns.
    pub(in super::super) fn actions(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| name.action.0.as_str()).filter(|action| !action.contains('*'))
    }
}

/// `rules/identity/<service>.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct IdentityFile {
    #[allow(dead_code, reason = "says which file this is; an action names its service itself")]
    pub(in super::super) service: ServiceCode,
    pub(in super::super) sources: Entries<NewSource, SourceDocument>,
    pub(in super::super) actions: Entries<NewAction, IdentityEntry>,
}

/// One action of grammar 5.0.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct IdentityEntry {
    pub(in super::super) access: Option<AccessName>,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    #[serde(default)]
    pub(in super::super) permission_only: bool,
    #[serde(default)]
    pub(in super::super) resources: Vec<ResourceEntry>,
    #[serde(default)]
    pub(in super::super) conditions: Vec<Text>,
    #[serde(default)]
    pub(in super::super) aliases: Vec<Action>,
    #[allow(dead_code, reason = "tells the importer to leave the entry alone")]
    pub(in super::super) corrected: Option<Text>,
    pub(in super::super) source: SourceId,
}

/// What an action does to resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum AccessName {
    List,
    Read,
    Write,
    Tagging,
    PermissionManagement,
}

/// `rules/terraform/<service>.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct TerraformFile {
    pub(in super::super) service: ServiceCode,
    pub(in super::super) source: SourceDocument,
    #[serde(default)]
    pub(in super::super) resources: Entries<TypeName, TypeEntry>,
    #[serde(default)]
    pub(in super::super) data: Entries<TypeName, TypeEntry>,
}

/// The attributes that decide a call's scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum ScopeAttribute {
    Region,
    EnterpriseProjectId,
    Tags,
}

/// One resource type or data source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct TypeEntry {
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    pub(in super::super) alias_of: Option<Text>,
    #[serde(default)]
    pub(in super::super) deprecated: bool,
    #[serde(default)]
    pub(in super::super) attributes: Vec<ScopeAttribute>,
    /// The values that the provider's schema gives to attributes which a block leaves out.
    #[serde(default)]
    pub(in super::super) defaults: Entries<AttributeName, DefaultValue>,
    #[serde(default)]
    pub(in super::super) read_after: Vec<Phase>,
    #[serde(default, deserialize_with = "calls")]
    pub(in super::super) calls: Vec<CallEntry>,
    #[allow(dead_code, reason = "tells the importer to leave the entry alone")]
    pub(in super::super) corrected: Option<Text>,
}

/// One API that the provider calls for a type, and when in each phase.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct CallEntry {
    pub(in super::super) api: WrittenApi,
    pub(in super::super) service: Option<ServiceCode>,
    pub(in super::super) create: Option<GateText>,
    pub(in super::super) read: Option<GateText>,
    pub(in super::super) update: Option<GateText>,
    pub(in super::super) delete: Option<GateText>,
    pub(in super::super) import: Option<GateText>,
    pub(in super::super) r#in: Option<Text>,
    pub(in super::super) perhaps: Option<Text>,
}

/// A call that no phase makes would be silence.
fn calls<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<CallEntry>, D::Error> {
    let calls = Vec::<CallEntry>::deserialize(deserializer)?;
    match calls.iter().find(|call| call.phases().next().is_none()) {
        Some(call) => Err(D::Error::custom(format!(
            "the call `{}` says no phase: add `create: always`, or `read`, `update`, `delete` or `import` with its condition",
            call.api.text
        ))),
        None => Ok(calls),
    }
}

impl CallEntry {
    /// The phases in which the call is made, in order.
    pub(in super::super) fn phases(&self) -> impl Iterator<Item = (Phase, &GateText)> {
        [
            (Phase::Create, &self.create),
            (Phase::Read, &self.read),
            (Phase::Update, &self.update),
            (Phase::Delete, &self.delete),
            (Phase::Import, &self.import),
        ]
        .into_iter()
        .filter_map(|(phase, gate)| gate.as_ref().map(|gate| (phase, gate)))
    }
}

/// `rules/operations/<service>.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct OperationFile {
    pub(in super::super) service: ServiceCode,
    pub(in super::super) koocli: Option<Text>,
    /// The service whose APIs the operations call, if the SDK goes by another code.
    pub(in super::super) apis_of: Option<ServiceCode>,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    pub(in super::super) source: SourceDocument,
    pub(in super::super) versions: Entries<VersionName, Entries<OperationName, OperationEntry>>,
}

/// `rules/policies/system.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PolicyFile {
    pub(in super::super) sources: Entries<NewSource, SourceDocument>,
    pub(in super::super) policies: Vec<PolicyEntry>,
}

/// One system-defined policy or role.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PolicyEntry {
    pub(in super::super) name: Text,
    pub(in super::super) internal_name: Option<Text>,
    pub(in super::super) old_name: Option<Text>,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    pub(in super::super) same_as: Option<Text>,
    pub(in super::super) kind: PolicyKindName,
    pub(in super::super) service: Text,
    #[serde(default)]
    pub(in super::super) allow: Vec<IdentityAction>,
    #[serde(default)]
    pub(in super::super) deny: Vec<IdentityAction>,
    /// What it allows under a condition or for some resources only.
    #[serde(default)]
    pub(in super::super) allow_perhaps: Vec<IdentityAction>,
    /// What it denies in the same way.
    #[serde(default)]
    pub(in super::super) deny_perhaps: Vec<IdentityAction>,
    #[allow(dead_code, reason = "kept for the people who check a row; not compiled")]
    #[serde(default)]
    pub(in super::super) not_granted: Vec<IdentityAction>,
    #[serde(default)]
    pub(in super::super) assumed: Vec<IdentityAction>,
    #[serde(default)]
    pub(in super::super) depends: Vec<Text>,
    #[allow(dead_code, reason = "tells the importer to leave the entry alone")]
    pub(in super::super) corrected: Option<Text>,
    pub(in super::super) source: SourceId,
}

/// Whether it has the grammar of a policy or is an old role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum PolicyKindName {
    Policy,
    Role,
    Identity,
}

/// `rules/services.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ServiceFile {
    pub(in super::super) sources: Entries<NewSource, SourceDocument>,
    pub(in super::super) services: Vec<ServiceEntry>,
}

/// One service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ServiceEntry {
    pub(in super::super) code: ServiceCode,
    /// How KooCLI, Terraform and the documents write the service's name.
    #[serde(default)]
    pub(in super::super) names: Vec<Text>,
    pub(in super::super) scope: ReachName,
    pub(in super::super) enterprise_projects: SupportName,
    #[serde(default)]
    pub(in super::super) paths_shared_with: Vec<ServiceCode>,
    /// A query key selects the operation, unless `query_parameters` lists it.
    #[serde(default)]
    pub(in super::super) query_selects: bool,
    #[serde(default)]
    pub(in super::super) query_parameters: Vec<Text>,
    /// The first parts of its actions, where the two grammars differ in them.
    #[serde(default)]
    pub(in super::super) action_prefixes: Vec<ServiceCode>,
    /// The types of resources that policies of grammar 1.1 may name.
    #[serde(default)]
    pub(in super::super) policy_resources: Vec<Text>,
    #[serde(default)]
    pub(in super::super) hosts: Vec<HostEntry>,
    pub(in super::super) sdk: Option<SdkEntry>,
    #[allow(dead_code, reason = "tells the importer to leave the entry alone")]
    pub(in super::super) corrected: Option<Text>,
    pub(in super::super) source: SourceId,
}

/// The first label of a service's host names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct HostEntry {
    pub(in super::super) label: Text,
    pub(in super::super) scope: HostScope,
}

/// Whether the region follows the label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum HostScope {
    Global,
    Regional,
    Both,
}

/// The SDK packages of a service. Their names follow from its code, except where .NET and PHP write it their way.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct SdkEntry {
    pub(in super::super) client: Text,
    pub(in super::super) net: Option<Text>,
    pub(in super::super) net_client: Option<Text>,
    pub(in super::super) php: Option<Text>,
    pub(in super::super) versions: Entries<VersionName, Vec<Language>>,
}

/// A programming language with an SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum Language {
    Python,
    Java,
    Go,
    Node,
    Php,
    Net,
    Cpp,
}

/// Where a service's resources live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum ReachName {
    Global,
    Regional,
    Unknown,
}

/// How many of a service's APIs support authorization by enterprise project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum SupportName {
    All,
    Partial,
    None,
    Unknown,
}

/// `rules/when.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct WhenFile {
    pub(in super::super) when: Entries<NewCode, Meaning>,
    #[serde(default)]
    pub(in super::super) notes: Entries<NewCode, Meaning>,
}

/// What a code means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Meaning {
    pub(in super::super) meaning: Text,
}
