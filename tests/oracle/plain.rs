//! Single cases, each as small as it gets, that a reader can hold against the semantics of IAM. Both `decide()` and the
//! oracle have to give the answer.

use grantlint::authz::{Body, Decision, IdentityName, IdentityResource, Kind, Known, Requirement, Scope};
use grantlint::catalog::{Reach, Scopes};
use grantlint::policy::{Effect, Version};

use crate::case::{Case, Element, Facts, GrantDraft, PolicyDraft, StatementDraft};
use crate::inputs::UUID;

pub(crate) const BOTH: Scopes = Scopes { project: Some(true), enterprise_project: Some(true) };

pub(crate) fn is(text: &str) -> Known<String> {
    Known::Is(text.to_owned())
}

pub(crate) fn unknown() -> Known<String> {
    Known::Unknown(String::from("not said"))
}

/// A need that both engines know by one name, in the project `cn-north-4` and the enterprise project `prod`, of a
/// principal that is granted nothing.
pub(crate) fn need(action: &str, reach: Reach) -> Case {
    let name = IdentityName { name: action.to_owned(), aliases: vec![action.to_owned()], ..IdentityName::default() };
    Case {
        requirement: Requirement {
            action: action.to_owned(),
            names_1: vec![action.to_owned()],
            knows_names_1: true,
            names_5: vec![name],
            knows_names_5: true,
            other_services: Vec::new(),
            kind: Kind::Needed,
            open: None,
            supports: BOTH,
            reach,
        },
        region: is("cn-north-4"),
        project: is("cn-north-4"),
        enterprise_project: is("prod"),
        resources: Vec::new(),
        facts: Facts::default(),
        context: Facts::default(),
        grants: Vec::new(),
        guardrails: Vec::new(),
    }
}

pub(crate) fn allow(pattern: &str) -> StatementDraft {
    StatementDraft::about(Effect::Allow, pattern)
}

pub(crate) fn deny(pattern: &str) -> StatementDraft {
    StatementDraft::about(Effect::Deny, pattern)
}

impl StatementDraft {
    pub(crate) fn on(mut self, element: Element, resource: &str) -> Self {
        self.resources = Some((element, vec![resource.to_owned()]));
        self
    }

    pub(crate) fn not_action(mut self) -> Self {
        self.element = Element::Not;
        self
    }
}

impl Case {
    pub(crate) fn holding(mut self, version: Version, scope: Scope, statements: Vec<StatementDraft>) -> Self {
        let policy = PolicyDraft::new("policy", version, statements);
        self.grants.push(GrantDraft { policy, scope, by_console: false });
        self
    }

    /// An identity policy.
    pub(crate) fn with_identity(self, statements: Vec<StatementDraft>) -> Self {
        self.holding(Version::V5_0, Scope::All, statements)
    }

    pub(crate) fn under(mut self, statements: Vec<StatementDraft>) -> Self {
        self.guardrails.push(vec![PolicyDraft::new("guardrail", Version::V5_0, statements)]);
        self
    }
}

#[track_caller]
pub(crate) fn decided(case: &Case, expected: Decision) {
    assert_eq!(case.decision(), expected, "decide() says so of\n{case}");
    let survey = case.surveyed(expected);
    assert!(crate::agreement::is_right(expected, &survey), "the oracle says {:?} of\n{case}", survey.outcomes);
}

fn projects(name: &str) -> Scope {
    Scope::Projects(vec![name.to_owned()])
}

fn enterprise_projects(name: &str) -> Scope {
    Scope::EnterpriseProjects(vec![name.to_owned()])
}

const COPY: &str = "ims:images:copy";
const LIST: &str = "obs:bucket:ListBucket";

/// Copying, by a 1.1 policy.
fn copying(supports: Scopes, reach: Reach, scope: Scope) -> Case {
    let mut case = need(COPY, reach).holding(Version::V1_1, scope, vec![allow(COPY)]);
    case.requirement.supports = supports;
    case
}

