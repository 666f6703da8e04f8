//! The part of a file that is shown around a place: a few whole lines, or a window of a very long one.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::source::{Place, SourceFile};

/// A line longer than this, in bytes, is not shown whole: minified files are one line.
const LONG_LINE: usize = 400;

/// How many bytes of a long line are shown on either side of the place, and of the place itself.
const WINDOW: usize = 100;

/// How many lines of one place are shown.
const MAX_LINES: usize = 20;

/// The bytes of a place that are marked: its first lines, or its first bytes on a long line.
pub(super) fn shown(place: &Place) -> Range<usize> {
    let range = place.span.range();
    let text = place.file.text();
    let marked = text.get(range.clone()).unwrap_or("");
    let lines = memchr::memchr_iter(b'\n', marked.as_bytes());
    let end = lines.take(MAX_LINES).last().filter(|_| marked.lines().count() > MAX_LINES).unwrap_or(marked.len());
    let end =
        if marked.get(..end).unwrap_or("").lines().any(|line| line.len() > LONG_LINE) { end.min(WINDOW) } else { end };
    range.start..text.floor_char_boundary(range.start + end).max(range.start)
}

impl SourceCode for SourceFile {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.text();
        let (start, end) = (span.offset(), span.offset() + span.len());
        if end > text.len() {
            return Err(MietteError::OutOfBounds);
        }
        // Without lines around it the place alone is meant: its line and column are then those of the excerpt.
        let shown = if before + after == 0 {
            start..end
        } else {
            lines_around(text, start, end, before, after).unwrap_or_else(|| window(text, start, end))
        };
        // The end of a line that `\r\n` ends is its `\r`: left behind it would count as a line of its own.
        let data = text.get(shown.clone()).unwrap_or("").trim_end_matches('\r');
        let at = self.position(shown.start);
        Ok(Box::new(MietteSpanContents::new_named(
            self.path().to_owned(),
            data.as_bytes(),
            SourceSpan::from((shown.start, data.len())),
            at.line - 1,
            at.column - 1,
            data.lines().count(),
        )))
    }
}

/// Whole lines: those of the place, `before` lines above and `after` lines below; `None` where one of them is long. No
/// more of the text is looked at than that takes.
fn lines_around(text: &str, start: usize, end: usize, before: usize, after: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let lowest = start.saturating_sub((before + 1) * (LONG_LINE + 1));
    let highest = (end + (after + 1) * (LONG_LINE + 1)).min(text.len());
    let above = memchr::memrchr_iter(b'\n', bytes.get(lowest..start)?).nth(before).map(|at| lowest + at + 1);
    let below = memchr::memchr_iter(b'\n', bytes.get(end..highest)?).nth(after).map(|at| end + at);
    let first = above.or_else(|| (lowest == 0).then_some(0))?;
    let last = below.or_else(|| (highest == text.len()).then_some(highest))?;
    let whole = first..last;
    let is_long = text.get(whole.clone())?.lines().any(|line| line.len() > LONG_LINE);
    (!is_long).then_some(whole)
}

/// A part of the line around the place.
fn window(text: &str, start: usize, end: usize) -> Range<usize> {
    let lowest = text.floor_char_boundary(start.saturating_sub(WINDOW));
    let highest = text.floor_char_boundary((end + WINDOW).min(text.len()));
    let first = text.get(lowest..start).and_then(|above| above.rfind('\n')).map_or(lowest, |at| lowest + at + 1);
    let last = text.get(end..highest).and_then(|below| below.find('\n')).map_or(highest, |at| end + at);
    first..last.max(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn excerpt(text: &str, marked: &str) -> String {
        let file = Arc::new(SourceFile::new("a", text));
        let start = text.find(marked).unwrap();
        let place = Place::new(&file, crate::source::Span::new(start, start + marked.len()));
        let range = shown(&place);
        let contents = file.read_span(&SourceSpan::from((range.start, range.len())), 1, 1).unwrap();
        String::from_utf8(contents.data().to_vec()).unwrap()
    }

    #[test]
    fn a_line_above_and_below_is_shown() {
        assert_eq!(excerpt("a\nb\nc\nd\ne\n", "c"), "b\nc\nd");
        assert_eq!(excerpt("a\nb", "a"), "a\nb");
        assert_eq!(excerpt("é\nb", "b"), "é\nb");
        assert_eq!(excerpt("a\r\nb\r\nc\r\n", "b"), "a\r\nb\r\nc");
    }

    #[test]
    fn of_a_long_line_a_window_is_shown_and_of_a_long_place_its_beginning() {
        let long = format!("{}é@{}", "x".repeat(5_000), "y".repeat(5_000));
        let shown = excerpt(&long, "@");
        assert!(shown.contains('@') && shown.len() <= 2 * WINDOW + 1, "{}", shown.len());
        assert!(excerpt(&long, &long).len() <= 2 * WINDOW);
        let lines = "line\n".repeat(100);
        assert_eq!(excerpt(&lines, &lines).lines().count(), MAX_LINES + 1);
    }
}
