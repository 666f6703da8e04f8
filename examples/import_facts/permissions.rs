//! `rules/permissions/<service>.yaml`

use std::collections::{BTreeMap, BTreeSet};

use grantlint::catalog::ApiKey;

use crate::Failure;
use crate::facts::{ActionFact, Facts, Permission};
use crate::kept::{self, Kept};
use crate::sources::{Document, Sources};
use crate::yaml;

/// The rows that stand first, because everything began with them.
const FIRST: [&str; 2] = ["POST /v1/cloudimages/{image_id}/copy", "POST /v1/cloudimages/{image_id}/cross_region_copy"];

/// The codes that a file uses: `when` codes and notes (with `true`).
pub(crate) type UsedCodes = BTreeSet<(bool, String)>;

pub(crate) fn file(
    facts: &Facts,
    service: &str,
    old: &str,
    codes: &mut UsedCodes,
    services: &mut BTreeSet<String>,
) -> Result<Option<String>, Failure> {
    let kept = Kept::read(old)?;
    let mut sources = Sources::new(&kept);
    let rows = rows(facts, service)?;
    let mut apis = String::new();
    let mut named = BTreeSet::new();
    for (key, row) in &rows {
        note_actions(row, &mut named);
        if let Some(lines) = kept.entry("apis", key) {
            apis.push_str(lines);
            codes.extend(kept::when_codes(lines).map(|code| (false, code)));
            codes.extend(row.notes.iter().map(|note| (true, kebab(note))));
            if let Some(id) = kept::value(lines, "source") {
                sources.keep(id);
            }
        } else {
            yaml::push(&mut apis, format_args!("  {key}:\n"));
            entry(&mut apis, row, &mut sources, codes);
        }
    }
    for ((section, key), lines) in &kept.entries {
        if section == "apis" && rows.iter().all(|(known, _)| known != key) {
            apis.push_str(lines);
            codes.extend(kept::when_codes(lines).map(|code| (false, code)));
            if let Some(id) = kept::value(lines, "source") {
                sources.keep(id);
            }
        }
    }
    let further = further(facts, service, &named, &mut sources);
    if apis.is_empty() && further.is_empty() {
        return Ok(None);
    }
    let action_services = named.iter().filter_map(|action| action.split(':').next());
    services.extend(action_services.map(str::to_lowercase));
    let mut out = format!("service: {service}\n{}", sources.to_yaml());
    if !apis.is_empty() {
        out.push_str("apis:\n");
        out.push_str(&apis);
    }
    out.push_str(&further);
    Ok(Some(out))
}

/// The service's rows by the key that each is written with.
fn rows<'a>(facts: &'a Facts, service: &str) -> Result<Vec<(String, &'a Permission)>, Failure> {
    let rows: Vec<&Permission> = facts
        .permissions
        .iter()
        .filter(|row| row.service == service && row.method.is_some() && row.path.is_some())
        .collect();
    let mut by_template: BTreeMap<String, usize> = BTreeMap::new();
    let mut keys = Vec::new();
    for row in rows {
        let key = full_key(row)?;
        *by_template.entry(format!("{} {}", key.method, key.template())).or_default() += 1;
        keys.push((key, row));
    }
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for (mut key, row) in keys {
        let alone = by_template.get(&format!("{} {}", key.method, key.template())) == Some(&1);
        if service != "obs" && alone {
            key.query.clear();
        }
        // Of two rows that only parameters tell apart, the one without query keys decides.
        if seen.insert(key.identity()) {
            out.push((key, row));
        }
    }
    out.sort_by_cached_key(|(key, _)| {
        let text = key.to_string();
        let first = FIRST.iter().position(|first| *first == text).unwrap_or(FIRST.len());
        (first, key.path.clone(), key.method, text)
    });
    Ok(out.into_iter().map(|(key, row)| (key.to_string(), row)).collect())
}

