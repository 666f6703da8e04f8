//! The hook, run by the real `pre-commit` in a scratch repository.
//!
//! `cargo test --test hook -- --ignored` needs `pre-commit`, or `GRANTLINT_PRE_COMMIT` with its path, and `git`. The hook is
//! not built anew: it finds the program of the tests.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::path::Path;
use std::process::Command;

use program::project;

const CONFIG: &str = "\
account: { default_region: cn-north-4 }
principals:
  one:
    deploys: [\"one/**\"]
    grants: [{ policy: iam/one.json }]
  two:
    deploys: [\"two/**\"]
    grants: [{ policy: iam/two.json }]
";
const NOTHING: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ims:images:list"]}]}"#;
const ENOUGH: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:*:*"]}]}"#;
const VPC: &str = "resource \"huaweicloud_vpc\" \"v\" {\n  name = \"v\"\n  cidr = \"10.0.0.0/16\"\n}\n";

/// The program is found by its name, as after an installation.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> (bool, String) {
    let own = Path::new(env!("CARGO_BIN_EXE_grantlint")).parent().unwrap();
    let paths = std::env::join_paths(
        std::iter::once(own.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let identity = ["AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL"];
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("PATH", paths.unwrap())
        .env("PRE_COMMIT_HOME", folder.join(".git/pre-commit"))
        .envs(identity.map(|name| (format!("GIT_{name}"), "test@example.com")))
        .output()
        .unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&told).into_owned())
}

fn git(folder: &Path, arguments: &[&str]) {
    let (is_done, told) = run(folder, "git", arguments);
    assert!(is_done, "git {arguments:?}: {told}");
}

/// A repository in which everything but the missing grants is committed, with the hook installed.
fn repository(arguments: &str) -> tempfile::TempDir {
    let hook = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml")).unwrap();
    assert!(hook.contains("language: rust\n"));
    // In `repos` it stands three steps further in.
    let hook = hook.replace("language: rust", "language: system").replace('\n', "\n      ");
    let hooks = format!("repos:\n  - repo: local\n    hooks:\n      {hook}  args: {arguments}\n");
    let folder = project(&[
        (".pre-commit-config.yaml", &hooks),
        ("grantlint.yaml", CONFIG),
        ("iam/one.json", ENOUGH),
        ("iam/two.json", NOTHING),
        ("one/main.tf", VPC),
        ("two/main.tf", VPC),
        ("README.md", "text\n"),
    ]);
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "all"]);
    let pre_commit = std::env::var("GRANTLINT_PRE_COMMIT").unwrap_or_else(|_| String::from("pre-commit"));
    let (is_done, told) = run(folder.path(), &pre_commit, &["install"]);
    assert!(is_done, "{told}");
    folder
}

/// Writes a file and commits it; whether the hook let it pass, and what was told.
fn commit(folder: &Path, path: &str, text: &str) -> (bool, String) {
    std::fs::write(folder.join(path), text).unwrap();
    git(folder, &["add", path]);
    run(folder, "git", &["commit", "-m", "change"])
}

#[test]
#[ignore = "needs pre-commit"]
fn a_commit_is_stopped_by_what_it_affects_and_by_nothing_else() {
    let folder = repository("[]");
    let (is_done, told) = commit(folder.path(), "one/main.tf", &VPC.replace("\"v\"", "\"w\""));
    assert!(is_done, "what `two` lacks is no matter of this change: {told}");
    let (is_done, told) = commit(folder.path(), "iam/one.json", NOTHING);
    assert!(!is_done, "{told}");
    assert!(told.contains("one/main.tf") && !told.contains("two/main.tf"), "{told}");
}

#[test]
#[ignore = "needs pre-commit"]
fn options_of_the_user_stand_before_the_files() {
    let folder = repository("[--principal, two]");
    let (is_done, told) = commit(folder.path(), "iam/one.json", NOTHING);
    assert!(is_done, "{told}");
    let (is_done, told) = commit(folder.path(), "two/main.tf", &format!("{VPC}\n"));
    assert!(!is_done, "{told}");
}

#[test]
#[ignore = "needs pre-commit"]
fn files_that_are_nobodys_manifest_do_not_start_it() {
    let folder = repository("[]");
    let (is_done, told) = commit(folder.path(), "README.md", "other\n");
    assert!(is_done && told.contains("Skipped"), "{told}");
}
