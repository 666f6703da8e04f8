//! The reference page of an API: a table of the actions of grammar 5.0 that it needs, and its URI below.

use super::super::super::DraftApi;
use super::super::headings::{Column, Headings};
use super::super::text::tidy;
use super::super::{Table, actions};
use super::Reading;
use super::words::{extend, names, short};

impl Reading<'_> {
    /// What the API below a table needs. `end` is the line of the table that follows.
    pub(super) fn operation(&mut self, headings: &Headings, table: &Table, end: usize) {
        let column = |wanted: Column| headings.columns.iter().position(|(column, _)| *column == wanted);
        let Some(depends) = column(Column::Depends) else { return };
        let of_column = |place: Option<usize>| {
            let mut all = Vec::new();
            let rows = table.rows.iter().skip(headings.rows);
            let mut cells: Vec<&str> = rows.filter_map(|row| row.cells.get(place?)).map(AsRef::as_ref).collect();
            cells.dedup();
            for cell in cells {
                extend(&mut all, names(actions::read(&tidy(cell)).actions));
            }
            all
        };
        let (needed, aliases) = (of_column(column(Column::Action)), of_column(column(Column::Alias)));
        let mut depends = of_column(Some(depends));
        depends.retain(|action| !needed.contains(action));
        if needed.is_empty() {
            return;
        }
        let from = self.calls.partition_point(|call| call.line <= table.line);
        let Some(call) = self.calls.get(from).filter(|call| call.line < end) else {
            if !depends.is_empty() {
                let what = "dependencies were left out, as no URI (`METHOD /path` on a line) follows the table";
                self.unread(table.line, format!("{what}: `{}`", short(&depends.join(", "))));
            }
            return;
        };
        let (line, api) = (call.line, call.api.clone());
        let identity_aliases = if needed.len() == 1 { aliases } else { Vec::new() };
        let row =
            DraftApi { api, identity: needed, identity_aliases, identity_depends: depends, ..DraftApi::default() };
        self.add(row, "", line);
    }
}
