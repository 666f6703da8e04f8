//! What lies in a folder, and paths between folders.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::folder::is_json;
use super::variables::is_automatic;
use crate::source::{Disk, SourceFile};
use crate::syntax::json;

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

pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What `terraform init` noted of the modules that it fetched.
pub(super) fn fetched(folder: &str, disk: Disk<'_>) -> BTreeMap<String, String> {
    let path = joined(folder, ".terraform/modules/modules.json");
    let Ok(file) = disk.read(&path) else { return BTreeMap::new() };
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
pub(super) fn with_values(folder: &str, files: &[Arc<SourceFile>], disk: Disk<'_>) -> Vec<Arc<SourceFile>> {
    let known = |path: &str| files.iter().any(|file| file.path() == path);
    let names = disk.names(folder).into_iter().filter(|name| is_automatic(name));
    let paths = names.map(|name| joined(folder, &name)).filter(|path| !known(path));
    let values = paths.filter_map(|path| disk.read(&path).ok().map(Arc::new));
    let mut all: Vec<_> = files.iter().cloned().chain(values).collect();
    all.sort_by(|a, b| a.path().cmp(b.path()));
    all
}

/// The files of a module in a folder, sorted; those that cannot be read are left out.
pub(super) fn files_in(folder: &str, disk: Disk<'_>) -> Vec<Arc<SourceFile>> {
    let is_source = |name: &String| {
        let is_native = [".tf", ".tofu"].iter().any(|ending| name.ends_with(ending));
        (is_native || is_json(name)) && !name.starts_with('.')
    };
    let names = disk.names(folder).into_iter().filter(is_source);
    let read = |name: String| {
        let path = joined(folder, &name);
        disk.read(&path).ok().map(Arc::new)
    };
    names.filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
