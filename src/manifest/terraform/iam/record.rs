//! The resources of IAM that a root module defines, with their values.

use std::sync::Arc;

use crate::manifest::terraform::language::{Made, Value};
use crate::manifest::terraform::module::Settled;
use crate::source::Place;

/// One instance of a resource or data source of IAM.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// From the root module on.
    pub(crate) address: String,
    /// The type, as the provider calls it now.
    pub(crate) kind: &'static str,
    pub(crate) is_data: bool,
    pub(crate) body: Settled,
    pub(crate) place: Place,
    /// Where its block writes a name that only a run tells.
    pub(crate) name_at: Option<Place>,
    /// Why there may be no such instance.
    pub(crate) open: Option<Arc<str>>,
}

/// The types that are recorded, each with the name that the provider gives it now.
const KINDS: &[(&str, &str)] = &[
    ("huaweicloud_enterprise_project", "huaweicloud_enterprise_project"),
    ("huaweicloud_iam_agency", "huaweicloud_identity_agency"),
    ("huaweicloud_identity_agency", "huaweicloud_identity_agency"),
    ("huaweicloud_identity_agency_v3", "huaweicloud_identity_agency"),
    ("huaweicloud_identity_custom_role", "huaweicloud_identity_role"),
    ("huaweicloud_identity_group", "huaweicloud_identity_group"),
    ("huaweicloud_identity_group_membership", "huaweicloud_identity_group_membership"),
    ("huaweicloud_identity_group_membership_v3", "huaweicloud_identity_group_membership"),
    ("huaweicloud_identity_group_role_assignment", "huaweicloud_identity_group_role_assignment"),
    ("huaweicloud_identity_group_v3", "huaweicloud_identity_group"),
    ("huaweicloud_identity_policy", "huaweicloud_identityv5_policy"),
    ("huaweicloud_identity_policy_agency_attach", "huaweicloud_identityv5_policy_agency_attach"),
    ("huaweicloud_identity_project", "huaweicloud_identity_project"),
    ("huaweicloud_identity_project_v3", "huaweicloud_identity_project"),
    ("huaweicloud_identity_projects", "huaweicloud_identity_project"),
    ("huaweicloud_identity_role", "huaweicloud_identity_role"),
    ("huaweicloud_identity_role_assignment", "huaweicloud_identity_group_role_assignment"),
    ("huaweicloud_identity_role_assignment_v3", "huaweicloud_identity_group_role_assignment"),
    ("huaweicloud_identity_role_v3", "huaweicloud_identity_role"),
    ("huaweicloud_identity_service_agency", "huaweicloud_identity_service_agency"),
    ("huaweicloud_identity_trust_agency", "huaweicloud_identity_trust_agency"),
    ("huaweicloud_identity_user", "huaweicloud_identity_user"),
    ("huaweicloud_identity_user_role_assignment", "huaweicloud_identity_user_role_assignment"),
    ("huaweicloud_identity_user_v3", "huaweicloud_identity_user"),
    ("huaweicloud_identitycenter_custom_policy_attachment", "huaweicloud_identitycenter_custom_policy_attachment"),
    ("huaweicloud_identitycenter_custom_role_attachment", "huaweicloud_identitycenter_custom_role_attachment"),
    ("huaweicloud_identityv5_agency", "huaweicloud_identity_trust_agency"),
    ("huaweicloud_identityv5_group", "huaweicloud_identity_group"),
    ("huaweicloud_identityv5_group_membership", "huaweicloud_identity_group_membership"),
    ("huaweicloud_identityv5_policy", "huaweicloud_identityv5_policy"),
    ("huaweicloud_identityv5_policy_agency_attach", "huaweicloud_identityv5_policy_agency_attach"),
    ("huaweicloud_identityv5_policy_group_attach", "huaweicloud_identityv5_policy_group_attach"),
    ("huaweicloud_identityv5_policy_user_attach", "huaweicloud_identityv5_policy_user_attach"),
    ("huaweicloud_identityv5_user", "huaweicloud_identity_user"),
    ("huaweicloud_organizations_policy", "huaweicloud_organizations_policy"),
];

/// The name that the provider now gives a type of IAM; none where it is none.
pub(crate) fn is_recorded(type_name: &str) -> Option<&'static str> {
    let index = KINDS.binary_search_by_key(&type_name, |(name, _)| name).ok()?;
    KINDS.get(index).map(|(_, kind)| *kind)
}

impl Record {
    /// The text of an attribute.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.body.attribute(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// What it is called: its name, or else its address.
    pub(super) fn name(&self) -> &str {
        self.own_name().unwrap_or(&self.address)
    }

    /// Its name, where it is known.
    pub(super) fn own_name(&self) -> Option<&str> {
        self.text("name").or_else(|| self.text("display_name"))
    }
}

/// The address of the resource of which a value is what a run gives it, such as its id.
pub(crate) fn given_by(value: &Value) -> Option<&str> {
    match value {
        Value::Unknown(why) => match why.made.as_deref()? {
            Made::Given { address, .. } | Made::Resource { address, .. } => Some(address),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_are_sorted_and_lead_to_types_of_today() {
        assert!(KINDS.is_sorted_by_key(|(name, _)| name));
        for (name, kind) in KINDS {
            assert!(is_recorded(kind).is_none_or(|own| own == *kind), "{name}");
        }
        assert_eq!(
            is_recorded("huaweicloud_identity_role_assignment"),
            Some("huaweicloud_identity_group_role_assignment")
        );
        assert_eq!(is_recorded("huaweicloud_vpc"), None);
    }
}
