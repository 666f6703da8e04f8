//! The permission table of a run: the embedded one, with what the configuration extends it by.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;

use super::RunError;
use crate::catalog::{Catalog, TableError};
use crate::config::Config;
use crate::source::{self, Disk};

/// The embedded table with the extensions that the configuration names.
pub(crate) fn catalog(config: &Config, disk: Disk<'_>) -> Result<Catalog, RunError> {
    let mut catalog = Catalog::embedded();
    for (path, shown, at) in extensions(config, disk)? {
        extend(&mut catalog, disk, (&path, &shown), &at)?;
    }
    Ok(catalog)
}

/// The files that the configuration names to extend the table: where each is, the path that reports show, and where
/// the configuration says so.
pub(crate) fn extensions(config: &Config, disk: Disk<'_>) -> Result<Vec<(PathBuf, String, String)>, RunError> {
    let mut extensions = Vec::new();
    for (pattern, place) in &config.extend {
        let location = place.location();
        let at = format!("{}:{}:{}", location.path, location.line, location.column);
        let files =
            matching(pattern, &config.root, disk).map_err(|error| RunError::Table(vec![format!("{at}: {error}")]))?;
        if files.is_empty() {
            return Err(RunError::Table(vec![format!("{at}: `{pattern}` matches no file")]));
        }
        for path in files {
            let shown = source::shown(&path, disk.working_directory);
            extensions.push((path, shown, at.clone()));
        }
    }
    Ok(extensions)
}

/// Adds one extension to the table; `at` is where the configuration names it.
pub(crate) fn extend(
    catalog: &mut Catalog,
    disk: Disk<'_>,
    (path, shown): (&Path, &str),
    at: &str,
) -> Result<(), RunError> {
    let file = disk.read_at(path, shown).map_err(|error| RunError::Table(vec![format!("{at}: {shown} {error}")]))?;
    catalog.extend(shown, file.text()).map_err(|errors| table_error(&errors))
}

fn table_error(errors: &[TableError]) -> RunError {
    RunError::Table(errors.iter().map(ToString::to_string).collect())
}

/// The files below `root` that a glob matches, sorted.
fn matching(pattern: &str, root: &Path, disk: Disk<'_>) -> Result<Vec<PathBuf>, String> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build().map_err(|error| error.kind().to_string())?;
    if disk.is_file(&root.join(pattern)) {
        return Ok(vec![root.join(pattern)]);
    }
    let files = disk.matching(&glob.compile_matcher(), root).map_err(|error| error.to_string())?;
    Ok(files.iter().map(|file| root.join(file)).collect())
}
