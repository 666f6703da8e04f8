//! Conditions, one at a time, on an identity policy that allows everything else.

use grantlint::authz::{Decision, Fact};
use grantlint::catalog::Reach;

use crate::case::{Case, ConditionDraft, Facts};
use crate::inputs::UUID;
use crate::plain::{allow, decided, deny, is, need, unknown};

const USE: &str = "ims:images:copy";

fn condition(operator: &str, key: &str, values: &[&str]) -> ConditionDraft {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    ConditionDraft { operator: operator.to_owned(), key: key.to_owned(), values }
}

fn under(conditions: Vec<ConditionDraft>) -> Case {
    let mut statement = allow("*");
    statement.conditions = conditions;
    need(USE, Reach::Regional).with_identity(vec![statement])
}

fn known(case: &mut Case, key: &str, fact: Fact) {
    case.context.keys.push((key.to_owned(), fact));
}

fn values(values: &[&str]) -> Fact {
    Fact::Values(values.iter().map(|value| (*value).to_owned()).collect())
}

/// `true`: allowed, `false`: missing, `?`: open.
fn expected(text: &str) -> Decision {
    match text {
        "true" => Decision::Allowed,
        "false" => Decision::Missing,
        _ => Decision::Conditional,
    }
}

#[test]
fn every_operator_compares_as_its_name_says() {
    let rows = "
        StringEquals ci ci true | StringEquals CI ci false | StringNotEquals ci ci false | StringNotEquals ops ci true
        StringEqualsIgnoreCase CI ci true | StringNotEqualsIgnoreCase CI ci false | stringequals ci ci true
        StringMatch c? ci true | StringMatch C* ci false | StringMatch c ci false | StringNotMatch c* ci false
        StringLike private/ a/private/b true | StringLike private/* private/b false | StringLike Private private false
        StringNotLike private/ private/b false | StringNotLike secret private/b true
        StringStartWith pri private true | StringStartWith vate private false | StringEndWith vate private true
        NumberEquals 5.0 5 true | NumericEquals 1e2 100 true | NumberNotEquals 5 5 false | NumericNotEquals 5 6 true
        NumberLessThan 5 4 true | NumericLessThan 5 5 false | NumberLessThanEquals 5 5 true
        NumericLessThanEquals 5 6 false | NumberGreaterThan 5 10 true | NumericGreaterThan 5 5 false
        NumberGreaterThanEquals 5 5 true | NumericGreaterThanEquals 5 4 false | NumberEquals ten 10 ?
        DateEquals 2026-01-01T08:00:00+08:00 2026-01-01T00:00:00Z true
        DateNotEquals 2026-01-01T00:00:00Z 2026-01-01T00:00:00Z false
        DateLessThan 2026-01-01T00:00:00Z 2025-12-31T23:59:59Z true
        DateLessThanEquals 2026-01-01T00:00:00Z 2026-01-01T00:00:01Z false
        DateGreaterThan 2026-01-01T00:00:00Z 2026-01-01T00:00:00Z false
        DateGreaterThanEquals 2026-01-01T00:00:00Z 2026-01-01T00:00:00Z true | DateEquals soon 2026-01-01T00:00:00Z ?
        Bool True true true | Bool false true false | Bool maybe true ?
        IpAddress 10.0.0.0/8 10.1.2.3 true | IpAddress 10.0.0.0/8 11.0.0.1 false | IpAddress 10.1.2.3 10.1.2.3 true
        IpAddress 10.0.0.0/8 10.1.0.0/16 true | NotIpAddress 10.0.0.0/8 10.1.2.3 false
        NotIpAddress 10.0.0.0/8 11.0.0.1 true | IpAddress office 10.1.2.3 ? | IpAddress fd00::/8 fd00::1 true
        StringEquals ${x} ci ? | StringRoughly ci ci ? | NullIfExists true ci ?
    ";
    for row in rows.split(['|', '\n']).map(str::trim).filter(|row| !row.is_empty()) {
        let words: Vec<&str> = row.split(' ').collect();
        let mut case = under(vec![condition(words[0], "g:Key", &[words[1]])]);
        known(&mut case, "G:KEY", values(&[words[2]]));
        decided(&case, expected(words[3]));
    }
}

#[test]
fn any_of_several_values_matches_and_a_negated_operator_wants_none_to() {
    for (operator, policy, own, holds) in [
        ("StringEquals", ["ci", "ops"], "ops", "true"),
        ("StringEquals", ["ci", "ops"], "dev", "false"),
        ("StringNotEquals", ["ci", "ops"], "ops", "false"),
        ("StringNotEquals", ["ci", "ops"], "dev", "true"),
        ("NumberEquals", ["5", "many"], "5", "true"),
        ("NumberEquals", ["5", "many"], "6", "?"),
        ("StringEquals", ["ci", "${x}"], "ci", "?"),
    ] {
        let mut case = under(vec![condition(operator, "g:Key", &policy)]);
        known(&mut case, "g:Key", values(&[own]));
        decided(&case, expected(holds));
    }
    let mut case = under(vec![condition("StringEquals", "g:Key", &[])]);
    known(&mut case, "g:Key", values(&["ci"]));
    decided(&case, Decision::Conditional);
}

#[test]
fn a_key_that_a_request_does_not_have() {
    for (operator, value, holds) in [
        ("StringEquals", "ci", "false"),
        ("StringEqualsIfExists", "ci", "true"),
        ("StringNotEquals", "ci", "?"),
        ("StringNotEqualsIfExists", "ci", "true"),
        ("ForAllValues:StringEquals", "ci", "true"),
        ("ForAnyValue:StringEquals", "ci", "false"),
        ("ForAnyValue:StringNotEquals", "ci", "false"),
        ("ForAnyValue:StringEqualsIfExists", "ci", "true"),
        ("Null", "true", "true"),
        ("NULL", "False", "false"),
        ("Null", "perhaps", "?"),
    ] {
        let mut case = under(vec![condition(operator, "g:Key", &[value])]);
        decided(&case, Decision::Conditional);
        known(&mut case, "g:Key", Fact::Absent);
        decided(&case, expected(holds));
    }
    let mut case = under(vec![condition("Null", "g:Key", &["false"])]);
    known(&mut case, "g:Key", values(&["ci"]));
    decided(&case, Decision::Allowed);
}

#[test]
fn several_values_of_a_request() {
    for (operator, own, holds) in [
        ("ForAnyValue:StringEquals", ["ci", "ops"], "true"),
        ("ForAllValues:StringEquals", ["ci", "ops"], "false"),
        ("ForAllValues:StringEquals", ["ci", "ci"], "true"),
        ("ForAnyValue:StringNotEquals", ["ci", "ops"], "true"),
        ("ForAllValues:StringNotEquals", ["ci", "ops"], "false"),
        ("StringEquals", ["ci", "ops"], "?"),
        ("StringEquals", ["dev", "ops"], "false"),
        ("StringNotEquals", ["dev", "ops"], "true"),
    ] {
        let mut case = under(vec![condition(operator, "g:Key", &["ci"])]);
        known(&mut case, "g:Key", values(&own));
        decided(&case, expected(holds));
    }
}

#[test]
fn all_keys_and_all_operators_have_to_hold() {
    for (second, holds) in [("ops", "true"), ("dev", "false")] {
        let both = vec![condition("StringEquals", "g:One", &["ci"]), condition("StringEquals", "g:Two", &["ops"])];
        let mut case = under(both);
        known(&mut case, "g:One", values(&["ci"]));
        known(&mut case, "g:Two", values(&[second]));
        decided(&case, expected(holds));
    }
    let mut statement = deny("*");
    statement.conditions = vec![condition("StringEquals", "g:One", &["ci"])];
    let mut case = need(USE, Reach::Regional).with_identity(vec![allow("*"), statement]);
    decided(&case, Decision::Conditional);
    known(&mut case, "g:One", values(&["ops"]));
    decided(&case, Decision::Allowed);
    case.context.keys[0].1 = values(&["ci"]);
    decided(&case, Decision::Denied);
}

/// Only where the place alone makes a condition fail, the policy is one for another place.
#[test]
fn the_place_of_an_operation_is_a_key() {
    let region = |region: &str| condition("StringEquals", "g:requestedRegion", &[region]);
    let project = |id: &str| condition("ForAnyValue:StringEquals", "g:EnterpriseProjectId", &[id]);
    decided(&under(vec![region("cn-north-4")]), Decision::Allowed);
    decided(&under(vec![region("cn-east-3")]), Decision::ScopeMismatch);
    let mut case = under(vec![region("cn-east-3"), condition("Bool", "g:MFAPresent", &["true"])]);
    known(&mut case, "g:MFAPresent", values(&["false"]));
    decided(&case, Decision::Missing);
    case.context.keys[0].1 = values(&["true"]);
    decided(&case, Decision::ScopeMismatch);
    let mut case = under(vec![region("cn-north-4")]);
    case.region = unknown();
    decided(&case, Decision::Conditional);
    case.region = is("cn-north-4");
    case.requirement.reach = Reach::Global;
    decided(&case, Decision::Conditional);
    known(&mut case, "g:RequestedRegion", values(&["cn-north-4"]));
    decided(&case, Decision::Allowed);

    for (own, listed, wanted, decision) in [
        ("default", true, "0", Decision::Allowed),
        ("0", true, UUID, Decision::ScopeMismatch),
        (UUID, true, UUID, Decision::Allowed),
        ("prod", true, UUID, Decision::Conditional),
        (UUID, false, UUID, Decision::Conditional),
    ] {
        let mut case = under(vec![project(wanted)]);
        case.enterprise_project = is(own);
        case.requirement.names_5[0].keys =
            if listed { vec![String::from("g:EnterpriseProjectId")] } else { Vec::new() };
        decided(&case, decision);
    }
}

#[test]
fn what_the_operation_says_counts_where_the_action_supports_the_key() {
    for (key, listed, own_key, decision) in [
        ("g:ResourceTag/Owner", "g:ResourceTag/<tag-key>", "G:resourcetag/Owner", Decision::Allowed),
        ("g:ResourceTag/Owner", "g:ResourceTag/<tag-key>", "g:ResourceTag/owner", Decision::Conditional),
        ("g:ResourceTag/Owner", "g:RequestTag/<tag-key>", "g:ResourceTag/Owner", Decision::Conditional),
        ("g:TagKeys", "g:TagKeys", "g:TagKeys", Decision::Allowed),
        ("g:TagKeys", "g:Other", "g:TagKeys", Decision::Conditional),
        ("obs:prefix", "g:Other", "OBS:prefix", Decision::Allowed),
    ] {
        let mut case = under(vec![condition("StringEquals", key, &["ci"])]);
        case.requirement.names_5[0].keys = vec![listed.to_owned()];
        case.facts.keys.push((own_key.to_owned(), values(&["ci"])));
        decided(&case, decision);
        // What is said of the principal is said of its requests.
        known(&mut case, key, values(&["ops"]));
        decided(&case, Decision::Missing);
    }
}

#[test]
fn of_complete_keys_any_other_is_absent() {
    let mut case = under(vec![condition("StringEqualsIfExists", "g:PrincipalTag/Team", &["infra"])]);
    decided(&case, Decision::Conditional);
    case.context.complete.push(String::from("g:principaltag/"));
    decided(&case, Decision::Allowed);
    known(&mut case, "g:PrincipalTag/Team", values(&["ops"]));
    decided(&case, Decision::Missing);
}

#[test]
fn a_request_is_made_at_some_time_from_now_on() {
    for (operator, value, holds) in [
        ("DateGreaterThan", "2026-01-31T00:00:00Z", "true"),
        ("DateGreaterThan", "2026-02-01T00:00:00Z", "?"),
        ("DateGreaterThanEquals", "2026-02-01T00:00:00Z", "true"),
        ("DateLessThan", "2026-02-01T00:00:00Z", "false"),
        ("DateLessThanEquals", "2026-02-01T00:00:00Z", "?"),
        ("DateLessThan", "2026-03-01T00:00:00Z", "?"),
        ("DateEquals", "2026-01-31T00:00:00Z", "false"),
        ("DateNotEquals", "2026-01-31T00:00:00Z", "true"),
        ("DateEquals", "2026-03-01T00:00:00Z", "?"),
        ("Null", "false", "true"),
    ] {
        let mut case = under(vec![condition(operator, "g:CurrentTime", &[value])]);
        case.context = Facts { not_before: Some("2026-02-01T00:00:00Z".parse().unwrap()), ..Facts::default() };
        decided(&case, expected(holds));
    }
}
