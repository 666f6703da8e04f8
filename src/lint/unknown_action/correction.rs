//! What mends a misspelt action.

use std::collections::HashSet;

use crate::fix::Fix;
use crate::lint::actions::{neighbours, replaced, without};
use crate::policy::{Located, Statement};
use crate::project::PolicyDocument;

/// The corrections of one list, which are to bring no action twice.
pub(super) struct Corrections<'p> {
    document: &'p PolicyDocument,
    items: &'p [Located<String>],
    /// In lower case.
    there: HashSet<String>,
}

impl<'p> Corrections<'p> {
    pub(super) fn of(document: &'p PolicyDocument, statement: &'p Statement) -> Self {
        let items = statement.actions.patterns();
        Self { document, items, there: items.iter().map(|item| item.value.to_lowercase()).collect() }
    }

    /// Writes `action` in the place of an item, or takes the item away where the action stands in the list.
    pub(super) fn of_item(&mut self, item: &Located<String>, action: &str) -> Option<Fix> {
        if self.there.insert(action.to_lowercase()) {
            return replaced(self.document, item, action);
        }
        let index = self.items.iter().position(|other| other.span == item.span)?;
        without(self.document, item, action, neighbours(self.items, index))
    }
}
