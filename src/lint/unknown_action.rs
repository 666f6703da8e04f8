//! `unknown-action`

mod correction;

use std::collections::{BTreeSet, HashMap, HashSet};

use self::correction::Corrections;
use super::{Finding, Rule};
use crate::authz::Pattern;
use crate::catalog::Catalog;
use crate::nearest::nearest;
use crate::policy::{Actions, Effect, Kind, Located, Statement, check_action};
use crate::project::{PolicyDocument, Project};
use crate::severity::{Certainty, Severity};

/// # unknown-action
///
/// ## What it does
/// Tells which actions and patterns of a policy match no action that the table knows of the service, with the nearest
/// name. Where the text is no small slip in one part of a known name, the finding is only possible: no table of actions
/// is complete. Services that the table does not hold are passed over, and so are roles (1.0), which call actions by
/// names of their own.
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
        // Roles call actions by names of their own.
        let statements = project.statements().filter(|(document, _)| document.source.policy.kind != Kind::Role);
        statements.flat_map(|(document, statement)| self.statement(document, statement, &known)).collect()
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
        let both: Vec<(&Located<String>, Option<&str>)> = unknown.into_iter().zip(near).collect();
        let is_meant = |(pattern, near): &(&Located<String>, Option<&str>)| {
            near.is_some_and(|near| known.is_slip(&pattern.value, near))
        };
        let severity = if is_empty && both.iter().all(is_meant) { Severity::Error } else { self.severity() };
        let mut corrections = Corrections::of(document, statement);
        let findings = both.iter().filter_map(|one| {
            let meant = known.only_meant(&one.0.value).filter(|meant| known.is_harmless(meant, statement.effect));
            let fix = meant.and_then(|meant| corrections.of_item(one.0, meant));
            Some(self.finding(document, one.0, one.1, is_meant(one), severity)?.with_fix(fix))
        });
        findings.collect()
    }

    fn finding(
        &self,
        document: &PolicyDocument,
        pattern: &Located<String>,
        near: Option<&str>,
        is_slip: bool,
        severity: Severity,
    ) -> Option<Finding> {
        let place = document.source.place(pattern.span)?;
        let service = service_of(&pattern.value);
        let open = if is_slip { "" } else { " (possible: the table may lack it)" };
        let message = format!("`{}` matches no action that is known of the service `{service}`{open}", pattern.value);
        let help = near.map(|near| format!("did you mean `{near}`?"));
        let mut finding = Finding::new(self.name(), severity, message, place).with_help(help);
        if !is_slip {
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
            if catalog.has_action(text) || catalog.leads_to_rights(text) {
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

    /// The only known action that a text certainly is misspelt.
    fn only_meant(&self, text: &str) -> Option<&'a str> {
        let actions = self.catalog.actions(service_of(text)).into_iter();
        let mut meant = actions.filter(|known| self.is_slip(text, known));
        let first = meant.next()?;
        meant.all(|other| other.eq_ignore_ascii_case(first)).then_some(first)
    }

    /// Nobody gets a way to more rights where the action counts.
    fn is_harmless(&self, action: &str, effect: Effect) -> bool {
        effect == Effect::Deny || !self.catalog.leads_to_rights(action)
    }

    /// The text is certainly `near` misspelt: one of its parts is, and means nothing else. Another verb, or another way
    /// to join words, may be an action that the table lacks.
    fn is_slip(&self, text: &str, near: &str) -> bool {
        let (text, near) = (text.to_lowercase(), near.to_lowercase());
        let parts = || text.split(':').zip(near.split(':')).enumerate();
        let mut differing = parts().filter(|(_, (own, other))| own != other);
        let (Some((at, (own, other))), None) = (differing.next(), differing.next()) else { return false };
        let joined = |part: &str| part.replace(['-', '_'], "");
        let is_plural = format!("{own}s") == other || format!("{other}s") == own;
        let slips = (own.len() / LETTERS_FOR_A_SLIP).min(MOST_SLIPS);
        let is_close = is_plural || strsim::osa_distance(own, other) <= slips;
        let is_known = || {
            let actions = self.catalog.actions(service_of(&near));
            actions.iter().any(|action| action.split(':').nth(at).is_some_and(|part| part.eq_ignore_ascii_case(own)))
        };
        is_close && joined(own) != joined(other) && !is_known()
    }
}

/// So many letters of a part can hold one slip …
const LETTERS_FOR_A_SLIP: usize = 4;

/// … and this many slips are the most.
const MOST_SLIPS: usize = 2;

fn service_of(action: &str) -> &str {
    action.split(':').next().unwrap_or(action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_small_slip_in_one_part_is_certain() {
        let catalog = Catalog::embedded();
        let known = Known { catalog: &catalog, unknown: HashSet::new() };
        for (text, near, expected) in [
            ("ims:image:copy", "ims:images:copy", true),
            ("ims:images:cpoy", "ims:images:copy", true),
            ("IMS:Imagse:copy", "ims:images:copy", true),
            ("vpc:vpc:get", "vpc:vpcs:get", true),
            ("ims:image:cpoy", "ims:images:copy", false),
            ("kms:cmk:decrypt", "kms:cmk:crypto", false),
            ("cci:namespace:update", "cci:namespace:create", false),
            ("dli:database:createdatabase", "dli:database:create_database", false),
            ("ims:images:get", "ims:images:set", false),
        ] {
            assert_eq!(known.is_slip(text, near), expected, "{text} for {near}");
        }
    }
}
