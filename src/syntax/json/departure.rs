//! Where a text leaves strict JSON.

use std::collections::BTreeMap;

use jsonc_parser::common::Ranged;
use jsonc_parser::tokens::{Token, TokenAndRange};

use crate::source::Span;

/// A way in which a text leaves strict JSON, at the first place where it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Which.
    pub kind: DepartureKind,
    /// The first place.
    pub span: Span,
    /// At how many more places.
    pub more: usize,
}

/// The ways in which a text may leave strict JSON and still be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DepartureKind {
    /// `// …` or `/* … */`.
    Comment,
    /// A comma behind the last element.
    TrailingComma,
    /// No comma between two elements.
    MissingComma,
    /// A text between single quotes.
    SingleQuotes,
    /// A key without quotes.
    BareKey,
    /// A number in a form of its own: `0x10`, `+1`, `.5`, `NaN`.
    Number,
}

impl DepartureKind {
    /// What a person may be told of it, and the way out.
    pub fn explained(self) -> (&'static str, &'static str) {
        match self {
            Self::Comment => ("comments are not part of JSON", "remove the comment"),
            Self::TrailingComma => ("a comma stands behind the last element", "remove the comma"),
            Self::MissingComma => ("a comma is missing behind this element", "add a comma"),
            Self::SingleQuotes => ("a text stands between single quotes", "write it between double quotes"),
            Self::BareKey => ("a key stands without quotes", "write it between double quotes"),
            Self::Number => ("this is no number of JSON", "write it in decimal digits, or as a text between quotes"),
        }
    }
}

/// The departures of a text, by the order of their first places.
pub(super) fn departures(text: &str, tokens: &[TokenAndRange<'_>]) -> Vec<Departure> {
    let mut found: BTreeMap<DepartureKind, Departure> = BTreeMap::new();
    let mut tell = |kind, start, end| {
        let new = Departure { kind, span: Span::new(start, end), more: 0 };
        found.entry(kind).and_modify(|departure| departure.more += 1).or_insert(new);
    };
    let mut before: Option<&TokenAndRange<'_>> = None;
    let mut rest = tokens.iter().peekable();
    while let Some(token) = rest.next() {
        let range = token.range();
        if matches!(token.token, Token::CommentLine(_) | Token::CommentBlock(_)) {
            tell(DepartureKind::Comment, range.start, range.end);
            continue;
        }
        let written = text.get(range.start..range.end).unwrap_or_default();
        let is_key = matches!(rest.peek().map(|next| &next.token), Some(Token::Colon));
        match &token.token {
            Token::String(_) if written.starts_with('\'') => tell(DepartureKind::SingleQuotes, range.start, range.end),
            Token::String(_) => {}
            _ if is_key => tell(DepartureKind::BareKey, range.start, range.end),
            Token::Number(_) if !is_strict(written) => tell(DepartureKind::Number, range.start, range.end),
            _ => {}
        }
        if let Some(before) = before {
            let end = before.range().end;
            if ends_value(&before.token) && starts_value(&token.token) {
                tell(DepartureKind::MissingComma, end, end);
            }
            if matches!(before.token, Token::Comma) && matches!(token.token, Token::CloseBrace | Token::CloseBracket) {
                tell(DepartureKind::TrailingComma, before.range().start, end);
            }
        }
        before = Some(token);
    }
    let mut departures: Vec<Departure> = found.into_values().collect();
    departures.sort_by_key(|departure| departure.span);
    departures
}

fn starts_value(token: &Token<'_>) -> bool {
    !matches!(token, Token::Comma | Token::Colon | Token::CloseBrace | Token::CloseBracket)
}

fn ends_value(token: &Token<'_>) -> bool {
    !matches!(token, Token::Comma | Token::Colon | Token::OpenBrace | Token::OpenBracket)
}

fn is_strict(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && !digits.contains(['x', 'X'])
}
