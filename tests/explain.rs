//! `grantlint explain`: what it makes of names and of the texts of errors, and of what is neither.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::path::Path;
use std::time::{Duration, Instant};

use program::{Run, project};
use serde_json::Value;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn explain(topic: &str) -> Run {
    program::explain(here(), &["-"], topic.as_bytes())
}

fn json(topic: &str) -> Value {
    let run = program::explain(here(), &["-", "--format", "json"], topic.as_bytes());
    let value: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{topic}: {}", run.all()));
    assert_eq!((&value["schema"], &value["tool"]["name"]), (&1.into(), &"grantlint".into()));
    value
}

/// The field of each element of a list.
fn each<'v>(list: &'v Value, field: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().map(|element| element[field].as_str().unwrap()).collect()
}

/// What Terraform prints where the provider is refused a topic.
const BOXED: &str = "╷\n│ \u{1b}[31mError: \u{1b}[0m\u{1b}[1mError creating SMN topic: Action forbidden: [POST \
    https://smn.cn-north-4.myhuaweicloud.com/v2/0970dd7a1300f5672ff2c003c60ae115/notifications/topics], request_id: \
    7f1e, error message: {\"error_code\":\"SMN.0013\",\"error_msg\":\"Forbidden\"}\n│\n│   with \
    huaweicloud_smn_topic.alarms,\n│   on main.tf line 1, in resource \"huaweicloud_smn_topic\" \"alarms\":\n╵\n";

const IMPLICIT: &str = "{\"error_msg\":\"User: iam::0a1b:user:deployer is not authorized to perform: \
    ecs:cloudServers:createServers on resource: ecs:cn-north-4:0a1b:instance:* because no identity-based policy allows \
    the ecs:cloudServers:createServers action.\",\"error_code\":\"Pdp.0001\"}";

const BY_ORGANIZATION: &str = "User: sts::0a1b:assumed-agency:deployer/session is not authorized to perform action \
    vpc:securityGroupRules:create on resource vpc:cn-north-4:0a1b:securityGroup:* with an explicit deny in a service \
    control policy.";

const OLDER: &str = "403 {\"error\":{\"message\":\"Policy doesn't allow ims:images:copy to be performed.\",\
    \"code\":\"IMS.0001\"}} POST https://ims.cn-north-4.myhuaweicloud.com/v1/cloudimages/4f0a/cross_region_copy";

#[test]
fn what_a_person_sees() {
    for (name, topic) in [
        ("a-rule", "missing-grant"),
        ("an-action", "ims:images:copy"),
        ("an-action-with-an-alias", "ecs:cloudServers:createServers"),
        ("an-api", "POST /v1/cloudimages/{image_id}/cross_region_copy"),
        ("a-provider-error", BOXED),
        ("an-implicit-denial", IMPLICIT),
        ("an-explicit-denial", BY_ORGANIZATION),
        ("an-older-denial", OLDER),
        (
            "an-unknown-caller",
            "{\"error_msg\":\"Incorrect IAM authentication information: verify aksk signature fail\",\
            \"error_code\":\"APIGW.0301\"}",
        ),
        ("no-permission-problem", "{\"error\":{\"message\":\"The image does not exist.\",\"code\":\"IMG.0144\"}}"),
    ] {
        insta::assert_snapshot!(name, explain(topic).all());
    }
}

#[test]
fn what_a_program_sees() {
    let document = |topic: &str| {
        let run = program::explain(here(), &["-", "--format", "json"], topic.as_bytes());
        run.stdout.replace(env!("CARGO_PKG_VERSION"), "VERSION")
    };
    insta::assert_snapshot!("rule-json", document("unknown-policy"));
    insta::assert_snapshot!("error-json", document(IMPLICIT));
    assert_eq!(json("ims:images:copy")["kind"], "action");
    assert_eq!(json("GET /v2/cloudimages")["kind"], "api");
}

