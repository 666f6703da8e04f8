//! What sub-commands that show something share: which configuration counts, and how to print.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::failure;
use super::telling::{Color, WIDTH};
use crate::config::Config;
use crate::lint::rule_names;
use crate::report::{Human, Paint, document};
use crate::run::RunError;
use crate::source::Disk;

#[derive(Debug, Args)]
pub(super) struct Common {
    /// Configuration to use instead of the nearest grantlint.yaml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// Colours in the output
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

/// The folder that shown paths are relative to.
pub(super) fn working_directory() -> PathBuf {
    std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
}

impl Common {
    /// The configuration that is meant, as `grantlint check` finds it from `start`.
    pub(super) fn configuration(&self, start: &Path) -> Result<Config, RunError> {
        Ok(Config::find(self.config.as_deref(), start, Disk::of(&working_directory()), &rule_names())?)
    }

    /// The configuration that is to be used instead of the nearest.
    pub(super) fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// The table with the extensions of the configuration.
    pub(super) fn catalog(&self) -> Result<crate::catalog::Catalog, RunError> {
        crate::run::catalog(&self.configuration(Path::new("."))?, Disk::of(&working_directory()))
    }

    /// Prints a value in the format that is asked for; `code` is the code to exit with then.
    pub(super) fn print<T: Serialize>(
        &self,
        value: &T,
        human: impl FnOnce(Human, &mut dyn Write) -> io::Result<()>,
        code: ExitCode,
    ) -> ExitCode {
        let printed = print(|out| match self.format {
            Format::Human => human(self.human(io::stdout().is_terminal()), out),
            Format::Json => document(value, out),
        });
        ended(printed, code)
    }

    fn human(&self, is_terminal: bool) -> Human {
        Human { color: self.color.is_wanted(is_terminal), width: WIDTH, quiet: false, verbose: false }
    }

    /// Tells why the sub-command cannot be done, and gives the exit code.
    pub(super) fn fail(&self, error: &RunError) -> ExitCode {
        failure::explain(error, self.human(io::stderr().is_terminal()))
    }
}

/// Writes to standard output, as long as somebody reads it.
pub(super) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// The code to exit with behind what was printed: `code`, where it could be.
pub(super) fn ended(printed: io::Result<()>, code: ExitCode) -> ExitCode {
    let Err(error) = printed else { return code };
    tell(&format!("error: the output cannot be written: {error}"));
    ExitCode::from(2)
}

/// What becomes of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// It is written anew.
    Replaced,
    /// It is in the way.
    Kept,
}

/// Writes a file whole or not at all; one that is replaced keeps its permissions. What is no regular file (a pipe, a device) is written to as it is.
pub(super) fn write_whole(
    path: &Path,
    existing: Existing,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if existing == Existing::Replaced && std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let mut out = BufWriter::new(File::create(path)?);
        write(&mut out)?;
        return out.flush();
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // As any other new file: it is for others to read.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The name of the file in the making says nothing to anybody.
    let mut file = builder.tempfile_in(folder).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => io::Error::other(format!("there is no folder `{}`", folder.display())),
        kind => io::Error::from(kind),
    })?;
    let mut out = BufWriter::new(file.as_file_mut());
    write(&mut out)?;
    out.flush()?;
    drop(out);
    if let Ok(replaced) = std::fs::metadata(path) {
        file.as_file().set_permissions(replaced.permissions())?;
    }
    file.as_file().sync_all()?;
    match existing {
        Existing::Replaced => file.persist(path)?,
        Existing::Kept => file.persist_noclobber(path)?,
    };
    Ok(())
}

/// Tells on standard error what is not there, and how to go on.
pub(super) fn tell(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

/// How to colour what is drawn without `miette`.
pub(super) fn paint(human: Human) -> Paint {
    Paint { color: human.color }
}
