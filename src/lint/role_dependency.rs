//! `role-dependency`

use super::{Finding, Related, Rule};
use crate::authz::{Grant, lacking_roles};
use crate::project::{Deployer, Project, UNBOUND};
use crate::severity::{Certainty, Severity};

/// # role-dependency
///
/// ## What it does
/// Tells which roles (1.0) a principal holds without the roles that they depend on, granted for the same place. A
/// dependency that is granted for all resources counts everywhere, and one that is granted for global services where its
/// service is global. Of roles that no configuration binds it is only possible.
///
/// ## Why it matters
/// A role takes no effect until every role that it depends on is granted too. The console ticks them together; the API,
/// Terraform and scripts do not.
///
/// ## Example
/// ```yaml
/// grants:
///   - policy: "CCE Administrator"
///     scope: { regions: [cn-north-4] }
/// ```
///
/// ## Use instead
/// Grant what it depends on for the same region, or a policy, which depends on nothing:
/// ```yaml
/// grants:
///   - policy: "CCE FullAccess"
///     scope: { regions: [cn-north-4] }
/// ```
///
/// ## How to configure it
/// An error unless `rules: { role-dependency: warning }` says otherwise.
pub(super) struct RoleDependency;

impl Rule for RoleDependency {
    fn name(&self) -> &'static str {
        "role-dependency"
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let of_deployer = |deployer: &Deployer| {
            let grants = &deployer.principal.grants;
            let findings = grants.iter().filter_map(|grant| self.finding(&deployer.principal.name, grant, grants));
            findings.collect::<Vec<_>>()
        };
        project.deployers.iter().flat_map(of_deployer).collect()
    }
}

impl RoleDependency {
    fn finding(&self, principal: &str, grant: &Grant, grants: &[Grant]) -> Option<Finding> {
        let lacking: Vec<String> =
            lacking_roles(grant, grants).into_iter().map(|(role, scope)| format!("`{role}` for {scope}")).collect();
        if lacking.is_empty() {
            return None;
        }
        let named = lacking.join(" and ");
        let role = &grant.policy.name;
        // Nothing says what else is granted to whoever holds an unbound policy.
        let (certainty, severity, open) = if principal == UNBOUND {
            (Certainty::Possible, Severity::Warning, " (possible: no file says what else is granted)")
        } else {
            (Certainty::Certain, self.severity(), "")
        };
        let message = format!("the role `{role}` takes no effect where `{principal}` does not have {named}{open}");
        let help = format!("grant {named} too, or a policy in place of the role");
        let document = grant.policy.place(grant.policy.policy.span);
        let place = grant.place.clone().or_else(|| document.clone())?;
        let asked = document.filter(|_| grant.place.is_some());
        let related = asked.map(|place| Related { message: String::from("depends on it here"), place });
        Some(Finding {
            principal: Some(principal.to_owned()),
            certainty,
            related: related.into_iter().collect(),
            ..Finding::new(self.name(), severity, message, place).with_help(Some(help))
        })
    }
}
