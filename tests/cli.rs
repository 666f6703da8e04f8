//! The command line: options, exit codes, and what is said when a run cannot be done.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::path::Path;

use program::{Run, check, fixture, project};

fn fires() -> std::path::PathBuf {
    fixture("unsupported-scope").join("fires")
}

/// The rules of a run's findings with their severities.
fn rules(run: &Run) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    findings.map(|finding| format!("{} {}", text(&finding["severity"]), text(&finding["rule"]))).collect()
}

fn json(folder: &Path, arguments: &[&str]) -> Run {
    check(folder, &[arguments, &["--format", "json"]].concat())
}

#[test]
fn the_exit_code_follows_fail_on() {
    for (fail_on, code) in [("error", 1), ("warning", 1), ("note", 1), ("never", 0)] {
        assert_eq!(check(&fires(), &["--fail-on", fail_on]).code, code, "{fail_on}");
    }
    let near_miss = fixture("unsupported-scope").join("near-miss");
    assert_eq!(check(&near_miss, &[]).code, 0);
    assert_eq!(check(&near_miss, &["--fail-on", "note"]).code, 1);
}

#[test]
fn select_ignore_and_severity_set_which_rules_speak_and_how_loud() {
    assert_eq!(rules(&json(&fires(), &[])), ["note unchecked-operation", "error unsupported-scope"]);
    assert_eq!(rules(&json(&fires(), &["--select", "unsupported-scope"])), ["error unsupported-scope"]);
    assert_eq!(rules(&json(&fires(), &["--ignore", "unsupported-scope"])), ["note unchecked-operation"]);
    let levels = ["--severity", "unsupported-scope=warning", "--severity", "unchecked-operation=off"];
    assert_eq!(rules(&json(&fires(), &levels)), ["warning unsupported-scope"]);
}

#[test]
fn a_rule_that_is_off_runs_where_it_is_named() {
    let policy = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ims:images:*", "kms:cmk:get"]}]}"#;
    let manifest = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - action: ims:images:copy\n";
    let run = |config: &str, arguments: &[&str]| {
        let folder = project(&[("o.yaml", manifest), ("p.json", policy), ("grantlint.yaml", config)]);
        rules(&json(folder.path(), arguments))
    };
    assert_eq!(run("", &[]), Vec::<String>::new());
    assert_eq!(run("", &["--select", "unused-grant"]), ["note unused-grant"]);
    assert_eq!(run("", &["--severity", "unused-grant=warning"]), ["warning unused-grant"]);
    assert_eq!(run("rules: { unused-grant: error }", &[]), ["error unused-grant"]);
    assert_eq!(run("rules: { unused-grant: off }", &["--select", "unused-grant"]), Vec::<String>::new());
}

#[test]
fn a_conditional_grant_is_an_error_where_the_configuration_says_so() {
    let folder = fixture("conditional-grant").join("fires");
    assert_eq!(check(&folder, &[]).code, 0);
    assert_eq!(check(&folder, &["--severity", "conditional-grant=error"]).code, 1);
}

#[test]
fn phases_confine_the_calls_that_are_checked() {
    assert_eq!(rules(&json(&fires(), &["--phase", "destroy"])), Vec::<String>::new());
    assert_eq!(
        rules(&json(&fires(), &["--phase", "apply", "--ignore", "unchecked-operation"])),
        ["error unsupported-scope"]
    );
}

#[test]
fn quiet_prints_findings_only() {
    let run = check(&fires(), &["--quiet", "--select", "unchecked-operation"]);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    assert_eq!(run.stderr, "");
}

#[test]
fn colours_are_there_when_asked_for_and_not_in_a_pipe() {
    assert!(!check(&fires(), &[]).stdout.contains('\u{1b}'));
    assert!(check(&fires(), &["--color", "always"]).stdout.contains('\u{1b}'));
}

