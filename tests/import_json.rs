//! What the vendor publishes as JSON becomes files that the table and a check take.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on fails")]

mod program;

use grantlint::catalog::import::{Draft, roles, schema};
use grantlint::catalog::{ApiMatch, Catalog};
use program::{check, project};

const SCHEMA: &str = include_str!("../fixtures/import/schema.json");
const ROLES: &str = include_str!("../fixtures/import/roles.json");

fn extended(draft: &Draft) -> Catalog {
    let mut catalog = Catalog::embedded();
    for file in draft.files() {
        catalog.extend(&file.path, &file.text).unwrap();
    }
    catalog
}

fn told(draft: &Draft) -> Vec<String> {
    draft.unread.iter().map(|unread| format!("{}: {}", unread.line, unread.what)).collect()
}

#[test]
fn each_document_is_read_by_its_own_reader() {
    let (first, second) = (serde_json::from_str(SCHEMA).unwrap(), serde_json::from_str(ROLES).unwrap());
    assert!(schema::is_schema(&first) && !roles::is_roles(&first));
    assert!(roles::is_roles(&second) && !schema::is_schema(&second));
}

#[test]
fn a_schema_becomes_actions_and_rows() {
    let draft = schema::read(SCHEMA, "the schema", Some("2026-01-02"), &Catalog::embedded()).unwrap();
    let paths: Vec<String> = draft.files().into_iter().map(|file| file.path).collect();
    assert_eq!(paths, ["permissions/sts.yaml", "identity/sts.yaml"]);
    assert_eq!(
        told(&draft),
        [
            "33: the value types of 1 condition keys were left out: only their names are kept",
            "46: the operation `CreateContextAssertion` is not known by name, so no API needs \
             `sts::createContextAssertion`",
            "52: no action is for the resources `assumed-agency` \
             (`sts::<account-id>:assumed-agency:<agency-name>/<session-name>`): they were left out",
        ]
    );
    let catalog = extended(&draft);
    let ApiMatch::One(api) = catalog.find(Some("sts"), &"POST /v5/agencies/assume".parse().unwrap()) else {
        panic!("the API has one row");
    };
    assert_eq!(api.identity[0].action, "sts:agencies:assume");
    assert_eq!(
        (&api.identity_aliases[..], &api.identity_depends[..]),
        (&["iam:tokens:assume"][..], &["sts::tagSession"][..])
    );
    let action = catalog.identity_action("STS:agencies:assume").unwrap();
    assert_eq!((action.resources[0].kind, action.resources[0].required), ("agency", true));
    assert_eq!(action.resources[0].conditions, ["g:ResourceTag/<tag-key>"]);
}

#[test]
fn an_export_of_roles_becomes_policies() {
    let draft = roles::read(ROLES, "the export", None, &Catalog::embedded()).unwrap();
    assert_eq!(
        told(&draft),
        [
            "32: `IMS ExampleAccess` allows 1 action only under a condition, which is not kept: it perhaps allows them",
            "42: `own-images` was not read: it is a policy of the account and not of the platform: put it into a \
             policy file of its own",
        ]
    );
    let catalog = extended(&draft);
    let role = catalog.policy("te_example").unwrap();
    assert_eq!((role.service, &role.allow[..], &role.not_granted[..]), ("base", &["*:*:*"][..], &["iam:*:*"][..]));
    let policy = catalog.policy("IMS ExampleAccess").unwrap();
    assert_eq!((&policy.allow[..], &policy.allow_perhaps[..]), (&["ims:images:list"][..], &["ims:images:copy"][..]));
}

/// Rule and certainty of what principals that hold some policies lack of one action.
fn lacking(export: &str, policies: &str, operation: &str) -> Vec<String> {
    let draft = roles::read(export, "the export", None, &Catalog::embedded()).unwrap();
    let policies: Vec<String> = policies.split(", ").map(|name| format!("{{ policy: {name} }}")).collect();
    let grants = policies.join(", ");
    let config =
        format!("catalog: {{ extend: [policies/system.yaml] }}\nprincipals: {{ p: {{ grants: [{grants}] }} }}\n");
    let manifest =
        format!("apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - {{ {operation}, region: cn-north-4 }}\n");
    let files = draft.files();
    let run = check(
        project(&[("grantlint.yaml", &config), ("o.yaml", &manifest), ("policies/system.yaml", &files[0].text)]).path(),
        &["--format", "json"],
    );
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| format!("{} {}", text(finding, "certainty"), text(finding, "rule"))).collect()
}

#[test]
fn what_a_policy_says_under_a_condition_stays_open_and_the_rest_is_certain() {
    let nothing: [&str; 0] = [];
    assert_eq!(lacking(ROLES, "IMS ExampleAccess", "action: ims:images:list"), nothing);
    assert_eq!(lacking(ROLES, "IMS ExampleAccess", "action: ims:images:copy"), ["certain conditional-grant"]);
    assert_eq!(lacking(ROLES, "IMS ExampleAccess", "action: ims:images:delete"), ["certain missing-grant"]);
    let denies = ROLES.replace("\"Effect\": \"Allow\"\n          }", "\"Effect\": \"Deny\"\n          }");
    assert_ne!(denies, ROLES);
    let both = "Example Tenant Administrator, IMS ExampleAccess";
    assert_eq!(lacking(&denies, both, "action: ims:images:list"), nothing);
    assert_eq!(lacking(&denies, both, "action: ims:images:copy"), ["certain conditional-grant"]);
    assert_eq!(lacking(&denies, "Example Tenant Administrator", "action: ims:images:copy"), nothing);
}

#[test]
fn an_identity_policy_of_the_platform_is_evaluated_as_one() {
    let export = r#"{"roles": [{"display_name": "Identity", "catalog": "EVS", "policy":
        {"Version": "5.0", "Statement": [{"Effect": "Allow", "Action": ["iam:users:createUserV5"]}]}}]}"#;
    let nothing: [&str; 0] = [];
    assert_eq!(lacking(export, "Identity", "service: iam, api: POST /v5/users"), nothing);
    assert_eq!(lacking(export, "Identity", "service: iam, api: 'GET /v5/users/{user_id}'"), ["certain missing-grant"]);
}
