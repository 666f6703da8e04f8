//! Code Quality of GitLab, by the fields that its documentation asks for.

use std::collections::HashSet;

use serde::Deserialize;

use super::reports::{CLEAN, FIXTURES, HOSTILE, Reports};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: Severity,
    location: Location,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    Info,
    Minor,
    Major,
    Critical,
    Blocker,
}

#[derive(Deserialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Deserialize)]
struct Lines {
    begin: u64,
}

fn issues(reports: &Reports) -> Vec<Issue> {
    // A byte order mark is not allowed, and the array is the whole document.
    assert!(reports.text("gitlab").starts_with('['));
    serde_json::from_str(reports.text("gitlab")).unwrap()
}

#[test]
fn an_issue_says_what_and_where() {
    for reports in [&*FIXTURES, &*HOSTILE, &*CLEAN] {
        let (issues, findings) = (issues(reports), reports.findings());
        assert_eq!(issues.len(), findings.len());
        for (issue, finding) in issues.iter().zip(&findings) {
            assert_eq!(issue.check_name, finding["rule"].as_str().unwrap());
            assert_eq!(issue.location.path, finding["location"]["path"].as_str().unwrap());
            assert!(!issue.location.path.starts_with("./"));
            assert_eq!(Some(issue.location.lines.begin), finding["location"]["line"].as_u64());
            assert!(!issue.description.contains(['\n', '\0']) && issue.description.chars().count() <= 1_000);
        }
    }
}

#[test]
fn fingerprints_are_unique() {
    for reports in [&*FIXTURES, &*HOSTILE] {
        let issues = issues(reports);
        let distinct: HashSet<&str> = issues.iter().map(|issue| issue.fingerprint.as_str()).collect();
        assert_eq!(distinct.len(), issues.len());
    }
}

#[test]
fn severities_are_those_of_the_findings_and_nothing_blocks_by_itself() {
    for (issue, finding) in issues(&FIXTURES).iter().zip(FIXTURES.findings()) {
        let expected = match (finding["severity"].as_str().unwrap(), finding["certainty"].as_str().unwrap()) {
            ("error", _) => Severity::Critical,
            ("warning", "certain") => Severity::Major,
            ("warning", _) => Severity::Minor,
            _ => Severity::Info,
        };
        assert_eq!(issue.severity, expected, "{finding}");
        assert_ne!(issue.severity, Severity::Blocker);
    }
}
