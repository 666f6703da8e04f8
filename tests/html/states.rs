//! The page of a project in which something is missing, and of a large one.

use super::page::{all, parsed, written};
use super::program::{check, fixture, project};
use super::projects::large;

fn text(page: &str) -> String {
    parsed(page).root_element().text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_empty_folder_reads_well() {
    let folder = project(&[]);
    let text = text(&written(folder.path(), &[]));
    for expected in [
        "No error and no warning was found.",
        "There is nothing to show: no principal is known.",
        "Nothing was found.",
        "No principal holds a policy.",
        "No manifest causes an operation, so there was none to check.",
        "No row of the permission table was used.",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn policies_without_manifests_and_manifests_without_policies_read_well() {
    let policy = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ims:images:get"]}]}"#;
    let manifest = "apiVersion: grantlint/v1\nkind: Operations\noperations:\n  - action: ims:images:copy\n";
    let only_policy = text(&written(project(&[("p.json", policy)]).path(), &[]));
    assert!(only_policy.contains("It deploys nothing here, so what it does not need is not known."), "{only_policy}");
    let only_manifest = text(&written(project(&[("o.yaml", manifest)]).path(), &[]));
    assert!(only_manifest.contains("1 of 1 operation (100.0 %) could not be checked."), "{only_manifest}");
    assert!(only_manifest.contains("No principal is known: 1 operation"), "{only_manifest}");
}

#[test]
fn a_page_is_one_of_several_outputs() {
    let folder = project(&[]);
    let path = folder.path().join("review.html");
    let to = path.to_str().unwrap();
    let run = check(&fixture("unsupported-scope/fires"), &["--format", "html", "--output", to, "--format", "json"]);
    assert!(serde_json::from_str::<serde_json::Value>(&run.stdout).is_ok(), "{}", run.all());
    parsed(&std::fs::read_to_string(path).unwrap());
}

#[test]
fn many_principals_make_a_page_that_a_browser_takes() {
    let folder = large(64, 60);
    let page = written(folder.path(), &[]);
    let html = parsed(&page);
    let findings = all(&html, "article.finding").len();
    assert!(findings >= 64 * 48, "{findings}");
    // A few kilobytes for each finding, and some for each principal.
    assert!(page.len() < findings * 2_500 + 64 * 60_000, "{}", page.len());
    assert_eq!(all(&html, "details.principal").len(), 64);
    assert!(all(&html, "details.principal[open]").is_empty());
    assert_eq!(all(&html, "table.matrix tbody tr").len(), 64);
}

#[test]
fn findings_without_end_are_cut_with_a_word_on_where_all_are() {
    let folder = large(64, 240);
    let page = written(folder.path(), &[]);
    assert_eq!(page.matches("<article").count(), 10_000);
    let json = check(folder.path(), &["--format", "json"]).stdout;
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let further = report["findings"].as_array().unwrap().len() - 10_000;
    let told = format!("{},{:03} further findings", further / 1_000, further % 1_000);
    assert!(page.contains(&told), "{told}");
}
