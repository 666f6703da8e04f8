//! The page for a security review: read by a parser of HTML, and what it tells as data.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod program;

#[path = "html/page.rs"]
mod page;
#[path = "html/projects.rs"]
mod projects;
#[path = "html/review.rs"]
mod review;
#[path = "html/states.rs"]
mod states;
