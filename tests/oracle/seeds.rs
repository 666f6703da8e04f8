//! The cases that grantlint began with: copying an image, within a region and across regions.

use grantlint::authz::{Account, Decision, Kind, Requirement, Scope, of_api};
use grantlint::catalog::{ApiKey, ApiMatch, Catalog, Reach};
use grantlint::policy::{Effect, Version};

use crate::case::{Case, GrantDraft, PolicyDraft, StatementDraft};
use crate::plain;

const WITHIN: &str = "POST /v1/cloudimages/{image_id}/copy";
const ACROSS: &str = "POST /v1/cloudimages/{image_id}/cross_region_copy";

fn needs(api: &str, enterprise_projects: Option<bool>) -> Vec<Requirement> {
    let catalog = Catalog::embedded();
    let key: ApiKey = api.parse().unwrap();
    let ApiMatch::One(api) = catalog.find(Some("ims"), &key) else { unreachable!("the table has {api} once") };
    of_api(&api, Account { enterprise_projects }, &catalog)
}

fn need(api: &str, enterprise_projects: Option<bool>, action: &str) -> Option<Requirement> {
    needs(api, enterprise_projects).into_iter().find(|need| need.action == action)
}

fn decision(api: &str, scope: Scope) -> Decision {
    let statement = StatementDraft::about(Effect::Allow, "ims:images:copy");
    let policy = PolicyDraft::new("copying", Version::V1_1, vec![statement]);
    Case {
        requirement: need(api, Some(true), "ims:images:copy").unwrap(),
        grants: vec![GrantDraft { policy, scope, by_console: false }],
        ..plain::need("ims:images:copy", Reach::Regional)
    }
    .decision()
}

#[test]
fn only_across_regions_an_enterprise_project_is_not_honoured() {
    let project = || Scope::Projects(vec![String::from("cn-north-4")]);
    let enterprise_project = || Scope::EnterpriseProjects(vec![String::from("prod")]);
    assert_eq!(decision(WITHIN, project()), Decision::Allowed);
    assert_eq!(decision(WITHIN, enterprise_project()), Decision::Allowed);
    assert_eq!(decision(ACROSS, project()), Decision::Allowed);
    assert_eq!(decision(ACROSS, enterprise_project()), Decision::UnsupportedScope);
}

#[test]
fn creating_is_needed_within_a_region_only_with_enterprise_projects() {
    let create = |enterprise_projects| need(WITHIN, enterprise_projects, "ims:serverImages:create");
    let certain = create(Some(true)).unwrap();
    assert_eq!((certain.kind, certain.open), (Kind::Needed, None));
    let open = create(None).unwrap();
    assert_eq!(open.kind, Kind::Needed);
    assert!(open.open.is_some());
    assert!(create(Some(false)).is_none_or(|need| need.kind == Kind::Dependency));
    let copy = needs(WITHIN, None).into_iter().find(|need| need.action == "ims:images:copy").unwrap();
    assert_eq!((copy.kind, copy.open), (Kind::Needed, None));
}
