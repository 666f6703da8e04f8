//! `grantlint why`: the trace behind one decision, as a person and a program see it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use program::{Run, fixture, project, why};

fn asked(question: &str) -> Run {
    let arguments: Vec<&str> = question.split(' ').collect();
    why(&fixture("why"), &arguments)
}

/// The decision, and the statements that decided as `policy statement`.
fn decided(question: &str) -> (String, Vec<String>) {
    let run = asked(&format!("{question} --format json"));
    assert_eq!(run.code, 0, "{}", run.all());
    let why: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let mut deciding = Vec::new();
    let trust = why["trust"].as_object().map(|_| why["trust"].clone());
    let considered = ["grants", "guardrails"].iter().flat_map(|key| why[key].as_array().unwrap().clone());
    for policy in considered.chain(trust) {
        for said in policy["statements"].as_array().unwrap().iter().filter(|said| said["decides"] == true) {
            deciding.push(format!("{} {}", policy["policy"].as_str().unwrap(), said["statement"]));
        }
    }
    (why["decision"].as_str().unwrap().to_owned(), deciding)
}

#[test]
fn every_decision_names_the_statements_that_it_rests_on() {
    for (question, decision, deciding) in [
        (
            "--principal deployer --action vpc:vpcs:create --enterprise-project prod",
            "allowed",
            &["iam/network.json 1"][..],
        ),
        ("--principal deployer --action vpc:vpcs:delete --enterprise-project prod", "denied", &["iam/network.json 2"]),
        (
            "--principal deployer --action vpc:vpcs:create --enterprise-project test",
            "scope-mismatch",
            &["iam/network.json 1"],
        ),
        ("--principal deployer --action ecs:cloudServers:createServers", "conditional", &["iam/careful.json 2"]),
        (
            "--principal deployer --action ecs:cloudServers:createServers --context g:MFAPresent=true",
            "allowed",
            &["iam/careful.json 1"],
        ),
        (
            "--principal deployer --action ecs:cloudServers:createServers --context g:MFAPresent=false",
            "denied",
            &["iam/careful.json 2"],
        ),
        (
            "--principal deployer --action ecs:cloudServers:showServer --region eu-west-101",
            "denied",
            &["scp/regions.json 1"],
        ),
        ("--principal deployer --action dcs:instance:list", "missing", &[]),
        (
            "--principal log-writer --action obs:object:PutObject --resource object:logs/a",
            "allowed",
            &["iam/logs.json 1"],
        ),
        ("--principal log-writer --action obs:object:PutObject --resource object:other/a", "missing", &[]),
        ("--principal log-writer --action obs:object:PutObject", "conditional", &["iam/logs.json 1"]),
        ("--principal service.FunctionGraph --agency log-writer", "allowed", &["iam/log-writer-trust.json 1"]),
        ("--principal service.ECS --agency log-writer", "missing", &[]),
        ("--principal deployer --agency log-writer", "missing", &[]),
    ] {
        let deciding: Vec<String> = deciding.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(decided(question), (decision.to_owned(), deciding), "{question}");
    }
}

#[test]
fn apis_differ_in_the_scopes_that_they_honour() {
    let folder = fixture("unsupported-scope").join("fires");
    let in_prod = ["--action", "ims:images:copy", "--enterprise-project", "prod"];
    for (api, decision) in [
        ("POST /v1/cloudimages/{image_id}/copy", "allowed"),
        ("POST /v1/cloudimages/{image_id}/cross_region_copy", "unsupported-scope"),
    ] {
        let run = why(&folder, &[&in_prod[..], &["--api", api]].concat());
        assert!(run.stdout.starts_with(decision), "{api}: {}", run.all());
    }
}

#[test]
fn what_a_person_sees() {
    insta::assert_snapshot!(
        "why-human",
        asked("--principal deployer --action ecs:cloudServers:createServers --region eu-west-101").all()
    );
    insta::assert_snapshot!("why-agency-human", asked("--principal service.FunctionGraph --agency log-writer").all());
}

#[test]
fn what_a_program_sees() {
    insta::assert_snapshot!(
        "why-json",
        asked("--principal log-writer --action obs:object:PutObject --format json").all()
    );
}

#[test]
fn a_question_that_cannot_be_asked_says_why() {
    for (question, expected) in [
        ("--principal deployre --action a:b:c", "there is no principal `deployre`: did you mean `deployer`?"),
        ("--action a:b:c", "which principal? Name one with `--principal`: `deployer`, `log-writer`"),
        ("--principal deployer --agency nobody", "there is no principal `nobody`"),
        ("--principal deployer", "--action <ACTION>"),
        ("--principal deployer --action a:b:c --resource logs", "`logs` is no resource"),
        ("--principal deployer --action a:b:c --context MFAPresent=true", "`MFAPresent` is no condition key"),
        ("--principal deployer --action a:b:c --context g:MFAPresent", "write KEY=VALUE"),
        ("--principal deployer --action a:b:c --api GET", "`--api GET`"),
        ("--principal deployer --action ims:images", "`ims:images` is no action"),
        ("--principal deployer --action ", "is no action"),
    ] {
        let run = asked(question);
        assert_eq!(run.code, 2, "{question}: {}", run.all());
        assert!(run.stderr.contains(expected), "{question}: {}", run.stderr);
    }
    let empty = project(&[]);
    let run = why(empty.path(), &["--action", "a:b:c"]);
    assert!(run.code == 2 && run.stderr.contains("there is no principal: the paths hold no policy"), "{}", run.all());
}

#[test]
fn an_action_that_the_table_does_not_know_is_told_with_the_nearest() {
    let run = asked("--principal deployer --action vpc:vpcs:creat --enterprise-project prod");
    assert!(
        run.stdout.contains("does not know the action `vpc:vpcs:creat`: did you mean `vpc:vpcs:create`?"),
        "{}",
        run.all()
    );
}

#[test]
fn an_api_that_does_not_need_the_action_is_told_with_what_it_needs() {
    let folder = fixture("unsupported-scope").join("fires");
    let run =
        why(&folder, &["--action", "ims:images:get", "--api", "POST /v1/cloudimages/{image_id}/cross_region_copy"]);
    assert!(run.code == 2 && run.stderr.contains("it needs `ims:images:copy`"), "{}", run.all());
}
