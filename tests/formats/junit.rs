//! Test reports, by a reader of such.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus};

use super::reports::{CLEAN, FIXTURES, HOSTILE, Reports};

fn read(reports: &Reports) -> Report {
    Report::deserialize_from_str(reports.text("junit")).unwrap()
}

fn cases(report: &Report) -> Vec<&TestCase> {
    report.test_suites.iter().flat_map(|suite| &suite.test_cases).collect()
}

/// The type of the failure of a case, and its text.
fn failure(case: &TestCase) -> Option<(&str, &str)> {
    match &case.status {
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, ty, description, .. } => {
            Some((ty.as_ref()?.as_str(), description.as_ref()?.as_str()))
        }
        _ => None,
    }
}

#[test]
fn a_case_for_each_finding_fails_unless_it_is_a_note() {
    for reports in [&*FIXTURES, &*HOSTILE] {
        let (report, findings) = (read(reports), reports.findings());
        let cases = cases(&report);
        assert_eq!(cases.len(), findings.len());
        for (case, finding) in cases.iter().zip(&findings) {
            let failure = failure(case);
            match finding["severity"].as_str().unwrap() {
                "note" => assert!(failure.is_none() && case.system_out.is_some(), "{finding}"),
                severity => assert_eq!(failure.map(|(kind, _)| kind), Some(severity), "{finding}"),
            }
        }
    }
}

#[test]
fn the_counts_are_those_of_the_cases() {
    for reports in [&*FIXTURES, &*HOSTILE, &*CLEAN] {
        let report = read(reports);
        for suite in &report.test_suites {
            let failures = suite.test_cases.iter().filter(|case| failure(case).is_some()).count();
            assert_eq!((suite.tests, suite.failures), (suite.test_cases.len(), failures), "{}", suite.name.as_str());
        }
        let failures = cases(&report).iter().filter(|case| failure(case).is_some()).count();
        assert_eq!((report.tests, report.failures, report.errors), (cases(&report).len(), failures, 0));
    }
}

#[test]
fn a_suite_is_a_file_and_a_case_says_what_and_where() {
    let report = read(&FIXTURES);
    let names: Vec<&str> = report.test_suites.iter().map(|suite| suite.name.as_str()).collect();
    let mut distinct = names.clone();
    distinct.dedup();
    assert_eq!(names, distinct);
    let finding = FIXTURES.findings().into_iter().find(|finding| finding["rule"] == "policy-limit").unwrap();
    let fingerprint = finding["fingerprint"].as_str().unwrap();
    let case = cases(&report).into_iter().find(|case| case.name.as_str().contains(fingerprint)).unwrap();
    let text = failure(case).unwrap().1;
    let location = &finding["location"];
    let head = format!("{}:{}:{}: ", location["path"].as_str().unwrap(), location["line"], location["column"]);
    assert!(text.starts_with(&head) && text.contains(finding["message"].as_str().unwrap()), "{text}");
}

#[test]
fn a_report_without_findings_has_a_case_that_passes() {
    let report = read(&CLEAN);
    assert_eq!(cases(&report).iter().map(|case| case.name.as_str()).collect::<Vec<_>>(), ["no findings"]);
}

#[test]
fn only_characters_of_xml_are_written() {
    let is_of_xml =
        |character: char| matches!(character, '\t' | '\n' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    let text = HOSTILE.text("junit");
    assert_eq!(text.chars().find(|character| !is_of_xml(*character)), None);
    assert!(!text.contains("&#0;") && !text.contains("<script") && !text.contains("]]>"));
}
