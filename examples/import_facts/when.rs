//! `rules/when.yaml`: what is there stays; codes that are used and not explained are added.

use std::collections::BTreeMap;

use crate::Failure;
use crate::facts::{CodeFact, Facts};
use crate::permissions::{UsedCodes, kebab};
use crate::yaml;

const HEAD: &str = "# What the `when` codes and the notes of the permission rows mean: `when` says that an action is\n\
                    # needed only if the sentence holds.\n";

pub(crate) fn file(facts: &Facts, used: &UsedCodes, old: &str) -> Result<Option<String>, Failure> {
    let known: serde_yaml::Value = serde_yaml::from_str(old)?;
    let when = section(&known, "when", &facts.codes.when, used, false);
    let notes = section(&known, "notes", &facts.codes.notes, used, true);
    Ok(Some(format!("{HEAD}when:{when}notes:{notes}")))
}

fn section(
    known: &serde_yaml::Value,
    name: &str,
    facts: &BTreeMap<String, CodeFact>,
    used: &UsedCodes,
    notes: bool,
) -> String {
    let mut codes: BTreeMap<String, String> = BTreeMap::new();
    for (_, code) in used.iter().filter(|(is_note, _)| *is_note == notes) {
        let fact = facts.iter().find(|(key, _)| kebab(key) == *code);
        codes.insert(code.clone(), fact.map(|(_, fact)| fact.meaning.clone()).unwrap_or_default());
    }
    let entries = known.get(name).and_then(serde_yaml::Value::as_mapping);
    for (code, entry) in entries.into_iter().flatten() {
        let meaning = entry.get("meaning").and_then(serde_yaml::Value::as_str);
        if let (Some(code), Some(meaning)) = (code.as_str(), meaning) {
            codes.insert(code.to_owned(), meaning.to_owned());
        }
    }
    if codes.is_empty() {
        return " {}\n".to_owned();
    }
    let lines = codes.iter().map(|(code, meaning)| format!("  {code}: {{ meaning: {} }}\n", yaml::flow(meaning)));
    format!("\n{}", lines.collect::<String>())
}
