//! `--shard` of a check.

use clap::Args;

use crate::run::Shard;

#[derive(Debug, Args)]
pub(super) struct ShardOptions {
    /// Read only the I-th of N shares of the folders, and write it for `grantlint merge` to --output or standard output
    #[arg(long, value_name = "I/N", conflicts_with_all = OF_WHOLE_RUNS)]
    shard: Option<Shard>,
}

/// The options that mean nothing before all shares are together.
const OF_WHOLE_RUNS: [&str; 14] = [
    "changed",
    "fix",
    "diff",
    "principal",
    "phase",
    "format",
    "show-suppressed",
    "select",
    "ignore",
    "severity",
    "baseline",
    "write_baseline",
    "fail_on",
    "verbose",
];

impl ShardOptions {
    /// The share that is asked for.
    pub(super) fn wanted(&self) -> Option<Shard> {
        self.shard
    }
}
