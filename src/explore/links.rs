//! From calls and operations to the rows of the table: each question is asked once.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::catalog::{Api, ApiKey, ApiMatch, Catalog, Listed, Method, Operation, TerraformKind, TerraformType};

/// A question to the table: service and API.
pub(super) type Question<'q> = (&'q str, &'q ApiKey);

/// What a question finds, as far as figures need it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// There is a row.
    pub(super) row: bool,
    /// A row that is meant names an action, of either grammar.
    pub(super) action: bool,
}

/// Answers all questions, each once.
pub(super) fn answers<'q>(
    catalog: &Catalog,
    questions: impl Iterator<Item = Question<'q>>,
) -> HashMap<Question<'q>, Answer> {
    let distinct: HashSet<Question<'q>> = questions.collect();
    let distinct: Vec<Question<'q>> = distinct.into_iter().collect();
    distinct.into_par_iter().map(|question| (question, answer(catalog, question))).collect()
}

fn answer(catalog: &Catalog, (service, api): Question<'_>) -> Answer {
    let rows = rows(catalog, service, api);
    let has_action = |row: &Api<'_>| !row.actions.is_empty() || !row.identity.is_empty();
    Answer { row: !rows.is_empty(), action: rows.iter().any(has_action) }
}

/// The rows that a call means.
pub(super) fn rows<'a>(catalog: &'a Catalog, service: &str, api: &ApiKey) -> Vec<Api<'a>> {
    let service = Some(service).filter(|service| !service.is_empty());
    match catalog.find(service, api) {
        ApiMatch::Unknown => Vec::new(),
        ApiMatch::One(api) => vec![api],
        ApiMatch::Several(apis) => apis,
    }
}

/// Which rows some callers are looked for, and which of the table's calls lead to them.
pub(super) struct Callers<'a> {
    catalog: &'a Catalog,
    /// Service and API, as rows write them.
    rows: HashSet<(&'a str, &'a str)>,
    /// Only calls of the same method and length can mean one of the rows.
    shapes: HashSet<(Method, usize)>,
}

impl<'a> Callers<'a> {
    pub(super) fn of<'r>(catalog: &'a Catalog, rows: impl Iterator<Item = (&'a str, &'a str)> + 'r) -> Self {
        let rows: HashSet<(&'a str, &'a str)> = rows.collect();
        let keys = rows.iter().filter_map(|(_, api)| api.parse::<ApiKey>().ok());
        let shapes = keys.map(|key| shape(&key)).collect();
        Self { catalog, rows, shapes }
    }

    /// The call leads to one of the rows.
    fn reaches(&self, service: &str, api: &ApiKey) -> bool {
        let is_one = |row: &Api<'_>| self.rows.contains(&(row.service, row.key));
        self.shapes.contains(&shape(api)) && rows(self.catalog, service, api).iter().any(is_one)
    }

    /// The Terraform types with a call that leads to one of the rows, and the places of these calls.
    pub(super) fn types(&self) -> Vec<(TerraformKind, TerraformType<'a>, Vec<usize>)> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let types = self.catalog.types().into_iter().map(|listed: Listed<'a, _>| listed.entry);
        let calling = types.filter_map(|(kind, entry)| {
            let calls = entry.calls.iter().enumerate();
            let calls: Vec<usize> =
                calls.filter(|(_, call)| self.reaches(call.service, &call.api)).map(|(index, _)| index).collect();
            (!calls.is_empty()).then_some((kind, entry, calls))
        });
        let mut calling: Vec<_> = calling.collect();
        calling.sort_by(|a, b| (a.1.name, a.0).cmp(&(b.1.name, b.0)));
        calling
    }

    /// The operations that lead to one of the rows.
    pub(super) fn operations(&self) -> Vec<Operation<'a>> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let operations = self.catalog.operations().into_iter().map(|listed: Listed<'a, _>| listed.entry);
        let calling = operations.filter(|operation| self.reaches(operation.api_service, &operation.api));
        let mut calling: Vec<Operation<'a>> = calling.collect();
        calling.sort_by_key(|operation| (operation.service, operation.name, operation.version));
        calling
    }
}

fn shape(api: &ApiKey) -> (Method, usize) {
    (api.method, api.path.trim_end_matches('/').matches('/').count().max(1))
}
