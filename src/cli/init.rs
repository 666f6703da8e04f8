//! `grantlint init`: a first configuration.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::failure;
use super::options::options;
use super::output::{Existing, ended, print, tell, working_directory, write_whole};
use super::telling::{Color, WIDTH};
use crate::config::FILE_NAME;
use crate::init::{Draft, text};
use crate::manifest::Variables;
use crate::report::Human;
use crate::source::near;

/// Write a first grantlint.yaml from what a folder holds
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,

    /// Print it instead of writing a file
    #[arg(long)]
    print: bool,
}

impl Init {
    /// Writes the configuration. Exit code 0, or 2 where it cannot be written or is there already.
    pub(super) fn run(&self) -> ExitCode {
        let path = if self.is_here() { PathBuf::from(FILE_NAME) } else { self.folder.join(FILE_NAME) };
        if !self.folder.exists() {
            let near = near(&self.folder, &working_directory().join(&self.folder));
            return refuse(&format!("there is no folder `{}`{near}", self.folder.display()));
        }
        if self.folder.is_file() {
            return refuse(&format!("`{}` is a file: name the folder that it lies in", self.folder.display()));
        }
        if !self.print && path.symlink_metadata().is_ok() {
            let path = path.display();
            return refuse(&format!("`{path}` is there already, and is not written over: `--print` prints a new one"));
        }
        match self.draft() {
            Ok(draft) if self.print => ended(print(|out| out.write_all(text(&draft).as_bytes())), ExitCode::SUCCESS),
            Ok(draft) => self.write(&draft, &path),
            Err(error) => failure::explain(&error, human()),
        }
    }

    fn is_here(&self) -> bool {
        self.folder == Path::new(".")
    }

    fn draft(&self) -> Result<Draft, crate::run::RunError> {
        let variables = Variables::default();
        let folder = working_directory().join(&self.folder);
        let all = [PathBuf::from(".")];
        crate::init(&options(&all, &folder, None, &variables))
    }

    fn write(&self, draft: &Draft, path: &Path) -> ExitCode {
        let written = write_whole(path, Existing::Kept, |out| out.write_all(text(draft).as_bytes()));
        if let Err(error) = written {
            return refuse(&format!("`{}` cannot be written: {error}", path.display()));
        }
        tell(&format!("{} is written: {}.", path.display(), found(draft)));
        let folder = if self.is_here() { String::new() } else { format!(" {}", self.folder.display()) };
        tell(&format!("Put right what its comments ask for, then run `grantlint check{folder}`."));
        ExitCode::SUCCESS
    }
}

/// What was found, in a few words.
fn found(draft: &Draft) -> String {
    let counted = |number: usize, one: &str, more: &str| format!("{number} {}", if number == 1 { one } else { more });
    if draft.manifests == 0 && draft.policies.is_empty() && draft.held.is_empty() {
        return String::from("there is neither a manifest nor a policy, so it holds an example");
    }
    let policies = counted(draft.policies.len(), "policy", "policies");
    let held = match draft.held.len() {
        0 => String::new(),
        number => format!(", {} that manifests define", counted(number, "principal", "principals")),
    };
    let operations = counted(draft.operations, "operation", "operations");
    format!(
        "{operations} in {}, {policies} that nothing binds{held}",
        counted(draft.manifests, "manifest", "manifests")
    )
}

fn refuse(message: &str) -> ExitCode {
    tell(&format!("error: {message}"));
    ExitCode::from(2)
}

fn human() -> Human {
    Human { color: Color::Auto.is_wanted(io::stderr().is_terminal()), width: WIDTH, quiet: false, verbose: false }
}
