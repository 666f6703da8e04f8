//! Agencies: who may assume them, and what they are granted.

use std::rc::Rc;

use super::binding::{Binder, told, within};
use super::holder::unknown;
use super::record::Record;
use crate::authz::Scope;
use crate::manifest::terraform::language::{Item, Value};
use crate::manifest::terraform::module::{Settled, SettledAttribute, SettledBlock};
use crate::manifest::{Delegate, HeldGrant, HolderKind, PolicyReference};
use crate::policy::Kind;

/// The attributes and blocks of an agency that grant it something.
const GRANTING: [&str; 5] =
    ["domain_roles", "all_resources_roles", "policy_names", "project_role", "enterprise_project_roles"];

impl Binder<'_> {
    /// Takes an agency in.
    pub(super) fn agency(&mut self, record: &Record) {
        let mut grants = self.roles(record.body.item("domain_roles"), &Scope::Global, record);
        grants.extend(self.roles(record.body.item("all_resources_roles"), &Scope::All, record));
        grants.extend(self.roles(record.body.item("policy_names"), &Scope::All, record));
        grants.extend(self.in_projects(record, "project_role", "project"));
        grants.extend(self.in_projects(record, "enterprise_project_roles", "enterprise_project"));
        let is_ignored = |lifecycle: &SettledBlock| GRANTING.iter().any(|name| lifecycle.body.ignores(name));
        if record.body.blocks_of("lifecycle").any(is_ignored) {
            grants.push(unknown(String::from("what is granted outside of the files"), &record.place));
        }
        let trust = record.body.attribute("trust_policy").is_some().then(|| {
            match self.held_policy(record, "trust_policy", Some(Kind::Trust)) {
                PolicyReference::Held(index) => Some(index),
                _ => None,
            }
        });
        let agency = self.holders.define(record, HolderKind::Agency(delegate(record)));
        agency.grants = grants;
        agency.trust = trust.flatten();
    }

    /// `project_role { project, roles }`
    fn in_projects(&self, record: &Record, block: &str, attribute: &str) -> Vec<HeldGrant> {
        let mut grants = Vec::new();
        for found in record.body.blocks_of(block) {
            grants.extend(self.in_project(&found.body, record, attribute));
        }
        for found in record.body.attribute(block).into_iter().flat_map(bodies) {
            grants.extend(match found {
                Ok(body) => self.in_project(&body, record, attribute),
                Err(reason) => vec![unknown(reason, &record.place)],
            });
        }
        grants
    }

    fn in_project(&self, body: &Settled, record: &Record, attribute: &str) -> Vec<HeldGrant> {
        let scope = within(attribute, body.attribute(attribute));
        self.roles(body.item("roles"), &scope, record)
    }

    /// A list of roles and policies by name.
    fn roles(&self, names: Option<&Item>, scope: &Scope, record: &Record) -> Vec<HeldGrant> {
        let open = |value: &Value| PolicyReference::Open(told(value));
        let grant = |policy| HeldGrant { policy, scope: scope.clone(), place: record.place.clone() };
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

/// Accounts of the platform's services, to which agencies delegate as they do to those of customers.
const SERVICE_ACCOUNT: &str = "op_svc_";

/// Who may assume an agency.
fn delegate(record: &Record) -> Delegate {
    let own = |name| record.text(name).map(str::to_owned);
    match record.kind {
        "huaweicloud_identity_trust_agency" => Delegate::Trusted,
        "huaweicloud_identity_service_agency" => {
            own("delegated_service_name").map_or(Delegate::Open, Delegate::Principal)
        }
        _ => match (own("delegated_service_name"), own("delegated_domain_name")) {
            (Some(service), None) => Delegate::Service(service),
            (None, Some(account)) if account.starts_with(SERVICE_ACCOUNT) => Delegate::Service(account),
            (None, Some(account)) => Delegate::Account(account),
            _ => Delegate::Open,
        },
    }
}

/// The bodies of nested blocks that are written as values, as JSON has them, or why they are not known.
fn bodies(value: &Value) -> Vec<Result<Settled, String>> {
    match value {
        Value::List(items) => items.iter().flat_map(|item| bodies(&item.value)).collect(),
        Value::Map(members) => {
            let mut body = Settled::default();
            body.attributes.extend(members.iter().map(|(name, member)| SettledAttribute {
                name: Rc::clone(name),
                item: member.item.clone(),
                may_be_blocks: true,
            }));
            vec![Ok(body)]
        }
        Value::Unknown(why) => vec![Err(why.reason.to_string())],
        _ => Vec::new(),
    }
}
