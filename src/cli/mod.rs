//! The command line: thin, one file per subcommand.

mod baseline;
mod catalog;
mod check;
mod completions;
mod explain;
mod failure;
mod fix;
mod init;
mod man;
mod merge;
mod options;
mod output;
mod outputs;
mod paths;
mod require;
mod shard;
mod telling;
mod variables;
mod version;
mod why;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Will the identity that deploys this be allowed to do it? Checks Huawei Cloud deployments against IAM policies,
/// offline, before anything is deployed.
#[derive(Debug, Parser)]
#[command(
    name = "grantlint",
    version,
    disable_version_flag = true,
    arg_required_else_help = true,
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
struct Arguments {
    /// Print the version
    #[arg(short = 'V', long)]
    version: bool,

    /// With --version: print how the program was built and what its table holds, too
    #[arg(short, long, requires = "version")]
    verbose: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
    Merge(merge::Merge),
    Init(init::Init),
    Require(require::Require),
    Why(why::Why),
    Explain(explain::Explain),
    /// Look into the permission table and make files that extend it
    #[command(subcommand)]
    Catalog(catalog::Catalog),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Runs the program on the arguments of the process.
///
/// Exit codes: 0, nothing at or above `--fail-on`; 1, findings at or above it; 2, the run could not be done.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let Some(command) = arguments.command else { return version::print(arguments.verbose) };
    match command {
        Command::Check(check) => check.run(),
        Command::Merge(merge) => merge.run(),
        Command::Init(init) => init.run(),
        Command::Require(require) => require.run(),
        Command::Why(why) => why.run(),
        Command::Explain(explain) => explain.run(),
        Command::Catalog(catalog) => catalog.run(),
        Command::Completions(completions) => completions.run(Arguments::command()),
        Command::Man(man) => man.run(Arguments::command()),
    }
}
