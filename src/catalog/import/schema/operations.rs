//! From the operations of a schema to rows of APIs.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::layout::{ApiRow, OperationRow};
use super::super::super::{Api, ApiKey, ApiMatch, Catalog, apis_that_need, entries};
use super::super::DraftApi;
use super::super::json::{Log, Node, check_name, shortened};
use super::{check_identity, named_action};

/// What the schema says of one operation.
#[derive(Debug)]
pub(super) struct Operation {
    name: String,
    pub(super) action: String,
    depends: Vec<String>,
    line: usize,
}

/// The operations, each once.
pub(super) fn read(root: &Node, log: &mut Log) -> Vec<Operation> {
    let mut seen = BTreeSet::new();
    let mut operations = Vec::new();
    for node in log.list(root, "the schema", "operations") {
        let Some(operation) = operation(node, log) else { continue };
        if seen.insert(operation.name.to_lowercase()) {
            operations.push(operation);
        } else {
            log.tell(node.line, format!("the operation `{}` stands twice: the first counts", operation.name));
        }
    }
    operations
}

fn operation(node: &Node, log: &mut Log) -> Option<Operation> {
    let name = node.get("operation_id").and_then(Node::as_str);
    let what = name.map_or_else(|| String::from("an operation"), |name| format!("the operation `{}`", shortened(name)));
    let action = named_action(node, "operation_action", &what, log)?;
    let Some(name) = name.filter(|name| check_name(name).is_ok()) else {
        log.tell(node.line, format!("an operation that needs `{action}` has no `operation_id`"));
        return None;
    };
    log.strangers(node, &what, &["operation_id", "operation_action", "dependent_actions", "description"]);
    let depends = log.texts(node, &what, "dependent_actions", check_identity);
    Some(Operation { name: name.to_owned(), action, depends, line: node.line })
}

/// An API and the operations of the schema that call it.
struct Shared<'a> {
    service: String,
    api: String,
    known: ApiMatch<'a>,
    calls: Vec<Call<'a>>,
}

/// An operation of the schema, and the code of a condition that holds for it where the catalog has one.
#[derive(Clone, Copy)]
struct Call<'a> {
    operation: &'a Operation,
    code: Option<&'a str>,
}

/// What the operations give.
pub(super) struct Joined {
    pub(super) rows: Vec<DraftApi>,
    /// How many of the operations call a known API.
    pub(super) operations: usize,
}

/// The rows of the APIs that the operations call. `aliases` are those of each action, in lower case; `when` takes the
/// conditions that had to be made up.
pub(super) fn rows(
    service: &str,
    operations: &[Operation],
    aliases: &BTreeMap<String, &[String]>,
    catalog: &Catalog,
    when: &mut BTreeMap<String, String>,
    log: &mut Log,
) -> Joined {
    let services = services_of(service, operations, catalog);
    let mut apis = Apis::default();
    let mut joined = 0;
    for operation in operations {
        let found = find(operation, &services, catalog);
        joined += usize::from(!found.is_empty());
        if found.is_empty() {
            let (name, action) = (shortened(&operation.name), &operation.action);
            log.tell(
                operation.line,
                format!("the operation `{name}` is not known by name, so no API needs `{action}`"),
            );
        }
        for entry in found {
            apis.add(operation, &entry, catalog);
        }
    }
    let mut rows: Vec<DraftApi> = apis.0.values().map(|shared| shared.row(service, aliases, when, log)).collect();
    rows.sort_by(|left, right| (&left.service, &left.api).cmp(&(&right.service, &right.api)));
    Joined { rows, operations: joined }
}

/// The APIs by service and identity.
#[derive(Default)]
struct Apis<'a>(BTreeMap<(String, String), Shared<'a>>);

