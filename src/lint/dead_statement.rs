//! `dead-statement`

mod contradiction;

use super::{Finding, Related, Rule};
use crate::authz::Pattern;
use crate::policy::{Actions, Effect, Located, Resources, Statement};
use crate::project::{PolicyDocument, Project};
use crate::severity::{Certainty, Severity};
use crate::source::Span;

/// # dead-statement
///
/// ## What it does
/// Tells which statements, Deny or Allow, can never apply: `NotAction` or `NotResource` takes in everything, or two
/// conditions on one key exclude each other (all conditions of a statement have to hold). Two exclude each other where
/// no value passes both (`StringEquals` and `StringNotEquals` with the same value, ranges of numbers, times or addresses
/// without a common value), and where one asks for a key to be missing and the other compares its value.
///
/// Conditions with `ForAnyValue:` or `ForAllValues:` are passed over. So are `g:CalledVia` and `g:TagKeys`, which have
/// several values; keys of single services may have several too, and are told as possible. Actions that do not exist
/// are told by `unknown-action`, conditions that cannot be read by `invalid-policy`.
///
/// ## Why it matters
/// A Deny that never applies looks like a guard and guards nothing; an Allow that never applies grants nothing.
///
/// ## Example
/// ```json
/// { "Effect": "Deny", "Action": ["ims:images:delete"], "Condition": {
///   "StringEquals": { "g:UserName": ["deployer"] },
///   "StringNotEquals": { "g:UserName": ["deployer", "admin"] }
/// } }
/// ```
///
/// ## Use instead
/// Two statements, where either is enough:
/// ```json
/// { "Effect": "Deny", "Action": ["ims:images:delete"], "Condition": {
///   "StringNotEquals": { "g:UserName": ["admin"] }
/// } }
/// ```
///
/// ## How to configure it
/// A warning unless `rules: { dead-statement: error }` says otherwise.
pub(super) struct DeadStatement;

/// Why a statement never applies, and where that is to be seen.
struct Reason {
    span: Span,
    why: String,
    /// What it is at odds with.
    other: Option<Span>,
    open: Option<String>,
    help: &'static str,
}

impl Rule for DeadStatement {
    fn name(&self) -> &'static str {
        "dead-statement"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let finding = |(document, statement): (&PolicyDocument, &Statement)| self.finding(document, statement);
        project.statements().filter_map(finding).collect()
    }
}

impl DeadStatement {
    fn finding(&self, document: &PolicyDocument, statement: &Statement) -> Option<Finding> {
        let reason = reason(statement)?;
        let without = match statement.effect {
            Effect::Allow => "this Allow grants nothing",
            Effect::Deny => "this Deny forbids nothing",
        };
        let open = reason.open.as_ref().map(|open| format!(" (possible: {open})")).unwrap_or_default();
        let message = format!("{without}: {}{open}", reason.why);
        let place = document.source.place(reason.span)?;
        let mut finding = Finding::new(self.name(), self.severity(), message, place);
        if reason.open.is_some() {
            finding.certainty = Certainty::Possible;
        }
        let other = reason.other.and_then(|span| document.source.place(span));
        let related = |place| Related { message: String::from("this excludes it"), place };
        finding.related = other.into_iter().map(related).collect();
        Some(finding.with_help(Some(reason.help.to_owned())))
    }
}

fn reason(statement: &Statement) -> Option<Reason> {
    let everything = |element: &str, all: &Located<String>| Reason {
        span: all.span,
        why: format!("`{element}` takes in everything"),
        other: None,
        open: None,
        help: "name only what the statement must leave alone, or remove the statement",
    };
    if let Actions::Except(patterns) = &statement.actions
        && let Some(all) = patterns.iter().find(|pattern| Pattern::new(&pattern.value).covers_service("*"))
    {
        return Some(everything("NotAction", all));
    }
    if let Resources::Except(patterns) = &statement.resources
        && let Some(all) = patterns.iter().find(|pattern| pattern.value.split(':').all(|part| part == "*"))
    {
        return Some(everything("NotResource", all));
    }
    let contradiction = contradiction::find(&statement.conditions)?;
    let (first, second) = (&contradiction.first, &contradiction.second);
    Some(Reason {
        span: second.key.span,
        why: format!(
            "`{}` and `{}` on `{}` exclude each other",
            first.operator.value, second.operator.value, second.key.value
        ),
        other: Some(first.key.span),
        help: "all conditions of a statement have to hold: where either is enough, write two statements",
        open: contradiction.is_open.then(|| format!("`{}` may have several values", second.key.value)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::parse;

    #[test]
    fn what_takes_in_everything_leaves_nothing() {
        for (elements, expected) in [
            (r#""NotAction": ["*"]"#, true),
            (r#""NotAction": ["ims:*:*", "*:*:*"]"#, true),
            (r#""NotAction": ["ims:*:*"]"#, false),
            (r#""NotAction": ["*:*:list*"]"#, false),
            (r#""Action": ["*"]"#, false),
            (r#""Action": ["ims:*:*"], "NotResource": ["*"]"#, true),
            (r#""Action": ["ims:*:*"], "NotResource": ["*:*:*:*:*"]"#, true),
            (r#""Action": ["ims:*:*"], "NotResource": ["ims:*:*:image:*"]"#, false),
            (r#""Action": ["ims:*:*"], "Resource": ["*"]"#, false),
        ] {
            let text = format!(r#"{{"Version": "5.0", "Statement": [{{"Effect": "Deny", {elements}}}]}}"#);
            let policy = parse(&crate::syntax::json::parse(&text).unwrap().node).policy;
            let found = policy.statements.iter().find_map(reason);
            assert_eq!(found.is_some(), expected, "{elements}");
        }
    }
}
