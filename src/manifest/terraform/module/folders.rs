//! All folders of a run: which of them are roots, and those that modules lie in beside the paths of the run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::folder::{Folder, is_json, is_values};
use super::listing::{fetched, files_in, joined, parent, with_values};
use crate::manifest::terraform::{family, is_source};
use crate::parallel;
use crate::source::{Disk, SourceFile};
use crate::syntax::hcl::{Block, Expr};

/// So many folders are worth a thread.
const MANY: usize = 8;

/// How many folders are read that are no part of the run but called by it.
const MOST_FOLDERS: usize = 1_000;

/// The folders of a run, and those that they call.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    all: BTreeMap<String, Folder>,
    /// Those of the run, which may be roots.
    own: Vec<String>,
    /// Those of the run that call no module and are called by none: they are parsed where they are looked at.
    alone: BTreeMap<String, Vec<Arc<SourceFile>>>,
}

impl Folders {
    /// Parses the folders of `files`, sorted by path, and what they call; also those that stand alone, where the folders
    /// are looked at together.
    pub(crate) fn read(files: &[Arc<SourceFile>], disk: Disk<'_>, together: bool) -> Self {
        let mut grouped = grouped(files);
        grouped.retain(|_, files| may_be_ours(files));
        Self::parse(grouped, disk, together)
    }

    /// As [`Self::read`], whichever cloud they are of.
    #[cfg(test)]
    pub(crate) fn read_all(files: &[Arc<SourceFile>], disk: Disk<'_>) -> Self {
        Self::parse(grouped(files), disk, true)
    }

    fn parse(grouped: BTreeMap<&str, Vec<Arc<SourceFile>>>, disk: Disk<'_>, together: bool) -> Self {
        let mut folders = Self::default();
        let (first, rest): (Vec<_>, Vec<_>) =
            grouped.into_iter().partition(|(_, files)| together || files.iter().any(|file| may_call(file)));
        folders.alone = rest.into_iter().map(|(path, files)| (path.to_owned(), files)).collect();
        let first = first.into_iter().map(|(path, files)| (path.to_owned(), files)).collect();
        folders.add(first, disk);
        let called: BTreeSet<String> = folders.all.values().flat_map(calls).collect();
        let called = called.into_iter().filter_map(|path| folders.alone.remove_entry(&path)).collect();
        folders.add(called, disk);
        folders.read_called(disk);
        folders
    }

    /// Parses folders of the run.
    fn add(&mut self, grouped: Vec<(String, Vec<Arc<SourceFile>>)>, disk: Disk<'_>) {
        let parsed = parallel::map(&grouped, MANY, |(path, files)| parsed(path, files, disk));
        self.own.extend(grouped.into_iter().map(|(path, _)| path));
        self.all.extend(parsed.into_iter().map(|folder| (folder.path.clone(), folder)));
    }

    /// Reads the folders that are called and no part of the run: beside it, or fetched below `.terraform`.
    fn read_called(&mut self, disk: Disk<'_>) {
        let mut left: Vec<String> = self.own.clone();
        // Those of the project that other runs look at are no part of this one.
        let mut elsewhere = 0;
        while let Some(path) = left.pop() {
            let Some(folder) = self.all.get(&path) else { continue };
            for path in calls(folder) {
                if self.all.contains_key(&path) || self.all.len() >= MOST_FOLDERS + self.own.len() + elsewhere {
                    continue;
                }
                if let Some(own) = self.alone.remove_entry(&path) {
                    self.add(vec![own], disk);
                } else if let Some(files) = files_elsewhere(&path, disk) {
                    elsewhere += 1;
                    self.all.insert(path.clone(), parsed(&path, &files, disk));
                } else {
                    let folder = Folder::parse(&path, &files_in(&path, disk));
                    let fetched = fetched(&path, disk);
                    self.all.insert(path.clone(), Folder { fetched, ..folder });
                }
                left.push(path);
            }
        }
    }

    /// The folders of the run that stand alone and hold more than values, with their files.
    pub(crate) fn alone(&self) -> impl Iterator<Item = (&String, &Vec<Arc<SourceFile>>)> {
        let is_module = |files: &[Arc<SourceFile>]| files.iter().any(|file| !is_values(file.path()));
        self.alone.iter().filter(move |(_, files)| is_module(files))
    }

    /// The folders of the run.
    pub(crate) fn own(&self) -> impl Iterator<Item = &Folder> {
        self.own.iter().filter_map(|path| self.all.get(path))
    }

    /// The nearest folder of the run, at or above the one that a file lies in, that holds a module.
    pub(crate) fn nearest(&self, file: &str) -> Option<&Folder> {
        let mut path = parent(file);
        loop {
            let own = self.own().find(|folder| folder.path == path && folder.is_module());
            if own.is_some() || path.is_empty() || path == ".." || path.ends_with("/..") {
                return own;
            }
            path = parent(path);
        }
    }

    /// The paths of the files of a folder and of those that it calls by relative paths.
    pub(crate) fn files_of(&self, folder: &Folder) -> Vec<String> {
        let mut reached = BTreeSet::new();
        self.reach(&folder.path, &mut reached);
        let folders = reached.into_iter().filter_map(|path| self.all.get(path));
        folders.flat_map(|folder| &folder.files).map(|(file, _)| file.path().to_owned()).collect()
    }

    /// The folder of a path.
    pub(crate) fn get(&self, path: &str) -> Option<&Folder> {
        self.all.get(path)
    }

