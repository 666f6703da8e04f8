//! What a look-up in the table gives.

use super::api::ApiKey;
use super::gate::Gate;
use super::phase::Phase;

/// What the table knows of an API.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "an answer, looked at once and never kept in numbers")]
pub enum ApiMatch<'a> {
    /// No row.
    Unknown,
    /// One row.
    One(Api<'a>),
    /// Several services document it and nothing decides: sorted by service.
    Several(Vec<Api<'a>>),
}

/// One API and what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "independent remarks of a page, each a question of its own")]
pub struct Api<'a> {
    /// The service that documents it, in lower case.
    pub service: &'a str,
    /// The API as the table writes it: `POST /v1/…`.
    pub key: &'a str,
    /// Actions of grammar 1.1; all are needed, each perhaps only `when` something holds. Empty if no
    /// page names any.
    pub actions: Vec<Need<'a>>,
    /// Actions of grammar 5.0, as above.
    pub identity: Vec<Need<'a>>,
    /// Actions of grammar 1.1 that a 5.0 page names as granting the same.
    pub identity_aliases: Vec<&'a str>,
    /// Actions without which the API works only in part.
    pub depends: Vec<Dependency<'a>>,
    /// System-defined roles that the page asks for beside the actions.
    pub roles: Vec<RoleNeed<'a>>,
    /// Through which scopes the actions can be granted for this API.
    pub scopes: Scopes,
    /// Actions of grammar 5.0 without which the API works only in part.
    pub identity_depends: Vec<&'a str>,
    /// The API is to be used no more.
    pub deprecated: bool,
    /// Only an old page has the row.
    pub historical: bool,
    /// The API is one of OpenStack's, which the service takes too.
    pub openstack: bool,
    /// The page has the row under another version, and says that this one is the same.
    pub other_version: bool,
    /// Codes of remarks; [`Catalog::note_meaning`](super::Catalog::note_meaning) explains each.
    pub notes: Vec<&'a str>,
    /// What other sources say, and the row does not.
    pub conflicts: Vec<Conflict<'a>>,
    /// Where the row was read.
    pub source: Source<'a>,
}

impl Api<'_> {
    /// What the API needs where some of its conditions are settled: whether each code holds.
    #[must_use]
    pub fn settled(mut self, cases: &[(String, bool)]) -> Self {
        let case =
            |when: Option<&str>| cases.iter().find(|(code, _)| Some(code.as_str()) == when).map(|(_, holds)| *holds);
        for needs in [&mut self.actions, &mut self.identity] {
            needs.retain(|need| case(need.when) != Some(false));
            for need in needs.iter_mut().filter(|need| case(need.when).is_some()) {
                need.when = None;
            }
        }
        self.roles.retain(|role| case(role.when) != Some(false));
        for role in self.roles.iter_mut().filter(|role| case(role.when).is_some()) {
            role.when = None;
        }
        self.depends.retain(|dependency| case(dependency.when) != Some(false));
        for dependency in self.depends.iter_mut().filter(|dependency| case(dependency.when).is_some()) {
            dependency.when = None;
        }
        self
    }
}

/// What an older or more distant source says of an API, where it differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict<'a> {
    /// The actions that it names; empty if it does not differ in them.
    pub actions: Vec<&'a str>,
    /// The scopes that it gives; both `None` if it does not differ in them.
    pub scopes: Scopes,
    /// Where it was read.
    pub source: Source<'a>,
}

/// An action that an API needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need<'a> {
    /// The action as documented.
    pub action: &'a str,
    /// The code of the condition under which it is needed; `None`: always.
    pub when: Option<&'a str>,
}

/// An action that an API depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dependency<'a> {
    /// The action as documented, perhaps with wildcards.
    pub action: &'a str,
    /// The one action of the API that it belongs to; `None`: to all.
    pub on: Option<&'a str>,
    /// The code of the condition under which it is needed; `None`: always.
    pub when: Option<&'a str>,
}

