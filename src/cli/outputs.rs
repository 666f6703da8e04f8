//! `--format` and `--output` of a check, as pairs: what is written in which format to where.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::builder::EnumValueParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueEnum, value_parser};

use super::output::{Existing, print, write_whole};
use crate::report::{self, Accepted, Human, Report};

const FORMAT: &str = "format";
const OUTPUT: &str = "output";
const SHOW_SUPPRESSED: &str = "show-suppressed";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, each finding in its source
    Human,
    /// For programs
    Json,
    /// For programs that read line by line: a finding on each, the summary on the last
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality report of GitLab
    Gitlab,
    /// Test report as servers of CI read it
    Junit,
    /// A comment on a pull request
    Markdown,
    /// A page for a security review, which needs nothing beside itself
    Html,
    /// For spreadsheets
    Csv,
}

impl Format {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// The others have no place for what accepts a finding.
    fn can_mark(self) -> bool {
        self == Self::Sarif
    }

    fn write(self, report: &Report, human: Human, accepted: Accepted, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Human => human.write(report, out),
            Self::Json => report::json(report, out),
            Self::Jsonl => report::jsonl(report, out),
            Self::Sarif => report::sarif(report, accepted, out),
            Self::Github => report::github(report, out),
            Self::Gitlab => report::gitlab(report, out),
            Self::Junit => report::junit(report, out),
            Self::Markdown => report::markdown(report, out),
            Self::Html => report::html(report, out),
            Self::Csv => report::csv(report, out),
        }
    }
}

/// One format with where it goes; without a path to standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    format: Format,
    path: Option<PathBuf>,
}

/// What is written where, in the order of the options.
#[derive(Debug, Clone)]
pub(super) struct Outputs {
    targets: Vec<Target>,
    accepted: Accepted,
}

impl Outputs {
    /// One of the formats tells more than findings.
    pub(super) fn want_review(&self) -> bool {
        self.targets.iter().any(|target| target.format == Format::Html)
    }

    /// Writes a report to each of its places. `human` says how to draw it for people on a terminal, or elsewhere.
    pub(super) fn write(&self, report: &Report, human: impl Fn(bool) -> Human) -> Result<(), (PathBuf, io::Error)> {
        for Target { format, path } in &self.targets {
            let human = human(path.is_none() && io::stdout().is_terminal());
            write_to(path.as_deref(), |out| format.write(report, human, self.accepted, out))?;
        }
        Ok(())
    }

    /// Writes something that has no format to the place that is named for it.
    pub(super) fn write_plain(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), (PathBuf, io::Error)> {
        write_to(self.targets.first().and_then(|target| target.path.as_deref()), write)
    }
}

/// Writes to a file, or without one to standard output; what could not be written, and why.
fn write_to(
    path: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), (PathBuf, io::Error)> {
    let written = match path {
        Some(path) => write_whole(path, Existing::Replaced, write),
        None => print(write),
    };
    written.map_err(|error| (path.map_or_else(|| PathBuf::from("standard output"), Path::to_owned), error))
}

/// A value of one of the two options.
#[derive(Debug, Clone)]
enum Given {
    Format(Format),
    Output(PathBuf),
}

/// Brings together what stands together: an output belongs to the format before it, or, where that has one or there is
/// none, to the format behind it.
fn pair(given: Vec<Given>) -> Result<Vec<Target>, String> {
    let mut targets: Vec<Target> = Vec::new();
    let mut waiting: Option<PathBuf> = None;
    // Whether the last format may still get an output.
    let mut is_open = false;
    for value in given {
        match value {
            Given::Format(format) => {
                is_open = waiting.is_none();
                targets.push(Target { format, path: waiting.take() });
            }
            Given::Output(path) => match targets.last_mut().filter(|_| is_open) {
                Some(target) => {
                    is_open = false;
                    target.path = Some(path);
                }
                None if waiting.is_some() => return Err(without_format(&path)),
                None => waiting = Some(path),
            },
        }
    }
    match waiting {
        Some(path) if !targets.is_empty() => return Err(without_format(&path)),
        None if !targets.is_empty() => {}
        path => targets.push(Target { format: Format::Human, path }),
    }
    for target in &mut targets {
        target.path = target.path.take().filter(|path| path != Path::new("-"));
    }
    each_to_its_own(&targets)?;
    Ok(targets)
}

fn without_format(path: &Path) -> String {
    let path = path.display();
    format!("`--output {path}` has no format: write `--format FORMAT --output {path}`")
}