#[test]
fn a_topic_may_be_several_words_of_any_letter_case() {
    let one = |words: &[&str]| program::explain(here(), words, b"").stdout;
    assert_eq!(one(&["IMS:Images:COPY"]), one(&["ims:images:copy"]));
    assert_eq!(one(&["Missing-Grant"]), one(&["missing-grant"]));
    assert_eq!(one(&["post", "/v1/cloudimages/4f0a/copy"]), one(&["POST /v1/cloudimages/{image_id}/copy"]));
    let url = "https://ims.cn-north-4.myhuaweicloud.com/v1/cloudimages/4f0a/copy";
    assert_eq!(one(&["POST", url]), one(&["POST /v1/cloudimages/{image_id}/copy"]));
    assert_eq!(
        one(&["Policy doesn't allow", "ims:images:copy", "to be performed"]),
        one(&["Policy doesn't allow ims:images:copy to be performed"])
    );
}

/// Text, problem, action, caller's name, resource, kind of policy.
type Denied<'t> = (&'t str, &'t str, Option<&'t str>, Option<&'t str>, Option<&'t str>, Option<&'t str>);

#[test]
fn denials_are_read_however_they_are_written() {
    let copy = Some("ims:images:copy");
    let cases: &[Denied<'_>] = &[
        ("Policy doesn't allow ims:images:copy to be performed.", "missing-allow", copy, None, None, None),
        ("policy DOESN’T allow <ims:images:copy> to be performed", "missing-allow", copy, None, None, None),
        (
            "Policy doesn\\u0027t allow \\u003cims:images:copy\\u003e to\n│ be performed",
            "missing-allow",
            copy,
            None,
            None,
            None,
        ),
        ("Policy doesn&#39;t allow ['ims:images:copy'] to be performed", "missing-allow", copy, None, None, None),
        ("Policy does not allow ims:images:copy.", "missing-allow", copy, None, None, None),
        (
            "{\\\"error_msg\\\":\\\"User: iam::a:user:bob is not authorized to perform: ims:images:copy on resource: ims:cn-north-4:a:image:1 because no identity-based policy allows the ims:images:copy action.\\\"}",
            "missing-allow",
            copy,
            Some("bob"),
            Some("ims:cn-north-4:a:image:1"),
            Some("identity"),
        ),
        (
            "User: iam::a:user:bob is not authorized to perform action ims:images:copy on resource ims:::image:1 with an explicit deny in an identity-based policy.",
            "explicit-deny",
            copy,
            Some("bob"),
            Some("ims:::image:1"),
            Some("identity"),
        ),
        (
            "user: sts::a:assumed-agency:deployer/s is not authorized to perform: ims:images:copy on resource: * with an explicit deny in the service control policy",
            "explicit-deny",
            copy,
            Some("deployer"),
            Some("*"),
            Some("service-control"),
        ),
        (
            "User: x is not authorised to perform: ims:images:copy on resource: u with an explicit deny in a VPC endpoint policy",
            "explicit-deny",
            copy,
            None,
            Some("u"),
            Some("vpc-endpoint"),
        ),
        (
            "User: sts::a:external-user:idp/bob is not authorized to perform: ims:images:copy on resource: u because no resource-based policy allows the ims:images:copy action",
            "missing-allow",
            copy,
            Some("idp/bob"),
            Some("u"),
            Some("resource"),
        ),
        ("User: x is not authorized to perform: sts::tagSession", "refused", Some("sts::tagSession"), None, None, None),
        (
            "Insufficient authentication for action vpn:vpnGateways:list",
            "missing-allow",
            Some("vpn:vpnGateways:list"),
            None,
            None,
            None,
        ),
        (
            "user access denied.checkCustomerPermission,correct permission code is billing:order:view",
            "missing-allow",
            Some("billing:order:view"),
            None,
            None,
            None,
        ),
        ("Error: Action Forbidden", "refused", None, None, None, None),
        ("You are not authorized to perform the requested action.", "refused", None, None, None, None),
        ("(rule:create_router) is disallowed by policy", "refused", None, None, None, None),
        ("Policy doesn't allow %(actions)s to be performed", "missing-allow", None, None, None, None),
    ];
    for (text, problem, action, name, resource, policy) in cases {
        let error = json(text);
        let denial = &error["denials"][0];
        let found = [&denial["action"], &denial["principal"]["name"], &denial["resource"], &denial["policy"]];
        let found = found.map(Value::as_str);
        assert_eq!(
            (error["problem"].as_str(), found),
            (Some(*problem), [*action, *name, *resource, *policy]),
            "{text}"
        );
    }
}

