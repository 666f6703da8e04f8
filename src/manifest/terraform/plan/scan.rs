//! A look at the text of a JSON file without parsing it: whether it is a plan or a state, and the text without values.

use std::ops::Range;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A plan, as `terraform show -json PLAN` prints it.
    Plan,
    /// A state, as `terraform show -json` prints it.
    State,
    /// A state as Terraform keeps it: `terraform.tfstate`.
    StateFile,
}

impl Kind {
    /// What messages call it.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::State | Self::StateFile => "state",
        }
    }

    /// How to make one anew.
    pub(super) fn remedy(self) -> &'static str {
        match self {
            Self::Plan => "write it anew with `terraform show -json PLAN`",
            Self::State => "write it anew with `terraform show -json`",
            Self::StateFile => "write it anew with `terraform state pull`",
        }
    }
}

/// What stands between the brackets of a JSON text.
enum Token {
    Open,
    Close,
    /// A text before a colon.
    Key(Range<usize>),
    /// A text, a number or a word.
    Scalar(Range<usize>),
}

/// The tokens of a text, however it ends.
struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        loop {
            let start = self.at;
            match *bytes.get(start)? {
                b'{' | b'[' => {
                    self.at += 1;
                    return Some(Token::Open);
                }
                b'}' | b']' => {
                    self.at += 1;
                    return Some(Token::Close);
                }
                b'"' => {
                    self.at = end_of_text(bytes, start + 1);
                    let rest = bytes.get(self.at..).unwrap_or_default();
                    let is_key = rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':');
                    return Some(if is_key { Token::Key(start..self.at) } else { Token::Scalar(start..self.at) });
                }
                b',' | b':' => self.at += 1,
                byte if byte.is_ascii_whitespace() => self.at += 1,
                _ => {
                    let rest = bytes.get(start..).unwrap_or_default();
                    let is_end = |byte: &u8| b",:{}[]\"".contains(byte) || byte.is_ascii_whitespace();
                    self.at = rest.iter().position(is_end).map_or(bytes.len(), |length| start + length);
                    return Some(Token::Scalar(start..self.at));
                }
            }
        }
    }
}

/// The byte behind the quote that ends a text.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// The words of which a file without one is neither plan nor state.
const WORD: &str = "\"terraform_version\"";

/// What a file holds, by the keys of its outermost object; `None` where that is neither plan nor state.
pub(super) fn kind_of(text: &str) -> Option<Kind> {
    if !text.trim_start().starts_with('{') || memchr::memmem::find(text.as_bytes(), WORD.as_bytes()).is_none() {
        return None;
    }
    let mut depth = 0_usize;
    let (mut has_version, mut has_format, mut holds) = (false, false, None);
    for token in (Tokens { text, at: 0 }) {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Key(range) if depth == 1 => match text.get(range)? {
                WORD => has_version = true,
                "\"format_version\"" => has_format = true,
                "\"resource_changes\"" | "\"planned_values\"" | "\"variables\"" | "\"prior_state\"" => {
                    holds = Some(Kind::Plan);
                }
                "\"values\"" => holds = holds.or(Some(Kind::State)),
                "\"lineage\"" => holds = holds.or(Some(Kind::StateFile)),
                _ => {}
            },
            Token::Key(_) | Token::Scalar(_) => {}
        }
        // The keys may stand in any order, but a part that is never needed may be long.
        if has_version && holds == Some(if has_format { Kind::Plan } else { Kind::StateFile }) {
            return holds;
        }
    }
    holds.filter(|kind| has_version && has_format != (*kind == Kind::StateFile))
}

/// Keys whose values are names that the configuration gives.
const SHOWN: [&str; 11] = [
    "\"address\"",
    "\"module_address\"",
    "\"module\"",
    "\"mode\"",
    "\"type\"",
    "\"name\"",
    "\"index\"",
    "\"index_key\"",
    "\"actions\"",
    "\"format_version\"",
    "\"terraform_version\"",
];

