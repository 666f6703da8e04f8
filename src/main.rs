//! The `grantlint` program.
fn main() {}
