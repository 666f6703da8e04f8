//! Output: one file per format, all from the same [`Report`].

mod csv;
mod document;
mod entry;
mod excerpt;
mod explain;
mod explore;
mod github;
mod gitlab;
mod home;
mod html;
mod human;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod paint;
mod plain;
mod require;
mod sarif;
mod why;

pub use csv::csv;
pub use document::document;
pub use explain::topic;
pub use explore::{Checked, cards, cells, found, info, remarks};
pub use github::github;
pub use gitlab::gitlab;
pub use html::html;
pub(crate) use human::count;
pub use human::{Human, mistakes as human_mistakes};
pub use json::json;
pub use jsonl::jsonl;
pub use junit::junit;
pub use markdown::markdown;
pub use paint::{Paint, percent};
pub use require::{GroupBy, notes, policy_notes, policy_purpose, required, terraform};
pub use sarif::sarif;
pub use why::why;

use std::collections::HashMap;

use serde::Serialize;

use crate::config::Suppression;
use crate::lint::Finding;
use crate::review::Review;

/// What a run found.
#[derive(Debug)]
pub struct Report {
    /// How much was looked at and found.
    pub summary: Summary,
    /// The findings, sorted by path, line, column, rule and principal.
    pub findings: Vec<Finding>,
    /// The findings that are accepted.
    pub suppressed: Vec<Suppressed>,
    /// How many findings of the baseline are there no more, as far as the run can tell.
    pub gone: usize,
    /// How many findings are left out because the files that changed cannot have brought them.
    pub elsewhere: usize,
    /// How many findings say that a file would be refused, by its path, whichever rules the run was to tell of; where it
    /// was asked for.
    pub faults: HashMap<String, usize>,
    /// What is told beside the findings, where it was asked for.
    pub review: Option<Box<Review>>,
}

impl Report {
    /// How many findings say that the file at a path would be refused.
    pub(crate) fn faults_of(&self, path: &str) -> usize {
        self.faults.get(path).copied().unwrap_or_default()
    }
}

/// A finding that is accepted.
#[derive(Debug)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// What accepts it.
    pub suppression: Suppression,
}

/// What becomes of accepted findings in a format that can mark them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// They are not there.
    LeftOut,
    /// They are there, with what accepts them.
    Marked,
}

/// The figures of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files looked at.
    pub files: usize,
    /// Files that are manifests.
    pub manifests: usize,
    /// Policy documents.
    pub policies: usize,
    /// Principals.
    pub principals: usize,
    /// Operations in the phases of the run, and resources of types that the table does not know.
    pub operations: usize,
    /// Operations decided for at least one principal.
    pub checked: usize,
    /// The others.
    pub unchecked: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity note.
    pub notes: usize,
    /// Findings that comments, `ignore` entries or the baseline accept.
    pub suppressed: usize,
}
