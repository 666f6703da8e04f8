//! What a person has written into a file and the import must leave alone.

use std::collections::BTreeMap;

use serde_yaml::Value;

use crate::Failure;
use crate::sources::Document;

/// The entries of an old file that carry `corrected:`, the keys that only people write, and the sources.
#[derive(Default)]
pub(crate) struct Kept {
    /// Key of the entry, with the section that it stands in → its lines.
    pub(crate) entries: BTreeMap<(String, String), String>,
    /// Key of any entry, with its section → the lines of its `defaults:`.
    defaults: BTreeMap<(String, String), String>,
    calls: BTreeMap<(String, String, CallKey), CallWords>,
    pub(crate) sources: BTreeMap<String, Document>,
}

/// One API that a type calls in one phase.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CallKey {
    pub(crate) api: String,
    /// `None`: the type's own.
    pub(crate) service: Option<String>,
    pub(crate) phase: &'static str,
}

/// What only people write of a call.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct CallWords {
    pub(crate) perhaps: Option<String>,
    pub(crate) region: Option<String>,
}

/// The phases of a call, in order.
pub(crate) const PHASES: [&str; 5] = ["create", "read", "update", "delete", "import"];

impl Kept {
    /// Reads a file whose entries are indented by two spaces below the section's key.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let file: Value = if text.is_empty() { Value::Null } else { serde_yaml::from_str(text)? };
        let mut kept = Self { sources: sources(&file), calls: calls(&file), ..Self::default() };
        let mut section = String::new();
        let mut entry: Option<(String, String)> = None;
        for line in text.lines() {
            let indent = line.len() - line.trim_start().len();
            if indent > 2 {
                if let Some((_, lines)) = &mut entry {
                    lines.push_str(line);
                    lines.push('\n');
                }
                continue;
            }
            kept.add(&section, entry.take());
            if indent == 0 && !line.is_empty() {
                line.trim_end_matches(':').clone_into(&mut section);
            } else if indent == 2 && line.ends_with(':') {
                let key = line.trim().trim_end_matches(':').trim_matches('"').to_owned();
                entry = Some((key, format!("{line}\n")));
            }
        }
        kept.add(&section, entry);
        Ok(kept)
    }

    fn add(&mut self, section: &str, entry: Option<(String, String)>) {
        let Some((key, lines)) = entry else { return };
        let key = (section.to_owned(), key);
        if let Some(defaults) = lines_of(&lines, "defaults") {
            self.defaults.insert(key.clone(), defaults);
        }
        if lines.contains("\n    corrected:") {
            self.entries.insert(key, lines);
        }
    }

    /// The lines of an entry's `defaults:`; nothing if it has none.
    pub(crate) fn defaults(&self, section: &str, key: &str) -> &str {
        self.defaults.get(&(section.to_owned(), key.to_owned())).map_or("", String::as_str)
    }

    /// What a person wrote of a call of an entry.
    pub(crate) fn call(&self, section: &str, key: &str, call: CallKey) -> CallWords {
        self.calls.get(&(section.to_owned(), key.to_owned(), call)).cloned().unwrap_or_default()
    }

    pub(crate) fn entry(&self, section: &str, key: &str) -> Option<&str> {
        self.entries.get(&(section.to_owned(), key.to_owned())).map(String::as_str)
    }
}

/// The lines of each entry of a file's list that carries `corrected:`, by the value of its first key.
pub(crate) fn corrected_entries(text: &str, first_key: &str) -> BTreeMap<String, String> {
    let begins = format!("  - {first_key}: ");
    let mut entries = BTreeMap::new();
    let mut name = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix(&begins) {
            name = Some(rest.trim_matches('"').to_owned());
        }
        if let Some(name) = name.clone().filter(|_| line.starts_with("  ")) {
            let lines: &mut String = entries.entry(name).or_default();
            lines.push_str(line);
            lines.push('\n');
        }
    }
    entries.retain(|_, lines| lines.contains("\n    corrected:"));
    entries
}

/// A key of an entry with what is nested below it, as it stands there.
fn lines_of(lines: &str, key: &str) -> Option<String> {
    let begins = format!("    {key}:");
    let mut found = lines.lines().skip_while(|line| !line.starts_with(&begins));
    let mut kept = format!("{}\n", found.next()?);
    for line in found.take_while(|line| line.starts_with("     ")) {
        kept.push_str(line);
        kept.push('\n');
    }
    Some(kept)
}

/// The `when` codes in the lines of a kept entry.
pub(crate) fn when_codes(lines: &str) -> impl Iterator<Item = String> {
    words_behind(lines, "when: ")
}

/// The ids of the sources in the lines of a kept entry.
pub(crate) fn source_ids(lines: &str) -> impl Iterator<Item = String> {
    words_behind(lines, "source: ").chain(words_behind(lines, "joined: "))
}

fn words_behind<'a>(lines: &'a str, key: &'a str) -> impl Iterator<Item = String> + 'a {
    lines.split(key).skip(1).map(|rest| {
        let end = rest.find([' ', ',', '}', '\n']).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default().to_owned()
    })
}

fn calls(file: &Value) -> BTreeMap<(String, String, CallKey), CallWords> {
    let mut found = BTreeMap::new();
    for section in ["resources", "data"] {
        let entries = file.get(section).and_then(Value::as_mapping).into_iter().flatten();
        for (key, entry) in entries {
            let calls = entry.get("calls").and_then(Value::as_sequence);
            for call in calls.into_iter().flatten() {
                let word = |name: &str| call.get(name).and_then(Value::as_str).map(str::to_owned);
                let words = CallWords { perhaps: word("perhaps"), region: word("in") };
                let (Some(key), Some(api)) = (key.as_str(), word("api")) else { continue };
                if words == CallWords::default() {
                    continue;
                }
                for phase in PHASES.into_iter().filter(|phase| call.get(phase).is_some()) {
                    let call = CallKey { api: api.clone(), service: word("service"), phase };
                    found.insert((section.to_owned(), key.to_owned(), call), words.clone());
                }
            }
        }
    }
    found
}

fn sources(file: &Value) -> BTreeMap<String, Document> {
    let mut found = BTreeMap::new();
    let sources = file.get("sources").and_then(Value::as_mapping);
    for (id, source) in sources.into_iter().flatten() {
        let field = |key: &str| source.get(key).and_then(Value::as_str).map(str::to_owned);
        let (Some(id), Some(place)) = (id.as_str(), field("document")) else {
            continue;
        };
        let document = Document { place, revision: field("revision"), date: field("date") };
        found.insert(id.to_owned(), document);
    }
    found
}
