//! Why a finding that was made is not told.

use crate::source::Place;

/// What accepts a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Suppression {
    /// What kind of thing it is.
    pub kind: SuppressionKind,
    /// Why; a baseline gives no reason.
    pub reason: Option<String>,
    /// Where it stands; a baseline has no place.
    pub place: Option<Place>,
}

/// The kinds of things that accept findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuppressionKind {
    /// A comment in the file of the finding.
    Comment,
    /// An `ignore` entry of the configuration.
    Entry,
    /// A baseline holds its fingerprint.
    Baseline,
}
