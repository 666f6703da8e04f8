//! An independent oracle for `grantlint::authz`: it settles all that an input leaves open in every possible way, decides
//! each of those worlds by plain two-valued IAM rules, and holds the three-valued decision against the outcome.
//!
//! The oracle knows nothing of the evaluator but its data types.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "oracle/agreement.rs"]
mod agreement;
#[path = "oracle/drafts.rs"]
mod drafts;
#[path = "oracle/glob.rs"]
mod glob;
#[path = "oracle/iam.rs"]
mod iam;
#[path = "oracle/inputs.rs"]
mod inputs;
#[path = "oracle/invariants.rs"]
mod invariants;
#[path = "oracle/plain.rs"]
mod plain;
#[path = "oracle/seeds.rs"]
mod seeds;
#[path = "oracle/worlds.rs"]
mod worlds;
