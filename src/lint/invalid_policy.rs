//! `invalid-policy`

use super::{Finding, Rule};
use crate::fix::{self, Fix};
use crate::policy::Defect;
use crate::project::{PolicyDocument, Project};
use crate::severity::{Certainty, Severity};

/// # invalid-policy
///
/// ## What it does
/// Holds every element of a policy document against its grammar: roles (1.0), policies (1.1), identity policies, trust
/// policies and service control policies (5.0). It tells what IAM refuses and what has no effect where it stands:
///
/// - text that is no strict JSON: comments, commas too many or too few, single quotes, keys without quotes;
/// - elements that the document cannot have, misspelt, twice, or together with another that excludes them;
/// - a text where a list is needed, several actions in one text, actions and resources of the wrong form;
/// - operators and condition keys that do not exist, operators that do not fit their key, values that no such operator
///   can read;
/// - dependencies of roles without a name, principals of trust policies that name nobody.
///
/// ## Why it matters
/// The document cannot be saved, or an element is lost without a word.
///
/// ## Example
/// ```json
/// { "Version": "1.1", "Statement": [{ "effect": "Allow", "Action": "ims:images:copy" }] }
/// ```
///
/// ## Use instead
/// ```json
/// { "Version": "1.1", "Statement": [{ "Effect": "Allow", "Action": ["ims:images:copy"] }] }
/// ```
///
/// ## How to configure it
/// An error unless `rules: { invalid-policy: warning }` says otherwise. What the documents leave open (an operator that
/// no page lists, a wildcard in an unusual place) is possible, and at most a warning.
pub(super) struct InvalidPolicy;

impl Rule for InvalidPolicy {
    fn name(&self) -> &'static str {
        "invalid-policy"
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for document in project.policies {
            for defect in &document.defects {
                let Some(place) = document.source.place(defect.span) else { continue };
                let (severity, open) = match defect.certainty {
                    Certainty::Certain => (self.severity(), ""),
                    Certainty::Possible => {
                        (Severity::Warning, " (possible: the documents leave open what IAM does with it)")
                    }
                };
                let finding = Finding::new(self.name(), severity, format!("{}{open}", defect.message), place);
                findings.push(Finding {
                    certainty: defect.certainty,
                    ..finding.with_help(defect.help.clone()).with_fix(rewritten(document, defect))
                });
            }
        }
        let broken = project.broken_policies.iter().map(|problem| {
            let finding = Finding::new(self.name(), self.severity(), problem.message.clone(), problem.place.clone());
            finding.with_help(problem.help.clone())
        });
        findings.extend(broken);
        findings.extend(self.scoped_identity_policies(project));
        findings
    }
}

/// What is meant instead of what stands there.
fn rewritten(document: &PolicyDocument, defect: &Defect) -> Option<Fix> {
    let (written, meant) = defect.meant.as_ref()?;
    let file = fix::written_file(&document.source)?;
    let edit = fix::rewritten(file, defect.span, written, meant)?;
    Some(Fix::new(format!("write `{meant}`"), file, vec![edit]))
}

impl InvalidPolicy {
    /// Identity policies are attached without a scope; one that a grant gives would be lost.
    fn scoped_identity_policies(&self, project: &Project<'_>) -> Vec<Finding> {
        let grants = project
            .deployers
            .iter()
            .flat_map(|deployer| deployer.principal.grants.iter().map(move |grant| (&deployer.principal.name, grant)));
        grants
            .filter(|(_, grant)| grant.policy.policy.version.is_identity() && grant.scope != crate::authz::Scope::All)
            .filter_map(|(principal, grant)| {
                let message = format!("`{}` is an identity policy (5.0), which cannot be bound for {}", grant.policy.name, grant.scope);
                let help = "remove the scope; limit the policy by `Resource` or by a condition such as `g:EnterpriseProjectId`";
                let place = grant.place.clone()?;
                Some(Finding {
                    principal: Some(principal.clone()),
                    ..Finding::new(self.name(), self.severity(), message, place).with_help(Some(help.to_owned()))
                })
            })
            .collect()
    }
}
