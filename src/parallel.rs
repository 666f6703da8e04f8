//! Work on many items at once.

use rayon::prelude::*;

/// Drops what is of no more use: from `many` items on while the run goes on.
pub(crate) fn discard<T: Send + 'static>(value: T, items: usize, many: usize) {
    if items >= many {
        rayon::spawn(move || drop(value));
    }
}

/// Maps in the order of the items: in parallel from `many` of them on, below which threads cost more than they gain.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], many: usize, each: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    if items.len() < many { items.iter().map(each).collect() } else { items.par_iter().map(each).collect() }
}

/// All items of several lists, in room that is asked for once.
pub(crate) fn flat<T>(lists: Vec<Vec<T>>) -> Vec<T> {
    let mut all = Vec::with_capacity(lists.iter().map(Vec::len).sum());
    all.extend(lists.into_iter().flatten());
    all
}

/// Sorts, by an order in which no two items are equal.
pub(crate) fn sort<T: Ord + Send>(items: &mut [T], many: usize) {
    if items.len() < many { items.sort_unstable() } else { items.par_sort_unstable() }
}

/// Does two things: at once where there is much to do.
pub(crate) fn join<A: Send, B: Send>(
    is_much: bool,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    if is_much { rayon::join(first, second) } else { (first(), second()) }
}
