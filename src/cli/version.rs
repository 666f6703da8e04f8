//! `grantlint --version`.

use std::io::{self, Write};
use std::process::ExitCode;

use super::output::{self, ended};
use crate::catalog::Catalog;
use crate::explore::inventory;

/// Prints the version; with all that a report of a mistake needs beside it, where `is_verbose`.
pub(super) fn print(is_verbose: bool) -> ExitCode {
    let printed = output::print(|out| {
        writeln!(out, "grantlint {}", env!("CARGO_PKG_VERSION"))?;
        if is_verbose { facts(out) } else { Ok(()) }
    });
    ended(printed, ExitCode::SUCCESS)
}

fn facts(out: &mut dyn Write) -> io::Result<()> {
    let table = inventory(&Catalog::embedded());
    writeln!(out, "commit: {}", option_env!("GRANTLINT_COMMIT").unwrap_or("unknown"))?;
    writeln!(out, "target: {}", env!("GRANTLINT_TARGET"))?;
    writeln!(out, "profile: {}", env!("GRANTLINT_PROFILE"))?;
    writeln!(out, "compiler: {}", env!("GRANTLINT_COMPILER"))?;
    let newest = table.documents.first().and_then(|document| document.date.as_deref()).unwrap_or("unknown");
    writeln!(out, "table: {} APIs of {} services, newest source of {newest}", table.figures.apis.rows, table.services)
}
