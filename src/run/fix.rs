//! Fixes done in rounds, since one can make way for the next, each held against what a check finds afterwards.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use super::{Options, RunError};
use crate::fix::{Applied, Fix, parses};
use crate::report::Report;
use crate::source::Buffers;

/// What needs more rounds is left to another run.
const MOST_ROUNDS: usize = 8;

/// What fixes have come to; nothing is written yet.
#[derive(Debug)]
pub struct Fixed {
    /// What a check finds once the files are written.
    pub report: Report,
    /// The files that change, by the path that reports show.
    pub files: Vec<FixedFile>,
    /// How many findings the fixes mend.
    pub findings: usize,
}

/// A file with its text before and after.
#[derive(Debug)]
pub struct FixedFile {
    /// Where it is, links followed.
    pub real: PathBuf,
    /// The path that reports show.
    pub shown: String,
    /// It begins with a byte order mark, which neither text holds.
    pub has_mark: bool,
    /// Its text as it was read.
    pub before: String,
    /// Its text with the fixes.
    pub after: String,
}

/// Does the fixes of all findings that `check` tells of, as far as they hold.
///
/// # Errors
/// Those of `check`.
pub(crate) fn fix(
    options: &Options<'_>,
    check: impl for<'b> Fn(&Options<'b>) -> Result<Report, RunError>,
) -> Result<Fixed, RunError> {
    let run = |buffers: &Buffers| check(&Options { buffers, faults: true, ..*options });
    let mut fixing = Fixing { files: BTreeMap::new(), refused: HashSet::new(), roots: roots(options), findings: 0 };
    let mut report = run(&Buffers::default())?;
    for _ in 0..MOST_ROUNDS {
        let round = fixing.round(&report, options.working_directory);
        if round.is_empty() {
            break;
        }
        let next = run(&fixing.buffers(&round))?;
        report = if fixing.settle(round, &report, &next) { next } else { run(&fixing.buffers(&BTreeMap::new()))? };
    }
    let files = fixing.files.into_values().filter(|file| file.before != file.after).collect();
    Ok(Fixed { report, files, findings: fixing.findings })
}

/// The folders in which files may be changed, links followed.
fn roots(options: &Options<'_>) -> Vec<PathBuf> {
    let paths = options.paths.iter().map(|path| options.working_directory.join(path));
    let all = paths.chain(std::iter::once(options.working_directory.to_owned()));
    all.filter_map(|path| path.canonicalize().ok()).collect()
}

/// Fixes in the making.
struct Fixing {
    /// By where they are, links followed.
    files: BTreeMap<PathBuf, FixedFile>,
    /// Findings of which the fix is not done, by fingerprint.
    refused: HashSet<String>,
    roots: Vec<PathBuf>,
    findings: usize,
}

/// What one round changes in a file.
struct Change {
    file: FixedFile,
    /// The findings that it mends, by fingerprint.
    mended: Vec<String>,
}

impl Fixing {
    /// The fixes that can be done now.
    fn round(&mut self, report: &Report, working_directory: &Path) -> BTreeMap<PathBuf, Change> {
        let mut by_file: BTreeMap<PathBuf, (Applied, &Fix, Vec<String>)> = BTreeMap::new();
        for finding in &report.findings {
            let Some(fix) = finding.fix.as_deref() else { continue };
            let fingerprint = finding.fingerprint();
            let Some(real) = self.real(fix, working_directory).filter(|_| !self.refused.contains(&fingerprint)) else {
                continue;
            };
            let (applied, _, mended) = by_file.entry(real).or_insert_with(|| (Applied::default(), fix, Vec::new()));
            if applied.take(fix) {
                mended.push(fingerprint);
            }
        }
        let changes = by_file.into_iter().filter_map(|(real, (applied, fix, mended))| {
            let before = fix.file.text();
            let after = applied.to(before).filter(|after| parses(fix.file.path(), after));
            let Some(after) = after else {
                self.refused.extend(mended);
                return None;
            };
            let first = self.files.get(&real).map_or(before, |file| &file.before).to_owned();
            let (shown, has_mark) = (fix.file.path().to_owned(), fix.file.has_byte_order_mark());
            Some((real.clone(), Change { file: FixedFile { real, shown, has_mark, before: first, after }, mended }))
        });
        changes.collect()
    }

    /// Where the file of a fix is, unless links lead out of what is checked.
    fn real(&self, fix: &Fix, working_directory: &Path) -> Option<PathBuf> {
        let path = working_directory.join(fix.file.path());
        let real = path.canonicalize().ok()?;
        let is_link = std::fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
        let is_within = || self.roots.iter().any(|root| real.starts_with(root));
        (!is_link || is_within()).then_some(real)
    }

    /// The texts as they are with what a round changes.
    fn buffers(&self, round: &BTreeMap<PathBuf, Change>) -> Buffers {
        let mut buffers = Buffers::default();
        for file in self.files.values().chain(round.values().map(|change| &change.file)) {
            buffers.set(file.real.clone(), file.after.clone(), file.has_mark);
        }
        buffers
    }

    /// Keeps the changes of a round that have helped; says whether these are all.
    fn settle(&mut self, round: BTreeMap<PathBuf, Change>, before: &Report, after: &Report) -> bool {
        let left: HashSet<String> = after.findings.iter().map(crate::lint::Finding::fingerprint).collect();
        let mut all_kept = true;
        for (real, change) in round {
            let has_helped = !change.mended.iter().any(|fingerprint| left.contains(fingerprint));
            if has_helped && after.faults_of(&change.file.shown) <= before.faults_of(&change.file.shown) {
                self.findings += change.mended.len();
                self.files.insert(real, change.file);
            } else {
                self.refused.extend(change.mended);
                all_kept = false;
            }
        }
        all_kept
    }
}
