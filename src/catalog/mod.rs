//! The permission table: what each API, Terraform type and SDK operation needs, and its look-ups.

mod agency;
mod all;
mod api;
mod check;
mod compile;
mod entries;
mod error;
mod escalation;
mod find;
mod format;
mod gate;
mod gate_tokens;
mod grammar;
pub mod import;
mod layout;
mod near;
mod phase;
mod read;
mod table;
mod taking;

use std::collections::BTreeSet;

pub use agency::{AgencyNeed, AgencyUse, TrustedService};
pub use all::{ExtensionRows, Listed, OperationName, TypeName};
pub use api::{ApiKey, ApiKeyError, Method};
pub use check::{RulesFile, compile_rules};
pub use entries::{
    AccessLevel, Api, ApiMatch, Call, Conflict, Dependency, EnterpriseProjectSupport, Host, IdentityAction, Need,
    Operation, PolicyKind, Reach, ResourceType, RoleNeed, Scopes, Sdk, Service, ServiceDetails, Source, SystemPolicy,
    TerraformKind, TerraformType,
};
pub use error::TableError;
pub use escalation::{ActionSet, Escalation};
pub use gate::{Gate, GateError, Test};
pub use near::Near;
pub use phase::Phase;

use crate::glob::covers;
use format::Vocabulary;
use layout::{
    ActionRow, ActionUseRow, AliasRow, ApiRow, CodeRow, IdentityAliasRow, IdentityRow, NoteRow, OperationRow,
    PolicyNameRow, PolicyRow, ServiceRow, TypeRow,
};
use table::Table;

static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/table.bin"));

/// The embedded table and the tables that extend it.
#[derive(Debug, Clone)]
pub struct Catalog {
    embedded: Table,
    /// Newest first.
    extensions: Vec<Extension>,
}

/// A table that extends the embedded one.
#[derive(Debug, Clone)]
struct Extension {
    /// What its file is called in errors.
    name: String,
    table: Table,
}

impl Catalog {
    /// The table that is part of the program. Cheap: nothing is parsed.
    pub fn embedded() -> Self {
        Self { embedded: Table::new(EMBEDDED), extensions: Vec::new() }
    }

    /// Adds one YAML file in the format of `rules/permissions`, `rules/identity`, `rules/terraform`,
    /// `rules/operations` or `rules/policies`; `name` stands for it in errors. Its rows come before
    /// those of the same API, action, type, operation or policy that are there already. A permission
    /// file may explain `when` codes of its own under `when:`, above its rows.
    ///
    /// # Errors
    /// The mistakes of the file; the catalog is then as it was.
    pub fn extend(&mut self, name: &str, text: &str) -> Result<(), Vec<TableError>> {
        let known =
            Vocabulary { when: Some(self.codes().map(|(code, _)| code.to_owned()).collect()), ..Vocabulary::default() };
        let bytes = check::compile_extension(name, text, &known)?;
        let table = Table::new(bytes);
        if let Some(code) = self.redefined(&table) {
            let message = format!("the `when` code `{code}` has another meaning already: take another name");
            return Err(vec![TableError::whole_file(name, message)]);
        }
        self.extensions.insert(0, Extension { name: name.to_owned(), table });
        Ok(())
    }

    /// A `when` code to which a further table gives another meaning: codes are known in all files.
    fn redefined(&self, table: &Table) -> Option<String> {
        let mut rows = table.rows::<CodeRow>().iter();
        let code = |row: &CodeRow| (table.text(row.code).to_owned(), table.text(row.meaning).to_owned());
        rows.find_map(|row| {
            let (code, meaning) = code(row);
            self.when_meaning(&code).is_some_and(|known| known != meaning).then_some(code)
        })
    }

    /// The tables, newest first.
    fn tables(&self) -> impl Iterator<Item = &Table> {
        self.extensions.iter().map(|extension| &extension.table).chain([&self.embedded])
    }

