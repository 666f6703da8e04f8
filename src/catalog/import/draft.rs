//! What an import has found, and the files that it becomes.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{PolicyKind, Scopes};
use super::yaml;

/// Rows in the words of `rules/`, and what could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The service whose files these are, in lower case.
    pub service: String,
    /// The document that was read.
    pub document: String,
    /// Its date, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Conditions that the rows name, with their meaning in the words of the document.
    pub when: BTreeMap<String, String>,
    /// What APIs need.
    pub apis: Vec<DraftApi>,
    /// Actions that the document names without an API.
    pub further: Vec<DraftFurther>,
    /// Actions of grammar 5.0.
    pub actions: Vec<DraftAction>,
    /// System-defined policies and roles.
    pub policies: Vec<DraftPolicy>,
    /// How much of a document of JSON the rows are.
    pub entries: Entries,
    /// What could not be read, in the order of the document.
    pub unread: Vec<Unread>,
}

/// The entries of a document of JSON: actions, operations, policies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entries {
    /// Those that rows were made from.
    pub read: usize,
    /// Those of which nothing was read.
    pub skipped: usize,
}

/// One API and what it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftApi {
    /// The service that documents it, where it is not the draft's.
    pub service: Option<String>,
    /// `METHOD /path`.
    pub api: String,
    /// Actions of grammar 1.1, each perhaps with the code of its condition.
    pub actions: Vec<(String, Option<String>)>,
    /// Actions of grammar 5.0.
    pub identity: Vec<String>,
    /// Actions of grammar 5.0 that only some requests need, each with the code of its condition.
    pub identity_cases: Vec<(String, String)>,
    /// Actions of grammar 1.1 that grant the same as `identity`.
    pub identity_aliases: Vec<String>,
    /// Actions of grammar 5.0 that the API depends on.
    pub identity_depends: Vec<String>,
    /// Actions that the API depends on, each perhaps with the code of its condition.
    pub depends: Vec<(String, Option<String>)>,
    /// System-defined roles that it asks for, of each list one, each list perhaps with the code of its condition.
    pub roles: Vec<(Vec<String>, Option<String>)>,
    /// The scopes that the document says it honours.
    pub scopes: Scopes,
    /// It is to be used no more.
    pub deprecated: bool,
}

/// An action without an API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftFurther {
    /// The action.
    pub action: String,
    /// The scopes that the document says it honours.
    pub scopes: Scopes,
    /// Actions that it depends on.
    pub depends: Vec<String>,
}

/// One action of grammar 5.0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftAction {
    /// The action.
    pub action: String,
    /// `list`, `read`, `write`, `tagging` or `permission_management`.
    pub access: Option<String>,
    /// No API needs it by itself.
    pub permission_only: bool,
    /// The types of resources that it is for.
    pub resources: Vec<DraftResource>,
    /// Condition keys, whatever the resource.
    pub conditions: Vec<String>,
    /// Actions of grammar 1.1 that grant the same.
    pub aliases: Vec<String>,
}

/// A type of resources that an action is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftResource {
    /// The type.
    pub kind: String,
    /// A policy that names resources must name one of this type.
    pub required: bool,
    /// The shape of its URN.
    pub urn: Option<String>,
    /// Condition keys for this type.
    pub conditions: Vec<String>,
}

/// One system-defined policy or role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftPolicy {
    /// The display name.
    pub name: String,
    /// The name that the API uses.
    pub internal_name: Option<String>,
    /// Policy or role.
    pub kind: PolicyKind,
    /// The service that it is for.
    pub service: String,
    /// The actions that it allows.
    pub allow: Vec<String>,
    /// The actions that it denies.
    pub deny: Vec<String>,
    /// The actions that it allows under a condition or for some resources only, or in words that could not be read.
    pub allow_perhaps: Vec<String>,
    /// The actions that it denies in the same way.
    pub deny_perhaps: Vec<String>,
    /// The actions that `allow` takes in and that it does not grant all the same.
    pub not_granted: Vec<String>,
    /// The roles that must be granted with it.
    pub depends: Vec<String>,
}

