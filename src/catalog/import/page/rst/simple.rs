//! Simple tables: columns under `====  ====`.

use std::rc::Rc;

use super::super::{MAX_COLUMNS, Page, Table, Unread};

/// Whether a line (without its indentation) is a rule of a simple table with two columns or more.
pub(super) fn is_rule(line: &str) -> bool {
    line.starts_with("==") && line.contains(' ') && line.bytes().all(|byte| matches!(byte, b'=' | b' '))
}

/// Reads the table that begins with the first of the lines, and says how many lines it takes.
pub(super) fn read(lines: &[&str], first_line: usize, page: &mut Page) -> usize {
    let rule = lines.first().copied().unwrap_or_default();
    let starts = starts(rule);
    let rules: Vec<usize> = lines
        .iter()
        .enumerate()
        .take_while(|(at, line)| *at == 0 || line.trim().is_empty() || super::indent(line) >= super::indent(rule))
        .filter(|(_, line)| is_rule(line.trim()))
        .map(|(at, _)| at)
        .take(3)
        .collect();
    let (head, end) = match rules.as_slice() {
        [_, head, end, ..] if !ends_at(lines, *head) => (Some(*head), *end),
        [_, end, ..] => (None, *end),
        _ => {
            let what = "a simple table ends without its last rule".to_owned();
            page.unread.push(Unread { line: first_line, what });
            return 1;
        }
    };
    if starts.len() > MAX_COLUMNS {
        page.unread.push(Unread { line: first_line, what: "a simple table with too many columns".to_owned() });
        return end + 1;
    }
    let mut table = Table { line: first_line, headings: 1, rows: Vec::new() };
    let mut row: Option<(usize, Vec<Vec<String>>)> = None;
    for (at, line) in lines.iter().enumerate().take(end).skip(1) {
        if Some(at) == head {
            finish(row.take(), page, &mut table);
            table.headings = table.rows.len();
            continue;
        }
        if line.trim().bytes().all(|byte| matches!(byte, b'-' | b' ')) && !line.trim().is_empty() {
            continue;
        }
        let cells = split(line, &starts);
        let begins = cells.first().is_some_and(|cell| !cell.trim().is_empty());
        if begins {
            finish(row.take(), page, &mut table);
        }
        let (_, open) = row.get_or_insert_with(|| (first_line + at, vec![Vec::new(); starts.len()]));
        for (column, cell) in open.iter_mut().zip(cells) {
            column.push(cell);
        }
    }
    finish(row.take(), page, &mut table);
    page.tables.push(table);
    end + 1
}

/// Whether a rule is the last of its table: nothing follows it directly.
fn ends_at(lines: &[&str], rule: usize) -> bool {
    lines.get(rule + 1).is_none_or(|line| line.trim().is_empty())
}

/// Where each column begins.
fn starts(rule: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut before = ' ';
    for (at, character) in rule.chars().enumerate() {
        if character == '=' && before == ' ' {
            starts.push(at);
        }
        before = character;
    }
    starts
}

fn split(line: &str, starts: &[usize]) -> Vec<String> {
    let mut cells = vec![String::new(); starts.len()];
    let mut column = 0;
    for (at, character) in line.chars().enumerate() {
        while starts.get(column + 1).is_some_and(|start| *start <= at) {
            column += 1;
        }
        if let Some(cell) = cells.get_mut(column) {
            cell.push(character);
        }
    }
    cells
}

fn finish(row: Option<(usize, Vec<Vec<String>>)>, page: &mut Page, table: &mut Table) {
    let Some((line, columns)) = row else { return };
    let cell = |lines: &Vec<String>| -> Rc<str> { super::cell(lines.iter().map(String::as_str)).into() };
    let cells: Vec<Rc<str>> = columns.iter().map(cell).collect();
    if cells.iter().any(|cell| !cell.is_empty()) {
        page.push(table, line, cells);
    }
}
