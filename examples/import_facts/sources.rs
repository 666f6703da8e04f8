//! Short ids for the documents that rows come from.

use std::collections::BTreeMap;

use crate::facts::{IdentitySource, SourceFact};
use crate::kept::Kept;
use crate::yaml;

/// One document at one state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Document {
    pub(crate) place: String,
    pub(crate) revision: Option<String>,
    pub(crate) date: Option<String>,
}

impl Document {
    pub(crate) fn of(fact: &SourceFact) -> Self {
        if let Some(url) = &fact.url {
            return Self {
                place: url.clone(),
                revision: None,
                date: fact.updated.clone().or_else(|| fact.date.clone()),
            };
        }
        let repo = fact.repo.as_deref().unwrap_or("unknown");
        let path = fact.path.as_deref().unwrap_or_default();
        Self {
            place: format!("{repo}: {path}"),
            revision: fact.commit.as_ref().map(|commit| commit.chars().take(10).collect()),
            date: fact.date.clone(),
        }
    }

    pub(crate) fn of_identity(source: &IdentitySource) -> Self {
        match source {
            IdentitySource::Text(text) => Self::of_text(text),
            IdentitySource::Fact(fact) => Self::of(fact),
        }
    }

    pub(crate) fn of_text(text: &str) -> Self {
        // One document for the annotations of a service, not one for each of its files.
        let place = match (text.split_once("/src/"), text.split_once(" (")) {
            (Some((folder, _)), Some((_, annotation))) => format!("{folder} ({annotation}"),
            _ => text.to_owned(),
        };
        Self { place: without_tool(&place), revision: None, date: None }
    }

    pub(crate) fn to_yaml(&self) -> String {
        let mut entries = vec![("document", yaml::flow(&self.place))];
        entries.extend(self.revision.iter().map(|revision| ("revision", yaml::flow(revision))));
        entries.extend(self.date.iter().map(|date| ("date", date.clone())));
        yaml::flow_map(&entries)
    }

    /// A first idea for a short id: the file's name without what it ends with, if that is ASCII, or
    /// else the repository's name.
    fn id(&self) -> String {
        let name = self.place.rsplit(['/', ':']).next().unwrap_or_default();
        let stem = name.split(['.', ' ']).next().unwrap_or_default().to_ascii_lowercase();
        let is_id =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        if is_id(&stem) && stem.parse::<f64>().is_err() {
            return stem.replace('_', "-");
        }
        let repo = self.place.split(':').next().unwrap_or_default();
        let last = repo.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        if is_id(&last) { format!("docs-{last}") } else { "source".to_owned() }
    }
}

/// The number of a public text that is known by no address, without the name of the index that numbers it.
fn without_tool(place: &str) -> String {
    let is_number = |rest: &str| rest.trim_start_matches('s').trim_start().starts_with(|c: char| c.is_ascii_digit());
    let found = place.match_indices(" id").find(|(at, _)| place.get(at + 3..).is_some_and(is_number));
    let Some((at, _)) = found else { return place.to_owned() };
    let (head, number) = place.split_at(at);
    let kept = head.rfind('(').and_then(|open| head.get(..=open)).unwrap_or_default();
    format!("{kept}public text{}", number.trim_start_matches(" id"))
}

/// The sources of one file.
#[derive(Default)]
pub(crate) struct Sources {
    ids: BTreeMap<Document, String>,
    used: BTreeMap<String, Document>,
    known: BTreeMap<String, Document>,
}

impl Sources {
    /// Ids that the file has already are used again, so that a person may give better ones.
    pub(crate) fn new(kept: &Kept) -> Self {
        let ids = kept.sources.iter().map(|(id, document)| (document.clone(), id.clone()));
        Self { ids: ids.collect(), used: BTreeMap::new(), known: kept.sources.clone() }
    }

    /// Keeps a source that a row kept from the old file refers to.
    pub(crate) fn keep(&mut self, id: &str) {
        if let Some(document) = self.known.get(id) {
            self.used.insert(id.to_owned(), document.clone());
        }
    }

    pub(crate) fn id(&mut self, document: &Document) -> String {
        if let Some(id) = self.ids.get(document) {
            self.used.insert(id.clone(), document.clone());
            return id.clone();
        }
        let base = document.id();
        let taken = |id: &String| self.used.contains_key(id) || self.known.contains_key(id);
        let mut id = base.clone();
        let mut number = 2;
        while taken(&id) {
            id = format!("{base}-{number}");
            number += 1;
        }
        self.ids.insert(document.clone(), id.clone());
        self.used.insert(id.clone(), document.clone());
        id
    }

    pub(crate) fn to_yaml(&self) -> String {
        let mut out = "sources:\n".to_owned();
        for (id, document) in &self.used {
            yaml::push(&mut out, format_args!("  {id}: {}\n", document.to_yaml()));
        }
        out
    }
}
