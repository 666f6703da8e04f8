//! Comments in YAML: a `#` behind white space that stands in no scalar. The parser says where scalars stand.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::super::yaml::Offsets;
use super::{Comments, line_end};
use crate::source::Span;

pub(super) fn comments(text: &str) -> Comments {
    let offsets = Offsets::new(text);
    let mut found = Comments::default();
    let mut at = 0;
    for event in Parser::new_from_str(text) {
        let Ok((event, place)) = event else { return found };
        let span = offsets.of(place.start.index())..offsets.of(place.end.index());
        if let Event::Scalar(_, style, ..) = event {
            between(text, at..span.start, &mut found);
            at = match style {
                ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => quoted_end(text, span.start),
                _ => span.end,
            }
            .max(at);
            if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                found.texts.push(header_and(text, span));
            }
        }
    }
    between(text, at..text.len(), &mut found);
    found
}

/// Takes the comments of a part of the text that holds no scalars.
fn between(text: &str, range: std::ops::Range<usize>, found: &mut Comments) {
    let bytes = text.as_bytes();
    let mut at = range.start;
    while let Some(mark) = bytes.get(at..range.end).and_then(|rest| memchr::memchr(b'#', rest)) {
        let start = at + mark;
        let before = start.checked_sub(1).and_then(|before| bytes.get(before));
        if before.is_none_or(u8::is_ascii_whitespace) {
            at = line_end(text, start);
            found.comments.push(Span::new(start, at));
        } else {
            at = start + 1;
        }
    }
}

/// Where a text between quotes ends: the parser counts what follows on its line to it.
fn quoted_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let rest = bytes.get(start..).unwrap_or_default();
    let Some(open) = memchr::memchr2(b'"', b'\'', rest).map(|open| start + open) else { return start };
    let quote = bytes.get(open).copied().unwrap_or_default();
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 2,
            byte if *byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if *byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    at.min(bytes.len())
}

/// A block scalar with the end of the line on which its `|` stands.
fn header_and(text: &str, span: std::ops::Range<usize>) -> Span {
    let header = text.get(..span.start).unwrap_or_default().trim_end().len();
    Span::new(header.saturating_sub(1), span.end)
}
