//! The options of a run that sub-commands give alike.

use std::path::{Path, PathBuf};

use crate::manifest::Variables;
use crate::run::Options;

/// A run over `paths`, today.
pub(super) fn options<'a>(
    paths: &'a [PathBuf],
    working_directory: &'a Path,
    config: Option<&'a Path>,
    variables: &'a Variables,
) -> Options<'a> {
    let today = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date();
    Options { config, variables, ..Options::of(paths, working_directory, today) }
}
