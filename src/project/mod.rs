//! What a run found, put together: manifests and policies read, grants bound, every operation decided.

mod assess;
mod bind;
mod confine;
mod held;
mod needs;
mod platform;
mod read;
mod resolve;
mod share;

use std::sync::Arc;

use globset::GlobSet;

use crate::authz::{Kind, PolicySource, Principal, Requirement, RoleRequirement, Verdict};
use crate::catalog::{Catalog, Phase};
use crate::config::Acceptance;
use crate::manifest::{Defined, Delegate, Extract, Operation, Problem};
use crate::policy::{Condition, Defect, Statement};
use crate::source::Place;

pub use assess::assess;
pub use bind::{Bound, UNBOUND, bind};
pub use confine::Selection;
pub use needs::Needs;
pub use read::{Inputs, read};
pub use resolve::Resolved;
pub use share::{Share, share, shares};

/// A policy document of the project.
#[derive(Debug, Clone)]
pub struct PolicyDocument {
    /// The document with its file.
    pub source: Arc<PolicySource>,
    /// What IAM would refuse in it.
    pub defects: Vec<Defect>,
    /// It as JSON without white space between its parts, whatever it is written in.
    pub compact: String,
}

impl PolicyDocument {
    /// The statements that could be read.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.source.policy.statements.iter()
    }
}

/// A principal with the manifests that it deploys.
#[derive(Debug, Clone)]
pub struct Deployer {
    /// The principal.
    pub principal: Principal,
    /// Paths of manifests relative to the configuration; none: every manifest.
    pub deploys: Option<GlobSet>,
    /// A manifest defines it. It does not deploy what defines identities, itself among them.
    pub is_held: bool,
    /// The phases of resources in which it makes calls; none: all. Operations without a phase are in each.
    pub phases: Option<Vec<Phase>>,
}

/// An agency that a manifest defines, with its grants.
#[derive(Debug, Clone)]
pub struct Agency {
    /// Index among all principals that manifests define.
    pub index: usize,
    /// What its resource says of it.
    pub defined: Defined,
    /// Where it is defined.
    pub place: Place,
    /// Who may assume it.
    pub delegate: Delegate,
    /// Its grants and its trust policy.
    pub principal: Principal,
}

/// A grant that names a policy which is not there.
#[derive(Debug, Clone)]
pub struct Unbound {
    /// Where the policy is named.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// The principal that was to have it; none where the whole account is to.
    pub principal: Option<String>,
    /// There is no such thing; else the table may only lack it.
    pub is_certain: bool,
}

/// Everything that the rules look at.
#[derive(Debug)]
pub struct Project<'a> {
    /// The permission table.
    pub catalog: &'a Catalog,
    /// The policy documents.
    pub policies: &'a [PolicyDocument],
    /// The principals, in the order of the configuration.
    pub deployers: &'a [Deployer],
    /// What the manifests hold.
    pub manifests: &'a Extract,
    /// The agencies that manifests define.
    pub agencies: &'a [Agency],
    /// Policy files that cannot be parsed.
    pub broken_policies: &'a [Problem],
    /// Grants that could not be bound.
    pub unbound: &'a [Unbound],
    /// What was decided.
    pub assessed: &'a Assessed,
    /// What comments and the configuration accept.
    pub acceptance: Acceptance<'a>,
}

/// All decisions of a run.
#[derive(Debug, Default)]
pub struct Assessed {
    /// What is not certainly allowed, in the order of operations and principals.
    pub assessments: Vec<Assessment>,
    /// Operations that the table cannot decide, by index, with the reason.
    pub unchecked: Vec<(usize, Unchecked)>,
    /// Operations, by index, that no principal deploys, with the reason.
    pub undeployed: Vec<(usize, Undeployed)>,
    /// Operations in the phases of the run.
    pub operations: usize,
    /// Operations of which every need was decided for at least one principal.
    pub checked: usize,
    /// What each principal needs, in their order.
    pub needs: Vec<Needs>,
}

/// Why the table cannot decide an operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unchecked {
    /// It has no row for the API.
    NoRow,
    /// It has a row for the API, and the row names neither action nor role.
    NoAction,
    /// It does not know the action that the manifest names; perhaps the one that is meant.
    UnknownAction(Option<String>),
}

/// Why no principal deploys an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Undeployed {
    /// An agency makes the call that is no principal of the project.
    Agency,
    /// It makes or changes identities, and all principals are such as manifests define.
    Identity,
    /// None deploys its manifest.
    Manifest,
    /// Some deploy its manifest, and none in its phase.
    Phase,
}

/// What one principal is not certainly allowed of one operation.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// Index of the operation.
    pub operation: usize,
    /// The number of what causes the operation: another one's is the same where the same causes it.
    pub cause: usize,
    /// Index of the principal.
    pub principal: usize,
    /// The needs that are not certainly met; operations with the same call at the same target share them.
    pub decided: Arc<[Decided]>,
}

/// What was decided of a need of one call, at one target and for one principal.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The API, as the table writes it.
    pub api: Option<Arc<str>>,
    /// What is needed.
    pub need: Need,
    /// The decision and its trace.
    pub verdict: Verdict,
    /// Why the call may not have the need; none where it certainly has.
    pub open: Option<Arc<str>>,
}

/// What an operation needs.
#[derive(Debug, Clone)]
pub enum Need {
    /// An action.
    Action(Arc<Requirement>),
    /// A role beside the actions.
    Role(Arc<RoleRequirement>),
}

impl Need {
    /// The API refuses without it.
    pub fn is_needed(&self) -> bool {
        matches!(self, Self::Action(requirement) if requirement.kind == Kind::Needed)
    }
}

impl Project<'_> {
    /// The policy documents that give their holders permissions: no trust policies nor service control policies.
    pub fn granting(&self) -> impl Iterator<Item = &PolicyDocument> {
        self.policies.iter().filter(|document| document.source.policy.kind.is_grant())
    }

    /// The operation of an assessment.
    pub fn operation(&self, assessment: &Assessment) -> Option<&Operation> {
        self.manifests.operations.get(assessment.operation)
    }

    /// The principals that hold a policy document, each with what it needs.
    pub fn holders(&self, policy: &Arc<PolicySource>) -> Vec<(&Principal, &Needs)> {
        let principals = self.deployers.iter().map(|deployer| &deployer.principal);
        let holds = |principal: &Principal| principal.grants.iter().any(|grant| Arc::ptr_eq(&grant.policy, policy));
        principals.zip(&self.assessed.needs).filter(|(principal, _)| holds(principal)).collect()
    }

    /// Every statement of every policy document, with its document.
    pub fn statements<'p>(&'p self) -> impl Iterator<Item = (&'p PolicyDocument, &'p Statement)> {
        let of = |document: &'p PolicyDocument| document.statements().map(move |statement| (document, statement));
        self.policies.iter().flat_map(of)
    }

    /// Every condition of every policy document, with its document.
    pub fn conditions(&self) -> impl Iterator<Item = (&PolicyDocument, &Condition)> {
        self.statements()
            .flat_map(|(document, statement)| statement.conditions.iter().map(move |each| (document, each)))
    }

    /// The principal of an assessment.
    pub fn principal(&self, assessment: &Assessment) -> Option<&Principal> {
        self.deployers.get(assessment.principal).map(|deployer| &deployer.principal)
    }
}