    /// What an API needs. With a service, only its rows count, or else those of a service that
    /// documents the same APIs; without one, every service's.
    pub fn find(&self, service: Option<&str>, api: &ApiKey) -> ApiMatch<'_> {
        let tables: Vec<&Table> = self.tables().collect();
        let found = find::find(&tables, &self.embedded, service, api);
        let mut apis: Vec<Api<'_>> = found.into_iter().map(|found| read::api(found.table, found.row)).collect();
        match (apis.len(), apis.pop()) {
            (_, None) => ApiMatch::Unknown,
            (1, Some(api)) => ApiMatch::One(api),
            (_, Some(api)) => {
                apis.push(api);
                ApiMatch::Several(apis)
            }
        }
    }

    /// What may be meant by an API that [`Catalog::find`] does not know.
    pub fn near(&self, service: Option<&str>, api: &ApiKey) -> Option<Near<'_>> {
        let tables: Vec<&Table> = self.tables().collect();
        near::near(&tables, &self.embedded, service, api)
    }

    /// A resource type or data source, by its exact name.
    pub fn terraform(&self, kind: TerraformKind, type_name: &str) -> Option<TerraformType<'_>> {
        self.tables().find_map(|table| {
            let rows = table.equal_range::<TypeRow>(|row| {
                row.kind.cmp(&(kind as u8)).then_with(|| table.order(row.name, type_name))
            });
            rows.first().map(|row| read::terraform(table, row))
        })
    }

    /// The names of all resource types and data sources, sorted, each once.
    pub fn terraform_types(&self) -> impl Iterator<Item = &str> {
        let names: BTreeSet<&str> =
            self.tables().flat_map(|table| table.rows::<TypeRow>().iter().map(|row| table.text(row.name))).collect();
        names.into_iter()
    }

    /// The names of all resource types, or of all data sources, in any order.
    pub fn terraform_types_of(&self, kind: TerraformKind) -> impl Iterator<Item = &str> {
        self.tables().flat_map(move |table| {
            let rows = table.equal_range::<TypeRow>(|row| row.kind.cmp(&(kind as u8)));
            rows.iter().map(|row| table.text(row.name))
        })
    }

    /// The operations of a service (by its SDK or `KooCLI` code) with a name, in one version or in
    /// all, sorted by version. Letter case does not count.
    pub fn operation(&self, service: &str, name: &str, version: Option<&str>) -> Vec<Operation<'_>> {
        let service = self.operation_service(service);
        let (written, name) = (name, name.to_lowercase());
        let mut seen = BTreeSet::new();
        let mut operations = Vec::new();
        for table in self.tables() {
            let rows = table.equal_range::<OperationRow>(|row| {
                let by_service = table.order(row.service, &service);
                by_service.then_with(|| table.order(row.lower_name, &name))
            });
            // Of two spellings, the one that was asked for.
            let is_other = |row: &&OperationRow| table.text(row.name) != written;
            for row in rows.iter().filter(|row| !is_other(row)).chain(rows.iter().filter(is_other)) {
                let of_version = table.text(row.version);
                let wanted = version.is_none_or(|version| version.eq_ignore_ascii_case(of_version));
                if wanted && seen.insert(of_version) {
                    operations.extend(read::operation(table, row));
                }
            }
        }
        operations.sort_by_key(|operation| operation.version);
        operations
    }

    /// The names of a service's operations (by its SDK or `KooCLI` code), sorted, each once.
    pub fn operations_of(&self, service: &str) -> Vec<&str> {
        let service = self.operation_service(service);
        let names: BTreeSet<&str> = self
            .tables()
            .flat_map(|table| {
                let rows = table.equal_range::<OperationRow>(|row| table.order(row.service, &service));
                rows.iter().map(|row| table.text(row.name))
            })
            .collect();
        names.into_iter().collect()
    }

    /// The operations of a service (by its SDK or `KooCLI` code) that a request to one API may be:
    /// the query of `api` and the keys of the request's body, where known, tell them apart.
    pub fn operations_at(&self, service: &str, api: &ApiKey, body: Option<&[&str]>) -> Vec<Operation<'_>> {
        let all = self.operations_of(service).into_iter().flat_map(|name| self.operation(service, name, None));
        let same = |operation: &Operation<'_>| {
            operation.api.method == api.method && operation.api.template() == api.template()
        };
        let at: Vec<Operation<'_>> = all.filter(same).collect();
        let asked = |key: &str| {
            let in_query = api.query.iter().any(|other| other.eq_ignore_ascii_case(key));
            in_query || body.is_some_and(|body| body.contains(&key))
        };
        let named = |operation: &Operation<'_>| {
            let mut keys = operation.body.iter().chain(&operation.query).copied();
            let mut selecting = operation.api.query.iter().map(String::as_str);
            keys.any(asked) || selecting.any(asked)
        };
        if at.iter().any(named) {
            return at.into_iter().filter(named).collect();
        }
        let others = at
            .into_iter()
            .filter(|operation| (body.is_none() || operation.body.is_empty()) && operation.api.query.is_empty());
        others.collect()
    }

    /// What the name of an operation settles of the conditions of its API's row: whether each code
    /// holds that the operations of the API name.
    pub fn cases(&self, operation: &Operation<'_>) -> Vec<(String, bool)> {
        let bare = ApiKey { query: Vec::new(), ..operation.api.clone() };
        let all: BTreeSet<&str> =
            self.operations_at(operation.service, &bare, None).into_iter().flat_map(|other| other.when).collect();
        if operation.when.is_empty() {
            return Vec::new();
        }
        all.into_iter().map(|code| (code.to_owned(), operation.when.contains(&code))).collect()
    }

    /// The SDK's code for a service that goes by its SDK or `KooCLI` code.
    fn operation_service(&self, code: &str) -> String {
        let code = code.to_lowercase();
        let alias = self.tables().find_map(|table| {
            let rows = table.equal_range::<AliasRow>(|row| table.order(row.code, &code));
            rows.first().map(|row| table.text(row.service).to_owned())
        });
        alias.unwrap_or(code)
    }

    /// A service, by its code; letter case does not count.
    pub fn service(&self, code: &str) -> Option<Service<'_>> {
        find::service_row(&self.embedded, &code.to_lowercase()).map(|row| read::service(&self.embedded, row))
    }

    /// Names, hosts and SDK packages of a service, by its code; letter case does not count.
    pub fn service_details(&self, code: &str) -> Option<ServiceDetails<'_>> {
        let row = find::service_row(&self.embedded, &code.to_lowercase())?;
        Some(read::service_details(&self.embedded, row))
    }

    /// The first parts that the actions of a service (by its code in lower case) may have, where the two
    /// grammars differ in them; else none.
    pub fn action_prefixes(&self, service: &str) -> Vec<&str> {
        let row = find::service_row(&self.embedded, service);
        row.into_iter().flat_map(|row| self.embedded.texts(row.action_prefixes)).collect()
    }

    /// The codes of all services, sorted.
    pub fn services(&self) -> Vec<&str> {
        let rows = self.embedded.rows::<ServiceRow>();
        rows.iter().map(|row| self.embedded.text(row.code)).collect()
    }

    /// Whether there are permission rows that need actions whose first segment is `service`.
    pub fn has_table(&self, service: &str) -> bool {
        let prefix = format!("{}:", service.to_ascii_lowercase());
        self.tables().any(|table| {
            let rows = table.rows::<ActionUseRow>();
            let at = rows.partition_point(|row| table.order(row.action, &prefix).is_lt());
            rows.get(at).is_some_and(|row| table.text(row.action).starts_with(&prefix))
        })
    }

    /// All known actions (grammar 1.1 and 5.0) whose first segment is `service`, as documented,
    /// sorted, each once.
    pub fn actions(&self, service: &str) -> Vec<&str> {
        let service = service.to_ascii_lowercase();
        let actions: BTreeSet<&str> = self
            .tables()
            .flat_map(|table| {
                let rows = table.equal_range::<ActionRow>(|row| table.order(row.service, &service));
                rows.iter().map(|row| table.text(row.action))
            })
            .collect();
        actions.into_iter().collect()
    }

    /// Whether an action is known, as documented: letter case counts, which makes it a cheap question.
    pub fn has_action(&self, action: &str) -> bool {
        let service = action.split(':').next().unwrap_or_default().to_ascii_lowercase();
        self.tables().any(|table| {
            let rows = table.equal_range::<ActionRow>(|row| {
                table.order(row.service, &service).then_with(|| table.order(row.action, action))
            });
            !rows.is_empty()
        })
    }

    /// The scopes of an action, or of all actions that a pattern with `*` covers: what all the APIs
    /// that need it agree on, or the page of an action that no API needs. `None` in a column where
    /// they differ or one does not say.
    pub fn action_scopes(&self, action: &str) -> Scopes {
        let action = action.to_ascii_lowercase();
        let mut merged: Option<Scopes> = None;
        let mut newer: Vec<&Table> = Vec::new();
        for table in self.tables() {
            for row in apis_that_need(table, &action) {
                let found = find::Found { table, row };
                if newer.iter().any(|newer| overrides(newer, found)) {
                    continue;
                }
                let scopes = read::scopes(row);
                merged = Some(merged.map_or(scopes, |before| agree(before, scopes)));
            }
            newer.push(table);
        }
        merged.unwrap_or_else(|| self.scopes_without_api(&action))
    }

    /// What pages without APIs say of the scopes of an action or of all that a pattern covers.
    fn scopes_without_api(&self, action: &str) -> Scopes {
        let service = action.split(':').next().unwrap_or_default();
        let rows = self.tables().flat_map(|table| {
            let rows = table.equal_range::<ActionRow>(|row| table.order(row.service, service));
            rows.iter().map(|row| (table.text(row.action).to_ascii_lowercase(), read::unpack_scopes(row.scopes)))
        });
        let meant = rows.filter(|(known, _)| known == action || (action.contains('*') && covers(action, known)));
        meant.map(|(_, scopes)| scopes).reduce(agree).unwrap_or_default()
    }

    /// What is known of an action of grammar 5.0; letter case does not count.
    pub fn identity_action(&self, action: &str) -> Option<IdentityAction<'_>> {
        let lower = action.to_ascii_lowercase();
        self.tables().find_map(|table| {
            let rows = table.equal_range::<IdentityRow>(|row| table.order(row.lower, &lower));
            rows.first().map(|row| read::identity(table, row))
        })
    }

    /// The actions of grammar 5.0 that have a name of the older engine as their alias, sorted, each once; letter case does
    /// not count.
    pub fn aliased_by(&self, alias: &str) -> Vec<&str> {
        let lower = alias.to_ascii_lowercase();
        let rows = self.tables().flat_map(|table| {
            let rows = table.equal_range::<IdentityAliasRow>(|row| table.order(row.alias, &lower));
            rows.iter().map(|row| table.text(row.action))
        });
        // An extension may describe the action anew, without the alias.
        let has_it = |action: &&str| {
            let described = self.identity_action(action);
            described.is_some_and(|known| known.aliases.iter().any(|own| own.eq_ignore_ascii_case(alias)))
        };
        let actions: BTreeSet<&str> = rows.filter(has_it).collect();
        actions.into_iter().collect()
    }

    /// A system-defined policy or role by its display, internal or old name: exactly, or else
    /// whatever the letter case.
    pub fn policy(&self, name: &str) -> Option<SystemPolicy<'_>> {
        let lower = name.to_lowercase();
        self.tables().find_map(|table| {
            let rows = table.equal_range::<PolicyNameRow>(|row| table.order(row.lower, &lower));
            let exact = rows.iter().find(|row| table.is(row.name, name));
            let row = exact.or_else(|| rows.first())?;
            let policy = table.row::<PolicyRow>(row.policy.get())?;
            Some(read::policy(table, policy))
        })
    }

    /// The display names of all system-defined policies and roles: those of the newest table first,
    /// each in the order of its file and once.
    pub fn policy_names(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let tables = self.tables();
        let names = tables.flat_map(|table| table.rows::<PolicyRow>().iter().map(|row| table.text(row.name)));
        names.filter(|name| seen.insert(*name)).collect()
    }

    /// What a note's code means, in a sentence without its full stop.
    pub fn note_meaning(&self, code: &str) -> Option<&str> {
        let rows = self.embedded.rows::<NoteRow>().iter();
        let mut notes = rows.map(|row| (self.embedded.text(row.code), self.embedded.text(row.meaning)));
        notes.find(|(known, _)| *known == code).map(|(_, meaning)| meaning)
    }

    /// What a `when` code means, in a sentence without its full stop.
    pub fn when_meaning(&self, code: &str) -> Option<&str> {
        self.codes().find(|(known, _)| *known == code).map(|(_, meaning)| meaning)
    }

    fn codes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tables().flat_map(|table| {
            let rows = table.rows::<CodeRow>();
            rows.iter().map(|row| (table.text(row.code), table.text(row.meaning)))
        })
    }
}

