//! Every file of a draft is given to the table before anybody gets it.

use super::super::{Catalog, TableError};
use super::{Draft, Imported, Unread};

/// Takes the rows out that the table refuses, and gives them back. An import without lines for its rows is
/// told by its document alone.
pub(super) fn refused(imported: &mut Imported, catalog: &Catalog) -> Vec<Unread> {
    let mut unread = Vec::new();
    if check(&imported.draft, catalog).is_ok() {
        return unread;
    }
    let draft = &imported.draft;
    let empty = Draft {
        apis: Vec::new(),
        further: Vec::new(),
        actions: Vec::new(),
        policies: Vec::new(),
        unread: Vec::new(),
        ..draft.clone()
    };
    let apis = std::mem::take(&mut imported.draft.apis);
    let lines = std::mem::take(&mut imported.tally.apis);
    let mut test = |rows: &[_]| check(&Draft { apis: rows.to_vec(), ..empty.clone() }, catalog);
    (imported.draft.apis, imported.tally.apis) = halve(apis, lines, &mut test, &mut unread);
    let further = std::mem::take(&mut imported.draft.further);
    let lines = std::mem::take(&mut imported.tally.further);
    let mut test = |rows: &[_]| check(&Draft { further: rows.to_vec(), ..empty.clone() }, catalog);
    (imported.draft.further, imported.tally.further) = halve(further, lines, &mut test, &mut unread);
    let actions = std::mem::take(&mut imported.draft.actions);
    let lines = std::mem::take(&mut imported.tally.actions);
    let mut test = |rows: &[_]| check(&Draft { actions: rows.to_vec(), ..empty.clone() }, catalog);
    (imported.draft.actions, imported.tally.actions) = halve(actions, lines, &mut test, &mut unread);
    let policies = std::mem::take(&mut imported.draft.policies);
    let lines = vec![1; policies.len()];
    let mut test = |rows: &[_]| check(&Draft { policies: rows.to_vec(), ..empty.clone() }, catalog);
    imported.draft.policies = halve(policies, lines, &mut test, &mut unread).0;
    unread
}

fn check(draft: &Draft, catalog: &Catalog) -> Result<(), TableError> {
    let mut catalog = catalog.clone();
    for file in draft.files() {
        if let Err(errors) = catalog.extend(&file.path, &file.text) {
            return errors.into_iter().next().map_or(Ok(()), Err);
        }
    }
    Ok(())
}

/// The rows that pass, found by halves, with their lines.
fn halve<T>(
    mut rows: Vec<T>,
    mut lines: Vec<usize>,
    test: &mut dyn FnMut(&[T]) -> Result<(), TableError>,
    unread: &mut Vec<Unread>,
) -> (Vec<T>, Vec<usize>) {
    let Err(error) = test(&rows) else { return (rows, lines) };
    if rows.len() <= 1 {
        let line = lines.first().copied().unwrap_or(1);
        unread.push(Unread { line, what: format!("the table refuses the row: {}", error.message) });
        return (Vec::new(), Vec::new());
    }
    let middle = rows.len() / 2;
    let (back, back_lines) = (rows.split_off(middle), lines.split_off(middle.min(lines.len())));
    let (mut kept, mut kept_lines) = halve(rows, lines, test, unread);
    let (back, back_lines) = halve(back, back_lines, test, unread);
    kept.extend(back);
    kept_lines.extend(back_lines);
    (kept, kept_lines)
}
