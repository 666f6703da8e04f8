//! Work on many items at once.

use rayon::prelude::*;

/// Maps in the order of the items: in parallel from `many` of them on, below which threads cost more than they gain.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], many: usize, each: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    if items.len() < many { items.iter().map(each).collect() } else { items.par_iter().map(each).collect() }
}
