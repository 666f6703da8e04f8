//! What several runs have noted of their shares of a project, put together.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;

use super::shard::{Asked, program};
use super::{Options, Part, Reading, RunError};
use crate::nearest::listed;
use crate::source::{Answers, Walk, WalkProblem};

/// All parts of a project.
#[derive(Debug)]
pub struct Joined {
    asked: Asked,
    working_directory: PathBuf,
    paths: Vec<PathBuf>,
    files: usize,
    problems: Vec<WalkProblem>,
    answers: Answers,
}

impl Joined {
    /// Puts parts together, each with the name that messages give it. They may be of several sets of paths, each complete.
    ///
    /// # Errors
    /// [`RunError::Part`] where a part is missing or there twice, or where they do not belong together.
    pub fn new(parts: Vec<(String, Part)>) -> Result<Self, RunError> {
        check_complete(&parts).map_err(RunError::Part)?;
        let mut parts = parts.into_iter();
        let Some((first, part)) = parts.next() else {
            return Err(RunError::Part(String::from("there is no part")));
        };
        let mut joined = Self::of(part);
        for (name, part) in parts {
            joined.take(part).map_err(|reason| RunError::Part(apart(&name, &first, &reason)))?;
        }
        joined.problems.sort();
        Ok(joined)
    }

    fn of(part: Part) -> Self {
        let Part { asked, working_directory, paths, files, problems, answers, .. } = part;
        Self { asked, working_directory, paths, files, problems, answers }
    }

    /// Takes in another part; what keeps them apart.
    fn take(&mut self, part: Part) -> Result<(), String> {
        if part.asked.config != self.asked.config {
            return Err(String::from("`--config` differs"));
        }
        if part.asked.variables != self.asked.variables {
            return Err(String::from("the values of Terraform variables differ"));
        }
        for path in part.paths {
            if !self.paths.contains(&path) {
                self.paths.push(path);
            }
        }
        self.files += part.files;
        self.problems.extend(part.problems);
        self.answers.join(part.answers).map_err(|differing| format!("{differing} differs"))
    }

    /// A run over all parts.
    pub fn options(&self, today: Date) -> Options<'_> {
        Options {
            config: self.asked.config.as_deref(),
            variables: &self.asked.variables,
            reading: Reading::Joined(self),
            ..Options::of(&self.paths, &self.working_directory, today)
        }
    }

    pub(super) fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The files that are of interest, as if they were listed.
    pub(super) fn walk(&self) -> Walk {
        let files = self.answers.files();
        let further = self.files.saturating_sub(files.len());
        let files = files.into_iter().map(|shown| (self.working_directory.join(&shown), shown)).collect();
        Walk { files, problems: self.problems.clone(), further, ..Walk::default() }
    }
}

fn apart(name: &str, other: &str, reason: &str) -> String {
    format!(
        "`{name}` does not belong to `{other}`: {reason}; make all parts from the same files, with the same options"
    )
}

/// Of each set of paths every share is there, once.
fn check_complete(parts: &[(String, Part)]) -> Result<(), String> {
    let mut sets: BTreeMap<(&[PathBuf], u32), BTreeMap<u32, &str>> = BTreeMap::new();
    for (name, part) in parts {
        if part.grantlint != program() {
            let (made, this) = (&part.grantlint, program());
            return Err(format!("`{name}` was made by grantlint {made}, and this is {this}: use the same for all"));
        }
        let shares = sets.entry((&part.paths, part.shard.of())).or_default();
        if let Some(other) = shares.insert(part.shard.number(), name) {
            return Err(format!("`{other}` and `{name}` are both part {}", part.shard));
        }
    }
    for ((paths, of), shares) in sets {
        let missing: Vec<String> =
            (1..=of).filter(|number| !shares.contains_key(number)).map(|number| format!("{number}/{of}")).collect();
        if !missing.is_empty() {
            let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            let (missing, paths) = (shortened(&missing), shortened(&paths));
            return Err(format!("of `--shard I/{of}` over {paths} there is no {missing}: name all parts"));
        }
    }
    Ok(())
}

/// The first few of some names.
fn shortened(names: &[String]) -> String {
    const FEW: usize = 5;
    let first: Vec<&str> = names.iter().take(FEW).map(String::as_str).collect();
    let more = names.len().saturating_sub(FEW);
    if more > 0 { format!("{} and {more} more", listed(&first)) } else { listed(&first) }
}
