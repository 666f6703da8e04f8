//! One of several runs that share a project: it reads its folders, and notes all that reading them has asked of the disk.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hasher;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use fnv::FnvHasher;
use serde::{Deserialize, Serialize};

use super::{Joined, Options, RunError, catalog, configuration, files, read_files};
use crate::manifest::Variables;
use crate::source::{Answers, Walk, WalkProblem};

/// Which files a run reads, and who holds them.
#[derive(Debug, Clone, Copy)]
pub enum Reading<'a> {
    /// All, from the disk.
    Whole,
    /// One share of them, from the disk, of which the answers are noted.
    Share(Shard, &'a Answers),
    /// All, from what such runs have noted.
    Joined(&'a Joined),
}

/// One share of the folders of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    of: u32,
    number: u32,
}

impl Shard {
    /// Which it is, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// How many there are.
    pub fn of(self) -> u32 {
        self.of
    }

    /// The folder is in the share: by its path alone, so that runs on different machines agree.
    fn has(self, folder: &str) -> bool {
        let mut hasher = FnvHasher::default();
        hasher.write(folder.as_bytes());
        // The lower bits of this hash alone are not spread well.
        let hash = hasher.finish();
        (hash ^ (hash >> 32)) % u64::from(self.of) == u64::from(self.number - 1)
    }

    /// The share of what was listed; where the rest lies.
    pub(super) fn share(self, walk: Walk) -> Walk {
        let (files, others): (Vec<_>, Vec<_>) = walk.files.into_iter().partition(|(_, shown)| self.has(folder(shown)));
        let mut elsewhere: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (_, shown) in others {
            elsewhere.entry(folder(&shown).to_owned()).or_default().push(shown);
        }
        let problems = walk.problems.into_iter().filter(|problem| self.has(&problem.path)).collect();
        Walk { files, problems, elsewhere, ..walk }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| (1..=MOST_SHARDS).contains(number));
        let parts = text.split_once('/').and_then(|(index, of)| Some((number(index)?, number(of)?)));
        let (number, of) = parts.ok_or("write I/N, such as 1/4 for the first of four shares")?;
        if number > of {
            return Err(format!("there is no share {number} of {of}: they are counted from 1"));
        }
        Ok(Self { of, number })
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// More machines than this share no project.
const MOST_SHARDS: u32 = 10_000;

/// What one share's run has noted, for a run that decides on all of them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The program that made it.
    pub(super) grantlint: String,
    /// Which share it is.
    pub(super) shard: Shard,
    /// What was looked at, and how.
    pub(super) asked: Asked,
    /// The folder that shown paths are relative to.
    pub(super) working_directory: PathBuf,
    /// The paths of the run.
    pub(super) paths: Vec<PathBuf>,
    /// How many files were looked at.
    pub(super) files: usize,
    /// What could not be listed.
    pub(super) problems: Vec<WalkProblem>,
    /// What the disk answered.
    pub(super) answers: Answers,
}

impl Part {
    /// Reads a part that was written to a file.
    ///
    /// # Errors
    /// [`RunError::Part`] where the file cannot be read or is no part.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        let shown = path.display();
        let refused = |reason: String| RunError::Part(format!("`{shown}` {reason}"));
        let text = std::fs::read(path).map_err(|error| refused(format!("cannot be read: {error}")))?;
        let no_part =
            |error| refused(format!("is no part: {error}; `grantlint check --shard I/N --output FILE` writes one"));
        serde_json::from_slice(&text).map_err(no_part)
    }

    /// Writes it, for [`Self::read`].
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }
}

/// The options of a run that say what files mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// The configuration, where it was not looked for.
    pub(super) config: Option<PathBuf>,
    /// What Terraform is given for variables.
    pub(super) variables: Variables,
}

/// The version of the program, and the commit that it was built from: another one may ask the disk for more.
pub(super) fn program() -> String {
    format!("{} ({})", env!("CARGO_PKG_VERSION"), option_env!("GRANTLINT_COMMIT").unwrap_or("unknown"))
}

/// Reads one share of the paths.
pub(crate) fn gather(options: &Options<'_>, shard: Shard) -> Result<Part, RunError> {
    let answers = Answers::default();
    let options = Options { reading: Reading::Share(shard, &answers), ..*options };
    let config = configuration(&options)?;
    let catalog = catalog(&config, options.disk())?;
    let walk = files(&config, &options)?;
    read_files(&walk, &config, &catalog, &options)?;
    for path in options.paths {
        // Asked where it is said how much of the project was seen.
        options.disk().kind(&options.working_directory.join(path));
    }
    let mut variables = options.variables.clone();
    variables.environment.sort();
    Ok(Part {
        grantlint: program(),
        shard,
        asked: Asked { config: options.config.map(Path::to_owned), variables },
        working_directory: options.working_directory.to_owned(),
        paths: options.paths.to_vec(),
        files: walk.files.len(),
        problems: walk.problems,
        answers,
    })
}

fn folder(shown: &str) -> &str {
    shown.rsplit_once('/').map_or("", |(folder, _)| folder)
}
