//! Which rows of the table an API means.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::api::{ApiKey, is_placeholder};
use super::layout::{ApiRow, ServiceRow};
use super::table::Table;

/// A row and the table that it lies in.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) table: &'a Table,
    pub(super) row: &'a ApiRow,
}

impl<'a> Found<'a> {
    pub(super) fn service(self) -> &'a str {
        self.table.text(self.row.service)
    }

    pub(super) fn identity(self) -> &'a str {
        self.table.text(self.row.identity)
    }
}

/// The one row of each service that `api` means, newest table first; sorted by service. `tables` are
/// the tables from the newest to the embedded one, and `services` is the one that has services.
pub(super) fn find<'a>(
    tables: &[&'a Table],
    services: &'a Table,
    service: Option<&str>,
    api: &ApiKey,
) -> Vec<Found<'a>> {
    let template = api.template();
    let question = Question { api, template: &template, segments: template.matches('/').count(), services };
    let Some(service) = service else {
        return question.ask(tables, &|_| true);
    };
    let service = service.to_ascii_lowercase();
    let own = question.ask(tables, &|code| code == service);
    if !own.is_empty() {
        return own;
    }
    let family: Vec<&str> =
        service_row(services, &service).map(|row| services.texts(row.family).collect()).unwrap_or_default();
    if family.is_empty() {
        return Vec::new();
    }
    question.ask(tables, &|code| family.contains(&code))
}

/// The row of a service, by its code in lower case.
pub(super) fn service_row<'a>(table: &'a Table, code: &str) -> Option<&'a ServiceRow> {
    table.equal_range::<ServiceRow>(|row| table.text(row.code).cmp(code)).first()
}

struct Question<'q> {
    api: &'q ApiKey,
    template: &'q str,
    segments: usize,
    services: &'q Table,
}

impl Question<'_> {
    fn ask<'a>(&self, tables: &[&'a Table], wanted: &dyn Fn(&str) -> bool) -> Vec<Found<'a>> {
        let mut candidates = collect(tables, wanted, |table| self.same_template(table));
        if candidates.is_empty() {
            candidates = self.most_literal(tables, wanted);
        }
        candidates.into_values().filter_map(|rows| self.choose(&rows)).collect()
    }

    fn same_template<'a>(&self, table: &'a Table) -> Vec<&'a ApiRow> {
        let rows = table.equal_range::<ApiRow>(|row| {
            self.order_by_shape(row).then_with(|| table.text(row.template).cmp(self.template))
        });
        rows.iter().collect()
    }

    fn order_by_shape(&self, row: &ApiRow) -> Ordering {
        row.method.cmp(&(self.api.method as u8)).then_with(|| usize::from(row.segments).cmp(&self.segments))
    }

    /// Rows whose placeholders take the path's literals; those with the most literals of their own.
    fn most_literal<'a>(
        &self,
        tables: &[&'a Table],
        wanted: &dyn Fn(&str) -> bool,
    ) -> BTreeMap<&'a str, Vec<Found<'a>>> {
        let taking = collect(tables, wanted, |table| {
            let rows = table.equal_range::<ApiRow>(|row| self.order_by_shape(row));
            // The service first, which is the cheaper question and leaves few rows.
            let own = rows.iter().filter(|row| wanted(table.text(row.service)));
            own.filter(|row| literals(table.text(row.template), self.template).is_some()).collect()
        });
        let score = |found: &Found<'_>| literals(found.table.text(found.row.template), self.template);
        let best = taking.values().flatten().filter_map(score).max();
        let mut kept = BTreeMap::new();
        for (service, rows) in taking {
            let rows: Vec<Found<'_>> = rows.into_iter().filter(|found| score(found) == best).collect();
            if !rows.is_empty() {
                kept.insert(service, rows);
            }
        }
        kept
    }

    /// The row among those of one service and template that query, header and address choose.
    fn choose<'a>(&self, rows: &[Found<'a>]) -> Option<Found<'a>> {
        let selecting = self.selecting_keys(rows);
        rows.iter()
            .filter_map(|found| self.rank(found, &selecting).map(|rank| (rank, found)))
            .max_by_key(|(rank, _)| *rank)
            .map(|(_, found)| *found)
    }

    /// The question's query keys that a row must account for: where query keys select operations,
    /// all but the service's plain parameters; elsewhere those that some row names.
    fn selecting_keys(&self, rows: &[Found<'_>]) -> Vec<&str> {
        let service = rows.first().and_then(|found| service_row(self.services, found.service()));
        let all_select = service.is_some_and(|row| row.query_selects != 0);
        let is_plain = |key: &str| {
            service.is_some_and(|row| {
                let mut plain = self.services.texts(row.query_parameters);
                plain.any(|parameter| parameter.eq_ignore_ascii_case(name_of(key)))
            })
        };
        let is_named = |key: &str| {
            rows.iter().any(|found| {
                let mut named = found.table.texts(found.row.query);
                named.any(|name| name_of(name).eq_ignore_ascii_case(name_of(key)))
            })
        };
        let keys = self.api.query.iter().map(String::as_str);
        keys.filter(|key| is_named(key) || (all_select && !is_plain(key))).collect()
    }

    /// How well a row fits; `None` if it does not.
    fn rank(&self, found: &Found<'_>, selecting: &[&str]) -> Option<(usize, bool, bool)> {
        let keys: Vec<&str> = found.table.texts(found.row.query).collect();
        let asked = |key: &&str| self.api.query.iter().any(|other| key.eq_ignore_ascii_case(other));
        if !keys.iter().all(asked) || (keys.is_empty() && !selecting.is_empty()) {
            return None;
        }
        let header = found.table.optional(found.row.header);
        let header_fits = match (header, &self.api.header) {
            (None, asked) => asked.is_none(),
            (Some(name), Some(asked)) if name.eq_ignore_ascii_case(asked) => true,
            (Some(_), _) => return None,
        };
        let address = found.table.optional(found.row.address);
        let address_fits = match (address, &self.api.address) {
            (Some(kind), Some(asked)) if !kind.eq_ignore_ascii_case(asked) => return None,
            (address, asked) => address.is_some() == asked.is_some(),
        };
        Some((keys.len(), header_fits, address_fits))
    }
}

