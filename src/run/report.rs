//! The rules run, and what they find is put in order, numbered, and held against what accepts it.

use std::collections::HashMap;
use std::hash::Hasher;

use super::{Change, Options};
use crate::baseline::Baseline;
use crate::config::{Acceptance, Candidate, Config};
use crate::lint::{Finding, RULES, Rule, UNUSED_IGNORE};
use crate::parallel;
use crate::project::{Inputs, Project};
use crate::report::{Report, Summary, Suppressed};
use crate::severity::{Certainty, Level, Severity};

/// Rules about so many decisions, and so many findings, are worth a thread.
const MANY: usize = 1_000;

/// The rules whose errors say that IAM or Terraform refuses a file.
const REFUSING: [&str; 4] = ["mixed-scope-policy", "policy-limit", "invalid-policy", "invalid-manifest"];

/// Runs the rules and puts their findings in order.
pub(crate) fn report(
    project: &Project<'_>,
    config: &Config,
    options: &Options<'_>,
    (inputs, baseline, change): (&Inputs, Option<Baseline>, Option<Change>),
) -> Report {
    let running: Vec<&dyn Rule> = RULES.iter().copied().filter(|rule| runs(*rule, config, options)).collect();
    // What accepts nothing is known once all others have spoken.
    let (last, first): (Vec<&dyn Rule>, Vec<&dyn Rule>) =
        running.into_iter().partition(|rule| rule.name() == UNUSED_IGNORE);
    let found = |rule: &&dyn Rule| found(*rule, project, config, options);
    let many = if project.assessed.assessments.len() < MANY { usize::MAX } else { 0 };
    let findings = parallel::flat(parallel::map(&first, many, found));
    let (findings, mut suppressed) = accepted(numbered(findings), &project.acceptance);
    let unused = numbered(last.iter().flat_map(found).collect());
    let mut findings = if unused.is_empty() { findings } else { sorted(findings.into_iter().chain(unused).collect()) };
    let gone = baseline.map(|baseline| {
        let (new, known) = baseline.without_known(std::mem::take(&mut findings));
        findings = new;
        // In a part of the project not every finding comes up.
        let gone = if project.acceptance.sees_all() { baseline.len().saturating_sub(known.len()) } else { 0 };
        suppressed.extend(known);
        gone
    });
    let before = findings.len();
    if let Some(change) = change {
        findings.retain(|finding| change.affects(finding));
        suppressed.retain(|accepted| change.affects(&accepted.finding));
    }
    let elsewhere = before - findings.len();
    let faults = if options.faults { faults(project) } else { HashMap::new() };
    let summary = summary(project, inputs, options, &findings, suppressed.len());
    Report { summary, findings, suppressed, gone: gone.unwrap_or_default(), elsewhere, faults, review: None }
}

/// How many errors of the rules about files that are refused each file has.
fn faults(project: &Project<'_>) -> HashMap<String, usize> {
    let refusing = RULES.iter().filter(|rule| REFUSING.contains(&rule.name()));
    let errors = refusing.flat_map(|rule| rule.check(project)).filter(|finding| finding.severity == Severity::Error);
    let mut faults: HashMap<String, usize> = HashMap::new();
    for finding in errors {
        *faults.entry(finding.place.file.path().to_owned()).or_default() += 1;
    }
    faults
}

/// Whether a rule runs.
pub(super) fn runs(rule: &dyn Rule, config: &Config, options: &Options<'_>) -> bool {
    let named = |names: &[String]| names.iter().any(|name| name == rule.name());
    let is_selected = (options.select.is_empty() || named(options.select)) && !named(options.ignore);
    let is_on = match level(rule.name(), config, options) {
        Some(level) => level != Level::Off,
        None => rule.level() != Level::Off || !options.select.is_empty(),
    };
    is_selected && is_on
}

/// The findings of a rule that concern the principals of the run, at the level that the rule is set to.
fn found(rule: &dyn Rule, project: &Project<'_>, config: &Config, options: &Options<'_>) -> Vec<Finding> {
    let mut findings = rule.check(project);
    findings.retain(|finding| concerns_selected(finding, options));
    match level(rule.name(), config, options) {
        Some(Level::At(severity)) => findings.into_iter().map(|finding| at(finding, severity)).collect(),
        _ => findings,
    }
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    // The keys lie side by side, and hold what is asked first.
    let mut keyed: Vec<(Key<'_>, usize)> = findings.iter().map(key).zip(0..).collect();
    parallel::sort(&mut keyed, MANY);
    let mut origins: Vec<usize> = keyed.into_iter().map(|(_, index)| index).collect();
    arrange(&mut findings, &mut origins);
    findings
}

/// Puts each item into the place at which its index stands in `origins`, without room for another copy of all.
fn arrange<T>(items: &mut [T], origins: &mut [usize]) {
    for start in 0..origins.len() {
        let mut place = start;
        while let Some(origin) = origins.get_mut(place) {
            let from = std::mem::replace(origin, place);
            if from == start || from == place {
                break;
            }
            items.swap(place, from);
            place = from;
        }
    }
}

type Key<'f> = (&'f str, u32, &'f str, Option<&'f str>, Certainty, &'f [String], &'f str);

