//! Walking the paths that a run names, as version control sees them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use globset::GlobSet;
use ignore::{DirEntry, WalkBuilder, WalkState};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::nearest::nearest;

/// Hidden names that are looked into all the same: pipelines live there.
const SHOWN_HIDDEN: [&str; 2] = [".github", ".gitlab-ci.yml"];

/// Threads cost more than they gain where there are fewer entries than this.
const MANY: usize = 100;

/// The files below the paths of a run, sorted by the path that reports show.
#[derive(Debug, Default)]
pub struct Walk {
    /// Each file: where it is, and the path that reports show.
    pub files: Vec<(PathBuf, String)>,
    /// Folders that could not be listed, and why.
    pub problems: Vec<WalkProblem>,
    /// How many files there are beside these, none of which is of interest.
    pub further: usize,
    /// The folders of the project that another run looks at, with the paths of their files.
    pub elsewhere: BTreeMap<String, Vec<String>>,
}

/// A folder or entry that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WalkProblem {
    /// The path that reports show.
    pub path: String,
    /// What the system said.
    pub message: String,
}

/// Why a run's paths cannot be walked at all.
#[derive(Debug, Error)]
pub enum WalkError {
    /// A named path does not exist or cannot be looked at.
    #[error("`{path}` cannot be checked: {source}{near}")]
    Path {
        /// The path as named.
        path: String,
        /// What the system said.
        source: std::io::Error,
        /// The nearest name that is there, as the end of a sentence; empty where none is near.
        near: String,
    },
}

/// Walks `paths`: folders by the rules of `.gitignore` and `.ignore`, without hidden entries (except `.github` and
/// `.gitlab-ci.yml`) and without what `exclude` matches (paths relative to `exclude_root`); a file that is named is
/// always taken. Symbolic links to files are, links to folders are not.
///
/// # Errors
/// [`WalkError`] where a named path does not exist.
pub fn walk(
    paths: &[PathBuf],
    working_directory: &Path,
    exclude: &GlobSet,
    exclude_root: &Path,
) -> Result<Walk, WalkError> {
    let mut walk = Walk::default();
    for path in paths {
        let absolute = working_directory.join(path);
        let metadata = std::fs::metadata(&absolute).map_err(|source| WalkError::Path {
            path: path.display().to_string(),
            source,
            near: near(path, &absolute),
        })?;
        if metadata.is_dir() {
            walk_folder(&absolute, working_directory, exclude, exclude_root, &mut walk);
        } else {
            let shown = shown(&absolute, working_directory);
            walk.files.push((absolute, shown));
        }
    }
    walk.files.sort_by(|a, b| a.1.cmp(&b.1));
    walk.files.dedup_by(|a, b| a.1 == b.1);
    walk.problems.sort();
    Ok(walk)
}

fn walk_folder(root: &Path, working_directory: &Path, exclude: &GlobSet, exclude_root: &Path, walk: &mut Walk) {
    let excluded = {
        let (exclude, root) = (exclude.clone(), normal(exclude_root));
        move |path: &Path| {
            let is_match = |relative| exclude.is_match(relative);
            !exclude.is_empty() && normal(path).strip_prefix(&root).is_ok_and(is_match)
        }
    };
    let mut builder = WalkBuilder::new(root);
    builder
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .filter_entry(move |entry| is_shown(entry) && !excluded(entry.path()));
    let base = Base { folder: root, shown: shown(root, working_directory), working_directory };
    let few: Vec<_> = builder.build().take(MANY).collect();
    if few.len() < MANY {
        few.into_iter().filter_map(|entry| base.found(entry)).for_each(|found| walk.take(found));
    } else {
        walk_in_parallel(&builder, &base, walk);
    }
}

fn walk_in_parallel(builder: &WalkBuilder, base: &Base<'_>, walk: &mut Walk) {
    let all = Mutex::new(walk);
    builder.build_parallel().run(|| {
        Box::new(|entry| {
            let Some(found) = base.found(entry) else { return WalkState::Continue };
            let Ok(mut walk) = all.lock() else { return WalkState::Quit };
            walk.take(found);
            WalkState::Continue
        })
    });
}

/// A file with the path that reports show, or what went wrong.
type Found = Result<(PathBuf, String), WalkProblem>;

/// The folder that is walked, and how reports show it.
struct Base<'b> {
    folder: &'b Path,
    shown: String,
    working_directory: &'b Path,
}

impl Base<'_> {
    fn found(&self, entry: Result<DirEntry, ignore::Error>) -> Option<Found> {
        match entry {
            Ok(entry) if is_file(&entry) => {
                let shown = self.shown(entry.path());
                Some(Ok((entry.into_path(), shown)))
            }
            Ok(_) => None,
            Err(error) => Some(Err(problem(&error, self.working_directory))),
        }
    }

    /// As [`shown`], of a path below the folder.
    fn shown(&self, path: &Path) -> String {
        let Ok(below) = path.strip_prefix(self.folder) else { return shown(path, self.working_directory) };
        let below = below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        if self.shown == "." { below } else { format!("{}/{below}", self.shown) }
    }
}