#[test]
fn every_action_of_a_denial_is_granted_at_once() {
    let error =
        json("Policy doesn't allow ['ims:images:list', 'obs:bucket:ListBucket', 'iam:roles:list'] to be performed");
    let policies: Vec<(&str, &str)> =
        each(&error["add"], "policy").into_iter().zip(each(&error["add"], "version")).collect();
    assert_eq!(policies, [("project-level", "1.1"), ("global", "1.1"), ("object-storage", "1.1"), ("identity", "5.0")]);
    assert_eq!(error["add"][0]["statement"], serde_json::json!({ "Effect": "Allow", "Action": ["ims:images:list"] }));
}

#[test]
fn what_is_no_error_of_this_cloud_is_not_taken_for_one() {
    let texts = [
        "User: arn:aws:iam::1:user/x is not authorized to perform: ecs:RunTask on resource: * because no identity-based policy allows the ecs:RunTask action",
        "User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: s3:PutObject on resource: \"arn:aws:s3:::b/k\" with an explicit deny in a service control policy",
        "UnauthorizedOperation: You are not authorized to perform this operation. Encoded authorization failure message: b-xSys3h",
        "ForbiddenException: You are not authorized to perform the requested operation (arn:aws:codestar)",
        "Caller is not authorized to perform action 'Microsoft.KeyVault/vaults/keys/create/action'",
        "Policy doesn't allow volume:create.",
        "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
        "{\"error_code\":\"ECS.0114\",\"error_msg\":\"The server does not exist.\"}",
        "\"encoded_authorization_message\":null, encoded_authorization_message:None",
        "403 Forbidden",
        "Error: timeout while waiting for state",
        "VPC",
        "a:b:c",
        "/v1/cloudimages",
        "--",
    ];
    for text in texts {
        let run = explain(text);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{text}: {}", run.all());
        assert!(run.stderr.starts_with("error: `"), "{}", run.stderr);
    }
    assert!(explain(texts[0]).stderr.ends_with("it reads like the error of another cloud\n"));
}

#[test]
fn a_slip_is_told_with_what_is_nearest() {
    for (topic, nearest) in [
        ("missing-grnat", "missing-grant"),
        ("ims:image:copy", "ims:images:copy"),
        ("POST /v1/cloudimages/{id}/cross_region_cop", "POST /v1/cloudimages/{image_id}/cross_region_copy"),
        ("which API needs ims:images:copy?", "ims:images:copy"),
    ] {
        let run = explain(topic);
        assert_eq!(run.code, 2, "{}", run.all());
        assert!(run.stderr.contains(&format!("did you mean `{nearest}`")), "{topic}: {}", run.stderr);
    }
}

#[test]
fn codes_tell_authentication_and_what_is_missing_from_a_lack_of_grants() {
    for (text, problem) in [
        ("{\"error_code\":\"APIGW.0301\"}", "authentication"),
        ("[APIG.0303] Incorrect app authentication information: signature expired", "authentication"),
        (
            "Action forbidden: [GET https://iam.myhuaweicloud.com/v5/users], error message: {\"error_code\":\"PAP5.0046\"}",
            "authentication",
        ),
        ("VPC.2201", "missing-allow"),
        ("EPS.0004: Permission error", "refused"),
        ("PAP5.0010 invalid marker", "not-permission"),
        ("Ims.0144", "not-permission"),
        ("IMG.0144 Policy doesn't allow ims:images:get to be performed", "missing-allow"),
        ("\"encoded_authorization_message\": \"Egpjbi1ub0GoxMzgrcA==\"", "refused"),
    ] {
        let error = json(text);
        assert_eq!(error["problem"], problem, "{text}");
        let helps = !["authentication", "not-permission"].contains(&problem);
        assert!(helps || error["add"] == Value::Array(Vec::new()), "no grant helps: {text}");
    }
    assert!(explain("encoded_authorization_message=Egpjbi1ub0").stdout.contains("sts::decodeAuthorizationMessage"));
}

