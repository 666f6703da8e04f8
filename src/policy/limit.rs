//! How much IAM accepts in one policy.

use super::Kind;

/// What older regions and versions of the API accept in a policy of version 1.1, by the page on creating a custom policy;
/// today these are not limited.
pub mod older {
    /// Statements of a policy.
    pub const STATEMENTS: usize = 8;
    /// Actions of a statement.
    pub const ACTIONS: usize = 100;
    /// Resources of a statement.
    pub const RESOURCES: usize = 10;
    /// Characters of a resource.
    pub const RESOURCE_CHARACTERS: usize = 128;
    /// Conditions of a statement.
    pub const CONDITIONS: usize = 10;
}

/// How long a document may be.
#[derive(Debug, Clone, Copy)]
pub struct Length {
    /// The most that IAM accepts.
    pub most: usize,
    /// What is counted.
    pub unit: &'static str,
    /// Counts it in a document as JSON.
    pub count: fn(&str) -> usize,
}

impl Length {
    /// The quotas of IAM (2025-07-21), of IAM with identity policies and of Organizations (`org_01_0015`); none for roles,
    /// which are the platform's own, and for trust policies, of which none is known.
    pub fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Role | Kind::Trust => None,
            Kind::ServiceControl => Some(Self { most: 5120, unit: "characters", count: characters }),
            Kind::Policy => Some(Self { most: 6144, unit: "characters", count: characters }),
            Kind::Identity => Some(Self { most: 6144, unit: "bytes without white space", count: solid_bytes }),
        }
    }
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

fn solid_bytes(text: &str) -> usize {
    text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count()
}
