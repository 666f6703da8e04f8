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

/// What `sarif` writes of a project in which a comment, an entry and a baseline each accept a finding.
fn accepting(arguments: &[&str]) -> Value {
    let policy = "Version: '1.1'\nStatement:\n  - Effect: Allow\n    Action:\n      - 'vpc:nope:get'\n";
    let config = "ignore: [{ rule: mixed-scope-policy, reason: it is split at import }]\n";
    let folder = project(&[("grantlint.yaml", config), ("p.yaml", policy)]);
    check(folder.path(), &["--write-baseline", "known.json"]);
    let more = "      - 'smn:*:*' # grantlint: ignore[wildcard-action] only here\n      - 'iam:*:*'\n";
    std::fs::write(folder.path().join("p.yaml"), format!("{policy}{more}")).unwrap();
    let arguments: Vec<&str> =
        ["--baseline", "known.json", "--format", "sarif"].iter().chain(arguments).copied().collect();
    serde_json::from_str(&check(folder.path(), &arguments).stdout).unwrap()
}

#[test]
fn accepted_findings_are_left_out_unless_they_are_asked_for() {
    let log = accepting(&[]);
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|result| result["ruleId"] == "wildcard-action"), "{log:#}");
    assert!(results.iter().all(|result| result.get("suppressions").is_none()), "{log:#}");
}

#[test]
fn accepted_findings_that_are_asked_for_stand_behind_the_others_with_what_accepts_them() {
    let log = accepting(&["--show-suppressed"]);
    assert_eq!(mistakes(&log), Vec::<String>::new());
    let results = log["runs"][0]["results"].as_array().unwrap();
    let accepted = |result: &Value| {
        let suppressions = result["suppressions"].as_array().unwrap();
        assert!(suppressions.iter().all(|suppression| suppression["status"] == "accepted"));
        let suppression = suppressions.first()?;
        let place = &suppression["location"]["physicalLocation"];
        let [kind, justification, path] =
            [&suppression["kind"], &suppression["justification"], &place["artifactLocation"]["uri"]]
                .map(|text| text.as_str().unwrap_or_default().to_owned());
        Some((result["ruleId"].as_str().unwrap().to_owned(), kind, justification, path))
    };
    let counting = results.iter().take_while(|result| accepted(result).is_none()).count();
    assert!(counting > 0, "{log:#}");
    let accepted: Vec<_> = results[counting..].iter().map(|result| accepted(result).unwrap()).collect();
    let expected = [
        ("wildcard-action", "inSource", "only here", "p.yaml"),
        ("mixed-scope-policy", "external", "it is split at import", "grantlint.yaml"),
        ("unknown-action", "external", "the baseline records it", ""),
    ];
    for (rule, kind, reason, path) in expected {
        let expected = [rule, kind, reason, path].map(str::to_owned).into();
        assert!(accepted.contains(&expected), "{expected:?}: {accepted:#?}");
    }
    assert_eq!(log["runs"][0]["properties"]["summary"]["suppressed"], accepted.len());
}

#[test]
fn a_format_that_cannot_mark_accepted_findings_is_refused_with_a_way_out() {
    let folder = project(&[]);
    let run = check(folder.path(), &["--show-suppressed", "--format", "csv"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("write `--format sarif --show-suppressed`"), "{}", run.stderr);
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
