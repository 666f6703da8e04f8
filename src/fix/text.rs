//! Texts in files: what is written where a value was read.

use super::Edit;
use crate::source::{SourceFile, Span};

/// `new` in the place of the text that was read as `old` at `span`; none where the file does not say it in so many
/// letters, as with escapes, templates and aliases.
pub fn rewritten(file: &SourceFile, span: Span, old: &str, new: &str) -> Option<Edit> {
    Some(Edit::new(letters(file, span, old)?, new))
}

/// The letters of a text, without the quotes around them.
pub(super) fn letters(file: &SourceFile, span: Span, text: &str) -> Option<Span> {
    let written = file.text().get(span.range())?;
    if written == text {
        return Some(span);
    }
    let quoted = ['"', '\''].iter().any(|quote| {
        written.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote)).is_some_and(|inner| inner == text)
    });
    quoted.then(|| Span::new(span.start as usize + 1, span.end as usize - 1))
}

/// The line that an offset is in: what stands before the offset, and what stands behind it up to the end of the line.
pub(super) fn line_around(text: &str, offset: usize) -> Option<(&str, &str)> {
    let (before, behind) = text.split_at_checked(offset)?;
    let before = before.rsplit('\n').next().unwrap_or(before);
    let behind = behind.split('\n').next().unwrap_or(behind);
    Some((before, behind.strip_suffix('\r').unwrap_or(behind)))
}

/// How lines of a text end.
pub(super) fn line_end(text: &str) -> &'static str {
    let first = text.split_inclusive('\n').next().unwrap_or(text);
    if first.ends_with("\r\n") { "\r\n" } else { "\n" }
}

/// Nothing, or a comment of YAML.
pub(super) fn is_blank(rest: &str) -> bool {
    let trimmed = rest.trim_start();
    trimmed.is_empty() || (trimmed.starts_with('#') && trimmed.len() < rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_written_in_so_many_letters_is_rewritten() {
        for (text, old, expected) in [
            (r#""allow""#, "allow", Some(r#""Allow""#)),
            ("'allow'", "allow", Some("'Allow'")),
            ("allow", "allow", Some("Allow")),
            (r#""\u0061llow""#, "allow", None),
            ("*same", "allow", None),
            (r#""allow'"#, "allow", None),
        ] {
            let file = SourceFile::new("p.json", text);
            let edit = rewritten(&file, Span::new(0, text.len()), old, "Allow");
            let changed = edit.map(|edit| {
                let mut changed = text.to_owned();
                changed.replace_range(edit.span.range(), &edit.text);
                changed
            });
            assert_eq!(changed.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_offset_outside_of_the_text_is_in_no_line() {
        assert_eq!(line_around("a\r\nbc", 4), Some(("b", "c")));
        assert_eq!(line_around("é", 1), None);
        assert_eq!(line_around("a", 2), None);
    }
}
