//! A baseline records today's findings, so that only new ones count.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::path::Path;

use program::{Run, check, project};

const POLICY: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:*:*", "ims:nope:get"]}]}"#;
const MANIFEST: &str = r#"
resource "huaweicloud_compute_keypair" "k" {
  name = "k"
}

resource "huaweicloud_images_image_copy" "i" {
  source_image_id = "x"
  name            = "i"
}
"#;

fn write(folder: &Path, path: &str, text: &str) {
    std::fs::write(folder.join(path), text).unwrap();
}

/// A project of which the findings are recorded.
fn recorded() -> tempfile::TempDir {
    let folder = project(&[("main.tf", MANIFEST), ("p.json", POLICY)]);
    assert_eq!(check(folder.path(), &["."]).code, 1);
    let run = check(folder.path(), &[".", "--write-baseline", "baseline.json"]);
    assert_eq!(run.code, 0, "{}", run.all());
    let findings = entries(folder.path()).len();
    assert_eq!(run.stderr, format!("{findings} findings recorded in baseline.json\n"));
    folder
}

fn entries(folder: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(folder.join("baseline.json")).unwrap();
    let baseline: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(baseline["schema"], 1);
    baseline["findings"].as_array().unwrap().clone()
}

fn against(folder: &Path) -> Run {
    check(folder, &[".", "--baseline", "baseline.json", "--fail-on", "note", "--format", "json"])
}

/// The rules of the findings that are new.
fn new(run: &Run) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_recorded_does_not_count() {
    let folder = recorded();
    let run = against(folder.path());
    assert_eq!((run.code, new(&run), run.stderr.as_str()), (0, Vec::new(), ""));
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["summary"]["suppressed"], entries(folder.path()).len());
}

#[test]
fn a_baseline_is_sorted_has_one_finding_a_line_and_is_the_same_each_time() {
    let folder = recorded();
    let text = std::fs::read_to_string(folder.path().join("baseline.json")).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("\"fingerprint\"")).collect();
    assert_eq!(lines.len(), entries(folder.path()).len());
    assert!(lines.iter().all(|line| line.contains("\"path\":") && line.contains("\"rule\":")), "{text}");
    let without_commas: Vec<&str> = lines.iter().map(|line| line.trim_end_matches(',')).collect();
    assert!(without_commas.is_sorted(), "{text}");
    check(folder.path(), &[".", "--write-baseline", "baseline.json"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("baseline.json")).unwrap(), text);
}

#[test]
fn fingerprints_survive_moved_lines_other_formatting_and_other_findings_before() {
    let folder = recorded();
    // The blocks change places, attributes their order, and lines their ends.
    let moved = "# A line more.\r\n\r\nresource \"huaweicloud_images_image_copy\" \"i\" {\r\n    name = \"i\"\r\n\r\n    \
                 source_image_id = \"x\"\r\n}\r\nresource huaweicloud_compute_keypair k {\r\n  name = \"k\" }\r\n";
    write(folder.path(), "main.tf", &moved.replace("\"k\" }", "\"k\"\r\n}"));
    let pretty = "{\n  \"Version\": \"1.1\",\n  \"Statement\": [\n    {\n      \"Action\": [\n        \"ims:nope:get\",\n        \
                  \"vpc:*:*\"\n      ],\n      \"Effect\": \"Allow\"\n    }\n  ]\n}\n";
    write(folder.path(), "p.json", pretty);
    let run = against(folder.path());
    assert_eq!((run.code, new(&run), run.stderr.as_str()), (0, Vec::new(), ""), "{}", run.stdout);
    // Another finding of the same rule before the recorded ones is the only one that counts.
    write(folder.path(), "p.json", &pretty.replace("\"ims:nope:get\"", "\"smn:*:*\",\n        \"ims:nope:get\""));
    let run = against(folder.path());
    assert_eq!((run.code, new(&run)), (1, vec![String::from("wildcard-action")]), "{}", run.stdout);
}

