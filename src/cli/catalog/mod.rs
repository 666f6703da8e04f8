//! `grantlint catalog`: one file per sub-command.

mod check;
mod import;
mod info;
mod search;
mod show;

use std::process::ExitCode;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Catalog {
    Info(info::Info),
    Show(show::Show),
    Search(search::Search),
    Check(check::Check),
    Import(import::Import),
}

impl Catalog {
    /// Runs the sub-command, and says with which code to exit.
    pub(super) fn run(&self) -> ExitCode {
        match self {
            Self::Info(info) => info.run(),
            Self::Show(show) => show.run(),
            Self::Search(search) => search.run(),
            Self::Check(check) => check.run(),
            Self::Import(import) => import.run(),
        }
    }
}
