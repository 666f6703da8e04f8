//! Items of lists, in JSON, HCL and both styles of YAML.

use super::Edit;
use super::text::{is_blank, letters, line_around, line_end};
use crate::policy::Located;
use crate::source::{SourceFile, Span};

/// Takes an item out of its list; `others` are the items before and behind it. None where more than a separator stands
/// between them, or it is the only one.
pub fn removed(
    file: &SourceFile,
    item: &Located<String>,
    others: (Option<&Located<String>>, Option<&Located<String>>),
) -> Option<Edit> {
    letters(file, item.span, &item.value)?;
    let span = match others {
        (Some(before), _) => joined(file, before.span, item.span).map(|end| Span { start: end, end: item.span.end }),
        (None, Some(behind)) => {
            joined(file, item.span, behind.span).map(|_| Span { start: item.span.start, end: behind.span.start })
        }
        (None, None) => None,
    };
    span.map(|span| Edit::new(span, ""))
}

/// Where the first of two neighbours ends.
fn joined(file: &SourceFile, first: Span, second: Span) -> Option<u32> {
    let between = file.text().get(first.end as usize..second.start as usize)?.trim();
    [",", "-"].contains(&between).then_some(first.end)
}

/// Adds items behind the last one of a list, written as that one is: one edit for each.
pub fn appended(file: &SourceFile, last: &Located<String>, items: &[&str]) -> Option<Vec<Edit>> {
    let inner = letters(file, last.span, &last.value)?;
    let quote = file.text().get(last.span.start as usize..inner.start as usize)?;
    let (at, separator) = behind(file.text(), last.span)?;
    let edit =
        |item: &&str| Edit { span: Span::new(at, at), text: format!("{separator}{quote}{item}{quote}"), is_item: true };
    Some(items.iter().map(edit).collect())
}

/// Where the item behind the last one goes, and what separates it from that one.
pub(super) fn behind(text: &str, last: Span) -> Option<(usize, String)> {
    let (lead, _) = line_around(text, last.start as usize)?;
    let (_, rest) = line_around(text, last.end as usize)?;
    let end = last.end as usize;
    let line_end = line_end(text);
    if lead.trim() == "-" {
        return is_blank(rest).then(|| (end + rest.trim_end().len(), format!("{line_end}{lead}")));
    }
    let closing = text.get(end..)?.trim_start();
    let is_last = closing.strip_prefix(',').unwrap_or(closing).trim_start().starts_with(']');
    let is_own_line = lead.trim().is_empty() && lead.len() < last.start as usize;
    is_last.then(|| (end, if is_own_line { format!(",{line_end}{lead}") } else { String::from(", ") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text after the edits that `edit` makes of its items, which are the words `a…` of it.
    fn changed(text: &str, edit: impl Fn(&SourceFile, &[Located<String>]) -> Option<Vec<Edit>>) -> Option<String> {
        let file = SourceFile::new("p.yaml", text);
        let words = text.match_indices('a').map(|(start, _)| {
            let word: String = text[start..].chars().take_while(char::is_ascii_alphanumeric).collect();
            let quote = usize::from(text[..start].ends_with(['"', '\'']));
            let span = Span::new(start - quote, start + word.len() + quote);
            Located { value: word, span }
        });
        let items: Vec<_> = words.collect();
        let mut edits = edit(&file, &items)?;
        edits.sort();
        let mut changed = text.to_owned();
        for edit in edits.iter().rev() {
            changed.replace_range(edit.span.range(), &edit.text);
        }
        Some(changed)
    }

    fn with_second_removed(text: &str) -> Option<String> {
        changed(text, |file, items| Some(vec![removed(file, &items[1], (items.first(), items.get(2)))?]))
    }

    fn with_first_removed(text: &str) -> Option<String> {
        changed(text, |file, items| Some(vec![removed(file, &items[0], (None, items.get(1)))?]))
    }

    fn with_added(text: &str) -> Option<String> {
        changed(text, |file, items| appended(file, items.last()?, &["b:c"]))
    }

    #[test]
    fn an_item_goes_with_its_separator() {
        for (text, expected) in [
            (r#"["a1", "a2", "a3"]"#, Some(r#"["a1", "a3"]"#)),
            ("[\n  \"a1\",\n  \"a2\"\n]", Some("[\n  \"a1\"\n]")),
            ("[\n  \"a1\",\n  \"a2\",\n]", Some("[\n  \"a1\",\n]")),
            ("- a1\n- 'a2'\n- a3\n", Some("- a1\n- a3\n")),
            ("- a1\n- a2", Some("- a1")),
            ("- a1\n- a2 # why\n", Some("- a1 # why\n")),
            ("- a1 # why\n- a2\n", None),
            ("[\"a1\", # why\n \"a2\"]", None),
        ] {
            assert_eq!(with_second_removed(text).as_deref(), expected, "{text}");
        }
        for (text, expected) in
            [(r#"["a1", "a2"]"#, Some(r#"["a2"]"#)), ("- a1\n- a2\n", Some("- a2\n")), ("- a1", None)]
        {
            assert_eq!(with_first_removed(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_item_is_added_as_the_last_one_is_written() {
        for (text, expected) in [
            (r#"["a1"]"#, Some(r#"["a1", "b:c"]"#)),
            ("[\n\t\"a1\",\n\t\"a2\"\n]", Some("[\n\t\"a1\",\n\t\"a2\",\n\t\"b:c\"\n]")),
            ("[\r\n  \"a1\"\r\n]", Some("[\r\n  \"a1\",\r\n  \"b:c\"\r\n]")),
            ("[a1, 'a2',]", Some("[a1, 'a2', 'b:c',]")),
            ("Action:\n  - a1\n  - a2 # why\nx: y\n", Some("Action:\n  - a1\n  - a2 # why\n  - b:c\nx: y\n")),
            ("- a1", Some("- a1\n- b:c")),
            // No list, or one within another.
            ("Action: a1\n", None),
            ("- - a1\n", None),
            ("[a1 # why\n]", None),
        ] {
            assert_eq!(with_added(text).as_deref(), expected, "{text}");
        }
    }
}
