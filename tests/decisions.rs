//! What principals with system-defined policies, Terraform with regions of its own, and manifests that nobody deploys
//! come out as, from files to findings.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use program::{check, project};

/// What is said of grants whatever is deployed.
const ABOUT_GRANTS: &str = "privilege-escalation,wildcard-action,redundant-grant";

/// Rule, certainty and actions of each finding about the operations of a project, notes left out.
fn found(files: &[(&str, &str)], with_notes: bool) -> Vec<String> {
    let run = check(project(files).path(), &["--format", "json", "--ignore", ABOUT_GRANTS]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| with_notes || finding["severity"] != "note")
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            let actions: Vec<&str> =
                finding["actions"].as_array().unwrap().iter().map(|action| action.as_str().unwrap()).collect();
            format!("{} {} {}", text("certainty"), text("rule"), actions.join(" ")).trim_end().to_owned()
        })
        .collect()
}

/// What a principal with one system-defined policy lacks of one action.
fn with_policy(policies: &str, action: &str) -> Vec<String> {
    let grants: Vec<String> = policies.split(", ").map(|name| format!("{{ policy: {name} }}")).collect();
    let config = format!("principals: {{ p: {{ grants: [{}] }} }}\n", grants.join(", "));
    let manifest = format!(
        "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - {{ action: {action}, region: cn-north-4 }}\n"
    );
    found(&[("grantlint.yaml", &config), ("o.yaml", &manifest)], true)
}

#[test]
fn a_policy_that_only_reads_leaves_open_what_it_reads_and_nothing_else() {
    let nothing: [&str; 0] = [];
    assert_eq!(with_policy("IMS ReadOnlyAccess", "ims:images:list"), nothing);
    assert_eq!(with_policy("IMS ReadOnlyAccess", "ims:images:copy"), ["certain missing-grant ims:images:copy"]);
    assert_eq!(with_policy("IMS ReadOnlyAccess", "ecs:servers:get"), ["certain conditional-grant ecs:servers:get"]);
    assert_eq!(with_policy("IMS FullAccess", "ims:images:copy"), nothing);
    assert_eq!(with_policy("IMS FullAccess", "ecs:servers:get"), ["certain conditional-grant ecs:servers:get"]);
}

#[test]
fn a_base_role_grants_everything_but_what_it_leaves_to_another() {
    let nothing: [&str; 0] = [];
    assert_eq!(with_policy("Tenant Administrator", "ims:images:copy"), nothing);
    let missing = ["certain missing-grant iam:users:createUser"];
    assert_eq!(with_policy("Tenant Administrator", "iam:users:createUser"), missing);
    assert_eq!(with_policy("Tenant Administrator, Security Administrator", "iam:users:createUser"), nothing);
}

#[test]
fn a_role_without_the_roles_that_it_depends_on_takes_no_effect() {
    let nothing: [&str; 0] = [];
    let void = ["certain role-dependency", "certain missing-grant smn:topic:create"];
    assert_eq!(with_policy("SMN Administrator", "smn:topic:create"), void);
    assert_eq!(with_policy("SMN Administrator, Tenant Guest", "smn:topic:create"), nothing);
}

#[test]
fn a_role_calls_actions_otherwise_than_their_pages_do() {
    let open = ["certain conditional-grant ces:alarms:create"];
    assert_eq!(with_policy("CES Administrator, Tenant Guest", "ces:alarms:create"), open);
    let missing = ["certain missing-grant smn:topic:create"];
    assert_eq!(with_policy("CES Administrator, Tenant Guest", "smn:topic:create"), missing);
}

#[test]
fn an_alias_is_the_same_action_whichever_of_its_names_an_operation_gives() {
    let allow = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:publicIps:delete"]}]}"#;
    let deny = r#"{"Version": "5.0", "Statement": [{"Effect": "Deny", "Action": ["eip:publicIps:delete"]}]}"#;
    let config = "principals: { p: { grants: [{ policy: a.json }, { policy: b.json }] } }\n";
    for action in ["vpc:publicIps:delete", "eip:publicIps:delete"] {
        let manifest = format!(
            "apiVersion: grantlint/v1\nkind: Operations\noperations: [{{ action: {action}, region: cn-north-4 }}]\n"
        );
        let found =
            found(&[("grantlint.yaml", config), ("o.yaml", &manifest), ("a.json", allow), ("b.json", deny)], true);
        assert_eq!(found, [format!("certain denied-grant {action}")]);
    }
}

/// A deployer of one operation with one policy file and more of a configuration.
fn deploying(policy: &str, config: &str, operation: &str) -> Vec<String> {
    let config = format!("principals: {{ p: {{ grants: [{{ policy: p.json }}] }} }}\n{config}");
    let manifest = format!("apiVersion: grantlint/v1\nkind: Operations\noperations: [{operation}]\n");
    found(&[("grantlint.yaml", &config), ("o.yaml", &manifest), ("p.json", policy), ("scp.json", SCP)], true)
}

