//! `grantlint man`: the pages for `man`.

use std::process::ExitCode;

use clap::{Args, Command};

use super::output::{ended, print, tell};
use crate::nearest::suggestion;

/// Print the page of the program, or of a command, for `man`
#[derive(Debug, Args)]
pub(super) struct Man {
    /// The command, such as `check` or `catalog show`; without it the page of the program
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

impl Man {
    pub(super) fn run(&self, mut program: Command) -> ExitCode {
        program.build();
        match self.page(&program) {
            Ok(page) => ended(print(|out| page.render(out)), ExitCode::SUCCESS),
            Err(message) => {
                tell(&message);
                ExitCode::from(2)
            }
        }
    }

    fn page(&self, program: &Command) -> Result<clap_mangen::Man, String> {
        let mut command = program;
        for name in &self.command {
            command = command.find_subcommand(name).ok_or_else(|| unknown(name, command))?;
        }
        Ok(clap_mangen::Man::new(command.clone()))
    }
}

fn unknown(name: &str, command: &Command) -> String {
    let known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    let of = command.get_bin_name().unwrap_or(command.get_name());
    if known.is_empty() {
        return format!("error: `{of}` has no commands, so there is no page of `{name}`");
    }
    format!("error: `{of}` has no command `{name}`: {}", suggestion(name, &known))
}
