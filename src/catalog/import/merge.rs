//! Two rows of one API, and the drafts of several files as one.

use std::collections::{HashMap, HashSet};

use super::super::ApiKey;
use super::{DraftApi, Imported, Unread};

/// Whether two rows say the same of their API.
pub(super) fn same(first: &DraftApi, second: &DraftApi) -> bool {
    DraftApi { api: String::new(), ..first.clone() } == DraftApi { api: String::new(), ..second.clone() }
}

/// One row of two that do not contradict: for each grammar both say the same, or one of them says nothing.
pub(super) fn join(first: &DraftApi, second: &DraftApi) -> Option<DraftApi> {
    let older = one_of(first, second, &older_part)?;
    let newer = one_of(first, second, &newer_part)?;
    Some(DraftApi {
        identity: newer.identity.clone(),
        identity_cases: newer.identity_cases.clone(),
        identity_aliases: newer.identity_aliases.clone(),
        identity_depends: newer.identity_depends.clone(),
        deprecated: first.deprecated || second.deprecated,
        service: first.service.clone(),
        api: first.api.clone(),
        ..older.clone()
    })
}

/// The same of the rows of two files. A schema says nothing of grammar 1.1: where a row of it has such a part, that is
/// what the table knew before, and the other file is newer.
fn join_from(first: &DraftApi, second: &DraftApi, is_schema: (bool, bool)) -> Option<DraftApi> {
    match is_schema {
        (false, true) => join(first, &only_newer(second)),
        (true, false) if older_part(second).is_some() => join(&only_newer(first), second),
        _ => join(first, second),
    }
}

fn only_newer(row: &DraftApi) -> DraftApi {
    DraftApi { service: row.service.clone(), api: row.api.clone(), ..newer_part(row).unwrap_or_default() }
}

/// The row whose part counts; none where both have one and they differ.
fn one_of<'r>(
    first: &'r DraftApi,
    second: &'r DraftApi,
    part: &dyn Fn(&DraftApi) -> Option<DraftApi>,
) -> Option<&'r DraftApi> {
    match (part(first), part(second)) {
        (Some(one), Some(other)) if one != other => None,
        (None, Some(_)) => Some(second),
        _ => Some(first),
    }
}

/// What a row says of grammar 1.1, if it does.
fn older_part(row: &DraftApi) -> Option<DraftApi> {
    let part = DraftApi {
        actions: row.actions.clone(),
        depends: row.depends.clone(),
        roles: row.roles.clone(),
        scopes: row.scopes,
        ..DraftApi::default()
    };
    (!row.actions.is_empty()).then_some(part)
}

/// What a row says of grammar 5.0, if it does.
fn newer_part(row: &DraftApi) -> Option<DraftApi> {
    let part = DraftApi {
        identity: row.identity.clone(),
        identity_cases: row.identity_cases.clone(),
        identity_aliases: row.identity_aliases.clone(),
        identity_depends: row.identity_depends.clone(),
        ..DraftApi::default()
    };
    (!row.identity.is_empty() || !row.identity_cases.is_empty()).then_some(part)
}

/// Adds what another file of the same service gave. What it says of an API otherwise is not taken and given back.
pub(super) fn add(into: &mut Imported, more: Imported) -> Vec<Unread> {
    let mut unread = Vec::new();
    let from_table = (into.draft.entries.read > 0, more.draft.entries.read > 0);
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
            Some(before) => match join_from(before, &api, from_table) {
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
    let mut alone: HashSet<String> = into.draft.further.iter().map(|further| further.action.clone()).collect();
    for (further, line) in more.draft.further.into_iter().zip(lines(more.tally.further)) {
        if alone.insert(further.action.clone()) {
            into.draft.further.push(further);
            into.tally.further.push(line);
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
