//! Policy documents: roles (1.0), policies (1.1) and identity policies (5.0), every element with its place.

mod action;
mod element;
mod operator;
mod parse;
mod recognise;

pub use action::{ActionName, MAX_LENGTH as MAX_ACTION_LENGTH, check_action};
pub use operator::{Operator, Order, Quantifier, Test, ValueKind, operator_names, spelt};
pub use parse::{Parsed, parse};
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
    /// What a system-defined policy is about under a condition or for some resources only, without these: those that
    /// match one of the patterns. No document can say this either.
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
    /// The whole document.
    pub span: Span,
    /// The statements that could be read.
    pub statements: Vec<Statement>,
    /// The display names of the roles without which this one (1.0) takes no effect.
    pub depends: Vec<String>,
}

/// Something in a document that IAM refuses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Defect {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}
