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
    pub(crate) operation_actions: Vec<OperationAction>,
    pub(crate) terraform: Vec<TerraformFact>,
    pub(crate) operations: Vec<OperationFact>,
    pub(crate) policies: Vec<PolicyFact>,
    pub(crate) codes: Codes,
}

impl Facts {
    pub(crate) fn read(folder: &Path) -> Result<Self, Failure> {
        Ok(Self {
            permissions: rows(folder, "permissions")?,
            without_api: rows(folder, "permissions_without_api")?,
            identity: rows(folder, "identity_actions")?,
            operation_actions: rows(folder, "operation_actions")?,
            terraform: rows(folder, "terraform")?,
            operations: rows(folder, "operations")?,
            policies: rows(folder, "system_policies")?,
            codes: serde_json::from_str(&text(folder, "when_codes.json")?)?,
        })
    }

    /// Every service that some table has rows of.
    pub(crate) fn services(&self) -> BTreeSet<String> {
        let permissions = self.permissions.iter().chain(&self.without_api);
        let terraform = self.terraform.iter().map(|row| &row.service);
        permissions
            .map(|row| &row.service)
            .chain(terraform)
            .chain(self.operations.iter().map(|row| &row.service))
            .map(|code| code.to_lowercase())
            .collect()
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

#[derive(Deserialize, Clone, Default)]
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

#[derive(Deserialize)]
pub(crate) struct RoleFact {
    pub(crate) role: String,
    pub(crate) when: Option<String>,
}

#[derive(Deserialize)]
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
    pub(crate) action: String,
    #[serde(default)]
    pub(crate) alias: Vec<String>,
    pub(crate) source: IdentitySource,
}

#[derive(Deserialize)]
pub(crate) struct OperationAction {
    pub(crate) action: String,
    pub(crate) source: String,
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

#[derive(Deserialize)]
pub(crate) struct CodeFact {
    pub(crate) meaning: String,
}

#[derive(Deserialize)]
pub(crate) struct Codes {
    pub(crate) when: BTreeMap<String, CodeFact>,
    pub(crate) notes: BTreeMap<String, CodeFact>,
}