fn key(finding: &Finding) -> Key<'_> {
    (
        finding.place.file.path(),
        finding.place.span.start,
        finding.rule,
        finding.principal.as_deref(),
        finding.certainty,
        &finding.actions,
        &finding.message,
    )
}

/// The findings in order, those that are about the same counted. What accepts some of them changes no number.
fn numbered(findings: Vec<Finding>) -> Vec<Finding> {
    let mut findings = sorted(findings);
    // Roots that call the same module hold the same policies.
    findings.dedup_by(|finding, before| key(finding) == key(before) && finding.resource == before.resource);
    let subjects = parallel::map(&findings, MANY, |finding| finding.subject().finish());
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for (finding, subject) in findings.iter_mut().zip(subjects) {
        let count = counts.entry(subject).or_default();
        finding.occurrence = *count;
        *count += 1;
    }
    findings
}

fn concerns_selected(finding: &Finding, options: &Options<'_>) -> bool {
    let is_theirs = |name: &String| options.principals.contains(name);
    options.principals.is_empty() || finding.principal.as_ref().is_none_or(is_theirs)
}

fn level(rule: &str, config: &Config, options: &Options<'_>) -> Option<Level> {
    options.levels.get(rule).or_else(|| config.rules.get(rule)).copied()
}

/// A finding at the level that its rule is set to; what is only possible is no error all the same.
fn at(finding: Finding, severity: Severity) -> Finding {
    let severity = match finding.certainty {
        Certainty::Certain => severity,
        Certainty::Possible => severity.min(Severity::Warning),
    };
    Finding { severity, ..finding }
}

/// The findings that nothing accepts, and the others.
fn accepted(mut findings: Vec<Finding>, acceptance: &Acceptance<'_>) -> (Vec<Finding>, Vec<Suppressed>) {
    for finding in &mut findings {
        let suppression = acceptance.accepts(candidate(finding), &finding.actions, &finding.place);
        finding.accepted = suppression.map(Box::new).or(finding.accepted.take());
        if finding.accepted.is_none() {
            note_expired(finding, acceptance);
        }
    }
    let suppressed = findings.extract_if(.., |finding| finding.accepted.is_some()).filter_map(|mut finding| {
        let suppression = *finding.accepted.take()?;
        Some(Suppressed { finding, suppression })
    });
    let suppressed = suppressed.collect();
    (findings, suppressed)
}

fn candidate(finding: &Finding) -> Candidate<'_> {
    Candidate {
        rule: finding.rule,
        path: finding.place.file.path(),
        principal: finding.principal.as_deref(),
        resource: finding.resource.as_deref(),
    }
}

/// Adds a word on an entry that has accepted it once.
fn note_expired(finding: &mut Finding, acceptance: &Acceptance<'_>) {
    let expired = acceptance.expired(candidate(finding), &finding.actions);
    if let Some((ignore, expires)) = expired.and_then(|ignore| Some((ignore, ignore.expires?))) {
        let note = format!("it was ignored until {expires}: {}", ignore.reason);
        finding.help = Some(finding.help.take().map_or_else(|| note.clone(), |help| format!("{help}\n{note}")));
    }
}

fn summary(
    project: &Project<'_>,
    inputs: &Inputs,
    options: &Options<'_>,
    findings: &[Finding],
    suppressed: usize,
) -> Summary {
    let principals = if options.principals.is_empty() { project.deployers.len() } else { options.principals.len() };
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let operations = project.assessed.operations + project.manifests.unknown.len();
    Summary {
        files: inputs.files,
        manifests: inputs.manifest_files,
        policies: project.policies.len(),
        principals,
        operations,
        checked: project.assessed.checked,
        unchecked: operations - project.assessed.checked,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        suppressed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_put_into_any_order() {
        for origins in
            [vec![], vec![0], vec![1, 0], vec![2, 0, 1], vec![1, 2, 0], vec![3, 1, 0, 2, 4], vec![4, 3, 2, 1, 0]]
        {
            let mut items: Vec<usize> = (0..origins.len()).collect();
            arrange(&mut items, &mut origins.clone());
            assert_eq!(items, origins);
        }
    }
}
