//! `rules/permissions/<service>.yaml`

use std::collections::{BTreeMap, BTreeSet};

use grantlint::catalog::ApiKey;

use crate::Failure;
use crate::facts::{ActionFact, ConflictFact, Facts, Permission};
use crate::joined::{Joined, Joint};
use crate::kept::{self, Kept};
use crate::sources::{Document, Sources};
use crate::yaml;

/// The rows that stand first, because everything began with them.
const FIRST: [&str; 2] = ["POST /v1/cloudimages/{image_id}/copy", "POST /v1/cloudimages/{image_id}/cross_region_copy"];

/// The condition of actions between which the page lets the request decide, and says no more.
const BY_BODY: &str = "depends-on-request-body";

/// The codes that a file uses: `when` codes and notes (with `true`).
pub(crate) type UsedCodes = BTreeSet<(bool, String)>;

pub(crate) fn file(
    facts: &Facts,
    joined: &Joined<'_>,
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
            for id in kept::source_ids(lines) {
                sources.keep(&id);
            }
        } else {
            yaml::push(&mut apis, format_args!("  {key}:\n"));
            entry(&mut apis, row, joined.of(service, key), &mut sources, codes);
        }
    }
    for ((section, key), lines) in &kept.entries {
        if section == "apis" && rows.iter().all(|(known, _)| known != key) {
            apis.push_str(lines);
            codes.extend(kept::when_codes(lines).map(|code| (false, code)));
            for id in kept::source_ids(lines) {
                sources.keep(&id);
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
pub(crate) fn rows<'a>(facts: &'a Facts, service: &str) -> Result<Vec<(String, &'a Permission)>, Failure> {
    let rows: Vec<&Permission> = facts
        .permissions
        .iter()
        .filter(|row| row.service.to_lowercase() == service && row.method.is_some() && row.path.is_some())
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

fn entry(out: &mut String, row: &Permission, joined: Joint<'_>, sources: &mut Sources, codes: &mut UsedCodes) {
    let of_actions = joined.actions.unwrap_or(row);
    let conditions = Conditions::of(of_actions);
    let mut needs: Vec<String> =
        of_actions.actions.iter().map(|fact| need(&fact.action, conditions.of_action(fact), codes)).collect();
    needs.extend(conditions.others(codes));
    yaml::list(out, 4, "actions", &needs);
    let row_of_identity = joined.identity.unwrap_or(row);
    let identity: Vec<String> = row_of_identity
        .identity_actions
        .iter()
        .map(|action| need(action, row_of_identity.identity_when.get(action).map(|code| kebab(code)), codes))
        .collect();
    yaml::list(out, 4, "identity", &identity);
    yaml::list(out, 4, "identity_aliases", &flow_all(&row_of_identity.identity_aliases));
    yaml::list(out, 4, "identity_depends", &flow_all(&row_of_identity.identity_dependencies));
    let columns = columns(of_actions.project, of_actions.enterprise_project);
    if let Some(columns) = columns {
        yaml::push(out, format_args!("    scopes: {columns}\n"));
    }
    let depends: Vec<String> = of_actions
        .dependent_actions
        .iter()
        .map(|fact| dependency(fact, conditions.of_dependency(fact), codes))
        .collect();
    yaml::list(out, 4, "depends", &depends);
    yaml::list(out, 4, "roles", &roles(of_actions, codes));
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
    yaml::list(out, 4, "conflicts", &conflicts(row, sources));
    let others = [joined.actions, joined.identity].into_iter().flatten();
    for other in others.take(1) {
        yaml::push(out, format_args!("    joined: {}\n", sources.id(&Document::of(&other.source))));
    }
    yaml::push(out, format_args!("    source: {}\n", sources.id(&Document::of(&row.source))));
}

fn flow_all(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| yaml::flow(text)).collect()
}

fn columns(project: Option<bool>, enterprise_project: Option<bool>) -> Option<String> {
    let columns = [("project", project), ("enterprise_project", enterprise_project)];
    let known: Vec<(&str, String)> =
        columns.iter().filter_map(|(key, value)| value.map(|value| (*key, value.to_string()))).collect();
    (!known.is_empty()).then(|| yaml::flow_map(&known))
}

/// What lost against the row: a source that is older, or of another cloud with the same code base.
fn conflicts(row: &Permission, sources: &mut Sources) -> Vec<String> {
    let lost = row.conflicts.iter().filter(|conflict| conflict.source != row.source);
    let written = lost.map(|conflict| {
        let mut entries = Vec::new();
        let actions: Vec<String> = conflict.actions.iter().map(|fact| yaml::flow(&fact.action)).collect();
        if !actions.is_empty() {
            entries.push(("actions", format!("[{}]", actions.join(", "))));
        }
        if let Some(columns) = columns(conflict.project, conflict.enterprise_project) {
            entries.push(("scopes", columns));
        }
        entries.push(("source", sources.id(&Document::of(&conflict.source))));
        yaml::flow_map(&entries)
    });
    written.collect()
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

    /// The actions of rows of the same page and API: the request's body decides between them.
    fn others(&self, codes: &mut UsedCodes) -> Vec<String> {
        let known = |fact: &&ActionFact| self.row.actions.iter().all(|own| own.action != fact.action);
        let others = self.of_same_page().flat_map(|conflict| &conflict.actions).filter(known);
        others.map(|fact| need(&fact.action, Some(BY_BODY.to_owned()), codes)).collect()
    }

    fn of_same_page(&self) -> impl Iterator<Item = &ConflictFact> {
        self.row.conflicts.iter().filter(|conflict| conflict.source == self.row.source && !conflict.actions.is_empty())
    }

    fn code(&self, fact: &ActionFact, list: impl Fn(&crate::facts::Variant) -> &Vec<ActionFact>) -> Option<String> {
        if let Some(when) = &fact.when {
            return Some(kebab(when));
        }
        let has = |variant: &&crate::facts::Variant| list(variant).iter().any(|other| other.action == fact.action);
        let with: Vec<_> = self.row.variants.iter().filter(has).collect();
        if with.len() == self.row.variants.len() {
            let elsewhere = |conflict: &ConflictFact| conflict.actions.iter().all(|other| other.action != fact.action);
            return self.of_same_page().any(elsewhere).then(|| BY_BODY.to_owned());
        }
        match with.as_slice() {
            [only] if only.operation.is_some() => {
                let operation = only.operation.as_deref().unwrap_or_default();
                Some(format!("operation-{}", kebab(operation)))
            }
            _ => Some(BY_BODY.to_owned()),
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

/// The actions of one page that no API row names: what its columns say, and what each depends on.
type Lists = BTreeMap<(Document, Option<String>), BTreeMap<String, Vec<String>>>;

/// Actions of the service that no row names, by source.
fn further(facts: &Facts, service: &str, known: &BTreeSet<String>, sources: &mut Sources) -> String {
    let services = facts.service_codes();
    let mut lists = Lists::new();
    let mut seen = known.clone();
    // An action stands with the service of its prefix; if there is none, with that of its page.
    let mut add = |action: &String, of_page: &str, page: (Document, Option<String>), depends: &[ActionFact]| {
        let prefix = action.split(':').next().unwrap_or_default().to_lowercase();
        let ours = prefix == service || (of_page.to_lowercase() == service && !services.contains(&prefix));
        if ours && !action.contains('*') && seen.insert(action.clone()) {
            let depends = depends.iter().map(|fact| fact.action.clone()).collect();
            lists.entry(page).or_default().insert(action.clone(), depends);
        }
    };
    for row in &facts.without_api {
        for fact in &row.actions {
            let page = (Document::of(&row.source), columns(row.project, row.enterprise_project));
            add(&fact.action, &row.service, page, &row.dependent_actions);
        }
    }
    for row in &facts.identity {
        for action in &row.alias {
            add(action, &row.service, (Document::of_identity(&row.source), None), &[]);
        }
    }
    let mut out = String::new();
    for ((document, columns), names) in lists {
        yaml::push(&mut out, format_args!("  - source: {}\n", sources.id(&document)));
        if let Some(columns) = columns {
            yaml::push(&mut out, format_args!("    scopes: {columns}\n"));
        }
        let names: Vec<String> = names.iter().map(|(name, depends)| further_name(name, depends)).collect();
        yaml::list(&mut out, 4, "names", &names);
    }
    if out.is_empty() {
        return out;
    }
    format!("actions:\n{out}")
}

fn further_name(name: &str, depends: &[String]) -> String {
    if depends.is_empty() {
        return yaml::flow(name);
    }
    yaml::flow_map(&[("action", yaml::flow(name)), ("depends", format!("[{}]", flow_all(depends).join(", ")))])
}
