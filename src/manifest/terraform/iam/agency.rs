//! Agencies: who may assume them, and what they are granted.

use super::binding::{Binder, name, told};
use super::record::Record;
use crate::authz::Scope;
use crate::manifest::terraform::language::{Item, Value};
use crate::manifest::terraform::module::Settled;
use crate::manifest::{HeldGrant, HolderKind, PolicyReference};
use crate::policy::Kind;

impl Binder<'_> {
    /// Takes an agency in.
    pub(super) fn agency(&mut self, record: &Record) {
        let service = record.text("delegated_service_name").map(str::to_owned);
        let mut grants = self.roles(record.body.item("domain_roles"), &Scope::Global, record);
        grants.extend(self.roles(record.body.item("all_resources_roles"), &Scope::All, record));
        grants.extend(self.roles(record.body.item("policy_names"), &Scope::All, record));
        grants.extend(self.in_projects(record, "project_role", "project", Scope::Projects));
        grants.extend(self.in_projects(
            record,
            "enterprise_project_roles",
            "enterprise_project",
            Scope::EnterpriseProjects,
        ));
        let trust = record.body.attribute("trust_policy").is_some().then(|| {
            match self.held_policy(record, "trust_policy", Some(Kind::Trust)) {
                PolicyReference::Held(index) => Some(index),
                _ => None,
            }
        });
        let agency = self.holders.define(record, HolderKind::Agency(service));
        agency.grants = grants;
        agency.trust = trust.flatten();
    }

    /// `project_role { project, roles }`
    fn in_projects(
        &self,
        record: &Record,
        block: &str,
        attribute: &str,
        scope: fn(Vec<String>) -> Scope,
    ) -> Vec<HeldGrant> {
        let mut grants = Vec::new();
        for found in record.body.blocks_of(block) {
            grants.extend(self.in_project(&found.body, record, attribute, scope));
        }
        grants
    }

    fn in_project(
        &self,
        body: &Settled,
        record: &Record,
        attribute: &str,
        scope: fn(Vec<String>) -> Scope,
    ) -> Vec<HeldGrant> {
        let project = body.attribute(attribute).and_then(name);
        let is_open = project.is_none();
        let within = project.map_or(Scope::All, |name| scope(vec![name]));
        let roles = self.roles(body.item("roles"), &within, record);
        roles.into_iter().map(|grant| HeldGrant { is_open, ..grant }).collect()
    }

    /// A list of roles and policies by name.
    fn roles(&self, names: Option<&Item>, scope: &Scope, record: &Record) -> Vec<HeldGrant> {
        let open = |value: &Value| PolicyReference::Open(told(value));
        let grant = |policy| HeldGrant { policy, scope: scope.clone(), is_open: false, place: record.place.clone() };
        match names.map(|item| &item.value) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::List(items)) => {
                let policy =
                    |item: &Item| item.value.as_str().map_or_else(|| open(&item.value), |name| self.by_name(name));
                let given = items.iter().filter(|item| item.value.as_str() != Some(""));
                given.map(|item| grant(policy(item))).collect()
            }
            Some(other) => vec![grant(open(other))],
        }
    }
}
