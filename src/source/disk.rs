//! The disk as a run sees it: every question that reading asks of it. Another text may count for a file, and answers may
//! be noted, or be those that another run has noted.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::LazyLock;

use globset::{GlobMatcher, GlobSet};
use serde::{Deserialize, Serialize};

use super::answers::Book;
use super::file::Text;
use super::{Answers, Buffers, ReadError, SourceFile, WalkError, read, shown, walk};

/// How many files below a folder are told.
const MOST_BELOW: usize = 10_000;

/// How much of a file is its beginning, in bytes.
const BEGINNING: u64 = 4096;

/// The disk, with what counts instead of it.
#[derive(Debug, Clone, Copy)]
pub struct Disk<'a> {
    /// The folder that shown paths are relative to.
    pub working_directory: &'a Path,
    /// Texts that count instead of what files hold.
    pub buffers: &'a Buffers,
    /// What becomes of answers, or who gives them.
    pub record: Record<'a>,
    /// The folders of the project, with the paths of their files, that other runs look at.
    pub elsewhere: Option<&'a BTreeMap<String, Vec<String>>>,
}

/// What becomes of the answers of a disk.
#[derive(Debug, Clone, Copy)]
pub enum Record<'a> {
    /// They are used.
    Unkept,
    /// They are used and noted.
    Noting(&'a Answers),
    /// They were noted, and no disk is asked.
    Told(&'a Answers),
}

/// What a path leads to, links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A pipe, a socket, or a device.
    Other,
}

/// Where a path leads, links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whereabouts {
    /// To something within the boundary.
    Within,
    /// To something beyond it.
    Beyond,
    /// Nowhere.
    Nowhere,
}

impl<'a> Disk<'a> {
    /// Every file counts as the disk holds it.
    pub fn of(working_directory: &'a Path) -> Self {
        static NONE: LazyLock<Buffers> = LazyLock::new(Buffers::default);
        Self { working_directory, buffers: &NONE, record: Record::Unkept, elsewhere: None }
    }

    /// Reads the file at a path that reports show.
    ///
    /// # Errors
    /// Those of [`read`].
    pub fn read(self, shown: &str) -> Result<SourceFile, ReadError> {
        self.read_at(&self.working_directory.join(shown), shown)
    }

    /// Reads the file at `path`, which reports show as `shown`.
    ///
    /// # Errors
    /// Those of [`read`].
    pub fn read_at(self, path: &Path, shown: &str) -> Result<SourceFile, ReadError> {
        match self.record {
            Record::Unkept => self.live(path, shown),
            Record::Noting(answers) => {
                let file = self.live(path, shown);
                answers.texts.note(shown, file.as_ref().map(Text::of).map_err(Clone::clone));
                file
            }
            Record::Told(answers) => {
                let answer = answers
                    .texts
                    .get(shown)
                    .unwrap_or_else(|| Err(ReadError::from(io::Error::from(io::ErrorKind::NotFound))));
                answer.map(|text| SourceFile::marked(shown, text.text, text.has_mark))
            }
        }
    }

    /// As [`Self::read_at`], of a file that may be of no interest: the answer is not noted before [`Self::keep`].
    ///
    /// # Errors
    /// Those of [`read`].
    pub fn look_at(self, path: &Path, shown: &str) -> Result<SourceFile, ReadError> {
        match self.record {
            Record::Noting(_) => self.live(path, shown),
            _ => self.read_at(path, shown),
        }
    }

    /// Notes that a file of the run is of interest, and what it holds.
    pub fn keep(self, path: &Path, shown: &str) {
        if let Record::Noting(answers) = self.record {
            answers.files.note(shown, ());
            // It is known by now whether the file can be read.
            let _ = self.read_at(path, shown);
        }
    }

    fn live(self, path: &Path, shown: &str) -> Result<SourceFile, ReadError> {
        match self.buffers.get(path) {
            Some(buffer) => Ok(SourceFile::marked(shown, buffer.text.as_str(), buffer.has_mark)),
            None => read(path, shown),
        }
    }

    /// The beginning of a file, as far as it is text; empty where it cannot be read.
    pub fn beginning(self, path: &Path, shown: &str) -> String {
        let read = || {
            let mut beginning = Vec::new();
            let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
            read.map_or_else(|_| String::new(), |_| String::from_utf8_lossy(&beginning).into_owned())
        };
        self.ask(|answers| &answers.beginnings, || shown.to_owned(), read).unwrap_or_default()
    }

