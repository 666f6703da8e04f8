//! What the tests of this room share.

use std::path::Path;
use std::sync::Arc;

use super::language::Item;
use super::module::{Analysis, Folder, Folders, Instance, Key, Settled, Turn, Wanted, Written};
use crate::manifest::Variables;
use crate::source::{Disk, SourceFile};

/// Runs `ask` with the root module of files, each a path with its text.
pub(super) fn with_root<T>(files: &[(&str, &str)], ask: impl FnOnce(&Folder, &Instance<'_>) -> T) -> T {
    with_root_in(Path::new("/nowhere"), files, ask)
}

/// As [`with_root`], where other files lie in a folder beside them.
pub(super) fn with_root_in<T>(
    folder: &Path,
    files: &[(&str, &str)],
    ask: impl FnOnce(&Folder, &Instance<'_>) -> T,
) -> T {
    let files: Vec<_> = files.iter().map(|(path, text)| Arc::new(SourceFile::new(*path, *text))).collect();
    let folders = Folders::read_all(&files, Disk::of(folder));
    let root = *folders.roots().first().expect("a root");
    let variables = Variables::default();
    let analysis = Analysis::new(root, &folders, &variables, Disk::of(folder));
    ask(root, &Instance::root(&analysis))
}

/// What the attribute `x` of the first file comes to.
pub(super) fn value_of(files: &[(&str, &str)]) -> Item {
    with_root(files, |root, instance| {
        let attribute = root.files[0].1.attribute("x").expect("an attribute x");
        instance.evaluate(Written { expr: &attribute.value, file: 1 }, None)
    })
}

/// A file as if it were the body of a block; in the JSON form its first block.
pub(super) fn settled(path: &str, text: &str) -> Settled {
    with_root(&[(path, text)], |root, instance| {
        let body = &root.files[0].1;
        let body = if super::module::is_json(path) { &body.blocks[0].body } else { body };
        instance.settled_body(body, 1, &Turn { key: Key::None, variable: None }, Wanted::All)
    })
}
