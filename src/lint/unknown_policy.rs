//! `unknown-policy`

use super::{Finding, Rule};
use crate::project::Project;
use crate::severity::{Certainty, Severity};

/// # unknown-policy
///
/// ## What it does
/// Tells which grants of the configuration name a file that is not there, or a system-defined policy or role that does
/// not exist.
///
/// ## Why it matters
/// Nothing is known of such a grant; what its principal needs is reported as open instead of missing.
///
/// ## Example
/// ```yaml
/// grants:
///   - policy: "IMS ReadOnlyAcces"
/// ```
///
/// ## Use instead
/// ```yaml
/// grants:
///   - policy: "IMS ReadOnlyAccess"
/// ```
///
/// ## How to configure it
/// An error unless `rules: { unknown-policy: warning }` says otherwise. For a name that is no slip in a known one it is a
/// possible warning: no list of system-defined policies is complete.
pub(super) struct UnknownPolicy;

impl Rule for UnknownPolicy {
    fn name(&self) -> &'static str {
        "unknown-policy"
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let finding = |unbound: &crate::project::Unbound| {
            let (severity, certainty) = if unbound.is_certain {
                (self.severity(), Certainty::Certain)
            } else {
                (Severity::Warning, Certainty::Possible)
            };
            Finding {
                principal: unbound.principal.clone(),
                certainty,
                ..Finding::new(self.name(), severity, unbound.message.clone(), unbound.place.clone())
                    .with_help(unbound.help.clone())
            }
        };
        project.unbound.iter().map(finding).collect()
    }
}
