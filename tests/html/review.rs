//! What a review tells, as data.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use grantlint::explain::Purpose;
use grantlint::report::Report;
use grantlint::review::{Review, Standing, Tally};
use grantlint::run::Options;
use grantlint::severity::Certainty;

use super::program::{fixture, project};

fn report(folder: &Path, principals: &[String]) -> Report {
    let paths = [PathBuf::from(folder)];
    let today = "2026-01-01".parse().unwrap();
    let options = Options { review: true, principals, ..Options::of(&paths, folder, today) };
    grantlint::check(&options).unwrap()
}

fn review(folder: &Path) -> Review {
    *report(folder, &[]).review.unwrap()
}

fn shown(tally: Tally) -> String {
    format!(
        "{} allowed, {} conditional, {} missing, {} not needed",
        tally.allowed, tally.conditional, tally.missing, tally.excess
    )
}

/// A review in short.
fn told(review: &Review) -> String {
    let mut text = format!("as of {}\n", review.day);
    for principal in &review.principals {
        writeln!(text, "\n{}: {} operations, {} unchecked", principal.name, principal.operations, principal.unchecked)
            .unwrap();
        for grant in &principal.grants {
            writeln!(text, "  holds {} for {}", grant.policy, grant.scope).unwrap();
        }
        for (service, own) in &principal.services {
            writeln!(text, "  {service}: {}", shown(own.tally())).unwrap();
            for need in own.needs.iter().filter(|need| need.standing == Standing::Missing) {
                writeln!(text, "    lacks {} {:?} {:?}", need.name, need.purpose, need.decisions).unwrap();
            }
        }
        for excess in principal.excess.iter().flatten() {
            writeln!(text, "  {:?}: {} of {}: {}", excess.breadth, excess.pattern, excess.policy, excess.actions.len())
                .unwrap();
        }
        for way in &principal.ways {
            let steps: Vec<&str> = way.steps.iter().map(|step| step.action.as_str()).collect();
            writeln!(text, "  way {}, certain: {}: {}", way.id, way.is_certain(), steps.join(" with ")).unwrap();
        }
    }
    for policy in &review.policies {
        writeln!(text, "\n{} is a {} with {} statements", policy.name, policy.kind, policy.statements.len()).unwrap();
    }
    for reason in &review.unchecked.reasons {
        writeln!(text, "\nnot checked, {:?}: {}", reason.reason, reason.operations).unwrap();
    }
    text
}

#[test]
fn a_review_tells_of_each_principal_what_it_needs_has_and_lacks() {
    insta::assert_snapshot!("review", told(&review(&fixture("review"))));
}

#[test]
fn a_row_of_the_table_is_told_with_its_document_and_date() {
    let review = review(&fixture("unsupported-scope/fires"));
    let copy = review.rows.iter().find(|row| row.actions == ["ims:images:copy"]).unwrap();
    insta::assert_json_snapshot!("row", copy);
}

#[test]
fn what_is_needed_stands_as_the_findings_say() {
    let report = report(&fixture("review"), &[]);
    let review = report.review.unwrap();
    for principal in &review.principals {
        let needs = principal.services.values().flat_map(|service| &service.needs);
        let missing = needs.filter(|need| need.standing == Standing::Missing && need.purpose != Purpose::Dependency);
        let missing: BTreeSet<&str> = missing.map(|need| need.name.as_str()).collect();
        let rules = ["missing-grant", "denied-grant", "unsupported-scope", "scope-mismatch"];
        let found = report.findings.iter().filter(|finding| {
            finding.principal.as_deref() == Some(&principal.name)
                && rules.contains(&finding.rule)
                && finding.certainty == Certainty::Certain
        });
        let found: BTreeSet<&str> = found.flat_map(|finding| &finding.actions).map(String::as_str).collect();
        assert_eq!(missing, found, "{}", principal.name);
    }
}

#[test]
fn every_operation_that_was_not_checked_has_its_reason() {
    for name in ["review", "unchecked-operation/fires", "missing-grant/fires", "terraform-plan"] {
        let report = report(&fixture(name), &[]);
        let unchecked = report.review.unwrap().unchecked;
        let told: usize = unchecked.reasons.iter().map(|reason| reason.operations).sum();
        assert_eq!(told + unchecked.of_others, report.summary.unchecked, "{name}");
    }
}

#[test]
fn a_run_about_some_principals_reviews_these() {
    let report = report(&fixture("review"), &[String::from("auditor")]);
    let review = report.review.unwrap();
    let names: Vec<&str> = review.principals.iter().map(|principal| principal.name.as_str()).collect();
    assert_eq!(names, ["auditor"]);
    assert_eq!(review.policies.len(), 1);
    assert_eq!(report.summary.checked, 0);
    assert!(review.unchecked.of_others > 0);
}

#[test]
fn what_is_denied_or_needed_is_no_excess() {
    let manifest = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - action: ims:images:copy\n";
    let policy = r#"{"Version": "1.1", "Statement": [
        {"Effect": "Allow", "Action": ["ims:images:copy", "ims:images:list", "ims:images:share"]},
        {"Effect": "Deny", "Action": ["ims:images:share"]}]}"#;
    let folder = project(&[("o.yaml", manifest), ("p.json", policy)]);
    let review = review(folder.path());
    let service = &review.principals[0].services["ims"];
    assert_eq!(service.excess.iter().collect::<Vec<_>>(), ["ims:images:list"]);
    assert_eq!(shown(service.tally()), "1 allowed, 0 conditional, 0 missing, 1 not needed");
}

#[test]
fn a_run_that_asks_for_no_review_has_none() {
    let folder = fixture("unsupported-scope/fires");
    let paths = [folder.clone()];
    let options = Options::of(&paths, &folder, "2026-01-01".parse().unwrap());
    assert!(grantlint::check(&options).unwrap().review.is_none());
}