/// Something that an import did not understand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its line in the document, from 1.
    pub line: usize,
    /// What it is, and why it was not read, in a sentence without its full stop.
    pub what: String,
}

/// A file of YAML that an import gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedFile {
    /// Its path in a folder like `rules/`: `permissions/ims.yaml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The id of the one source of a draft.
const SOURCE: &str = "imported";

impl Draft {
    /// How many rows were read.
    pub fn rows(&self) -> usize {
        self.apis.len() + self.further.len() + self.actions.len() + self.policies.len()
    }

    /// The files that the rows become; none for what has no rows.
    pub fn files(&self) -> Vec<ImportedFile> {
        let service = &self.service;
        let head = format!("service: {}\n", yaml::block(service));
        let mut files = Vec::new();
        let mut add = |path: String, text: String| files.push(ImportedFile { path, text });
        for (service, apis) in self.apis_by_service() {
            let mut rows: String = apis.iter().map(|api| api.to_yaml()).collect();
            if !rows.is_empty() {
                rows.insert_str(0, "apis:\n");
            }
            if service == self.service {
                rows.push_str(&self.further());
            }
            let head = format!("service: {}\n", yaml::block(service));
            let text = format!("{head}{}{}{rows}", self.when(&apis), self.sources());
            add(format!("permissions/{service}.yaml"), text);
        }
        if !self.actions.is_empty() {
            let rows: String = self.actions.iter().map(DraftAction::to_yaml).collect();
            add(format!("identity/{service}.yaml"), format!("{head}{}actions:\n{rows}", self.sources()));
        }
        if !self.policies.is_empty() {
            let rows: String = self.policies.iter().map(DraftPolicy::to_yaml).collect();
            add("policies/system.yaml".to_owned(), format!("{}policies:\n{rows}", self.sources()));
        }
        files
    }

    fn apis_by_service(&self) -> BTreeMap<&str, Vec<&DraftApi>> {
        let mut by_service: BTreeMap<&str, Vec<&DraftApi>> = BTreeMap::new();
        for api in &self.apis {
            by_service.entry(api.service.as_deref().unwrap_or(&self.service)).or_default().push(api);
        }
        if !self.further.is_empty() {
            by_service.entry(&self.service).or_default();
        }
        by_service
    }

    /// The actions without an API, those with the same scopes together.
    fn further(&self) -> String {
        let mut groups: Vec<(Scopes, Vec<String>)> = Vec::new();
        for further in &self.further {
            let name = further.to_yaml();
            match groups.iter_mut().find(|(scopes, _)| *scopes == further.scopes) {
                Some((_, names)) => names.push(name),
                None => groups.push((further.scopes, vec![name])),
            }
        }
        let mut out = String::new();
        for (scopes, names) in groups {
            if out.is_empty() {
                out.push_str("actions:\n");
            }
            yaml::push(&mut out, format_args!("  - source: {SOURCE}\n"));
            push_scopes(&mut out, scopes);
            yaml::list(&mut out, 4, "names", &names);
        }
        out
    }

    fn sources(&self) -> String {
        let mut entries = vec![("document", yaml::flow(&self.document))];
        entries.extend(self.date.iter().map(|date| ("date", date.clone())));
        format!("sources:\n  {SOURCE}: {}\n", yaml::flow_map(&entries))
    }

    /// The codes that the rows of one file name.
    fn when(&self, apis: &[&DraftApi]) -> String {
        let named: BTreeSet<&str> = apis.iter().flat_map(|api| api.codes()).collect();
        let explained: Vec<_> = self.when.iter().filter(|(code, _)| named.contains(code.as_str())).collect();
        if explained.is_empty() {
            return String::new();
        }
        let codes = explained.into_iter().map(|(code, meaning)| {
            format!("  {}: {}\n", yaml::block(code), yaml::flow_map(&[("meaning", yaml::flow(meaning))]))
        });
        format!("when:\n{}", codes.collect::<String>())
    }
}

impl DraftApi {
    /// The codes that it names.
    fn codes(&self) -> impl Iterator<Item = &str> {
        let needs = self.actions.iter().chain(&self.depends).filter_map(|(_, code)| code.as_deref());
        let cases = self.identity_cases.iter().map(|(_, code)| code.as_str());
        needs.chain(cases).chain(self.roles.iter().filter_map(|(_, code)| code.as_deref()))
    }

