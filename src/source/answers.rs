//! What a disk has answered, noted so that a run elsewhere can be told the same.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::file::Text;
use super::{EntryKind, ReadError, Whereabouts};

/// The answers of a disk, by what was asked about: paths as reports show them.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// The files of the run that are of interest.
    pub(super) files: Book<()>,
    pub(super) texts: Book<Result<Text, ReadError>>,
    pub(super) beginnings: Book<String>,
    pub(super) kinds: Book<Option<EntryKind>>,
    pub(super) names: Book<Vec<String>>,
    pub(super) below: Book<Vec<String>>,
    /// By the pattern.
    pub(super) matching: Book<Vec<String>>,
    pub(super) whereabouts: Book<Whereabouts>,
}

/// Two disks answer differently.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{what} `{about}`")]
pub struct Differing {
    /// What was asked.
    what: &'static str,
    /// The path that it was asked about.
    about: String,
}

/// The answers to one kind of question.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Book<A>(RwLock<BTreeMap<String, A>>);

impl<A> Default for Book<A> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<A: Clone> Book<A> {
    pub(super) fn note(&self, about: &str, answer: A) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(about.to_owned(), answer);
    }

    pub(super) fn get(&self, about: &str) -> Option<A> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(about).cloned()
    }
}

impl<A: Answer> Book<A> {
    /// Takes in the answers of another disk. Where one has nothing, the other one's counts.
    fn join(&mut self, other: Self, what: &'static str) -> Result<(), Differing> {
        let known = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        for (about, answer) in other.0.into_inner().unwrap_or_else(PoisonError::into_inner) {
            match known.get(&about) {
                Some(before) if *before == answer || answer.is_nothing() => {}
                Some(before) if !before.is_nothing() => return Err(Differing { what, about }),
                _ => drop(known.insert(about, answer)),
            }
        }
        Ok(())
    }
}

impl Answers {
    /// The files of the run that are of interest, sorted.
    pub fn files(&self) -> Vec<String> {
        self.files.0.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Takes in what another disk has answered to a run over other files of the same project.
    ///
    /// # Errors
    /// [`Differing`] where the disks do not hold the same.
    pub fn join(&mut self, other: Self) -> Result<(), Differing> {
        self.files.join(other.files, "the file")?;
        self.texts.join(other.texts, "what stands in")?;
        self.beginnings.join(other.beginnings, "how the file begins:")?;
        self.kinds.join(other.kinds, "what is at")?;
        self.names.join(other.names, "what lies in")?;
        self.below.join(other.below, "what lies below")?;
        self.matching.join(other.matching, "what is found by")?;
        self.whereabouts.join(other.whereabouts, "where a path leads:")
    }
}

/// An answer that can be held against another one.
pub(super) trait Answer: PartialEq {
    /// It says that nothing is there.
    fn is_nothing(&self) -> bool;
}

impl Answer for () {
    fn is_nothing(&self) -> bool {
        false
    }
}

impl Answer for Result<Text, ReadError> {
    fn is_nothing(&self) -> bool {
        matches!(self, Err(ReadError::Io(_)))
    }
}

impl Answer for String {
    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl Answer for Option<EntryKind> {
    fn is_nothing(&self) -> bool {
        self.is_none()
    }
}

impl Answer for Vec<String> {
    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl Answer for Whereabouts {
    fn is_nothing(&self) -> bool {
        *self == Self::Nowhere
    }
}
