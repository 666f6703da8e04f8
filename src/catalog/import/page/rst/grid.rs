//! Grid tables: `+---+---+`.

use std::rc::Rc;

use super::super::{MAX_COLUMNS, Page, Table, Unread};

/// Whether a line (without its indentation) is a rule of a grid.
pub(super) fn is_rule(line: &str) -> bool {
    line.len() > 2
        && line.starts_with('+')
        && line.ends_with('+')
        && line.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'='))
        && !line.starts_with("++")
}

/// A line as its columns on a screen: what is wide takes two.
fn columns(line: &str, indent: usize) -> Vec<char> {
    let mut out = Vec::with_capacity(line.len());
    for character in line.trim_end().chars().skip(indent) {
        out.push(character);
        if is_wide(character) {
            out.push('\0');
        }
    }
    out
}

fn is_wide(character: char) -> bool {
    matches!(u32::from(character),
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD)
}

/// Reads the table that begins with the first of the lines, and says how many lines it takes.
pub(super) fn read(lines: &[&str], first_line: usize, page: &mut Page) -> usize {
    let indent = super::indent(lines.first().copied().unwrap_or_default());
    let of_table = |line: &&&str| super::indent(line) == indent && line.trim_start().starts_with(['+', '|']);
    let grid: Vec<Vec<char>> = lines.iter().take_while(of_table).map(|line| columns(line, indent)).collect();
    let taken = grid.len();
    let borders = borders(&grid);
    if borders.len() < 2 || borders.len() > MAX_COLUMNS + 1 {
        let what = "a grid table without columns, or with too many, was not read".to_owned();
        page.unread.push(Unread { line: first_line, what });
        return taken;
    }
    let grid = Grid { lines: &grid, borders: &borders };
    let table = grid.table(first_line, page);
    page.tables.push(table);
    taken
}

/// The columns of the screen that have a crossing.
fn borders(grid: &[Vec<char>]) -> Vec<usize> {
    let mut borders = std::collections::BTreeSet::new();
    for line in grid {
        for (at, character) in line.iter().enumerate() {
            let beside = |at: Option<usize>| at.and_then(|at| line.get(at)).is_some_and(|other| is_dash(*other));
            if *character == '+' && (beside(at.checked_sub(1)) || beside(at.checked_add(1))) {
                borders.insert(at);
            }
        }
        if borders.len() > MAX_COLUMNS + 1 {
            break;
        }
    }
    borders.into_iter().collect()
}

fn is_dash(character: char) -> bool {
    matches!(character, '-' | '=')
}

struct Grid<'a> {
    lines: &'a [Vec<char>],
    borders: &'a [usize],
}

impl Grid<'_> {
    /// Whether a line closes the cell over a column (between two borders).
    fn closes(&self, line: &[char], column: usize) -> bool {
        let (Some(left), Some(right)) = (self.borders.get(column), self.borders.get(column + 1)) else { return true };
        let between = line.get(left + 1..*right).unwrap_or_default();
        !between.is_empty() && between.iter().all(|character| is_dash(*character) || *character == '+')
    }

    fn table(&self, first_line: usize, page: &mut Page) -> Table {
        let mut reading = Reading::new(self.borders.len() - 1, first_line);
        for (at, line) in self.lines.iter().enumerate() {
            let closed: Vec<bool> = (0..reading.open.len()).map(|column| self.closes(line, column)).collect();
            if !closed.contains(&true) {
                if reading.row.is_empty() {
                    reading.start_row(self.cells(line), first_line + at);
                }
                self.take(line, &mut reading, |_| true);
                continue;
            }
            // What is not closed reaches down through the rule.
            self.take(line, &mut reading, |column| closed.get(column) == Some(&false));
            reading.end_row(&closed, line.contains(&'='));
        }
        if !reading.row.is_empty() {
            let what = "a grid table ends without its last rule".to_owned();
            page.unread.push(Unread { line: first_line, what });
        }
        reading.finish(page)
    }

    /// The cells that a line of text shows: first column and the column behind the last.
    fn cells(&self, line: &[char]) -> Vec<(usize, usize)> {
        let mut cells = Vec::new();
        let mut left = 0;
        for (column, border) in self.borders.iter().enumerate().skip(1) {
            let is_last = column + 1 == self.borders.len();
            if is_last || line.get(*border).is_some_and(|character| matches!(character, '|' | '+')) {
                cells.push((left, column));
                left = column;
            }
        }
        cells
    }

    /// Adds a line of text to the cells that it shows and that are wanted.
    fn take(&self, line: &[char], reading: &mut Reading, wanted: impl Fn(usize) -> bool) {
        for (from, to) in reading.row.iter().filter(|(from, _)| wanted(*from)) {
            let (Some(left), Some(right)) = (self.borders.get(*from), self.borders.get(*to)) else { continue };
            let right = (*right).min(line.len());
            let text = line.get(left + 1..right).unwrap_or_default().iter().filter(|character| **character != '\0');
            let id = reading.open.get(*from).copied().flatten();
            if let Some(lines) = id.and_then(|id| reading.texts.get_mut(id)) {
                lines.push(text.collect());
            }
        }
    }
}

/// A table while its lines are read.
struct Reading {
    line: usize,
    /// The lines of each cell.
    texts: Vec<Vec<String>>,
    /// The cell that is open in each column.
    open: Vec<Option<usize>>,
    /// The cells of the row: first column and the column behind the last.
    row: Vec<(usize, usize)>,
    /// Each row with its line and, for each column, its cell.
    rows: Vec<(usize, Vec<usize>)>,
    headings: usize,
}

impl Reading {
    fn new(width: usize, line: usize) -> Self {
        Self { line, texts: Vec::new(), open: vec![None; width], row: Vec::new(), rows: Vec::new(), headings: 0 }
    }

    fn start_row(&mut self, cells: Vec<(usize, usize)>, line: usize) {
        let mut ids = Vec::with_capacity(self.open.len());
        for (from, to) in &cells {
            let Some(open) = self.open.get_mut(*from) else { continue };
            let id = *open.get_or_insert(self.texts.len());
            if id == self.texts.len() {
                self.texts.push(Vec::new());
            }
            ids.extend(std::iter::repeat_n(id, to - from));
        }
        self.rows.push((line, ids));
        self.row = cells;
    }

    fn end_row(&mut self, closed: &[bool], is_head: bool) {
        for (open, _) in self.open.iter_mut().zip(closed).filter(|(_, closed)| **closed) {
            *open = None;
        }
        if is_head {
            self.headings = self.rows.len();
        }
        self.row.clear();
    }

    fn finish(self, page: &mut Page) -> Table {
        let texts: Vec<Rc<str>> =
            self.texts.iter().map(|lines| super::cell(lines.iter().map(String::as_str)).into()).collect();
        let mut table = Table { line: self.line, headings: self.headings, rows: Vec::new() };
        for (line, ids) in self.rows {
            page.push(&mut table, line, ids.into_iter().filter_map(|id| texts.get(id).cloned()).collect());
        }
        table
    }
}