impl Walk {
    fn take(&mut self, found: Found) {
        match found {
            Ok(file) => self.files.push(file),
            Err(problem) => self.problems.push(problem),
        }
    }
}

/// A regular file, or a link to one: modules share files by links. Links to folders are not followed.
fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| {
        kind.is_file() || (kind.is_symlink() && std::fs::metadata(entry.path()).is_ok_and(|target| target.is_file()))
    })
}

fn is_shown(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || !name.starts_with('.') || SHOWN_HIDDEN.contains(&name.as_ref())
}

fn problem(error: &ignore::Error, working_directory: &Path) -> WalkProblem {
    let path = match error {
        ignore::Error::WithDepth { err, .. } => return problem(err, working_directory),
        ignore::Error::WithPath { path, err } => {
            let message = format!("the folder cannot be read: {err}");
            return WalkProblem { path: shown(path, working_directory), message };
        }
        _ => String::from("."),
    };
    WalkProblem { path, message: error.to_string() }
}

/// "; did you mean `…`?" with the nearest name in the folder of a path that is not there; empty where none is near.
pub(crate) fn near(asked: &Path, absolute: &Path) -> String {
    let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else { return String::new() };
    let entries = std::fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    match nearest(&name.to_string_lossy(), names.iter().map(String::as_str)) {
        Some(near) => format!("; did you mean `{}`?", asked.with_file_name(near).display()),
        None => String::new(),
    }
}

/// The path relative to the working directory, with `/`.
pub(crate) fn shown(path: &Path, working_directory: &Path) -> String {
    let (path, base) = (normal(path), normal(working_directory));
    let common = path.components().zip(base.components()).take_while(|(a, b)| a == b).count();
    let up = base.components().skip(common).map(|_| std::path::Component::ParentDir);
    let relative: PathBuf = up.chain(path.components().skip(common)).collect();
    let text = relative.to_string_lossy();
    if text.is_empty() { String::from(".") } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// Whether everything in a folder lies in one of the paths, which are relative to the working directory.
pub(crate) fn is_covered(folder: &Path, paths: &[PathBuf], working_directory: &Path) -> bool {
    let folder = normal(&working_directory.join(folder));
    paths.iter().any(|path| folder.starts_with(normal(&working_directory.join(path))))
}

/// The path without `.` and with `..` taken back, by its letters alone.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;
    use globset::{Glob, GlobSetBuilder};

    fn project(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, if file.ends_with("ignore") { "ignored/\n" } else { "" }).unwrap();
        }
        folder
    }

    fn names(folder: &tempfile::TempDir, paths: &[&str], exclude: &[&str]) -> Vec<String> {
        let mut globs = GlobSetBuilder::new();
        for glob in exclude {
            globs.add(Glob::new(glob).unwrap());
        }
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let walk = walk(&paths, folder.path(), &globs.build().unwrap(), folder.path()).unwrap();
        walk.files.into_iter().map(|(_, shown)| shown).collect()
    }

    #[test]
    fn hidden_and_ignored_entries_are_left_out_but_pipelines_are_not() {
        let folder = project(&[
            ".gitignore",
            ".github/workflows/a.yml",
            ".gitlab-ci.yml",
            ".terraform/x.tf",
            "ignored/y.tf",
            "main.tf",
        ]);
        assert_eq!(names(&folder, &["."], &[]), [".github/workflows/a.yml", ".gitlab-ci.yml", "main.tf"]);
    }

    #[test]
    fn a_named_file_is_taken_even_where_it_is_ignored_and_only_once() {
        let folder = project(&[".ignore", "ignored/y.tf", "main.tf"]);
        assert_eq!(names(&folder, &["ignored/y.tf", ".", "./main.tf"], &[]), ["ignored/y.tf", "main.tf"]);
    }

    #[test]
    fn paths_are_shown_from_the_working_directory_also_above_it() {
        for (path, expected) in [("/a/b/c.tf", "c.tf"), ("/a/d/c.tf", "../d/c.tf"), ("/a/b", "."), ("/x", "../../x")] {
            assert_eq!(shown(Path::new(path), Path::new("/a/b")), expected);
        }
    }

    #[test]
    fn excluded_globs_are_left_out() {
        let folder = project(&["vendor/a/b.tf", "src/a.tf"]);
        assert_eq!(names(&folder, &["."], &["vendor/**"]), ["src/a.tf"]);
    }

    #[test]
    fn a_path_that_does_not_exist_is_an_error_that_names_it() {
        let folder = project(&[]);
        let error = walk(&[PathBuf::from("missing")], folder.path(), &GlobSet::empty(), folder.path()).unwrap_err();
        assert!(error.to_string().starts_with("`missing` cannot be checked: "), "{error}");
        let folder = project(&["deploy/images/main.tf"]);
        let paths = [PathBuf::from("deploy/image")];
        let error = walk(&paths, folder.path(), &GlobSet::empty(), folder.path()).unwrap_err();
        assert!(error.to_string().ends_with("did you mean `deploy/images`?"), "{error}");
    }
}
