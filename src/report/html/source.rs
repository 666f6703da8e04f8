//! The part of a file around a place, as lines with their numbers.

use maud::{Markup, html as markup};
use miette::{SourceCode, SourceSpan};

use super::super::excerpt;
use super::super::plain::printable;
use super::text::name;
use crate::source::Place;

/// The lines around a place, with what it marks; nothing where the file has none there.
pub(super) fn excerpt(place: &Place) -> Markup {
    let marked = excerpt::shown(place);
    let span = SourceSpan::from((marked.start, marked.len()));
    let Ok(contents) = place.file.read_span(&span, 1, 1) else { return markup! {} };
    let (text, first) = (std::str::from_utf8(contents.data()).unwrap_or_default(), contents.line() + 1);
    let begin = contents.span().offset();
    let at = place.location();
    markup! {
        figure {
            figcaption { span.place { (name(&at.path)) ":" (at.line) ":" (at.column) } }
            pre.code {
                @for (number, line) in lines(text, begin, (marked.start, marked.end)).into_iter().enumerate() {
                    span.line {
                        span.no aria-hidden="true" { (first + number) }
                        code { (printable(line.0)) @if !line.1.is_empty() { mark { (printable(line.1)) } } (printable(line.2)) }
                    }
                    "\n"
                }
            }
        }
    }
}

/// The lines of a text that begins at `begin`, each as what stands before, in and behind what is marked.
fn lines(text: &str, begin: usize, (start, end): (usize, usize)) -> Vec<(&str, &str, &str)> {
    let mut at = begin;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end_matches(['\n', '\r']);
        let offset = |place: usize| place.saturating_sub(at).min(shown.len());
        let (from, to) = (shown.floor_char_boundary(offset(start)), shown.floor_char_boundary(offset(end)));
        let (head, rest) = shown.split_at_checked(from).unwrap_or((shown, ""));
        let (own, tail) = rest.split_at_checked(to.saturating_sub(from)).unwrap_or((rest, ""));
        // White space before the first word of a line is not what is meant.
        let blank = own.len() - own.trim_start().len();
        let (indent, own) = own.split_at_checked(blank).unwrap_or(("", own));
        let head = if head.is_empty() { indent } else { head };
        lines.push((head, own, tail));
        at += line.len();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_marked_on_each_of_its_lines() {
        let text = "ab\n  cd\nef";
        assert_eq!(lines(text, 10, (11, 19)), [("a", "b", ""), ("  ", "cd", ""), ("", "e", "f")]);
        assert_eq!(lines("é1\n", 0, (2, 3)), [("é", "1", "")]);
        assert_eq!(lines("ab", 0, (5, 9)), [("ab", "", "")]);
    }
}
