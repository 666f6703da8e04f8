//! `catalog search`: names that words are found in, typing mistakes allowed.
//!
//! Names are taken apart into words (`ims:images:copy`, `CreateImage`, `/v2/cloudimages/{image_id}`), and each word of
//! the query has to be one of them, a part of one, or one but for a slip. Matching by letters in order, as file pickers
//! do, would find a short query in nearly every path and no transposed letters.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;

use crate::catalog::{Catalog, PolicyKind, TerraformKind};

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A service.
    Service,
    /// An action.
    Action,
    /// An API.
    Api,
    /// A Terraform resource type.
    Resource,
    /// A Terraform data source.
    DataSource,
    /// An operation of the SDKs and of `KooCLI`.
    Operation,
    /// A system-defined policy.
    Policy,
    /// A system-defined role.
    Role,
}

impl ItemKind {
    /// The kind as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Action => "action",
            Self::Api => "api",
            Self::Resource => "resource",
            Self::DataSource => "data-source",
            Self::Operation => "operation",
            Self::Policy => "policy",
            Self::Role => "role",
        }
    }
}

/// A name that can be found.
#[derive(Debug, Clone)]
pub(super) struct Item<'a> {
    pub(super) kind: ItemKind,
    pub(super) name: Cow<'a, str>,
    service: Cow<'a, str>,
    /// What a person is told beside the name.
    detail: Cow<'a, str>,
    /// Names that find it too.
    other_names: Vec<&'a str>,
}

/// A name that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// What it is the name of.
    pub kind: ItemKind,
    /// The name, as `catalog show` takes it.
    pub name: String,
    /// The service.
    pub service: String,
    /// The API of an operation, the actions of an API, the other names of a policy.
    pub detail: String,
    /// How well it fits, in thousandths; only the order means something.
    pub score: u32,
}

/// What a search finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// What was searched for.
    pub query: String,
    /// How many names fit.
    pub total: usize,
    /// The best of them, the best first.
    pub results: Vec<Hit>,
}

/// Everything that has a name.
pub(super) fn items(catalog: &Catalog) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    for code in catalog.services() {
        let names = catalog.service_details(code).map(|details| details.names).unwrap_or_default();
        let detail = names.join(", ").into();
        items.push(Item {
            kind: ItemKind::Service,
            name: code.into(),
            service: code.into(),
            detail,
            other_names: names,
        });
    }
    for (action, _) in catalog.all_actions() {
        let service = super::inventory::service_of(action).into();
        items.push(plain(ItemKind::Action, action.into(), service, "".into()));
    }
    for api in catalog.apis() {
        let api = api.entry;
        let needs = if api.actions.is_empty() { &api.identity } else { &api.actions };
        let detail = needs.iter().map(|need| need.action).collect::<Vec<_>>().join(", ");
        items.push(plain(ItemKind::Api, api.key.into(), api.service.into(), detail.into()));
    }
    for entry in catalog.type_names() {
        let kind = match entry.kind {
            TerraformKind::Resource => ItemKind::Resource,
            TerraformKind::Data => ItemKind::DataSource,
        };
        let detail = entry.alias_of.map_or_else(String::new, |name| format!("another name of {name}"));
        items.push(plain(kind, entry.name.into(), entry.service.into(), detail.into()));
    }
    for operation in catalog.operation_names() {
        let name = format!("{} {}/{}", operation.service, operation.name, operation.version);
        items.push(plain(ItemKind::Operation, name.into(), operation.service.into(), operation.api.into()));
    }
    items.extend(policies(catalog));
    items
}

fn plain<'a>(kind: ItemKind, name: Cow<'a, str>, service: Cow<'a, str>, detail: Cow<'a, str>) -> Item<'a> {
    Item { kind, name, service, detail, other_names: Vec::new() }
}

fn policies(catalog: &Catalog) -> Vec<Item<'_>> {
    let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, listed) in catalog.policies_by_name() {
        let others = names.entry(listed.entry.name).or_default();
        if name != listed.entry.name && !others.contains(&name) {
            others.push(name);
        }
    }
    let items = catalog.policies().into_iter().map(|listed| {
        let policy = listed.entry;
        let kind = match policy.kind {
            PolicyKind::Policy => ItemKind::Policy,
            PolicyKind::Role => ItemKind::Role,
        };
        let other_names = names.get(policy.name).cloned().unwrap_or_default();
        let detail = other_names.join(", ").into();
        Item { kind, name: policy.name.into(), service: policy.service.into(), detail, other_names }
    });
    items.collect()
}