/// System-defined roles of which an API needs one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleNeed<'a> {
    /// The display names; one suffices.
    pub any: Vec<&'a str>,
    /// The code of the condition under which it is needed; `None`: always.
    pub when: Option<&'a str>,
}

/// Which scopes an API honours. `None`: the page does not say, or pages differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes {
    /// A grant for an IAM project counts.
    pub project: Option<bool>,
    /// A grant for an enterprise project counts.
    pub enterprise_project: Option<bool>,
}

/// The document that a row was read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// Its address, or its repository and path.
    pub document: &'a str,
    /// The day of its last change, `YYYY-MM-DD`.
    pub date: Option<&'a str>,
}

/// The two kinds of Terraform block that call APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TerraformKind {
    /// `resource`
    Resource,
    /// `data`
    Data,
}

/// A Terraform type and the APIs that the provider calls for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts of a schema, each a question of its own")]
pub struct TerraformType<'a> {
    /// The type's name.
    pub name: &'a str,
    /// The service that it belongs to, in lower case.
    pub service: &'a str,
    /// The type that it is another name of.
    pub alias_of: Option<&'a str>,
    /// It has the attribute `region`.
    pub has_region: bool,
    /// It has the attribute `enterprise_project_id`.
    pub has_enterprise_project: bool,
    /// It has the attribute `tags`.
    pub has_tags: bool,
    /// The phases that end with a read of the resource.
    pub read_after: Vec<Phase>,
    /// The type is to be used no more.
    pub deprecated: bool,
    /// Attributes that have a value where a block leaves them out: their name and that value.
    pub defaults: Vec<(&'a str, &'a str)>,
    /// The calls, in the order of the rules file.
    pub calls: Vec<Call<'a>>,
    /// Where the calls were read.
    pub source: Source<'a>,
}

/// One API that the provider calls for a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call<'a> {
    /// The API's service, in lower case.
    pub service: &'a str,
    /// The API.
    pub api: ApiKey,
    /// The phases in which it is called, in order, and when in each.
    pub phases: Vec<(Phase, Gate)>,
    /// The attribute that names the region of the call, where it is set; else the region is the block's.
    pub region: Option<&'a str>,
    /// Why the call may not be made, or its failure not matter, whatever the block says.
    pub perhaps: Option<&'a str>,
}

/// An operation of an SDK or of `KooCLI`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation<'a> {
    /// The SDK's service code.
    pub service: &'a str,
    /// The SDK's version of the service.
    pub version: &'a str,
    /// The operation's name as the SDKs write it.
    pub name: &'a str,
    /// The API that it calls.
    pub api: ApiKey,
    /// The service whose API that is; the SDKs call some services by another code.
    pub api_service: &'a str,
    /// Keys of the request body that no other operation of the API has; empty if there is no other,
    /// or nothing tells them apart.
    pub body: Vec<&'a str>,
    /// Keys of the query, in the same way.
    pub query: Vec<&'a str>,
    /// Codes of those conditions of the API's row that hold for this operation.
    pub when: Vec<&'a str>,
    /// Where it was read.
    pub source: Source<'a>,
}

/// Where a service's resources live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// In no region: grants must be for global services, or for all resources.
    Global,
    /// In a region: grants may be for its IAM projects.
    Regional,
    /// The documents do not say, or differ.
    Unknown,
}

impl Reach {
    /// As it is shown: `global`, `regional` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Regional => "regional",
            Self::Unknown => "unknown",
        }
    }
}

/// How many of a service's APIs support authorization by enterprise project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnterpriseProjectSupport {
    /// All that are documented.
    All,
    /// Some.
    Partial,
    /// None that is documented.
    None,
    /// The documents do not say.
    Unknown,
}

/// A service as deciding needs it; [`ServiceDetails`] has the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service<'a> {
    /// Its code, in lower case.
    pub code: &'a str,
    /// Where its resources live.
    pub reach: Reach,
    /// How far it supports enterprise projects.
    pub enterprise_projects: EnterpriseProjectSupport,
}

