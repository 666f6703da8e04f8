use serde_json::json;

use super::*;

fn read_value(value: &serde_json::Value) -> Draft {
    read(&serde_json::to_string_pretty(value).unwrap(), "an export", Some("2026-01-02"), &Catalog::embedded()).unwrap()
}

fn extended(draft: &Draft) -> Catalog {
    let mut catalog = Catalog::embedded();
    for file in draft.files() {
        catalog.extend(&file.path, &file.text).unwrap_or_else(|errors| panic!("{errors:?}\n{}", file.text));
    }
    catalog
}

fn role(name: &str, version: &str, statements: &serde_json::Value) -> serde_json::Value {
    json!({
        "display_name": name, "name": format!("system_{name}"), "catalog": "NAT Gateway", "type": "XA",
        "description": "…", "domain_id": null, "id": "1",
        "policy": { "Version": version, "Statement": statements },
    })
}

/// The draft of one policy with some statements.
fn read_one(version: &str, statements: &serde_json::Value) -> (DraftPolicy, Vec<String>) {
    let draft = read_value(&json!({ "roles": [role("One", version, statements)], "links": {} }));
    extended(&draft);
    let told = draft.unread.into_iter().map(|unread| unread.what).collect();
    (draft.policies.into_iter().next().unwrap(), told)
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_role_of_the_platform_is_read_as_the_table_writes_it() {
    let statements = json!([
        { "Effect": "Allow", "Action": ["*", "identity:assume role"] },
        { "Effect": "Deny", "Action": ["identity:*"] },
    ]);
    let (policy, told) = read_one("1.0", &statements);
    assert_eq!(told, NOTHING);
    assert_eq!((policy.kind, policy.service.as_str()), (PolicyKind::Role, "nat"));
    assert_eq!(policy.allow, ["*:*:*", "iam:agencies:assume"]);
    assert_eq!(policy.not_granted, ["iam:*:*"]);
    assert!(policy.deny.is_empty());
    assert_eq!(policy.internal_name.as_deref(), Some("system_One"));
}

#[test]
fn the_grammar_gives_the_kind() {
    let statements =
        json!([{ "Effect": "Allow", "Action": ["nat:gateways:get"] }, { "Effect": "Deny", "Action": "iam:*:*" }]);
    let (policy, told) = read_one("1.1", &statements);
    assert_eq!((policy.kind, &policy.deny[..], told.len()), (PolicyKind::Policy, &["iam:*:*".to_owned()][..], 0));
    let (policy, told) =
        read_one("5.0", &json!([{ "Effect": "Allow", "Action": ["sts::tagSession", "*"], "Resource": ["*"] }]));
    assert_eq!((policy.kind, told.len()), (PolicyKind::Identity, 0));
    assert_eq!(policy.allow, ["sts::tagSession", "*:*:*"]);
    assert_eq!(
        extended(&read_value(&role("One", "5.0", &json!([{ "Effect": "Allow", "Action": ["a::b"] }]))))
            .policy("One")
            .map(|policy| policy.kind),
        Some(PolicyKind::Identity)
    );
}

#[test]
fn what_a_condition_or_a_resource_limits_is_not_certain() {
    let limited = |effect: &str, more: &serde_json::Value| {
        let mut statement = json!({ "Effect": effect, "Action": ["nat:gateways:get"] });
        statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        read_one("1.1", &json!([statement]))
    };
    for more in [
        json!({ "Condition": { "StringEquals": { "g:x": ["y"] } } }),
        json!({ "Condition": 7 }),
        json!({ "Resource": ["nat:*:*:gateway:x"] }),
        json!({ "Resource": { "uri": ["/iam/agencies/x"] } }),
        json!({ "Resource": ["ecs:*:*:*:*"] }),
        json!({ "NotResource": ["*"] }),
        json!({ "Principal": {} }),
    ] {
        let (policy, told) = limited("Allow", &more);
        assert_eq!((policy.allow.len(), policy.allow_perhaps.len(), told.len()), (0, 1, 1), "{more} {told:?}");
        let (policy, told) = limited("Deny", &more);
        assert_eq!((policy.deny.len(), policy.deny_perhaps.len(), told.len()), (0, 1, 1), "{more} {told:?}");
    }
    for more in [
        json!({}),
        json!({ "Condition": {} }),
        json!({ "Condition": null }),
        json!({ "Resource": ["*"] }),
        json!({ "Resource": ["*:*:*:*:*"] }),
        json!({ "Resource": ["NAT:*:*:*:*"] }),
    ] {
        let (policy, told) = limited("Allow", &more);
        assert_eq!((policy.allow.len(), policy.allow_perhaps.len(), told.len()), (1, 0, 0), "{more} {told:?}");
    }
}

#[test]
fn what_cannot_be_read_may_mean_more() {
    let (policy, told) =
        read_one("1.0", &json!([{ "Effect": "Allow", "Action": ["nat:odd", "odd", 7, "identity:x", "nat:a:b"] }]));
    assert_eq!(policy.allow, ["nat:a:b"]);
    assert_eq!(policy.allow_perhaps, ["nat:*:*", "*:*:*", "iam:*:*"]);
    assert_eq!(told.len(), 4);
    let (policy, told) =
        read_one("5.0", &json!([{ "Effect": "Deny", "NotAction": ["nat:a:b"] }, { "Effect": "Allow" }, {}, 7]));
    assert_eq!((policy.allow_perhaps, policy.deny_perhaps), (vec!["*:*:*".to_owned()], vec!["*:*:*".to_owned()]));
    assert_eq!(told.len(), 4, "{told:?}");
}

#[test]
fn a_role_that_depends_on_what_cannot_be_read_is_not_certain() {
    let with = |depends: serde_json::Value| {
        let mut value = role("One", "1.0", &json!([{ "Effect": "Allow", "Action": ["nat:*:*"] }]));
        value["policy"]["Depends"] = depends;
        let draft = read_value(&value);
        (draft.policies[0].depends.clone(), draft.policies[0].allow.len(), draft.unread.len())
    };
    let both = json!([{ "catalog": "BASE", "display_name": "Tenant Guest" }, { "display_name": "Tenant Guest" }]);
    assert_eq!(with(both), (vec!["Tenant Guest".to_owned()], 1, 0));
    assert_eq!(with(json!("x")), (Vec::new(), 0, 1));
    assert_eq!(with(json!([{ "catalog": "x" }])), (Vec::new(), 0, 1));
}

#[test]
fn policies_of_the_account_are_none_of_the_platform() {
    let mut custom = role("Mine", "1.1", &json!([{ "Effect": "Allow", "Action": ["nat:*:*"] }]));
    custom["domain_id"] = json!("d");
    let mut by_catalog = custom.clone();
    by_catalog["domain_id"] = json!(null);
    by_catalog["catalog"] = json!("CUSTOMED");
    let draft = read_value(&json!([custom, by_catalog]));
    assert!(draft.policies.is_empty() && draft.files().is_empty());
    assert_eq!(draft.unread.len(), 2);
    assert!(draft.unread[0].what.contains("policy file"), "{:?}", draft.unread);
}

#[test]
fn whatever_stands_there_is_read_or_told() {
    let allow = json!([{ "Effect": "Allow", "Action": ["nat:*:*"] }]);
    let mut cases = vec![
        json!(7),
        json!({}),
        json!({ "name": 1, "policy": {} }),
        json!({ "name": "x" }),
        json!({ "name": "x", "policy": 1 }),
        json!({ "name": "x", "policy": "{" }),
        json!({ "name": "x", "policy": {} }),
        json!({ "name": "x", "policy": { "Version": 1 } }),
        json!({ "name": "x", "policy": { "Version": "1.1" } }),
        json!({ "name": "x", "policy": { "Version": "1.1", "Statement": 1 } }),
        json!({ "name": "x".repeat(300), "policy": { "Version": "1.1", "Statement": allow } }),
    ];
    for case in &cases {
        let draft = read_value(&json!({ "roles": [case] }));
        assert!(draft.policies.is_empty() && !draft.unread.is_empty(), "{case}");
    }
    cases.extend([role("Twice", "1.1", &allow), role("Twice", "1.1", &allow), role("TWICE", "1.0", &allow)]);
    let draft = read_value(&json!({ "roles": cases }));
    assert_eq!(draft.policies.len(), 2);
    let catalog = extended(&draft);
    assert_eq!(catalog.policy("TWICE").map(|policy| policy.kind), Some(PolicyKind::Role));
    let text = json!({ "name": "x", "policy": json!({ "Version": "1.1", "Statement": allow }).to_string() });
    assert_eq!(read_value(&json!({ "role": text })).policies[0].allow, ["nat:*:*"]);
}

#[test]
fn no_text_is_too_much() {
    let actions: Vec<String> = (0..100_000).map(|number| format!("nat:a:b{number}")).collect();
    let (policy, told) = read_one("1.1", &json!([{ "Effect": "Allow", "Action": actions }]));
    assert_eq!(
        (policy.allow.len(), &policy.allow_perhaps[..], told.len()),
        (json::MAX_LIST, &["*:*:*".to_owned()][..], 1)
    );
    let (policy, _) = read_one("1.1", &json!([{ "Effect": "Deny", "Action": actions, "Condition": { "a": {} } }]));
    assert_eq!(policy.deny_perhaps, ["*:*:*"]);
    let many: Vec<serde_json::Value> = (0..20_000)
        .map(|number| role(&number.to_string(), "1.1", &json!([{ "Effect": "Allow", "Action": ["nat:*:*"] }])))
        .collect();
    let draft = read_value(&json!(many));
    assert_eq!(draft.policies.len(), 20_000);
    extended(&draft);
    for (open, close) in [("[", "]"), ("{\"roles\":", "}")] {
        let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        assert!(read(&text, "d", None, &Catalog::embedded()).is_err());
    }
}

#[test]
fn an_export_is_told_from_other_documents() {
    let one = role("One", "1.1", &json!([]));
    assert!([json!({ "roles": [] }), json!([one]), json!({ "role": one }), one].iter().all(is_roles));
    let others =
        [json!({ "Version": "1.1", "Statement": [] }), json!([]), json!({ "roles": 1 }), json!({ "actions": [] })];
    assert!(!others.iter().any(is_roles));
    for text in ["", "1", "{}", "{\"roles\": 1}", "{"] {
        assert!(read(text, "d", None, &Catalog::embedded()).is_err(), "{text}");
    }
}