/// The names that every word of `query` is found in, the best first: at most `limit`, of `kinds` only unless that is
/// empty.
pub fn search(catalog: &Catalog, query: &str, kinds: &[ItemKind], limit: usize) -> Found {
    let terms: Vec<Term> = query.split_whitespace().map(Term::new).filter(|term| !term.words.is_empty()).collect();
    let whole = query.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let mut words = Words::new(&terms);
    let mut hits: Vec<(u32, Item<'_>)> = Vec::new();
    if !terms.is_empty() {
        let items = items(catalog).into_iter().filter(|item| kinds.is_empty() || kinds.contains(&item.kind));
        for item in items {
            if let Some(score) = words.score(&terms, &whole, &item) {
                hits.push((score, item));
            }
        }
    }
    let total = hits.len();
    hits.sort_by(|(a, left), (b, right)| {
        let by_score = b.cmp(a).then_with(|| left.name.len().cmp(&right.name.len()));
        by_score.then_with(|| (left.kind, &left.name, &left.service).cmp(&(right.kind, &right.name, &right.service)))
    });
    let results = hits.into_iter().take(limit).map(|(score, item)| Hit {
        kind: item.kind,
        name: item.name.into_owned(),
        service: item.service.into_owned(),
        detail: item.detail.into_owned(),
        score,
    });
    Found { query: query.to_owned(), total, results: results.collect() }
}

/// One word of the query as typed, and the words that it is made of.
struct Term {
    lower: String,
    words: Vec<String>,
}

impl Term {
    fn new(text: &str) -> Self {
        let mut words = Vec::new();
        each_word(text, &mut |word| words.push(word.to_lowercase()));
        Self { lower: text.to_lowercase(), words }
    }
}

/// What the words of all names say to those of the query: each distinct word is compared once.
struct Words {
    /// The words of the query's terms, one after the other.
    wanted: Vec<String>,
    /// How well each wanted word is found in a word, in thousandths.
    known: HashMap<String, Box<[u32]>>,
}

impl Words {
    fn new(terms: &[Term]) -> Self {
        Self { wanted: terms.iter().flat_map(|term| term.words.iter().cloned()).collect(), known: HashMap::new() }
    }

    /// How well all terms are found in an item; none if one is not.
    fn score(&mut self, terms: &[Term], whole: &str, item: &Item<'_>) -> Option<u32> {
        let mut best = vec![0_u32; self.wanted.len()];
        let mut words = 0_u32;
        let texts = [item.name.as_ref(), item.service.as_ref()].into_iter().chain(item.other_names.iter().copied());
        for (index, text) in texts.enumerate() {
            each_word(text, &mut |word| {
                words += u32::from(index == 0);
                for (best, score) in best.iter_mut().zip(self.compare(word)) {
                    *best = (*best).max(*score);
                }
            });
        }
        let lower = item.name.to_lowercase();
        let mut scores = best.iter();
        let mut sum = 0;
        for term in terms {
            let own: Vec<u32> = scores.by_ref().take(term.words.len()).copied().collect();
            let verbatim = lower.contains(&term.lower) && term.lower.len() > 2;
            let by_words = own.iter().copied().min().unwrap_or_default();
            let score = if verbatim { by_words.max(VERBATIM) } else { by_words };
            if score == 0 {
                return None;
            }
            sum += score;
        }
        let count = u32::try_from(terms.len()).unwrap_or(1).max(1);
        let is_it = lower == whole || item.other_names.iter().any(|name| name.to_lowercase() == whole);
        // Of names that fit as well, the one with fewer other words is more likely meant.
        let matched = u32::try_from(self.wanted.len()).unwrap_or(u32::MAX).min(words);
        let share = 200 * matched / words.max(1);
        Some(sum / count + share + if is_it { 1000 } else { 0 })
    }

    fn compare(&mut self, word: &str) -> &[u32] {
        if !self.known.contains_key(word) {
            let lower = word.to_lowercase();
            let scores = self.wanted.iter().map(|wanted| likeness(wanted, &lower)).collect();
            self.known.insert(word.to_owned(), scores);
        }
        self.known.get(word).map(Box::as_ref).unwrap_or_default()
    }
}

/// The score of a term that stands in a name as typed.
const VERBATIM: u32 = 800;

/// How well a wanted word is found in a word, in thousandths; 0: not at all.
fn likeness(wanted: &str, word: &str) -> u32 {
    if wanted == word {
        return 1000;
    }
    let share = |most: usize| u32::try_from(most * wanted.len() / word.len().max(1)).unwrap_or(0);
    if word.starts_with(wanted) {
        return 700 + share(200);
    }
    if wanted.len() >= 3 && word.contains(wanted) {
        return 500 + share(200);
    }
    let allowed = match wanted.len() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    if allowed == 0 || wanted.len().abs_diff(word.len()) > allowed {
        return 0;
    }
    match strsim::osa_distance(wanted, word) {
        slips if slips <= allowed => 650_u32.saturating_sub(u32::try_from(slips).unwrap_or(0) * 100),
        _ => 0,
    }
}

/// Calls `take` with each word of a name: letters and digits between other characters, humps apart.
fn each_word(text: &str, take: &mut dyn FnMut(&str)) {
    for part in text.split(|character: char| !character.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let mut start = 0;
        let mut before: Option<char> = None;
        let mut characters = part.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let is_last_capital = before.is_some_and(char::is_uppercase)
                && characters.peek().is_some_and(|(_, next)| next.is_lowercase());
            let begins = character.is_uppercase() && (before.is_some_and(|b| !b.is_uppercase()) || is_last_capital);
            if begins && at > start {
                take(part.get(start..at).unwrap_or_default());
                start = at;
            }
            before = Some(character);
        }
        take(part.get(start..).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each_word(text, &mut |word| words.push(word.to_owned()));
        words
    }

    #[test]
    fn names_are_taken_apart_as_people_read_them() {
        assert_eq!(words("ims:cloudServers:listDisks"), ["ims", "cloud", "Servers", "list", "Disks"]);
        assert_eq!(words("POST /v1.1/{image_id}"), ["POST", "v1", "1", "image", "id"]);
        assert_eq!(words("IAMReadOnly/v3"), ["IAM", "Read", "Only", "v3"]);
        assert_eq!(words("镜像"), ["镜像"]);
    }

    #[test]
    fn a_word_is_found_whole_better_than_in_part_and_in_part_better_than_with_a_slip() {
        let scores =
            ["images", "imagesets", "myimages", "imgaes", "image", "volumes"].map(|word| likeness("images", word));
        assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
        assert!(scores[4] > 0 && scores[5] == 0);
        assert_eq!(likeness("get", "set"), 0, "short words have no slips");
    }
}
