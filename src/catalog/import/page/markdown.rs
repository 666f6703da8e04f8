//! The tables of Markdown: those of pipes, and those of HTML between its lines.

use std::ops::Range;
use std::rc::Rc;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{Lines, Page, Table, html};

pub(super) fn read(text: &str) -> Page {
    let lines = Lines::new(text);
    let mut page = Page::default();
    let mut masked = text.as_bytes().to_vec();
    let mut table = Table::default();
    let mut cells: Vec<Rc<str>> = Vec::new();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Table(_)) => {
                mask(&mut masked, &range);
                table = Table { line: lines.of(range.start), headings: 1, rows: Vec::new() };
            }
            Event::Start(Tag::TableCell) => cells.push(cell(text.get(range).unwrap_or_default()).into()),
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                page.push(&mut table, lines.of(range.start), std::mem::take(&mut cells));
            }
            Event::End(TagEnd::Table) => page.tables.push(std::mem::take(&mut table)),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => mask(&mut masked, &range),
            // A tag in code is no tag.
            Event::Code(code) if code.contains('<') => mask(&mut masked, &range),
            _ => {}
        }
    }
    let between = html::read(&String::from_utf8_lossy(&masked), false);
    page.unread.extend(between.unread);
    page.tables.extend(between.tables);
    page.tables.sort_by_key(|table| table.line);
    page
}

/// Blanks out a range, so that what follows keeps its place.
fn mask(bytes: &mut [u8], range: &Range<usize>) {
    for byte in bytes.get_mut(range.clone()).into_iter().flatten() {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// The text of a cell of pipes. It is taken from the source, where `ecs:*:*` has no emphasis.
fn cell(source: &str) -> String {
    html::plain(&links(&source.replace("\\|", "|")))
}

/// `[text](target)` and `![text](target)` as their text.
fn links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(close) = rest.find("](") {
        let (before, behind) = rest.split_at(close);
        let Some(end) = behind.find(')') else { break };
        let start = before.rfind('[').unwrap_or(before.len());
        let (kept, label) = before.split_at(start);
        out.push_str(kept.strip_suffix('!').unwrap_or(kept));
        out.push_str(label.strip_prefix('[').unwrap_or(label));
        rest = behind.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_their_texts() {
        assert_eq!(links("a [b](c.md) d [e](f) g](h"), "a b d e g](h");
        assert_eq!(cell("[x](y)<br>`ecs:*:*` &lt;"), "x\n`ecs:*:*` <");
    }
}
