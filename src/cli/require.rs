//! `grantlint require`: what the manifests need, and the policies that grant it.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::failure;
use super::options::options;
use super::output::{Existing, tell, working_directory, write_whole};
use super::telling::{Color, PhaseChoice, WIDTH};
use super::variables::VariableOptions;
use crate::report::{self, GroupBy, Human, Paint, document};
use crate::require::{Grammar, Policies, Required, Wish, is_policy_name, policies};
use crate::run::{Options, RunError};

/// Print what the manifests need: as a table, as JSON, or as policies that are ready to be made
///
/// Without a principal everything that the manifests cause counts, with one what it deploys. What is not known of the
/// needs is told on standard error.
#[derive(Debug, Args)]
pub(super) struct Require {
    /// Files and folders that hold the manifests
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// Configuration to use instead of the nearest grantlint.yaml at or above the first PATH
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// What this principal deploys only, in its phases
    #[arg(long, value_name = "NAME")]
    principal: Option<String>,

    /// What the calls of these phases need only
    #[arg(long, value_enum, default_value_t = PhaseChoice::All)]
    phase: PhaseChoice,

    #[command(flatten)]
    variables: VariableOptions,

    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// What stands together in the table
    #[arg(long, value_enum, default_value_t = Group::Action)]
    group_by: Group,

    /// Leave out what is only possible, and dependencies
    #[arg(long)]
    certain_only: bool,

    /// Folder to write policies to, each to a file of its own, or file for any other format; `-` is standard output
    #[arg(long, value_name = "PATH", default_value = "-")]
    output: PathBuf,

    /// Colours in the output
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// Custom policies
    #[value(name = "policy-1.1")]
    Policy,
    /// Identity policies
    #[value(name = "policy-5.0")]
    Identity,
    /// Custom policies as resources of Terraform
    Terraform,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    Resource,
    Action,
    Service,
}

impl From<Group> for GroupBy {
    fn from(group: Group) -> Self {
        match group {
            Group::Resource => Self::Resource,
            Group::Action => Self::Action,
            Group::Service => Self::Service,
        }
    }
}

fn tell_all(notes: &[String]) {
    for note in notes {
        tell(note);
    }
}

impl Require {
    /// Prints what is needed. Exit code 0, or 2 where it cannot be found out or written.
    pub(super) fn run(&self) -> ExitCode {
        let required = match self.required() {
            Ok(required) => required,
            Err(error) => return failure::explain(&error, self.human(io::stderr().is_terminal())),
        };
        tell_all(&report::notes(&required));
        match self.write(&required) {
            Ok(()) => ExitCode::SUCCESS,
            // Whoever reads has seen enough.
            Err((_, error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Err((path, error)) => {
                tell(&format!("error: the output cannot be written to {}: {error}", path.display()));
                ExitCode::from(2)
            }
        }
    }

    fn required(&self) -> Result<Required, RunError> {
        let working_directory = working_directory();
        let (phases, variables) = (self.phase.phases(), self.variables.variables());
        let options = options(&self.paths, &working_directory, self.config.as_deref(), &variables);
        let options = Options { phases: &phases, ..options };
        crate::require(&options, Wish { principal: self.principal.as_deref(), certain_only: self.certain_only })
    }

    fn write(&self, required: &Required) -> Result<(), (PathBuf, io::Error)> {
        let grammar = match self.format {
            Format::Table => {
                let table = |is_terminal: bool, out: &mut dyn Write| {
                    let paint = Paint { color: self.color.is_wanted(is_terminal) };
                    report::required(required, self.group_by.into(), paint, out)
                };
                return self.one(table);
            }
            Format::Json => return self.one(|_, out| document(required, out)),
            Format::Policy | Format::Terraform => Grammar::Policy,
            Format::Identity => Grammar::Identity,
        };
        let policies = policies(required, grammar);
        tell_all(&report::policy_notes(required, &policies));
        if self.format == Format::Terraform {
            let owner = required.principal.as_deref().unwrap_or("deployment");
            return self.one(|_, out| report::terraform(&policies, owner, out));
        }
        if self.output == Path::new("-") { self.print(&policies) } else { self.write_all(&policies) }
    }

    /// Writes a single text to standard output, or to the file that is named.
    fn one(&self, write: impl FnOnce(bool, &mut dyn Write) -> io::Result<()>) -> Result<(), (PathBuf, io::Error)> {
        let at = |error| (self.output.clone(), error);
        if self.output != Path::new("-") {
            return write_whole(&self.output, Existing::Replaced, |out| write(false, out)).map_err(at);
        }
        let mut out = BufWriter::new(io::stdout().lock());
        write(io::stdout().is_terminal(), &mut out).and_then(|()| out.flush()).map_err(at)
    }

    /// One document after another on standard output; what each is, on standard error.
    fn print(&self, policies: &Policies) -> Result<(), (PathBuf, io::Error)> {
        if policies.policies.len() > 1 {
            let count = policies.policies.len();
            tell(&format!("{count} policies follow: `--output DIR` writes each to a file of its own"));
        }
        let mut out = io::stdout().lock();
        for policy in &policies.policies {
            tell(&format!("# {}.json: {}", policy.name, report::policy_purpose(policy)));
            let written = writeln!(out, "{}", policy.document.text()).and_then(|()| out.flush());
            written.map_err(|error| (self.output.clone(), error))?;
        }
        Ok(())
    }

    /// One file for each document.
    fn write_all(&self, policies: &Policies) -> Result<(), (PathBuf, io::Error)> {
        std::fs::create_dir_all(&self.output).map_err(|error| (self.output.clone(), error))?;
        for policy in &policies.policies {
            let path = self.output.join(format!("{}.json", policy.name));
            let written = write_whole(&path, Existing::Replaced, |out| writeln!(out, "{}", policy.document.text()));
            written.map_err(|error| (path.clone(), error))?;
            tell(&format!("wrote {}: {}", path.display(), report::policy_purpose(policy)));
        }
        for path in self.left(policies) {
            tell(&format!("{} is of an earlier run, and nothing needs it now: remove it", path.display()));
        }
        Ok(())
    }

    /// Files of the folder that go by names of policies, and that this run has not written.
    fn left(&self, policies: &Policies) -> Vec<PathBuf> {
        let paths = std::fs::read_dir(&self.output).into_iter().flatten().flatten().map(|entry| entry.path());
        let is_left = |path: &PathBuf| {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let is_policy = path.extension().is_some_and(|ending| ending == "json") && is_policy_name(stem);
            is_policy && policies.policies.iter().all(|policy| policy.name != stem)
        };
        let mut left: Vec<PathBuf> = paths.filter(is_left).collect();
        left.sort();
        left
    }

    fn human(&self, is_terminal: bool) -> Human {
        Human { color: self.color.is_wanted(is_terminal), width: WIDTH, quiet: false, verbose: false }
    }
}
