//! What counts as needed, and what is not known, when `unused-grant` says that nothing needs an action.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use program::{check, project};

const VPC: &str = "provider \"huaweicloud\" {\n  region = \"cn-north-4\"\n}\n\nresource \"huaweicloud_vpc\" \"main\" {\n  name = \"main\"\n  cidr = \"10.0.0.0/16\"\n}\n";

/// A policy of one statement.
fn policy(version: &str, actions: &[&str]) -> String {
    format!(r#"{{"Version": "{version}", "Statement": [{{"Effect": "Allow", "Action": {actions:?}}}]}}"#)
}

/// `principal: actions`, with `?` where it is only possible, of each finding in a project.
fn unused(files: &[(&str, &str)], arguments: &[&str]) -> Vec<String> {
    let arguments = [&["--select", "unused-grant", "--format", "json"], arguments].concat();
    let run = check(project(files).path(), &arguments);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let shown = findings.map(|finding| {
        let actions: Vec<&str> = finding["actions"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
        let principal = finding["principal"].as_str().unwrap_or("several");
        let open = if finding["certainty"] == "possible" { "?" } else { "" };
        format!("{principal}: {}{open}", actions.join(" "))
    });
    shown.collect()
}

#[test]
fn what_any_phase_needs_is_used_whichever_phases_are_checked() {
    let policy = policy("1.1", &["vpc:vpcs:delete", "vpc:vpcs:update", "vpc:vpcs:create", "kms:cmk:get"]);
    let files = [("main.tf", VPC), ("p.json", &policy)];
    assert_eq!(unused(&files, &[]), ["unbound policies: kms:cmk:get"]);
    assert_eq!(unused(&files, &["--phase", "plan"]), ["unbound policies: kms:cmk:get"]);
}

#[test]
fn what_could_not_be_checked_makes_it_possible() {
    let policy = policy("1.1", &["vpc:vpcs:*", "kms:cmk:get"]);
    let unknown = format!("{VPC}\nresource \"huaweicloud_brand_new_thing\" \"x\" {{}}\n");
    assert_eq!(unused(&[("main.tf", &unknown), ("p.json", &policy)], &[]), ["unbound policies: kms:cmk:get?"]);
    // A manifest that cannot be read says nothing either.
    let broken = [("main.tf", VPC), ("b.tf", "resource \"huaweicloud_vpc\" \"b\" {\n"), ("p.json", &policy)];
    assert_eq!(unused(&broken, &[]), ["unbound policies: kms:cmk:get?"]);
}

#[test]
fn an_action_is_used_if_one_holder_of_the_policy_needs_it() {
    let policy = policy("1.1", &["vpc:vpcs:*", "ims:images:copy", "kms:cmk:get"]);
    let operation = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - action: ims:images:copy\n";
    let config = "principals:\n  a: { grants: [{ policy: p.json }], deploys: [\"a/**\"] }\n  b: { grants: [{ policy: p.json }], deploys: [\"b/**\"] }\n";
    let files = [("grantlint.yaml", config), ("p.json", &policy), ("a/main.tf", VPC), ("b/o.yaml", operation)];
    assert_eq!(unused(&files, &[]), ["several: kms:cmk:get"]);
    let alone = config.replace("  b: { grants: [{ policy: p.json }],", "  b: {");
    let files = [("grantlint.yaml", alone.as_str()), ("p.json", &policy), ("a/main.tf", VPC), ("b/o.yaml", operation)];
    assert_eq!(unused(&files, &[]), ["a: ims:images:copy kms:cmk:get"]);
}

#[test]
fn an_action_of_a_service_is_not_called_unused_where_its_name_is_not_known() {
    // Copying depends on `ims:serverImages:create`, of which the name in grammar 5.0 is not known, and on `kms:*:*`.
    let operation = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - api: POST /v1/cloudimages/{image_id}/cross_region_copy\n";
    let of = |version: &str| {
        let policy = policy(version, &["ims:wholeImages:create", "kms:cmk:get", "elb:listeners:get"]);
        unused(&[("o.yaml", operation), ("p.json", &policy)], &[])
    };
    assert_eq!(of("1.1"), ["unbound policies: elb:listeners:get ims:wholeImages:create"]);
    assert_eq!(of("5.0"), ["unbound policies: elb:listeners:get"]);
}

#[test]
fn what_is_needed_of_a_wildcard_is_written_out_where_it_is_little() {
    let all = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["*:*:*"]}]}"#;
    let known = [
        "ecs:servers:get",
        "ecs:servers:list",
        "ims:images:get",
        "ims:images:list",
        "ims:images:update",
        "vpc:networks:get",
        "vpc:ports:create",
        "vpc:ports:get",
        "vpc:routers:get",
        "vpc:securityGroups:get",
        "vpc:subnets:create",
        "vpc:subnets:get",
        "vpc:subnets:update",
    ];
    let help = |actions: usize, config: &str| {
        let lines: Vec<String> = known.iter().take(actions).map(|name| format!("  - {{ action: {name} }}\n")).collect();
        let manifest = format!("apiVersion: grantlint/v1\nkind: Operations\noperations:\n{}", lines.concat());
        let folder = project(&[("p.json", all), ("o.yaml", &manifest), ("grantlint.yaml", config)]);
        let report = check(folder.path(), &["--format", "json", "--select", "wildcard-action"]).stdout;
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        report["findings"][0]["help"].as_str().unwrap().to_owned()
    };
    assert!(help(12, "").contains("\"vpc:subnets:get\""));
    let prints = "grant the 13 actions that are needed of it instead: `grantlint require";
    assert_eq!(help(13, ""), format!("{prints} --format policy-1.1` prints policies with all that is needed"));
    let named = help(13, "principals: { \"the team\": { grants: [{ policy: p.json }] } }\n");
    assert_eq!(
        named,
        format!("{prints} --principal 'the team' --format policy-1.1` prints policies with all that is needed")
    );
}
