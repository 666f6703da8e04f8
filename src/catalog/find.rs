//! Which rows of the table an API means.
//!
//! Services route a path from the left, and so does this: of two rows of one service that take a path, the one that is
//! literal at the first place where they differ is meant.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::api::{ApiKey, Method, is_placeholder};
use super::layout::{ApiRow, DecoyRow, ServiceApiRow, ServiceRow};
use super::table::Table;
use super::taking::{Search, takes};

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

    pub(super) fn written(self) -> &'a str {
        self.table.text(self.row.written)
    }

    fn template(self) -> &'a str {
        self.table.text(self.row.template)
    }
}

/// The one row of each service that `api` means; sorted by service. `tables` are the tables from the newest to the
/// embedded one, and `services` is the one that has services.
pub(super) fn find<'a>(
    tables: &[&'a Table],
    services: &'a Table,
    service: Option<&str>,
    api: &ApiKey,
) -> Vec<Found<'a>> {
    let template = api.template();
    let question = Question { api, template: &template, services };
    let mut found = rows(tables, services, service, &question);
    found.retain(|found| !is_decoy(tables, *found, &template));
    found
}

/// Whether the path is that of another API than the row's, which is known by name and has no row.
fn is_decoy(tables: &[&Table], found: Found<'_>, asked: &str) -> bool {
    found.template() != asked
        // A row of an extension was written by someone who knew what the program's table has.
        && tables.iter().take_while(|table| !std::ptr::eq(**table, found.table)).chain([&found.table]).any(|table| {
            let decoys = table.equal_range::<DecoyRow>(|decoy| {
                let by_service = table.order(decoy.service, found.service());
                by_service.then_with(|| decoy.method.cmp(&found.row.method))
            });
            let mut templates = decoys.iter().map(|decoy| table.text(decoy.template));
            templates.any(|decoy| {
                decoy.matches('/').count() == asked.matches('/').count()
                    && takes(decoy, asked)
                    && literalness(decoy).gt(literalness(found.template()))
            })
        })
}

fn rows<'a>(
    tables: &[&'a Table],
    services: &'a Table,
    service: Option<&str>,
    question: &Question<'_>,
) -> Vec<Found<'a>> {
    let Some(service) = service else {
        return question.ask(tables, Whose::Anyone);
    };
    let service = service.to_ascii_lowercase();
    let own = question.of_service(tables, &service);
    if !own.is_empty() {
        return own;
    }
    let family: Vec<&str> = family(services, &service).collect();
    if family.is_empty() { Vec::new() } else { question.ask(tables, Whose::Services(&family)) }
}

/// Whose rows are asked.
#[derive(Clone, Copy)]
enum Whose<'s> {
    /// Those of every service, as far as they say something.
    Anyone,
    /// Those of these services, by their codes in lower case.
    Services(&'s [&'s str]),
}

impl Whose<'_> {
    fn has(self, found: Found<'_>) -> bool {
        match self {
            Self::Anyone => says_something(found),
            Self::Services(codes) => codes.iter().any(|code| found.table.is(found.row.service, code)),
        }
    }
}

/// The row of a service, by its code in lower case.
pub(super) fn service_row<'a>(table: &'a Table, code: &str) -> Option<&'a ServiceRow> {
    table.equal_range::<ServiceRow>(|row| table.order(row.code, code)).first()
}

/// The services that document the same APIs as one, which goes by its code in lower case.
pub(super) fn family<'a>(services: &'a Table, code: &str) -> impl Iterator<Item = &'a str> {
    service_row(services, code).into_iter().flat_map(|row| services.texts(row.family))
}

/// The rows with a method and as many segments as a template, sorted by template.
pub(super) fn rows_of_shape<'a>(table: &'a Table, method: Method, template: &str) -> &'a [ApiRow] {
    let segments = template.matches('/').count();
    table.equal_range::<ApiRow>(|row| {
        row.method.cmp(&(method as u8)).then_with(|| usize::from(row.segments).cmp(&segments))
    })
}

/// The rows of a service (by its code in lower case) with a method and as many segments as a template.
fn rows_of_service<'a>(
    table: &'a Table,
    code: &str,
    method: Method,
    template: &str,
) -> impl Iterator<Item = &'a ApiRow> {
    let segments = template.matches('/').count();
    let row = |number: &ServiceApiRow| table.row::<ApiRow>(number.api.get());
    let numbers = table.equal_range::<ServiceApiRow>(|number| {
        row(number).map_or(Ordering::Greater, |row| {
            let by_method = table.order(row.service, code).then_with(|| row.method.cmp(&(method as u8)));
            by_method.then_with(|| usize::from(row.segments).cmp(&segments))
        })
    });
    numbers.iter().filter_map(move |number| table.row(number.api.get()))
}

/// Placeholders alone say nothing where the service is not known: every host has a `/`.
fn says_something(found: Found<'_>) -> bool {
    let is_literal = |segment: &str| !segment.is_empty() && !is_placeholder(segment);
    found.template().split('/').any(is_literal) || found.row.query.len.get() > 0
}

/// How well a row fits: how many query keys choose it, how many of them by their value, and whether its header and its
/// address are those asked for.
type Rank = (usize, usize, bool, bool);

struct Question<'q> {
    api: &'q ApiKey,
    template: &'q str,
    services: &'q Table,
}

