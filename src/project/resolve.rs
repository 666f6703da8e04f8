//! What a call needs, as the table says.

use std::sync::Arc;

use super::{Need, Unchecked};
use crate::authz::{Account, of_action, of_api, roles_of_api};
use crate::catalog::{Api, ApiMatch, Catalog};
use crate::manifest::Call;
use crate::nearest::nearest;

/// What one call needs, resolved once for all operations that make it.
#[derive(Debug)]
pub struct Resolved {
    /// The API as the table writes it; none for an action that is named directly, and where several are meant.
    pub api: Option<Arc<str>>,
    /// What it needs.
    pub needs: Vec<Need>,
    /// Several services document the call and nothing says which one is meant.
    pub is_ambiguous: bool,
}

impl Resolved {
    /// What is open about all of its needs.
    pub fn open(&self) -> Option<&'static str> {
        const AMBIGUOUS: &str = "several services document this API, and nothing says which one is meant";
        self.is_ambiguous.then_some(AMBIGUOUS)
    }
}

/// Looks up what a call needs.
pub(super) fn resolve(call: &Call, catalog: &Catalog, account: Account) -> Result<Resolved, Unchecked> {
    let (service, key, cases) = match call {
        Call::Action(action) => {
            if let Some(why) = unknown_action(action, catalog) {
                return Err(why);
            }
            let needs = vec![Need::Action(Arc::new(of_action(action, catalog)))];
            return Ok(Resolved { api: None, needs, is_ambiguous: false });
        }
        Call::Api { service, key, cases } => (service, key, cases),
    };
    let apis = match catalog.find(service.as_deref(), key) {
        ApiMatch::Unknown => return Err(Unchecked::NoRow),
        ApiMatch::One(api) => vec![api],
        ApiMatch::Several(apis) => apis,
    };
    if apis.iter().all(|api| api.actions.is_empty() && api.identity.is_empty() && api.roles.is_empty()) {
        return Err(Unchecked::NoAction);
    }
    // The name of the operation says which of one API's actions it needs.
    let apis = match <[Api<'_>; 1]>::try_from(apis) {
        Ok([api]) => vec![api.settled(cases)],
        Err(apis) => apis,
    };
    let mut needs = Vec::new();
    for api in &apis {
        needs.extend(of_api(api, account, catalog).into_iter().map(|requirement| Need::Action(Arc::new(requirement))));
        needs.extend(roles_of_api(api, catalog).into_iter().map(|role| Need::Role(Arc::new(role))));
    }
    let api = match apis.as_slice() {
        [api] => Some(Arc::from(api.key)),
        _ => None,
    };
    Ok(Resolved { api, needs, is_ambiguous: apis.len() > 1 })
}

/// An action of a service that the table holds, and that it does not know.
fn unknown_action(action: &str, catalog: &Catalog) -> Option<Unchecked> {
    let service = action.split(':').next().unwrap_or(action);
    if catalog.has_action(action) || !catalog.has_table(service) {
        return None;
    }
    let known = catalog.actions(service);
    if known.iter().any(|known| known.eq_ignore_ascii_case(action)) {
        return None;
    }
    Some(Unchecked::UnknownAction(nearest(action, known).map(str::to_owned)))
}