#[test]
fn a_request_is_the_api_that_its_host_and_path_mean() {
    let smn = ("smn", "POST /v2/{project_id}/notifications/topics");
    for (text, (service, api), region) in [
        (BOXED, smn, Some("cn-north-4")),
        (OLDER, ("ims", "POST /v1/cloudimages/{image_id}/cross_region_copy"), Some("cn-north-4")),
        (
            "Request URL: GET https://iam.myhuaweicloud.com/v3/roles?page=1\nAction Forbidden",
            ("iam", "GET /v3/roles"),
            None,
        ),
        (
            "GET https://registry.terraform.io/v1/providers then {\"method\":\"POST\",\"url\":\"https://smn.eu-de.otc.t-systems.com/v2/<redacted>/notifications/topics\"} Action Forbidden",
            smn,
            None,
        ),
        ("Action Forbidden while calling POST /v2/0970dd/notifications/topics, giving up", smn, None),
        (
            "obs: service returned error: Status=403 Forbidden, Code=AccessDenied PUT https://backup.obs.cn-north-4.myhuaweicloud.com/?policy",
            ("obs", "PUT /?policy"),
            Some("cn-north-4"),
        ),
    ] {
        let request = json(text)["request"].clone();
        assert_eq!((request["service"].as_str(), request["region"].as_str()), (Some(service), region), "{text}");
        assert_eq!(request["apis"][0]["api"]["api"], api, "{text}: {request:#}");
    }
    assert_eq!(json("Action Forbidden https://example.com/v2/x")["request"], Value::Null);
    let unknown = json("Action Forbidden: [POST https://smn.cn-north-4.myhuaweicloud.com/v9/nothing]");
    assert_eq!(unknown["request"]["service"], "smn", "the service is told where the API is not known");
}

#[test]
fn only_causes_that_can_apply_are_named() {
    let user = |action: &str| {
        format!(
            "User: iam::a:user:b is not authorized to perform: {action} on resource: * because no identity-based policy allows the {action} action."
        )
    };
    let allow = |action: &str| format!("Policy doesn't allow {action} to be performed");
    let deny = |action: &str, policy: &str| {
        format!(
            "User: iam::a:user:b is not authorized to perform: {action} on resource: * with an explicit deny in the {policy} policy."
        )
    };
    let cases: &[(String, &[&str], &[&str])] = &[
        (
            OLDER.into(),
            &[
                "enterprise-project-not-honoured",
                "other-region-or-project",
                "role-dependencies",
                "token-from-before",
                "further-actions",
            ],
            &["default-enterprise-project", "global-service", "object-storage-delay", "signature"],
        ),
        (
            allow("vpc:vpcs:list"),
            &["all-granted-enterprise-projects"],
            &["default-enterprise-project", "agency-of-the-service"],
        ),
        (allow("vpc:vpcs:create"), &["default-enterprise-project"], &["all-granted-enterprise-projects"]),
        (
            "Action forbidden: [GET https://iam.myhuaweicloud.com/v3/projects]".into(),
            &["global-service"],
            &["other-region-or-project", "all-granted-enterprise-projects"],
        ),
        (allow("obs:bucket:ListBucket"), &["object-storage-delay"], &[]),
        (user("ims:images:list"), &["resource-or-condition"], &["token-from-before", "organization-policy-delay"]),
        (
            deny("ecs:cloudServers:createServers", "identity-based"),
            &["alias-in-a-deny"],
            &["other-region-or-project", "enterprise-project-not-honoured", "organization-policy-delay"],
        ),
        (
            deny("ims:images:copy", "service control"),
            &["organization-policy-delay"],
            &["token-from-before", "role-dependencies"],
        ),
        ("SYS.0403 request denied".into(), &["organization-policy-delay"], &["signature"]),
        ("APIGW.0301 decrypt token fail".into(), &["token"], &["signature", "token-from-before"]),
        ("APIGW.0301 verify aksk signature fail".into(), &["signature", "access-key"], &["token"]),
        ("EPS.0004".into(), &["enterprise-project-authority"], &[]),
        ("Action Forbidden: Need authorize CCE to operate user resources".into(), &["agency-of-the-service"], &[]),
        ("IMG.0144".into(), &["other-image-place"], &["token-from-before", "other-region-or-project"]),
    ];
    for (text, named, left_out) in cases {
        let error = json(text);
        let found = each(&error["rule_out"], "cause");
        for cause in *named {
            assert!(found.contains(cause), "{text} lacks {cause}: {found:?}");
        }
        for cause in *left_out {
            assert!(!found.contains(cause), "{text} has {cause}: {found:?}");
        }
    }
}