    /// The folders that no other one calls; of those that call each other in a circle, the first.
    pub(crate) fn roots(&self) -> Vec<&Folder> {
        let own = || self.own().filter(|folder| folder.is_module());
        let called: BTreeSet<String> = own()
            .flat_map(|folder| {
                let others = local_calls(folder).into_iter().filter(|path| *path != folder.path);
                others.collect::<Vec<_>>()
            })
            .collect();
        let mut roots: Vec<&Folder> = own().filter(|folder| !called.contains(&folder.path)).collect();
        let mut reached = BTreeSet::new();
        for root in &roots {
            self.reach(&root.path, &mut reached);
        }
        for folder in own() {
            if !reached.contains(folder.path.as_str()) {
                roots.push(folder);
                self.reach(&folder.path, &mut reached);
            }
        }
        roots.sort_by(|a, b| a.path.cmp(&b.path));
        roots
    }

    fn reach<'f>(&'f self, path: &'f str, reached: &mut BTreeSet<&'f str>) {
        let mut left = vec![path];
        while let Some(path) = left.pop() {
            let Some((path, folder)) = self.all.get_key_value(path) else { continue };
            if reached.insert(path.as_str()) {
                let called = local_calls(folder).into_iter();
                left.extend(called.filter_map(|path| self.all.get_key_value(&path).map(|(path, _)| path.as_str())));
            }
        }
    }
}

fn grouped(files: &[Arc<SourceFile>]) -> BTreeMap<&str, Vec<Arc<SourceFile>>> {
    let mut grouped: BTreeMap<&str, Vec<Arc<SourceFile>>> = BTreeMap::new();
    for file in files {
        grouped.entry(parent(file.path())).or_default().push(Arc::clone(file));
    }
    grouped
}

/// A folder where no word of ours stands and no module is called is another cloud's.
fn may_be_ours(files: &[Arc<SourceFile>]) -> bool {
    let words = family::names().chain(["module"]);
    let finders: Vec<_> = words.map(|word| memchr::memmem::Finder::new(word.as_bytes())).collect();
    files.iter().any(|file| finders.iter().any(|finder| finder.find(file.text().as_bytes()).is_some()))
}

/// The files of a folder of the project that another run looks at.
fn files_elsewhere(folder: &str, disk: Disk<'_>) -> Option<Vec<Arc<SourceFile>>> {
    let paths = disk.elsewhere?.get(folder)?.iter().filter(|path| is_source(path));
    let files: Vec<_> = paths.filter_map(|path| disk.read(path).ok().map(Arc::new)).collect();
    may_be_ours(&files).then_some(files)
}

/// A folder of the run, parsed.
pub(crate) fn parsed(path: &str, files: &[Arc<SourceFile>], disk: Disk<'_>) -> Folder {
    let folder = Folder::parse(path, &with_values(path, files, disk));
    Folder { fetched: fetched(path, disk), ..folder }
}

/// A file may hold a module call. In JSON the word may be written otherwise.
fn may_call(file: &SourceFile) -> bool {
    is_json(file.path()) || memchr::memmem::find(file.text().as_bytes(), b"module").is_some()
}

/// The folders that a folder calls: by a relative path, or because they were fetched for it.
fn calls(folder: &Folder) -> Vec<String> {
    folder.fetched.values().cloned().chain(local_calls(folder)).collect()
}

/// The folders that module calls of a folder name by a relative path.
fn local_calls(folder: &Folder) -> Vec<String> {
    let calls = folder.blocks().filter(|(_, block)| block.kind == "module");
    calls.filter_map(|(_, call)| local_source(&folder.path, call)).collect()
}

/// The folder that a module call names by a relative path.
pub(crate) fn local_source(folder: &str, call: &Block) -> Option<String> {
    let source = source_of(call)?;
    let is_local = source.starts_with("./") || source.starts_with("../") || source == "." || source == "..";
    is_local.then(|| joined(folder, &source))
}

/// The source of a module call: a text without interpolations, as Terraform asks for.
pub(crate) fn source_of(call: &Block) -> Option<String> {
    match &call.body.attribute("source")?.value {
        Expr::Hcl(expression) => expression.as_str().map(str::to_owned),
        Expr::Json(node) => node.as_str().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn roots(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(path, text)| Arc::new(SourceFile::new(*path, *text))).collect();
        let folders = Folders::read(&files, Disk::of(Path::new("/nowhere")), false);
        let mut roots: Vec<String> = folders.roots().iter().map(|folder| folder.path.clone()).collect();
        roots.extend(folders.alone().map(|(path, _)| path.clone()));
        roots.sort();
        roots
    }

    fn call(source: &str) -> String {
        format!("module \"m\" {{\n  source = \"{source}\"\n}}\n")
    }

    #[test]
    fn a_folder_that_another_one_calls_is_no_root() {
        let provider = "provider \"huaweicloud\" {}\n";
        let main = format!("{provider}{}", call("./modules/net"));
        assert_eq!(roots(&[("main.tf", &main), ("modules/net/main.tf", provider)]), [""]);
        assert_eq!(
            roots(&[("env/main.tf", &call("../m")), ("m/main.tf", provider), ("x/a.tf", provider)]),
            ["env", "x"]
        );
        assert_eq!(roots(&[("v/prod.tfvars", "a = \"module\"\n")]), Vec::<String>::new());
    }

    #[test]
    fn of_folders_that_call_each_other_the_first_is_a_root() {
        assert_eq!(roots(&[("a/main.tf", &call("../b")), ("b/main.tf", &call("../a"))]), ["a"]);
        assert_eq!(roots(&[("a/main.tf", &call("../a"))]), ["a"]);
    }
}
