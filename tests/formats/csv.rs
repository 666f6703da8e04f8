//! CSV, by a reader of it.

use super::reports::{CLEAN, FIXTURES, HOSTILE, Reports};

const HEADER: &str = "rule,severity,certainty,path,line,column,end_line,end_column,principal,resource,phase,api,actions,message,help,fingerprint,url";

fn rows(reports: &Reports) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(reports.text("csv").as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), HEADER);
    reader.records().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_row_holds_what_the_report_for_programs_says() {
    let (rows, findings) = (rows(&FIXTURES), FIXTURES.findings());
    assert_eq!(rows.len(), findings.len());
    for (row, finding) in rows.iter().zip(&findings) {
        for (cell, name) in row.iter().zip(HEADER.split(',')) {
            let value = if finding[name].is_null() { &finding["location"][name] } else { &finding[name] };
            let expected = match value {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Null => String::new(),
                serde_json::Value::Array(actions) => {
                    actions.iter().map(|action| action.as_str().unwrap()).collect::<Vec<_>>().join(" ")
                }
                number => number.to_string(),
            };
            assert_eq!(cell, expected, "{name} of {finding}");
        }
    }
}

#[test]
fn no_cell_is_a_formula_and_no_name_is_lost() {
    let (rows, findings) = (rows(&HOSTILE), HOSTILE.findings());
    assert_eq!(rows.len(), findings.len());
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?}");
        assert!(!cell.contains('\0'), "{cell:?}");
    }
    assert!(rows.iter().any(|row| &row[9] == "'=cmd()|'/C calc'!A0"));
    assert!(rows.iter().any(|row| row[9].len() == 100_000));
}

#[test]
fn a_report_without_findings_is_the_header() {
    assert!(rows(&CLEAN).is_empty());
    assert_eq!(CLEAN.text("csv"), format!("{HEADER}\n"));
}
