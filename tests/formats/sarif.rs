//! SARIF, by the official schema of 2.1.0 and by types that are made from it.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::program::{check, project};
use super::reports::{CLEAN, FIXTURES, HOSTILE, Reports};

/// The schema as the package `serde-sarif` ships it.
static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let text = std::fs::read_to_string(package("serde-sarif").join("src/schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    // A mistake of the published schema: this pattern has a bracket too many, and strict readers refuse it. It is about
    // a field that the program does not write.
    for holder in ["run", "toolComponent"] {
        schema["definitions"][holder]["properties"]["language"].as_object_mut().unwrap().remove("pattern").unwrap();
    }
    assert_eq!(schema["title"], "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema");
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
});

/// The folder of a package that the tests are built with.
fn package(name: &str) -> PathBuf {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(rustc.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // Only the packages of this platform are there for certain.
    let metadata = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let manifest = packages.iter().find(|package| package["name"] == name).unwrap()["manifest_path"].as_str().unwrap();
    PathBuf::from(manifest).parent().unwrap().to_owned()
}

fn log(reports: &Reports) -> Value {
    serde_json::from_str(reports.text("sarif")).unwrap()
}

fn mistakes(log: &Value) -> Vec<String> {
    SCHEMA.iter_errors(log).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn a_log_is_valid_by_the_official_schema() {
    for reports in [&*FIXTURES, &*HOSTILE, &*CLEAN] {
        assert_eq!(mistakes(&log(reports)), Vec::<String>::new());
    }
}

#[test]
fn the_schema_finds_what_is_not_valid() {
    for (place, value) in [
        ("/runs/0/results/0/level", json!("fatal")),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", json!("a b")),
        ("/version", json!("2.2.0")),
    ] {
        let mut log = log(&FIXTURES);
        *log.pointer_mut(place).unwrap() = value;
        assert_eq!(mistakes(&log).len(), 1, "{place}");
    }
}

#[test]
fn a_log_is_read_by_types_that_are_made_from_the_schema() {
    let log: serde_sarif::sarif::Sarif = serde_json::from_str(FIXTURES.text("sarif")).unwrap();
    let results = log.runs[0].results.as_ref().unwrap();
    let findings = FIXTURES.findings();
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(&findings) {
        assert_eq!(result.rule_id.as_deref(), finding["rule"].as_str());
        let region = result.locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap().region.as_ref().unwrap();
        let place = [region.start_line, region.start_column, region.end_line, region.end_column].map(Option::unwrap);
        let keys = ["line", "column", "end_line", "end_column"];
        assert_eq!(place, keys.map(|key| finding["location"][key].as_i64().unwrap()));
        let related = result.related_locations.as_ref().map_or(0, Vec::len);
        assert_eq!(related, finding["related"].as_array().unwrap().len());
    }
}

#[test]
fn every_result_leads_to_its_rule_which_explains_itself() {
    let log = log(&FIXTURES);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    for rule in rules {
        let page = grantlint::lint::page(rule["id"].as_str().unwrap()).unwrap();
        assert_eq!(rule["help"]["markdown"], page);
        assert!(!rule["help"]["text"].as_str().unwrap().contains("## "));
        assert!(rule["shortDescription"]["text"].as_str().unwrap().ends_with('.'));
    }
    let occurring: HashSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(occurring.len(), rules.len(), "each once");
}

#[test]
fn fingerprints_tell_results_apart_and_stay_when_lines_move() {
    let policy = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:vpcs:get"]}]}"#;
    let fingerprints = |above: &str| {
        let manifest = format!(
            "{above}apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - action: ims:images:copy\n  - action: kms:cmk:create\n"
        );
        let folder = project(&[("o.yaml", &manifest), ("p.json", policy)]);
        let log: Value = serde_json::from_str(&check(folder.path(), &["--format", "sarif"]).stdout).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|result| result["partialFingerprints"].to_string()).collect::<Vec<_>>()
    };
    let (before, after) = (fingerprints(""), fingerprints("# a line\n# and another\n"));
    assert_eq!(before, after);
    assert_eq!(before.iter().collect::<HashSet<_>>().len(), 2);
}

#[test]
fn the_address_of_a_file_is_relative_and_gives_its_path_back() {
    for reports in [&*FIXTURES, &*HOSTILE] {
        let log = log(reports);
        for (result, finding) in log["runs"][0]["results"].as_array().unwrap().iter().zip(reports.findings()) {
            let artifact = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            assert_eq!(artifact["uriBaseId"], "%SRCROOT%");
            let uri = artifact["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte)), "{uri}");
            let path = percent_encoding::percent_decode_str(uri).decode_utf8().unwrap();
            assert_eq!(path, finding["location"]["path"].as_str().unwrap());
        }
    }
}

#[test]
fn no_name_becomes_a_link_of_a_message() {
    for result in log(&HOSTILE)["runs"][0]["results"].as_array().unwrap() {
        assert!(!result["message"]["text"].as_str().unwrap().contains("]("), "{result}");
    }
}
