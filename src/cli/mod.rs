//! The command line: thin, one file per subcommand.

mod baseline;
mod catalog;
mod check;
mod explain;
mod failure;
mod options;
mod output;
mod outputs;
mod require;
mod variables;
mod why;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Will the identity that deploys this be allowed to do it? Checks Huawei Cloud deployments against IAM policies,
/// offline, before anything is deployed.
#[derive(Debug, Parser)]
#[command(name = "grantlint", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
    Require(require::Require),
    Why(why::Why),
    Explain(explain::Explain),
    /// Look into the permission table and make files that extend it
    #[command(subcommand)]
    Catalog(catalog::Catalog),
}

/// Runs the program on the arguments of the process.
///
/// Exit codes: 0, nothing at or above `--fail-on`; 1, findings at or above it; 2, the run could not be done.
pub fn run() -> ExitCode {
    match Arguments::parse().command {
        Command::Check(check) => check.run(),
        Command::Require(require) => require.run(),
        Command::Why(why) => why.run(),
        Command::Explain(explain) => explain.run(),
        Command::Catalog(catalog) => catalog.run(),
    }
}
