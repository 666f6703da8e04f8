//! IAM inside Terraform: policies, who is granted them for what, and agencies.

mod agency;
mod binding;
mod document;
mod holder;
mod record;

pub(super) use binding::identities;
pub(super) use record::{Record, given_by, is_recorded};
