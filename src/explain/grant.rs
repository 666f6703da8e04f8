//! The statements that grant what is needed, for both grammars.

use serde::Serialize;

use crate::authz::{Kind, Requirement};
use crate::catalog::{Catalog, Reach};

/// One statement to add to a policy of one grammar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// The grammar: `1.1` for policies, `5.0` for identity policies.
    pub version: &'static str,
    /// What it is for.
    pub purpose: Purpose,
    /// Under which conditions it is needed, for [`Purpose::Sometimes`].
    pub when: Vec<String>,
    /// The kind of policy that it belongs into.
    pub policy: Policy,
    /// The statement; none where the table does not know how this grammar names anything of what is needed.
    pub statement: Option<Statement>,
    /// Actions of which the table does not know how this grammar names them.
    pub unknown: Vec<String>,
}

/// A kind of policy. One policy of grammar 1.1 may not hold statements of two kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// A policy for project-level services.
    ProjectLevel,
    /// A policy for global services.
    Global,
    /// Two policies with nothing but this in them, one for global and one for project-level services; both are granted.
    ObjectStorage,
    /// An identity policy, which may hold all kinds.
    Identity,
}

impl Policy {
    /// The kind of policy of grammar 1.1 for actions of a service.
    pub(crate) fn of(service: &str, reach: Reach) -> Self {
        match reach {
            _ if service.eq_ignore_ascii_case("obs") => Self::ObjectStorage,
            Reach::Global => Self::Global,
            Reach::Regional | Reach::Unknown => Self::ProjectLevel,
        }
    }
}

/// What a statement is added for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Nothing goes without it.
    Needed,
    /// Only some requests need it.
    Sometimes,
    /// The call works only in part without it.
    Dependency,
}

/// A statement as policies write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Always `Allow`.
    #[serde(rename = "Effect")]
    pub effect: &'static str,
    /// The actions, sorted.
    #[serde(rename = "Action")]
    pub action: Vec<String>,
}

/// An action that is to be granted.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) action: String,
    /// Its names in grammar 1.1; all are granted.
    pub(crate) v1: Vec<String>,
    /// Its names in grammar 5.0; all are granted.
    pub(crate) v5: Vec<String>,
    /// The kind of policy of grammar 1.1 that it belongs into.
    pub(crate) policy: Policy,
    pub(crate) purpose: Purpose,
    pub(crate) when: Option<String>,
}

impl Wanted {
    /// What grants a requirement in each grammar, as far as the table has names for it.
    pub(crate) fn of(requirement: Requirement, catalog: &Catalog) -> Self {
        let (v1, v5) = (name_1(&requirement, catalog), names_5(&requirement, catalog));
        Self {
            policy: Policy::of(requirement.service(), requirement.reach),
            purpose: match (requirement.kind, &requirement.open) {
                (Kind::Dependency, _) => Purpose::Dependency,
                (Kind::Needed, Some(_)) => Purpose::Sometimes,
                (Kind::Needed, None) => Purpose::Needed,
            },
            action: requirement.action,
            v1: v1.into_iter().collect(),
            v5,
            when: requirement.open.as_deref().map(str::to_owned),
        }
    }
}

/// The name of a requirement in grammar 1.1, of which one is enough. An action that is named directly may be one of the
/// newer grammar alone.
fn name_1(requirement: &Requirement, catalog: &Catalog) -> Option<String> {
    let is_newer = |name: &str| {
        let is_own = requirement.kind == Kind::Needed && name.eq_ignore_ascii_case(&requirement.action);
        is_own && catalog.is_identity_action(name) && !catalog.is_policy_action(name)
    };
    requirement.names_1.iter().find(|name| !is_newer(name)).cloned()
}

/// The names of a requirement in grammar 5.0. An action that is named directly may be one of the older grammar; and the
/// page of an API may not name what the page on identity policies describes.
fn names_5(requirement: &Requirement, catalog: &Catalog) -> Vec<String> {
    if requirement.names_5.is_empty() {
        let described = catalog.identity_action(&requirement.action);
        return described.map(|own| own.action.to_owned()).into_iter().collect();
    }
    let names = requirement.names_5.iter().map(|name| name.name.as_str());
    let names = names.filter(|name| requirement.knows_names_5 || catalog.is_identity_action(name));
    names.map(str::to_owned).collect()
}

/// The statements that grant everything that is wanted: those that nothing goes without first.
pub(crate) fn grants(wanted: &[Wanted]) -> Vec<Grant> {
    let mut grants = Vec::new();
    for purpose in [Purpose::Needed, Purpose::Sometimes, Purpose::Dependency] {
        let of_purpose: Vec<&Wanted> = wanted.iter().filter(|one| one.purpose == purpose).collect();
        for policy in [Policy::ProjectLevel, Policy::Global, Policy::ObjectStorage] {
            let of_policy: Vec<&Wanted> = of_purpose.iter().copied().filter(|one| one.policy == policy).collect();
            grants.extend(grant(policy, purpose, &of_policy));
        }
        grants.extend(grant(Policy::Identity, purpose, &of_purpose));
    }
    grants
}

fn grant(policy: Policy, purpose: Purpose, wanted: &[&Wanted]) -> Option<Grant> {
    let is_identity = policy == Policy::Identity;
    let names = |one: &Wanted| if is_identity { one.v5.clone() } else { one.v1.clone() };
    let unknown = wanted.iter().filter(|one| names(one).is_empty()).map(|one| one.action.clone());
    let action = sorted(wanted.iter().flat_map(|one| names(one)));
    (!wanted.is_empty()).then(|| Grant {
        version: if is_identity { "5.0" } else { "1.1" },
        purpose,
        when: sorted(wanted.iter().filter_map(|one| one.when.clone())),
        policy,
        statement: (!action.is_empty()).then_some(Statement { effect: "Allow", action }),
        unknown: sorted(unknown),
    })
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}
