//! The rows of the file of escalations, in its order.

use super::super::format::{EscalationEntry, EscalationFile};
use super::super::layout::{ActionSetRow, EscalationRow, Run};
use super::builder::Builder;
use super::sources::Sources;

pub(super) fn compile(builder: &mut Builder, files: &[EscalationFile]) -> Result<(), String> {
    for file in files {
        let sources = Sources::push(builder, &file.sources)?;
        for (id, entry) in &file.ways.0 {
            let row = EscalationRow {
                id: builder.text(&id.0)?,
                all: sets(builder, entry)?,
                why: builder.text(&entry.why.0)?,
                source: sources.number(&entry.source)?,
            };
            builder.push(row)?;
        }
    }
    Ok(())
}

fn sets(builder: &mut Builder, entry: &EscalationEntry) -> Result<Run, String> {
    let mut rows = Vec::new();
    for set in &entry.all {
        rows.push(ActionSetRow {
            actions: builder.texts(set.actions.iter().map(|action| action.0.as_str()))?,
            identity: builder.texts(set.identity.iter().map(|action| action.0.as_str()))?,
        });
    }
    builder.run(&rows)
}
