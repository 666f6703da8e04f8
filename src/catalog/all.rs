//! Everything that the tables hold, row by row. A row that one of a newer table replaces is left out.

use std::collections::{BTreeMap, HashSet};

use super::Catalog;
use super::api::ApiKey;
use super::entries::{Api, IdentityAction, Operation, Source, SystemPolicy, TerraformKind, TerraformType};
use super::layout::{
    ActionRow, ApiRow, CodeRow, IdentityRow, OperationRow, PolicyNameRow, PolicyRow, Row, SourceRow, TypeRow,
};
use super::read;
use super::table::Table;

/// An entry and the table that it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<'a, T> {
    /// The entry.
    pub entry: T,
    /// The extension that it stands in; none: the embedded table.
    pub extension: Option<&'a str>,
}

/// The names of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationName<'a> {
    /// The SDK's service code.
    pub service: &'a str,
    /// The operation's name as the SDKs write it.
    pub name: &'a str,
    /// The SDK's version of the service.
    pub version: &'a str,
    /// The API that it calls, as the table writes it.
    pub api: &'a str,
}

/// The names of a Terraform type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeName<'a> {
    /// Resource type or data source.
    pub kind: TerraformKind,
    /// The type's name.
    pub name: &'a str,
    /// The service that it belongs to, in lower case.
    pub service: &'a str,
    /// The type that it is another name of.
    pub alias_of: Option<&'a str>,
}

/// How many rows an extension has, of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExtensionRows<'a> {
    /// Its file.
    pub file: &'a str,
    /// APIs.
    pub apis: usize,
    /// Described actions of grammar 5.0.
    pub identity_actions: usize,
    /// Terraform resource types and data sources.
    pub terraform_types: usize,
    /// Operations.
    pub operations: usize,
    /// System-defined policies.
    pub policies: usize,
    /// `when` codes.
    pub when_codes: usize,
    /// How many of all these rows take the place of one in an older table.
    pub overrides: usize,
}

/// A row that takes the place of one with the same key in an older table.
trait Keyed: Row {
    fn key<'t>(&self, table: &'t Table) -> Key<'t>;
}

type Key<'t> = (u8, &'t str, &'t str, &'t str);

impl Keyed for ApiRow {
    fn key<'t>(&self, table: &'t Table) -> Key<'t> {
        (0, table.text(self.service), table.text(self.identity), "")
    }
}

impl Keyed for IdentityRow {
    fn key<'t>(&self, table: &'t Table) -> Key<'t> {
        (0, table.text(self.lower), "", "")
    }
}

impl Keyed for TypeRow {
    fn key<'t>(&self, table: &'t Table) -> Key<'t> {
        (self.kind, table.text(self.name), "", "")
    }
}

impl Keyed for OperationRow {
    fn key<'t>(&self, table: &'t Table) -> Key<'t> {
        (0, table.text(self.service), table.text(self.name), table.text(self.version))
    }
}

impl Keyed for PolicyRow {
    fn key<'t>(&self, table: &'t Table) -> Key<'t> {
        (0, table.text(self.name), "", "")
    }
}

impl Catalog {
    /// The tables, newest first, each with the name of its extension.
    fn layers(&self) -> impl Iterator<Item = (Option<&str>, &Table)> {
        let extensions = self.extensions.iter().map(|extension| (Some(extension.name.as_str()), &extension.table));
        extensions.chain([(None, &self.embedded)])
    }

    /// The rows of a kind that look-ups can find: newest table first.
    fn effective<R: Keyed>(&self) -> Vec<(Option<&str>, &Table, &R)> {
        let mut replaced = HashSet::new();
        let mut rows = Vec::new();
        for (extension, table) in self.layers() {
            let own = table.rows::<R>();
            rows.extend(
                own.iter()
                    .filter(|row| replaced.is_empty() || !replaced.contains(&row.key(table)))
                    .map(|row| (extension, table, row)),
            );
            if extension.is_some() {
                replaced.extend(own.iter().map(|row| row.key(table)));
            }
        }
        rows
    }

    /// Every API.
    pub fn apis(&self) -> Vec<Listed<'_, Api<'_>>> {
        listed(self.effective::<ApiRow>(), |table, row| Some(read::api(table, row)))
    }

    /// Every action of grammar 5.0 that a page describes.
    pub fn identity_actions(&self) -> Vec<Listed<'_, IdentityAction<'_>>> {
        listed(self.effective::<IdentityRow>(), |table, row| Some(read::identity(table, row)))
    }

