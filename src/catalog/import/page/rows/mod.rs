//! Rows of tables become APIs and actions of a draft.

mod further;
mod identity;
mod needs;
mod operation;
mod roles;
mod words;

use std::collections::{BTreeMap, HashMap};

use super::super::super::Catalog;
use super::super::{Draft, DraftApi, Tally, Unread};
use super::calls::Call;
use super::headings::{self, Column, Headings, Kind};
use super::meaning::Conditions;
use super::text::{is_nothing, tidy};
use super::{Page, Row, Table, actions};
use words::short;

/// Reads the rows of a page. Without a service it is that of most actions.
pub(super) fn read(page: Page, service: Option<&str>, catalog: &Catalog) -> (Draft, Tally) {
    let tables: Vec<(Headings, &Table)> = page
        .tables
        .iter()
        .map(|table| (headings::read(table), table))
        .filter(|(_, table)| !table.rows.is_empty())
        .collect();
    let service = service.map_or_else(|| most_frequent(&tables), str::to_owned);
    let mut reading = Reading {
        catalog,
        service: &service,
        conditions: Conditions::new(&service, catalog),
        draft: Draft { service: service.clone(), unread: page.unread, ..Draft::default() },
        tally: Tally::default(),
        apis: HashMap::new(),
        rows: Vec::new(),
        actions: HashMap::new(),
        further: HashMap::new(),
        urns: BTreeMap::new(),
        calls: page.calls,
    };
    for (headings, table) in &tables {
        reading.table(headings, table);
    }
    let of_actions: Vec<_> = tables.iter().filter(|(headings, _)| headings.kind == Kind::Actions).collect();
    for (place, (headings, table)) in of_actions.iter().enumerate() {
        let end = of_actions.get(place + 1).map_or(usize::MAX, |(_, next)| next.line);
        reading.operation(headings, table, end);
    }
    reading.finish()
}

/// The service of most actions, in lower case; empty where there are none.
fn most_frequent(tables: &[(Headings, &Table)]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (headings, table) in
        tables.iter().filter(|(headings, _)| matches!(headings.kind, Kind::Apis(_) | Kind::Actions | Kind::Names))
    {
        let Some(column) = headings.columns.iter().position(|(column, _)| *column == Column::Action) else { continue };
        for cell in table.rows.iter().skip(headings.rows).filter_map(|row| row.cells.get(column)) {
            for (action, _) in actions::read(&tidy(cell)).actions {
                let service = action.split(':').next().unwrap_or_default().to_ascii_lowercase();
                *counts.entry(service).or_default() += 1;
            }
        }
    }
    counts
        .into_iter()
        .max_by(|left, right| left.1.cmp(&right.1).then_with(|| right.0.cmp(&left.0)))
        .unwrap_or_default()
        .0
}

struct Reading<'a> {
    catalog: &'a Catalog,
    service: &'a str,
    conditions: Conditions<'a>,
    draft: Draft,
    tally: Tally,
    /// Where each API stands in the draft.
    apis: HashMap<String, usize>,
    /// The rows of each API of the draft, each with what it permits.
    rows: Vec<Vec<(String, DraftApi)>>,
    /// Where each action stands in the draft.
    actions: HashMap<String, usize>,
    /// Where each action without an API stands in the draft.
    further: HashMap<String, usize>,
    /// APIs that stand on lines of their own.
    calls: Vec<Call>,
    /// The shape of the names of each type of resources.
    urns: BTreeMap<String, String>,
}

/// The cells of one row by their columns.
struct Cells<'a> {
    line: usize,
    texts: Vec<(Column, &'a str, String)>,
}

impl Cells<'_> {
    /// The text of a column; of several with the same heading, one line each.
    fn get(&self, column: Column) -> String {
        let texts = self.texts.iter().filter(|(other, _, text)| *other == column && !is_nothing(text));
        texts.map(|(_, _, text)| text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

impl Reading<'_> {
    fn unread(&mut self, line: usize, what: impl Into<String>) {
        self.draft.unread.push(Unread { line, what: what.into() });
    }

    fn table(&mut self, headings: &Headings, table: &Table) {
        if headings.kind == Kind::Other {
            let names: Vec<&str> = headings.columns.iter().map(|(_, name)| name.as_str()).collect();
            let rows = table.rows.len().saturating_sub(headings.rows);
            self.tally.tables += 1;
            let names = short(&names.join(" | "));
            self.unread(table.line, format!("a table of {rows} rows with headings that are not understood: {names}"));
            return;
        }
        for (_, name) in headings.columns.iter().filter(|(column, name)| *column == Column::Unknown && !name.is_empty())
        {
            self.unread(table.line, format!("the column `{}` was left out", short(name)));
        }
        for row in table.rows.iter().skip(headings.rows) {
            self.row(headings, row);
        }
    }

    fn row(&mut self, headings: &Headings, row: &Row) {
        let mut texts = Vec::with_capacity(row.cells.len());
        let mut beyond = Vec::new();
        for (at, cell) in row.cells.iter().enumerate() {
            let text = tidy(cell);
            match headings.columns.get(at) {
                Some((column, name)) => texts.push((*column, name.as_str(), text)),
                None if is_nothing(&text) => {}
                None => beyond.push(text),
            }
        }
        if is_caption(&texts) {
            return;
        }
        if headings.kind == Kind::Resources {
            self.urn(&Cells { line: row.line, texts });
            return;
        }
        let before = self.draft.unread.len();
        for text in beyond {
            self.unread(row.line, format!("a cell without a heading: `{}`", short(&text)));
        }
        let cells = Cells { line: row.line, texts };
        let is_read = match headings.kind {
            Kind::Apis(is_identity) => self.api(&cells, is_identity),
            Kind::Names => self.action_alone(&cells, ""),
            _ => self.action(&cells),
        };
        match (is_read, self.draft.unread.len() > before) {
            (true, false) => self.tally.read += 1,
            (true, true) => self.tally.part += 1,
            (false, _) => self.tally.unread += 1,
        }
    }

    fn finish(mut self) -> (Draft, Tally) {
        for (place, rows) in std::mem::take(&mut self.rows).into_iter().enumerate() {
            if let (Some(united), Some(api)) = (self.united(&rows), self.draft.apis.get_mut(place)) {
                *api = united;
            }
        }
        for resource in self.draft.actions.iter_mut().flat_map(|action| &mut action.resources) {
            resource.urn = self.urns.get(&resource.kind).cloned();
        }
        self.draft.when = self.conditions.codes;
        self.draft.unread.sort_by_key(|unread| unread.line);
        (self.draft, self.tally)
    }
}
/// Whether a row is a caption: one text over all columns, or none at all, or the headings again.
fn is_caption(texts: &[(Column, &str, String)]) -> bool {
    let first = texts.first().map(|(_, _, text)| text.as_str()).unwrap_or_default();
    let is_one = texts.len() > 1 && texts.iter().all(|(_, _, text)| text == first);
    is_one || texts.iter().all(|(_, heading, text)| text.is_empty() || text.replace('\n', " ") == **heading)
}
