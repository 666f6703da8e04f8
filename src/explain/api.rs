//! An API: what it needs, and how to grant it.

use serde::Serialize;

use super::grant::{Grant, Wanted, grants};
use super::scope::{ScopeAnswer, answers};
use crate::authz::{Account, of_api};
use crate::catalog::{ApiKey, Catalog, Reach, Scopes};
use crate::explore::{self, ApiCard};

/// What is known of an API: once for each service that documents it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiTopic<'a> {
    /// One for each service.
    pub apis: Vec<ExplainedApi<'a>>,
}

/// An API of one service, and how to grant it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedApi<'a> {
    /// What the table holds of it.
    #[serde(rename = "api")]
    pub card: ApiCard<'a>,
    /// Where the service has its resources: `global`, `regional` or `unknown`.
    pub reach: &'static str,
    /// In which scopes grants count for it.
    pub scopes: Vec<ScopeAnswer>,
    /// The statements that grant what it needs; none where its actions are not known.
    pub add: Vec<Grant>,
}

/// Everything that an API means, in one service or in all.
pub(super) fn api<'a>(catalog: &'a Catalog, service: Option<&str>, key: &ApiKey) -> Vec<ExplainedApi<'a>> {
    explore::api(catalog, service, key).into_iter().map(|card| explained(catalog, card)).collect()
}

fn explained<'a>(catalog: &'a Catalog, card: ApiCard<'a>) -> ExplainedApi<'a> {
    let reach = catalog.service(card.service).map_or(Reach::Unknown, |service| service.reach);
    let scopes = Scopes { project: card.scopes.project, enterprise_project: card.scopes.enterprise_project };
    let add = grants(&wanted(catalog, &card));
    ExplainedApi { reach: reach.as_str(), scopes: answers(reach, scopes, &[]), add, card }
}

fn wanted(catalog: &Catalog, card: &ApiCard<'_>) -> Vec<Wanted> {
    let row = card.api.parse().ok().and_then(|key| catalog.row(card.service, &key));
    let requirements = row.map(|row| of_api(&row.entry, Account::default(), catalog)).unwrap_or_default();
    requirements.into_iter().map(|requirement| Wanted::of(requirement, catalog)).collect()
}