const ALLOW: &str =
    r#"{"Version": "5.0", "Statement": [{"Effect": "Allow", "Action": ["ecs:cloudServers:createServers"]}]}"#;
const SCP: &str = r#"{"Version": "5.0", "Statement": [{"Effect": "Deny", "Action": ["ecs:*:*"], "Resource": ["*"],
    "Condition": {"StringEquals": {"g:RequestedRegion": ["cn-east-3"]}}}]}"#;

#[test]
fn what_the_organization_does_not_let_through_is_denied() {
    let nothing: [&str; 0] = [];
    let guarded = "organization: [{ level: root, policies: [FullAccess, scp.json] }]\n";
    let at = |region: &str| format!("{{ action: ecs:cloudServers:createServers, region: {region} }}");
    assert_eq!(deploying(ALLOW, guarded, &at("cn-north-4")), nothing);
    assert_eq!(deploying(ALLOW, guarded, &at("cn-east-3")), ["certain denied-grant ecs:cloudServers:createServers"]);
    // A level that only denies has the platform's policy beside it.
    let only_denying = "organization: [{ level: root, policies: [scp.json] }, { level: account }]\n";
    assert_eq!(deploying(ALLOW, only_denying, &at("cn-north-4")), nothing);
    let no_policy = "organization: [{ level: root, policies: [FullAccess, o.yaml] }]\n";
    let found = deploying(ALLOW, no_policy, &at("cn-north-4"));
    assert!(found.contains(&String::from("certain conditional-grant ecs:cloudServers:createServers")), "{found:?}");
    let lost = "organization: [{ level: root, policies: [gone.json] }]\n";
    assert_eq!(
        deploying(ALLOW, lost, &at("cn-north-4")),
        ["certain unknown-policy", "certain conditional-grant ecs:cloudServers:createServers"]
    );
}

#[test]
fn a_service_control_policy_grants_nothing_and_a_trust_policy_neither() {
    let operation = "{ action: ecs:cloudServers:createServers, region: cn-north-4 }";
    let trust = r#"{"Version": "5.0", "Statement": [{"Effect": "Allow", "Principal": {"Service": ["service.ECS"]}, "Action": ["*"]}]}"#;
    assert_eq!(
        deploying(trust, "", operation),
        ["certain unknown-policy", "certain conditional-grant ecs:cloudServers:createServers"]
    );
}

#[test]
fn the_console_grants_for_all_resources_what_a_scope_of_regions_cannot_reach() {
    let policy = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["iam:users:listUsers"]}]}"#;
    let granted = |more: &str| {
        let config = format!(
            "principals: {{ p: {{ grants: [{{ policy: p.json, scope: {{ regions: [cn-north-4] }}{more} }}] }} }}\n"
        );
        let manifest = "apiVersion: grantlint/v1\nkind: Operations\noperations: [{ action: iam:users:listUsers }]\n";
        found(&[("grantlint.yaml", &config), ("o.yaml", manifest), ("p.json", policy)], false)
    };
    assert_eq!(granted(""), ["certain scope-mismatch iam:users:listUsers"]);
    assert_eq!(granted(", granted_in: api"), ["certain scope-mismatch iam:users:listUsers"]);
    assert!(granted(", granted_in: console").is_empty());
}

#[test]
fn the_context_of_a_principal_settles_conditions() {
    let policy = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["smn:topic:create"],
        "Condition": {"Bool": {"g:MFAPresent": ["true"]}}}]}"#;
    let decided = |context: &str| {
        let config = format!("principals: {{ p: {{ grants: [{{ policy: p.json }}], context: {{ {context} }} }} }}\n");
        let manifest = "apiVersion: grantlint/v1\nkind: Operations\noperations: [{ action: smn:topic:create }]\n";
        found(&[("grantlint.yaml", &config), ("o.yaml", manifest), ("p.json", policy)], false)
    };
    assert_eq!(decided(""), ["certain conditional-grant smn:topic:create"]);
    assert_eq!(decided("g:MFAPresent: false"), ["certain missing-grant smn:topic:create"]);
    assert_eq!(decided("g:MFAPresent: null"), ["certain missing-grant smn:topic:create"]);
    assert!(decided("g:MFAPresent: true").is_empty());
}