#[test]
fn what_is_found_once_more_is_new() {
    let folder = recorded();
    let statement = r#"{"Effect": "Allow", "Action": ["ims:nope:get"]}"#;
    let twice = POLICY.replace("\"Statement\": [", &format!("\"Statement\": [{statement}, "));
    write(folder.path(), "p.json", &twice);
    let run = against(folder.path());
    assert!(new(&run).contains(&String::from("unknown-action")), "{}", run.stdout);
    assert_eq!(new(&run).iter().filter(|rule| *rule == "unknown-action").count(), 1);
}

#[test]
fn a_file_of_another_name_has_other_findings() {
    let folder = recorded();
    std::fs::rename(folder.path().join("p.json"), folder.path().join("q.json")).unwrap();
    assert!(new(&against(folder.path())).contains(&String::from("wildcard-action")));
}

#[test]
fn a_baseline_can_shrink_where_findings_are_gone() {
    let folder = recorded();
    write(folder.path(), "p.json", &POLICY.replace(", \"ims:nope:get\"", ""));
    let run = against(folder.path());
    assert!(run.stderr.starts_with("note: the baseline can shrink by 1 finding: "), "{}", run.stderr);
    // A run that sees a part of the project cannot tell.
    let part = check(folder.path(), &["main.tf", "--baseline", "baseline.json"]);
    assert!(!part.stderr.contains("shrink"), "{}", part.stderr);
}

#[test]
fn what_a_comment_accepts_is_not_recorded() {
    let folder = recorded();
    let before = entries(folder.path()).len();
    write(
        folder.path(),
        "p.json",
        &POLICY.replace("\"vpc:*:*\",", "/* grantlint: ignore[wildcard-action] r */ \"vpc:*:*\",\n"),
    );
    check(folder.path(), &[".", "--write-baseline", "baseline.json"]);
    let rules: Vec<_> = entries(folder.path()).iter().map(|entry| entry["rule"].clone()).collect();
    assert!(!rules.contains(&"wildcard-action".into()), "{rules:?}");
    assert!(rules.len() >= before - 1, "{rules:?}");
}

#[test]
fn a_baseline_that_cannot_be_used_ends_the_run_with_one_message() {
    let folder = recorded();
    for (text, message) in [
        ("", "`baseline.json` is no baseline: "),
        ("[]", "`baseline.json` is no baseline: "),
        (
            "{\"schema\": 2, \"findings\": 1}",
            "`baseline.json` is no baseline: its schema is 2, and this program reads 1",
        ),
        ("{\"schema\": 1, \"findings\": [1]}", "`baseline.json` is no baseline: "),
    ] {
        write(folder.path(), "baseline.json", text);
        let run = against(folder.path());
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.lines().count()), (2, "", 1), "{}", run.stderr);
        assert!(run.stderr.contains(message), "{}", run.stderr);
    }
    let missing = check(folder.path(), &[".", "--baseline", "none.json"]);
    assert_eq!((missing.code, missing.stderr.lines().count()), (2, 1));
    assert!(missing.stderr.contains("the baseline `none.json` cannot be read: "), "{}", missing.stderr);
    assert!(missing.stderr.contains("`--write-baseline FILE` writes one"), "{}", missing.stderr);
    let nowhere = check(folder.path(), &[".", "--write-baseline", "no/such/folder.json"]);
    assert_eq!(nowhere.code, 2, "{}", nowhere.stderr);
    let both = check(folder.path(), &[".", "--baseline", "a", "--write-baseline", "b"]);
    assert_eq!(both.code, 2);
}

#[test]
fn a_file_that_is_no_baseline_is_never_replaced_by_one() {
    let folder = recorded();
    for path in ["p.json", "main.tf"] {
        let before = std::fs::read(folder.path().join(path)).unwrap();
        let run = check(folder.path(), &[".", "--write-baseline", path]);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(&format!("`{path}` is no baseline, so it is not replaced")), "{}", run.stderr);
        assert_eq!(std::fs::read(folder.path().join(path)).unwrap(), before);
    }
}

#[test]
fn an_empty_baseline_is_one() {
    let folder = project(&[("main.tf", "locals {}\n")]);
    let run = check(folder.path(), &[".", "--write-baseline", "baseline.json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, "0 findings recorded in baseline.json\n"));
    assert_eq!(against(folder.path()).code, 0);
}
