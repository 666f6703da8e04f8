//! Starting up is free: `grantlint` against a program that does nothing.
//!
//! `cargo bench --bench startup`; see docs/performance.md.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// A run may take this much longer than an empty program.
const LIMIT: Duration = Duration::from_millis(5);

/// The binary may have so many bytes.
const SIZE_LIMIT: u64 = 25_000_000;

/// How often each program runs, where `GRANTLINT_RUNS` says nothing else.
const RUNS: usize = 200;

/// Runs that are not counted: the files come into memory.
const WARM_UP: usize = 5;

const PROGRAM: &str = env!("CARGO_BIN_EXE_grantlint");

struct Contender<'a> {
    name: &'a str,
    program: &'a Path,
    arguments: &'a [&'a str],
    times: Vec<Duration>,
}

impl Contender<'_> {
    fn run(&mut self, folder: &Path) -> Result<(), Box<dyn Error>> {
        let mut command = Command::new(self.program);
        command.args(self.arguments).current_dir(folder).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status()?;
        let time = start.elapsed();
        // The fixture has an error, so `check` ends with 1.
        if !matches!(status.code(), Some(0 | 1)) {
            return Err(format!("{} ended with {status}", self.name).into());
        }
        self.times.push(time);
        Ok(())
    }

    fn median(&mut self) -> Duration {
        self.times.sort_unstable();
        self.times.get(self.times.len() / 2).copied().unwrap_or_default()
    }
}

/// Compiles `fn main() {}` with the settings of the release profile.
fn empty_program(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(folder.join("empty.rs"), "fn main() {}\n")?;
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let settings = ["-O", "-C", "lto=fat", "-C", "codegen-units=1", "-C", "strip=symbols", "--edition", "2024"];
    let status = Command::new(rustc).args(settings).args(["-o", "empty", "empty.rs"]).current_dir(folder).status()?;
    if status.success() { Ok(()) } else { Err(format!("rustc ended with {status}").into()) }
}

fn runs() -> Result<usize, Box<dyn Error>> {
    match std::env::var("GRANTLINT_RUNS") {
        Ok(text) => Ok(text.parse::<usize>()?.max(1)),
        Err(_) => Ok(RUNS),
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Prints a line for each program; whether all of them are within the limits.
fn measured() -> Result<bool, Box<dyn Error>> {
    let runs = runs()?;
    let folder = tempfile::tempdir()?;
    empty_program(folder.path())?;
    let empty = folder.path().join("empty");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/unsupported-scope/fires");
    let contender = |name, program, arguments| Contender { name, program, arguments, times: Vec::new() };
    let mut contenders = [
        contender("an empty program", empty.as_path(), &[][..]),
        contender("grantlint --version", Path::new(PROGRAM), &["--version"]),
        contender("grantlint check .", Path::new(PROGRAM), &["check", "."]),
    ];
    for run in 0..WARM_UP + runs {
        for contender in &mut contenders {
            contender.run(&fixture)?;
            if run < WARM_UP {
                contender.times.clear();
            }
        }
    }
    let [empty, others @ ..] = &mut contenders;
    let base = empty.median();
    println!("{:<22} {:>9} {:>12}", format!("median of {runs} runs"), "", "difference");
    println!("{:<22} {:>6.2} ms", empty.name, milliseconds(base));
    let mut is_within = true;
    for contender in others {
        let (median, name) = (contender.median(), contender.name);
        let difference = median.saturating_sub(base);
        println!("{name:<22} {:>6.2} ms {:>9.2} ms", milliseconds(median), milliseconds(difference));
        if difference >= LIMIT {
            println!("  too slow: the limit is {LIMIT:?} more than an empty program");
            is_within = false;
        }
    }
    let size = fs::metadata(PROGRAM)?.len();
    println!("{:<22} {:>6}.{} MB", "size of the binary", size / 1_000_000, size / 100_000 % 10);
    if size > SIZE_LIMIT {
        println!("  too large: the limit is {} MB", SIZE_LIMIT / 1_000_000);
        is_within = false;
    }
    Ok(is_within)
}

fn main() -> ExitCode {
    match measured() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