    fn to_yaml(&self) -> String {
        let mut out = format!("  {}:\n", yaml::block(&self.api));
        yaml::list(&mut out, 4, "actions", &needs(&self.actions));
        let mut identity = flow_all(&self.identity);
        identity.extend(self.identity_cases.iter().map(|(action, code)| need(action, Some(code))));
        yaml::list(&mut out, 4, "identity", &identity);
        for (key, names) in [("identity_aliases", &self.identity_aliases), ("identity_depends", &self.identity_depends)]
        {
            yaml::list(&mut out, 4, key, &flow_all(names));
        }
        push_scopes(&mut out, self.scopes);
        yaml::list(&mut out, 4, "depends", &needs(&self.depends));
        yaml::list(&mut out, 4, "roles", &self.roles.iter().map(role).collect::<Vec<_>>());
        if self.deprecated {
            out.push_str("    deprecated: true\n");
        }
        yaml::push(&mut out, format_args!("    source: {SOURCE}\n"));
        out
    }
}

/// A line for what is known of scopes.
fn push_scopes(out: &mut String, scopes: Scopes) {
    let columns = [("project", scopes.project), ("enterprise_project", scopes.enterprise_project)];
    let known: Vec<(&str, String)> =
        columns.iter().filter_map(|(key, value)| value.map(|value| (*key, value.to_string()))).collect();
    if !known.is_empty() {
        yaml::push(out, format_args!("    scopes: {}\n", yaml::flow_map(&known)));
    }
}

impl DraftFurther {
    fn to_yaml(&self) -> String {
        if self.depends.is_empty() {
            return yaml::flow(&self.action);
        }
        let depends = format!("[{}]", flow_all(&self.depends).join(", "));
        yaml::flow_map(&[("action", yaml::flow(&self.action)), ("depends", depends)])
    }
}

impl DraftAction {
    fn to_yaml(&self) -> String {
        let mut out = format!("  {}:\n", yaml::block(&self.action));
        if let Some(access) = &self.access {
            yaml::push(&mut out, format_args!("    access: {access}\n"));
        }
        if self.permission_only {
            out.push_str("    permission_only: true\n");
        }
        let resources: Vec<String> = self.resources.iter().map(DraftResource::to_yaml).collect();
        yaml::list(&mut out, 4, "resources", &resources);
        yaml::list(&mut out, 4, "conditions", &flow_all(&self.conditions));
        yaml::list(&mut out, 4, "aliases", &flow_all(&self.aliases));
        yaml::push(&mut out, format_args!("    source: {SOURCE}\n"));
        out
    }
}

impl DraftResource {
    fn to_yaml(&self) -> String {
        if self.urn.is_none() && self.conditions.is_empty() {
            return yaml::flow(&format!("{}{}", self.kind, if self.required { "*" } else { "" }));
        }
        let mut entries = vec![("type", yaml::flow(&self.kind))];
        if self.required {
            entries.push(("required", "true".to_owned()));
        }
        entries.extend(self.urn.iter().map(|urn| ("urn", yaml::flow(urn))));
        if !self.conditions.is_empty() {
            entries.push(("conditions", format!("[{}]", flow_all(&self.conditions).join(", "))));
        }
        yaml::flow_map(&entries)
    }
}

impl DraftPolicy {
    fn to_yaml(&self) -> String {
        let mut out = format!("  - name: {}\n", yaml::block(&self.name));
        if let Some(name) = &self.internal_name {
            yaml::push(&mut out, format_args!("    internal_name: {}\n", yaml::block(name)));
        }
        let kind = match self.kind {
            PolicyKind::Policy => "policy",
            PolicyKind::Role => "role",
            PolicyKind::Identity => "identity",
        };
        yaml::push(&mut out, format_args!("    kind: {kind}\n    service: {}\n", yaml::block(&self.service)));
        for (key, names) in [
            ("allow", &self.allow),
            ("deny", &self.deny),
            ("allow_perhaps", &self.allow_perhaps),
            ("deny_perhaps", &self.deny_perhaps),
            ("not_granted", &self.not_granted),
            ("depends", &self.depends),
        ] {
            yaml::list(&mut out, 4, key, &flow_all(names));
        }
        yaml::push(&mut out, format_args!("    source: {SOURCE}\n"));
        out
    }
}

