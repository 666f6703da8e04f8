//! Which rows of the table an API means.
//!
//! Services route a path from the left, and so does this: of two rows of one service that take a path, the one that is
//! literal at the first place where they differ is meant.

use std::collections::{BTreeMap, HashSet};

use super::api::{ApiKey, Method, is_placeholder};
use super::layout::{ApiRow, DecoyRow, ServiceRow};
use super::table::Table;

/// So few rows are tried one by one.
const FEW: usize = 8;

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
                let by_service = table.text(decoy.service).cmp(found.service());
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
    table.equal_range::<ServiceRow>(|row| table.text(row.code).cmp(code)).first()
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
        let exact: Vec<Found<'a>> = exact.into_values().filter_map(|rows| self.choose(&rows)).collect();
        if !exact.is_empty() {
            return exact;
        }
        let taking = collect(tables, whose, |table| self.taking(table, whose));
        let best: Vec<Found<'a>> = taking.into_values().filter_map(|rows| self.most_literal(rows)).collect();
        // A row that is as literal as another everywhere, and more so somewhere, is the better reading of the path.
        let is_best =
            |found: &&Found<'a>| !best.iter().any(|other| is_more_literal(other.template(), found.template()));
        best.iter().filter(is_best).copied().collect()
    }

    fn same_template<'a>(&self, table: &'a Table) -> Vec<&'a ApiRow> {
        let rows = rows_of_shape(table, self.api.method, self.template);
        let start = rows.partition_point(|row| table.text(row.template) < self.template);
        rows.iter().skip(start).take_while(|row| table.text(row.template) == self.template).collect()
    }

    /// The rows whose placeholders take the path's literals.
    fn taking<'a>(&self, table: &'a Table, whose: Whose<'_>) -> Vec<&'a ApiRow> {
        let rows = rows_of_shape(table, self.api.method, self.template);
        let mut search = Search { table, path: self.template, taking: Vec::new() };
        match whose {
            Whose::Anyone => search.below(rows, "/"),
            // One service has so few that each of them is soon tried.
            Whose::Services(_) => search.each(rows.iter().filter(|row| whose.has(Found { table, row }))),
        }
        search.taking
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

/// The rows that `pick` finds in each table, by service; an older row of the same API is left out.
fn collect<'a>(
    tables: &[&'a Table],
    whose: Whose<'_>,
    pick: impl Fn(&'a Table) -> Vec<&'a ApiRow>,
) -> BTreeMap<&'a str, Vec<Found<'a>>> {
    let mut by_service: BTreeMap<&str, Vec<Found<'_>>> = BTreeMap::new();
    let mut known = HashSet::new();
    for table in tables.iter().copied() {
        for row in pick(table) {
            let found = Found { table, row };
            if !whose.has(found) {
                continue;
            }
            if known.insert((found.service(), found.identity())) {
                by_service.entry(found.service()).or_default().push(found);
            }
        }
    }
    by_service
}

/// The rows of one method and number of segments that take a path. They are sorted by template, so the path is followed
/// from the left through ever fewer of them.
struct Search<'a, 'q> {
    table: &'a Table,
    path: &'q str,
    taking: Vec<&'a ApiRow>,
}

impl<'a> Search<'a, '_> {
    /// Takes what fits of `rows`, which all begin with `before`, the path or its placeholders as far as a `/`.
    fn below(&mut self, rows: &'a [ApiRow], before: &str) {
        let segment = self.path.split('/').nth(before.matches('/').count()).unwrap_or_default();
        if rows.len() <= FEW || segment.is_empty() {
            return self.each(rows);
        }
        let placeholder = format!("{before}{{}}");
        let rest = self.descend(self.beginning(rows, &placeholder), &placeholder);
        for rows in rest {
            self.each(rows);
        }
        self.literal(rows, before, segment);
    }

    /// Takes what fits of the rows that go on with the letters of `segment`, perhaps with a placeholder behind some.
    fn literal(&mut self, mut rows: &'a [ApiRow], before: &str, segment: &str) {
        let mut prefix = before.to_owned();
        for letter in segment.chars().take_while(|letter| *letter != '{') {
            prefix.push(letter);
            rows = self.beginning(rows, &prefix);
            if rows.len() <= FEW {
                return self.each(rows);
            }
            self.each(self.beginning(rows, &format!("{prefix}{{}}")));
        }
        if prefix.len() == before.len() + segment.len() {
            let rest = self.descend(rows, &prefix);
            let is_whole = |row: &&ApiRow| self.table.text(row.template) == prefix;
            self.taking.extend(rest.into_iter().flatten().filter(is_whole));
        }
    }

    /// Goes on with the rows whose segment ends behind `prefix`, with which all of them begin, and returns the others.
    fn descend(&mut self, rows: &'a [ApiRow], prefix: &str) -> [&'a [ApiRow]; 2] {
        let ended = format!("{prefix}/");
        let start = rows.partition_point(|row| self.table.text(row.template) < ended.as_str());
        let (first, rest) = rows.split_at_checked(start).unwrap_or((rows, &[]));
        let length = rest.partition_point(|row| self.table.text(row.template).starts_with(&ended));
        let (below, last) = rest.split_at_checked(length).unwrap_or((&[], rest));
        self.below(below, &ended);
        [first, last]
    }

    fn each(&mut self, rows: impl IntoIterator<Item = &'a ApiRow>) {
        self.taking.extend(rows.into_iter().filter(|row| takes(self.table.text(row.template), self.path)));
    }

    fn beginning(&self, rows: &'a [ApiRow], prefix: &str) -> &'a [ApiRow] {
        let start = rows.partition_point(|row| self.table.text(row.template) < prefix);
        let rest = rows.get(start..).unwrap_or_default();
        let length = rest.partition_point(|row| self.table.text(row.template).starts_with(prefix));
        rest.get(..length).unwrap_or_default()
    }
}

/// Whether a template takes a path of as many segments: a placeholder takes any segment, a literal only itself.
fn takes(template: &str, path: &str) -> bool {
    template.split('/').zip(path.split('/')).all(|(segment, asked)| {
        segment == asked
            || (is_placeholder(segment) && !asked.is_empty())
            || (!asked.contains('{') && partly_takes(segment, asked))
    })
}

/// Whether a segment with placeholders inside (`{}:{}`) takes a literal; each of them takes a letter or more.
fn partly_takes(segment: &str, literal: &str) -> bool {
    let mut pieces = segment.split("{}");
    let Some(mut rest) = pieces.next().and_then(|head| literal.strip_prefix(head)) else { return false };
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let mut letters = rest.chars();
        if letters.next().is_none() {
            return false;
        }
        let behind = letters.as_str();
        if pieces.peek().is_none() {
            return behind.ends_with(piece);
        }
        let Some((_, further)) = behind.split_once(piece) else { return false };
        rest = further;
    }
    rest.is_empty()
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
