//! The sentences in which a service says that it denies something.

use serde::Serialize;

use super::policy::{PolicyKind, decision};
use super::principal::Principal;
use super::text::{Text, action_of, is_action, token};

/// So many different denials of one text are told.
const MAX_DENIALS: usize = 20;

/// The parts of a sentence lie no further apart than this, in bytes.
const MAX_SENTENCE: usize = 2000;

/// What kind of problem an error tells of; the most certain comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// A policy denies the action: no grant helps.
    ExplicitDeny,
    /// No policy allows the action.
    MissingAllow,
    /// The caller is not known: the signature or the token is wrong.
    Authentication,
    /// The error has nothing to do with permissions.
    NotPermission,
    /// The request is refused, and the text does not say by what.
    Refused,
}

/// Something that a text says is denied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Denial {
    /// The kind of denial.
    pub problem: Problem,
    /// The action as the text writes it.
    pub action: Option<String>,
    /// Who is denied it.
    pub principal: Option<Principal>,
    /// On what; perhaps a URN.
    pub resource: Option<String>,
    /// The kind of policy that denies, or that does not allow.
    pub policy: Option<PolicyKind>,
    /// The grammar whose name of the action the text uses; none: not known.
    pub grammar: Option<&'static str>,
    /// Where the sentence begins.
    #[serde(skip)]
    pub(super) at: usize,
}

impl Denial {
    fn new(problem: Problem, at: usize) -> Self {
        Self { problem, action: None, principal: None, resource: None, policy: None, grammar: None, at }
    }
}

/// Phrases behind which the denied action follows at once.
const BEFORE_ACTION: &[&str] = &["insufficient authentication for action ", "correct permission code is "];

/// Phrases that name nothing. Other clouds have some of them too, so that they count only in texts that are not theirs.
const PHRASES: &[&str] = &[
    "action forbidden",
    "you are not authorized to perform the requested action",
    "disallowed by policy",
    "obs: service returned error: status=403",
];

/// Everything that a text says is denied, each once; what names an action before what does not.
pub(super) fn denials(text: &Text) -> Vec<Denial> {
    let mut found: Vec<Denial> = Vec::new();
    let mut add = |denial: Denial| {
        let same = |other: &Denial| Denial { at: denial.at, ..other.clone() } == denial;
        if found.len() < MAX_DENIALS && !found.iter().any(same) {
            found.push(denial);
        }
    };
    not_authorized(text, &mut add);
    not_allowed(text, &mut add);
    for (phrase, at) in BEFORE_ACTION.iter().flat_map(|phrase| text.each(phrase).map(move |at| (phrase, at))) {
        let action = action_of(token(text.behind(at + phrase.len())));
        if action.is_some() {
            add(Denial { action, ..Denial::new(Problem::MissingAllow, at) });
        }
    }
    if found.is_empty() && !text.is_of_another_cloud() {
        let phrases = PHRASES.iter().filter_map(|phrase| text.each(phrase).next());
        found.extend(phrases.min().map(|at| Denial::new(Problem::Refused, at)));
    }
    found
}

/// `User: <principal> is not authorized to perform: <action> on resource: <resource> because …`, as the new engine says
/// it; the page about it has colons behind some words that other services leave out.
fn not_authorized(text: &Text, add: &mut dyn FnMut(Denial)) {
    for phrase in ["not authorized to perform", "not authorised to perform"] {
        for at in text.each(phrase) {
            let mut rest = text.sentence(at + phrase.len(), phrase, MAX_SENTENCE).trim_start_matches([' ', ':']);
            rest = without(rest, "action");
            let Some(action) = action_of(token(rest)) else { continue };
            let principal = principal(text, at);
            let behind = rest.trim_start().get(token(rest).len()..).unwrap_or_default();
            let behind = behind.trim_start_matches(['>', '\'', '"', ' ']);
            let resource = behind.strip_prefix("on resource").map(|rest| token(rest.trim_start_matches([' ', ':'])));
            let resource = resource.map(|word| word.trim_matches(|c: char| "<>'\",.;".contains(c)).to_owned());
            let foreign = |word: &str| word.starts_with("arn:");
            if principal.as_deref().is_some_and(foreign) || resource.as_deref().is_some_and(foreign) {
                continue;
            }
            let (problem, policy) = decision(behind);
            add(Denial {
                action: Some(action),
                principal: principal.map(Principal::new),
                resource: resource.filter(|word| !word.is_empty()),
                policy,
                grammar: Some("5.0"),
                ..Denial::new(problem, at)
            });
        }
    }
}

/// The one word behind the last `User:` before a place.
fn principal(text: &Text, at: usize) -> Option<String> {
    let before = text.before(at, MAX_SENTENCE);
    let lower = before.to_ascii_lowercase();
    // A URN has the word too: `iam::<account>:user:<name>`.
    let is_in_urn = |at: usize| lower.get(..at).is_some_and(|before| before.ends_with([':', '-']));
    let (start, _) = lower.rmatch_indices("user:").find(|(at, _)| !is_in_urn(*at))?;
    let word = before.get(start + "user:".len()..)?.trim();
    let word = word.strip_suffix("is").unwrap_or(word).trim();
    let word = word.trim_matches(|character: char| "<>'\"".contains(character));
    (!word.is_empty() && !word.contains(' ')).then(|| word.to_owned())
}

/// `Policy doesn't allow <action> to be performed`, as the older engine says it, perhaps of several actions.
fn not_allowed(text: &Text, add: &mut dyn FnMut(Denial)) {
    for phrase in ["policy doesn't allow ", "policy does not allow ", "policy doesnt allow "] {
        for at in text.each(phrase) {
            let rest = text.sentence(at + phrase.len(), phrase, MAX_SENTENCE);
            let end = rest.to_ascii_lowercase().find("to be performed");
            let listed = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            let words = listed.split(|character: char| " ,;<>'\"[](){}|".contains(character));
            let words = words.filter(|word| !word.is_empty());
            // Without an end of the sentence, only what follows at once is meant.
            let actions: Vec<&str> = if end.is_some() {
                words.map(|word| word.trim_end_matches(['.', ':'])).filter(|word| is_action(word)).collect()
            } else {
                words.map(|word| word.trim_end_matches(['.', ':'])).take_while(|word| is_action(word)).collect()
            };
            if actions.is_empty() && end.is_some() && !text.is_of_another_cloud() {
                add(Denial::new(Problem::MissingAllow, at));
            }
            for action in actions {
                add(Denial { action: Some(action.to_owned()), ..Denial::new(Problem::MissingAllow, at) });
            }
        }
    }
}

/// A text without a word at its beginning.
fn without<'t>(text: &'t str, word: &str) -> &'t str {
    match text.get(..word.len()) {
        Some(begin) if begin.eq_ignore_ascii_case(word) => {
            text.get(word.len()..).unwrap_or_default().trim_start_matches([' ', ':'])
        }
        _ => text,
    }
}
