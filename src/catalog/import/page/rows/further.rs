//! Rows that name actions and no API.

use super::super::super::super::Scopes;
use super::super::super::DraftFurther;
use super::super::actions;
use super::super::headings::Column;
use super::words::short;
use super::{Cells, Reading};

impl Reading<'_> {
    /// A row that names no API, or says something else in its place. Gives whether something was read.
    pub(super) fn action_alone(&mut self, cells: &Cells<'_>, instead: &str) -> bool {
        let line = cells.line;
        let text = self.noted(cells, Column::Action);
        let named = actions::read(&text);
        if named.actions.is_empty() {
            let shown = if text.is_empty() { String::new() } else { format!(": `{}`", short(&text)) };
            self.unread(line, format!("the row names neither an API with method and path nor an action{shown}"));
            return false;
        }
        if !instead.is_empty() {
            let what =
                format!("the row names no API with method and path, only actions were taken: `{}`", short(instead));
            self.unread(line, what);
        }
        let conditions = named.actions.iter().filter_map(|(_, words)| words.clone());
        let beside: Vec<String> = conditions.chain(named.leftover).collect();
        if !beside.is_empty() {
            self.unread(line, format!("words beside an action were left out: `{}`", short(&beside.join(" … "))));
        }
        let depends = self.plain(cells, Column::Depends);
        let scopes = self.scopes(cells);
        for (action, _) in named.actions {
            self.name(DraftFurther { action, scopes, depends: depends.clone() }, line);
        }
        true
    }

    fn name(&mut self, further: DraftFurther, line: usize) {
        let place = *self.further.entry(further.action.to_ascii_lowercase()).or_insert(self.draft.further.len());
        let Some(known) = self.draft.further.get_mut(place) else {
            self.draft.further.push(further);
            self.tally.further.push(line);
            return;
        };
        known.scopes = agree(known.scopes, further.scopes);
        super::words::extend(&mut known.depends, further.depends);
    }
}

/// What two rows say of the scopes; where they differ, nothing is known.
pub(super) fn agree(left: Scopes, right: Scopes) -> Scopes {
    Scopes {
        project: left.project.filter(|_| left.project == right.project),
        enterprise_project: left.enterprise_project.filter(|_| left.enterprise_project == right.enterprise_project),
    }
}
