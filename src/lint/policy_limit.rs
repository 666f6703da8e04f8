//! `policy-limit`

use super::{Finding, Rule};
use crate::policy::{Length, Located, Resources, Statement, Version, older};
use crate::project::{PolicyDocument, Project};
use crate::severity::{Certainty, Severity};
use crate::source::{Place, Span};

/// # policy-limit
///
/// ## What it does
/// Tells which policies are longer than IAM accepts. A custom policy (1.1) may have 6144 characters, an identity policy
/// (5.0) 6144 bytes, white space not counted, and a service control policy 5120 characters.
///
/// What IAM receives is measured: the document as JSON without white space between its parts, also where it is written
/// in YAML or is one of several documents of a file. For policies of version 1.1 the documents do not say whether white
/// space counts; one that is too long only as it is written is a possible warning.
///
/// Older regions and versions of the API accept less in a policy of version 1.1: 8 statements, and in each 100 actions,
/// 10 conditions and 10 resources of 128 characters. These are possible warnings too: today they are not limited.
///
/// ## Why it matters
/// The policy cannot be saved, which shows only when it is to be deployed.
///
/// ## Example
/// A policy that lists 250 actions one by one:
/// ```json
/// { "Effect": "Allow", "Action": ["ecs:cloudServers:create", "ecs:cloudServers:delete", "ecs:cloudServers:get"] }
/// ```
///
/// ## Use instead
/// Two policies, or patterns where every action of a kind is meant:
/// ```json
/// { "Effect": "Allow", "Action": ["ecs:cloudServers:*"] }
/// ```
///
/// ## How to configure it
/// An error unless `rules: { policy-limit: warning }` says otherwise; what is only possible is a warning in any case.
pub(super) struct PolicyLimit;

impl Rule for PolicyLimit {
    fn name(&self) -> &'static str {
        "policy-limit"
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for document in project.policies {
            findings.extend(self.length(document));
            if document.source.policy.version == Version::V1_1 {
                findings.extend(self.older(document));
            }
        }
        findings
    }
}

impl PolicyLimit {
    fn length(&self, document: &PolicyDocument) -> Option<Finding> {
        let policy = &document.source.policy;
        let limit = Length::of(policy.kind)?;
        let written = document.source.file.as_ref()?.text().get(policy.span.range())?;
        let beginning = Span::new(policy.span.range().start, policy.span.range().start + first_line(written).len());
        let place = document.source.place(beginning)?;
        let (count, most, unit) = ((limit.count)(&document.compact), limit.most, limit.unit);
        let help = "split it into several policies, or name actions of a kind by a pattern such as `ecs:*:get*`";
        if count > most {
            let message = format!("the policy has {count} {unit}, and IAM accepts {most}");
            return Some(Finding::new(self.name(), self.severity(), message, place).with_help(Some(help.to_owned())));
        }
        // Of YAML nobody expects that it is sent as it stands.
        let count = (limit.count)(written);
        if count <= most || !written.starts_with('{') {
            return None;
        }
        let message = format!(
            "the policy has {count} {unit} as it is written, and IAM accepts {most} (possible: the documents do not \
             say whether white space counts)"
        );
        let help = String::from("remove the white space between its parts before it is saved");
        Some(self.possible(message, place).with_help(Some(help)))
    }

    /// What older regions and versions of the API limit.
    fn older(&self, document: &PolicyDocument) -> Vec<Finding> {
        let statements = &document.source.policy.statements;
        let spans: Vec<Span> = statements.iter().map(|statement| statement.span).collect();
        let of_policy = too_many("the policy", &spans, older::STATEMENTS, "statements", "make two policies of it");
        let excesses = of_policy.into_iter().chain(statements.iter().flat_map(in_statement));
        let finding = |excess: Excess| {
            let place = document.source.place(excess.span)?;
            let message = format!("{} (possible: older regions accept {} at most)", excess.what, excess.most);
            Some(self.possible(message, place).with_help(Some(excess.help.to_owned())))
        };
        excesses.filter_map(finding).collect()
    }

    fn possible(&self, message: String, place: Place) -> Finding {
        Finding { certainty: Certainty::Possible, ..Finding::new(self.name(), Severity::Warning, message, place) }
    }
}

/// More than is accepted, and the first thing that is too many.
struct Excess {
    span: Span,
    what: String,
    most: usize,
    help: &'static str,
}

fn too_many(owner: &str, spans: &[Span], most: usize, things: &str, help: &'static str) -> Option<Excess> {
    let span = *spans.get(most)?;
    Some(Excess { span, what: format!("{owner} has {} {things}", spans.len()), most, help })
}

fn in_statement(statement: &Statement) -> Vec<Excess> {
    const OWNER: &str = "the statement";
    const HELP: &str = "make two statements of it";
    let resources = match &statement.resources {
        Resources::All => &[],
        Resources::Matching(texts) | Resources::Except(texts) | Resources::Agencies(texts) => texts.as_slice(),
    };
    let spans = |texts: &[Located<String>]| -> Vec<Span> { texts.iter().map(|text| text.span).collect() };
    let conditions: Vec<Span> = statement.conditions.iter().map(|condition| condition.key.span).collect();
    let long = resources.iter().find(|resource| resource.value.chars().count() > older::RESOURCE_CHARACTERS);
    let long = long.map(|resource| Excess {
        span: resource.span,
        what: format!("the resource has {} characters", resource.value.chars().count()),
        most: older::RESOURCE_CHARACTERS,
        help: "shorten it by `*`",
    });
    let excesses = [
        too_many(OWNER, &spans(statement.actions.patterns()), older::ACTIONS, "actions", HELP),
        too_many(OWNER, &spans(resources), older::RESOURCES, "resources", HELP),
        too_many(
            OWNER,
            &conditions,
            older::CONDITIONS,
            "conditions",
            "values of one key and operator count as one condition",
        ),
        long,
    ];
    excesses.into_iter().flatten().collect()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
