//! JSON by lines.

use serde_json::Value;

use super::reports::{CLEAN, FIXTURES, HOSTILE};

#[test]
fn the_lines_are_the_findings_and_then_the_summary() {
    for reports in [&*FIXTURES, &*HOSTILE, &*CLEAN] {
        let text = reports.text("jsonl");
        assert!(text.ends_with('\n'));
        let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let (closing, report) = (lines.pop().unwrap(), reports.json());
        assert_eq!(lines, reports.findings());
        for key in ["schema", "tool", "summary"] {
            assert_eq!(closing[key], report[key]);
        }
    }
}
