//! The four cases that the project began with, and what enterprise projects add to them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use program::{check, fixture};
use serde_json::Value;

/// Rule, certainty and actions of each finding in a case.
fn findings(case: &str) -> Vec<(String, String, Vec<String>)> {
    let run = check(&fixture("image-copy").join(case), &[".", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let actions = finding["actions"].as_array().unwrap().iter().map(text).collect();
            (text(&finding["rule"]), text(&finding["certainty"]), actions)
        })
        .collect()
}

fn found(rule: &str, certainty: &str, action: &str) -> (String, String, Vec<String>) {
    (rule.to_owned(), certainty.to_owned(), vec![action.to_owned()])
}

#[test]
fn within_a_region_a_grant_by_project_or_by_enterprise_project_is_enough() {
    assert_eq!(findings("within-region-by-project"), []);
    assert_eq!(findings("within-region-by-enterprise-project"), []);
}

#[test]
fn across_regions_a_grant_by_project_is_enough() {
    assert_eq!(findings("across-regions-by-project"), []);
}

#[test]
fn across_regions_the_same_policy_takes_no_effect_in_an_enterprise_project() {
    assert_eq!(
        findings("across-regions-by-enterprise-project"),
        [found("unsupported-scope", "certain", "ims:images:copy")]
    );
}

#[test]
fn making_the_image_is_needed_too_where_enterprise_projects_are_enabled() {
    assert_eq!(
        findings("within-region-enterprise-projects-not-said"),
        [found("missing-grant", "possible", "ims:serverImages:create")]
    );
    assert_eq!(
        findings("within-region-enterprise-projects-off"),
        [found("dependent-action", "certain", "ims:serverImages:create")]
    );
}