impl Question<'_> {
    /// Asks the rows of one service, by its code in lower case.
    fn of_service<'a>(&self, tables: &[&'a Table], code: &str) -> Vec<Found<'a>> {
        let found = self.ask(tables, Whose::Services(&[code]));
        let is_object_storage = service_row(self.services, code).is_some_and(|row| row.query_selects != 0);
        if !is_object_storage || self.template == "/" {
            return found;
        }
        // A bucket's host has all of its objects below `/`, and their names hold slashes. The service's own host has
        // the bucket's name before them.
        let mut path = self.template.trim_start_matches('/');
        let mut api = self.api.clone();
        if api.address.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("service")) {
            api.address = None;
            path = path.split_once('/').map_or("", |(_, object)| object);
        } else if !found.is_empty() {
            return found;
        }
        let template = if path.is_empty() { "/" } else { "/{}" };
        Question { api: &api, template, services: self.services }.ask(tables, Whose::Services(&[code]))
    }

    /// The row that is meant in each service.
    fn ask<'a>(&self, tables: &[&'a Table], whose: Whose<'_>) -> Vec<Found<'a>> {
        let exact = collect(tables, whose, |table| self.same_template(table));
        let exact: Vec<Found<'a>> = by_service(&exact).filter_map(|rows| self.choose(rows)).collect();
        if !exact.is_empty() {
            return exact;
        }
        let taking = collect(tables, whose, |table| self.taking(table, whose));
        let best: Vec<Found<'a>> = by_service(&taking).filter_map(|rows| self.most_literal(rows.to_vec())).collect();
        // A row that is as literal as another everywhere, and more so somewhere, is the better reading of the path.
        let is_best =
            |found: &&Found<'a>| !best.iter().any(|other| is_more_literal(other.template(), found.template()));
        best.iter().filter(is_best).copied().collect()
    }

    fn same_template<'a>(&self, table: &'a Table) -> Vec<&'a ApiRow> {
        let rows = rows_of_shape(table, self.api.method, self.template);
        let start = rows.partition_point(|row| table.order(row.template, self.template).is_lt());
        rows.iter().skip(start).take_while(|row| table.is(row.template, self.template)).collect()
    }

    /// The rows whose placeholders take the path's literals.
    fn taking<'a>(&self, table: &'a Table, whose: Whose<'_>) -> Vec<&'a ApiRow> {
        let (method, template) = (self.api.method, self.template);
        let mut search = Search::new(table, template);
        match whose {
            Whose::Anyone => search.below(rows_of_shape(table, method, template), "/"),
            // One service has so few that each of them is soon tried.
            Whose::Services(codes) => {
                for code in codes {
                    search.each(rows_of_service(table, code, method, template));
                }
            }
        }
        search.found()
    }

    /// The row of one service that takes the path, fits the question, and is literal where the others differ from it
    /// first.
    fn most_literal<'a>(&self, mut rows: Vec<Found<'a>>) -> Option<Found<'a>> {
        rows.sort_by(|a, b| {
            let more_literal = literalness(b.template()).cmp(literalness(a.template()));
            // Of two segments that are literal in part, the one with more letters of its own says more.
            let longer = || b.template().len().cmp(&a.template().len());
            more_literal.then_with(longer).then_with(|| a.template().cmp(b.template()))
        });
        rows.chunk_by(|a, b| a.template() == b.template()).find_map(|rows| self.choose(rows))
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
        if self.api.query.is_empty() {
            return Vec::new();
        }
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
    fn rank(&self, found: &Found<'_>, selecting: &[&str]) -> Option<Rank> {
        let keys: Vec<&str> = found.table.texts(found.row.query).collect();
        let is_asked = |key: &&str| self.api.query.iter().any(|asked| accounts_for(key, asked));
        let is_accounted_for = |asked: &&str| keys.iter().any(|key| accounts_for(key, asked));
        if !keys.iter().all(is_asked) || !selecting.iter().all(is_accounted_for) {
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
        let with_value = keys.iter().filter(|key| key.contains('=')).count();
        Some((keys.len(), with_value, header_fits, address_fits))
    }
}

fn name_of(key: &str) -> &str {
    key.split('=').next().unwrap_or(key)
}

/// A row's key takes the question's: with the same value, or with any where the row names none.
fn accounts_for(key: &str, asked: &str) -> bool {
    let asked = if key.contains('=') { asked } else { name_of(asked) };
    key.eq_ignore_ascii_case(asked)
}

/// The rows that `pick` finds in each table, in the order of their services; an older row of the same API is left out.
fn collect<'a>(tables: &[&'a Table], whose: Whose<'_>, pick: impl Fn(&'a Table) -> Vec<&'a ApiRow>) -> Vec<Found<'a>> {
    let picked = tables.iter().flat_map(|&table| pick(table).into_iter().map(move |row| Found { table, row }));
    let mut found: Vec<Found<'a>> = picked.filter(|found| whose.has(*found)).collect();
    // A table has each API of a service once.
    if tables.len() > 1 {
        let mut known = HashSet::new();
        found.retain(|found| known.insert((found.service(), found.identity())));
    }
    found.sort_by_key(|found| found.service());
    found
}

/// The rows of each service.
fn by_service<'f, 'a>(found: &'f [Found<'a>]) -> impl Iterator<Item = &'f [Found<'a>]> {
    found.chunk_by(|a, b| a.service() == b.service())
}

/// How literal each segment of a template is: not, in part, or all of it.
fn literalness(template: &str) -> impl Iterator<Item = u8> {
    template.split('/').map(|segment| match segment {
        _ if is_placeholder(segment) => 0,
        _ if segment.contains("{}") => 1,
        _ => 2,
    })
}

/// As literal everywhere, and more so somewhere.
fn is_more_literal(template: &str, other: &str) -> bool {
    let pairs = || literalness(template).zip(literalness(other));
    pairs().all(|(a, b)| a >= b) && pairs().any(|(a, b)| a > b)
}
