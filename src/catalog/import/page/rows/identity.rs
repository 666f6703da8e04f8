//! Rows that describe actions of grammar 5.0 and types of resources.

use super::super::super::{DraftAction, DraftResource};
use super::super::actions;
use super::super::headings::Column;
use super::words::{access_level, extend, is_word, short, words};
use super::{Cells, Reading};

impl Reading<'_> {
    /// A row of a table of actions. Gives whether something was read.
    pub(super) fn action(&mut self, cells: &Cells<'_>) -> bool {
        let line = cells.line;
        let text = self.noted(cells, Column::Action);
        let named = actions::read(&text);
        if named.actions.is_empty() || !named.leftover.is_empty() {
            self.unread(line, format!("the row names no action, or more than that: `{}`", short(&text)));
            return false;
        }
        let access = cells.get(Column::AccessLevel);
        let level = access_level(&access);
        if level.is_none() && !access.is_empty() {
            self.unread(line, format!("unknown access level `{}`", short(&access)));
        }
        let keys = words(&cells.get(Column::ConditionKey));
        let kinds = cells.get(Column::ResourceType);
        let Some(resources) = resources(&kinds, &keys) else {
            self.unread(line, format!("the types of resources are not understood: `{}`", short(&kinds)));
            return false;
        };
        let conditions = if resources.is_empty() { keys } else { Vec::new() };
        let aliases = self.plain(cells, Column::Alias);
        // What they are for, the URI below the table tells.
        self.plain(cells, Column::Depends);
        for (action, words) in named.actions {
            if let Some(words) = words {
                self.unread(line, format!("words beside `{action}` were left out: `{}`", short(&words)));
            }
            let action = DraftAction {
                action,
                access: level.map(str::to_owned),
                resources: resources.clone(),
                conditions: conditions.clone(),
                aliases: aliases.clone(),
                ..DraftAction::default()
            };
            self.describe(action, line);
        }
        true
    }

    /// Adds what a row says of an action to what other rows say of it.
    fn describe(&mut self, action: DraftAction, line: usize) {
        let place = *self.actions.entry(action.action.to_ascii_lowercase()).or_insert(self.draft.actions.len());
        let Some(known) = self.draft.actions.get_mut(place) else {
            self.draft.actions.push(action);
            self.tally.actions.push(line);
            return;
        };
        for resource in action.resources {
            match known.resources.iter_mut().find(|other| other.kind == resource.kind) {
                None => known.resources.push(resource),
                Some(other) => {
                    other.required |= resource.required;
                    extend(&mut other.conditions, resource.conditions);
                }
            }
        }
        extend(&mut known.conditions, action.conditions);
        extend(&mut known.aliases, action.aliases);
    }

    pub(super) fn urn(&mut self, cells: &Cells<'_>) {
        let (kind, urn) = (cells.get(Column::ResourceType), cells.get(Column::Urn));
        let urn = urn.replace(['\n', ' '], "");
        if is_word(&kind) && urn.contains(':') {
            self.urns.insert(kind, urn);
            self.tally.read += 1;
        } else {
            self.tally.unread += 1;
            self.unread(
                cells.line,
                format!("not a type of resources and its URN: `{}` `{}`", short(&kind), short(&urn)),
            );
        }
    }
}

/// The types of a cell, each with the condition keys of the row; `None` if they are not understood.
fn resources(text: &str, keys: &[String]) -> Option<Vec<DraftResource>> {
    let text = text.replace(" *", "*");
    let resource = |word: String| {
        let kind = word.trim_end_matches('*');
        let required = kind.len() < word.len();
        let resource =
            DraftResource { kind: kind.to_owned(), required, conditions: keys.to_vec(), ..DraftResource::default() };
        is_word(kind).then_some(resource)
    };
    words(&text).into_iter().map(resource).collect()
}