/// Whatever the table leaves open, a grant for another place is for another place.
#[test]
fn a_grant_for_another_place_is_not_open() {
    let silent = Scopes::default();
    decided(&copying(BOTH, Reach::Global, projects("cn-east-3")), Decision::ScopeMismatch);
    decided(&copying(silent, Reach::Unknown, projects("cn-east-3")), Decision::ScopeMismatch);
    decided(&copying(silent, Reach::Regional, enterprise_projects("dev")), Decision::ScopeMismatch);
}

/// A page without the columns does not say that it honours the scope.
#[test]
fn a_scope_that_the_table_is_silent_about_is_open_unless_the_service_settles_it() {
    let silent = Scopes::default();
    decided(&copying(silent, Reach::Regional, enterprise_projects("prod")), Decision::Conditional);
    decided(&copying(silent, Reach::Unknown, projects("cn-north-4")), Decision::Conditional);
    decided(&copying(silent, Reach::Regional, projects("cn-north-4")), Decision::Allowed);
}

#[test]
fn a_subproject_is_not_its_region_and_the_default_enterprise_project_has_two_names() {
    decided(&copying(BOTH, Reach::Regional, projects("cn-north-4_dev")), Decision::ScopeMismatch);
    let mut case = copying(BOTH, Reach::Regional, enterprise_projects("0"));
    case.enterprise_project = is("default");
    decided(&case, Decision::Allowed);
    case.enterprise_project = is(UUID);
    decided(&case, Decision::ScopeMismatch);
    case.grants[0].scope = enterprise_projects("prod");
    decided(&case, Decision::Conditional);
}

#[test]
fn an_api_that_does_not_honour_enterprise_projects_is_not_granted_by_them() {
    let only_projects = Scopes { enterprise_project: Some(false), ..BOTH };
    decided(&copying(only_projects, Reach::Regional, enterprise_projects("prod")), Decision::UnsupportedScope);
    let role = need(COPY, Reach::Regional).holding(Version::V1_0, enterprise_projects("prod"), vec![allow(COPY)]);
    decided(&role, Decision::UnsupportedScope);
}

/// The console grants for all resources what does not fit the scope that was chosen; the API takes it literally.
#[test]
fn the_console_widens_a_scope_that_does_not_fit() {
    for (reach, scope, by_api, by_console) in [
        (Reach::Global, projects("cn-north-4"), Decision::ScopeMismatch, Decision::Allowed),
        (Reach::Regional, Scope::Global, Decision::ScopeMismatch, Decision::Allowed),
        (Reach::Regional, projects("cn-east-3"), Decision::ScopeMismatch, Decision::ScopeMismatch),
        (Reach::Unknown, Scope::Global, Decision::Conditional, Decision::Conditional),
    ] {
        let mut case = copying(Scopes { project: None, ..BOTH }, reach, scope);
        decided(&case, by_api);
        case.grants[0].by_console = true;
        decided(&case, by_console);
    }
}

/// Types of resources have wildcards as actions have them; those of OBS are the middle parts of its actions.
#[test]
fn a_resource_type_is_a_pattern() {
    for (kind, expected) in [("b*", Decision::Allowed), ("*", Decision::Allowed), ("o*", Decision::Missing)] {
        let statement = allow("obs:*:*").on(Element::These, &format!("obs:*:*:{kind}:*"));
        decided(&need(LIST, Reach::Global).holding(Version::V1_1, Scope::All, vec![statement]), expected);
    }
    let statement = allow("ims:*:*").on(Element::These, "ims:*:*:snapshot:*");
    decided(&need(COPY, Reach::Regional).holding(Version::V1_1, Scope::All, vec![statement]), Decision::Conditional);
}

