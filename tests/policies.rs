//! Policy files as editors and other programs leave them, and documents that look like grants and are none.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::fmt::Write as _;

use program::{check, project};

const POLICY: &str = r#"{ "Version": "1.1", "Statement": [{ "Effect": "Allow", "Action": ["ims:images:list"] }] }"#;

/// The findings of a run over one file: severity, certainty and message of each.
fn told(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = project(&[]);
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let run = check(folder.path(), &[".", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let line = |finding: &serde_json::Value| {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        format!("{} {}: {}", text("severity"), text("certainty"), text("message"))
    };
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_file_is_read_whatever_saved_it_and_what_that_costs_is_told() {
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xFEFF).chain(POLICY.encode_utf16()).flat_map(order).collect()
    };
    let marked = [b"\xEF\xBB\xBF", POLICY.as_bytes()].concat();
    let yaml = "\u{feff}Version: '1.1'\r\nStatement:\r\n  - Effect: Allow\r\n    Action: ['ims:images:list']\r\n";
    for (name, bytes, expected) in [
        ("a.json", POLICY.replace(' ', "\r\n").into_bytes(), None),
        ("a.json", marked, Some("warning possible: the file begins with a byte order mark")),
        ("a.json", utf16(u16::to_le_bytes), Some("error certain: the file is UTF-16; save it as UTF-8")),
        ("a.json", utf16(u16::to_be_bytes), Some("error certain: the file is UTF-16; save it as UTF-8")),
        ("a.yaml", yaml.as_bytes().to_vec(), None),
        ("a.json", POLICY.replace('"', "'").into_bytes(), Some("error certain: a text stands between single quotes")),
        ("a.json", POLICY.replace('"', "“").into_bytes(), Some("error certain: the file cannot be parsed: `“` stands")),
        (
            "a.yaml",
            b"Version: '1.1'\nStatement:\n- Effect: [".to_vec(),
            Some("error certain: the file cannot be parsed"),
        ),
        ("a.json", [b"\xFF\xFE", b"n\0o\0".as_slice()].concat(), None),
    ] {
        let told = told(name, &bytes);
        let is_expected = match expected {
            None => told.is_empty(),
            Some(start) => told.len() == 1 && told[0].starts_with(start),
        };
        assert!(is_expected, "{expected:?}: {told:#?}");
    }
}

#[test]
fn a_trust_policy_is_checked_and_grants_nothing() {
    let trust =
        r#"{ "Version": "5.0", "Statement": [{ "Effect": "Allow", "Principal": { "IAM": "*" }, "Action": ["*"] }] }"#;
    let operations = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - action: ims:images:list\n";
    let folder = project(&[("trust.json", trust), ("operations.yaml", operations)]);
    let run = check(folder.path(), &["."]);
    assert!(run.stdout.contains("`IAM` has to be a list of texts"), "{}", run.all());
    assert!(run.stdout.contains("0 principals"), "{}", run.all());
}

#[test]
fn a_long_policy_on_one_line_takes_no_longer_than_its_length() {
    let mut text = String::from(r#"{"Version": "1.1", "Statement": ["#);
    for index in 0..20_000 {
        write!(text, r#"{{"Effect": "allow", "Action": ["ims:images:l{index}"], "Condtion": {{}}}},"#).unwrap();
    }
    text.push_str("]}");
    let started = std::time::Instant::now();
    let told = told("a.json", text.as_bytes());
    assert_eq!(told.iter().filter(|line| line.contains("`Condtion` is no element")).count(), 20_000);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
