//! What may be meant by an API that has no row.

use super::api::{ApiKey, Method, is_placeholder};
use super::find::{self, Found};
use super::layout::ApiRow;
use super::table::Table;
use crate::nearest::nearest;

/// Paths are long and alike: what is this many letters off is a slip, anything else another API.
const SLIPS: usize = 2;

/// What a question that finds nothing is nearest to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Near<'a> {
    /// An API of the same service, as the table writes it: another method, or a slip in the path.
    Api(&'a str),
    /// The same API, of the one other service that documents it.
    Service(&'a str),
}

/// `tables` are the tables from the newest to the embedded one, and `services` is the one that has services.
pub(super) fn near<'a>(
    tables: &[&'a Table],
    services: &'a Table,
    service: Option<&str>,
    api: &ApiKey,
) -> Option<Near<'a>> {
    let other_method = Method::ALL.into_iter().filter(|method| *method != api.method).find_map(|method| {
        let found = find::find(tables, services, service, &ApiKey { method, ..api.clone() });
        found.first().map(|found| Near::Api(found.written()))
    });
    let other_service = || match find::find(tables, services, None, api).as_slice() {
        [found] if service.is_some() => Some(Near::Service(found.service())),
        _ => None,
    };
    other_method.or_else(other_service).or_else(|| slip(tables, services, service, api))
}

fn slip<'a>(tables: &[&'a Table], services: &'a Table, service: Option<&str>, api: &ApiKey) -> Option<Near<'a>> {
    let service = service.map(str::to_ascii_lowercase);
    let is_theirs = |code: &str| {
        service.as_deref().is_none_or(|service| code == service || find::family(services, service).any(|of| of == code))
    };
    let (template, identity) = (api.template(), api.identity());
    let rows: Vec<Found<'a>> = tables
        .iter()
        .copied()
        .flat_map(|table| find::rows_of_shape(table, api.method, &template).iter().map(move |row| Found { table, row }))
        .filter(|found| is_theirs(found.service()) && has_shape_of(found.table, found.row, &template))
        .collect();
    let near = nearest(&identity, rows.iter().map(|found| found.identity()))?;
    if strsim::levenshtein(near, &identity) > SLIPS {
        return None;
    }
    rows.iter().find(|found| found.identity() == near).map(|found| Near::Api(found.written()))
}

/// Both have their placeholders in the same places.
fn has_shape_of(table: &Table, row: &ApiRow, template: &str) -> bool {
    let segments = |text: &str| text.split('/').map(is_placeholder).collect::<Vec<_>>();
    segments(table.text(row.template)) == segments(template)
}
