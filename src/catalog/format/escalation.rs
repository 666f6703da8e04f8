//! `rules/escalations.yaml`: which actions let their holder give itself more rights.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::entry::WordOrMap;
use super::files::SourceDocument;
use super::map::{Entries, NewSource, WayName};
use super::scalar::{ListedAction, SourceId, Text, UnlistedAction};

/// `rules/escalations.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct EscalationFile {
    pub(in super::super) sources: Entries<NewSource, SourceDocument>,
    pub(in super::super) ways: Entries<WayName, EscalationEntry>,
}

/// One way to more rights.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct EscalationEntry {
    /// One action of each is needed.
    #[serde(deserialize_with = "sets")]
    pub(in super::super) all: Vec<ActionSet>,
    pub(in super::super) why: Text,
    pub(in super::super) source: SourceId,
}

/// Actions of which one is enough.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ActionSet {
    #[serde(default)]
    pub(in super::super) actions: Vec<RiskyAction>,
    #[serde(default)]
    pub(in super::super) identity: Vec<RiskyAction>,
}

/// A way without actions would be open to everybody.
fn sets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ActionSet>, D::Error> {
    let sets = Vec::<ActionSet>::deserialize(deserializer)?;
    let is_empty = |set: &ActionSet| set.actions.is_empty() && set.identity.is_empty();
    if sets.is_empty() || sets.iter().any(is_empty) {
        return Err(D::Error::custom("each member of `all` names `actions` (1.1), `identity` (5.0) or both"));
    }
    Ok(sets)
}

/// An action that the table names, or one of which the file says why it does not.
#[derive(Debug)]
pub(in super::super) struct RiskyAction(pub(in super::super) String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnlistedMap {
    action: UnlistedAction,
    #[allow(dead_code, reason = "kept for the people who check an entry; not compiled")]
    unlisted: Text,
}

impl WordOrMap for RiskyAction {
    type Word = ListedAction;
    type Map<'de> = UnlistedMap;

    fn of_word(word: ListedAction) -> Self {
        Self(word.0)
    }

    fn of_map(map: UnlistedMap) -> Self {
        Self(map.action.0)
    }
}

impl<'de> Deserialize<'de> for RiskyAction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::entry::word_or_map(deserializer)
    }
}
