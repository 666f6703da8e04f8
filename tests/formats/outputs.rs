//! Several formats in one run, each to its place.

use std::path::Path;

use super::program::{check, fixture, project};

fn fires() -> std::path::PathBuf {
    fixture("unsupported-scope").join("fires")
}

#[test]
fn several_formats_are_written_in_one_run() {
    let folder = project(&[]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (log, table) = (path("a.sarif"), path("b.csv"));
    let arguments =
        ["--format", "sarif", "--output", &log, "--format", "csv", "--output", &table, "--format", "github"];
    let run = check(&fires(), &arguments);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(run.stdout.starts_with("::notice "), "{}", run.stdout);
    let alone = |format: &str| check(&fires(), &["--format", format]).stdout;
    assert_eq!(std::fs::read_to_string(log).unwrap(), alone("sarif"));
    assert_eq!(std::fs::read_to_string(table).unwrap(), alone("csv"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no other file is left");
}

#[test]
fn a_dash_is_standard_output() {
    let [dash, none] =
        [&["--format", "csv", "--output", "-"][..], &["--format", "csv"]].map(|a| check(&fires(), a).stdout);
    assert_eq!(dash, none);
}

#[test]
fn two_formats_for_one_place_are_refused_before_anything_is_read() {
    for (arguments, expected) in [
        (&["--format", "json", "--format", "csv"][..], "`json` and `csv` cannot both go to standard output"),
        (&["--format", "json", "--output", "-", "--format", "csv"], "--format csv --output FILE"),
        (&["--format", "json", "--output", "x", "--format", "csv", "--output", "x"], "cannot both go to x"),
        (&["--format", "json", "--output", "x", "--output", "y"], "--format FORMAT --output y"),
    ] {
        let run = check(&fires(), &[arguments, &["no/such/path"]].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(expected), "{arguments:?}: {}", run.stderr);
        assert!(!Path::new("x").exists());
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_the_others_are_whole() {
    let folder = project(&[]);
    let first = folder.path().join("first.json");
    let arguments =
        ["--format", "json", "--output", first.to_str().unwrap(), "--format", "csv", "--output", "no/such/b.csv"];
    let run = check(&fires(), &arguments);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("no/such/b.csv"), "{}", run.stderr);
    let written: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(first).unwrap()).unwrap();
    assert_eq!(written["schema"], 1);
}

#[test]
fn an_output_before_its_format_is_taken_for_it() {
    let folder = project(&[]);
    let path = folder.path().join("a.json");
    let run = check(&fires(), &["--output", path.to_str().unwrap(), "--format", "json"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(std::fs::read_to_string(path).unwrap().starts_with('{'));
}
