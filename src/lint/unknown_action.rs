//! `unknown-action`

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Finding, Rule};
use crate::authz::Pattern;
use crate::catalog::Catalog;
use crate::nearest::nearest;
use crate::policy::{Actions, Located, Statement, check_action};
use crate::project::{PolicyDocument, Project};
use crate::severity::{Certainty, Severity};

/// # unknown-action
///
/// ## What it does
/// Tells which actions and patterns of a policy match no action that the table knows of the service, with the nearest
/// name. Where no known name is near, the finding is only possible: no table of actions is complete. Services that
/// the table does not hold are passed over.
///
/// ## Why it matters
/// IAM saves a misspelt action without a word, and it grants nothing.
///
/// ## Example
/// ```json
/// { "Effect": "Allow", "Action": ["ims:image:copy", "ims:images:list"] }
/// ```
///
/// ## Use instead
/// ```json
/// { "Effect": "Allow", "Action": ["ims:images:copy", "ims:images:list"] }
/// ```
///
/// ## How to configure it
/// A warning, and an error where every action of the whole statement is a known one misspelt;
/// `rules: { unknown-action: warning }` makes all of them warnings.
pub(super) struct UnknownAction;

impl Rule for UnknownAction {
    fn name(&self) -> &'static str {
        "unknown-action"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let known = Known::of(project);
        project.statements().flat_map(|(document, statement)| self.statement(document, statement, &known)).collect()
    }
}

impl UnknownAction {
    fn statement(&self, document: &PolicyDocument, statement: &Statement, known: &Known<'_>) -> Vec<Finding> {
        let patterns = statement.actions.patterns();
        let version = document.source.policy.version;
        let unknown: Vec<&Located<String>> = patterns
            .iter()
            .filter(|pattern| {
                check_action(&pattern.value, pattern.span, version).is_none() && known.lacks(&pattern.value)
            })
            .collect();
        let near: Vec<Option<&str>> = unknown.iter().map(|pattern| known.near(&pattern.value)).collect();
        let is_empty = unknown.len() == patterns.len() && matches!(statement.actions, Actions::Matching(_));
        let severity = if is_empty && near.iter().all(Option::is_some) { Severity::Error } else { self.severity() };
        let both = unknown.into_iter().zip(near);
        both.filter_map(|(pattern, near)| self.finding(document, pattern, near, severity)).collect()
    }

    fn finding(
        &self,
        document: &PolicyDocument,
        pattern: &Located<String>,
        near: Option<&str>,
        severity: Severity,
    ) -> Option<Finding> {
        let place = document.source.place(pattern.span)?;
        let service = service_of(&pattern.value);
        let open = if near.is_some() { "" } else { " (possible: the table may lack it)" };
        let message = format!("`{}` matches no action that is known of the service `{service}`{open}", pattern.value);
        let help = near.map(|near| format!("did you mean `{near}`?"));
        let mut finding = Finding::new(self.name(), severity, message, place).with_help(help);
        if near.is_none() {
            finding.certainty = Certainty::Possible;
        }
        finding.actions = vec![pattern.value.clone()];
        Some(finding)
    }
}

/// The actions that policies name and the table does not know; each text is looked up once.
struct Known<'a> {
    catalog: &'a Catalog,
    unknown: HashSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(project: &Project<'a>) -> Self {
        let documents = project.policies.iter().flat_map(|document| &document.source.policy.statements);
        let patterns = documents.flat_map(|statement| statement.actions.patterns());
        let texts: BTreeSet<&str> = patterns.map(|pattern| pattern.value.as_str()).collect();
        let catalog = project.catalog;
        let mut services: HashMap<String, Vec<&str>> = HashMap::new();
        let is_unknown = |text: &&str| {
            // Most are written as documented.
            if catalog.has_action(text) {
                return false;
            }
            let service = service_of(text).to_lowercase();
            let pattern = Pattern::new(text);
            let is_meant = |known: &&str| pattern.meets(&Pattern::new(known));
            catalog.has_table(&service)
                && !services.entry(service.clone()).or_insert_with(|| catalog.actions(&service)).iter().any(is_meant)
        };
        Self { catalog, unknown: texts.into_iter().filter(is_unknown).collect() }
    }

    /// The known action that a text is most like.
    fn near(&self, text: &str) -> Option<&'a str> {
        nearest(text, self.catalog.actions(service_of(text)))
    }

    fn lacks(&self, text: &str) -> bool {
        self.unknown.contains(text)
    }
}

fn service_of(action: &str) -> &str {
    action.split(':').next().unwrap_or(action)
}
