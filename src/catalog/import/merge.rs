//! Two rows of one API, and the drafts of several files as one.

use std::collections::{HashMap, HashSet};

use super::super::ApiKey;
use super::{DraftApi, Imported, Unread};

/// Whether two rows say the same of their API.
pub(super) fn same(first: &DraftApi, second: &DraftApi) -> bool {
    DraftApi { api: String::new(), ..first.clone() } == DraftApi { api: String::new(), ..second.clone() }
}

/// One row of two, if one has the actions of grammar 1.1 and the other those of 5.0.
pub(super) fn join(first: &DraftApi, second: &DraftApi) -> Option<DraftApi> {
    let (old, new) = match (first.identity.is_empty(), second.identity.is_empty()) {
        (true, false) if second.actions.is_empty() => (first, second),
        (false, true) if first.actions.is_empty() => (second, first),
        _ => return None,
    };
    Some(DraftApi {
        api: first.api.clone(),
        identity: new.identity.clone(),
        identity_aliases: new.identity_aliases.clone(),
        identity_depends: new.identity_depends.clone(),
        ..old.clone()
    })
}

/// Adds what another file of the same service gave. What it says of an API otherwise is not taken and given back.
pub(super) fn add(into: &mut Imported, more: Imported) -> Vec<Unread> {
    let mut unread = Vec::new();
    let mut places = HashMap::new();
    for (place, api) in into.draft.apis.iter().enumerate() {
        places.insert(identity(api), place);
    }
    for (api, line) in more.draft.apis.into_iter().zip(lines(more.tally.apis)) {
        let place = *places.entry(identity(&api)).or_insert(into.draft.apis.len());
        match into.draft.apis.get_mut(place) {
            None => {
                into.draft.apis.push(api);
                into.tally.apis.push(line);
            }
            Some(before) if same(before, &api) => {}
            Some(before) => match join(before, &api) {
                Some(joined) => *before = joined,
                None => unread.push(conflict(line, &api.api)),
            },
        }
    }
    let mut known: HashMap<String, usize> = HashMap::new();
    for (place, action) in into.draft.actions.iter().enumerate() {
        known.insert(action.action.to_ascii_lowercase(), place);
    }
    for (action, line) in more.draft.actions.into_iter().zip(lines(more.tally.actions)) {
        let place = *known.entry(action.action.to_ascii_lowercase()).or_insert(into.draft.actions.len());
        match into.draft.actions.get(place) {
            None => {
                into.draft.actions.push(action);
                into.tally.actions.push(line);
            }
            Some(before) if *before == action => {}
            Some(_) => unread.push(conflict(line, &action.action)),
        }
    }
    let mut names: HashSet<String> = into.draft.policies.iter().map(|policy| policy.name.clone()).collect();
    for policy in more.draft.policies {
        if names.insert(policy.name.clone()) {
            into.draft.policies.push(policy);
        } else if !into.draft.policies.contains(&policy) {
            unread.push(conflict(1, &policy.name));
        }
    }
    into.draft.when.extend(more.draft.when);
    unread
}

/// The lines of rows; the first line for those of which it is not known.
fn lines(known: Vec<usize>) -> impl Iterator<Item = usize> {
    known.into_iter().chain(std::iter::repeat(1))
}

fn conflict(line: usize, what: &str) -> Unread {
    Unread { line, what: format!("a file before says otherwise of `{what}`: its row was taken") }
}

fn identity(api: &DraftApi) -> (Option<String>, String) {
    let key = api.api.parse::<ApiKey>();
    (api.service.clone(), key.map_or_else(|_| api.api.clone(), |key| key.identity()))
}
