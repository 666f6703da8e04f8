//! The options of a run that sub-commands give alike.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::manifest::Variables;
use crate::run::Options;

/// A run over `paths`, today.
pub(super) fn options<'a>(
    paths: &'a [PathBuf],
    working_directory: &'a Path,
    config: Option<&'a Path>,
    variables: &'a Variables,
) -> Options<'a> {
    Options { config, variables, ..Options::of(paths, working_directory, today()) }
}

/// The day, in UTC.
pub(super) fn today() -> Date {
    Offset::UTC.to_datetime(Timestamp::now()).date()
}
