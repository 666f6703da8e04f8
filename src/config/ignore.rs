//! `ignore:` entries: findings that somebody has accepted, with a reason.

use std::path::PathBuf;

use globset::GlobMatcher;
use jiff::civil::Date;

use crate::source::Place;

/// One entry. Every part that is given has to match.
#[derive(Debug)]
pub struct Ignore {
    /// The rule.
    pub rule: Option<String>,
    /// A glob over actions.
    pub action: Option<GlobMatcher>,
    /// A glob over paths, relative to the configuration.
    pub path: Option<GlobMatcher>,
    /// The principal.
    pub principal: Option<String>,
    /// The address of the resource.
    pub resource: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it counts.
    pub expires: Option<Date>,
    /// Where it stands.
    pub place: Place,
}

impl Ignore {
    /// Its last day is over.
    pub fn has_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| today > last)
    }

    /// The part of its glob over paths that stands for itself: all that it matches lies there.
    pub(super) fn folder(&self) -> PathBuf {
        let glob = self.path.as_ref().map_or("", |glob| glob.glob().glob());
        let parts = glob.split('/').take_while(|part| !part.contains(['*', '?', '[', '{', '\\']));
        parts.filter(|part| !part.is_empty()).collect()
    }
}
