//! What a deployment tool is told to do, and the phases of resources in which that calls APIs.

use std::collections::BTreeSet;

use crate::catalog::Phase;

/// A command of Terraform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// What is there is read, and nothing is changed.
    Plan,
    /// Resources are made and changed.
    Apply,
    /// Resources are destroyed.
    Destroy,
}

impl Stage {
    /// Every stage, in the order in which they are told.
    pub const ALL: [Self; 3] = [Self::Plan, Self::Apply, Self::Destroy];

    /// The words for them, in the same order.
    pub const NAMES: [&'static str; 3] = ["plan", "apply", "destroy"];

    /// The stage of a word.
    pub fn named(word: &str) -> Option<Self> {
        let mut named = Self::NAMES.into_iter().zip(Self::ALL);
        named.find(|(name, _)| *name == word).map(|(_, stage)| stage)
    }

    /// The phases of resources in which it makes calls: each run begins with a refresh, which reads, and with the imports
    /// that are planned.
    pub fn phases(self) -> &'static [Phase] {
        match self {
            Self::Plan => &[Phase::Read, Phase::Import],
            Self::Apply => &[Phase::Create, Phase::Read, Phase::Update, Phase::Import],
            Self::Destroy => &[Phase::Read, Phase::Delete],
        }
    }

    /// The phases of some stages together, in their order, each once.
    pub fn phases_of(stages: &[Self]) -> Vec<Phase> {
        let phases: BTreeSet<Phase> = stages.iter().flat_map(|stage| stage.phases()).copied().collect();
        phases.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_stages_together_make_every_call() {
        let every: std::collections::BTreeSet<Phase> = Phase::ALL.into_iter().collect();
        assert_eq!(Stage::phases_of(&Stage::ALL), every.into_iter().collect::<Vec<_>>());
        assert_eq!(Stage::phases_of(&[Stage::Destroy]), [Phase::Read, Phase::Delete]);
    }

    #[test]
    fn a_stage_goes_by_its_word() {
        let named: Vec<Option<Stage>> = Stage::NAMES.into_iter().map(Stage::named).collect();
        assert_eq!(named, Stage::ALL.map(Some));
        assert_eq!(Stage::named("all"), None);
    }
}
