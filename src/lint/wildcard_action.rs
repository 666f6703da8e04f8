//! `wildcard-action`

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Rule, statement};
use crate::authz::{Pattern, Requirement};
use crate::catalog::{AccessLevel, Catalog};
use crate::nearest::listed;
use crate::policy::{Actions, Effect, Located, Statement};
use crate::project::{PolicyDocument, Project, UNBOUND};
use crate::severity::Severity;

/// # wildcard-action
///
/// ## What it does
/// Tells which statements allow every action of a service, or of all services: `*`, `*:*:*`, `ims:*:*`, and `NotAction`
/// in an Allow, which grants all that it does not name. The message says how many actions are known that this takes
/// in. A wildcard that the documentation of an API itself asks for, and that the holder of the policy needs by it, is
/// not told.
///
/// ## Why it matters
/// It takes in deleting what the deployment only reads, and each action that the service will have one day.
///
/// ## Example
/// ```json
/// { "Effect": "Allow", "Action": ["vpc:*:*"] }
/// ```
///
/// ## Use instead
/// ```json
/// { "Effect": "Allow", "Action": ["vpc:vpcs:*", "vpc:*:get*", "vpc:*:list*"] }
/// ```
/// The finding names the actions that are needed, as far as the manifests tell, or the command that prints them where they
/// are many.
///
/// ## How to configure it
/// A warning unless `rules: { wildcard-action: note }` says otherwise. A policy for administrators is accepted by an
/// `ignore` entry with its `path` and a `reason`.
pub(super) struct WildcardAction;

/// More actions than this are not written out.
const MOST_WRITTEN_OUT: usize = 12;

impl Rule for WildcardAction {
    fn name(&self) -> &'static str {
        "wildcard-action"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn asks_all_manifests(&self) -> bool {
        true
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let mut known = Known { catalog: project.catalog, told: BTreeMap::new() };
        let mut findings = Vec::new();
        for document in project.granting() {
            let statements = document.source.policy.statements.iter();
            for statement in statements.filter(|statement| statement.effect == Effect::Allow) {
                findings.extend(self.in_statement(document, statement, project, &mut known));
            }
        }
        findings
    }
}

impl WildcardAction {
    fn in_statement(
        &self,
        document: &PolicyDocument,
        statement: &Statement,
        project: &Project<'_>,
        known: &mut Known<'_>,
    ) -> Vec<Finding> {
        match &statement.actions {
            Actions::Matching(patterns) => {
                let wide = patterns.iter().filter(|pattern| is_wildcard(&Pattern::new(&pattern.value)));
                wide.filter_map(|pattern| self.wildcard(document, pattern, project, known)).collect()
            }
            Actions::Except(patterns) => self.all_but(document, statement, patterns, known).into_iter().collect(),
            Actions::MatchingExcept(..) | Actions::Perhaps(_) => Vec::new(),
        }
    }

    fn wildcard(
        &self,
        document: &PolicyDocument,
        located: &Located<String>,
        project: &Project<'_>,
        known: &mut Known<'_>,
    ) -> Option<Finding> {
        let pattern = Pattern::new(&located.value);
        let holders = project.holders(&document.source);
        let needed = holders.iter().flat_map(|(_, needs)| &needs.requirements);
        let needed: Vec<&Requirement> = needed.filter(|need| pattern.covers(&Pattern::new(&need.action))).collect();
        // The documentation of an API asks for all of it.
        if needed.iter().any(|need| Pattern::new(&need.action).covers(&pattern)) {
            return None;
        }
        let whose = match pattern.service() {
            "*" => String::from("every action of every service"),
            service => format!("every action of `{service}`"),
        };
        let message = format!("`{}` takes in {whose}{}", located.value, known.taken_in_by(&pattern));
        let is_identity = document.source.policy.version.is_identity();
        let names: Vec<&str> = holders.iter().map(|(principal, _)| principal.name.as_str()).collect();
        let instead = instead(&needed, &names, is_identity).unwrap_or_else(|| narrower(&pattern));
        let mut finding = Finding::new(self.name(), self.severity(), message, document.source.place(located.span)?);
        finding.actions = vec![located.value.clone()];
        Some(finding.with_help(Some(instead)))
    }

    fn all_but(
        &self,
        document: &PolicyDocument,
        statement: &Statement,
        except: &[Located<String>],
        known: &mut Known<'_>,
    ) -> Option<Finding> {
        let except: Vec<Pattern> = except.iter().map(|pattern| Pattern::new(&pattern.value)).collect();
        if except.iter().any(|pattern| pattern.covers_service("*")) {
            return None;
        }
        let message =
            format!("`NotAction` in an Allow takes in every action that it does not name{}", known.left_in_by(&except));
        let place = document.source.place(statement.span)?;
        let help = String::from("name in `Action` what is needed; what must never be done goes into a Deny");
        Some(Finding::new(self.name(), self.severity(), message, place).with_help(Some(help)))
    }
}