/// Keys below which everything is a value.
const HOLDERS: [&str; 10] = [
    "\"after\"",
    "\"attributes\"",
    "\"before\"",
    "\"constant_value\"",
    "\"default\"",
    "\"importing\"",
    "\"outputs\"",
    "\"output_changes\"",
    "\"values\"",
    "\"variables\"",
];

/// The text without its values: each is as many dots of the same width, so that every place stays what it is.
///
/// Excerpts show what stands around a place, and what stands in plans and states are secrets too.
pub(super) fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut copied = 0;
    // Whether values stand within each open bracket, and the key that the next value belongs to.
    let mut open: Vec<(bool, bool)> = Vec::new();
    let (mut is_holder, mut is_shown) = (false, false);
    for token in (Tokens { text, at: 0 }) {
        let (within_holder, within_shown) = open.last().copied().unwrap_or_default();
        match token {
            Token::Open => {
                open.push((within_holder || is_holder, is_shown || within_shown));
                (is_holder, is_shown) = (false, false);
            }
            Token::Close => drop(open.pop()),
            Token::Key(range) => {
                let key = text.get(range).unwrap_or_default();
                is_holder = HOLDERS.contains(&key);
                is_shown = SHOWN.contains(&key);
            }
            Token::Scalar(range) => {
                if within_holder || is_holder || !(is_shown || within_shown) {
                    masked.push_str(text.get(copied..range.start).unwrap_or_default());
                    masked.extend(text.get(range.clone()).unwrap_or_default().chars().map(mask));
                    copied = range.end;
                }
                // In a list the next value belongs to the same key.
                (is_holder, is_shown) = (false, false);
            }
        }
    }
    masked.push_str(text.get(copied..).unwrap_or_default());
    masked
}

/// A character of the same width that says nothing.
fn mask(character: char) -> char {
    match character {
        '"' | '\n' | '\r' => character,
        _ => match character.len_utf8() {
            1 => '.',
            2 => '·',
            3 => '…',
            _ => '🀄',
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_and_states_are_known_by_their_outermost_keys_in_any_order() {
        for (text, expected) in [
            (r#"{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"#, Some(Kind::Plan)),
            (
                r#"{"configuration":{},"format_version":"1.2","resource_changes":[],"terraform_version":"1"}"#,
                Some(Kind::Plan),
            ),
            (r#"{"format_version":"1.0","terraform_version":"1.11.4","values":{}}"#, Some(Kind::State)),
            (
                "{\n\"version\": 4, \"terraform_version\": \"1\", \"lineage\": \"\", \"resources\": []}",
                Some(Kind::StateFile),
            ),
            (r#"{"format_version":"1.0"}"#, None),
            (r#"{"format_version":"1.0","provider_schemas":{"terraform_version":{}}}"#, None),
            (r#"{"a":{"format_version":"1.0","terraform_version":"1","values":{}}}"#, None),
            (r#"{"terraform_version":"1.11.4","provider_selections":{},"values":1}"#, None),
            (r#"["format_version","terraform_version","planned_values"]"#, None),
        ] {
            assert_eq!(kind_of(text), expected, "{text}");
        }
    }

    #[test]
    fn values_are_masked_and_places_kept() {
        let text = r#"{"resource_changes":[{"address":"a.b","change":{"actions":["create"],"after":{"name":"x\"y","type":["é镜🀁",1]}}}],"z":"s"}"#;
        let masked = masked(text);
        let expected = r#"{"resource_changes":[{"address":"a.b","change":{"actions":["create"],"after":{"name":"..".","type":["·…🀄",.]}}}],"z":"."}"#;
        assert_eq!(masked, expected);
        assert_eq!(masked.len(), text.len());
    }

    #[test]
    fn a_text_that_ends_early_is_masked_to_its_end() {
        assert_eq!(masked(r#"{"variables":{"p":{"value":"hush"#), r#"{"variables":{"p":{"value":"...."#);
    }
}
