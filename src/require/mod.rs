//! `grantlint require`: what the manifests need and the policies that grant it, as plain values; `report/` draws them.

mod collect;
mod more_rights;
mod policies;

use serde::Serialize;

use crate::explain::{Names, Policy, Purpose};
use crate::explore::ScopeColumns;
use crate::lint::Reason;
use crate::source::Location;

pub use collect::{Wish, require};
pub use more_rights::MoreRights;
pub use policies::{Document, Grammar, Level, Policies, Ready, is_policy_name, policies};

/// What the manifests need, or the part of them that one principal deploys.
#[derive(Debug, Serialize)]
pub struct Required {
    /// The principal; none: everything that the manifests cause.
    pub principal: Option<String>,
    /// The phases of resources that were looked at.
    pub phases: Vec<&'static str>,
    /// How much was looked at and found.
    pub summary: Summary,
    /// The actions, in the order of their names.
    pub actions: Vec<Action>,
    /// Roles that APIs ask for beside actions; no custom policy can hold one.
    pub roles: Vec<Role>,
    /// Names of actions that let their holder give itself more rights.
    pub more_rights: Vec<MoreRights>,
    /// What is caused and of which nobody knows what it needs.
    pub unchecked: Vec<Unknown>,
    /// What cannot be read.
    pub unreadable: Vec<Unreadable>,
}

/// The figures of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Operations, and resources of types that the table does not know.
    pub operations: usize,
    /// Those of which the needs are known.
    pub checked: usize,
    /// The others.
    pub unchecked: usize,
    /// Places that cannot be read.
    pub unreadable: usize,
    /// Actions that certainly are needed.
    pub needed: usize,
    /// Actions that perhaps are needed.
    pub sometimes: usize,
    /// Actions without which something works only in part.
    pub dependencies: usize,
}

/// An action that something needs.
#[derive(Debug, Clone, Serialize)]
pub struct Action {
    /// The action, as the table writes it; may be a pattern for a dependency.
    pub action: String,
    /// The service of the action.
    pub service: String,
    /// Where its service has its resources: `global`, `regional` or `unknown`.
    pub reach: &'static str,
    /// The kind of policy of grammar 1.1 that it belongs into.
    pub policy: Policy,
    /// The strongest of its uses.
    pub purpose: Purpose,
    /// Its names in both grammars, all of which are granted; none: the table knows no name.
    pub names: Names,
    /// The grammars in which some of its uses have no name that the table knows.
    pub unnamed: Vec<Grammar>,
    /// What needs it, by place.
    pub uses: Vec<Use>,
}

/// One call that needs an action or a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Use {
    /// Where the resource, or the line that lists the call, stands.
    pub location: Location,
    /// The address of the resource.
    pub resource: Option<String>,
    /// When in the life of the resource; none where the manifest does not say.
    pub phase: Option<&'static str>,
    /// The API; none where the action is named directly, or the call may be of several services.
    pub api: Option<String>,
    /// What the call needs it for.
    pub purpose: Purpose,
    /// What is open about the need; none where it is certain.
    pub open: Option<String>,
    /// Which scopes of grants (1.x) the API honours; none: the documents do not say.
    pub scopes: ScopeColumns,
    /// The region.
    pub region: Option<String>,
    /// The enterprise project.
    pub enterprise_project: Option<String>,
}

/// A role that APIs ask for beside actions.
#[derive(Debug, Clone, Serialize)]
pub struct Role {
    /// Its name; where there are several, one is enough.
    pub any: Vec<String>,
    /// What needs it, by place.
    pub uses: Vec<Use>,
}

/// Something that is caused and of which the needs are not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unknown {
    /// Where it stands.
    pub location: Location,
    /// The address of the resource.
    pub resource: Option<String>,
    /// Why its needs are not known.
    pub reason: Reason,
    /// The API, type, operation, action or module.
    pub name: String,
}

/// A place that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unreadable {
    /// Where.
    pub location: Location,
    /// What is wrong.
    pub message: String,
}
