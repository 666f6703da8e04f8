//! Modules: the folders that hold them, how they call each other, and what the names in them stand for.

mod address;
mod declarations;
mod files;
mod folder;
mod folders;
mod instance;
mod listing;
mod memo;
mod overriding;
mod provider;
mod repetition;
mod settled;
mod types;
mod variables;

pub(super) use address::{Address, Key, merged};
pub(super) use declarations::Declared;
#[cfg(test)]
pub(super) use declarations::Written;
pub(super) use folder::{Folder, is_json, is_values};
pub(super) use folders::{Folders, local_source, parsed, source_of};
pub(super) use instance::{Analysis, Instance};
pub(super) use provider::{Provider, Reference};
pub(super) use repetition::{Repetition, Turn};
pub(super) use settled::{Settled, SettledAttribute, SettledBlock, Wanted};
pub(crate) use variables::values;
