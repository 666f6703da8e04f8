//! An independent oracle for `grantlint::authz`: it settles all that an input leaves open in every possible way, decides
//! each of those worlds by plain two-valued IAM rules, and holds the three-valued decision against the outcome.
//!
//! The oracle knows nothing of the evaluator but its data types.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "oracle/agreement.rs"]
mod agreement;
#[path = "oracle/case.rs"]
mod case;
#[path = "oracle/conditions.rs"]
mod conditions;
#[path = "oracle/display.rs"]
mod display;
#[path = "oracle/glob.rs"]
mod glob;
#[path = "oracle/iam.rs"]
mod iam;
#[path = "oracle/inputs.rs"]
mod inputs;
#[path = "oracle/laws.rs"]
mod laws;
#[path = "oracle/operators.rs"]
mod operators;
#[path = "oracle/plain.rs"]
mod plain;
#[path = "oracle/plain_conditions.rs"]
mod plain_conditions;
#[path = "oracle/plain_newer.rs"]
mod plain_newer;
#[path = "oracle/policies.rs"]
mod policies;
#[path = "oracle/reasons.rs"]
mod reasons;
#[path = "oracle/resources.rs"]
mod resources;
#[path = "oracle/runner.rs"]
mod runner;
#[path = "oracle/scopes.rs"]
mod scopes;
#[path = "oracle/seeds.rs"]
mod seeds;
#[path = "oracle/shrink.rs"]
mod shrink;
#[path = "oracle/variety.rs"]
mod variety;
#[path = "oracle/worlds.rs"]
mod worlds;
