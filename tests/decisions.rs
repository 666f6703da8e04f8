//! What principals with system-defined policies, Terraform with regions of its own, and manifests that nobody deploys
//! come out as, from files to findings.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use program::{check, project};

/// Rule, certainty and actions of each finding of a project, notes left out.
fn found(files: &[(&str, &str)], with_notes: bool) -> Vec<String> {
    let run = check(project(files).path(), &["--format", "json"]);
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
fn a_role_without_the_roles_that_it_depends_on_is_open() {
    let nothing: [&str; 0] = [];
    let open = ["certain conditional-grant ecs:cloudServers:delete"];
    assert_eq!(with_policy("Server Administrator", "ecs:cloudServers:delete"), open);
    assert_eq!(with_policy("Server Administrator, Tenant Guest", "ecs:cloudServers:delete"), nothing);
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
    let global = policy(r#""obs:*:*", "eps:*:*""#);
    let config = |regions: &str| {
        format!(
            "account: {{ enterprise_projects: true }}\nprincipals: {{ p: {{ grants: \
             [{{ policy: ims.json, scope: {{ regions: [{regions}] }} }}, {{ policy: global.json }}] }} }}\n"
        )
    };
    let copy = "provider \"huaweicloud\" {\n  region = \"cn-north-4\"\n}\n\
        resource \"huaweicloud_images_image_copy\" \"dr\" {\n  target_region = \"cn-east-3\"\n}\n";
    let found = |regions: &str| {
        let files = [
            ("grantlint.yaml", config(regions)),
            ("ims.json", ims.clone()),
            ("global.json", global.clone()),
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
    assert_eq!(found(&[("main.tf", &module.replace("example/", "./"))], true), [""; 0]);
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