#[test]
fn paths_are_relative_to_the_working_directory_and_the_configuration_is_found_above() {
    let run = json(&fires().join("deploy"), &["images", "--select", "unsupported-scope"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["findings"][0]["location"]["path"], "images/main.tf");
    assert!(report["findings"][0]["related"][0]["location"]["path"].as_str().unwrap().ends_with("iam/image-copy.json"));
}

#[test]
fn output_goes_to_a_file_that_is_whole() {
    let folder = project(&[]);
    let path = folder.path().join("findings.json");
    let run = json(&fires(), &["--output", path.to_str().unwrap()]);
    assert_eq!((run.stdout.as_str(), run.code), ("", 1));
    let written: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(written["schema"], 1);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no other file is left");
}

#[test]
fn the_same_input_gives_the_same_bytes_whatever_the_number_of_threads() {
    let fixtures = fixture("");
    let one = json(&fixtures, &["--threads", "1", "--config", "unsupported-scope/fires/grantlint.yaml"]);
    for threads in ["2", "7"] {
        let more = json(&fixtures, &["--threads", threads, "--config", "unsupported-scope/fires/grantlint.yaml"]);
        assert_eq!(one.stdout, more.stdout, "{threads} threads");
    }
}

#[test]
fn a_run_that_cannot_be_done_says_why_and_ends_with_2() {
    for (arguments, expected) in [
        (&["missing/path"][..], "missing/path"),
        (&["--config", "missing.yaml"], "missing.yaml"),
        (&["--config", "grantlnt.yaml"], "did you mean `grantlint.yaml`?"),
        (&["deploy/image"], "did you mean `deploy/images`?"),
        (&["--principal", "image-deplyer"], "did you mean `image-deployer`?"),
        (&["--select", "missing-grants"], "missing-grant"),
        (&["--severity", "missing-grants=off"], "did you mean `missing-grant`?"),
        (&["--severity", "missing-grant"], "RULE=LEVEL"),
        (&["--format", "yaml"], "human"),
        (&["--output", "no/such/folder/file"], "no/such/folder/file"),
    ] {
        let run = check(&fires(), arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.all());
        assert!(run.stderr.contains(expected), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
}

#[test]
fn a_configuration_with_mistakes_is_shown_with_all_of_them() {
    let folder = project(&[("grantlint.yaml", "acount: {}\nrules:\n  missing-grants: off\n")]);
    insta::assert_snapshot!(check(folder.path(), &[]).all());
}

#[test]
fn ignore_entries_accept_findings_in_whole_or_by_action_until_they_expire() {
    let manifest = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - action: ims:images:copy\n  - action: kms:cmk:create\n";
    let policy = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:vpcs:*"]}]}"#;
    let run = |ignore: &str| {
        let config = format!("ignore: [{ignore}]\n");
        let folder = project(&[("o.yaml", manifest), ("p.json", policy), ("grantlint.yaml", &config)]);
        let run = json(folder.path(), &[]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        (report["findings"].as_array().unwrap().len(), report["summary"]["suppressed"].as_u64().unwrap())
    };
    assert_eq!(run(""), (2, 0));
    let both = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - { api: POST /v2/cloudimages/action, region: r }\n";
    let files = [
        ("o.yaml", both),
        ("p.json", policy),
        ("grantlint.yaml", "ignore: [{ action: \"*:serverImages:*\", reason: x }]"),
    ];
    let partly = check(project(&files).path(), &["--select", "missing-grant"]);
    assert!(!partly.stdout.contains("serverImages"), "what is accepted is not told: {}", partly.stdout);
    assert_eq!(run(r#"{ action: "kms:*", reason: x }"#), (1, 1));
    assert_eq!(run(r#"{ rule: missing-grant, path: "*.yaml", reason: x }"#), (0, 2));
    // An entry that accepts nothing, or has expired, is told beside them.
    assert_eq!(run(r#"{ path: "deploy/**", reason: x }"#), (3, 0));
    assert_eq!(run(r#"{ action: "kms:*", reason: x, expires: 2020-01-01 }"#), (3, 0));
}

#[test]
fn exclude_takes_files_and_folders_as_people_write_them() {
    let files = |exclude: &str| {
        let config = format!("exclude: [\"{exclude}\"]\n");
        let folder = project(&[("grantlint.yaml", &config), ("a/x.tf", ""), ("a/b/y.tf", ""), ("z.tf", "")]);
        let report: serde_json::Value = serde_json::from_str(&json(folder.path(), &[]).stdout).unwrap();
        report["summary"]["files"].as_u64().unwrap()
    };
    for (exclude, left) in
        [("none", 3), ("a", 1), ("a/", 1), ("./a/**", 1), ("/a", 1), ("a/b", 2), ("*.tf", 0), ("y.tf", 2)]
    {
        assert_eq!(files(exclude), left, "{exclude}");
    }
}

#[test]
fn deploys_and_the_principal_of_a_manifest_confine_who_is_checked() {
    let config = "principals:\n  a: { deploys: [\"a/**\"] }\n  b: {}\n";
    let operation = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - action: ims:images:copy\n";
    let of_a = operation.replace("operations:", "principal: a\noperations:");
    let folder =
        project(&[("grantlint.yaml", config), ("a/o.yaml", operation), ("c/o.yaml", operation), ("d/o.yaml", &of_a)]);
    let report: serde_json::Value = serde_json::from_str(&json(folder.path(), &[]).stdout).unwrap();
    let who: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            format!("{} {}", finding["location"]["path"].as_str().unwrap(), finding["principal"].as_str().unwrap())
        })
        .collect();
    assert_eq!(who, ["a/o.yaml a", "a/o.yaml b", "c/o.yaml b", "d/o.yaml a"]);
}

#[test]
fn the_table_is_extended_by_files_that_the_configuration_names() {
    let config = "catalog: { extend: [\"catalog/*.yaml\"] }\n";
    let manifest = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - api: POST /v9/things\n";
    let policy = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:vpcs:*"]}]}"#;
    let table = "service: things\nsources:\n  page: { document: internal }\napis:\n  POST /v9/things:\n    actions: [things:thing:create]\n    source: page\n";
    let files =
        |table| [("grantlint.yaml", config), ("o.yaml", manifest), ("p.json", policy), ("catalog/things.yaml", table)];
    assert_eq!(rules(&json(project(&files(table)).path(), &[])), ["error missing-grant"]);
    let broken = check(project(&files("service: things\napis:\n  POST v9: {}\n")).path(), &[]);
    assert_eq!(broken.code, 2);
    assert!(broken.stderr.contains("catalog/things.yaml:3:"), "{}", broken.stderr);
}

#[test]
fn what_cannot_be_read_costs_its_own_file_and_nothing_else() {
    let deep = format!("a = {}", "[".repeat(100_000));
    let policy = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ims:images:*"]}]}"#;
    let manifest = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - action: ims:images:copy\n";
    let folder = project(&[
        ("deep/x.tf", &deep),
        ("deep/y.tf", "# huaweicloud_vpc\n"),
        ("p.json", policy),
        ("o.yaml", manifest),
    ]);
    std::fs::write(folder.path().join("latin.tf"), b"# caf\xe9\n").unwrap();
    std::fs::write(folder.path().join("wide.tf"), b"\xff\xfea\0").unwrap();
    let run = json(folder.path(), &[]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let broken: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["location"]["path"].as_str().unwrap())
        .collect();
    assert_eq!(broken, ["deep/x.tf", "latin.tf", "wide.tf"]);
    assert_eq!(report["summary"]["checked"], 1);
}

#[test]
fn a_folder_without_anything_to_check_is_told_as_such() {
    let folder = project(&[("README.md", "text")]);
    let run = check(folder.path(), &[]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("There is nothing here to check: no Terraform"), "{}", run.stdout);
    let folder = project(&[("main.tf", "locals {}\n")]);
    assert!(!check(folder.path(), &[]).stdout.contains("nothing here"));
}

#[test]
fn an_output_in_a_folder_that_is_not_there_is_told_by_its_folder() {
    let folder = project(&[("main.tf", "locals {}\n")]);
    let run = check(folder.path(), &["--output", "reports/today.txt"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr, "error: the output cannot be written to reports/today.txt: there is no folder `reports`\n");
}