/// Everything else that is known of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceDetails<'a> {
    /// How `KooCLI`, Terraform and the documents write its name.
    pub names: Vec<&'a str>,
    /// The services that document the same APIs.
    pub family: Vec<&'a str>,
    /// The types of resources that policies of grammar 1.1 may name.
    pub policy_resources: Vec<&'a str>,
    /// The first labels of its host names.
    pub hosts: Vec<Host<'a>>,
    /// Its SDK packages.
    pub sdk: Option<Sdk<'a>>,
    /// Where this was read.
    pub source: Source<'a>,
}

/// The first label of a service's host names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Host<'a> {
    /// The label: `ims` of `ims.cn-north-4.myhuaweicloud.com`.
    pub label: &'a str,
    /// There is a host without a region.
    pub global: bool,
    /// There are hosts with a region behind the label.
    pub regional: bool,
}

/// The SDK packages of a service. Their names follow from its code, as `huaweicloudsdkims` does,
/// except where a field says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sdk<'a> {
    /// The client class.
    pub client: &'a str,
    /// How .NET writes the code.
    pub net: Option<&'a str>,
    /// The client class of .NET.
    pub net_client: Option<&'a str>,
    /// How PHP writes the code.
    pub php: Option<&'a str>,
    /// The versions of the service, and the languages whose SDK has each.
    pub versions: Vec<(&'a str, Vec<&'static str>)>,
}

/// What an action of grammar 5.0 does to resources, as its page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessLevel {
    /// It lists resources.
    List,
    /// It reads a resource.
    Read,
    /// It makes, changes or deletes resources.
    Write,
    /// It changes tags.
    Tagging,
    /// It changes who may do what.
    PermissionManagement,
}

impl AccessLevel {
    /// The level as the rules files write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Write => "write",
            Self::Tagging => "tagging",
            Self::PermissionManagement => "permission_management",
        }
    }
}

/// An action of grammar 5.0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityAction<'a> {
    /// The action as documented.
    pub action: &'a str,
    /// What it does to resources, if the page says so.
    pub access: Option<AccessLevel>,
    /// The types of resources that it is for.
    pub resources: Vec<ResourceType<'a>>,
    /// Condition keys that it supports, whatever the resource.
    pub conditions: Vec<&'a str>,
    /// Actions of grammar 1.1 that grant the same.
    pub aliases: Vec<&'a str>,
    /// Where it was read.
    pub source: Source<'a>,
}

/// A type of resources that an action is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceType<'a> {
    /// The type: `image`.
    pub kind: &'a str,
    /// A policy that names resources must name one of this type.
    pub required: bool,
    /// The shape of its URN.
    pub urn: Option<&'a str>,
    /// Condition keys that the action supports for this type.
    pub conditions: Vec<&'a str>,
}

/// What a system-defined permission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// A policy, with actions.
    Policy,
    /// A coarse role of old.
    Role,
    /// A policy of grammar 5.0.
    Identity,
}

/// A system-defined policy or role. `allow`, `allow_perhaps` and `assumed` all empty: what it allows is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemPolicy<'a> {
    /// The display name.
    pub name: &'a str,
    /// The name that the API uses.
    pub internal_name: Option<&'a str>,
    /// Policy or role.
    pub kind: PolicyKind,
    /// The service that it is for, in lower case.
    pub service: &'a str,
    /// The actions that its published body allows.
    pub allow: Vec<&'a str>,
    /// The actions that its published body denies.
    pub deny: Vec<&'a str>,
    /// The actions that its published body allows under a condition or for some resources only, or in words that
    /// could not be read.
    pub allow_perhaps: Vec<&'a str>,
    /// The actions that it denies in the same way.
    pub deny_perhaps: Vec<&'a str>,
    /// The actions that its name implies, where the body is unknown.
    pub assumed: Vec<&'a str>,
    /// The actions that `allow` takes in and that it does not grant all the same.
    pub not_granted: Vec<&'a str>,
    /// The policies that must be granted with it.
    pub depends: Vec<&'a str>,
    /// Where it was read.
    pub source: Source<'a>,
}
