//! The `grantlint` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    grantlint::cli::run()
}
