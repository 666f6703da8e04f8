//! The `grantlint` program.

use std::process::ExitCode;

/// A run makes many small things, in all threads at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    grantlint::cli::run()
}