impl<'a> Apis<'a> {
    /// Adds a call to the row of its service, and to those of services that document the same API.
    fn add(&mut self, operation: &'a Operation, entry: &entries::Operation<'a>, catalog: &'a Catalog) {
        let identity = entry.api.identity();
        let has_row = |code: &&str| match catalog.find(Some(code), &entry.api) {
            ApiMatch::One(api) => {
                api.service == *code && api.key.parse().is_ok_and(|key: ApiKey| key.identity() == identity)
            }
            _ => false,
        };
        let family = catalog.service_details(entry.api_service).map(|details| details.family).unwrap_or_default();
        let others = family.into_iter().filter(|code| *code != entry.api_service).filter(has_row);
        for service in others.chain([entry.api_service]) {
            let shared = self.0.entry((service.to_owned(), identity.clone())).or_insert_with(|| Shared {
                service: service.to_owned(),
                api: entry.api.to_string(),
                known: catalog.find(Some(service), &entry.api),
                calls: Vec::new(),
            });
            if shared.calls.iter().all(|call| call.operation.name != operation.name) {
                shared.calls.push(Call { operation, code: entry.when.first().copied() });
            }
        }
    }
}

/// The services (by the codes of their SDKs) whose operations the schema of a service means: the likeliest that have
/// any of them. A name that only a less likely service has would be another operation.
fn services_of(service: &str, operations: &[Operation], catalog: &Catalog) -> Vec<String> {
    let own = vec![service.to_owned()];
    let details = |code: &str| catalog.service_details(code);
    let has_name = |code: &&str| {
        details(code).is_some_and(|details| details.names.iter().any(|name| name.eq_ignore_ascii_case(service)))
    };
    let by_name: Vec<String> = catalog.services().into_iter().filter(has_name).map(str::to_owned).collect();
    let by_action = service_that_needs(service, catalog);
    let all = [own.as_slice(), &by_name, &by_action].concat();
    let families = all.iter().filter_map(|code| details(code)).flat_map(|details| details.family);
    let families: Vec<String> = families.map(str::to_owned).collect();
    let packages = packages(catalog);
    let of_apis = |codes: &Vec<String>| -> Vec<String> {
        codes.iter().filter_map(|code| packages.get(code.as_str())).flatten().map(|code| (*code).to_owned()).collect()
    };
    let ranks = [of_apis(&own), own, of_apis(&by_name), by_name, of_apis(&by_action), of_apis(&families)];
    let has_any = |rank: &Vec<String>| operations.iter().any(|operation| !find(operation, rank, catalog).is_empty());
    ranks.into_iter().find(has_any).unwrap_or_default()
}

/// The services of the SDKs that call the APIs of each service.
fn packages(catalog: &Catalog) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut packages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for table in catalog.tables() {
        for row in table.rows::<OperationRow>() {
            packages.entry(table.text(row.api_service)).or_default().insert(table.text(row.service));
        }
    }
    packages
}

/// The service with the largest part of rows that need actions of `service`, if it is a quarter of them or more.
fn service_that_needs(service: &str, catalog: &Catalog) -> Vec<String> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for table in catalog.tables() {
        for row in table.rows::<ApiRow>() {
            counts.entry(table.text(row.service)).or_default().1 += 1;
        }
        for row in apis_that_need(table, &format!("{service}:*")) {
            counts.entry(table.text(row.service)).or_default().0 += 1;
        }
    }
    let enough = counts.into_iter().filter(|(_, (needing, all))| needing * 4 >= *all);
    // The larger part by cross-multiplication.
    let most = enough.max_by(|(_, left), (_, right)| (left.0 * right.1).cmp(&(right.0 * left.1)));
    most.map(|(code, _)| code.to_owned()).into_iter().collect()
}

/// The operations that some services have by a name.
fn find<'a>(operation: &Operation, services: &[String], catalog: &'a Catalog) -> Vec<entries::Operation<'a>> {
    services.iter().flat_map(|service| catalog.operation(service, &operation.name, None)).collect()
}

