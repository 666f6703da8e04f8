//! `grantlint require`: what is needed, the policies that grant it, and what is said of what is not known.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::collections::BTreeSet;
use std::path::Path;
use std::str::FromStr;

use program::{Run, fixture, project, require};
use serde_json::Value;

const VPC: &str = "provider \"huaweicloud\" {\n  region = \"cn-north-4\"\n}\n\nresource \"huaweicloud_vpc\" \"main\" {\n  name = \"main\"\n  cidr = \"10.0.0.0/16\"\n}\n";

fn operations(calls: &[&str]) -> String {
    let listed: Vec<String> = calls.iter().map(|call| format!("  - {call}\n")).collect();
    format!("apiVersion: grantlint/v1\nkind: Operations\noperations:\n{}", listed.concat())
}

/// Runs it over one operations manifest.
fn of(calls: &[&str], arguments: &[&str]) -> Run {
    require(project(&[("o.yaml", &operations(calls))]).path(), arguments)
}

fn json(run: &Run) -> Value {
    assert_eq!(run.code, 0, "{}", run.all());
    serde_json::from_str(&run.stdout).unwrap()
}

/// `action purpose` of each action in a run's JSON.
fn actions(run: &Run) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let actions = json(run)["actions"].as_array().unwrap().clone();
    actions.iter().map(|action| format!("{} {}", text(&action["action"]), text(&action["purpose"]))).collect()
}

/// The documents of standard output, each as its actions.
fn documents(run: &Run) -> Vec<Vec<String>> {
    let documents = serde_json::Deserializer::from_str(&run.stdout).into_iter::<Value>();
    documents.map(|document| granted(&document.unwrap())).collect()
}

fn granted(document: &Value) -> Vec<String> {
    let statements = document["Statement"].as_array().unwrap().iter();
    let actions = statements.flat_map(|statement| statement["Action"].as_array().unwrap());
    actions.map(|action| action.as_str().unwrap().to_owned()).collect()
}

/// The names of the files in a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: BTreeSet<String> = names.collect();
    names.into_iter().collect()
}

#[test]
fn what_a_person_sees() {
    let folder = fixture("unsupported-scope").join("fires");
    for group in ["action", "resource", "service"] {
        insta::assert_snapshot!(format!("require-by-{group}"), require(&folder, &["--group-by", group]).all());
    }
    insta::assert_snapshot!("require-policies", require(&folder, &["--format", "policy-1.1"]).all());
    insta::assert_snapshot!("require-terraform", require(&folder, &["--format", "terraform", "--phase", "plan"]).all());
}

#[test]
fn what_a_program_sees() {
    let run = of(
        &["api: POST /v1/cloudimages/{image_id}/cross_region_copy\n    region: cn-north-4", "action: nonsense:a:b"],
        &["--format", "json"],
    );
    insta::assert_snapshot!("require-json", run.all());
}

#[test]
fn phases_and_certainty_confine_what_is_needed() {
    let folder = project(&[("main.tf", VPC)]);
    let needed = |arguments: &[&str]| actions(&require(folder.path(), &[arguments, &["--format", "json"]].concat()));
    let certain = |phase: &str| needed(&["--phase", phase, "--certain-only"]);
    assert_eq!(certain("plan"), ["vpc:vpcs:get needed"]);
    assert_eq!(certain("apply"), ["vpc:vpcs:create needed", "vpc:vpcs:get needed"]);
    assert_eq!(certain("destroy"), ["vpc:vpcs:delete needed", "vpc:vpcs:get needed"]);
    assert_eq!(certain("all").len(), 3);
    let all = needed(&[]);
    assert!(all.contains(&String::from("vpc:vpcs:update sometimes")), "{all:?}");
}

#[test]
fn a_principal_needs_what_it_deploys_in_its_phases() {
    let config =
        "principals:\n  planner: { phases: [plan], deploys: [\"net/**\"] }\n  other: { deploys: [\"other/**\"] }\n";
    let listed = operations(&["action: ims:images:copy"]);
    let files = [("grantlint.yaml", config), ("net/main.tf", VPC), ("other/o.yaml", listed.as_str())];
    let folder = project(&files);
    let needed = |arguments: &[&str]| {
        actions(&require(folder.path(), &[arguments, &["--format", "json", "--certain-only"]].concat()))
    };
    assert_eq!(needed(&["--principal", "planner"]), ["vpc:vpcs:get needed"]);
    assert_eq!(needed(&["--principal", "planner", "--phase", "destroy"]), ["vpc:vpcs:get needed"]);
    assert_eq!(needed(&["--principal", "other"]), ["ims:images:copy needed"]);
    assert_eq!(needed(&[]).len(), 4);
    let run = require(folder.path(), &["--principal", "planer"]);
    assert!(run.code == 2 && run.stderr.contains("did you mean `planner`?"), "{}", run.all());
}

