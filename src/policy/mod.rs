//! Policy documents of every kind: roles, policies, identity policies, trust policies and service control policies,
//! every element with its place.

mod action;
mod condition;
mod condition_key;
mod defect;
mod depends;
mod element;
mod limit;
mod operator;
mod parse;
mod principal;
mod recognise;
mod resource;
mod statement;
pub mod values;

pub use action::{ActionName, MAX_LENGTH as MAX_ACTION_LENGTH, check_action};
pub use condition_key::{GlobalKey, global_key};
pub use defect::Defect;
pub use limit::{Length, older};
pub use operator::{Operator, Order, Quantifier, Test, ValueKind, spelt};
pub use parse::{Parsed, parse, parse_as};
pub use recognise::{is_policy, may_be_policy};

use crate::source::Span;

/// A grammar of policy documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// `"1.0"`: a role of the platform.
    V1_0,
    /// `"1.1"`: a system-defined or custom policy.
    V1_1,
    /// `"5.0"`: an identity policy.
    V5_0,
}

impl Version {
    /// As a document writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V5_0 => "5.0",
        }
    }

    /// An identity policy belongs to the newer of the two engines that decide together.
    pub fn is_identity(self) -> bool {
        self == Self::V5_0
    }
}

/// What a document is for, which decides what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A role of the platform (1.0).
    Role,
    /// A system-defined or custom policy (1.1).
    Policy,
    /// An identity policy (5.0): what a user, group or agency may do.
    Identity,
    /// A trust policy (5.0): who may assume an agency. It grants nothing to whoever holds it.
    Trust,
    /// A service control policy (5.0): what the accounts of an organization may do at most. It grants nothing.
    ServiceControl,
}

impl Kind {
    /// The grammar that documents of this kind are written in.
    pub fn version(self) -> Version {
        match self {
            Self::Role => Version::V1_0,
            Self::Policy => Version::V1_1,
            Self::Identity | Self::Trust | Self::ServiceControl => Version::V5_0,
        }
    }

    /// As messages name a document of this kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Role => "a role",
            Self::Policy => "a policy",
            Self::Identity => "an identity policy",
            Self::Trust => "a trust policy",
            Self::ServiceControl => "a service control policy",
        }
    }

    /// Whether a document of this kind gives its holder permissions.
    pub fn is_grant(self) -> bool {
        matches!(self, Self::Role | Self::Policy | Self::Identity)
    }
}

impl From<Version> for Kind {
    /// What a document of a version is that gives its holder permissions.
    fn from(version: Version) -> Self {
        match version {
            Version::V1_0 => Self::Role,
            Version::V1_1 => Self::Policy,
            Version::V5_0 => Self::Identity,
        }
    }
}

/// What a statement does with what it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Grants.
    Allow,
    /// Forbids, over every grant.
    Deny,
}

/// A value with its place in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// Which actions a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actions {
    /// `Action`: those that match one of the patterns.
    Matching(Vec<Located<String>>),
    /// `NotAction`: those that match none.
    Except(Vec<Located<String>>),
    /// What a base role of the platform grants: those that match one of the first patterns and none of the second.
    /// No document can say this; the Deny in a base role only means "not granted".
    MatchingExcept(Vec<Located<String>>, Vec<Located<String>>),
    /// What a system-defined policy is about under a condition or for some resources only, without these, or a Deny of a
    /// service control policy that names no action: perhaps those that match one of the patterns.
    Perhaps(Vec<Located<String>>),
}

impl Actions {
    /// The patterns, whichever way they count.
    pub fn patterns(&self) -> &[Located<String>] {
        match self {
            Self::Matching(patterns)
            | Self::Except(patterns)
            | Self::MatchingExcept(patterns, _)
            | Self::Perhaps(patterns) => patterns,
        }
    }
}

/// Which resources a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resources {
    /// No element: all.
    All,
    /// `Resource`: those that match one of the patterns.
    Matching(Vec<Located<String>>),
    /// `NotResource`: those that match none.
    Except(Vec<Located<String>>),
    /// `Resource` as an object: the agencies that a policy lets its holder assume.
    Agencies(Vec<Located<String>>),
}

/// Whom a statement of a trust policy is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// No element: whoever holds the document.
    None,
    /// `Principal`: these.
    Matching(Vec<Trusted>),
    /// `NotPrincipal`: all but these.
    Except(Vec<Trusted>),
}

/// One who may be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trusted {
    /// `IAM`: an account by its id, or a user or agency by its URN.
    Iam(Located<String>),
    /// `Service`: a cloud service, such as `service.ECS`.
    Service(Located<String>),
    /// `Federated`: an identity provider by its URN.
    Federated(Located<String>),
}

/// One key of a `Condition` with its operator and values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The operator as written.
    pub operator: Located<String>,
    /// The condition key as written.
    pub key: Located<String>,
    /// The values.
    pub values: Vec<Located<String>>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The whole object.
    pub span: Span,
    /// Allow or Deny.
    pub effect: Effect,
    /// Whom it is about.
    pub principals: Principals,
    /// The actions.
    pub actions: Actions,
    /// The resources.
    pub resources: Resources,
    /// The conditions; all have to hold.
    pub conditions: Vec<Condition>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The grammar.
    pub version: Version,
    /// What the document is for.
    pub kind: Kind,
    /// The whole document.
    pub span: Span,
    /// The statements that could be read.
    pub statements: Vec<Statement>,
    /// The roles without which this one (1.0) takes no effect.
    pub depends: Vec<Located<Dependency>>,
}

/// A role that another one needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The catalog that has it: a service's name, or `BASE`.
    pub catalog: Option<Located<String>>,
    /// Its name in the console.
    pub display_name: Located<String>,
}
