//! `grantlint require` for people: a table, notes on what is not known, and resources of Terraform.

mod notes;
mod table;
mod terraform;

pub use notes::{notes, policy_notes, policy_purpose};
pub use table::{GroupBy, required};
pub use terraform::terraform;

use crate::explain::Purpose;

/// A purpose in one word.
fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Needed => "needed",
        Purpose::Sometimes => "possible",
        Purpose::Dependency => "dependency",
    }
}

/// "1 action" or "3 actions".
fn counted(count: usize, noun: &str) -> String {
    match (count, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        _ => format!("{count} {noun}s"),
    }
}