/// Of documented types, the only one that a request always has settles a resource.
#[test]
fn a_documented_type_settles_a_resource_of_an_identity_policy() {
    let of = |kind: &str, required| IdentityResource { kind: kind.to_owned(), required };
    for (documented, kind, expected) in [
        (vec![of("image", true)], "image", Decision::Allowed),
        (vec![of("image", true)], "IMAGE", Decision::Allowed),
        (vec![of("image", true)], "snapshot", Decision::Missing),
        (vec![of("image", true), of("snapshot", false)], "snapshot", Decision::Conditional),
        (vec![of("image", true), of("snapshot", false)], "image", Decision::Allowed),
        (vec![of("image", true), of("snapshot", true)], "image", Decision::Conditional),
        (vec![of("image", false)], "image", Decision::Conditional),
    ] {
        let statement = allow(COPY).on(Element::These, &format!("ims:*:*:{kind}:*"));
        let mut case = need(COPY, Reach::Regional).with_identity(vec![statement]);
        case.requirement.names_5[0].resources = documented;
        decided(&case, expected);
    }
}

#[test]
fn a_path_is_held_against_the_resources_that_the_files_name() {
    for (path, named, expected) in [
        ("logs", Some("logs"), Decision::Allowed),
        ("l*s", Some("logs"), Decision::Allowed),
        ("Logs", Some("logs"), Decision::Missing),
        ("data", Some("logs"), Decision::Missing),
        ("logs", Some("l*"), Decision::Conditional),
        ("data", Some("l*"), Decision::Missing),
        ("l*", Some("logs-*"), Decision::Allowed),
        ("logs", None, Decision::Conditional),
        ("*", None, Decision::Allowed),
        ("", None, Decision::Allowed),
    ] {
        let statement = allow("obs:*:*").on(Element::These, &format!("OBS:*:*:bucket:{path}"));
        let mut case = need(LIST, Reach::Global).holding(Version::V1_1, Scope::All, vec![statement]);
        case.resources = named.iter().map(|path| (String::from("bucket"), (*path).to_owned())).collect();
        decided(&case, expected);
    }
}

#[test]
fn regions_accounts_and_short_resources() {
    for (resource, expected) in [
        ("*", Decision::Allowed),
        ("ims:cn-north-4:*:*:*", Decision::Allowed),
        ("ims:CN-NORTH-4::*:*", Decision::Allowed),
        ("ims:cn-*:*:*:*", Decision::Allowed),
        ("ims:cn-east-3:*:*:*", Decision::ScopeMismatch),
        ("ims:*:0a1b:*:*", Decision::Conditional),
        ("ims:*:*:*", Decision::Conditional),
        ("anything", Decision::Conditional),
    ] {
        let statement = allow(COPY).on(Element::These, resource);
        decided(&need(COPY, Reach::Regional).holding(Version::V1_1, Scope::All, vec![statement]), expected);
    }
    let elsewhere = allow(COPY).on(Element::Not, "ims:cn-north-4:*:*:*");
    decided(&need(COPY, Reach::Regional).with_identity(vec![elsewhere]), Decision::ScopeMismatch);
    let elsewhere = deny(COPY).on(Element::These, "ims:cn-east-3:*:*:*");
    decided(&need(COPY, Reach::Regional).with_identity(vec![allow("*"), elsewhere]), Decision::Allowed);
}

/// What is not known of a policy may allow, even where what is known of it may deny.
#[test]
fn an_open_deny_does_not_close_the_rest_of_a_policy() {
    let statement = deny(COPY).on(Element::These, "nonsense");
    let mut case = need(COPY, Reach::Regional).holding(Version::V1_1, Scope::All, vec![statement]);
    case.grants[0].policy.body = Body::Implied;
    decided(&case, Decision::Conditional);
}

#[test]
fn a_deny_of_either_engine_wins_and_an_allow_of_either_is_enough() {
    let older = |statement| need(COPY, Reach::Regional).holding(Version::V1_1, Scope::All, vec![statement]);
    decided(&need(COPY, Reach::Regional), Decision::Missing);
    decided(&older(allow(COPY)), Decision::Allowed);
    decided(&need(COPY, Reach::Regional).with_identity(vec![allow(COPY)]), Decision::Allowed);
    decided(&older(allow(COPY)).with_identity(vec![deny("IMS:*:*")]), Decision::Denied);
    decided(&older(deny(COPY)).with_identity(vec![allow("*")]), Decision::Denied);
    decided(&older(allow(COPY)).holding(Version::V1_0, Scope::All, vec![deny("ims:*")]), Decision::Denied);
}