impl Shared<'_> {
    fn row(
        &self,
        service: &str,
        aliases: &BTreeMap<String, &[String]>,
        when: &mut BTreeMap<String, String>,
        log: &mut Log,
    ) -> DraftApi {
        let mut row = self.known_row(log);
        row.service = (self.service != service).then(|| self.service.clone());
        row.api.clone_from(&self.api);
        row.identity_depends = self.depends(log);
        let actions: BTreeSet<String> =
            self.calls.iter().map(|call| call.operation.action.to_ascii_lowercase()).collect();
        if actions.len() > 1 || self.calls.iter().any(|call| call.code.is_some()) {
            let cases = self.cases(when);
            // Operations that the schema does not have keep what was known of them.
            row.identity_cases.retain(|(_, known)| cases.iter().all(|(_, code)| code != known));
            row.identity_cases.splice(..0, cases);
        } else {
            row.identity_cases.clear();
            row.identity = self.calls.first().map(|call| call.operation.action.clone()).into_iter().collect();
            let of_action = actions.first().and_then(|action| aliases.get(action));
            row.identity_aliases = of_action.map(|names| names.to_vec()).unwrap_or_default();
        }
        row
    }

    /// What the catalog knows of the API in grammar 1.1, and of cases in grammar 5.0.
    fn known_row(&self, log: &mut Log) -> DraftApi {
        let api = match &self.known {
            ApiMatch::Unknown => return DraftApi::default(),
            ApiMatch::One(api) => api,
            ApiMatch::Several(_) => {
                let line = self.calls.first().map_or(1, |call| call.operation.line);
                log.tell(
                    line,
                    format!("several services document `{}`: what they say of grammar 1.1 was left out", self.api),
                );
                return DraftApi::default();
            }
        };
        let Api { actions, identity, depends, roles, scopes, deprecated, .. } = api;
        let code = |code: Option<&str>| code.map(str::to_owned);
        DraftApi {
            actions: actions.iter().map(|need| (need.action.to_owned(), code(need.when))).collect(),
            depends: depends.iter().map(|depends| (depends.action.to_owned(), code(depends.when))).collect(),
            roles: roles
                .iter()
                .map(|role| (role.any.iter().map(|name| (*name).to_owned()).collect(), code(role.when)))
                .collect(),
            identity_cases: identity
                .iter()
                .filter_map(|need| Some((need.action.to_owned(), code(need.when)?)))
                .collect(),
            scopes: *scopes,
            deprecated: *deprecated,
            ..DraftApi::default()
        }
    }

    /// The request decides which of the operations it is.
    fn cases(&self, when: &mut BTreeMap<String, String>) -> Vec<(String, String)> {
        let case = |call: &Call<'_>| {
            let name = &call.operation.name;
            let code = call.code.map_or_else(
                || {
                    let code = format!("operation-{}-{}", self.service, kebab(name));
                    when.insert(code.clone(), format!("the request is the operation `{name}`"));
                    code
                },
                str::to_owned,
            );
            (call.operation.action.clone(), code)
        };
        self.calls.iter().map(case).collect()
    }

    /// The actions that all of the operations depend on.
    fn depends(&self, log: &mut Log) -> Vec<String> {
        let (of_all, of_some): (Vec<_>, Vec<_>) = self
            .calls
            .iter()
            .flat_map(|call| call.operation.depends.iter().map(|action| (call.operation, action)))
            .partition(|(_, action)| self.calls.iter().all(|call| call.operation.depends.contains(action)));
        for (operation, action) in of_some {
            let what = format!(
                "the operation `{}` depends on `{action}`, and others of `{}` do not: the dependency was left out",
                operation.name, self.api
            );
            log.tell(operation.line, what);
        }
        let mut seen = BTreeSet::new();
        of_all.into_iter().filter(|(_, action)| seen.insert(*action)).map(|(_, action)| action.clone()).collect()
    }
}

/// `BatchStartServers` as `batch-start-servers`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    let mut before = None;
    for character in name.chars() {
        let begins = character.is_ascii_uppercase() && before.is_some_and(|before: char| !before.is_ascii_uppercase());
        if begins && !out.ends_with('-') {
            out.push('-');
        }
        out.push(if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' });
        before = Some(character);
    }
    out
}
