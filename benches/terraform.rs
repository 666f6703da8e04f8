//! Checking a tree of Terraform files, against only parsing them with the HCL crate on one thread.
//!
//! `cargo bench --bench terraform -- DIR`; see docs/performance.md.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use grantlint::report::Report;
use grantlint::run::Options;
use grantlint::source;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Checking may take so many times what parsing does.
const LIMIT: f64 = 2.0;

/// The best of so many rounds counts.
const ROUNDS: usize = 7;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let folder = folder.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), PathBuf::from);
    let folder = folder.canonicalize()?;
    let walk = source::walk(&[PathBuf::from(".")], &folder, &globset::GlobSet::empty(), &folder)?;
    let sources =
        walk.files.iter().filter(|(_, shown)| [".tf", ".tofu", ".tfvars"].iter().any(|end| shown.ends_with(end)));
    let texts: Vec<String> = sources.filter_map(|(path, _)| fs::read_to_string(path).ok()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("{} files of HCL, {bytes} bytes, in {}", texts.len(), folder.display());

    let mut parsed = 0;
    let (parsing, ()) =
        best(|| parsed = texts.iter().filter(|text| hcl_edit::parser::parse_body(text).is_ok()).count());
    println!("parsing {parsed} of them on one thread: {parsing:.1?}");
    let (checking, report) = best(|| check(&folder));
    let summary = report?.summary;
    println!("checking all: {checking:.1?} ({} operations, {} principals)", summary.operations, summary.principals);
    let ratio = checking.as_secs_f64() / parsing.as_secs_f64();
    println!("that is {ratio:.2} times as long (limit {LIMIT})");
    Ok(if ratio <= LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The time of the best round, without that for dropping what it made, which a program that ends need not do.
fn best<T>(mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut round = || {
        let start = Instant::now();
        let made = run();
        (start.elapsed(), made)
    };
    let first = round();
    (1..ROUNDS).map(|_| round()).fold(first, |best, one| if one.0 < best.0 { one } else { best })
}

/// The whole job but for printing: walking, reading, evaluating, deciding.
fn check(folder: &Path) -> Result<Report, grantlint::run::RunError> {
    grantlint::check(&Options::of(&[PathBuf::from(".")], folder, jiff::civil::date(2026, 1, 1)))
}
