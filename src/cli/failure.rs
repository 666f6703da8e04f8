//! Telling why a run cannot be done.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::config::ConfigError;
use crate::report::{Human, human_mistakes};
use crate::run::RunError;

/// Tells it on standard error, and gives the exit code.
pub(super) fn explain(error: &RunError, human: Human) -> ExitCode {
    let mut stderr = io::stderr().lock();
    // Nothing is left to do where standard error cannot be written.
    if let RunError::Config(ConfigError::Mistakes { file, mistakes }) = error {
        let _ = human_mistakes(human, file, mistakes, &mut stderr);
    }
    let _ = writeln!(stderr, "error: {error}");
    ExitCode::from(2)
}
