//! All folders of a run: which of them are roots, and those that modules lie in beside the paths of the run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::folder::{Folder, is_json};
use super::variables::is_automatic;
use crate::manifest::terraform::family;
use crate::parallel;
use crate::source::{self, SourceFile};
use crate::syntax::hcl::{Block, Expr};
use crate::syntax::json;

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
}

impl Folders {
    /// Parses the folders of `files`, sorted by path, and what they call.
    pub(crate) fn read(files: &[Arc<SourceFile>], working_directory: &Path) -> Self {
        let mut grouped = grouped(files);
        grouped.retain(|_, files| may_be_ours(files));
        Self::parse(grouped, working_directory)
    }

    /// As [`Self::read`], whichever cloud they are of.
    #[cfg(test)]
    pub(crate) fn read_all(files: &[Arc<SourceFile>], working_directory: &Path) -> Self {
        Self::parse(grouped(files), working_directory)
    }

    fn parse(grouped: BTreeMap<&str, Vec<Arc<SourceFile>>>, working_directory: &Path) -> Self {
        let grouped: Vec<_> = grouped.into_iter().collect();
        let parsed = parallel::map(&grouped, MANY, |(path, files)| {
            let folder = Folder::parse(path, &with_values(path, files, working_directory));
            Folder { fetched: fetched(path, working_directory), ..folder }
        });
        let own = parsed.iter().map(|folder| folder.path.clone()).collect();
        let all = parsed.into_iter().map(|folder| (folder.path.clone(), folder)).collect();
        let mut folders = Self { all, own };
        folders.read_called(working_directory);
        folders
    }

    /// Reads the folders that are called and no part of the run: beside it, or fetched below `.terraform`.
    fn read_called(&mut self, working_directory: &Path) {
        let mut left: Vec<String> = self.own.clone();
        while let Some(path) = left.pop() {
            let Some(folder) = self.all.get(&path) else { continue };
            let called: Vec<String> = folder.fetched.values().cloned().chain(local_calls(folder)).collect();
            for path in called {
                if self.all.contains_key(&path) || self.all.len() >= MOST_FOLDERS + self.own.len() {
                    continue;
                }
                let folder = Folder::parse(&path, &files_in(&path, working_directory));
                let fetched = fetched(&path, working_directory);
                self.all.insert(path.clone(), Folder { fetched, ..folder });
                left.push(path);
            }
        }
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

/// A path relative to a folder, without `.` and, as far as they can be resolved, `..`.
pub(super) fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let is_absolute = folder.starts_with('/');
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("{}{}", if is_absolute { "/" } else { "" }, parts.join("/"))
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What `terraform init` noted of the modules that it fetched.
fn fetched(folder: &str, working_directory: &Path) -> BTreeMap<String, String> {
    let path = joined(folder, ".terraform/modules/modules.json");
    let Ok(file) = source::read(&working_directory.join(&path), &path) else { return BTreeMap::new() };
    let Ok(document) = json::parse(file.text()) else { return BTreeMap::new() };
    let modules = document.node.get("Modules").and_then(|modules| modules.as_list()).unwrap_or_default();
    let entry = |module: &crate::syntax::Node| {
        let (key, dir) = (module.get("Key")?.as_str()?, module.get("Dir")?.as_str()?);
        (!key.is_empty()).then(|| (key.to_owned(), joined(folder, dir)))
    };
    modules.iter().filter_map(entry).collect()
}

/// The files of a folder with those values beside them that every run of Terraform reads, also where version control
/// leaves them out.
fn with_values(folder: &str, files: &[Arc<SourceFile>], working_directory: &Path) -> Vec<Arc<SourceFile>> {
    let known = |path: &str| files.iter().any(|file| file.path() == path);
    let names = names_in(folder, working_directory).into_iter().filter(|name| is_automatic(name));
    let paths = names.map(|name| joined(folder, &name)).filter(|path| !known(path));
    let values = paths.filter_map(|path| source::read(&working_directory.join(&path), &path).ok().map(Arc::new));
    let mut all: Vec<_> = files.iter().cloned().chain(values).collect();
    all.sort_by(|a, b| a.path().cmp(b.path()));
    all
}

/// The names of what lies in a folder, sorted.
fn names_in(folder: &str, working_directory: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(working_directory.join(folder)) else { return Vec::new() };
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names
}

/// The files of a module in a folder, sorted; those that cannot be read are left out.
fn files_in(folder: &str, working_directory: &Path) -> Vec<Arc<SourceFile>> {
    let is_source = |name: &String| {
        let is_native = [".tf", ".tofu"].iter().any(|ending| name.ends_with(ending));
        (is_native || is_json(name)) && !name.starts_with('.')
    };
    let names = names_in(folder, working_directory).into_iter().filter(is_source);
    let read = |name: String| {
        let path = joined(folder, &name);
        source::read(&working_directory.join(&path), &path).ok().map(Arc::new)
    };
    names.filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(path, text)| Arc::new(SourceFile::new(*path, *text))).collect();
        let folders = Folders::read(&files, Path::new("/nowhere"));
        folders.roots().iter().map(|folder| folder.path.clone()).collect()
    }

    fn call(source: &str) -> String {
        format!("module \"m\" {{\n  source = \"{source}\"\n}}\n")
    }

    #[test]
    fn paths_are_joined() {
        for (folder, path, expected) in [
            ("", "./m", "m"),
            ("a/b", "../m", "a/m"),
            ("a", "../../m", "../m"),
            ("", "..", ".."),
            ("/x/y", "./../m/", "/x/m"),
            ("../a", "../b", "../b"),
        ] {
            assert_eq!(joined(folder, path), expected, "{folder} {path}");
        }
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
