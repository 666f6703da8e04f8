//! `grantlint init`: a first configuration that says what was found and changes nothing of what a check tells.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::path::{Path, PathBuf};

use program::{check, init, project};

const POLICY: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:*:*"]}]}"#;
const MANIFEST: &str = "\
provider \"huaweicloud\" {
  region = \"cn-east-3\"
}

resource \"huaweicloud_vpc\" \"v\" {
  name                  = \"v\"
  cidr                  = \"10.0.0.0/16\"
  enterprise_project_id = \"prod\"
}
";

fn read(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("grantlint.yaml")).unwrap()
}

#[test]
fn what_was_found_stands_in_it() {
    let folder = project(&[("iam/vpc.json", POLICY), ("iam/no.json", POLICY), ("prod/main.tf", MANIFEST)]);
    let run = init(folder.path(), &[]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.all());
    insta::assert_snapshot!("a first configuration", format!("{}---\n{}", read(folder.path()), run.stderr));
}

#[test]
fn principals_that_manifests_define_stay_what_counts() {
    let manifest = format!(
        "{MANIFEST}{}",
        r#"
resource "huaweicloud_identity_group" "g" {
  name = "builders"
}
resource "huaweicloud_identity_role" "r" {
  name   = "vpc"
  type   = "XA"
  policy = jsonencode({ Version = "1.1", Statement = [{ Effect = "Allow", Action = ["vpc:*:*"] }] })
}
resource "huaweicloud_identity_group_role_assignment" "a" {
  group_id   = huaweicloud_identity_group.g.id
  role_id    = huaweicloud_identity_role.r.id
  project_id = "all"
}
"#
    );
    let folder = project(&[("main.tf", &manifest)]);
    let run = init(folder.path(), &["--print"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.all());
    assert!(!folder.path().join("grantlint.yaml").exists(), "it was to be printed");
    insta::assert_snapshot!("a configuration beside principals of manifests", run.stdout);
}

#[test]
fn where_nothing_is_found_it_holds_an_example() {
    let folder = project(&[("README.md", "text")]);
    let run = init(folder.path(), &[]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(run.stderr.contains("there is neither a manifest nor a policy, so it holds an example"), "{}", run.stderr);
    assert!(read(folder.path()).contains("#       - policy: iam/deployer.json\n"), "{}", read(folder.path()));
    assert_eq!(check(folder.path(), &[]).code, 0);
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let folder = project(&[("grantlint.yaml", "mine"), ("main.tf", MANIFEST)]);
    let run = init(folder.path(), &[]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    let told = "error: `grantlint.yaml` is there already, and is not written over: `--print` prints a new one\n";
    assert_eq!(run.stderr, told);
    assert_eq!(read(folder.path()), "mine");
    assert_eq!(init(folder.path(), &["--print"]).code, 0, "what is there is not asked");
}

#[cfg(unix)]
#[test]
fn nor_is_what_a_dangling_link_leads_to() {
    let folder = project(&[("main.tf", MANIFEST)]);
    std::os::unix::fs::symlink("elsewhere.yaml", folder.path().join("grantlint.yaml")).unwrap();
    assert_eq!(init(folder.path(), &[]).code, 2);
    assert!(!folder.path().join("elsewhere.yaml").exists());
}

#[test]
fn what_is_no_folder_is_told() {
    let folder = project(&[("deploy/main.tf", MANIFEST)]);
    let told = |path: &str| init(folder.path(), &[path]).stderr;
    assert_eq!(told("deploy/main.tf"), "error: `deploy/main.tf` is a file: name the folder that it lies in\n");
    assert_eq!(told("deplay"), "error: there is no folder `deplay`; did you mean `deploy`?\n");
    let run = init(folder.path(), &["deploy"]);
    assert!(run.stderr.starts_with("deploy/grantlint.yaml is written: "), "{}", run.stderr);
    assert!(run.stderr.ends_with("then run `grantlint check deploy`.\n"), "{}", run.stderr);
}

/// The folders below `fixtures/` of projects without a configuration.
fn unconfigured() -> Vec<PathBuf> {
    let rules = std::fs::read_dir(program::fixture("")).unwrap().map(|entry| entry.unwrap().path());
    let cases = rules.filter(|rule| rule.is_dir()).flat_map(|rule| std::fs::read_dir(rule).unwrap());
    let cases = cases.map(|entry| entry.unwrap().path()).filter(|case| case.is_dir());
    let mut cases: Vec<PathBuf> = cases.filter(|case| !case.join("grantlint.yaml").exists()).collect();
    cases.sort();
    cases
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { std::fs::copy(&path, &target).map(drop).unwrap() }
    }
}

/// Rule, place and message of every finding, with the principal of policies that nothing binds by its new name.
fn told(folder: &Path) -> Vec<String> {
    // Where a configuration says who holds a role, it says so of all that the role depends on too.
    let run = check(folder, &["--format", "json", "--ignore", "role-dependency"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let shown = |finding: &serde_json::Value| {
        let parts = ["rule", "severity", "certainty", "principal", "message", "location"].map(|key| &finding[key]);
        format!("{parts:?}").replace("unbound policies", "deployer")
    };
    findings.map(shown).collect()
}

#[test]
fn it_changes_nothing_of_what_a_check_tells() {
    let all = unconfigured();
    assert!(all.len() > 20, "{}", all.len());
    for case in all {
        let folder = tempfile::tempdir().unwrap();
        copy(&case, folder.path());
        let before = told(folder.path());
        let run = init(folder.path(), &[]);
        assert_eq!(run.code, 0, "{}: {}", case.display(), run.all());
        let after = told(folder.path());
        let only = |these: &[String], others: &[String]| {
            let only = these.iter().filter(|finding| !others.contains(finding));
            only.cloned().collect::<Vec<_>>().join("\n")
        };
        let (gone, new) = (only(&before, &after), only(&after, &before));
        assert_eq!(after, before, "{}: gone: {gone}, new: {new}", case.display());
    }
}
