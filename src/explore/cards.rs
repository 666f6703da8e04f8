//! What is known of one name, as plain values.

use serde::Serialize;

use super::tally::Figures;
use crate::catalog::Catalog;
use crate::catalog::{Need, RoleNeed, Scopes, Source};

/// Everything that is known of one thing.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Card<'a> {
    /// A service.
    Service(Box<ServiceCard<'a>>),
    /// An action.
    Action(Box<ActionCard<'a>>),
    /// A pattern of actions, with `*`.
    Pattern(Box<PatternCard<'a>>),
    /// An API.
    Api(Box<ApiCard<'a>>),
    /// A Terraform resource type or data source.
    TerraformType(Box<TypeCard<'a>>),
    /// An operation of the SDKs and of `KooCLI`.
    Operation(Box<OperationCard<'a>>),
    /// A system-defined policy or role.
    Policy(Box<PolicyCard<'a>>),
}

/// Where something was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cited<'a> {
    /// The document.
    pub document: &'a str,
    /// The day of its last change.
    pub date: Option<&'a str>,
    /// The extension that says so; none: the table in the program.
    pub extension: Option<&'a str>,
}

impl<'a> Cited<'a> {
    pub(super) fn new(source: Source<'a>, extension: Option<&'a str>) -> Self {
        Self { document: source.document, date: source.date, extension }
    }
}

/// A code and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Code<'a> {
    /// The code.
    pub code: &'a str,
    /// A sentence without its full stop.
    pub meaning: Option<&'a str>,
}

impl<'a> Code<'a> {
    pub(super) fn when(catalog: &'a Catalog, code: Option<&'a str>) -> Option<Self> {
        code.map(|code| Self { code, meaning: catalog.when_meaning(code) })
    }
}

/// A remark of a page.
pub type NoteCard<'a> = Code<'a>;

/// Which scopes count; none: the documents do not say, or differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ScopeColumns {
    /// IAM projects.
    pub project: Option<bool>,
    /// Enterprise projects.
    pub enterprise_project: Option<bool>,
}

impl From<Scopes> for ScopeColumns {
    fn from(scopes: Scopes) -> Self {
        Self { project: scopes.project, enterprise_project: scopes.enterprise_project }
    }
}

/// An action that something needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NeedCard<'a> {
    /// The action.
    pub action: &'a str,
    /// The one action that it belongs to, for dependencies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<&'a str>,
    /// When; none: always.
    pub when: Option<Code<'a>>,
}

impl<'a> NeedCard<'a> {
    pub(super) fn all(catalog: &'a Catalog, needs: &[Need<'a>]) -> Vec<Self> {
        let card = |need: &Need<'a>| Self { action: need.action, on: None, when: Code::when(catalog, need.when) };
        needs.iter().map(card).collect()
    }
}

/// Roles of which one is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleCard<'a> {
    /// Display names; one suffices.
    pub any: Vec<&'a str>,
    /// When; none: always.
    pub when: Option<Code<'a>>,
}

impl<'a> RoleCard<'a> {
    pub(super) fn all(catalog: &'a Catalog, roles: &[RoleNeed<'a>]) -> Vec<Self> {
        let card = |role: &RoleNeed<'a>| Self { any: role.any.clone(), when: Code::when(catalog, role.when) };
        roles.iter().map(card).collect()
    }
}

/// A row of the table, in brief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowCard<'a> {
    /// The service that documents the API.
    pub service: &'a str,
    /// The API.
    pub api: &'a str,
    /// Actions of grammar 1.1.
    pub actions: Vec<NeedCard<'a>>,
    /// Actions of grammar 5.0.
    pub identity: Vec<NeedCard<'a>>,
    /// Scopes.
    pub scopes: ScopeColumns,
    /// Where the row was read.
    pub source: Cited<'a>,
}