fn full_key(row: &Permission) -> Result<ApiKey, Failure> {
    let method = row.method.as_deref().unwrap_or_default();
    let path = row.path.as_deref().unwrap_or_default();
    let mut key: ApiKey = format!("{method} {path}").parse().map_err(|error| format!("{method} {path}: {error}"))?;
    key.query.extend(row.query.iter().cloned());
    key.header.clone_from(&row.header);
    key.address.clone_from(&row.address);
    Ok(key)
}

fn note_actions(row: &Permission, named: &mut BTreeSet<String>) {
    let lists = row.actions.iter().chain(&row.dependent_actions);
    named.extend(lists.map(|fact| fact.action.clone()));
    named.extend(row.identity_actions.iter().cloned());
    named.extend(row.identity_aliases.iter().cloned());
}

fn entry(out: &mut String, row: &Permission, sources: &mut Sources, codes: &mut UsedCodes) {
    let conditions = Conditions::of(row);
    let needs: Vec<String> =
        row.actions.iter().map(|fact| need(&fact.action, conditions.of_action(fact), codes)).collect();
    yaml::list(out, 4, "actions", &needs);
    let identity: Vec<String> = row
        .identity_actions
        .iter()
        .map(|action| need(action, row.identity_when.get(action).map(|code| kebab(code)), codes))
        .collect();
    yaml::list(out, 4, "identity", &identity);
    yaml::list(out, 4, "identity_aliases", &flow_all(&row.identity_aliases));
    yaml::list(out, 4, "identity_depends", &flow_all(&row.identity_dependencies));
    scopes(out, row);
    let depends: Vec<String> =
        row.dependent_actions.iter().map(|fact| dependency(fact, conditions.of_dependency(fact), codes)).collect();
    yaml::list(out, 4, "depends", &depends);
    yaml::list(out, 4, "roles", &roles(row, codes));
    for (flag, key) in
        [(row.deprecated, "deprecated"), (row.historical, "historical"), (row.openstack_native, "openstack")]
    {
        if flag {
            yaml::push(out, format_args!("    {key}: true\n"));
        }
    }
    yaml::list(out, 4, "also_versions", &flow_all(&row.also_versions));
    let notes: Vec<String> = row.notes.iter().map(|note| kebab(note)).collect();
    codes.extend(notes.iter().map(|note| (true, note.clone())));
    yaml::list(out, 4, "notes", &notes);
    yaml::push(out, format_args!("    source: {}\n", sources.id(&Document::of(&row.source))));
}

fn flow_all(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| yaml::flow(text)).collect()
}

fn scopes(out: &mut String, row: &Permission) {
    let columns = [("project", row.project), ("enterprise_project", row.enterprise_project)];
    let known: Vec<(&str, String)> =
        columns.iter().filter_map(|(key, value)| value.map(|value| (*key, value.to_string()))).collect();
    if !known.is_empty() {
        yaml::push(out, format_args!("    scopes: {}\n", yaml::flow_map(&known)));
    }
}

fn need(action: &str, when: Option<String>, codes: &mut UsedCodes) -> String {
    match when {
        None => yaml::flow(action),
        Some(when) => {
            codes.insert((false, when.clone()));
            yaml::flow_map(&[("action", yaml::flow(action)), ("when", when)])
        }
    }
}

fn dependency(fact: &ActionFact, when: Option<String>, codes: &mut UsedCodes) -> String {
    if when.is_none() && fact.r#for.is_none() {
        return yaml::flow(&fact.action);
    }
    let mut entries = vec![("action", yaml::flow(&fact.action))];
    entries.extend(fact.r#for.iter().map(|on| ("for", yaml::flow(on))));
    if let Some(when) = when {
        codes.insert((false, when.clone()));
        entries.push(("when", when));
    }
    yaml::flow_map(&entries)
}

