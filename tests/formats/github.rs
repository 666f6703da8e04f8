//! Annotations of GitHub, by a reader that follows the runner: a line that begins with `::` is a command.

use std::collections::BTreeMap;

use super::reports::{CLEAN, FIXTURES, HOSTILE, Reports};

struct Annotation {
    command: String,
    properties: BTreeMap<String, String>,
    message: String,
}

fn annotations(reports: &Reports) -> Vec<Annotation> {
    reports.text("github").split_terminator(['\n', '\r']).map(|line| annotation(line).expect(line)).collect()
}

fn annotation(line: &str) -> Option<Annotation> {
    let (head, message) = line.strip_prefix("::")?.split_once("::")?;
    let (command, properties) = head.split_once(' ')?;
    let property = |text: &str| text.split_once('=').map(|(name, value)| (name.to_owned(), property(value)));
    let properties = properties.split(',').map(property).collect::<Option<_>>()?;
    Some(Annotation { command: command.to_owned(), properties, message: data(message) })
}

fn data(text: &str) -> String {
    text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
}

fn property(text: &str) -> String {
    data(&text.replace("%3A", ":").replace("%2C", ","))
}

#[test]
fn each_finding_is_an_annotation_at_its_place_and_nothing_else_is_a_command() {
    for reports in [&*FIXTURES, &*HOSTILE, &*CLEAN] {
        let (annotations, findings) = (annotations(reports), reports.findings());
        assert_eq!(annotations.len(), findings.len());
        for (annotation, finding) in annotations.iter().zip(&findings) {
            let command = finding["severity"].as_str().unwrap().replace("note", "notice");
            assert_eq!(annotation.command, command);
            let location = &finding["location"];
            assert_eq!(annotation.properties["file"], location["path"].as_str().unwrap());
            assert_eq!(annotation.properties["line"], location["line"].to_string());
            assert_eq!(annotation.properties["endLine"], location["end_line"].to_string());
            assert_eq!(annotation.properties["title"], format!("grantlint [{}]", finding["rule"].as_str().unwrap()));
        }
    }
}

#[test]
fn columns_are_told_where_all_is_on_one_line_as_the_service_asks() {
    for (annotation, finding) in annotations(&FIXTURES).iter().zip(FIXTURES.findings()) {
        let is_on_one_line = finding["location"]["line"] == finding["location"]["end_line"];
        for name in ["col", "endColumn"] {
            assert_eq!(annotation.properties.contains_key(name), is_on_one_line, "{finding}");
        }
    }
}

#[test]
fn a_message_comes_out_as_it_went_in() {
    for (annotation, finding) in annotations(&FIXTURES).iter().zip(FIXTURES.findings()) {
        assert!(annotation.message.starts_with(finding["message"].as_str().unwrap()), "{finding}");
    }
    for annotation in annotations(&HOSTILE) {
        assert!(annotation.message.chars().count() <= 8_000);
        assert!(!annotation.message.contains(['\0', '\u{1b}']));
    }
}