/// What a Terraform project with one bucket lacks under one statement about objects and buckets.
fn with_bucket(statement: &str) -> Vec<String> {
    let policy = format!(r#"{{"Version": "1.1", "Statement": [{statement}]}}"#);
    let main = r#"
provider "huaweicloud" { region = "cn-north-4" }
resource "huaweicloud_obs_bucket" "logs" { bucket = "logs" }
"#;
    let found = found(&[("main.tf", main), ("p.json", &policy)], false);
    found.into_iter().filter(|line| line.contains("CreateBucket")).collect()
}

#[test]
fn the_name_of_a_bucket_is_held_against_the_resources_of_a_policy() {
    let about = |resource: &str| {
        with_bucket(&format!(r#"{{"Effect": "Allow", "Action": ["obs:bucket:*"], "Resource": ["{resource}"]}}"#))
    };
    assert!(about("OBS:*:*:bucket:*").is_empty());
    assert!(about("OBS:*:*:bucket:log*").is_empty());
    let missing = about("OBS:*:*:bucket:data");
    assert!(
        missing.len() == 1 && missing[0].starts_with("certain missing-grant obs:bucket:CreateBucket"),
        "{missing:?}"
    );
}

#[test]
fn an_action_that_the_table_does_not_know_is_not_called_missing() {
    assert_eq!(with_policy("IMS FullAccess", "vpc:vpcs:creat"), ["certain unchecked-operation"]);
}

#[test]
fn an_image_copied_to_another_region_is_read_and_deleted_there() {
    let policy =
        |actions: &str| format!(r#"{{"Version": "1.1", "Statement": [{{"Effect": "Allow", "Action": [{actions}]}}]}}"#);
    let ims = policy(r#""ims:*:*", "kms:*:*", "ecs:*:*", "evs:*:*", "bms:*:*""#);
    let (obs, eps) = (policy(r#""obs:*:*""#), policy(r#""eps:resources:*""#));
    let config = |regions: &str| {
        format!(
            "account: {{ enterprise_projects: true }}\nprincipals: {{ p: {{ grants: \
             [{{ policy: ims.json, scope: {{ regions: [{regions}] }} }}, {{ policy: obs.json }}, {{ policy: eps.json }}] }} }}\n"
        )
    };
    let copy = "provider \"huaweicloud\" {\n  region = \"cn-north-4\"\n}\n\
        resource \"huaweicloud_images_image_copy\" \"dr\" {\n  target_region = \"cn-east-3\"\n}\n";
    let found = |regions: &str| {
        let files = [
            ("grantlint.yaml", config(regions)),
            ("ims.json", ims.clone()),
            ("obs.json", obs.clone()),
            ("eps.json", eps.clone()),
            ("main.tf", copy.into()),
        ];
        found(&files.each_ref().map(|(path, text)| (*path, text.as_str())), false)
    };
    assert_eq!(found("cn-north-4, cn-east-3"), [""; 0]);
    let elsewhere = ["certain scope-mismatch ims:images:delete ims:images:list"];
    assert!(found("cn-north-4").starts_with(&elsewhere.map(str::to_owned)), "{:?}", found("cn-north-4"));
    assert!(
        found("cn-east-3").contains(&"certain scope-mismatch ims:images:copy".to_owned()),
        "{:?}",
        found("cn-east-3")
    );
}

#[test]
fn a_manifest_that_nobody_deploys_is_a_note() {
    let config = "principals: { p: { deploys: [\"other\"] } }\n";
    let manifest = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - action: ims:images:copy\n";
    assert_eq!(found(&[("grantlint.yaml", config), ("o.yaml", manifest)], true), ["certain unchecked-operation"]);
}

#[test]
fn a_module_that_lies_elsewhere_is_a_note() {
    let module = "provider \"huaweicloud\" {}\nmodule \"network\" {\n  source = \"example/network/huaweicloud\"\n}\n";
    assert_eq!(found(&[("main.tf", module)], true), ["certain unchecked-operation"]);
    let beside = module.replace("example/network/huaweicloud", "./network");
    assert_eq!(found(&[("main.tf", &beside)], true), ["certain unchecked-operation"], "the folder is not there");
    assert_eq!(found(&[("main.tf", &beside), ("network/main.tf", "locals {}\n")], true), [""; 0]);
}

#[test]
fn an_action_with_another_prefix_in_the_other_grammar_is_open_and_not_missing() {
    let of = |version: &str, actions: &str, api: &str, service: &str| {
        let policy =
            format!(r#"{{"Version": "{version}", "Statement": [{{"Effect": "Allow", "Action": [{actions}]}}]}}"#);
        let manifest = format!(
            "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - {{ api: '{api}', service: {service}, region: \
             cn-north-4 }}\n"
        );
        let rules: Vec<String> = found(&[("p.json", &policy), ("o.yaml", &manifest)], false)
            .into_iter()
            .map(|finding| finding.split(' ').take(2).collect::<Vec<_>>().join(" "))
            .collect();
        rules.join(", ")
    };
    let order = "GET /v2/orders/customer-orders/details/{order_id}";
    assert_eq!(of("1.1", "\"bss:*:*\"", order, "bss"), "certain conditional-grant");
    assert_eq!(of("1.1", "\"vpc:*:*\"", order, "bss"), "certain missing-grant");
    assert_eq!(of("1.1", "\"*:*:*\"", order, "bss"), "");
    let bandwidth = "GET /v1/{project_id}/bandwidths/{id}";
    assert_eq!(of("5.0", "\"eip:*:*\"", bandwidth, "eip"), "certain conditional-grant");
    assert_eq!(of("5.0", "\"ims:*:*\"", bandwidth, "eip"), "certain missing-grant");
    assert_eq!(of("1.1", "\"vpc:*:*\"", bandwidth, "eip"), "");
}
