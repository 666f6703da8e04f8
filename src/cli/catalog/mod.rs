//! `grantlint catalog`: the permission table and what extends it.

mod import;

use std::process::ExitCode;

use clap::Subcommand;

/// Look into the permission table and make files that extend it
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Catalog {
    Import(import::Import),
}

impl Catalog {
    pub(super) fn run(&self) -> ExitCode {
        match self {
            Self::Import(import) => import.run(),
        }
    }
}
