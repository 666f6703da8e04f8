//! The tables of reStructuredText: grids, simple tables and lists.

mod grid;
mod list;
mod simple;

use super::super::Unread;
use super::Page;

/// Whether a line tells that a file is reStructuredText.
pub(super) fn is_mark(line: &str) -> bool {
    let line = line.trim();
    grid::is_rule(line) || simple::is_rule(line) || line.starts_with(".. ")
}

pub(super) fn read(text: &str) -> Page {
    let lines: Vec<&str> = text.lines().collect();
    let mut page = Page::default();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        let taken = if grid::is_rule(line.trim()) {
            grid::read(rest, at + 1, &mut page)
        } else if simple::is_rule(line.trim()) {
            simple::read(rest, at + 1, &mut page)
        } else if line.trim_start().starts_with(".. list-table::") {
            list::read(rest, at + 1, &mut page)
        } else if line.trim_start().starts_with(".. csv-table::") {
            let what = "a table of comma-separated values is not read: write it as a list-table".to_owned();
            page.unread.push(Unread { line: at + 1, what });
            1
        } else {
            1
        };
        at += taken.max(1);
    }
    page
}

fn indent(line: &str) -> usize {
    line.chars().take_while(|character| *character == ' ').count()
}

/// The text of a cell from its lines: a paragraph becomes one line, and so does each entry of a list.
fn cell<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::new();
    let mut fresh = true;
    for line in lines {
        let line = line.trim();
        if line.is_empty() {
            fresh = true;
            continue;
        }
        let item = ["- ", "* ", "+ ", "#. ", "| "].iter().find_map(|mark| line.strip_prefix(mark));
        if !out.is_empty() {
            out.push(if fresh || item.is_some() { '\n' } else { ' ' });
        }
        out.push_str(item.unwrap_or(line).trim_start());
        fresh = false;
    }
    inline(&out)
}

/// Without the marks of links, roles and escapes of blanks.
fn inline(text: &str) -> String {
    let text = text.replace("\\ ", "");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(open) = rest.find('`') {
        let (before, behind) = rest.split_at(open);
        let mark = if behind.starts_with("``") { "``" } else { "`" };
        let behind = behind.get(mark.len()..).unwrap_or_default();
        let Some(close) = behind.find(mark) else {
            out.push_str(before);
            rest = behind;
            continue;
        };
        let (inner, behind) = behind.split_at(close);
        let behind = behind.get(mark.len()..).unwrap_or_default();
        if mark == "``" {
            out.push_str(before);
            out.push_str(inner);
            rest = behind;
        } else {
            out.push_str(without_role(before));
            out.push_str(inner.split_once(" <").filter(|_| inner.ends_with('>')).map_or(inner, |(label, _)| label));
            rest = behind.trim_start_matches('_');
        }
    }
    out.push_str(rest);
    out
}

/// `:ref:` at the end of a text, away.
fn without_role(text: &str) -> &str {
    let Some(inner) = text.strip_suffix(':') else { return text };
    match inner.rsplit_once(':') {
        Some((before, role)) if !role.is_empty() && role.bytes().all(|byte| byte.is_ascii_lowercase()) => before,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_no_text() {
        assert_eq!(inline(":ref:`Listing <x>` and ``a:b:*`` `c <d>`__ e`f"), "Listing and a:b:* c ef");
        assert_eq!(cell("- a\n\n  b\n- c\n  d".lines()), "a\nb\nc d");
    }
}
