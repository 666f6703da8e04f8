//! Principals and what they are granted.

use std::sync::Arc;

use super::Scope;
use crate::policy::Policy;
use crate::source::{Place, SourceFile};

/// An identity that deploys.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Its name in the configuration.
    pub name: String,
    /// What it is granted.
    pub grants: Vec<Grant>,
}

/// A policy bound to a scope.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The policy.
    pub policy: Arc<PolicySource>,
    /// For what it is granted.
    pub scope: Scope,
    /// Where it is bound, if a file says so.
    pub place: Option<Place>,
}

/// A policy with the file that it stands in.
#[derive(Debug, Clone)]
pub struct PolicySource {
    /// The path of the file, or the name of the system-defined policy.
    pub name: String,
    /// The file; none for a system-defined policy.
    pub file: Option<Arc<SourceFile>>,
    /// The document.
    pub policy: Policy,
    /// How much of the body is known.
    pub body: Body,
}

/// How much of a policy's body is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// All of it.
    Whole,
    /// Only what the policy's name certainly implies: anything else stays open.
    Implied,
    /// What the policy's name certainly implies is that it only reads: what else may be read stays open.
    ReadOnly,
    /// Nothing.
    Hidden,
}

impl PolicySource {
    /// The place of a span of the document; none for a system-defined policy.
    pub fn place(&self, span: crate::source::Span) -> Option<Place> {
        self.file.as_ref().map(|file| Place::new(file, span))
    }
}