/// No two formats go to one place.
fn each_to_its_own(targets: &[Target]) -> Result<(), String> {
    for (index, target) in targets.iter().enumerate() {
        let Some(other) = targets.iter().take(index).find(|other| other.path == target.path) else { continue };
        let place = target.path.as_ref().map_or(String::from("standard output"), |path| path.display().to_string());
        let (first, second) = (other.format.name(), target.format.name());
        return Err(format!(
            "`{first}` and `{second}` cannot both go to {place}: give each a file of its own, as in `--format {second} --output FILE`"
        ));
    }
    Ok(())
}

fn accepted(is_shown: bool, targets: &[Target]) -> Result<Accepted, String> {
    if !is_shown {
        return Ok(Accepted::LeftOut);
    }
    if !targets.iter().any(|target| target.format.can_mark()) {
        return Err(format!("`--{SHOW_SUPPRESSED}` is about `sarif`: write `--format sarif --{SHOW_SUPPRESSED}`"));
    }
    Ok(Accepted::Marked)
}

/// The values of both options in the order in which they are given.
fn given(matches: &ArgMatches) -> Vec<Given> {
    let formats = values::<Format>(matches, FORMAT).map(|(index, format)| (index, Given::Format(format)));
    let outputs = values::<PathBuf>(matches, OUTPUT).map(|(index, path)| (index, Given::Output(path)));
    let mut given: Vec<(usize, Given)> = formats.chain(outputs).collect();
    given.sort_by_key(|(index, _)| *index);
    given.into_iter().map(|(_, value)| value).collect()
}

fn values<'m, T: Clone + Send + Sync + 'static>(
    matches: &'m ArgMatches,
    name: &str,
) -> impl Iterator<Item = (usize, T)> + use<'m, T> {
    let indices = matches.indices_of(name).into_iter().flatten();
    indices.zip(matches.get_many::<T>(name).into_iter().flatten().cloned())
}

impl FromArgMatches for Outputs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let outputs = pair(given(matches)).and_then(|targets| {
            let accepted = accepted(matches.get_flag(SHOW_SUPPRESSED), &targets)?;
            Ok(Self { targets, accepted })
        });
        outputs.map_err(|text| clap::Error::raw(ErrorKind::ArgumentConflict, text))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Outputs {
    fn augment_args(command: Command) -> Command {
        let format = Arg::new(FORMAT)
            .long(FORMAT)
            .value_name("FORMAT")
            .value_parser(EnumValueParser::<Format>::new())
            .action(ArgAction::Append)
            .help("Format of the output [default: human]; may be given again, each with its --output");
        let output = Arg::new(OUTPUT)
            .long(OUTPUT)
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .action(ArgAction::Append)
            .help("File to write the format before it to; `-`, or none, is standard output");
        let show_suppressed = Arg::new(SHOW_SUPPRESSED)
            .long(SHOW_SUPPRESSED)
            .action(ArgAction::SetTrue)
            .help("Write accepted findings too, marked as such with their reason: in sarif");
        command.arg(format).arg(output).arg(show_suppressed)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Formats stand in words, outputs behind `>`.
    fn paired(given: &str) -> Result<Vec<String>, String> {
        let value = |word: &str| match word.strip_prefix('>') {
            Some(path) => Given::Output(PathBuf::from(path)),
            None => Given::Format(Format::from_str(word, false).unwrap()),
        };
        let shown = |target: &Target| {
            let path = target.path.as_ref().map_or(String::from("stdout"), |path| path.display().to_string());
            format!("{} {path}", target.format.name())
        };
        pair(given.split_whitespace().map(value).collect()).map(|targets| targets.iter().map(shown).collect())
    }

    #[test]
    fn an_output_belongs_to_the_format_that_it_stands_beside() {
        for (given, expected) in [
            ("", &["human stdout"][..]),
            (">a", &["human a"]),
            ("json", &["json stdout"]),
            ("json >-", &["json stdout"]),
            (">a json", &["json a"]),
            ("sarif >a csv >b", &["sarif a", "csv b"]),
            (">a sarif >b csv", &["sarif a", "csv b"]),
            ("human sarif >a", &["human stdout", "sarif a"]),
            ("sarif >a human", &["sarif a", "human stdout"]),
        ] {
            assert_eq!(paired(given).unwrap(), expected, "{given}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_a_way_out() {
        for (given, way_out) in [
            ("human json", "--format json --output FILE"),
            ("human >- json", "--format json --output FILE"),
            ("csv >a json >a", "--format json --output FILE"),
            (">a >b", "--format FORMAT --output b"),
            ("json >a >b", "--format FORMAT --output b"),
            (">a json >b", "--format FORMAT --output b"),
        ] {
            let message = paired(given).unwrap_err();
            assert!(message.contains(way_out), "{given}: {message}");
        }
    }
}
