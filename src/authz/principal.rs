//! Principals: what they are granted, and what cuts it.

use std::sync::Arc;

use super::{Context, Origin, Scope, Step};
use crate::catalog::Reach;
use crate::policy::Policy;
use crate::source::{Place, SourceFile};

/// An identity that deploys.
#[derive(Debug, Clone, Default)]
pub struct Principal {
    /// Its name in the configuration.
    pub name: String,
    /// What it is granted.
    pub grants: Vec<Grant>,
    /// What is known of its requests.
    pub context: Context,
    /// The service control policies that its account stands under, from the root of the organization down to the
    /// account; empty where it is in none.
    pub guardrails: Arc<[Level]>,
    /// For an agency: the policy that says who may assume it.
    pub trust: Option<Arc<PolicySource>>,
}

impl Principal {
    /// It holds something, and all of it is identity policies (5.0).
    pub fn holds_identity_policies_only(&self) -> bool {
        !self.grants.is_empty() && self.grants.iter().all(|grant| grant.policy.policy.version.is_identity())
    }

    /// The grant that a step is about; none where it is about no grant.
    pub fn granting(&self, step: &Step) -> Option<&Grant> {
        match step.origin {
            Origin::Grant(index) => self.grants.get(index),
            Origin::Guardrail { .. } | Origin::Trust => None,
        }
    }

    /// The policy that a step is about; none where the policies of a level speak together.
    pub fn policy(&self, step: &Step) -> Option<&PolicySource> {
        match step.origin {
            Origin::Grant(index) => self.grants.get(index).map(|grant| grant.policy.as_ref()),
            Origin::Guardrail { level, policy } => self.guardrails.get(level)?.policies.get(policy?).map(AsRef::as_ref),
            Origin::Trust => self.trust.as_deref(),
        }
    }

    /// The place of the statement that a step is about; none where no file holds it.
    pub fn place(&self, step: &Step) -> Option<Place> {
        let policy = self.policy(step)?;
        let statement = policy.policy.statements.get(step.statement?)?;
        policy.place(statement.span)
    }
}

/// The service control policies of the root, of an organizational unit or of the account.
#[derive(Debug, Clone)]
pub struct Level {
    /// What the configuration calls it.
    pub name: String,
    /// The policies that are attached there. What none of them allows is forbidden.
    pub policies: Vec<Arc<PolicySource>>,
}

/// A policy bound to a scope.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The policy.
    pub policy: Arc<PolicySource>,
    /// For what it is granted.
    pub scope: Scope,
    /// It was granted in the console, which widens a scope that does not fit.
    pub by_console: bool,
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
    /// Of a system-defined policy: whether its service is global.
    pub reach: Reach,
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
    /// A policy of which everything is known.
    pub fn new(name: impl Into<String>, file: Option<Arc<SourceFile>>, policy: Policy) -> Self {
        Self { name: name.into(), file, policy, body: Body::Whole, reach: Reach::Unknown }
    }

    /// The place of a span of the document; none for a system-defined policy.
    pub fn place(&self, span: crate::source::Span) -> Option<Place> {
        self.file.as_ref().map(|file| Place::new(file, span))
    }
}

impl Grant {
    /// A policy granted for a scope by the API.
    pub fn new(policy: Arc<PolicySource>, scope: Scope) -> Self {
        Self { policy, scope, by_console: false, place: None }
    }
}
