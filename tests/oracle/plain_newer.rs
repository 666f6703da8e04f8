//! Roles that depend on others, names that mean the same, and service control policies.

use grantlint::authz::{Decision, Scope};
use grantlint::catalog::Reach;
use grantlint::policy::Version;

use crate::case::{Case, ConditionDraft, GrantDraft, PolicyDraft};
use crate::plain::{allow, decided, deny, need, unknown};

const COPY: &str = "ims:images:copy";

fn projects(names: &[&str]) -> Scope {
    Scope::Projects(names.iter().map(|name| (*name).to_owned()).collect())
}

/// A role that depends on another, each granted for a scope.
fn dependent(own: Scope, other: Option<(Scope, Reach)>) -> Case {
    let mut case = need(COPY, Reach::Regional).holding(Version::V1_0, own, vec![allow(COPY)]);
    case.grants[0].policy.depends = vec![String::from("Tenant Guest")];
    let role = |reach| PolicyDraft { reach, ..PolicyDraft::new("TENANT GUEST", Version::V1_0, vec![allow("vpc:*")]) };
    case.grants.extend(other.map(|(scope, reach)| GrantDraft { policy: role(reach), scope, by_console: false }));
    case
}

#[test]
fn a_role_takes_effect_only_with_the_roles_that_it_depends_on() {
    let here = || projects(&["cn-north-4"]);
    for (own, other, expected) in [
        (here(), Some((Scope::All, Reach::Unknown)), Decision::Allowed),
        (here(), Some((here(), Reach::Regional)), Decision::Allowed),
        (Scope::All, Some((projects(&["cn-east-3", "cn-north-4"]), Reach::Regional)), Decision::Allowed),
        (Scope::All, Some((Scope::Global, Reach::Global)), Decision::Allowed),
        (Scope::All, Some((Scope::Global, Reach::Unknown)), Decision::Conditional),
        (Scope::All, Some((Scope::Global, Reach::Regional)), Decision::Missing),
        (Scope::All, Some((projects(&["cn-east-3"]), Reach::Regional)), Decision::Missing),
        (Scope::All, Some((Scope::EnterpriseProjects(vec![String::from("prod")]), Reach::Regional)), Decision::Missing),
        (Scope::All, None, Decision::Missing),
        (Scope::EnterpriseProjects(vec![String::from("prod")]), None, Decision::UnsupportedScope),
    ] {
        decided(&dependent(own, other), expected);
    }
    let mut case = dependent(Scope::All, Some((here(), Reach::Regional)));
    case.project = unknown();
    decided(&case, Decision::Conditional);
}

#[test]
fn a_role_without_effect_does_not_deny() {
    let mut case = dependent(Scope::All, None);
    case.grants[0].policy.statements = vec![deny(COPY)];
    decided(&case.with_identity(vec![allow("*")]), Decision::Allowed);
}

fn with_aliases(aliases: &[&str], statement: crate::case::StatementDraft) -> Case {
    let mut case = need("eip:publicIps:delete", Reach::Regional).with_identity(vec![statement]);
    case.requirement.names_5[0].aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
    case
}

#[test]
fn an_alias_means_the_action_in_allow_in_deny_and_in_what_is_excepted() {
    const ALIAS: &[&str] = &["vpc:publicIps:delete"];
    decided(&with_aliases(ALIAS, allow("VPC:*:*")), Decision::Allowed);
    decided(&with_aliases(ALIAS, deny("VPC:*:*")).with_identity(vec![allow("*")]), Decision::Denied);
    decided(&with_aliases(ALIAS, allow("VPC:*:*").not_action()), Decision::Missing);
    decided(&with_aliases(ALIAS, deny("VPC:*:*").not_action()).with_identity(vec![allow("*")]), Decision::Allowed);
    decided(&with_aliases(ALIAS, allow("ecs:*:*").not_action()), Decision::Allowed);
    // There may be others that the table does not know.
    decided(&with_aliases(&[], allow("ecs:*:*").not_action()), Decision::Conditional);
    decided(&with_aliases(&[], allow("eip:*:*").not_action()), Decision::Missing);
}

/// Allowed by an identity policy, and standing under service control policies.
fn guarded() -> Case {
    need(COPY, Reach::Regional).with_identity(vec![allow("*")])
}

#[test]
fn a_guardrail_cuts_what_it_denies_and_what_no_policy_of_its_level_allows() {
    decided(&guarded().under(vec![allow("*")]), Decision::Allowed);
    decided(&guarded().under(vec![allow("*"), deny(COPY)]), Decision::Denied);
    decided(&guarded().under(vec![allow("ecs:*:*")]), Decision::Denied);
    decided(&guarded().under(vec![allow("*")]).under(vec![allow("ecs:*:*")]), Decision::Denied);
    decided(&guarded().under(vec![]), Decision::Denied);
    let mut case = guarded().under(vec![allow("ecs:*:*")]);
    case.guardrails[0].push(PolicyDraft::new("of images", Version::V5_0, vec![allow("ims:*:*")]));
    decided(&case, Decision::Allowed);
}

#[test]
fn a_guardrail_grants_nothing() {
    decided(&need(COPY, Reach::Regional).under(vec![allow("*")]), Decision::Missing);
    decided(&need(COPY, Reach::Regional).under(vec![deny("*")]), Decision::Denied);
}

#[test]
fn a_guardrail_has_conditions() {
    let mut statement = deny(COPY);
    let region = |region: &str| ConditionDraft {
        operator: String::from("StringNotEquals"),
        key: String::from("g:RequestedRegion"),
        values: vec![region.to_owned()],
    };
    for (value, expected) in [("cn-north-4", Decision::Allowed), ("cn-east-3", Decision::Denied)] {
        statement.conditions = vec![region(value)];
        decided(&guarded().under(vec![allow("*"), statement.clone()]), expected);
    }
    statement.conditions = vec![ConditionDraft { key: String::from("g:SourceVpc"), ..region("vpc") }];
    decided(&guarded().under(vec![allow("*"), statement]), Decision::Conditional);
}

#[test]
fn any_name_that_is_cut_denies() {
    let mut case = guarded();
    let mut other = case.requirement.names_5[0].clone();
    other.name = String::from("ims:images:copyInRegion");
    other.aliases = vec![other.name.clone()];
    case.requirement.names_5.push(other);
    decided(&case, Decision::Allowed);
    decided(&case.clone().under(vec![allow("*"), deny("ims:images:copyInRegion")]), Decision::Denied);
    decided(&case.under(vec![allow("ims:images:copyIn*")]), Decision::Denied);
}

/// A service without identity policies may not stand under guardrails.
#[test]
fn what_a_guardrail_cuts_of_a_service_without_identity_policies_is_open() {
    let mut case = need(COPY, Reach::Regional).holding(Version::V1_1, Scope::All, vec![allow(COPY)]);
    case.requirement.names_5.clear();
    case.requirement.knows_names_5 = false;
    decided(&case.clone().under(vec![allow("ecs:*:*")]), Decision::Conditional);
    decided(&case.under(vec![allow("*"), deny("*")]), Decision::Conditional);
}
