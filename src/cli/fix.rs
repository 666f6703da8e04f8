//! `--fix` and `--diff` of a check: what is mended, and where that is written.

use std::process::ExitCode;

use clap::Args;
use similar::TextDiff;

use super::output::{Existing, ended, print, tell, write_whole};
use crate::report::count;
use crate::run::{Fixed, FixedFile};
use crate::source;

#[derive(Debug, Args)]
pub(super) struct FixOptions {
    /// Mend in the files what can be mended safely, and tell what is left
    #[arg(long)]
    fix: bool,

    /// Print as a diff what --fix would change, write nothing, and exit with 1 where that is something
    #[arg(long, conflicts_with_all = ["format", "output", "write_baseline"])]
    diff: bool,
}

impl FixOptions {
    /// Something is to be mended, in the files or in a diff.
    pub(super) fn are_wanted(&self) -> bool {
        self.fix || self.diff
    }

    /// Prints what is mended, or writes it; the code to exit with, where the run ends with it.
    pub(super) fn settle(&self, fixed: &Fixed) -> Option<ExitCode> {
        if self.diff {
            let printed = print(|out| fixed.files.iter().try_for_each(|file| write!(out, "{}", diff(file))));
            tell_count(fixed, "can be mended");
            return Some(ended(printed, ExitCode::from(u8::from(!fixed.files.is_empty()))));
        }
        let failed: Vec<String> = fixed.files.iter().filter_map(|file| write(file).err()).collect();
        if failed.is_empty() {
            tell_count(fixed, "mended");
            return None;
        }
        for message in failed {
            tell(&message);
        }
        Some(ExitCode::from(2))
    }
}

fn tell_count(fixed: &Fixed, verb: &str) {
    if fixed.files.is_empty() {
        tell("Nothing can be mended safely.");
        return;
    }
    tell(&format!("{} {verb} in {}.", count(fixed.findings, "finding"), count(fixed.files.len(), "file")));
}

/// Replaces a file, unless it has changed since it was read.
fn write(file: &FixedFile) -> Result<(), String> {
    let shown = &file.shown;
    let is_same = source::read(&file.real, shown).is_ok_and(|now| now.text() == file.before);
    if !is_same {
        return Err(format!(
            "error: {shown} has changed since it was checked, and was not mended: run the check again"
        ));
    }
    let is_protected = std::fs::metadata(&file.real).is_ok_and(|metadata| metadata.permissions().readonly());
    if is_protected {
        return Err(format!("error: {shown} is write-protected, and was not mended"));
    }
    write_whole(&file.real, Existing::Replaced, |out| out.write_all(whole(file, &file.after).as_bytes()))
        .map_err(|error| format!("error: {shown} cannot be written, and was not mended: {error}"))
}

/// A text of a file as the disk holds it.
fn whole(file: &FixedFile, text: &str) -> String {
    format!("{}{text}", if file.has_mark { "\u{feff}" } else { "" })
}

fn diff(file: &FixedFile) -> String {
    let (before, after) = (whole(file, &file.before), whole(file, &file.after));
    let shown = &file.shown;
    let changes = TextDiff::from_lines(&before, &after);
    changes.unified_diff().header(&format!("a/{shown}"), &format!("b/{shown}")).to_string()
}
