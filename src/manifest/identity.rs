//! Identities that manifests define: policy documents, and who is granted them for what.

use std::sync::Arc;

use crate::authz::Scope;
use crate::policy::Kind;
use crate::source::{Place, SourceFile};
use crate::syntax::Node;
use crate::syntax::json::Departure;

/// A policy document that a manifest holds.
#[derive(Debug, Clone)]
pub struct HeldPolicy {
    /// The address of the resource that holds it.
    pub address: String,
    /// The document; its places are in `file`.
    pub node: Node,
    /// Where its text leaves strict JSON.
    pub departures: Vec<Departure>,
    /// The file that the document is written in.
    pub file: Arc<SourceFile>,
    /// It is all that the file holds.
    pub is_whole_file: bool,
    /// What it is for, where the resource says so.
    pub kind: Option<Kind>,
}

/// A principal that a manifest defines.
#[derive(Debug, Clone)]
pub struct HeldPrincipal {
    /// Its name; its address where the name is not known.
    pub name: String,
    /// Where it is defined, or granted something.
    pub place: Place,
    /// What it is.
    pub kind: HolderKind,
    /// What it is granted.
    pub grants: Vec<HeldGrant>,
    /// Of an agency: the trust policy, by index among the policies of the manifest.
    pub trust: Option<usize>,
    /// The resource that defines it; none where the manifest only grants it something.
    pub defined: Option<Defined>,
}

/// What a resource says of the principal that it defines.
#[derive(Debug, Clone, PartialEq)]
pub struct Defined {
    /// The resource's address.
    pub address: String,
    /// The principal's name, where it is known.
    pub name: Option<String>,
    /// Where its block writes a name that only a run tells.
    pub name_at: Option<Place>,
    /// Why there may be no such resource; none where there certainly is one.
    pub open: Option<Arc<str>>,
}

impl HeldPrincipal {
    /// The same with its policies numbered from `by` on.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        self.trust = self.trust.map(|index| index + by);
        for grant in &mut self.grants {
            if let PolicyReference::Held(index) = &mut grant.policy {
                *index += by;
            }
        }
        self
    }
}

/// What a principal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HolderKind {
    /// A user group.
    Group,
    /// A user.
    User,
    /// A user who holds nothing but what a group of the manifest holds.
    Member,
    /// An agency.
    Agency(Delegate),
}

/// Who may assume an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delegate {
    /// A cloud service, by the account that agencies delegate to.
    Service(String),
    /// An account.
    Account(String),
    /// Whom the trust policy names.
    Trusted,
    /// A cloud service, by the principal that trust policies name.
    Principal(String),
    /// Nothing says it.
    Open,
}

/// A policy granted for a scope.
#[derive(Debug, Clone)]
pub struct HeldGrant {
    /// The policy.
    pub policy: PolicyReference,
    /// For what it is granted.
    pub scope: Scope,
    /// Where that is said.
    pub place: Place,
}

/// Which policy is granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyReference {
    /// One of the manifest, by index.
    Held(usize),
    /// One of the platform or the account, by name.
    Named(String),
    /// Which one is known only to a run: how a message names it.
    Open(String),
}
