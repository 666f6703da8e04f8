//! The tables of a documentation page, whatever syntax they are written in.

mod actions;
mod apis;
mod calls;
mod headings;
mod html;
mod markdown;
mod meaning;
mod rows;
mod rst;
mod text;

use std::path::Path;
use std::rc::Rc;

use super::super::Catalog;
use super::{Draft, Tally, Unread};

/// The most columns of a table that are read.
const MAX_COLUMNS: usize = 64;

/// The longest cell that is read, in bytes. No page has one of a tenth of this.
const MAX_CELL: usize = 1 << 16;

/// The most bytes of cells that are read in one page; what spans several rows or columns counts as often as it stands.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// What a cell counts beside its text.
const CELL_BYTES: usize = 32;

/// The syntax of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Html,
    Markdown,
    Rst,
}

/// A table, each cell at its column: what spans several rows or columns stands in each of them.
#[derive(Debug, Default)]
struct Table {
    /// The line on which it begins, from 1.
    line: usize,
    /// How many of the rows are headings.
    headings: usize,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    line: usize,
    cells: Vec<Rc<str>>,
}

/// What a page holds.
#[derive(Debug, Default)]
struct Page {
    tables: Vec<Table>,
    unread: Vec<Unread>,
    /// APIs that stand on lines of their own.
    calls: Vec<calls::Call>,
    bytes: usize,
}

impl Page {
    /// Adds a row to a table unless the page has too many cells.
    fn push(&mut self, table: &mut Table, line: usize, mut cells: Vec<Rc<str>>) {
        if cells.len() > MAX_COLUMNS {
            let what = format!("the row has more than {MAX_COLUMNS} cells, and those behind them were not read");
            self.unread.push(Unread { line, what });
            cells.truncate(MAX_COLUMNS);
        }
        let before = self.bytes;
        for cell in cells.iter_mut().filter(|cell| cell.len() > MAX_CELL) {
            let what = format!("a cell of {} bytes is longer than {MAX_CELL} and was not read", cell.len());
            self.unread.push(Unread { line, what });
            *cell = Rc::from("");
        }
        self.bytes += cells.iter().map(|cell| cell.len() + CELL_BYTES).sum::<usize>();
        if !self.is_full() {
            table.rows.push(Row { line, cells });
        } else if before <= MAX_BYTES {
            let what = "the tables of the page are too large, and what follows was not read".to_owned();
            self.unread.push(Unread { line, what });
        }
    }

    fn is_full(&self) -> bool {
        self.bytes > MAX_BYTES
    }
}

/// The lines of a text.
struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn new(text: &str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { starts: std::iter::once(0).chain(ends).collect() }
    }

    /// The line of a byte, from 1.
    fn of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }
}

/// Reads the tables of a page into a draft.
pub(super) fn read(text: &str, path: &Path, service: Option<&str>, catalog: &Catalog) -> (Draft, Tally) {
    let mut page = match format(text, path) {
        Format::Html => html::read(text, true),
        Format::Markdown => markdown::read(text),
        Format::Rst => rst::read(text),
    };
    page.calls = calls::read(text, catalog);
    rows::read(page, service, catalog)
}

/// By the name of the file, or else by what it holds.
fn format(text: &str, path: &Path) -> Format {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" | "xhtml" => return Format::Html,
        "md" | "markdown" => return Format::Markdown,
        "rst" | "rest" => return Format::Rst,
        _ => {}
    }
    let start = text.trim_start().get(..9).unwrap_or_default().to_ascii_lowercase();
    if start.starts_with("<!doctype") || start.starts_with("<html") {
        return Format::Html;
    }
    if text.lines().any(rst::is_mark) { Format::Rst } else { Format::Markdown }
}
