//! What is easily confused: why nothing allows, and what is not known of a policy beside what is.

use grantlint::authz::{Body, Decision, Fact, Scope};
use grantlint::catalog::Reach;
use grantlint::policy::Version;

use crate::agreement::named;
use crate::case::{Case, ConditionDraft, Element, PolicyDraft};
use crate::iam::Outcome;
use crate::plain::{allow, decided, deny, need};
use crate::worlds::Survey;

/// A statement that only perhaps matches, and does not count where the operation acts, is not told as a grant elsewhere:
/// no world allows, and the decision may say less of why.
pub(crate) fn says_less(decision: Decision, survey: &Survey<Outcome>) -> bool {
    matches!(decision, Decision::Missing | Decision::UnsupportedScope)
        && survey.outcomes.iter().all(|outcome| named(*outcome) >= Decision::Denied)
}

const COPY: &str = "ims:images:copy";

fn older(statement: crate::case::StatementDraft) -> Case {
    need(COPY, Reach::Regional).holding(Version::V1_1, Scope::All, vec![statement])
}

fn condition(operator: &str, key: &str, value: &str) -> Vec<ConditionDraft> {
    vec![ConditionDraft { operator: operator.to_owned(), key: key.to_owned(), values: vec![value.to_owned()] }]
}

#[test]
fn a_guardrail_that_lets_everything_through_does_so_whatever_the_name() {
    let mut case = older(allow(COPY)).under(vec![allow("*")]);
    case.requirement.names_5.clear();
    case.requirement.knows_names_5 = false;
    decided(&case, Decision::Allowed);
}

#[test]
fn a_guardrail_of_which_nothing_is_known_may_allow() {
    let mut case = older(allow(COPY)).under(vec![]);
    case.guardrails[0][0].body = Body::Hidden;
    decided(&case, Decision::Conditional);
}

#[test]
fn a_guardrail_of_which_nothing_is_known_may_deny() {
    let mut case = older(allow(COPY)).under(vec![allow("*")]);
    let hidden = PolicyDraft { body: Body::Hidden, ..PolicyDraft::new("hidden", Version::V5_0, vec![]) };
    case.guardrails[0].push(hidden);
    decided(&case, Decision::Conditional);
}

/// The requests come from any address of a range.
#[test]
fn a_range_of_which_a_part_is_denied_is_open() {
    let mut statement = deny(COPY);
    statement.conditions = condition("IpAddress", "g:SourceIp", "10.1.2.3");
    let mut case = older(allow(COPY)).with_identity(vec![statement]);
    case.context.keys.push((String::from("g:SourceIp"), Fact::Values(vec![String::from("10.1.0.0/16")])));
    decided(&case, Decision::Conditional);
}

/// A statement that certainly does not count says nothing of the rest of its policy.
#[test]
fn what_is_not_known_of_a_policy_may_allow_beside_a_statement_that_does_not() {
    let mut statement = allow(COPY);
    statement.conditions = condition("Bool", "g:MFAPresent", "true");
    let mut case = older(statement);
    case.grants[0].policy.body = Body::Implied;
    case.context.keys.push((String::from("g:MFAPresent"), Fact::Values(vec![String::from("false")])));
    decided(&case, Decision::Conditional);
}

#[test]
fn a_grant_for_another_region_whose_condition_fails_grants_nothing_there_either() {
    let mut statement = allow(COPY).on(Element::These, "ims:cn-east-3:*:*:*");
    statement.conditions = condition("Bool", "g:MFAPresent", "true");
    let mut case = older(statement);
    case.context.keys.push((String::from("g:MFAPresent"), Fact::Values(vec![String::from("false")])));
    decided(&case, Decision::Missing);
}

#[test]
fn a_role_without_effect_is_not_granted_elsewhere() {
    let other = Scope::Projects(vec![String::from("cn-east-3")]);
    let mut case = need(COPY, Reach::Regional).holding(Version::V1_0, other, vec![allow(COPY)]);
    case.grants[0].policy.depends = vec![String::from("Tenant Guest")];
    decided(&case, Decision::Missing);
}

#[test]
fn what_may_be_about_something_else_is_not_called_a_grant_elsewhere() {
    let other = Scope::Projects(vec![String::from("cn-east-3")]);
    let granted = |statement| need(COPY, Reach::Regional).holding(Version::V1_1, other.clone(), vec![statement]);
    decided(&granted(allow(COPY)), Decision::ScopeMismatch);
    decided(&granted(allow(COPY).on(Element::These, "anything")), Decision::Missing);
}
