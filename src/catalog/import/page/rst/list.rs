//! Tables that are written as lists of lists: `.. list-table::`.

use std::rc::Rc;

use super::super::{Page, Table};

/// Reads the table that begins with the first of the lines, and says how many lines it takes.
pub(super) fn read(lines: &[&str], first_line: usize, page: &mut Page) -> usize {
    let indent = super::indent(lines.first().copied().unwrap_or_default());
    let mut table = Table { line: first_line, headings: 1, rows: Vec::new() };
    let mut row: Option<Open<'_>> = None;
    let mut taken = 1;
    for (at, line) in lines.iter().enumerate().skip(1) {
        if !line.trim().is_empty() && super::indent(line) <= indent {
            break;
        }
        taken = at + 1;
        let text = line.trim_start();
        if let Some(count) = text.strip_prefix(":header-rows:").filter(|_| row.is_none()) {
            table.headings = count.trim().parse().unwrap_or(1);
        } else if let Some(cell) = starts_row(text) {
            finish(row.take(), page, &mut table);
            let mark = super::indent(line) + text.len() - cell.len();
            row = Some(Open { line: first_line + at, mark, cells: vec![vec![cell.trim_start_matches(['-', ' '])]] });
        } else if let Some(open) = &mut row {
            open.take(line, text);
        }
    }
    finish(row.take(), page, &mut table);
    page.tables.push(table);
    taken
}

struct Open<'a> {
    line: usize,
    /// The column of the marks of its cells.
    mark: usize,
    cells: Vec<Vec<&'a str>>,
}

impl<'a> Open<'a> {
    fn take(&mut self, line: &str, text: &'a str) {
        let starts_cell = super::indent(line) == self.mark && (text.starts_with("- ") || text.trim_end() == "-");
        if starts_cell {
            self.cells.push(vec![text.get(1..).unwrap_or_default()]);
        } else if let Some(cell) = self.cells.last_mut() {
            cell.push(text);
        }
    }
}

/// What follows `* ` where a row begins: `- ` and its first cell.
fn starts_row(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("* ")?.trim_start();
    (rest.starts_with("- ") || rest.trim_end() == "-").then_some(rest)
}

fn finish(row: Option<Open<'_>>, page: &mut Page, table: &mut Table) {
    let Some(row) = row else { return };
    let cells: Vec<Rc<str>> = row.cells.iter().map(|lines| super::cell(lines.iter().copied()).into()).collect();
    page.push(table, row.line, cells);
}