    /// What is at a path; none where there is nothing.
    pub fn kind(self, path: &Path) -> Option<EntryKind> {
        let look = || {
            let kind = std::fs::metadata(path).ok()?.file_type();
            Some(match kind {
                kind if kind.is_file() => EntryKind::File,
                kind if kind.is_dir() => EntryKind::Folder,
                _ => EntryKind::Other,
            })
        };
        self.ask(|answers| &answers.kinds, || shown(path, self.working_directory), look).flatten()
    }

    /// Is a regular file at a path?
    pub fn is_file(self, path: &Path) -> bool {
        self.kind(path) == Some(EntryKind::File)
    }

    /// Is a folder at a path?
    pub fn is_folder(self, path: &Path) -> bool {
        self.kind(path) == Some(EntryKind::Folder)
    }

    /// The names of what lies in a folder, by its shown path, sorted.
    pub fn names(self, folder: &str) -> Vec<String> {
        let list = || {
            let entries = std::fs::read_dir(self.working_directory.join(folder)).into_iter().flatten();
            let mut names: Vec<String> =
                entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
            names.sort_unstable();
            names
        };
        self.ask(|answers| &answers.names, || folder.to_owned(), list).unwrap_or_default()
    }

    /// The files below a folder, by its shown path, relative to it, sorted; at most 10,000 entries are looked at.
    pub fn below(self, folder: &str) -> Vec<String> {
        let walk = || {
            let Ok(real) = self.working_directory.join(folder).canonicalize() else { return Vec::new() };
            let entries = ignore::WalkBuilder::new(&real).standard_filters(false).build().take(MOST_BELOW);
            let relative = entries.filter_map(|entry| {
                let entry = entry.ok().filter(|entry| entry.path().is_file())?;
                Some(entry.path().strip_prefix(&real).ok()?.to_str()?.replace('\\', "/"))
            });
            let mut files: Vec<String> = relative.collect();
            files.sort_unstable();
            files
        };
        self.ask(|answers| &answers.below, || folder.to_owned(), walk).unwrap_or_default()
    }

    /// The files below `root` that version control sees and a pattern matches, relative to it, sorted.
    ///
    /// # Errors
    /// [`WalkError`] where there is no such folder.
    pub fn matching(self, pattern: &GlobMatcher, root: &Path) -> Result<Vec<String>, WalkError> {
        if let Record::Told(answers) = self.record {
            return Ok(answers.matching.get(pattern.glob().glob()).unwrap_or_default());
        }
        let files = walk(&[root.to_owned()], root, &GlobSet::empty(), root)?.files.into_iter();
        let matching: Vec<String> = files.map(|(_, shown)| shown).filter(|shown| pattern.is_match(shown)).collect();
        if let Record::Noting(answers) = self.record {
            answers.matching.note(pattern.glob().glob(), matching.clone());
        }
        Ok(matching)
    }

    /// Where a shown path leads, seen from a folder of which `boundary` is the boundary.
    pub fn whereabouts<'b>(self, path: &str, from: &str, boundary: impl FnOnce() -> &'b Path) -> Whereabouts {
        let look = || match self.working_directory.join(path).canonicalize() {
            Ok(real) if real.starts_with(boundary()) => Whereabouts::Within,
            Ok(_) => Whereabouts::Beyond,
            Err(_) => Whereabouts::Nowhere,
        };
        let answer = self.ask(|answers| &answers.whereabouts, || format!("{path} from {from}"), look);
        answer.unwrap_or(Whereabouts::Nowhere)
    }

    /// An answer of the disk, or the one that was noted; none where none was.
    fn ask<A: Clone>(
        self,
        book: fn(&Answers) -> &Book<A>,
        key: impl FnOnce() -> String,
        live: impl FnOnce() -> A,
    ) -> Option<A> {
        match self.record {
            Record::Unkept => Some(live()),
            Record::Noting(answers) => {
                let answer = live();
                book(answers).note(&key(), answer.clone());
                Some(answer)
            }
            Record::Told(answers) => book(answers).get(&key()),
        }
    }
}