/// The rows that need an action or one that a pattern covers (both in lower case), each once.
fn apis_that_need<'a>(table: &'a Table, action: &str) -> Vec<&'a ApiRow> {
    let uses: BTreeSet<u32> = if action.contains('*') {
        // The rows are sorted: only those that begin as the pattern does can be covered.
        let beginning = action.split('*').next().unwrap_or_default();
        let rows = table.rows::<ActionUseRow>();
        let start = rows.partition_point(|row| table.order(row.action, beginning).is_lt());
        let rows = rows.iter().skip(start).take_while(|row| table.text(row.action).starts_with(beginning));
        rows.filter(|row| covers(action, table.text(row.action))).map(|row| row.api.get()).collect()
    } else {
        let rows = table.equal_range::<ActionUseRow>(|row| table.order(row.action, action));
        rows.iter().map(|row| row.api.get()).collect()
    };
    uses.into_iter().filter_map(|api| table.row(api)).collect()
}

fn overrides(newer: &Table, older: find::Found<'_>) -> bool {
    newer
        .rows::<ApiRow>()
        .iter()
        .any(|row| newer.is(row.service, older.service()) && newer.is(row.identity, older.identity()))
}

fn agree(left: Scopes, right: Scopes) -> Scopes {
    let column = |left: Option<bool>, right| left.filter(|_| left == right);
    Scopes {
        project: column(left.project, right.project),
        enterprise_project: column(left.enterprise_project, right.enterprise_project),
    }
}

#[cfg(test)]
mod tests;