fn name_of(key: &str) -> &str {
    key.split('=').next().unwrap_or(key)
}

/// The rows that `pick` finds in each table, by service; an older row of the same API is left out.
fn collect<'a>(
    tables: &[&'a Table],
    wanted: &dyn Fn(&str) -> bool,
    pick: impl Fn(&'a Table) -> Vec<&'a ApiRow>,
) -> BTreeMap<&'a str, Vec<Found<'a>>> {
    let mut by_service: BTreeMap<&str, Vec<Found<'_>>> = BTreeMap::new();
    for table in tables.iter().copied() {
        for row in pick(table) {
            let found = Found { table, row };
            if !wanted(found.service()) {
                continue;
            }
            let rows = by_service.entry(found.service()).or_default();
            if rows.iter().all(|newer| newer.identity() != found.identity()) {
                rows.push(found);
            }
        }
    }
    by_service
}

/// How many segments of a template are literals, if it takes `path`: a placeholder of the template
/// takes any segment, a literal only itself.
fn literals(template: &str, path: &str) -> Option<usize> {
    let mut count = 0;
    for (segment, asked) in template.split('/').zip(path.split('/')) {
        if is_placeholder(segment) {
            continue;
        }
        let takes = segment == asked || (!asked.contains('{') && partly_takes(segment, asked));
        if !takes {
            return None;
        }
        count += 1;
    }
    Some(count)
}

/// Whether a segment with placeholders inside (`{}:{}`) takes a literal.
fn partly_takes(segment: &str, literal: &str) -> bool {
    let Some((head, tail)) = segment.split_once("{}") else {
        return false;
    };
    let Some(rest) = literal.strip_prefix(head) else {
        return false;
    };
    match tail.split("{}").next() {
        Some("") | None => tail.is_empty() && !rest.is_empty(),
        Some(separator) => rest.split_once(separator).is_some_and(|(taken, behind)| {
            let remaining = tail.get(separator.len()..).unwrap_or_default();
            !taken.is_empty() && (remaining.is_empty() && behind.is_empty() || remaining == "{}" && !behind.is_empty())
        }),
    }
}
