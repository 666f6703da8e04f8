//! Which actions let their holder give itself more rights.

use super::Catalog;
use super::entries::Source;
use super::layout::{ActionSetRow, EscalationRow};
use super::read;

/// A way to more rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation<'a> {
    /// Its name.
    pub id: &'a str,
    /// One action of each set is needed.
    pub all: Vec<ActionSet<'a>>,
    /// What the actions let their holder do: completes "lets it …".
    pub why: &'a str,
    /// Where it was read what the actions do.
    pub source: Source<'a>,
}

/// Actions of which one is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionSet<'a> {
    /// As roles and policies (1.x) name them.
    pub actions: Vec<&'a str>,
    /// As identity policies (5.0) name them.
    pub identity: Vec<&'a str>,
}

impl Catalog {
    /// The known ways to more rights, in the order of their file.
    pub fn escalations(&self) -> Vec<Escalation<'_>> {
        let rows = self.tables().flat_map(|table| table.rows::<EscalationRow>().iter().map(move |row| (table, row)));
        rows.map(|(table, row)| Escalation {
            id: table.text(row.id),
            all: table
                .run::<ActionSetRow>(row.all)
                .iter()
                .map(|set| ActionSet {
                    actions: table.texts(set.actions).collect(),
                    identity: table.texts(set.identity).collect(),
                })
                .collect(),
            why: table.text(row.why),
            source: read::source(table, row.source),
        })
        .collect()
    }

    /// An action is one of those with which a way to more rights begins; letter case does not count.
    pub fn leads_to_rights(&self, action: &str) -> bool {
        self.tables().any(|table| {
            let sets = table.rows::<EscalationRow>().iter().flat_map(|row| table.run::<ActionSetRow>(row.all));
            let mut names = sets.flat_map(|set| table.texts(set.actions).chain(table.texts(set.identity)));
            names.any(|name| name.eq_ignore_ascii_case(action))
        })
    }
}