#[test]
fn a_denial_by_the_organization_is_mended_by_no_grant() {
    for text in [
        BY_ORGANIZATION,
        "User: x is not authorized to perform: ims:images:copy because no service control policy allows the ims:images:copy action.",
    ] {
        let error = json(text);
        assert_eq!(error["add"], Value::Array(Vec::new()));
        let summary = error["summary"].to_string();
        assert!(summary.contains("Only the administrators of the organization"), "{summary}");
    }
}

#[test]
fn an_action_that_the_table_does_not_know_is_granted_by_the_name_that_the_text_uses() {
    let older = json("Policy doesn't allow ims:newThings:make to be performed");
    assert_eq!((&older["actions"][0]["known"], &older["add"][0]["version"]), (&false.into(), &"1.1".into()));
    assert_eq!(older["add"][0]["statement"]["Action"][0], "ims:newThings:make");
    assert_eq!(older["add"][1]["unknown"][0], "ims:newThings:make");
    let newer = json("User: x is not authorized to perform: ims:newThings:make on resource: *");
    assert_eq!(newer["add"][0]["unknown"][0], "ims:newThings:make", "grammar 1.1 may call it anything");
    assert!(each(&newer["rule_out"], "cause").contains(&"name-of-the-other-grammar"));
}

#[test]
fn an_extension_of_the_configuration_counts() {
    let own = "service: ims\nsources:\n  page: { document: internal, date: 2026-01-01 }\napis:\n  POST /v9/images:\n    \
               actions: [ims:images:grow]\n    source: page\n";
    let folder = project(&[("grantlint.yaml", "catalog: { extend: [own.yaml] }\n"), ("own.yaml", own)]);
    let explained = program::explain(folder.path(), &["ims:images:grow"], b"");
    assert!(explained.stdout.contains("POST /v9/images"), "{}", explained.all());
    assert_eq!(explain("ims:images:grow").code, 2);
    let broken = project(&[("grantlint.yaml", "catalogue: 1\n")]);
    assert_eq!(program::explain(broken.path(), &["ims:images:copy"], b"").code, 2);
}

#[test]
fn nothing_that_is_pasted_ends_the_program_or_keeps_it() {
    let mebibyte = 1 << 20;
    let texts: Vec<Vec<u8>> = vec![
        Vec::new(),
        vec![0; mebibyte],
        vec![b'('; 2 * mebibyte],
        vec![0xff; mebibyte],
        "Policy doesn't allow ".repeat(60_000).into_bytes(),
        "User: x is not authorized to perform: a:b:c ".repeat(30_000).into_bytes(),
        "POST https://smn.cn-north-4.myhuaweicloud.com/v2/a/notifications/topics Action Forbidden "
            .repeat(14_000)
            .into_bytes(),
        "a:b:c ".repeat(200_000).into_bytes(),
        format!("GET /{}", "a/".repeat(mebibyte / 2)).into_bytes(),
        format!("{} VPC.2201", "x".repeat(mebibyte - 100)).into_bytes(),
        "\\u001b[31m\u{1b}]0;".repeat(50_000).into_bytes(),
        "{\"a\":".repeat(200_000).into_bytes(),
        "│".repeat(mebibyte / 3).into_bytes(),
    ];
    for text in texts {
        let start = Instant::now();
        let run = program::explain(here(), &["-"], &text);
        let shown = String::from_utf8_lossy(text.get(..60.min(text.len())).unwrap()).into_owned();
        assert!([0, 2].contains(&run.code), "{shown}: {}", run.stderr);
        assert!(!run.stdout.contains('\0') && !run.stderr.contains('\u{1b}'), "{shown}");
        assert!(run.stderr.len() < 1000, "{shown}: {} bytes of error", run.stderr.len());
        assert!(start.elapsed() < Duration::from_secs(20), "{shown} takes {:?}", start.elapsed());
    }
}
