//! The items of an `Action` element, as fixes change them.

use crate::fix::{self, Fix};
use crate::policy::Located;
use crate::project::PolicyDocument;

/// The items before and behind one, where there are any.
pub(super) type Neighbours<'p> = (Option<&'p Located<String>>, Option<&'p Located<String>>);

/// What stands beside an item of a list.
pub(super) fn neighbours(items: &[Located<String>], index: usize) -> Neighbours<'_> {
    (index.checked_sub(1).and_then(|before| items.get(before)), items.get(index + 1))
}

/// Takes an item out of its list, in which an action stands that means the same.
pub(super) fn without(
    document: &PolicyDocument,
    item: &Located<String>,
    action: &str,
    neighbours: Neighbours<'_>,
) -> Option<Fix> {
    let file = fix::written_file(&document.source)?;
    let edit = fix::removed(file, item, neighbours)?;
    Some(Fix::new(format!("remove `{}`: `{action}` stands there already", item.value), file, vec![edit]))
}

/// Writes another action in the place of an item.
pub(super) fn replaced(document: &PolicyDocument, item: &Located<String>, action: &str) -> Option<Fix> {
    let file = fix::written_file(&document.source)?;
    let edit = fix::rewritten(file, item.span, &item.value, action)?;
    Some(Fix::new(format!("write `{action}`"), file, vec![edit]))
}