fn flow_all(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| yaml::flow(text)).collect()
}

fn needs(needs: &[(String, Option<String>)]) -> Vec<String> {
    needs.iter().map(|(action, when)| need(action, when.as_ref())).collect()
}

fn need(action: &str, when: Option<&String>) -> String {
    match when {
        None => yaml::flow(action),
        Some(when) => yaml::flow_map(&[("action", yaml::flow(action)), ("when", yaml::flow(when))]),
    }
}

fn role((any, when): &(Vec<String>, Option<String>)) -> String {
    let mut entries = vec![("any", format!("[{}]", flow_all(any).join(", ")))];
    entries.extend(when.iter().map(|when| ("when", yaml::flow(when))));
    yaml::flow_map(&entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{ApiMatch, Catalog};

    #[test]
    fn every_file_of_a_draft_extends_the_table() {
        let draft = Draft {
            service: "ims".to_owned(),
            document: "a page: with a colon".to_owned(),
            date: Some("2026-01-02".to_owned()),
            when: [("encrypted".to_owned(), "the image is encrypted, or not".to_owned())].into(),
            apis: vec![DraftApi {
                api: "POST /v9/{id}/odd?x".to_owned(),
                actions: vec![("ims:odd:do".to_owned(), Some("encrypted".to_owned()))],
                identity: vec!["ims::do".to_owned()],
                depends: vec![("kms:*:*".to_owned(), None)],
                scopes: Scopes { project: Some(true), enterprise_project: Some(false) },
                ..DraftApi::default()
            }],
            actions: vec![DraftAction {
                action: "ims::do".to_owned(),
                access: Some("write".to_owned()),
                resources: vec![
                    DraftResource { kind: "image".to_owned(), required: true, ..DraftResource::default() },
                    DraftResource {
                        urn: Some("ims:<region>".to_owned()),
                        kind: "x".to_owned(),
                        ..DraftResource::default()
                    },
                ],
                ..DraftAction::default()
            }],
            policies: vec![DraftPolicy {
                name: "IMS Odd".to_owned(),
                internal_name: Some("system_all_9".to_owned()),
                kind: PolicyKind::Role,
                service: "ims".to_owned(),
                allow: vec!["ims:*:*".to_owned()],
                deny: Vec::new(),
                allow_perhaps: Vec::new(),
                deny_perhaps: Vec::new(),
                not_granted: Vec::new(),
                depends: vec!["Tenant Guest".to_owned()],
            }],
            entries: Entries::default(),
            further: vec![
                DraftFurther {
                    action: "ims:odd:see".to_owned(),
                    scopes: Scopes { project: Some(true), enterprise_project: Some(false) },
                    depends: vec!["kms:cmk:get".to_owned()],
                },
                DraftFurther { action: "ims::hear".to_owned(), ..DraftFurther::default() },
            ],
            unread: Vec::new(),
        };
        let mut catalog = Catalog::embedded();
        for file in draft.files() {
            catalog.extend(&file.path, &file.text).unwrap_or_else(|errors| panic!("{errors:?}\n{}", file.text));
        }
        let found = catalog.find(Some("ims"), &"POST /v9/7/odd?x".parse().unwrap());
        let ApiMatch::One(api) = found else { panic!("{found:?}") };
        assert_eq!((api.actions[0].when, api.depends[0].action), (Some("encrypted"), "kms:*:*"));
        assert!(catalog.has_action("ims:odd:see") && catalog.has_action("ims::hear"));
        assert_eq!(catalog.action_scopes("ims:odd:see").enterprise_project, Some(false));
        assert_eq!(catalog.when_meaning("encrypted"), Some("the image is encrypted, or not"));
        assert_eq!(catalog.identity_action("ims::do").map(|action| action.resources.len()), Some(2));
        assert_eq!(catalog.policy("system_all_9").map(|policy| policy.depends), Some(vec!["Tenant Guest"]));
    }
}
