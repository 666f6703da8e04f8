//! `grantlint merge`: the main job over the shares that other runs have read.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::options::today;
use super::output::working_directory;
use super::telling::Telling;
use crate::run::{Joined, Options, Part, RunError};

/// Check what `grantlint check --shard` has read on several machines, as one
///
/// Prints what `grantlint check` prints over the whole project, and needs none of its files.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The parts that `grantlint check --shard` has written: all of them
    #[arg(value_name = "PART", required = true)]
    parts: Vec<PathBuf>,

    #[command(flatten)]
    telling: Telling,
}

impl Merge {
    /// Runs the check, prints what it found, and says with which code to exit.
    pub(super) fn run(&self) -> ExitCode {
        let report = self.joined().and_then(|joined| {
            // What the parts were made from lies elsewhere.
            let here = working_directory();
            let at = |path: &Path| here.join(path);
            self.telling.run(joined.options(today()), |options| {
                let baseline = options.baseline.map(at);
                crate::check(&Options { baseline: baseline.as_deref(), ..*options })
            })
        });
        match report {
            Ok(report) => self.telling.told(&report),
            Err(error) => self.telling.fail(&error),
        }
    }

    fn joined(&self) -> Result<Joined, RunError> {
        let read = |path: &PathBuf| Ok((path.display().to_string(), Part::read(path)?));
        Joined::new(self.parts.iter().map(read).collect::<Result<_, RunError>>()?)
    }
}
