//! What servers of CI are given to start from does what its page says.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]
#![cfg(unix)]

mod program;

use std::path::Path;
use std::process::Command;

use program::{fixture, project};
use serde_yaml::Value;

fn file(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The fixture of an error, in a folder that can be written to.
fn deployment() -> tempfile::TempDir {
    let origin = fixture("unsupported-scope/fires");
    let files = walkdir::WalkDir::new(&origin).into_iter().map(Result::unwrap);
    let files: Vec<(String, String)> = files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(&origin).unwrap().to_str().unwrap().to_owned();
            (path, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    project(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>())
}

/// Runs the script of the action's last step in a folder, with the defaults of the inputs but for those that are given.
fn act(folder: &Path, given: &[(&str, &str)]) -> (i32, String) {
    let action: Value = serde_yaml::from_str(&file("action.yml")).unwrap();
    let step = action["runs"]["steps"].as_sequence().unwrap().last().unwrap();
    let runner = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(runner.path().join("grantlint/bin")).unwrap();
    let program = runner.path().join("grantlint/bin/grantlint");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_grantlint"), program).unwrap();
    // As the server runs it: https://docs.github.com/actions, `jobs.<job_id>.steps[*].shell`.
    let mut bash = Command::new("bash");
    bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"].as_str().unwrap()]);
    bash.current_dir(folder).env("RUNNER_TEMP", runner.path());
    for (variable, value) in step["env"].as_mapping().unwrap() {
        let input = value.as_str().unwrap().strip_prefix("${{ inputs.").unwrap().strip_suffix(" }}").unwrap();
        let default = action["inputs"][input]["default"].as_str().unwrap();
        let value = given.iter().find(|(name, _)| *name == input).map_or(default, |(_, value)| value);
        bash.env(variable.as_str().unwrap(), value);
    }
    let output = bash.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[test]
fn the_action_annotates_and_fails_where_an_error_is_found() {
    let folder = deployment();
    let (code, said) = act(folder.path(), &[]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("::error "), "{said}");
    assert_eq!(act(folder.path(), &[("fail-on", "never")]).0, 0);
    assert_eq!(act(folder.path(), &[("options", "--ignore=unsupported-scope\n--threads=1\n")]).0, 0);
}

#[test]
fn the_action_writes_sarif_and_takes_paths_a_configuration_and_a_baseline() {
    let folder = deployment();
    let (code, said) = act(folder.path(), &[("sarif", "a b.sarif")]);
    assert_eq!(code, 1, "{said}");
    let sarif = std::fs::read_to_string(folder.path().join("a b.sarif")).unwrap();
    assert!(sarif.contains("unsupported-scope"), "{sarif}");
    let written = act(folder.path(), &[("options", "--write-baseline=known.json")]);
    assert_eq!(written.0, 0, "{}", written.1);
    let known = act(folder.path(), &[("baseline", "known.json"), ("paths", ".\n\n"), ("config", "grantlint.yaml")]);
    assert_eq!(known.0, 0, "{}", known.1);
    let (code, said) = act(folder.path(), &[("paths", "no such\n-folder")]);
    assert_eq!(code, 2, "{said}");
}

#[test]
fn nothing_that_stands_in_an_input_of_the_action_is_run() {
    let folder = deployment();
    for input in ["paths", "config", "baseline", "fail-on", "sarif", "options"] {
        act(folder.path(), &[(input, "$(touch owned)`touch owned`; touch owned\n\"; touch owned; \"")]);
        assert!(!folder.path().join("owned").exists(), "{input}");
    }
}

/// The commands of a text that run the program.
fn commands(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| Some(line.get(line.find("grantlint check")?..)?.trim_end_matches('\''))).collect()
}

#[test]
fn the_commands_of_the_other_servers_write_what_these_read() {
    for (path, reports) in [
        ("docs/ci/gitlab.yml", &["gl-code-quality-report.json", "grantlint.xml"][..]),
        ("docs/ci/Jenkinsfile", &["grantlint.xml"]),
        ("docs/ci/codearts.yml", &["grantlint.xml"]),
    ] {
        let text = file(path);
        let commands = commands(&text);
        assert_eq!(commands.len(), 1, "{path}");
        let folder = deployment();
        let words = commands[0].split_whitespace().skip(1).filter(|word| *word != "$GRANTLINT_PATHS");
        let run =
            Command::new(env!("CARGO_BIN_EXE_grantlint")).args(words).current_dir(folder.path()).output().unwrap();
        assert_eq!(run.status.code(), Some(1), "{path}");
        for report in reports {
            assert!(folder.path().join(report).is_file(), "{path}: {report}");
        }
    }
}

#[test]
fn what_is_yaml_can_be_read_as_yaml() {
    for path in ["action.yml", "docs/ci/gitlab.yml", "docs/ci/codearts.yml"] {
        assert!(serde_yaml::from_str::<Value>(&file(path)).unwrap().is_mapping(), "{path}");
    }
}
