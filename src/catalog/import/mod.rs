//! Turning what the vendor publishes into the YAML of `rules/`: what is read becomes a [`Draft`], which is
//! written as files that [`Catalog::extend`](super::Catalog::extend) takes.

mod draft;
mod json;
mod names;
pub mod roles;
pub mod schema;
mod yaml;

pub use draft::{Draft, DraftAction, DraftApi, DraftPolicy, DraftResource, ImportedFile, Unread};
pub use names::{action_prefix, in_three_parts};
