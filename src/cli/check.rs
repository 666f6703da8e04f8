//! `grantlint check`: the main job.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::fix::FixOptions;
use super::options::options;
use super::output::working_directory;
use super::paths::PathOptions;
use super::shard::ShardOptions;
use super::telling::Telling;
use super::variables::VariableOptions;
use crate::run::{Options, RunError};

/// Check manifests and policies, and print findings
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    paths: PathOptions,

    /// Configuration to use instead of the nearest grantlint.yaml at or above the first PATH
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    variables: VariableOptions,

    #[command(flatten)]
    shard: ShardOptions,

    #[command(flatten)]
    fixes: FixOptions,

    #[command(flatten)]
    telling: Telling,
}

impl Check {
    /// Runs the check, prints what it found, and says with which code to exit.
    pub(super) fn run(&self) -> ExitCode {
        let telling = &self.telling;
        let code = if let Some(shard) = self.shard.wanted() {
            self.run_with(|options| crate::gather(options, shard)).map(|part| telling.handed_on(&part))
        } else if self.fixes.are_wanted() {
            self.run_with(crate::fix)
                .map(|fixed| self.fixes.settle(&fixed).unwrap_or_else(|| telling.told(&fixed.report)))
        } else {
            self.run_with(crate::check).map(|report| {
                let code = telling.told(&report);
                // The process ends here: the system takes back its memory all at once.
                std::mem::forget(report);
                code
            })
        };
        code.unwrap_or_else(|error| telling.fail(&error))
    }

    /// What `run` makes of the options.
    fn run_with<T: Send>(&self, run: impl Fn(&Options<'_>) -> Result<T, RunError> + Sync) -> Result<T, RunError> {
        let working_directory = working_directory();
        let variables = self.variables.variables();
        let options = options(self.paths.checked(), &working_directory, self.config.as_deref(), &variables);
        self.telling.run(Options { changed: self.paths.changed(), ..options }, run)
    }
}
