//! The rows of the permission table that decisions rest on.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::Cited;
use super::needs::service_of;
use crate::catalog::{Api, ApiMatch, Catalog, Source};
use crate::explore::ScopeColumns;
use crate::manifest::{Call, Extract};
use crate::project::Selection;

/// A row, and how often it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UsedRow {
    /// The service.
    pub service: String,
    /// The API, as the table writes it; none for an action that a manifest names itself.
    pub api: Option<String>,
    /// The actions, of grammar 1.1 or else 5.0.
    pub actions: Vec<String>,
    /// Through which scopes the actions can be granted.
    pub scopes: ScopeColumns,
    /// Where it was read; none where the table says it of the action nowhere else than in the rows of APIs.
    pub source: Option<Cited>,
    /// How many operations rest on it.
    pub uses: usize,
}

/// The rows that the operations of a run rest on, sorted. Those that name no action are not among them: nothing was
/// decided by them.
pub(super) fn used(manifests: &Extract, catalog: &Catalog, selection: &Selection<'_>) -> Vec<UsedRow> {
    let mut calls: HashMap<&Call, usize> = HashMap::new();
    for operation in manifests.operations.iter().filter(|operation| selection.takes(operation)) {
        *calls.entry(&operation.call).or_default() += 1;
    }
    let mut named: Option<HashMap<&str, Option<Source<'_>>>> = None;
    let mut rows: BTreeMap<(String, Option<String>, String), UsedRow> = BTreeMap::new();
    for (call, uses) in calls {
        let found = match call {
            Call::Action(action) => {
                let named = named.get_or_insert_with(|| catalog.all_actions().into_iter().collect());
                of_action(action, catalog, named).into_iter().collect()
            }
            Call::Api { service, key, .. } => match catalog.find(service.as_deref(), key) {
                ApiMatch::Unknown => Vec::new(),
                ApiMatch::One(api) => of_api(&api, catalog).into_iter().collect(),
                ApiMatch::Several(apis) => apis.iter().filter_map(|api| of_api(api, catalog)).collect(),
            },
        };
        for row in found {
            let key = (row.service.clone(), row.api.clone(), row.actions.join(" "));
            rows.entry(key).or_insert(row).uses += uses;
        }
    }
    rows.into_values().collect()
}

fn of_api(api: &Api<'_>, catalog: &Catalog) -> Option<UsedRow> {
    let needs = if api.actions.is_empty() { &api.identity } else { &api.actions };
    if needs.is_empty() && api.roles.is_empty() {
        return None;
    }
    let extension = api.key.parse().ok().and_then(|key| catalog.row(api.service, &key)?.extension);
    let roles = api.roles.iter().map(|role| format!("role {}", role.any.join(" or ")));
    Some(UsedRow {
        service: api.service.to_owned(),
        api: Some(api.key.to_owned()),
        actions: needs.iter().map(|need| need.action.to_owned()).chain(roles).collect(),
        scopes: api.scopes.into(),
        source: Some(Cited::new(api.source, extension)),
        uses: 0,
    })
}

fn of_action(action: &str, catalog: &Catalog, named: &HashMap<&str, Option<Source<'_>>>) -> Option<UsedRow> {
    if !catalog.has_action(action) && catalog.has_table(&service_of(action)) {
        return None;
    }
    let described = catalog.identity_action(action).map(|described| described.source);
    let source = described.or_else(|| named.get(action).copied().flatten());
    Some(UsedRow {
        service: service_of(action),
        api: None,
        actions: vec![action.to_owned()],
        scopes: catalog.action_scopes(action).into(),
        source: source.map(|source| Cited::new(source, None)),
        uses: 0,
    })
}
