//! Why a finding that was made is not told.

use jiff::civil::Date;

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
    /// The last day (in UTC) on which it accepts anything; only an entry can have one.
    pub expires: Option<Date>,
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
