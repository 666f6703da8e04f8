//! `phases:` of a principal: one that only plans is asked for nothing but what planning needs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use program::{Run, check, project};

const VPC: &str = "provider \"huaweicloud\" {\n  region = \"cn-north-4\"\n}\n\nresource \"huaweicloud_vpc\" \"main\" {\n  name = \"main\"\n  cidr = \"10.0.0.0/16\"\n}\n";

const READ: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:*:get*", "vpc:*:list*"]}]}"#;
const ALL: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:*:*"]}]}"#;

fn run(config: &str, arguments: &[&str]) -> Run {
    let files = [("main.tf", VPC), ("iam/read.json", READ), ("iam/all.json", ALL), ("grantlint.yaml", config)];
    check(project(&files).path(), &[arguments, &["--format", "json"]].concat())
}

/// `principal: actions` of each certain finding of a rule.
fn told(run: &Run, rule: &str) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let is_it = |finding: &&serde_json::Value| finding["rule"] == rule && finding["certainty"] == "certain";
    let findings = report["findings"].as_array().unwrap().iter().filter(is_it);
    let shown = findings.map(|finding| {
        let actions: Vec<&str> = finding["actions"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
        format!("{}: {}", finding["principal"].as_str().unwrap_or("-"), actions.join(" "))
    });
    shown.collect()
}

const PLANNER: &str = "  planner: { grants: [{ policy: iam/read.json }], phases: [plan] }\n";

#[test]
fn a_planner_needs_only_to_read_and_an_applier_the_rest() {
    let both = format!("principals:\n{PLANNER}  applier: {{ grants: [{{ policy: iam/all.json }}] }}\n");
    let run_of_both = run(&both, &[]);
    assert_eq!(run_of_both.code, 0, "{}", run_of_both.all());
    assert_eq!(told(&run_of_both, "missing-grant"), Vec::<String>::new());
    let without_phases = both.replace(", phases: [plan]", "");
    assert!(told(&run(&without_phases, &[]), "missing-grant")[0].starts_with("planner: vpc:vpcs:create"));
}

#[test]
fn only_the_phases_that_a_principal_and_the_run_have_in_common_are_checked() {
    let nothing = "principals:\n  planner: { phases: [plan] }\n";
    let missing = |arguments: &[&str]| told(&run(nothing, arguments), "missing-grant");
    assert_eq!(missing(&["--phase", "plan"]), ["planner: vpc:vpcs:get"]);
    assert_eq!(missing(&["--phase", "destroy"]), missing(&["--phase", "plan"]));
    let destroyer = "principals:\n  destroyer: { phases: [destroy] }\n";
    assert!(!told(&run(destroyer, &[]), "missing-grant").concat().contains("vpc:vpcs:create"));
}

#[test]
fn what_a_planner_may_change_is_unused() {
    let both = "principals:\n  planner: { grants: [{ policy: iam/all.json }], phases: [plan] }\n";
    let create = run(both, &["--select", "unused-grant"]);
    assert_eq!(told(&create, "unused-grant"), Vec::<String>::new(), "the pattern is used in part");
    let files = [
        ("main.tf", VPC),
        ("p.json", &READ.replace("vpc:*:list*", "vpc:vpcs:create")),
        ("grantlint.yaml", "principals:\n  planner: { grants: [{ policy: p.json }], phases: [plan] }\n"),
    ];
    let run = check(project(&files).path(), &["--select", "unused-grant", "--format", "json"]);
    assert_eq!(told(&run, "unused-grant"), ["planner: vpc:vpcs:create"]);
}

#[test]
fn phases_that_nobody_is_there_for_are_told() {
    let run = run(&format!("principals:\n{PLANNER}"), &["--select", "unchecked-operation"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let messages: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["message"].as_str().unwrap()).collect();
    assert!(
        messages.iter().any(|message| message
            .ends_with("no principal deploys this manifest in the phases `create`, `update`, `delete`")),
        "{messages:?}"
    );
}
