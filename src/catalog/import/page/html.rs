//! The tables of HTML, in pages of it and inside Markdown.

use std::rc::Rc;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{HtmlString, StartTag, Token, Tokenizer};

use super::{Lines, MAX_COLUMNS, Page, Table};

/// Elements that begin a new line.
const BLOCKS: &[&str] = &[
    "br", "p", "li", "ul", "ol", "div", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "section",
    "tr", "td", "th",
];

/// Elements inside a line.
const INLINE: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "big",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "del",
    "dfn",
    "em",
    "font",
    "i",
    "img",
    "ins",
    "kbd",
    "label",
    "mark",
    "nobr",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tt",
    "u",
    "var",
    "wbr",
    "input",
    "svg",
    "path",
    "use",
    "article",
    "blockquote",
    "details",
    "summary",
    "figure",
    "figcaption",
    "main",
    "header",
    "footer",
    "nav",
];

/// Elements whose text nobody sees.
const HIDDEN: &[&str] = &["script", "style", "template", "noscript"];

/// Reads the tables of a text. Elements such as `<script>`, whose text is no markup, are known by
/// their names in a page of HTML only.
pub(super) fn read(text: &str, is_page: bool) -> Page {
    let lines = Lines::new(text);
    let mut reader = Reader::default();
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(is_page);
    for token in Tokenizer::new_with_emitter(text, emitter).flatten() {
        match token {
            Token::StartTag(tag) => {
                let line = lines.of(tag.span.start);
                reader.start(&tag, line);
            }
            Token::EndTag(tag) => reader.end(&name(&tag.name)),
            Token::String(string) => reader.text(&String::from_utf8_lossy(&string.0)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.finish()
}

/// The text of a fragment: tags away, entities read, a new line for each block.
pub(super) fn plain(fragment: &str) -> String {
    let mut out = String::with_capacity(fragment.len());
    for token in Tokenizer::new_with_emitter(fragment, DefaultEmitter::<usize>::new_with_span()).flatten() {
        match token {
            Token::StartTag(tag) => push_tag(&mut out, &name(&tag.name)),
            Token::EndTag(tag) => push_end(&mut out, &name(&tag.name)),
            Token::String(string) => out.push_str(&String::from_utf8_lossy(&string.0)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    out
}

fn name(name: &HtmlString) -> String {
    String::from_utf8_lossy(&name.0).to_ascii_lowercase()
}

/// What a tag inside a cell is for its text. `<image_id>` is no tag but a placeholder.
fn push_tag(out: &mut String, name: &str) {
    if BLOCKS.contains(&name) {
        out.push('\n');
    } else if matches!(name, "sup" | "sub") {
        out.push(' ');
    } else if !INLINE.contains(&name) && !HIDDEN.contains(&name) {
        out.push('<');
        out.push_str(name);
        out.push('>');
    }
}

fn push_end(out: &mut String, name: &str) {
    if BLOCKS.contains(&name) && name != "br" {
        out.push('\n');
    }
}

#[derive(Default)]
struct Reader {
    page: Page,
    open: Vec<Open>,
    /// How many hidden elements are open.
    hidden: usize,
}

/// A table that has not ended.
#[derive(Default)]
struct Open {
    table: Table,
    in_head: bool,
    row: Option<OpenRow>,
    cell: Option<Cell>,
    /// What reaches down from the rows above, by column, and through how many rows more.
    above: Vec<Option<(usize, Rc<str>)>>,
}

struct OpenRow {
    line: usize,
    cells: Vec<Cell>,
    is_heading: bool,
}

struct Cell {
    text: String,
    rows: usize,
    columns: usize,
}

impl Reader {
    fn start(&mut self, tag: &StartTag<usize>, line: usize) {
        let name = name(&tag.name);
        if HIDDEN.contains(&name.as_str()) && !tag.self_closing {
            self.hidden += 1;
        }
        match name.as_str() {
            "table" => self.start_table(line),
            "thead" | "tbody" | "tfoot" => self.start_part(name == "thead"),
            "tr" => self.start_row(line),
            "td" | "th" => self.start_cell(tag, line, name == "th"),
            _ => {
                if let Some(cell) = self.cell() {
                    push_tag(&mut cell.text, &name);
                }
            }
        }
    }

    fn end(&mut self, name: &str) {
        if HIDDEN.contains(&name) {
            self.hidden = self.hidden.saturating_sub(1);
        }
        match name {
            "table" => self.end_table(),
            "tr" => self.end_row(),
            "td" | "th" => self.end_cell(),
            "thead" | "tbody" | "tfoot" => self.start_part(false),
            _ => {
                if let Some(cell) = self.cell() {
                    push_end(&mut cell.text, name);
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        if let Some(cell) = self.cell() {
            // A line break of the source is a blank.
            cell.text.extend(text.chars().map(|character| if character == '\n' { ' ' } else { character }));
        }
    }

    fn cell(&mut self) -> Option<&mut Cell> {
        self.open.last_mut()?.cell.as_mut()
    }

    /// A table that begins outside of a cell ends the one before it, as in browsers.
    fn start_table(&mut self, line: usize) {
        if self.open.last().is_some_and(|open| open.cell.is_none()) {
            self.end_table();
        }
        self.open.push(Open { table: Table { line, ..Table::default() }, ..Open::default() });
    }

    fn start_part(&mut self, is_head: bool) {
        self.end_row();
        if let Some(open) = self.open.last_mut() {
            open.in_head = is_head;
        }
    }

    fn start_row(&mut self, line: usize) {
        self.end_row();
        if let Some(open) = self.open.last_mut() {
            open.row = Some(OpenRow { line, cells: Vec::new(), is_heading: true });
        }
    }

    fn start_cell(&mut self, tag: &StartTag<usize>, line: usize, is_heading: bool) {
        self.end_cell();
        let Some(open) = self.open.last_mut() else { return };
        let row = open.row.get_or_insert_with(|| OpenRow { line, cells: Vec::new(), is_heading: true });
        row.is_heading &= is_heading;
        let span = |key: &str| {
            let value = tag.attributes.get(key.as_bytes());
            value.and_then(|value| String::from_utf8_lossy(&value.0).trim().parse::<usize>().ok()).unwrap_or(1)
        };
        // 0 reaches to the end.
        let rows = match span("rowspan") {
            0 => usize::MAX,
            rows => rows,
        };
        open.cell = Some(Cell { text: String::new(), rows, columns: span("colspan").clamp(1, MAX_COLUMNS) });
    }

    fn end_cell(&mut self) {
        let Some(open) = self.open.last_mut() else { return };
        if let (Some(cell), Some(row)) = (open.cell.take(), open.row.as_mut()) {
            row.cells.push(cell);
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let Some(open) = self.open.last_mut() else { return };
        let Some(row) = open.row.take().filter(|row| !row.cells.is_empty()) else { return };
        if self.page.is_full() {
            return;
        }
        let is_heading = open.in_head || row.is_heading;
        if is_heading && open.table.headings == open.table.rows.len() {
            open.table.headings += 1;
        }
        let cells = lay(&mut open.above, row.cells);
        self.page.push(&mut open.table, row.line, cells);
    }

    fn end_table(&mut self) {
        self.end_row();
        if let Some(open) = self.open.pop() {
            self.page.tables.push(open.table);
        }
    }

    fn finish(mut self) -> Page {
        while !self.open.is_empty() {
            self.end_table();
        }
        self.page.tables.sort_by_key(|table| table.line);
        self.page
    }
}

/// The cells of a row at their columns, with those that reach down from above.
fn lay(above: &mut Vec<Option<(usize, Rc<str>)>>, cells: Vec<Cell>) -> Vec<Rc<str>> {
    let mut out: Vec<Rc<str>> = Vec::new();
    let mut below = Vec::new();
    let mut from_above = std::mem::take(above).into_iter();
    let mut own = cells.into_iter();
    loop {
        if let Some(Some((rows, text))) = from_above.next() {
            out.push(Rc::clone(&text));
            below.push(Some((rows, text)));
        } else if let Some(cell) = own.next() {
            let text: Rc<str> = cell.text.into();
            out.push(Rc::clone(&text));
            below.push(Some((cell.rows, Rc::clone(&text))));
            for _ in 1..cell.columns {
                // What spans several columns hides what would reach down into them.
                from_above.next();
                out.push(Rc::clone(&text));
                below.push(Some((cell.rows, Rc::clone(&text))));
            }
        } else if from_above.len() == 0 {
            break;
        } else {
            out.push("".into());
            below.push(None);
        }
        if out.len() > MAX_COLUMNS {
            break;
        }
    }
    *above =
        below.into_iter().map(|cell| cell.filter(|(rows, _)| *rows > 1).map(|(rows, text)| (rows - 1, text))).collect();
    out
}