/// What is known of an API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(clippy::struct_excessive_bools, reason = "independent remarks of a page, each a question of its own")]
pub struct ApiCard<'a> {
    /// The service that documents it, or that it is called in.
    pub service: &'a str,
    /// The API.
    pub api: String,
    /// The table has a row; else it only knows who calls it.
    pub has_row: bool,
    /// Actions of grammar 1.1.
    pub actions: Vec<NeedCard<'a>>,
    /// Actions of grammar 5.0.
    pub identity: Vec<NeedCard<'a>>,
    /// Actions of grammar 1.1 that a 5.0 page says grant the same.
    pub identity_aliases: Vec<&'a str>,
    /// Actions without which the API works only in part.
    pub depends: Vec<NeedCard<'a>>,
    /// Such actions of grammar 5.0.
    pub identity_depends: Vec<&'a str>,
    /// Roles beside the actions.
    pub roles: Vec<RoleCard<'a>>,
    /// Scopes.
    pub scopes: ScopeColumns,
    /// To be used no more.
    pub deprecated: bool,
    /// Only an old page has the row.
    pub historical: bool,
    /// One of OpenStack's.
    pub openstack: bool,
    /// The page has the row under another version.
    pub other_version: bool,
    /// Remarks.
    pub notes: Vec<NoteCard<'a>>,
    /// What other sources say, and the row does not.
    pub conflicts: Vec<ConflictCard<'a>>,
    /// Operations that call it.
    pub operations: Vec<OperationUse<'a>>,
    /// Terraform types that call it.
    pub terraform: Vec<TypeUse<'a>>,
    /// Where the row was read.
    pub source: Option<Cited<'a>>,
}

/// What a source says that lost against a row's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConflictCard<'a> {
    /// Its actions; empty if it does not differ in them.
    pub actions: Vec<&'a str>,
    /// Its scopes.
    pub scopes: ScopeColumns,
    /// The source.
    pub source: Cited<'a>,
}

/// An operation that calls an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OperationUse<'a> {
    /// The SDK's service code.
    pub service: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
}

/// A Terraform type with calls of an API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TypeUse<'a> {
    /// The type.
    #[serde(rename = "type")]
    pub name: &'a str,
    /// `resource` or `data`.
    pub block: &'static str,
    /// The phases in which it calls.
    pub phases: Vec<&'static str>,
}

/// What is known of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionCard<'a> {
    /// The action as documented.
    pub action: &'a str,
    /// `1.1`, `5.0` or both: where it occurs.
    pub grammars: Vec<&'static str>,
    /// APIs that need it.
    pub apis: Vec<ActionUse<'a>>,
    /// APIs that depend on it, perhaps by a pattern.
    pub dependents: Vec<ActionUse<'a>>,
    /// APIs with a 5.0 action that it is an alias of.
    pub alias_apis: Vec<ActionUse<'a>>,
    /// The scopes that all APIs which need it agree on.
    pub scopes: ScopeColumns,
    /// What it does to resources.
    pub access: Option<&'static str>,
    /// The types of resources that it is for.
    pub resources: Vec<ResourceCard<'a>>,
    /// Condition keys, whatever the resource.
    pub conditions: Vec<&'a str>,
    /// Actions of grammar 1.1 that grant the same.
    pub aliases: Vec<&'a str>,
    /// Actions of grammar 5.0 that name it as granting the same.
    pub alias_of: Vec<&'a str>,
    /// System-defined policies and roles whose actions take it in.
    pub policies: Vec<PolicyUse<'a>>,
    /// Operations that call an API which needs it.
    pub operations: Vec<OperationUse<'a>>,
    /// Terraform types that call an API which needs it.
    pub terraform: Vec<TypeUse<'a>>,
    /// Where the action itself is described or listed; each API has its own source.
    pub source: Option<Cited<'a>>,
}

/// An API that has to do with an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionUse<'a> {
    /// The API's service.
    pub service: &'a str,
    /// The API.
    pub api: &'a str,
    /// The grammar that the row names the action in.
    pub grammar: &'static str,
    /// The action as the row writes it, perhaps a pattern.
    pub names: &'a str,
    /// When; none: always.
    pub when: Option<Code<'a>>,
    /// The API's scopes.
    pub scopes: ScopeColumns,
    /// Where the row was read.
    pub source: Cited<'a>,
}

/// A type of resources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceCard<'a> {
    /// The type.
    #[serde(rename = "type")]
    pub name: &'a str,
    /// A policy that names resources must name one.
    pub required: bool,
    /// The shape of its URN.
    pub urn: Option<&'a str>,
    /// Condition keys for this type.
    pub conditions: Vec<&'a str>,
}

/// A system-defined policy that takes an action in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PolicyUse<'a> {
    /// The display name.
    pub policy: &'a str,
    /// `allow`, `deny`, `allow_perhaps`, `deny_perhaps`, `assumed` or `not_granted`.
    pub effect: &'static str,
    /// The action as the policy writes it.
    pub names: &'a str,
}