/// Roles that are alternatives to one another become one entry.
fn roles(row: &Permission, codes: &mut UsedCodes) -> Vec<String> {
    let is_alternative = |when: &Option<String>| when.as_deref().is_some_and(|code| code.starts_with("alternative_to"));
    let mut groups: Vec<(Vec<String>, Option<String>)> = Vec::new();
    let alternatives: Vec<String> = row
        .required_roles
        .iter()
        .filter(|role| is_alternative(&role.when))
        .map(|role| yaml::flow(&role.role))
        .collect();
    if !alternatives.is_empty() {
        groups.push((alternatives, None));
    }
    for role in row.required_roles.iter().filter(|role| !is_alternative(&role.when)) {
        groups.push((vec![yaml::flow(&role.role)], role.when.as_deref().map(kebab)));
    }
    let written = groups.into_iter().map(|(any, when)| {
        let mut entries = vec![("any", format!("[{}]", any.join(", ")))];
        if let Some(when) = when {
            codes.insert((false, when.clone()));
            entries.push(("when", when));
        }
        yaml::flow_map(&entries)
    });
    written.collect()
}

/// The conditions that follow from a row being the union of several rows of its page.
struct Conditions<'a> {
    row: &'a Permission,
}

impl<'a> Conditions<'a> {
    fn of(row: &'a Permission) -> Self {
        Self { row }
    }

    fn of_action(&self, fact: &ActionFact) -> Option<String> {
        self.code(fact, |variant| &variant.actions)
    }

    fn of_dependency(&self, fact: &ActionFact) -> Option<String> {
        self.code(fact, |variant| &variant.dependent_actions)
    }

    fn code(&self, fact: &ActionFact, list: impl Fn(&crate::facts::Variant) -> &Vec<ActionFact>) -> Option<String> {
        if let Some(when) = &fact.when {
            return Some(kebab(when));
        }
        let has = |variant: &&crate::facts::Variant| list(variant).iter().any(|other| other.action == fact.action);
        let with: Vec<_> = self.row.variants.iter().filter(has).collect();
        if with.len() == self.row.variants.len() {
            return None;
        }
        match with.as_slice() {
            [only] if only.operation.is_some() => {
                let operation = only.operation.as_deref().unwrap_or_default();
                Some(format!("operation-{}", kebab(operation)))
            }
            _ => Some("depends-on-request-body".to_owned()),
        }
    }
}

/// A code as the rules write it.
pub(crate) fn kebab(code: &str) -> String {
    match code {
        "migrating_to_enterprise_project" => "migrating-enterprise-project".to_owned(),
        _ => code.replace('_', "-").to_lowercase(),
    }
}

/// Actions of the service that no row names, by source.
fn further(facts: &Facts, service: &str, known: &BTreeSet<String>, sources: &mut Sources) -> String {
    let prefix = format!("{service}:");
    let mut lists: BTreeMap<Document, BTreeSet<String>> = BTreeMap::new();
    let mut seen = known.clone();
    let mut add = |action: &String, document: Document| {
        let ours = action.to_ascii_lowercase().starts_with(&prefix) && !action.contains('*');
        if ours && seen.insert(action.clone()) {
            lists.entry(document).or_default().insert(action.clone());
        }
    };
    for row in &facts.without_api {
        for fact in &row.actions {
            add(&fact.action, Document::of(&row.source));
        }
    }
    for row in &facts.identity {
        for action in [&row.action].into_iter().chain(&row.alias) {
            add(action, Document::of_identity(&row.source));
        }
    }
    for row in &facts.operation_actions {
        add(&row.action, Document::of_text(&row.source));
    }
    let mut out = String::new();
    for (document, names) in lists {
        let id = sources.id(&document);
        let names: Vec<String> = names.iter().map(|name| yaml::flow(name)).collect();
        yaml::push(&mut out, format_args!("  - source: {id}\n"));
        yaml::list(&mut out, 4, "names", &names);
    }
    if out.is_empty() {
        return out;
    }
    format!("actions:\n{out}")
}
