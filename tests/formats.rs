//! Every format, read by a consumer that knows nothing of this program: the schema of SARIF and its types, readers of
//! XML, CSV, JSON and Markdown, and small readers after the documents of the services.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod program;

#[path = "formats/csv.rs"]
mod csv_rows;
#[path = "formats/github.rs"]
mod github;
#[path = "formats/gitlab.rs"]
mod gitlab;
#[path = "formats/jsonl.rs"]
mod jsonl;
#[path = "formats/junit.rs"]
mod junit;
#[path = "formats/markdown.rs"]
mod markdown;
#[path = "formats/outputs.rs"]
mod outputs;
#[path = "formats/reports.rs"]
mod reports;
#[path = "formats/sarif.rs"]
mod sarif;
