//! What two services document of one API, one in grammar 1.1 and the other in 5.0.

use std::collections::{BTreeMap, BTreeSet};

use grantlint::catalog::ApiKey;

use crate::Failure;
use crate::facts::{Facts, Permission};
use crate::permissions;
use crate::services::family;

/// Every row, by service and API.
pub(crate) struct Joined<'a> {
    rows: BTreeMap<(String, String), &'a Permission>,
}

/// The rows of other services that fill the columns which a row leaves empty.
#[derive(Clone, Copy, Default)]
pub(crate) struct Joint<'a> {
    /// It has the actions of grammar 1.1, their scopes and dependencies.
    pub(crate) actions: Option<&'a Permission>,
    /// It has the actions of grammar 5.0.
    pub(crate) identity: Option<&'a Permission>,
}

impl<'a> Joined<'a> {
    pub(crate) fn new(facts: &'a Facts) -> Result<Self, Failure> {
        let services: BTreeSet<String> = facts.permissions.iter().map(|row| row.service.to_lowercase()).collect();
        let mut rows = BTreeMap::new();
        for service in services {
            for (key, row) in permissions::rows(facts, &service)? {
                rows.insert((service.clone(), identity(&key)?), row);
            }
        }
        Ok(Self { rows })
    }

    /// What the rows of the same API add that services of the same family have.
    pub(crate) fn of(&self, service: &str, key: &str) -> Joint<'a> {
        let Ok(identity) = identity(key) else { return Joint::default() };
        let row = |service: &str| self.rows.get(&(service.to_owned(), identity.clone())).copied();
        let Some(own) = row(service) else { return Joint::default() };
        // A row without any action says that none is needed.
        if own.actions.is_empty() && own.identity_actions.is_empty() {
            return Joint::default();
        }
        let others: Vec<&Permission> = family(service).into_iter().filter_map(row).collect();
        let first = |wanted: fn(&Permission) -> bool| others.iter().copied().find(|other| wanted(other));
        Joint {
            actions: own.actions.is_empty().then(|| first(|other| !other.actions.is_empty())).flatten(),
            identity: own
                .identity_actions
                .is_empty()
                .then(|| first(|other| !other.identity_actions.is_empty()))
                .flatten(),
        }
    }
}

fn identity(key: &str) -> Result<String, Failure> {
    let key: ApiKey = key.parse().map_err(|error| format!("{key}: {error}"))?;
    Ok(key.identity())
}
