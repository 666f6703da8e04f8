//! What packages of the program need: completions, pages for `man`, and facts of the build.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use program::program;

const COMMANDS: [&str; 6] = ["check", "init", "require", "why", "explain", "catalog"];

#[test]
fn every_shell_that_is_known_gets_a_script_that_names_all_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = program("completions", &[shell]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        for word in COMMANDS.iter().chain(&["fail-on"]) {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
    }
    let unknown = program("completions", &["tcsh"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("bash"), "{}", unknown.stderr);
}

#[test]
fn bash_reads_its_script_and_completes_with_it() {
    let script = program("completions", &["bash"]).stdout;
    let question = "\nCOMP_WORDS=(grantlint check --fail-on no)\nCOMP_CWORD=3\n\
                    _grantlint grantlint no --fail-on\necho \"${COMPREPLY[@]}\"\n";
    let Ok(mut bash) = Command::new("bash").arg("-s").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
        return;
    };
    bash.stdin.take().unwrap().write_all(format!("{script}{question}").as_bytes()).unwrap();
    let output = bash.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "note");
}

#[test]
fn the_program_and_each_command_have_a_page() {
    for (words, title) in [
        (&[][..], ".TH grantlint 1"),
        (&["check"], ".TH grantlint-check 1"),
        (&["catalog", "show"], ".TH grantlint-catalog-show 1"),
    ] {
        let run = program("man", words);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        assert!(run.stdout.contains(title), "{}", run.stdout);
        assert!(run.stdout.contains("\n.SH NAME\n"), "{}", run.stdout);
    }
}

#[test]
fn a_page_that_is_not_there_is_told_with_the_nearest() {
    let run = program("man", &["chek"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr, "error: `grantlint` has no command `chek`: did you mean `check`?\n");
    let run = program("man", &["check", "x"]);
    assert_eq!(run.stderr, "error: `grantlint check` has no commands, so there is no page of `x`\n");
}

#[test]
fn the_version_tells_how_the_program_was_built_where_it_is_asked() {
    let version = concat!("grantlint ", env!("CARGO_PKG_VERSION"));
    for flag in ["-V", "--version"] {
        let run = program(flag, &[]);
        assert_eq!((run.code, run.stdout.trim_end()), (0, version));
    }
    let run = program("--version", &["--verbose"]);
    let keys: Vec<&str> = run.stdout.lines().skip(1).filter_map(|line| Some(line.split_once(": ")?.0)).collect();
    assert_eq!(run.stdout.lines().next(), Some(version));
    assert_eq!(keys, ["commit", "target", "profile", "compiler", "table"]);
    assert!(run.stdout.contains("compiler: rustc 1."), "{}", run.stdout);
    assert_eq!(program("--verbose", &[]).code, 2, "it is about --version");
}

/// A file of the package, as it is.
fn own(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn the_image_is_built_by_the_compiler_that_the_package_asks_for() {
    let version = env!("CARGO_PKG_RUST_VERSION");
    assert!(own("Dockerfile").contains(&format!("FROM rust:{version}-slim AS build\n")), "{version}");
}

#[test]
fn the_image_is_built_from_all_that_the_build_needs() {
    let ignored = own(".dockerignore");
    let taken: Vec<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    let manifest = own("Cargo.toml");
    let targets = manifest.lines().filter(|line| *line == "[[bench]]").count();
    assert!(targets > 0 && taken.contains(&"benches"), "Cargo asks for every target that Cargo.toml names");
    for path in ["Cargo.toml", "Cargo.lock", "build.rs", "build", "rules", "src"] {
        assert!(taken.contains(&path), "{path}");
    }
    assert!(taken.iter().all(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists()));
}
