//! Running the program as a person would.

#![allow(dead_code, reason = "no test binary needs all of it")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run printed and how it ended.
pub(crate) struct Run {
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
    /// The exit code.
    pub(crate) code: i32,
}

impl Run {
    /// Everything that a person sees, with the exit code.
    pub(crate) fn all(&self) -> String {
        format!("{}{}exit code {}", self.stdout, self.stderr, self.code)
    }
}

/// A folder below `fixtures/`.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// Runs `grantlint check` with arguments in a folder.
pub(crate) fn check(folder: &Path, arguments: &[&str]) -> Run {
    run("check", folder, arguments)
}

/// Runs `grantlint merge` with arguments in a folder.
pub(crate) fn merge(folder: &Path, arguments: &[&str]) -> Run {
    run("merge", folder, arguments)
}

/// Runs `grantlint catalog` with arguments in a folder.
pub(crate) fn catalog(folder: &Path, arguments: &[&str]) -> Run {
    run("catalog", folder, arguments)
}

/// Runs `grantlint init` with arguments in a folder.
pub(crate) fn init(folder: &Path, arguments: &[&str]) -> Run {
    run("init", folder, arguments)
}

/// Runs `grantlint why` with arguments in a folder.
pub(crate) fn why(folder: &Path, arguments: &[&str]) -> Run {
    run("why", folder, arguments)
}

/// Runs `grantlint require` with arguments in a folder.
pub(crate) fn require(folder: &Path, arguments: &[&str]) -> Run {
    run("require", folder, arguments)
}

/// Runs `grantlint explain` with arguments in a folder, and a text on standard input.
pub(crate) fn explain(folder: &Path, arguments: &[&str], input: &[u8]) -> Run {
    run_with("explain", folder, arguments, input)
}

fn run(command: &str, folder: &Path, arguments: &[&str]) -> Run {
    run_with(command, folder, arguments, b"")
}

fn run_with(command: &str, folder: &Path, arguments: &[&str], input: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_grantlint"))
        .arg(command)
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever does not read, or no more, closes it.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap_or(-1),
    }
}

/// Runs the program with a command and its arguments.
pub(crate) fn program(command: &str, arguments: &[&str]) -> Run {
    run(command, Path::new("."), arguments)
}

/// A project in a folder of its own, which goes away with the value.
pub(crate) fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}
