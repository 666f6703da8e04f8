//! A pasted text, and places in it.

use std::borrow::Cow;

use memchr::memmem;

use super::clean::clean;

/// A text as it was pasted, its words on one line, and these in lower case with all letters where they were.
pub(super) struct Text {
    words: String,
    lower: String,
}

impl Text {
    pub(super) fn new(pasted: &str) -> Self {
        let words = clean(pasted);
        let lower = words.to_ascii_lowercase();
        Self { words, lower }
    }

    pub(super) fn words(&self) -> &str {
        &self.words
    }

    pub(super) fn contains(&self, phrase: &str) -> bool {
        memmem::find(self.lower.as_bytes(), phrase.as_bytes()).is_some()
    }

    /// Where a phrase in lower case begins, each time.
    pub(super) fn each<'t>(&'t self, phrase: &str) -> impl Iterator<Item = usize> + 't {
        memmem::Finder::new(phrase).into_owned().find_iter(self.lower.as_bytes()).collect::<Vec<_>>().into_iter()
    }

    pub(super) fn behind(&self, at: usize) -> &str {
        self.words.get(at..).unwrap_or_default()
    }

    /// At most so many bytes before a place.
    pub(super) fn before(&self, at: usize, most: usize) -> &str {
        let mut start = at.saturating_sub(most);
        while !self.words.is_char_boundary(start) {
            start += 1;
        }
        self.words.get(start..at).unwrap_or_default()
    }

    /// What follows a place, as far as the same phrase begins again and at most so many bytes.
    pub(super) fn sentence(&self, at: usize, phrase: &str, most: usize) -> &str {
        let rest = self.behind(at);
        let mut end = most.min(rest.len());
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let rest = rest.get(..end).unwrap_or_default();
        let lower = self.lower.get(at..at + end).unwrap_or_default();
        rest.get(..lower.find(phrase).unwrap_or(end)).unwrap_or_default()
    }

    /// It names things as AWS does.
    pub(super) fn is_of_another_cloud(&self) -> bool {
        ["arn:aws", "amazonaws.", "microsoft.", "aliyuncs."].iter().any(|sign| self.contains(sign))
    }
}

/// The first word of a text, without what stands around it.
pub(super) fn token(text: &str) -> &str {
    text.trim_start().split(' ').next().unwrap_or_default()
}

/// The action in a word with its punctuation; none where the word is none.
pub(in crate::explain) fn action_of(word: &str) -> Option<String> {
    let word = word.trim_matches(|character: char| "<>'\"()[]{},.;:?!".contains(character));
    is_action(word).then(|| word.to_owned())
}

/// `service:type:operation`, the type perhaps empty.
pub(super) fn is_action(word: &str) -> bool {
    let is_part = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    let parts: Vec<&str> = word.splitn(4, ':').collect();
    let [service, kind, operation] = parts.as_slice() else { return false };
    let begins = service.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    word.len() <= 128 && begins && is_part(service) && is_part(kind) && is_part(operation) && !operation.is_empty()
}

/// So much of a text as a message shows of it.
pub(in crate::explain) fn beginning(text: &str) -> Cow<'_, str> {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}
