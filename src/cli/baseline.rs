//! The options of `grantlint check` about findings that do not count.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::output::{Existing, tell, write_whole};
use crate::baseline::{self, Baseline};
use crate::report::Report;

#[derive(Debug, Args)]
pub(super) struct BaselineOptions {
    /// Tell only findings that this file, written by --write-baseline, does not record
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    baseline: Option<PathBuf>,

    /// Record the findings of this run in a file for --baseline, and exit with 0
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
}

impl BaselineOptions {
    /// The file of findings that do not count.
    pub(super) fn known(&self) -> Option<&Path> {
        self.baseline.as_deref()
    }

    /// Writes the baseline that is asked for, or says how much of the given one is needed no more; gives the code to exit
    /// with, which is `code` where no baseline is written.
    pub(super) fn settle(&self, report: &Report, code: ExitCode) -> ExitCode {
        if let Some(path) = &self.write_baseline {
            return record(report, path);
        }
        if let Some(path) = self.baseline.as_ref().filter(|_| report.gone > 0) {
            let (gone, path) = (counted(report.gone), path.display());
            tell(&format!("note: the baseline can shrink by {gone}: write it anew with `--write-baseline {path}`"));
        }
        code
    }
}

fn record(report: &Report, path: &Path) -> ExitCode {
    if path.exists() && Baseline::read(path, Path::new("")).is_err() {
        let path = path.display();
        tell(&format!("error: `{path}` is no baseline, so it is not replaced: remove it, or name another file"));
        return ExitCode::from(2);
    }
    match write_whole(path, Existing::Replaced, |out| baseline::write(report, out)) {
        Ok(()) => {
            tell(&format!("{} recorded in {}", counted(report.findings.len()), path.display()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            tell(&format!("error: the baseline cannot be written to {}: {error}", path.display()));
            ExitCode::from(2)
        }
    }
}

fn counted(findings: usize) -> String {
    if findings == 1 { String::from("1 finding") } else { format!("{findings} findings") }
}