/// The pattern takes in every action of one service or more.
fn is_wildcard(pattern: &Pattern) -> bool {
    pattern.covers_service(pattern.service())
}

/// What is needed of a wildcard; none where that is nothing.
fn instead(needed: &[&Requirement], holders: &[&str], is_identity: bool) -> Option<String> {
    let count = needed.iter().map(|requirement| &requirement.action).collect::<BTreeSet<_>>().len();
    if count <= MOST_WRITTEN_OUT {
        return statement::to_add(needed, is_identity)
            .map(|statement| format!("grant what is needed of it instead: {statement}"));
    }
    let format = if is_identity { "policy-5.0" } else { "policy-1.1" };
    let commands: Vec<String> = holders.iter().map(|name| require(name, format)).collect();
    let commands = listed(&commands.iter().map(String::as_str).collect::<Vec<_>>());
    Some(format!(
        "grant the {count} actions that are needed of it instead: {commands} prints policies with all that is needed"
    ))
}

fn require(principal: &str, format: &str) -> String {
    if principal == UNBOUND {
        return format!("grantlint require --format {format}");
    }
    let is_word = principal.chars().all(|character| character.is_alphanumeric() || "-_.".contains(character));
    let quote = if is_word { "" } else { "'" };
    format!("grantlint require --principal {quote}{principal}{quote} --format {format}")
}

/// Narrower patterns, where it is not known what is needed.
fn narrower(pattern: &Pattern) -> String {
    let service = pattern.service();
    format!("name the actions that are needed, or those that read: `{service}:*:get*`, `{service}:*:list*`")
}

/// What the table knows of the actions that wildcards take in; each wildcard is counted once.
struct Known<'a> {
    catalog: &'a Catalog,
    told: BTreeMap<String, String>,
}

impl Known<'_> {
    /// ": 61 names are known, …"
    fn taken_in_by(&mut self, pattern: &Pattern) -> String {
        let catalog = self.catalog;
        let service = pattern.service();
        let told = self.told.entry(service.to_owned()).or_insert_with(|| {
            if service.contains('*') {
                let all = catalog.all_actions().into_iter().map(|(action, _)| action);
                counted(all.filter(|action| pattern.covers(&Pattern::new(action))), catalog)
            } else {
                counted(catalog.actions(service).into_iter(), catalog)
            }
        });
        told.clone()
    }

    fn left_in_by(&self, except: &[Pattern]) -> String {
        let all = self.catalog.all_actions().into_iter().map(|(action, _)| action);
        let is_left = |action: &&str| {
            let action = Pattern::new(action);
            !except.iter().any(|pattern| pattern.covers(&action))
        };
        counted(all.filter(is_left), self.catalog)
    }
}

/// How many actions there are, and what is known of what they do.
fn counted<'a>(actions: impl Iterator<Item = &'a str>, catalog: &Catalog) -> String {
    let (mut all, mut changing, mut permitting) = (0_usize, 0_usize, 0_usize);
    for action in actions {
        all += 1;
        match catalog.identity_action(action).and_then(|described| described.access) {
            Some(AccessLevel::Write | AccessLevel::Tagging) => changing += 1,
            Some(AccessLevel::PermissionManagement) => permitting += 1,
            Some(AccessLevel::List | AccessLevel::Read) | None => {}
        }
    }
    let kinds = match (changing, permitting) {
        (0, 0) => String::new(),
        (changing, 0) => format!(", at least {changing} of which change resources"),
        (0, permitting) => format!(", at least {permitting} of which change permissions"),
        _ => format!(", at least {changing} of which change resources and {permitting} permissions"),
    };
    match all {
        0 => String::new(),
        1 => format!(": 1 name is known{kinds}"),
        all => format!(": {all} names are known{kinds}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_takes_in_all_of_a_service() {
        for (pattern, expected) in [
            ("*", true),
            ("*:*:*", true),
            ("ims:*:*", true),
            ("IMS:*", true),
            ("identity:*", true),
            ("i*:*:*", true),
            ("ims:*:get*", false),
            ("*:*:list*", false),
            ("ims:images:*", false),
            ("ims:images:copy", false),
            ("sts::*", false),
        ] {
            assert_eq!(is_wildcard(&Pattern::new(pattern)), expected, "{pattern}");
        }
    }

    #[test]
    fn what_is_taken_in_is_counted_by_what_is_known_of_it() {
        let catalog = Catalog::embedded();
        let mut known = Known { catalog: &catalog, told: BTreeMap::new() };
        let of = |pattern: &str, known: &mut Known<'_>| known.taken_in_by(&Pattern::new(pattern));
        assert_eq!(of("nosuchservice:*:*", &mut known), "");
        let sts = format!(": {} names are known", catalog.actions("sts").len());
        assert!(of("sts:*:*", &mut known).starts_with(&sts));
        assert_eq!(of("st*:*:*", &mut known), of("sts:*:*", &mut known), "no other service begins so");
        let all = format!(": {} names are known", catalog.all_actions().len());
        assert!(of("*:*:*", &mut known).starts_with(&all));
    }
}
