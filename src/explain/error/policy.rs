//! The kind of policy that a denial names.

use serde::Serialize;

use super::Problem;

/// The name of a kind is no longer than this, in bytes.
const MAX_NAME: usize = 60;

/// The kind of policy that denies an action, or that does not allow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyKind {
    /// A policy or identity policy of the principal.
    Identity,
    /// A policy on the resource: of a bucket, of an agency, of a key.
    Resource,
    /// A service control policy of the organization.
    ServiceControl,
    /// A resource control policy of the organization.
    ResourceControl,
    /// A network control policy of the organization.
    NetworkControl,
    /// A policy on the VPC endpoint that the request came through.
    VpcEndpoint,
    /// A policy of the session.
    Session,
    /// Another, as the text calls it.
    Other(String),
}

impl PolicyKind {
    fn new(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        let known = [
            ("identity", Self::Identity),
            ("service control", Self::ServiceControl),
            ("scp", Self::ServiceControl),
            ("resource control", Self::ResourceControl),
            ("rcp", Self::ResourceControl),
            ("network control", Self::NetworkControl),
            ("resource", Self::Resource),
            ("bucket", Self::Resource),
            ("trust", Self::Resource),
            ("endpoint", Self::VpcEndpoint),
            ("session", Self::Session),
        ];
        let found = known.into_iter().find(|(word, _)| lower.contains(word));
        found.map_or_else(|| Self::Other(name.to_owned()), |(_, kind)| kind)
    }

    /// Only the administrators of the organization can change it.
    pub(super) fn is_of_organization(&self) -> bool {
        matches!(self, Self::ServiceControl | Self::ResourceControl | Self::NetworkControl)
    }

    /// What it is called in a sentence, without an article.
    pub fn name(&self) -> &str {
        match self {
            Self::Identity => "policy of the principal",
            Self::Resource => "policy of the resource",
            Self::ServiceControl => "service control policy (SCP) of the organization",
            Self::ResourceControl => "resource control policy of the organization",
            Self::NetworkControl => "network control policy of the organization",
            Self::VpcEndpoint => "policy of the VPC endpoint",
            Self::Session => "policy of the session",
            Self::Other(name) => name,
        }
    }
}

/// What the end of a sentence says: `with an explicit deny in a … policy`, `because no … policy allows`, or nothing.
pub(super) fn decision(text: &str) -> (Problem, Option<PolicyKind>) {
    const DENY: &str = "explicit deny";
    const NONE: &str = "because no ";
    let lower = text.to_ascii_lowercase();
    let behind = |phrase: &str| Some(text.get(lower.find(phrase)? + phrase.len()..).unwrap_or_default());
    if let Some(rest) = behind(DENY) {
        let words = ["in ", "an ", "a ", "the "];
        let rest = words.iter().fold(rest.trim_start(), |rest, word| rest.strip_prefix(word).unwrap_or(rest));
        return (Problem::ExplicitDeny, kind(rest));
    }
    match behind(NONE) {
        Some(rest) => (Problem::MissingAllow, kind(rest)),
        None => (Problem::Refused, None),
    }
}

/// The name before the word `policy`.
fn kind(text: &str) -> Option<PolicyKind> {
    let lower = text.to_ascii_lowercase();
    let name = text.get(..lower.find("policy")?)?.trim();
    (!name.is_empty() && name.len() <= MAX_NAME && !name.contains('.')).then(|| PolicyKind::new(name))
}
