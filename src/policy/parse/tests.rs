//! Each element of each kind of document: what IAM takes and what it refuses.

use super::*;
use crate::policy::{Actions, Effect, Principals, Resources, Trusted};
use crate::severity::Certainty::{self, Certain, Possible};
use crate::syntax::json;

fn read_as(text: &str, kind: Option<Kind>) -> Parsed {
    read(&json::parse(text).unwrap().node, kind)
}

/// The message and help of each defect, one a line, with how certain it is.
fn told(parsed: &Parsed) -> Vec<(Certainty, String)> {
    let line = |defect: &Defect| {
        (defect.certainty, format!("{} | {}", defect.message, defect.help.as_deref().unwrap_or_default()))
    };
    parsed.defects.iter().map(line).collect()
}

/// A statement in a document of a kind.
fn document(kind: Kind, statement: &str) -> String {
    format!(r#"{{"Version": "{}", "Statement": [{{{statement}}}]}}"#, kind.version().as_str())
}

/// Holds the one defect of a statement against what is expected: its certainty and words of its line; `None`: no defect.
fn expect(kind: Kind, cases: &[(&str, Option<(Certainty, &str)>)]) {
    for (statement, expected) in cases {
        let told = told(&read_as(&document(kind, statement), Some(kind)));
        match expected {
            None => assert_eq!(told, [], "{kind:?}: {statement}"),
            Some((certainty, words)) => {
                assert_eq!(told.len(), 1, "{kind:?}: {statement}: {told:#?}");
                assert!(told[0].0 == *certainty && told[0].1.contains(words), "{kind:?}: {statement}: {told:#?}");
            }
        }
    }
}

#[test]
fn a_document_of_each_kind_is_read_without_a_defect() {
    for (kind, text) in [
        (
            Kind::Role,
            r#"{"Version": "1.0", "Statement": [{"Effect": "Allow", "Action": ["identity:*", "identity:assume role", "*:*:Get*"]}], "Depends": [{"catalog": "BASE", "display_name": "Tenant Guest"}]}"#,
        ),
        (
            Kind::Policy,
            r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ims:*:get*"], "Resource": ["OBS:*:*:bucket:*"], "Condition": {"StringEndWithIfExists": {"g:UserName": ["a"]}, "Bool": {"g:MFAPresent": ["true"]}}}]}"#,
        ),
        (
            Kind::Policy,
            r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["iam:agencies:assume"], "Resource": {"uri": ["/iam/agencies/07805a"]}}]}"#,
        ),
        (
            Kind::Identity,
            r#"{"Version": "5.0", "Statement": [{"Sid": "x", "Effect": "Deny", "NotAction": ["sts::tagSession"], "NotResource": ["*"], "Condition": {"StringEquals": {"g:PrincipalUrn": "iam::1:user:a"}}}]}"#,
        ),
        (
            Kind::Trust,
            r#"{"Version": "5.0", "Statement": [{"Effect": "Allow", "Action": ["sts:agencies:assume"], "Principal": {"IAM": ["0123456789abcdef0123456789abcdef", "iam::0123456789abcdef0123456789abcdef:user:x"], "Service": ["service.ECS"]}}]}"#,
        ),
    ] {
        let parsed = parse(&json::parse(text).unwrap().node);
        assert_eq!(told(&parsed), [], "{text}");
        assert_eq!((parsed.policy.kind, parsed.policy.version), (kind, kind.version()), "{text}");
        assert_eq!(parsed.policy.statements.len(), 1);
    }
}

