//! Single cases that the properties have found, each as small as it gets.

use grantlint::authz::{Body, Decision, Kind, Known, Request, Requirement, Scope, Target, decide};
use grantlint::catalog::{Reach, Scopes};
use grantlint::policy::{Effect, Version};

use crate::drafts::{GrantDraft, StatementDraft, build};

const BOTH: Scopes = Scopes { project: Some(true), enterprise_project: Some(true) };

/// A 1.1 grant for a need of `action` in the project `cn-north-4` and the enterprise project `prod`.
fn decision(action: &str, supports: Scopes, reach: Reach, grant: GrantDraft) -> Decision {
    let is = |text: &str| Known::Is(text.to_owned());
    let target = Target::at(is("cn-north-4"), is("cn-north-4"), is("prod"));
    let requirement = Requirement {
        action: action.to_owned(),
        names_1: vec![action.to_owned()],
        knows_names_1: true,
        names_5: Vec::new(),
        other_services: Vec::new(),
        knows_names_5: false,
        kind: Kind::Needed,
        open: None,
        supports,
        reach,
    };
    decide(Request { requirement: &requirement, target: &target }, &build(&[grant])).decision
}

fn grant(scope: Scope, statement: StatementDraft) -> GrantDraft {
    GrantDraft { version: Version::V1_1, body: Body::Whole, scope, statements: vec![statement] }
}

fn allowing(scope: Scope) -> GrantDraft {
    grant(scope, StatementDraft::about(Effect::Allow, "ims:images:copy"))
}

fn in_project(name: &str) -> GrantDraft {
    allowing(Scope::Projects(vec![name.to_owned()]))
}

fn in_enterprise_project(name: &str) -> GrantDraft {
    allowing(Scope::EnterpriseProjects(vec![name.to_owned()]))
}

/// Whatever the table leaves open, a grant for another place is for another place.
#[test]
fn a_grant_for_another_place_is_not_open() {
    let decision = |supports, reach, grant| decision("ims:images:copy", supports, reach, grant);
    let silent = Scopes::default();
    assert_eq!(decision(BOTH, Reach::Global, in_project("cn-east-3")), Decision::ScopeMismatch);
    assert_eq!(decision(silent, Reach::Unknown, in_project("cn-east-3")), Decision::ScopeMismatch);
    assert_eq!(decision(silent, Reach::Regional, in_enterprise_project("dev")), Decision::ScopeMismatch);
}

/// A page without the columns does not say that it honours the scope.
#[test]
fn a_scope_that_the_table_is_silent_about_is_open_unless_the_service_settles_it() {
    let decision = |reach, grant| decision("ims:images:copy", Scopes::default(), reach, grant);
    assert_eq!(decision(Reach::Regional, in_enterprise_project("prod")), Decision::Conditional);
    assert_eq!(decision(Reach::Unknown, in_project("cn-north-4")), Decision::Conditional);
    assert_eq!(decision(Reach::Regional, in_project("cn-north-4")), Decision::Allowed);
}

/// Types of resources have wildcards as actions have them.
#[test]
fn a_resource_type_is_a_pattern() {
    let of_type = |kind: &str| StatementDraft {
        resources: Some(vec![format!("obs:*:*:{kind}:*")]),
        ..StatementDraft::about(Effect::Allow, "obs:*:*")
    };
    let decision = |action, kind| decision(action, BOTH, Reach::Global, grant(Scope::All, of_type(kind)));
    assert_eq!(decision("obs:bucket:ListBucket", "b*"), Decision::Allowed);
    assert_eq!(decision("obs:bucket:ListBucket", "o*"), Decision::Missing);
    assert_eq!(decision("obs:*:*", "bucket"), Decision::Conditional);
}

/// What is not known of a policy may allow, even where what is known of it may deny.
#[test]
fn an_open_deny_does_not_close_the_rest_of_a_policy() {
    let condition = ("StringEquals", "g:UserName", "ci");
    let deny = StatementDraft {
        conditions: vec![(condition.0.to_owned(), condition.1.to_owned(), condition.2.to_owned())],
        ..StatementDraft::about(Effect::Deny, "ims:images:copy")
    };
    let grant = GrantDraft { body: Body::Implied, ..grant(Scope::All, deny) };
    assert_eq!(decision("ims:images:copy", BOTH, Reach::Regional, grant), Decision::Conditional);
}
