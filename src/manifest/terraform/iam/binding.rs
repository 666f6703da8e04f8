//! From the resources of IAM to policies and to principals with their grants.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::{NoDocument, document};
use super::holder::Holders;
use super::record::{Record, given_by};
use crate::authz::Scope;
use crate::manifest::terraform::language::Value;
use crate::manifest::{Delegate, Extract, HeldGrant, HeldPolicy, HolderKind, PolicyReference};
use crate::policy::Kind;
use crate::source::SourceFile;

/// Adds the policies and principals of a root module's IAM resources to what it holds.
pub(crate) fn identities(records: &[Record], file: &dyn Fn(u32) -> Option<Arc<SourceFile>>, extract: &mut Extract) {
    let mut binder = Binder { records, file, extract, held: BTreeMap::new(), holders: Holders::default() };
    for step in [Binder::policy, Binder::define, Binder::grant, Binder::join] {
        for record in records {
            step(&mut binder, record);
        }
    }
    let principals = std::mem::take(&mut binder.holders).into_principals();
    extract.principals.extend(principals);
}

pub(super) struct Binder<'r> {
    records: &'r [Record],
    file: &'r dyn Fn(u32) -> Option<Arc<SourceFile>>,
    pub(super) extract: &'r mut Extract,
    /// The policies by the address of their resource.
    held: BTreeMap<&'r str, PolicyReference>,
    pub(super) holders: Holders,
}

impl<'r> Binder<'r> {
    /// A resource that holds a policy.
    fn policy(&mut self, record: &'r Record) {
        let (attribute, kind) = match record.kind {
            "huaweicloud_identity_role" if !record.is_data => ("policy", None),
            "huaweicloud_identityv5_policy" => ("policy_document", Some(Kind::Identity)),
            "huaweicloud_identitycenter_custom_policy_attachment" => ("custom_policy", Some(Kind::Identity)),
            "huaweicloud_identitycenter_custom_role_attachment" => ("custom_role", None),
            "huaweicloud_organizations_policy" if record.text("type") == Some("service_control_policy") => {
                ("content", Some(Kind::ServiceControl))
            }
            _ => return,
        };
        let reference = self.held_policy(record, attribute, kind);
        self.held.insert(&record.address, reference);
    }

    /// The policy that an attribute of a resource holds.
    pub(super) fn held_policy(&mut self, record: &Record, attribute: &str, kind: Option<Kind>) -> PolicyReference {
        let open = || PolicyReference::Open(record.name().to_owned());
        let Some(item) = record.body.item(attribute) else { return open() };
        match document(item, self.file) {
            Ok(found) => {
                self.extract.policies.push(HeldPolicy {
                    address: record.address.clone(),
                    node: found.node,
                    departures: found.departures,
                    file: found.file,
                    is_whole_file: found.is_whole_file,
                    kind,
                });
                PolicyReference::Held(self.extract.policies.len() - 1)
            }
            Err(NoDocument::Open) => open(),
            Err(NoDocument::Broken(problem)) => {
                self.extract.broken_policies.push(problem);
                open()
            }
        }
    }

    /// A group, user or agency.
    fn define(&mut self, record: &'r Record) {
        match record.kind {
            "huaweicloud_identity_group" => drop(self.holders.define(record, HolderKind::Group)),
            "huaweicloud_identity_user" => drop(self.holders.define(record, HolderKind::User)),
            "huaweicloud_identity_agency"
            | "huaweicloud_identity_trust_agency"
            | "huaweicloud_identity_service_agency" => {
                self.agency(record);
            }
            _ => {}
        }
    }

    /// A resource that grants a policy.
    fn grant(&mut self, record: &'r Record) {
        let (holder, policy, kind) = match record.kind {
            "huaweicloud_identity_group_role_assignment" => ("group_id", "role_id", HolderKind::Group),
            "huaweicloud_identity_user_role_assignment" => ("user_id", "role_id", HolderKind::User),
            "huaweicloud_identityv5_policy_group_attach" => ("group_id", "policy_id", HolderKind::Group),
            "huaweicloud_identityv5_policy_user_attach" => ("user_id", "policy_id", HolderKind::User),
            "huaweicloud_identityv5_policy_agency_attach" => {
                ("agency_id", "policy_id", HolderKind::Agency(Delegate::Open))
            }
            _ => return,
        };
        let (Some(holder), Some(policy)) = (record.body.attribute(holder), record.body.attribute(policy)) else {
            return;
        };
        let policy = self.by_id(policy);
        let grant = HeldGrant { policy, scope: scope(record), place: record.place.clone() };
        self.holders.of(holder, kind, &record.place).grants.push(grant);
    }

