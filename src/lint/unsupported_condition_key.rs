//! `unsupported-condition-key`

use super::{Finding, Rule};
use crate::catalog::{Catalog, IdentityAction};
use crate::nearest::listed;
use crate::policy::{Actions, Condition, Effect, Operator, Quantifier, Statement, Test, global_key};
use crate::project::{PolicyDocument, Project};
use crate::severity::Severity;

/// # unsupported-condition-key
///
/// ## What it does
/// Tells, in documents of version 5.0, a condition on a key that requests of an action do not have: the table lists the
/// keys that the action supports, and this one is not among them. Keys that every request has (`g:UserName`,
/// `g:SourceIp`) are left alone, and so are operators that hold without the key (`…IfExists`, `ForAllValues:`, `Null`),
/// operators with `Not`, of which no page says whether they do, patterns with `*`, and actions of which the table
/// knows no keys.
///
/// ## Why it matters
/// The condition never holds for that action: the statement does not allow it, or does not deny it, whatever its other
/// actions do.
///
/// ## Example
/// ```json
/// {
///   "Effect": "Allow",
///   "Action": ["sfsturbo:shares:getShare", "sfsturbo:shares:createShare"],
///   "Condition": { "StringEquals": { "g:ResourceTag/team": ["a"] } }
/// }
/// ```
///
/// ## Use instead
/// ```json
/// {
///   "Effect": "Allow",
///   "Action": ["sfsturbo:shares:getShare"],
///   "Condition": { "StringEquals": { "g:ResourceTag/team": ["a"] } }
/// },
/// {
///   "Effect": "Allow",
///   "Action": ["sfsturbo:shares:createShare"],
///   "Condition": { "StringEquals": { "g:RequestTag/team": ["a"] } }
/// }
/// ```
///
/// ## How to configure it
/// A warning unless `rules: { unsupported-condition-key: error }` says otherwise.
pub(super) struct UnsupportedConditionKey;

impl Rule for UnsupportedConditionKey {
    fn name(&self) -> &'static str {
        "unsupported-condition-key"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let documents = project.policies.iter().filter(|document| document.source.policy.version.is_identity());
        let statements = documents.flat_map(|document| {
            let conditional = document.source.policy.statements.iter().filter(|one| !one.conditions.is_empty());
            conditional.map(move |statement| (document, statement))
        });
        statements.flat_map(|(document, statement)| self.statement(document, statement, project.catalog)).collect()
    }
}

impl UnsupportedConditionKey {
    fn statement(&self, document: &PolicyDocument, statement: &Statement, catalog: &Catalog) -> Vec<Finding> {
        let Actions::Matching(patterns) = &statement.actions else { return Vec::new() };
        let conditions: Vec<&Condition> = statement.conditions.iter().filter(|one| needs_key(one)).collect();
        if conditions.is_empty() {
            return Vec::new();
        }
        let plain = patterns.iter().map(|pattern| pattern.value.as_str()).filter(|action| !action.contains('*'));
        let known: Vec<(&str, Vec<&str>)> = plain
            .filter_map(|action| catalog.identity_action(action).map(|known| (action, keys(&known))))
            .filter(|(_, keys)| !keys.is_empty())
            .collect();
        conditions.into_iter().filter_map(|condition| self.finding(document, statement, condition, &known)).collect()
    }

    fn finding(
        &self,
        document: &PolicyDocument,
        statement: &Statement,
        condition: &Condition,
        known: &[(&str, Vec<&str>)],
    ) -> Option<Finding> {
        let key = condition.key.value.as_str();
        let without = known.iter().filter(|(_, keys)| !keys.iter().any(|supported| is_key(supported, key)));
        let without: Vec<&(&str, Vec<&str>)> = without.collect();
        let ((first, supported), rest) = without.split_first().map(|(first, rest)| (*first, rest))?;
        let (subject, does, is) = match rest.len() {
            0 => (format!("`{first}`"), "does", "is"),
            1 => (format!("`{first}` and one more action"), "do", "are"),
            more => (format!("`{first}` and {more} more actions"), "do", "are"),
        };
        let effect = if statement.effect == Effect::Allow { "allowed" } else { "denied" };
        let message = format!(
            "{subject} {does} not support the condition key `{key}`, and {is} never {effect} by this statement"
        );
        let help =
            format!("write another statement for it, without this condition; `{first}` supports {}", listed(supported));
        let mut actions: Vec<String> = without.iter().map(|(action, _)| (*action).to_owned()).collect();
        actions.sort_unstable();
        actions.dedup();
        let place = document.source.place(condition.key.span)?;
        let finding = Finding::new(self.name(), self.severity(), message, place).with_help(Some(help));
        Some(Finding { actions, ..finding })
    }
}

/// Whether the condition fails for a request without its key, and not every request has that.
fn needs_key(condition: &Condition) -> bool {
    let is_everywhere = match global_key(&condition.key.value) {
        Some(known) => !known.is_listed,
        // A global key that is not known may be everywhere.
        None => condition.key.value.get(..2).is_none_or(|start| start.eq_ignore_ascii_case("g:")),
    };
    let needs = |operator: Operator| {
        !operator.if_exists
            && !operator.is_negated
            && operator.test != Test::Absent
            && operator.quantifier != Some(Quantifier::All)
    };
    !is_everywhere && condition.key.value.contains(':') && Operator::read(&condition.operator.value).is_some_and(needs)
}

/// The condition keys that an action supports, for any type of resource.
fn keys<'a>(action: &IdentityAction<'a>) -> Vec<&'a str> {
    let of_resources = action.resources.iter().flat_map(|resource| resource.conditions.iter().copied());
    let mut keys: Vec<&str> = action.conditions.iter().copied().chain(of_resources).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Whether a key is the supported one; `g:RequestTag/<tag-key>` stands for that key with any tag.
fn is_key(supported: &str, key: &str) -> bool {
    match supported.split_once("/<") {
        Some((name, _)) => key.split_once('/').is_some_and(|(start, _)| start.eq_ignore_ascii_case(name)),
        None => key.eq_ignore_ascii_case(supported),
    }
}
