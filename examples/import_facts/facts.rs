//! The tables of facts, as far as the rules need them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Failure;

/// All tables.
pub(crate) struct Facts {
    pub(crate) permissions: Vec<Permission>,
    pub(crate) without_api: Vec<Permission>,
    pub(crate) identity: Vec<IdentityFact>,
    pub(crate) terraform: Vec<TerraformFact>,
    pub(crate) operations: Vec<OperationFact>,
    pub(crate) policies: Vec<PolicyFact>,
    pub(crate) services: Vec<ServiceFact>,
    pub(crate) endpoints: Vec<EndpointFact>,
    pub(crate) shared: Vec<SharedFact>,
    pub(crate) resource_level: Vec<ResourceLevelFact>,
    pub(crate) codes: Codes,
}

impl Facts {
    pub(crate) fn read(folder: &Path) -> Result<Self, Failure> {
        let mut permissions: Vec<Permission> = rows(folder, "permissions")?;
        add_annotated(&mut permissions, rows(folder, "operation_actions")?);
        note_needless(&mut permissions, rows(folder, "no_identity_policy_needed")?);
        let mut terraform: Vec<TerraformFact> = rows(folder, "terraform")?;
        for row in &mut terraform {
            spell(&mut row.service);
            row.apis.iter_mut().for_each(|call| spell(&mut call.service));
        }
        Ok(Self {
            permissions,
            without_api: rows(folder, "permissions_without_api")?,
            identity: rows(folder, "identity_actions")?,
            terraform,
            operations: rows(folder, "operations")?,
            policies: rows(folder, "system_policies")?,
            services: rows(folder, "services")?,
            endpoints: rows(folder, "endpoints")?,
            shared: rows(folder, "shared_method_and_path")?,
            resource_level: rows(folder, "resource_level_1_1")?,
            codes: serde_json::from_str(&text(folder, "when_codes.json")?)?,
        })
    }

    /// Every service that some table has rows of.
    pub(crate) fn service_codes(&self) -> BTreeSet<String> {
        let permissions = self.permissions.iter().chain(&self.without_api);
        let terraform = self.terraform.iter().map(|row| &row.service);
        permissions
            .map(|row| &row.service)
            .chain(terraform)
            .chain(self.operations.iter().map(|row| &row.service))
            .chain(self.identity.iter().map(|row| &row.service))
            .map(|code| code.to_lowercase())
            .collect()
    }
}

/// Services that the Terraform table spells in another way: the spelling and the code.
const SPELLINGS: [(&str, &str); 3] = [("anti-ddos", "antiddos"), ("lb", "elb"), ("unknown", "cloudstream")];

/// Puts the code of a service in the place of another spelling.
fn spell(service: &mut String) {
    if let Some((_, code)) = SPELLINGS.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(service)) {
        (*code).clone_into(service);
    }
}

