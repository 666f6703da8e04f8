//! What `grantlint check` and `grantlint merge` have in common: which findings are told, how, and with which exit code.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::baseline::BaselineOptions;
use super::failure;
use super::output::tell;
use super::outputs::Outputs;
use crate::catalog::Phase;
use crate::lint::rule_names;
use crate::manifest::Stage;
use crate::report::{Human, Report};
use crate::run::{Options, Part, RunError};
use crate::severity::{Level, Severity};

/// Columns where the output is no terminal.
pub(super) const WIDTH: usize = 100;

/// A run that is longer than this shows its progress.
const LONG: Duration = Duration::from_millis(500);

/// Which findings are told, and how.
#[derive(Debug, Args)]
pub(super) struct Telling {
    /// Check this principal only; may be given again
    #[arg(long, value_name = "NAME")]
    principal: Vec<String>,

    /// Check the calls of these phases only
    #[arg(long, value_enum, default_value_t = PhaseChoice::All)]
    phase: PhaseChoice,

    #[command(flatten)]
    outputs: Outputs,

    /// Run these rules only
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rules())]
    select: Vec<String>,

    /// Do not run these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rules())]
    ignore: Vec<String>,

    /// Set the level of a rule: error, warning, note or off; may be given again
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',', value_parser = level)]
    severity: Vec<(String, Level)>,

    #[command(flatten)]
    baseline: BaselineOptions,

    /// Exit with 1 from this severity on
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,

    /// Threads to use; 0 is one for each processor
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=256))]
    threads: u16,

    /// Colours in the output
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,

    /// Print findings only
    #[arg(short, long)]
    quiet: bool,

    /// Show notes in their source too
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,

    /// Never show the progress of a long run
    #[arg(long)]
    no_progress: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PhaseChoice {
    /// What a plan reads
    Plan,
    /// What creating and changing calls
    Apply,
    /// What destroying calls
    Destroy,
    /// Everything
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether to colour what is written to a terminal, or not to one.
    pub(super) fn is_wanted(self, is_terminal: bool) -> bool {
        match self {
            Self::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

impl PhaseChoice {
    /// The phases of resources that are meant.
    pub(super) fn phases(self) -> Vec<Phase> {
        match self {
            Self::Plan => Stage::phases_of(&[Stage::Plan]),
            Self::Apply => Stage::phases_of(&[Stage::Apply]),
            Self::Destroy => Stage::phases_of(&[Stage::Destroy]),
            Self::All => Stage::phases_of(&Stage::ALL),
        }
    }
}

/// Hidden until the run proves long.
fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} files read ({elapsed})") {
        bar.set_style(style);
    }
    bar
}

fn rules() -> PossibleValuesParser {
    PossibleValuesParser::new(rule_names())
}

fn level(text: &str) -> Result<(String, Level), String> {
    let (rule, level) = text.split_once('=').ok_or("write RULE=LEVEL, such as missing-grant=warning")?;
    let names = rule_names();
    if !names.contains(&rule) {
        return Err(format!("there is no rule `{rule}`: {}", crate::nearest::suggestion(rule, &names)));
    }
    let level = level.parse::<Level>().map_err(|error| error.to_string())?;
    Ok((rule.to_owned(), level))
}

/// Tells that an output cannot be written.
fn unwritten((path, error): &(PathBuf, io::Error)) -> ExitCode {
    tell(&format!("error: the output cannot be written to {}: {error}", path.display()));
    ExitCode::from(2)
}

impl Telling {
    /// What `run` makes of the options of a run, with those that say what is told.
    pub(super) fn run<T: Send>(
        &self,
        options: Options<'_>,
        run: impl Fn(&Options<'_>) -> Result<T, RunError> + Sync,
    ) -> Result<T, RunError> {
        let bar = progress_bar();
        let levels: BTreeMap<String, Level> = self.severity.iter().cloned().collect();
        let progress = |files: usize| {
            bar.inc(files as u64);
            if bar.elapsed() > LONG && bar.is_hidden() && self.shows_progress() {
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
        };
        let phases = self.phase.phases();
        let options = Options {
            principals: &self.principal,
            phases: &phases,
            select: &self.select,
            ignore: &self.ignore,
            levels: &levels,
            baseline: self.baseline.known(),
            review: self.outputs.want_review(),
            progress: &progress,
            ..options
        };
        let done = match self.pool() {
            Some(pool) => pool.install(|| run(&options)),
            None => run(&options),
        };
        bar.finish_and_clear();
        done
    }

    /// Tells why the run cannot be done, and gives the exit code.
    pub(super) fn fail(&self, error: &RunError) -> ExitCode {
        failure::explain(error, self.human(io::stderr().is_terminal()))
    }

    /// Writes a report, and says with which code to exit.
    pub(super) fn told(&self, report: &Report) -> ExitCode {
        match self.outputs.write(report, |is_terminal| self.human(is_terminal)) {
            Ok(()) => self.baseline.settle(report, self.code(report)),
            Err(failed) => unwritten(&failed),
        }
    }

    /// Writes what one run of several hands on, and says with which code to exit.
    pub(super) fn handed_on(&self, part: &Part) -> ExitCode {
        self.outputs.write_plain(|out| part.write(out)).map_or_else(|failed| unwritten(&failed), |()| ExitCode::SUCCESS)
    }

    /// The threads, where a number is asked for. Otherwise they start when there is enough for them to do.
    fn pool(&self) -> Option<rayon::ThreadPool> {
        let threads = Some(usize::from(self.threads)).filter(|threads| *threads > 0)?;
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok()
    }

    fn shows_progress(&self) -> bool {
        !self.no_progress && !self.quiet && io::stderr().is_terminal()
    }

    fn human(&self, is_terminal: bool) -> Human {
        Human { color: self.color.is_wanted(is_terminal), width: WIDTH, quiet: self.quiet, verbose: self.verbose }
    }

    fn code(&self, report: &Report) -> ExitCode {
        let threshold = match self.fail_on {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Note => Severity::Note,
            FailOn::Never => return ExitCode::SUCCESS,
        };
        ExitCode::from(u8::from(report.findings.iter().any(|finding| finding.severity >= threshold)))
    }
}