    /// Members of groups hold what their groups do.
    fn join(&mut self, record: &'r Record) {
        if record.kind != "huaweicloud_identity_group_membership" {
            return;
        }
        let attribute = |names: [&str; 2]| names.into_iter().find_map(|name| record.body.attribute(name));
        let (Some(group), Some(users)) = (attribute(["group", "group_id"]), attribute(["users", "user_id_list"]))
        else {
            return;
        };
        let grants = self.holders.grants_of(group);
        for user in users.as_list().unwrap_or_default() {
            if given_by(&user.value).is_some() {
                let user = self.holders.of(&user.value, HolderKind::User, &record.place);
                if user.grants.is_empty() {
                    user.kind = HolderKind::Member;
                }
                user.grants.extend(grants.iter().cloned());
            }
        }
    }

    /// The policy of an id: of a resource or data source of the files.
    fn by_id(&self, id: &Value) -> PolicyReference {
        let Some(address) = given_by(id) else {
            return PolicyReference::Open(told(id));
        };
        if let Some(held) = self.held.get(address) {
            return held.clone();
        }
        let record = self.records.iter().find(|record| record.address == address);
        let name = record
            .filter(|record| record.is_data)
            .and_then(|record| record.text("display_name").or_else(|| record.text("name")));
        name.map_or_else(|| PolicyReference::Open(address.to_owned()), |name| self.by_name(name))
    }

    /// The policy of a name: of a resource of the files, or else of the platform or the account.
    pub(super) fn by_name(&self, name: &str) -> PolicyReference {
        let named = |record: &&Record| {
            !record.is_data && self.held.contains_key(record.address.as_str()) && record.text("name") == Some(name)
        };
        let own = self.records.iter().find(named).and_then(|record| self.held.get(record.address.as_str()));
        own.cloned().unwrap_or_else(|| PolicyReference::Named(name.to_owned()))
    }
}

/// For what a role is assigned.
fn scope(record: &Record) -> Scope {
    let set = |name| record.body.attribute(name).filter(|value| **value != Value::Null);
    if set("domain_id").is_some() {
        return Scope::Global;
    }
    match (set("project_id"), set("enterprise_project_id")) {
        (Some(project), _) if project.as_str() == Some("all") => Scope::All,
        (Some(project), _) => within("project_id", Some(project)),
        (None, Some(project)) => within("enterprise_project_id", Some(project)),
        (None, None) => Scope::All,
    }
}

/// The project that an attribute names; open where only a run could tell it.
pub(super) fn within(attribute: &str, project: Option<&Value>) -> Scope {
    let is_enterprise = attribute.starts_with("enterprise_project");
    if let Some(name) = project.and_then(name) {
        let names = vec![name];
        return if is_enterprise { Scope::EnterpriseProjects(names) } else { Scope::Projects(names) };
    }
    let what = if is_enterprise { "enterprise project" } else { "IAM project" };
    let why = match project {
        Some(Value::Unknown(why)) => format!(": {}", why.reason),
        _ => String::new(),
    };
    Scope::Open(format!("for which {what} it is granted is not known{why}"))
}

/// A project by its id, or by the name of the resource or data source that has it.
fn name(project: &Value) -> Option<String> {
    match project {
        Value::Unknown(why) => why.name().map(str::to_owned),
        other => other.scalar().map(|text| text.to_string()),
    }
}

/// What a message calls something that the files do not hold, by the reason that it is not known or by its id.
pub(super) fn told(value: &Value) -> String {
    match value {
        // The name that the reason begins with.
        Value::Unknown(why) => why.reason.split('`').nth(1).unwrap_or(&why.reason).to_owned(),
        other => other.scalar().map_or_else(|| other.kind().to_owned(), |id| id.to_string()),
    }
}
