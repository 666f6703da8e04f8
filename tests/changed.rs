//! `check --changed`: the whole project is known, and what is told is limited to what the changed files can affect.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::path::Path;

use program::{Run, check, project};

const CONFIG: &str = "\
account: { default_region: cn-north-4 }
principals:
  one:
    deploys: [\"one/**\", \"shared/**\"]
    grants: [{ policy: iam/one.json, scope: { regions: [cn-north-4] } }]
  two:
    deploys: [\"two/**\", \"shared/**\"]
    grants: [{ policy: iam/two.json, scope: { regions: [cn-north-4] } }]
";
const POLICY: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ims:images:list"]}]}"#;
const KEY: &str = "resource \"huaweicloud_kps_keypair\" \"k\" {\n  name = \"k\"\n}\n";
const VPC: &str = "resource \"huaweicloud_vpc\" \"v\" {\n  name = var.name\n  cidr = \"10.0.0.0/16\"\n}\n";

/// Two roots, each with a principal of its own and a module that both call; everything is missing.
fn two_roots() -> tempfile::TempDir {
    let call = "variable \"name\" {}\nmodule \"net\" {\n  source = \"../shared/net\"\n  name   = var.name\n}\n";
    project(&[
        ("grantlint.yaml", CONFIG),
        ("iam/one.json", POLICY),
        ("iam/two.json", POLICY),
        ("one/main.tf", &format!("{call}{KEY}")),
        ("one/terraform.tfvars", "name = \"x\"\n"),
        ("two/main.tf", &format!("{call}{KEY}")),
        ("two/text.tf", "locals {\n  text = file(\"text.txt\")\n}\noutput \"text\" {\n  value = local.text\n}\n"),
        ("two/list.tf", "output \"all\" {\n  value = fileset(\"parts\", \"*.txt\")\n}\n"),
        ("two/text.txt", "text"),
        ("two/parts/a.txt", "part"),
        (
            "two/use.tf",
            "resource \"huaweicloud_vpc\" \"t\" {\n  name = local.text\n  cidr = join(\"\", fileset(\"parts\", \"*.txt\"))\n}\n",
        ),
        ("shared/net/main.tf", &format!("variable \"name\" {{}}\n{VPC}")),
        ("README.md", "text"),
    ])
}

fn changed(folder: &Path, files: &[&str]) -> Run {
    check(folder, &[&["--changed", "--format", "json"], files].concat())
}

/// `principal path` of the errors, each once, in order.
fn errors(run: &Run) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let errors = report["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut errors: Vec<String> = errors
        .map(|finding| format!("{} {}", text(&finding["principal"]), text(&finding["location"]["path"])))
        .collect();
    errors.sort();
    errors.dedup();
    errors
}

const OF_ONE: [&str; 2] = ["one one/main.tf", "one shared/net/main.tf"];
const OF_TWO: [&str; 3] = ["two shared/net/main.tf", "two two/main.tf", "two two/use.tf"];

#[test]
fn a_policy_brings_the_findings_of_its_holder_in_manifests_that_did_not_change() {
    let folder = two_roots();
    let run = changed(folder.path(), &["iam/one.json"]);
    assert_eq!(errors(&run), OF_ONE);
    assert_eq!(run.code, 1);
    assert_eq!(errors(&changed(folder.path(), &["iam/two.json"])), OF_TWO);
}

#[test]
fn a_manifest_brings_the_findings_of_its_root_with_the_modules_that_it_calls() {
    let folder = two_roots();
    // A finding in the module is about both roots.
    let of_one = ["one one/main.tf", "one shared/net/main.tf", "two shared/net/main.tf"];
    assert_eq!(errors(&changed(folder.path(), &["one/main.tf"])), of_one);
    assert_eq!(errors(&changed(folder.path(), &["one/terraform.tfvars"])), of_one);
    let all: Vec<&str> = OF_ONE.into_iter().chain(OF_TWO).collect();
    assert_eq!(errors(&changed(folder.path(), &["shared/net/main.tf"])), all);
    assert_eq!(errors(&changed(folder.path(), &["shared"])), all);
}

#[test]
fn a_file_that_an_expression_reads_is_part_of_its_root() {
    let folder = two_roots();
    let of_two = ["one shared/net/main.tf", "two shared/net/main.tf", "two two/main.tf", "two two/use.tf"];
    assert_eq!(errors(&changed(folder.path(), &["two/text.txt"])), of_two);
    assert_eq!(errors(&changed(folder.path(), &["two/parts/a.txt"])), of_two);
    assert_eq!(errors(&changed(folder.path(), &["two/parts/new.txt"])), of_two);
}

#[test]
fn a_file_that_nothing_depends_on_brings_nothing_and_the_rest_is_counted() {
    let folder = two_roots();
    let run = changed(folder.path(), &["README.md"]);
    assert_eq!(errors(&run), [""; 0]);
    assert_eq!(run.code, 0);
    let run = check(folder.path(), &["--changed", "README.md"]);
    let all = check(folder.path(), &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&all.stdout).unwrap();
    let left_out = report["findings"].as_array().unwrap().len();
    let told = format!("\n{left_out} findings elsewhere, which the changed files do not affect, are not shown.\n");
    assert!(run.stdout.ends_with(&told), "{}", run.all());
}

#[test]
fn the_configuration_and_what_is_there_no_more_bring_everything() {
    let folder = two_roots();
    let all: Vec<&str> = OF_ONE.into_iter().chain(OF_TWO).collect();
    for path in ["grantlint.yaml", "iam/gone.json", "one/gone.tf", "."] {
        assert_eq!(errors(&changed(folder.path(), &[path])), all, "{path}");
    }
    assert_eq!(errors(&changed(folder.path(), &["gone.md"])), [""; 0]);
}

#[test]
fn what_a_policy_has_for_nothing_depends_on_every_manifest() {
    let folder = two_roots();
    let unused = |files: &[&str]| {
        let run =
            check(folder.path(), &[&["--changed", "--select", "unused-grant", "--format", "jsonl"], files].concat());
        run.stdout.matches("unused-grant").count()
    };
    let all = unused(&["."]);
    assert!(all > 0);
    assert_eq!(unused(&["one/main.tf"]), all);
    assert_eq!(unused(&["README.md"]), 0);
}

#[cfg(unix)]
#[test]
fn a_link_changes_with_what_it_leads_to() {
    let folder = two_roots();
    std::fs::write(folder.path().join("common.txt"), KEY.replace("\"k\" {", "\"c\" {")).unwrap();
    std::os::unix::fs::symlink("../common.txt", folder.path().join("one/common.tf")).unwrap();
    let run = changed(folder.path(), &["common.txt"]);
    assert!(errors(&run).contains(&String::from("one one/common.tf")), "{}", run.all());
    assert!(!errors(&run).contains(&String::from("two two/main.tf")), "{}", run.all());
}

#[test]
fn paths_are_told_from_where_the_program_runs() {
    let folder = two_roots();
    let absolute = folder.path().join("iam/one.json");
    assert_eq!(errors(&changed(folder.path(), &[absolute.to_str().unwrap()])), OF_ONE);
    assert_eq!(errors(&changed(folder.path(), &["./one/../iam/one.json"])), OF_ONE);
}

#[test]
fn a_part_of_the_findings_is_no_baseline() {
    let folder = two_roots();
    let run = check(folder.path(), &["--changed", "--write-baseline", "b.json", "one/main.tf"]);
    assert_eq!(run.code, 2, "{}", run.all());
    assert!(run.stderr.contains("--write-baseline"), "{}", run.all());
    assert!(!folder.path().join("b.json").exists());
}