/// What a pattern of actions covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PatternCard<'a> {
    /// The pattern.
    pub pattern: String,
    /// Known actions that it covers.
    pub covers: Vec<CoveredAction<'a>>,
    /// The scopes that all APIs which need one of these agree on.
    pub scopes: ScopeColumns,
    /// System-defined policies and roles that have the whole pattern.
    pub policies: Vec<PolicyUse<'a>>,
}

/// An action that a pattern covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoveredAction<'a> {
    /// The action.
    pub action: &'a str,
    /// `1.1`, `5.0` or both.
    pub grammars: Vec<&'static str>,
    /// What it does to resources.
    pub access: Option<&'static str>,
    /// How many APIs need it.
    pub apis: usize,
}

/// What is known of a Terraform type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TypeCard<'a> {
    /// The type.
    #[serde(rename = "type")]
    pub name: &'a str,
    /// `resource` or `data`.
    pub block: &'static str,
    /// Its service.
    pub service: &'a str,
    /// The type that it is another name of.
    pub alias_of: Option<&'a str>,
    /// To be used no more.
    pub deprecated: bool,
    /// Which of `region`, `enterprise_project_id` and `tags` it has.
    pub attributes: Vec<&'static str>,
    /// Phases that end with a read.
    pub read_after: Vec<&'static str>,
    /// Values of attributes that a block leaves out.
    pub defaults: Vec<(&'a str, &'a str)>,
    /// What the provider calls.
    pub calls: Vec<CallCard<'a>>,
    /// Where the calls were read.
    pub source: Cited<'a>,
}

/// A call of a Terraform type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallCard<'a> {
    /// The API's service.
    pub service: &'a str,
    /// The API.
    pub api: String,
    /// When it is called.
    pub phases: Vec<PhaseGate>,
    /// The attribute that names its region.
    pub region: Option<&'a str>,
    /// Why it may not be made whatever the block says.
    pub perhaps: Option<&'a str>,
    /// The rows that it means; none: the table knows no actions.
    pub rows: Vec<RowCard<'a>>,
}

/// A phase and the condition on the block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhaseGate {
    /// The phase.
    pub phase: &'static str,
    /// The condition; `always` if there is none.
    pub gate: String,
}

/// What is known of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperationCard<'a> {
    /// The SDK's service code.
    pub service: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// The API that it calls.
    pub api: String,
    /// Keys of the request body that tell it from other operations of the API.
    pub body: Vec<&'a str>,
    /// The rows of the API; none: the table knows no actions.
    pub rows: Vec<RowCard<'a>>,
    /// Where it was read.
    pub source: Cited<'a>,
}

/// What is known of a system-defined policy or role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyCard<'a> {
    /// The display name.
    pub name: &'a str,
    /// All its names: display, internal, old.
    pub names: Vec<&'a str>,
    /// `policy`, `role` or `identity policy`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its service.
    pub service: &'a str,
    /// `known`, `assumed` from its name, or `unknown`.
    pub body: &'static str,
    /// Allowed actions.
    pub allow: Vec<&'a str>,
    /// Denied actions.
    pub deny: Vec<&'a str>,
    /// Actions that it allows under a condition or for some resources only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_perhaps: Vec<&'a str>,
    /// Actions that it denies in the same way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deny_perhaps: Vec<&'a str>,
    /// Actions that its name implies.
    pub assumed: Vec<&'a str>,
    /// Actions that `allow` takes in and that it does not grant.
    pub not_granted: Vec<&'a str>,
    /// Policies that must be granted with it.
    pub depends: Vec<&'a str>,
    /// Where it was read.
    pub source: Cited<'a>,
}

/// What is known of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceCard<'a> {
    /// Its code.
    pub service: &'a str,
    /// Other names.
    pub names: Vec<&'a str>,
    /// `global`, `regional` or `unknown`.
    pub reach: &'static str,
    /// How many of its APIs support enterprise projects: `all`, `partial`, `none` or `unknown`.
    pub enterprise_projects: &'static str,
    /// Services that document the same APIs.
    pub family: Vec<&'a str>,
    /// First labels of host names.
    pub hosts: Vec<&'a str>,
    /// Versions of its SDK, with the languages.
    pub sdk: Vec<(&'a str, Vec<&'static str>)>,
    /// How much the table holds of it.
    pub figures: Figures,
    /// Where the service itself was read.
    pub source: Cited<'a>,
}