#[test]
fn each_policy_is_of_one_kind() {
    let run = of(
        &[
            "action: ims:images:copy",
            "action: iam:users:listUsers",
            "action: obs:bucket:ListBucket",
            "action: vpc:vpcs:create",
        ],
        &["--format", "policy-1.1"],
    );
    assert_eq!(
        documents(&run),
        [
            vec!["ims:images:copy", "vpc:vpcs:create"],
            vec!["iam:users:listUsers"],
            vec!["obs:bucket:ListBucket"],
            vec!["obs:bucket:ListBucket"]
        ]
    );
    for name in ["project-level", "global", "object-storage-project-level", "object-storage-global"] {
        assert!(run.stderr.contains(&format!("# {name}.json: ")), "{}", run.stderr);
    }
}

#[test]
fn what_ends_in_more_rights_stands_apart_with_a_word_why() {
    let listed = ["action: iam:users:listUsers", "action: iam:permissions:grantRoleToGroup"];
    let run = of(&listed, &["--format", "policy-1.1"]);
    assert_eq!(documents(&run), [vec!["iam:users:listUsers"], vec!["iam:permissions:grantRoleToGroup"]]);
    assert!(
        run.stderr.contains("# global-more-rights.json") && run.stderr.contains("lets its holder give any role"),
        "{}",
        run.stderr
    );
    // Making a server is what anybody needs; passing an agency to it is what makes it a way.
    let pass = ["action: ecs:cloudServers:createServers", "action: iam:agencies:pass"];
    assert_eq!(
        documents(&of(&pass, &["--format", "policy-5.0"])),
        [vec!["ecs:cloudServers:createServers"], vec!["iam:agencies:pass"]]
    );
    assert_eq!(documents(&of(&pass[1..], &["--format", "policy-5.0"])), [vec!["iam:agencies:pass"]]);
    assert!(!of(&pass[1..], &["--format", "policy-5.0"]).stderr.contains("more-rights"));
}

#[test]
fn certain_possible_and_dependent_needs_have_statements_of_their_own() {
    let copy = ["api: POST /v1/cloudimages/{image_id}/cross_region_copy"];
    let run = of(&copy, &["--format", "policy-1.1"]);
    let first: Value = serde_json::Deserializer::from_str(&run.stdout).into_iter().next().unwrap().unwrap();
    assert_eq!(first["Statement"][0]["Action"], serde_json::json!(["ims:images:copy"]));
    assert_eq!(first["Statement"][1]["Action"], serde_json::json!(["ims:serverImages:create", "kms:*:*"]));
    assert!(run.stderr.contains("included: 4 dependencies; `--certain-only` leaves that out"), "{}", run.stderr);
    let run = of(&copy, &["--format", "policy-1.1", "--certain-only"]);
    assert_eq!(documents(&run), [vec!["ims:images:copy"]]);
    assert!(!run.stderr.contains("included"), "{}", run.stderr);
}