    /// Every resource type and data source.
    pub fn types(&self) -> Vec<Listed<'_, (TerraformKind, TerraformType<'_>)>> {
        listed(self.effective::<TypeRow>(), |table, row| {
            let kind = if row.kind == 0 { TerraformKind::Resource } else { TerraformKind::Data };
            Some((kind, read::terraform(table, row)))
        })
    }

    /// Every operation, in each of its versions.
    pub fn operations(&self) -> Vec<Listed<'_, Operation<'_>>> {
        listed(self.effective::<OperationRow>(), read::operation)
    }

    /// The names of every operation, without what else is known of it.
    pub fn operation_names(&self) -> Vec<OperationName<'_>> {
        let rows = self.effective::<OperationRow>().into_iter();
        rows.map(|(_, table, row)| OperationName {
            service: table.text(row.service),
            name: table.text(row.name),
            version: table.text(row.version),
            api: table.text(row.api),
        })
        .collect()
    }

    /// The names of every resource type and data source, with the service and the type that it is another name of.
    pub fn type_names(&self) -> Vec<TypeName<'_>> {
        let rows = self.effective::<TypeRow>().into_iter();
        rows.map(|(_, table, row)| TypeName {
            kind: if row.kind == 0 { TerraformKind::Resource } else { TerraformKind::Data },
            name: table.text(row.name),
            service: table.text(row.service),
            alias_of: table.optional(row.alias_of),
        })
        .collect()
    }

    /// Every system-defined policy and role.
    pub fn policies(&self) -> Vec<Listed<'_, SystemPolicy<'_>>> {
        listed(self.effective::<PolicyRow>(), |table, row| Some(read::policy(table, row)))
    }

    /// Every name of a system-defined policy or role (display, internal, old), with its policy.
    pub fn policies_by_name(&self) -> Vec<(&str, Listed<'_, SystemPolicy<'_>>)> {
        let effective: HashSet<*const PolicyRow> =
            self.effective::<PolicyRow>().into_iter().map(|(_, _, row)| std::ptr::from_ref(row)).collect();
        let mut names = Vec::new();
        for (extension, table) in self.layers() {
            for row in table.rows::<PolicyNameRow>() {
                let policy = table.row::<PolicyRow>(row.policy.get());
                if let Some(policy) = policy.filter(|row| effective.contains(&std::ptr::from_ref(*row))) {
                    names.push((table.text(row.name), Listed { entry: read::policy(table, policy), extension }));
                }
            }
        }
        names
    }

    /// Every known action of both grammars, sorted, each once; with its source where a list names it
    /// and no API and no page of its own.
    pub fn all_actions(&self) -> Vec<(&str, Option<Source<'_>>)> {
        let mut actions: BTreeMap<&str, Option<Source<'_>>> = BTreeMap::new();
        for table in self.tables() {
            for row in table.rows::<ActionRow>() {
                let number = row.source.get().checked_sub(1);
                let source = number.map(|number| read::source(table, number.into()));
                let known = actions.entry(table.text(row.action)).or_insert(source);
                if source.is_none() {
                    *known = None;
                }
            }
        }
        actions.into_iter().collect()
    }

    /// The codes of `when`, sorted, each once.
    pub fn when_codes(&self) -> Vec<&str> {
        let codes = self.tables().flat_map(|table| table.rows::<CodeRow>().iter().map(|row| table.text(row.code)));
        codes.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// The sources of every file; a document that several files read stands there several times.
    pub fn sources(&self) -> Vec<Source<'_>> {
        let tables = self.tables();
        let numbers = tables.flat_map(|table| (0..).zip(table.rows::<SourceRow>()).map(move |(at, _)| (table, at)));
        numbers.map(|(table, number): (_, u32)| read::source(table, number.into())).collect()
    }

    /// The row of exactly this API in this service: no other service's, and no value for a placeholder.
    pub fn row(&self, service: &str, api: &ApiKey) -> Option<Listed<'_, Api<'_>>> {
        let (template, identity) = (api.template(), api.identity());
        let segments = template.matches('/').count();
        self.layers().find_map(|(extension, table)| {
            let rows = table.equal_range::<ApiRow>(|row| {
                let by_shape = row.method.cmp(&(api.method as u8)).then(usize::from(row.segments).cmp(&segments));
                let by_template = by_shape.then_with(|| table.order(row.template, &template));
                by_template
                    .then_with(|| table.order(row.service, service))
                    .then_with(|| table.order(row.identity, &identity))
            });
            rows.first().map(|row| Listed { entry: read::api(table, row), extension })
        })
    }

    /// What each extension adds, in the order in which they were added.
    pub fn extensions(&self) -> Vec<ExtensionRows<'_>> {
        let layers: Vec<_> = self.layers().collect();
        let mut extensions: Vec<ExtensionRows<'_>> = Vec::new();
        for (index, (name, table)) in layers.iter().enumerate() {
            let Some(file) = *name else { continue };
            let older: Vec<&Table> = layers.iter().skip(index + 1).map(|(_, table)| *table).collect();
            let mut rows = ExtensionRows { file, when_codes: table.rows::<CodeRow>().len(), ..Default::default() };
            let overrides = &mut rows.overrides;
            rows.apis = count::<ApiRow>(table, &older, overrides);
            rows.identity_actions = count::<IdentityRow>(table, &older, overrides);
            rows.terraform_types = count::<TypeRow>(table, &older, overrides);
            rows.operations = count::<OperationRow>(table, &older, overrides);
            rows.policies = count::<PolicyRow>(table, &older, overrides);
            extensions.push(rows);
        }
        extensions.reverse();
        extensions
    }
}

fn listed<'a, R: 'a, T>(
    rows: Vec<(Option<&'a str>, &'a Table, &'a R)>,
    read: impl Fn(&'a Table, &'a R) -> Option<T>,
) -> Vec<Listed<'a, T>> {
    rows.into_iter()
        .filter_map(|(extension, table, row)| read(table, row).map(|entry| Listed { entry, extension }))
        .collect()
}

/// How many rows of a kind a table has; adds those that stand in an older table too to `overrides`.
fn count<R: Keyed>(table: &Table, older: &[&Table], overrides: &mut usize) -> usize {
    let own = table.rows::<R>();
    if !own.is_empty() {
        let before: HashSet<Key<'_>> =
            older.iter().flat_map(|table| table.rows::<R>().iter().map(|row| row.key(table))).collect();
        *overrides += own.iter().filter(|row| before.contains(&row.key(table))).count();
    }
    own.len()
}
