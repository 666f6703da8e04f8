//! `random-key-wildcard`

use super::{Finding, Rule};
use crate::policy::{Condition, Located, Operator, Test};
use crate::project::{PolicyDocument, Project};
use crate::severity::Severity;

/// # random-key-wildcard
///
/// ## What it does
/// Tells where a condition compares an id that the platform makes up with a pattern, or with a beginning or an end:
/// `g:DomainId`, `g:PrincipalAccount`, `g:PrincipalOrgId`, `g:SourceAccount`, `g:SourceVpc`, `g:SourceVpce` and
/// `g:UserId` under `StringMatch` with `*` or `?`, `StringStartWith` or `StringEndWith`.
///
/// ## Why it matters
/// Such ids are random: no two that begin alike have anything else in common. The pattern takes in strangers, who may
/// well belong to another account.
///
/// ## Example
/// ```json
/// { "StringMatch": { "g:SourceVpce": ["b0e2*"] } }
/// ```
///
/// ## Use instead
/// The whole ids:
/// ```json
/// { "StringEquals": { "g:SourceVpce": ["b0e22a8f-5b4c-4e0d-9c55-6ac2b7a9d6f1"] } }
/// ```
/// Where any id will do, say that there has to be one:
/// ```json
/// { "Null": { "g:SourceVpce": ["false"] } }
/// ```
///
/// ## How to configure it
/// A warning unless `rules: { random-key-wildcard: error }` says otherwise.
pub(super) struct RandomKeyWildcard;

/// Global keys whose values are ids that the platform makes up.
///
/// The page on global condition keys says of such keys that wildcards are of no use with them. Keys that hold names or
/// paths around the ids (`g:PrincipalUrn`, `g:PrincipalOrgPath`) are matched by patterns with good reason.
const RANDOM: &[&str] = &[
    "g:DomainId",
    "g:PrincipalAccount",
    "g:PrincipalOrgId",
    "g:SourceAccount",
    "g:SourceVpc",
    "g:SourceVpce",
    "g:UserId",
];

impl Rule for RandomKeyWildcard {
    fn name(&self) -> &'static str {
        "random-key-wildcard"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        project.conditions().filter_map(|(document, condition)| self.finding(document, condition)).collect()
    }
}

impl RandomKeyWildcard {
    fn finding(&self, document: &PolicyDocument, condition: &Condition) -> Option<Finding> {
        let key = RANDOM.iter().find(|key| key.eq_ignore_ascii_case(&condition.key.value))?;
        let operator = Operator::read(&condition.operator.value)?;
        let value = condition.values.iter().find(|value| is_partial(operator.test, value))?;
        let message = format!(
            "`{}` holds random ids, and `{}` with `{}` compares only a part of them",
            key, condition.operator.value, value.value
        );
        let is_any = value.value.chars().all(|c| c == '*') && !operator.if_exists;
        let help = if is_any {
            let absent = operator.is_negated;
            format!("write `\"Null\": {{ \"{key}\": [\"{absent}\"] }}` if it is only asked whether there is one")
        } else {
            let instead = if operator.is_negated { "StringNotEquals" } else { "StringEquals" };
            format!("compare whole ids by `{instead}`")
        };
        let place = document.source.place(value.span)?;
        Some(Finding::new(self.name(), self.severity(), message, place).with_help(Some(help)))
    }
}

/// The test looks at a part of the text only. What a policy variable stands for may be a whole id.
fn is_partial(test: Test, value: &Located<String>) -> bool {
    match test {
        Test::Match => value.value.contains(['*', '?']),
        Test::StartsWith | Test::EndsWith => !value.value.contains("${"),
        _ => false,
    }
}