#[test]
fn a_name_that_the_table_does_not_know_is_left_out_and_told() {
    let run = of(&["action: ims:images:copy", "action: iam:agencies:pass"], &["--format", "policy-5.0"]);
    assert_eq!(documents(&run), [vec!["iam:agencies:pass"]]);
    assert!(run.stderr.contains("does not know how identity policies (5.0) name `ims:images:copy`"), "{}", run.stderr);
    let run = of(&["action: iam:agencies:pass"], &["--format", "policy-1.1"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(run.stderr.contains("no policy is made"), "{}", run.stderr);
}

#[test]
fn a_role_beside_the_actions_is_told() {
    let run = of(&["{ api: \"POST /v1/cloudimages/{image_id}/file\", service: ims }"], &["--format", "policy-1.1"]);
    assert!(run.stderr.contains("to be granted beside: the role `OBS Tenant Administrator`"), "{}", run.stderr);
    assert!(!run.stdout.contains("obs:*:*"));
}

#[test]
fn what_is_not_known_is_counted_and_listed() {
    let unknown = format!("{VPC}resource \"huaweicloud_brand_new_thing\" \"x\" {{}}\n");
    let folder = project(&[("main.tf", &unknown), ("b.tf", "resource {\n")]);
    let run = require(folder.path(), &["--format", "json"]);
    let required = json(&run);
    assert_eq!(required["summary"]["unreadable"], 1);
    let names: Vec<&str> =
        required["unchecked"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"huaweicloud_brand_new_thing"), "{names:?}");
    assert!(run.stderr.contains("not complete: what ") && run.stderr.contains("cannot be read"), "{}", run.stderr);
}

#[test]
fn nothing_is_needed_where_nothing_is_deployed() {
    let run = require(project(&[]).path(), &["--format", "policy-1.1"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(run.stderr.contains("nothing is needed"), "{}", run.stderr);
}

#[test]
fn each_policy_is_written_to_a_file_of_its_own_and_what_is_left_is_told() {
    let folder = project(&[("o.yaml", &operations(&["action: ims:images:copy", "action: iam:users:listUsers"]))]);
    std::fs::create_dir(folder.path().join("iam")).unwrap();
    for name in ["global-more-rights-2.json", "mine.json"] {
        std::fs::write(folder.path().join("iam").join(name), "{}").unwrap();
    }
    let run = require(folder.path(), &["o.yaml", "--format", "policy-1.1", "--output", "iam"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.all());
    let iam = folder.path().join("iam");
    assert_eq!(files(&iam), ["global-more-rights-2.json", "global.json", "mine.json", "project-level.json"]);
    let written: Value = serde_json::from_str(&std::fs::read_to_string(iam.join("global.json")).unwrap()).unwrap();
    assert_eq!(granted(&written), ["iam:users:listUsers"]);
    assert!(run.stderr.contains("global-more-rights-2.json is of an earlier run"), "{}", run.stderr);
    assert!(!run.stderr.contains("mine.json"), "{}", run.stderr);
}

#[test]
fn an_output_that_cannot_be_written_ends_with_2() {
    let folder = project(&[("o.yaml", &operations(&["action: ims:images:copy"])), ("taken", "")]);
    let run = require(folder.path(), &["--format", "policy-1.1", "--output", "taken"]);
    assert!(run.code == 2 && run.stderr.contains("cannot be written to taken"), "{}", run.all());
    let run = require(folder.path(), &["--format", "json", "--output", "no/such/folder.json"]);
    assert!(run.code == 2 && run.stderr.contains("cannot be written to no/such/folder.json"), "{}", run.all());
}

#[test]
fn terraform_has_a_role_for_each_policy_that_parses() {
    let listed = [
        "action: ims:images:copy",
        "action: iam:permissions:grantRoleToGroup",
        "action: obs:bucket:ListBucket",
        "api: POST /v1/cloudimages/{image_id}/cross_region_copy",
    ];
    let run = of(&listed, &["--format", "terraform"]);
    assert_eq!(run.code, 0, "{}", run.all());
    let body = hcl_edit::structure::Body::from_str(&run.stdout).unwrap();
    let mut roles = Vec::new();
    for block in body.blocks() {
        let attribute = |name: &str| block.body.get_attribute(name).unwrap().value.to_string().trim().to_owned();
        assert_eq!((block.ident.as_str(), block.labels[0].as_str()), ("resource", "huaweicloud_identity_role"));
        assert!(attribute("policy").starts_with("jsonencode("), "{}", attribute("policy"));
        roles.push((block.labels[1].as_str().to_owned(), attribute("type")));
    }
    let expected = [
        ("deployment_project_level", "\"XA\""),
        ("deployment_global_more_rights", "\"AX\""),
        ("deployment_object_storage_project_level", "\"XA\""),
        ("deployment_object_storage_global", "\"AX\""),
    ];
    assert_eq!(roles, expected.map(|(label, kind)| (label.to_owned(), kind.to_owned())));
    assert!(run.stdout.contains("# For administrators only: lets its holder give any role"), "{}", run.stdout);
}