#[test]
fn the_kind_follows_from_version_and_principals() {
    let statement = r#""Effect": "Allow", "Action": ["a:b:c"]"#;
    for (version, statements, expected) in [
        (r#""1.0""#, format!("[{{{statement}}}]"), Kind::Role),
        (r#""1.1""#, format!("[{{{statement}}}]"), Kind::Policy),
        ("1.1", format!("[{{{statement}}}]"), Kind::Policy),
        (r#""2.0""#, format!("[{{{statement}}}]"), Kind::Policy),
        (r#""5.0""#, format!("[{{{statement}}}]"), Kind::Identity),
        ("5", format!("[{{{statement}}}]"), Kind::Identity),
        (r#""5.0""#, format!(r#"[{{{statement}, "Principal": {{}}}}]"#), Kind::Trust),
        (r#""5.0""#, format!(r#"{{{statement}, "notprincipal": {{}}}}"#), Kind::Trust),
        (r#""5.0""#, format!(r#"[{{{statement}}}, {{{statement}, "Principal": {{}}}}]"#), Kind::Identity),
        (r#""1.1""#, format!(r#"[{{{statement}, "Principal": {{}}}}]"#), Kind::Policy),
    ] {
        let text = format!(r#"{{"Version": {version}, "Statement": {statements}}}"#);
        assert_eq!(read_as(&text, None).policy.kind, expected, "{text}");
    }
}

#[test]
fn a_document_has_a_version_and_statements() {
    let good = r#"[{"Effect": "Allow", "Action": ["a:b:c"]}]"#;
    for (text, kind, expected) in [
        (r#"{"Statement": []}"#.to_owned(), None, "a policy has to have `Version`"),
        (r#"{"Version": "1.1", "Statement": []}"#.to_owned(), None, "the policy has no statement"),
        (r#"{"Version": "1.1"}"#.to_owned(), None, "a policy has to have `Statement`"),
        (format!(r#"{{"Version": "2.0", "Statement": {good}}}"#), None, "the version `2.0` does not exist"),
        (format!(r#"{{"Version": 1.1, "Statement": {good}}}"#), None, "write \"1.1\" with quotes"),
        (format!(r#"{{"Version": 5, "Statement": {good}}}"#), None, "the version `5` does not exist"),
        (format!(r#"{{"Version": 1.10, "Statement": {good}}}"#), None, "the version `1.10` does not exist"),
        (format!(r#"{{"Version": ["1.1"], "Statement": {good}}}"#), None, "has to be a text, and this is a list"),
        (format!(r#"{{"Version": "1.1", "Statement": {good}}}"#), Some(Kind::Identity), "has the version \"5.0\""),
        (format!(r#"{{"Version": "5.0", "Statement": {good}}}"#), Some(Kind::Policy), "write \"1.1\""),
        (format!(r#"{{"Version": "1.1", "Statements": {good}}}"#), None, "write `Statement`"),
        (format!(r#"{{"Version": "1.1", "Statement": {good}, "Name": "x"}}"#), None, "its elements are `Version`"),
        (format!(r#"{{"Version": "1.1", "Version": "1.1", "Statement": {good}}}"#), None, "`Version` stands twice"),
        (
            r#"{"Version": "1.1", "Statement": {"Effect": "Allow", "Action": ["a:b:c"]}}"#.to_owned(),
            None,
            "put the statement into [ ]",
        ),
        ("[]".to_owned(), None, "a policy has to be an object, and this is a list"),
    ] {
        let told = told(&read_as(&text, kind));
        assert!(told.iter().any(|(at, line)| *at == Certain && line.contains(expected)), "{text}: {told:#?}");
    }
}

#[test]
fn an_element_that_iam_answers_as_null_is_absent() {
    let text = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["a:b:c"], "Resource": null, "Condition": null}]}"#;
    let parsed = read_as(text, None);
    assert!(parsed.defects.is_empty(), "{:?}", parsed.defects);
    assert_eq!(parsed.policy.statements[0].resources, Resources::All);
    assert!(parsed.policy.statements[0].conditions.is_empty());
    assert!(!read_as(&text.replace("[\"a:b:c\"]", "null"), None).defects.is_empty());
}

#[test]
fn depends_belongs_to_roles() {
    for (kind, depends, expected) in [
        (Kind::Role, r#"[{"catalog": "VPC", "display_name": "VPC Viewer"}]"#, None),
        (Kind::Role, r#"{"catalog": "VPC", "display_name": "VPC Viewer"}"#, Some((Certain, "into [ ]"))),
        (Kind::Role, r#"[{"catalog": "VPC"}]"#, Some((Certain, "has to have `display_name`"))),
        (Kind::Role, r#"[{"display_name": "VPC Viewer"}]"#, Some((Certain, "has to have `catalog`"))),
        (Kind::Role, r#"[{"catalog": "VPC", "display_name": 7}]"#, Some((Certain, "has to be a text"))),
        (Kind::Role, r#"[{"catalog": " ", "display_name": "x"}]"#, Some((Certain, "`catalog` is empty"))),
        (Kind::Role, r#"[{"catalog": "VPC", "displayName": "x"}]"#, Some((Certain, "write `display_name`"))),
        (Kind::Role, r#"["VPC Viewer"]"#, Some((Certain, "a dependency has to be an object"))),
        (Kind::Policy, "[]", None),
        (Kind::Policy, r#"[{"catalog": "VPC", "display_name": "VPC Viewer"}]"#, Some((Possible, "only roles (1.0)"))),
        (Kind::Identity, r#"["VPC Viewer"]"#, Some((Possible, "only roles (1.0)"))),
    ] {
        let version = kind.version().as_str();
        let text = format!(
            r#"{{"Version": "{version}", "Statement": [{{"Effect": "Allow", "Action": ["a:b:c"]}}], "Depends": {depends}}}"#
        );
        let told = told(&read_as(&text, Some(kind)));
        let is_expected = match expected {
            None => told.is_empty(),
            Some((certainty, words)) => told.iter().any(|(at, line)| *at == certainty && line.contains(words)),
        };
        assert!(is_expected, "{text}: {told:#?}");
    }
    let text = r#"{"Version": "1.0", "Statement": [], "Depends": [{"catalog": "VPC", "display_name": "VPC Viewer"}]}"#;
    let policy = read_as(text, None).policy;
    let role = &policy.depends[0];
    assert_eq!(role.value.display_name.value, "VPC Viewer");
    assert_eq!(&text[role.value.display_name.span.range()], "\"VPC Viewer\"");
    assert_eq!(role.value.catalog.as_ref().map(|catalog| &text[catalog.span.range()]), Some("\"VPC\""));
}

#[test]
fn effect_is_allow_or_deny() {
    let with = |effect: &str| format!(r#""Effect": {effect}, "Action": ["a:b:c"]"#);
    for (effect, words) in [
        (r#""allow""#, "write \"Allow\""),
        (r#""DENY""#, "write \"Deny\""),
        (r#""Alow""#, "write \"Allow\""),
        (r#""Permit""#, "this is \"Permit\""),
        ("true", "this is a truth value"),
        (r#"["Allow"]"#, "this is a list"),
    ] {
        expect(Kind::Policy, &[(&with(effect), Some((Certain, words)))]);
    }
    expect(Kind::Policy, &[(r#""Action": ["a:b:c"]"#, Some((Certain, "has to have `Effect`")))]);
    let read = |effect: &str| {
        let statements = read_as(&document(Kind::Policy, &with(effect)), None).policy.statements;
        statements.first().map(|statement| statement.effect)
    };
    for (effect, meant) in
        [(r#""ALLOW""#, Some(Effect::Allow)), (r#""deny""#, Some(Effect::Deny)), (r#""Permit""#, None), ("true", None)]
    {
        assert_eq!(read(effect), meant, "{effect}");
    }
}

#[test]
fn a_statement_of_1_1_names_actions_in_a_list() {
    expect(
        Kind::Policy,
        &[
            (r#""Effect": "Allow", "Action": ["a:b:c"]"#, None),
            (r#""Effect": "Allow", "Action": "a:b:c""#, Some((Certain, "put it into [ ]"))),
            (r#""Effect": "Allow", "Action": []"#, Some((Certain, "`Action` names no action"))),
            (r#""Effect": "Allow", "Action": [1]"#, Some((Certain, "write it between quotes"))),
            (r#""Effect": "Allow", "Action": [["a:b:c"]]"#, Some((Certain, "and this is a list"))),
            (r#""Effect": "Allow", "action": ["a:b:c"]"#, Some((Certain, "write `Action`"))),
            (r#""Effect": "Allow", "Actions": ["a:b:c"]"#, Some((Certain, "write `Action`"))),
            (r#""Effect": "Allow", "Action": ["a:b:c"], "Action": ["d:e:f"]"#, Some((Certain, "stands twice"))),
            (r#""Effect": "Allow", "Action": ["a:b:c"], "action": ["d:e:f"]"#, Some((Certain, "stands there already"))),
            (
                r#""Effect": "Allow", "Action": ["a:b:c"], "NotAction": ["a:b:c"]"#,
                Some((Certain, "only identity policies")),
            ),
            (
                r#""Effect": "Allow", "Action": ["a:b:c"], "NotResource": ["*"]"#,
                Some((Certain, "only identity policies")),
            ),
            (r#""Effect": "Allow", "Action": ["a:b:c"], "Principal": {}"#, Some((Certain, "only trust policies"))),
            (
                r#""Effect": "Allow", "Action": ["a:b:c"], "Sid": "x""#,
                Some((Possible, "only statements of version 5.0")),
            ),
            (r#""Effect": "Allow", "Action": ["a:b:c"], "Condtion": {}"#, Some((Certain, "write `Condition`"))),
            (
                r#""Effect": "Allow", "Action": ["a:b:c"], "Comment": "x""#,
                Some((Certain, "is no element of a statement of a policy")),
            ),
            (r#""Effect": "Allow""#, Some((Certain, "has to have `Action`"))),
        ],
    );
}

#[test]
fn a_statement_of_5_0_has_each_pair_of_elements_once() {
    expect(
        Kind::Identity,
        &[
            (r#""Sid": "a", "Effect": "Deny", "NotAction": ["a:b:c"], "Resource": ["*"]"#, None),
            (
                r#""Effect": "Allow", "Action": ["a:b:c"], "NotAction": ["a:b:c"]"#,
                Some((Certain, "exclude each other")),
            ),
            (
                r#""Effect": "Allow", "Action": ["a:b:c"], "Resource": ["*"], "NotResource": ["*"]"#,
                Some((Certain, "exclude each other")),
            ),
            (r#""Effect": "Allow""#, Some((Certain, "neither `Action` nor `NotAction`"))),
            (r#""Effect": "Allow", "NotAction": []"#, Some((Possible, "names no action"))),
            (r#""Effect": "Allow", "Action": ["a:b:c"], "Sid": 7"#, Some((Certain, "`Sid` has to be a text"))),
            (
                r#""Effect": "Allow", "Action": ["a:b:c"], "Principal": {"IAM": ["x"]}"#,
                Some((Certain, "only trust policies")),
            ),
            (
                r#""Effect": "Allow", "Action": ["a:b:c"], "Resource": {"uri": ["/iam/agencies/x"]}"#,
                Some((Certain, "has to be a list of texts")),
            ),
        ],
    );
}

#[test]
fn resources_of_1_1_are_paths_of_five_parts() {
    let with = |resource: &str| format!(r#""Effect": "Allow", "Action": ["a:b:c"], "Resource": {resource}"#);
    for (resource, expected) in [
        (r#"["OBS:*:*:object:my-bucket/my-object/*"]"#, None),
        (r#"["ECS:*:*:instance:0f"]"#, None),
        (r#"["*"]"#, None),
        (r#"["obs:cn-north-4:0123456789abcdef0123456789abcdef:bucket:x"]"#, None),
        ("[]", Some((Certain, "names no resource"))),
        (r#""obs:*:*:bucket:x""#, Some((Certain, "put it into [ ]"))),
        (r#"["bucket/*"]"#, Some((Certain, "is no resource"))),
        (r#"["obs:*:*:bucket"]"#, Some((Certain, "service:region:domain:type:path"))),
        (r#"["obs:*:*:*"]"#, Some((Possible, "is no resource"))),
        (r#"["obs:*:*:bucket:"]"#, Some((Certain, "has an empty part"))),
        (r#"["arn:aws:s3:::bucket"]"#, Some((Certain, "in another cloud"))),
        (r#"[" obs:*:*:bucket:x"]"#, Some((Certain, "spaces around"))),
        (r#"["obs:*:*:object:b/日志"]"#, Some((Possible, "`日`"))),
        (r#"["obs:*:*:object:b/a b"]"#, Some((Possible, "write `*` in its place"))),
        (r#"["obs:CN North:*:bucket:x"]"#, Some((Possible, "in the place of the region"))),
        (r#"["obs:*:my-account:bucket:x"]"#, Some((Possible, "in the place of the account"))),
        (r#"["obs:*:0123abcd:bucket:x"]"#, Some((Possible, "in the place of the account"))),
    ] {
        expect(Kind::Policy, &[(&with(resource), expected)]);
    }
}

#[test]
fn resources_of_5_0_are_urns() {
    let with = |resource: &str| format!(r#""Effect": "Deny", "Action": ["a:b:c"], "Resource": [{resource}]"#);
    for (resource, expected) in [
        (r#""*""#, None),
        (r#""iam::0123456789abcdef0123456789abcdef:agency:日志/x y""#, None),
        (r#""iam::*:agencies:x""#, None),
        (r#""iam::system:policy:x""#, None),
        (r#""obs:::object:b/a:b""#, None),
        (r#""*:*:*:instance:*""#, None),
        (r#""ecs:*""#, Some((Possible, "is no resource"))),
        (r#""instance""#, Some((Certain, "service:region:account:type:path"))),
        (r#""ecs:*:*::x""#, Some((Certain, "only region and account may be empty"))),
    ] {
        expect(Kind::Identity, &[(&with(resource), expected)]);
    }
    let wildcard = (with(r#""*:*:*:instance:*""#), with(r#""*""#));
    let message = "a wildcard in the place of the service";
    expect(Kind::ServiceControl, &[(&wildcard.0, Some((Certain, message))), (&wildcard.1, None)]);
}

#[test]
fn a_policy_for_agencies_names_them_by_uri() {
    let with =
        |action: &str, resource: &str| format!(r#""Effect": "Allow", "Action": [{action}], "Resource": {resource}"#);
    let assume = r#""iam:agencies:assume""#;
    for (action, resource, expected) in [
        (assume, r#"{"uri": ["/iam/agencies/07805a"]}"#, None),
        (assume, r#"{"uri": "/iam/agencies/07805a"}"#, Some((Certain, "put it into [ ]"))),
        (assume, r#"{"uri": ["07805a"]}"#, Some((Certain, "`07805a` is no agency"))),
        (assume, r#"{"uri": ["/iam/agencies/"]}"#, Some((Certain, "is no agency"))),
        (r#""ims:images:get""#, r#"{"uri": ["/iam/agencies/07805a"]}"#, Some((Certain, "only `iam:agencies:assume`"))),
    ] {
        expect(Kind::Policy, &[(&with(action, resource), expected)]);
    }
    let told = told(&read_as(&document(Kind::Policy, &with(assume, r#"{"arn": []}"#)), None));
    assert!(told.iter().any(|(_, line)| line.contains("has to have `uri`")), "{told:#?}");
}

#[test]
fn a_trust_policy_says_whom_it_trusts() {
    let with = |principal: &str| format!(r#""Effect": "Allow", "Action": ["sts:agencies:assume"]{principal}"#);
    let id = "0123456789abcdef0123456789abcdef";
    for (principal, expected) in [
        (format!(r#", "Principal": {{"IAM": ["{id}"]}}"#), None),
        (r#", "NotPrincipal": {"Service": ["service.ECS"]}"#.to_owned(), None),
        (r#", "Principal": {"Federated": ["iam::x:oidc-provider:github"]}"#.to_owned(), None),
        (String::new(), Some((Certain, "names no `Principal`"))),
        (r#", "Principal": "*""#.to_owned(), Some((Certain, "has to be an object, and this is a text"))),
        (r#", "Principal": {}"#.to_owned(), Some((Certain, "names nobody"))),
        (r#", "Principal": {"IAM": []}"#.to_owned(), Some((Certain, "`IAM` names nobody"))),
        (r#", "Principal": {"AWS": ["*"]}"#.to_owned(), Some((Certain, "under `IAM`"))),
        (r#", "Principal": {"iam": ["*"]}"#.to_owned(), Some((Certain, "write `IAM`"))),
        (r#", "Principal": {"Services": ["service.ECS"]}"#.to_owned(), Some((Certain, "write `Service`"))),
        (r#", "Principal": {"Everybody": ["*"]}"#.to_owned(), Some((Possible, "the kinds that are known"))),
        (r#", "Principal": {"IAM": ["*"], "IAM": ["*"]}"#.to_owned(), Some((Certain, "stands twice"))),
        (format!(r#", "Principal": {{"IAM": "{id}"}}"#), Some((Certain, "put it into [ ]"))),
        (r#", "Principal": {"IAM": ["arn:aws:iam::1:root"]}"#.to_owned(), Some((Certain, "in another cloud"))),
        (r#", "Principal": {"IAM": ["my-account"]}"#.to_owned(), Some((Possible, "neither the id of an account"))),
        (r#", "Principal": {"IAM": ["0123abcd"]}"#.to_owned(), Some((Possible, "neither the id of an account"))),
        (format!(r#", "Principal": {{"IAM": ["{}"]}}"#, "x".repeat(32)), Some((Possible, "neither the id"))),
        (r#", "Principal": {"Service": ["ECS"]}"#.to_owned(), Some((Possible, "\"service.ECS\""))),
        (
            format!(r#", "Principal": {{"IAM": ["{id}"]}}, "NotPrincipal": {{"IAM": ["{id}"]}}"#),
            Some((Certain, "exclude each other")),
        ),
    ] {
        expect(Kind::Trust, &[(&with(&principal), expected)]);
    }
    let text = document(Kind::Trust, &with(r#", "Principal": {"Service": ["service.ECS"], "IAM": ["*"]}"#));
    let statement = read_as(&text, None).policy.statements.remove(0);
    let Principals::Matching(trusted) = statement.principals else { panic!("principals") };
    let shown = trusted.iter().map(|one| match one {
        Trusted::Iam(name) => ("iam", name.value.as_str()),
        Trusted::Service(name) => ("service", name.value.as_str()),
        Trusted::Federated(name) => ("federated", name.value.as_str()),
    });
    assert_eq!(shown.collect::<Vec<_>>(), [("service", "service.ECS"), ("iam", "*")]);
}

#[test]
fn a_service_control_policy_denies_under_conditions_and_allows_without() {
    let condition = r#""Condition": {"StringEquals": {"g:DomainName": ["a"]}}"#;
    expect(
        Kind::ServiceControl,
        &[
            (&format!(r#""Effect": "Deny", "Action": ["ram:resourceShares:delete"], {condition}"#), None),
            (r#""Effect": "Allow", "Action": ["*"], "Resource": ["*"]"#, None),
            (&format!(r#""Effect": "Allow", "Action": ["*"], {condition}"#), Some((Certain, "no `Condition` beside"))),
            (r#""Effect": "Allow""#, Some((Certain, "neither `Action` nor `NotAction`"))),
            (
                r#""Effect": "Deny", "Action": ["a:b:c"], "Principal": {"IAM": ["x"]}"#,
                Some((Certain, "only trust policies")),
            ),
        ],
    );
    let parsed =
        read_as(&document(Kind::ServiceControl, r#""Effect": "Deny", "Resource": ["*"]"#), Some(Kind::ServiceControl));
    assert_eq!(told(&parsed), []);
    assert!(matches!(parsed.policy.statements[0].actions, Actions::Perhaps(_)));
    let single = r#"{"Version": "5.0", "Statement": {"Effect": "Deny", "Action": ["a:b:c"]}}"#;
    assert_eq!(told(&read_as(single, Some(Kind::ServiceControl)))[0].0, Possible);
}

#[test]
fn what_cannot_be_read_of_a_condition_is_told_and_kept() {
    let with = |condition: &str| format!(r#""Effect": "Deny", "Action": ["a:b:c"], "Condition": {condition}"#);
    for (kind, condition, kept, expected) in [
        (Kind::Policy, r#"{"StringEquals": {"g:UserName": ["a", "b"]}}"#, 1, None),
        (Kind::Identity, r#"{"StringEquals": {"g:UserName": "a"}}"#, 1, None),
        (Kind::Policy, r#"{"StringEquals": {"g:UserName": "a"}}"#, 1, Some((Possible, "have to be a list"))),
        (Kind::Policy, "[]", 1, Some((Certain, "`Condition` has to be an object"))),
        (
            Kind::Policy,
            r#"{"StringEquals": ["x"]}"#,
            1,
            Some((Certain, "the operator `StringEquals` has to be an object")),
        ),
        (Kind::Policy, r#"{"StringEquals": {}}"#, 0, Some((Possible, "has no key"))),
        (Kind::Policy, r#"{"StringEquals": {"g:UserName": []}}"#, 1, Some((Certain, "no value"))),
        (Kind::Policy, r#"{"Bool": {"g:MFAPresent": [true]}}"#, 1, Some((Possible, "write \"true\""))),
        (Kind::Policy, r#"{"StringEquals": {"g:UserName": [{"a": 1}]}}"#, 1, Some((Certain, "this is a mapping"))),
        (
            Kind::Policy,
            r#"{"Bool": {"g:MFAPresent": ["true"]}, "Bool": {"g:MFAPresent": ["true"]}}"#,
            2,
            Some((Certain, "`Bool` stands twice")),
        ),
        (
            Kind::Policy,
            r#"{"Bool": {"g:MFAPresent": ["true"], "g:MFAPresent": ["false"]}}"#,
            2,
            Some((Certain, "`g:MFAPresent` stands twice")),
        ),
    ] {
        expect(kind, &[(&with(condition), expected)]);
        let statements = read_as(&document(kind, &with(condition)), Some(kind)).policy.statements;
        assert_eq!(statements[0].conditions.len(), kept, "{condition}");
    }
}

#[test]
fn operators_are_known_by_their_spelling() {
    let with = |operator: &str, value: &str| {
        format!(r#""Effect": "Deny", "Action": ["a:b:c"], "Condition": {{"{operator}": {{"ecs:Some": ["{value}"]}}}}"#)
    };
    for (kind, operator, value, expected) in [
        (Kind::Policy, "StringEqualsIgnoreCaseIfExists", "x", None),
        (Kind::Policy, "StringStartWith", "x", None),
        (Kind::Policy, "NumberLessThan", "5", None),
        (Kind::Identity, "NumberLessThan", "5", None),
        (Kind::Identity, "NumericLessThan", "5", None),
        (Kind::Policy, "NumericLessThan", "5", Some((Possible, "write `NumberLessThan`"))),
        (Kind::Policy, "ForAnyValue:StringEquals", "x", None),
        (Kind::Policy, "Null", "true", None),
        (Kind::Policy, "NullIfExists", "true", Some((Certain, "takes neither a quantifier nor `IfExists`"))),
        (Kind::Policy, "ForAnyValue:Null", "true", Some((Certain, "takes neither"))),
        (Kind::Policy, "StringEndWithIfExsits", "x", Some((Certain, "write `StringEndWithIfExists`"))),
        (Kind::Policy, "StringEqual", "x", Some((Certain, "write `StringEquals`"))),
        (Kind::Policy, "StringNotStartWith", "x", Some((Possible, "did you mean `StringStartWith`?"))),
        (Kind::Policy, "IsNullOrEmpty", "x", Some((Possible, "no operator that is known"))),
        (Kind::Policy, "NullOrEmpty", "x", Some((Possible, "no operator that is known"))),
        (Kind::Policy, "Like", "x", Some((Possible, "no operator that is known"))),
        (Kind::Policy, "stringEquals", "x", Some((Possible, "write `StringEquals`"))),
        (Kind::Policy, "foranyvalue:Bool", "true", Some((Possible, "write `ForAnyValue:Bool`"))),
    ] {
        expect(kind, &[(&with(operator, value), expected)]);
    }
}

#[test]
fn operators_fit_their_keys_and_values_their_operators() {
    let with = |operator: &str, key: &str, value: &str| {
        format!(r#""Effect": "Deny", "Action": ["a:b:c"], "Condition": {{"{operator}": {{"{key}": ["{value}"]}}}}"#)
    };
    for (operator, key, value, expected) in [
        ("Bool", "g:MFAPresent", "true", None),
        ("Bool", "g:MFAPresent", "TRUE", None),
        ("Bool", "g:MFAPresent", "yes", Some((Certain, "`yes` is no truth value"))),
        ("StringEquals", "g:MFAPresent", "true", Some((Possible, "use `Bool`"))),
        ("Bool", "g:UserName", "true", Some((Certain, "`g:UserName` is a text"))),
        ("NumericLessThan", "g:MFAAge", "3600", None),
        ("NumericLessThan", "g:MFAAge", "1h", Some((Certain, "`1h` is no number"))),
        ("NumericLessThan", "g:MFAAge", "NaN", Some((Certain, "is no number"))),
        ("NumericLessThan", "g:CurrentTime", "5", Some((Certain, "begin with `Date`"))),
        ("DateLessThan", "g:CurrentTime", "2022-08-01T00:00:00Z", None),
        ("DateLessThan", "g:CurrentTime", "2022-08-01T08:00:00+08:00", None),
        ("DateLessThan", "g:CurrentTime", "2022-08-01", Some((Possible, "is no instant"))),
        ("DateLessThan", "g:CurrentTime", "tomorrow", Some((Certain, "is no instant"))),
        ("IpAddress", "g:SourceIp", "10.0.0.0/8", None),
        ("IpAddress", "g:SourceIp", "2001:db8::/32", None),
        ("IpAddress", "g:SourceIp", "10.0.0.0/33", Some((Certain, "range of addresses"))),
        ("IpAddress", "g:SourceIp", "10.0.0.1-10.0.0.9", Some((Possible, "range of addresses"))),
        ("StringMatch", "g:SourceIp", "10.*", Some((Possible, "use `IpAddress`"))),
        ("IpAddress", "g:SourceIp", "${g:Other}", None),
        ("IpAddress", "ecs:Some", "x", Some((Certain, "IP address"))),
        ("Null", "g:TokenIssueTime", "false", None),
        ("Null", "g:UserName", "absent", Some((Certain, "must be missing"))),
        ("StringLike", "obs:prefix", "private/", None),
        ("StringEquals", "g:UserName", "ops-*", Some((Possible, "use `StringMatch`"))),
        ("StringEquals", "g:ResourceTag/team", "ops-*", None),
        ("StringEquals", "g:Referer", "https://a/?b", None),
        ("StringEquals", "g:UserName", "李四: a", None),
        ("ForAnyValue:StringNotEquals", "g:RequestTag/owner", "a", None),
        ("ForAnyValue:StringEquals", "g:EnterpriseProjectId", "0", None),
        ("ForAllValues:StringEquals", "g:TagKeys", "a", None),
        ("ForAllValues:StringEquals", "g:UserName", "a", Some((Possible, "leave `ForAllValues:` out"))),
        ("StringEquals", "g:PrincipalIsService", "true", None),
        ("Bool", "g:PrincipalIsService", "true", None),
        ("StringEquals", "UserName", "a", Some((Certain, "is no condition key"))),
    ] {
        expect(Kind::Identity, &[(&with(operator, key, value), expected)]);
    }
}

#[test]
fn what_only_a_run_could_tell_is_no_defect() {
    use crate::source::Span;
    use crate::syntax::{Entry, Unknown, Value};
    let open =
        || Node::new(Value::Unknown(Unknown { reason: "`var.x` has no value".into(), is_set: true }), Span::default());
    let entry = |key: &str, value: Node| Entry { key: key.to_owned(), key_span: Span::default(), value };
    let text = |text: &str| Node::new(Value::String(text.to_owned()), Span::default());
    let map = |entries| Node::new(Value::Map(entries), Span::default());
    let list = |nodes| Node::new(Value::List(nodes), Span::default());
    let statement = map(vec![
        entry("Effect", text("Allow")),
        entry("Action", open()),
        entry("Resource", list(vec![open()])),
        entry("Condition", map(vec![entry("StringEquals", map(vec![entry("g:UserName", open())]))])),
    ]);
    let document = map(vec![entry("Version", text("5.0")), entry("Statement", list(vec![statement, open()]))]);
    let parsed = parse(&document);
    assert_eq!(told(&parsed), []);
    assert!(matches!(parsed.policy.statements[0].actions, Actions::Perhaps(_)));
    assert!(matches!(parsed.policy.statements[0].resources, Resources::Matching(_)));
    let statement = map(vec![entry("Effect", open()), entry("Action", list(vec![text("a:b:c")]))]);
    let parsed = parse(&map(vec![entry("Version", open()), entry("Statement", list(vec![statement]))]));
    assert_eq!(told(&parsed), []);
    let perhaps = |statement: &Statement| {
        assert!(matches!(&statement.actions, Actions::Perhaps(patterns) if patterns[0].value == "a:b:c"));
        statement.effect
    };
    let effects: Vec<Effect> = parsed.policy.statements.iter().map(perhaps).collect();
    assert_eq!(effects, [Effect::Allow, Effect::Deny], "it may be either");
}

#[test]
fn what_is_wrong_in_one_statement_leaves_the_others_readable() {
    let parsed = read_as(r#"{"Version": "1.1", "Statement": [7, {"Effect": "Allow", "Action": ["a:b:c"]}]}"#, None);
    assert_eq!(parsed.policy.statements.len(), 1);
    assert_eq!(told(&parsed).len(), 1);
}

mod any_input {
    use proptest::prelude::*;

    use super::*;
    use crate::source::Span;
    use crate::syntax::{Entry, Unknown, Value};

    /// The names of elements and values that make a document, and some that do not.
    fn word() -> impl Strategy<Value = String> {
        let words = [
            "Version",
            "1.1",
            "5.0",
            "1.0",
            "Statement",
            "Effect",
            "Allow",
            "Deny",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
            "Principal",
            "IAM",
            "Service",
            "Sid",
            "Depends",
            "catalog",
            "display_name",
            "uri",
            "StringEquals",
            "ForAnyValue:Null",
            "g:ResourceTag/",
            "g:é",
            "a:b:c",
            "obs:*:*:bucket:x",
            "期",
            "",
        ];
        prop_oneof![4 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
    }

    fn node() -> impl Strategy<Value = Node> {
        let at = |value| Node::new(value, Span::default());
        let unknown = Value::Unknown(Unknown { reason: "open".into(), is_set: false });
        let leaf = prop_oneof![
            5 => word().prop_map(Value::String),
            1 => Just(Value::Null),
            1 => any::<bool>().prop_map(Value::Bool),
            1 => word().prop_map(Value::Number),
            1 => Just(unknown),
        ];
        leaf.prop_map(at).prop_recursive(6, 60, 5, move |inner| {
            let entry =
                (word(), inner.clone()).prop_map(|(key, value)| Entry { key, key_span: Span::default(), value });
            prop_oneof![
                proptest::collection::vec(inner, 0..4).prop_map(Value::List),
                proptest::collection::vec(entry, 0..6).prop_map(Value::Map),
            ]
            .prop_map(at)
        })
    }

    proptest! {
        /// Nothing panics, and what is told is told once.
        #[test]
        fn any_tree_is_read_as_any_kind(node in node()) {
            for kind in [Kind::Role, Kind::Policy, Kind::Identity, Kind::Trust, Kind::ServiceControl] {
                prop_assert_eq!(parse_as(&node, kind).policy.kind, kind);
            }
            prop_assert!(parse(&node).defects.is_sorted());
            crate::policy::is_policy(&node);
        }

        #[test]
        fn any_text_is_held_against_the_form_of_actions(text in any::<String>()) {
            for version in [Version::V1_0, Version::V1_1, Version::V5_0] {
                crate::policy::check_action(&text, Span::default(), version);
            }
        }
    }
}