fn text(folder: &Path, name: &str) -> Result<String, Failure> {
    let path = folder.join(name);
    fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn rows<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<T>, Failure> {
    let name = format!("{name}.jsonl");
    let mut rows = Vec::new();
    for (index, line) in text(folder, &name)?.lines().enumerate() {
        let row = serde_json::from_str(line).map_err(|error| format!("{name}:{}: {error}", index + 1))?;
        rows.push(row);
    }
    Ok(rows)
}

#[derive(Deserialize, Clone)]
pub(crate) struct ActionFact {
    pub(crate) action: String,
    pub(crate) when: Option<String>,
    pub(crate) r#for: Option<String>,
}

#[derive(Deserialize, Clone, Default, PartialEq)]
pub(crate) struct SourceFact {
    pub(crate) url: Option<String>,
    pub(crate) updated: Option<String>,
    pub(crate) repo: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) commit: Option<String>,
    pub(crate) date: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Variant {
    pub(crate) operation: Option<String>,
    #[serde(default)]
    pub(crate) actions: Vec<ActionFact>,
    #[serde(default)]
    pub(crate) dependent_actions: Vec<ActionFact>,
}

/// What another source says of a row.
#[derive(Deserialize)]
pub(crate) struct ConflictFact {
    #[serde(default)]
    pub(crate) actions: Vec<ActionFact>,
    pub(crate) project: Option<bool>,
    pub(crate) enterprise_project: Option<bool>,
    pub(crate) source: SourceFact,
}

#[derive(Deserialize)]
pub(crate) struct RoleFact {
    pub(crate) role: String,
    pub(crate) when: Option<String>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Permission {
    pub(crate) service: String,
    pub(crate) method: Option<String>,
    pub(crate) path: Option<String>,
    #[serde(default)]
    pub(crate) query: Vec<String>,
    pub(crate) header: Option<String>,
    pub(crate) address: Option<String>,
    #[serde(default)]
    pub(crate) actions: Vec<ActionFact>,
    #[serde(default)]
    pub(crate) dependent_actions: Vec<ActionFact>,
    #[serde(default)]
    pub(crate) identity_actions: Vec<String>,
    #[serde(default)]
    pub(crate) identity_when: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) identity_aliases: Vec<String>,
    #[serde(default)]
    pub(crate) identity_dependencies: Vec<String>,
    pub(crate) project: Option<bool>,
    pub(crate) enterprise_project: Option<bool>,
    #[serde(default)]
    pub(crate) variants: Vec<Variant>,
    #[serde(default)]
    pub(crate) conflicts: Vec<ConflictFact>,
    #[serde(default)]
    pub(crate) required_roles: Vec<RoleFact>,
    #[serde(default)]
    pub(crate) also_versions: Vec<String>,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    #[serde(default)]
    pub(crate) deprecated: bool,
    #[serde(default)]
    pub(crate) historical: bool,
    #[serde(default)]
    pub(crate) openstack_native: bool,
    pub(crate) source: SourceFact,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum IdentitySource {
    Text(String),
    Fact(SourceFact),
}

#[derive(Deserialize)]
pub(crate) struct IdentityFact {
    pub(crate) service: String,
    pub(crate) action: String,
    pub(crate) access_level: Option<String>,
    #[serde(default)]
    pub(crate) resource_types: Vec<String>,
    #[serde(default)]
    pub(crate) condition_keys: Vec<String>,
    #[serde(default)]
    pub(crate) alias: Vec<String>,
    pub(crate) source: IdentitySource,
}

/// The action that a machine-readable definition of an API names.
#[derive(Deserialize)]
struct OperationAction {
    product: String,
    method: String,
    path: String,
    action: String,
    source: String,
}

/// An API whose page says that no identity policy is needed to call it.
#[derive(Deserialize)]
struct Needless {
    service: String,
    method: String,
    path: String,
    source: SourceFact,
}

/// The note of an API that needs no identity policy.
const NEEDLESS: &str = "no_identity_policy_needed";

/// Service, method and path with nameless placeholders.
type Shape = (String, String, String);

fn shape(service: &str, method: &str, path: &str) -> Shape {
    let placeholders = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    (service.to_lowercase(), method.to_owned(), placeholders.collect::<Vec<_>>().join("/"))
}

fn shape_of(row: &Permission) -> Shape {
    shape(&row.service, row.method.as_deref().unwrap_or_default(), row.path.as_deref().unwrap_or_default())
}

/// Notes it in the rows of the APIs that need no identity policy; those without a row get one.
fn note_needless(permissions: &mut Vec<Permission>, needless: Vec<Needless>) {
    for row in needless {
        let wanted = shape(&row.service, &row.method, &row.path);
        match permissions.iter_mut().find(|other| shape_of(other) == wanted) {
            // A page that names an action says more.
            Some(known) if !known.identity_actions.is_empty() => {}
            Some(known) => known.notes.push(NEEDLESS.to_owned()),
            None => permissions.push(Permission {
                service: row.service,
                method: Some(row.method),
                path: Some(row.path),
                notes: vec![NEEDLESS.to_owned()],
                source: row.source,
                ..Permission::default()
            }),
        }
    }
}

/// Makes rows of the annotations whose API has none.
fn add_annotated(permissions: &mut Vec<Permission>, annotated: Vec<OperationAction>) {
    let mut known: BTreeSet<Shape> = permissions.iter().map(shape_of).collect();
    for row in annotated {
        if known.insert(shape(&row.product, &row.method, &row.path)) {
            permissions.push(Permission {
                service: row.product.to_lowercase(),
                method: Some(row.method),
                path: Some(row.path),
                identity_actions: vec![row.action],
                source: SourceFact {
                    url: Some(format!("mingyang91/huawei-cloud-api-definitions ({})", row.source)),
                    ..SourceFact::default()
                },
                ..Permission::default()
            });
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct TerraformFact {
    pub(crate) r#type: String,
    pub(crate) kind: String,
    pub(crate) service: String,
    #[serde(default)]
    pub(crate) apis: Vec<CallFact>,
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, bool>,
    pub(crate) alias_of: Option<String>,
    #[serde(default)]
    pub(crate) deprecated: bool,
    #[serde(default)]
    pub(crate) read_after: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct CallFact {
    pub(crate) service: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) phases: Vec<String>,
    #[serde(default)]
    pub(crate) gates: BTreeMap<String, Vec<String>>,
    pub(crate) when: Option<String>,
    pub(crate) only: Option<String>,
    pub(crate) in_code: Option<bool>,
}

#[derive(Deserialize)]
pub(crate) struct OperationFact {
    pub(crate) service: String,
    pub(crate) version: String,
    pub(crate) operation: String,
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) query: Vec<String>,
    pub(crate) koocli_service: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct PolicyFact {
    pub(crate) name: String,
    pub(crate) internal_name: Option<String>,
    pub(crate) old_name: Option<String>,
    pub(crate) same_as: Option<String>,
    pub(crate) r#type: String,
    pub(crate) service: String,
    pub(crate) allow: Vec<String>,
    pub(crate) deny: Vec<String>,
    pub(crate) depends: Vec<String>,
    pub(crate) source: Vec<String>,
    pub(crate) content_source: Option<String>,
}

/// One version of a service in the SDKs.
#[derive(Deserialize)]
pub(crate) struct ServiceFact {
    pub(crate) service: String,
    pub(crate) version: String,
    pub(crate) koocli_service: Option<String>,
    pub(crate) go_client: Option<String>,
    pub(crate) go_cred: Option<String>,
    pub(crate) python_client: Option<String>,
    pub(crate) java_client: Option<String>,
    pub(crate) node_client: Option<String>,
    pub(crate) php_ns: Option<String>,
    pub(crate) net_pkg: Option<String>,
    pub(crate) net_client: Option<String>,
    pub(crate) cpp_client: Option<String>,
}

impl ServiceFact {
    pub(crate) fn client(&self) -> Option<&str> {
        let names = [&self.python_client, &self.java_client, &self.go_client];
        names.into_iter().find_map(|name| name.as_deref())
    }

    /// The languages whose SDK has this version.
    pub(crate) fn languages(&self) -> Vec<&'static str> {
        let known = [
            ("python", &self.python_client),
            ("java", &self.java_client),
            ("go", &self.go_client),
            ("node", &self.node_client),
            ("php", &self.php_ns),
            ("net", &self.net_client),
            ("cpp", &self.cpp_client),
        ];
        known.into_iter().filter(|(_, client)| client.is_some()).map(|(language, _)| language).collect()
    }
}

#[derive(Deserialize)]
pub(crate) struct EndpointFact {
    pub(crate) service: String,
    pub(crate) hosts: Vec<HostFact>,
}

#[derive(Deserialize)]
pub(crate) struct HostFact {
    pub(crate) label: String,
    pub(crate) scope: Vec<String>,
}

/// A type of resources that policies of grammar 1.1 may name.
#[derive(Deserialize)]
pub(crate) struct ResourceLevelFact {
    pub(crate) service: String,
    pub(crate) resource_type: String,
}

/// Several operations of one method and path.
#[derive(Deserialize)]
pub(crate) struct SharedFact {
    pub(crate) service: String,
    pub(crate) kind: String,
    pub(crate) operations: Vec<SharedOperation>,
}

#[derive(Deserialize)]
pub(crate) struct SharedOperation {
    pub(crate) version: String,
    pub(crate) operation: String,
    #[serde(default)]
    pub(crate) query: Vec<String>,
    pub(crate) body_keys: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub(crate) struct CodeFact {
    pub(crate) meaning: String,
}

#[derive(Deserialize)]
pub(crate) struct Codes {
    pub(crate) when: BTreeMap<String, CodeFact>,
    pub(crate) notes: BTreeMap<String, CodeFact>,
}
