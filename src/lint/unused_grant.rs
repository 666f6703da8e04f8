//! `unused-grant`

use std::collections::BTreeSet;

use super::unchecked_operation::shortened;
use super::{Finding, Rule};
use crate::authz::{Principal, Wanted, may_read};
use crate::policy::{Actions, Effect, Located, Statement};
use crate::project::{Needs, PolicyDocument, Project};
use crate::severity::{Certainty, Level, Severity};

/// How many patterns a message names.
const IN_MESSAGE: usize = 3;

/// # unused-grant
///
/// ## What it does
/// Tells which actions of a policy nothing needs that its holders deploy: no operation of any phase (or of their own
/// `phases`, where they have some), no dependency, and nothing that is only perhaps needed. There is one finding for each
/// statement. Where some of what they deploy could not be checked, the finding is possible and says how much that is. A
/// holder that deploys nothing is passed over, and so are system-defined policies, and in a policy named `…ReadOnly…` the
/// actions that read.
///
/// ## Why it matters
/// Each action that is granted and not needed is one that a stolen key may use.
///
/// ## Example
/// The manifest makes a VPC, and the only policy of the principal reads:
/// ```json
/// { "Effect": "Allow", "Action": ["vpc:vpcs:*", "vpc:vpcTags:*", "ecs:cloudServers:delete"] }
/// ```
///
/// ## Use instead
/// ```json
/// { "Effect": "Allow", "Action": ["vpc:vpcs:*", "vpc:vpcTags:*"] }
/// ```
///
/// ## How to configure it
/// Off, because what a principal does beside the manifests of one repository is not known here.
/// `rules: { unused-grant: note }` or `--select unused-grant` turns it on.
pub(super) struct UnusedGrant;

impl Rule for UnusedGrant {
    fn name(&self) -> &'static str {
        "unused-grant"
    }

    fn severity(&self) -> Severity {
        Severity::Note
    }

    fn level(&self) -> Level {
        Level::Off
    }

    fn asks_all_manifests(&self) -> bool {
        true
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        project.granting().flat_map(|document| self.in_document(document, project)).collect()
    }
}

impl UnusedGrant {
    fn in_document(&self, document: &PolicyDocument, project: &Project<'_>) -> Vec<Finding> {
        let holders = project.holders(&document.source);
        if holders.is_empty() || holders.iter().any(|(_, needs)| needs.operations == 0) {
            return Vec::new();
        }
        let is_identity = document.source.policy.version.is_identity();
        let wanted = Wanted::new(holders.iter().flat_map(|(_, needs)| &needs.requirements), is_identity);
        let statements = document.source.policy.statements.iter();
        let findings = statements.filter_map(|statement| {
            let unused = unused(statement, &wanted, only_reads(document));
            self.finding(document, &unused, &holders)
        });
        findings.collect()
    }

    fn finding(
        &self,
        document: &PolicyDocument,
        unused: &[&Located<String>],
        holders: &[(&Principal, &Needs)],
    ) -> Option<Finding> {
        let place = document.source.place(unused.first()?.span)?;
        let patterns: BTreeSet<&str> = unused.iter().map(|pattern| pattern.value.as_str()).collect();
        let patterns: Vec<&str> = patterns.into_iter().collect();
        let names: Vec<String> = holders.iter().map(|(principal, _)| format!("`{}`", principal.name)).collect();
        let verb = if holders.len() == 1 { "deploys" } else { "deploy" };
        let unchecked: usize = holders.iter().map(|(_, needs)| needs.unchecked).sum();
        let open = match unchecked {
            0 => String::new(),
            1 => String::from(" (possible: what 1 thing that is deployed needs is not known)"),
            many => format!(" (possible: what {many} things that are deployed need is not known)"),
        };
        let shown = shortened(&patterns, IN_MESSAGE);
        let message = format!("nothing that {} {verb} needs {shown}{open}", names.join(" and "));
        let mut finding = Finding::new(self.name(), self.severity(), message, place);
        if unchecked > 0 {
            finding.certainty = Certainty::Possible;
        }
        if let [(principal, _)] = holders {
            finding.principal = Some(principal.name.clone());
        }
        finding.actions = patterns.into_iter().map(str::to_owned).collect();
        Some(finding.with_help(Some(String::from("remove what is not used for anything else"))))
    }
}

fn unused<'s>(statement: &'s Statement, wanted: &Wanted<'_>, only_reads: bool) -> Vec<&'s Located<String>> {
    match (statement.effect, &statement.actions) {
        (Effect::Allow, Actions::Matching(patterns)) => {
            let is_kept = |pattern: &str| (only_reads && may_read(pattern)) || wanted.may_be_met_by(pattern);
            patterns.iter().filter(|pattern| !is_kept(&pattern.value)).collect()
        }
        _ => Vec::new(),
    }
}

/// The name of the policy says that it is for reading, of whatever there may be.
fn only_reads(document: &PolicyDocument) -> bool {
    document.source.name.to_lowercase().replace(['-', '_'], "").contains("readonly")
}
