//! `grantlint check --fix` and `--diff`: what is mended, how, and what is left to people.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use program::{check, project};

/// What a file of one policy is after `--fix`, beside what else lies in the folder.
fn fixed(path: &str, text: &str, others: &[(&str, &str)]) -> String {
    let files: Vec<_> = others.iter().copied().chain([(path, text)]).collect();
    let folder = project(&files);
    let run = check(folder.path(), &["--fix", "--quiet"]);
    assert!(run.code < 2, "{}", run.all());
    let after = fs::read_to_string(folder.path().join(path)).unwrap();
    let again = check(folder.path(), &["--diff"]);
    assert_eq!((again.stdout.as_str(), again.code), ("", 0), "a second run changes nothing");
    after
}

fn policy(actions: &str) -> String {
    format!(r#"{{ "Version": "1.1", "Statement": [{{ "Effect": "Allow", "Action": [{actions}] }}] }}"#)
}

const NETWORK: &str = "resource \"huaweicloud_vpc\" \"main\" {\n  name = \"main\"\n  cidr = \"10.0.0.0/16\"\n}\n";
const REGION: &str = "provider \"huaweicloud\" {\n  region = \"cn-north-4\"\n}\n";

/// Manifests that certainly need `vpc:vpcs:create`, `delete` and `get`.
const NEEDS: [(&str, &str); 2] = [("main.tf", NETWORK), ("provider.tf", REGION)];

#[test]
fn a_misspelt_action_with_one_near_name_is_written_as_it_is_meant() {
    for (actions, expected) in [
        (r#""ims:image:copy""#, r#""ims:images:copy""#),
        (r#""ims:images:cpoy", "ims:images:list""#, r#""ims:images:copy", "ims:images:list""#),
        // It stands there already, or is meant twice.
        (r#""ims:images:copy", "ims:image:copy""#, r#""ims:images:copy""#),
        (r#""ims:image:copy", "ims:images:copy""#, r#""ims:images:copy""#),
        (r#""ims:image:copy", "ims:images:cpoy""#, r#""ims:images:copy""#),
        (r#""ims:image:copy", "ims:image:copy""#, r#""ims:images:copy""#),
    ] {
        assert_eq!(fixed("p.json", &policy(actions), &[]), policy(expected));
    }
}

#[test]
fn what_may_be_meant_otherwise_is_left() {
    for actions in [
        // Another verb, a pattern, a service that the table does not hold.
        r#""kms:cmk:decrypt""#,
        r#""ims:image:*""#,
        r#""nowhere:image:copy""#,
        // It lets its holder give itself more.
        r#""iam:agencies:creatAgency""#,
        // Escapes are not so many letters.
        r#""ims:im\u0061ge:copy""#,
    ] {
        assert_eq!(fixed("p.json", &policy(actions), &[]), policy(actions));
    }
}

#[test]
fn an_action_that_stands_twice_in_a_list_stands_once_then() {
    let text = "Version: '1.1'\nStatement:\n  - Effect: Allow\n    Action:\n      - ims:images:get # the first\n      - ims:images:list\n      - IMS:images:GET\n";
    let expected = "Version: '1.1'\nStatement:\n  - Effect: Allow\n    Action:\n      - ims:images:get # the first\n      - ims:images:list\n";
    assert_eq!(fixed("p.yaml", text, &[]), expected);
    let thrice = r#""ims:images:get", "ims:images:get", "ims:images:get""#;
    assert_eq!(fixed("p.json", &policy(thrice), &[]), policy(r#""ims:images:get""#));
    // What covers it stands elsewhere: which of the two is meant is for people to say.
    let covered = r#""ims:images:*", "ims:images:get""#;
    assert_eq!(fixed("p.json", &policy(covered), &[]), policy(covered));
}

#[test]
fn elements_and_effects_are_written_as_the_grammar_has_them() {
    let text = r#"{ "Version": "1.1", "Statement": [{ "effect": "allow", "action": ["ims:images:copy"] }] }"#;
    let expected = r#"{ "Version": "1.1", "Statement": [{ "Effect": "Allow", "Action": ["ims:images:copy"] }] }"#;
    assert_eq!(fixed("p.json", text, &[]), expected);
    // Two of a kind: somebody has to join them.
    let twice = r#"{ "Version": "1.1", "Statement": [{ "Effect": "Allow", "Action": ["ims:images:copy"], "action": ["ims:images:get"] }] }"#;
    assert_eq!(fixed("p.json", twice, &[]), twice);
}

#[test]
fn missing_actions_go_into_the_only_policy_of_the_principal() {
    let after = policy(r#""vpc:vpcs:get", "vpc:vpcs:update", "vpc:vpcs:create", "vpc:vpcs:delete""#);
    assert_eq!(fixed("iam/p.json", &policy(r#""vpc:vpcs:get", "vpc:vpcs:update""#), &NEEDS), after);
}

#[test]
fn two_resources_that_lack_the_same_get_it_once() {
    let second = NETWORK.replace("main", "second").replace("10.0", "10.1");
    let others = [NEEDS[0], NEEDS[1], ("second.tf", &second)];
    let before = policy(r#""vpc:vpcs:get", "vpc:vpcs:update""#);
    let after = policy(r#""vpc:vpcs:get", "vpc:vpcs:update", "vpc:vpcs:create", "vpc:vpcs:delete""#);
    assert_eq!(fixed("iam/p.json", &before, &others), after);
}

#[test]
fn a_misspelt_action_that_is_missing_is_written_once() {
    let before = policy(r#""vpc:vpcs:get", "vpc:vpcs:update", "vpc:vpc:create""#);
    let after = policy(r#""vpc:vpcs:get", "vpc:vpcs:update", "vpc:vpcs:create", "vpc:vpcs:delete""#);
    assert_eq!(fixed("iam/p.json", &before, &NEEDS), after);
}

#[test]
fn without_a_statement_to_add_to_a_new_one_is_written() {
    let before = r#"{ "Version": "1.1", "Statement": [
  { "Effect": "Deny", "Action": ["ims:images:delete"] }
] }
"#;
    let after = r#"{ "Version": "1.1", "Statement": [
  { "Effect": "Deny", "Action": ["ims:images:delete"] },
  { "Effect": "Allow", "Action": ["vpc:vpcs:create", "vpc:vpcs:delete", "vpc:vpcs:get"] }
] }
"#;
    assert_eq!(fixed("iam/p.json", before, &NEEDS), after);
    for rest in [r#", "Condition": { "Bool": { "g:MFAPresent": ["true"] } }"#, r#", "Resource": ["VPC:*:*:vpc:x"]"#] {
        let limited = before.replace(r#""Deny""#, r#""Allow""#).replace("] }\n]", &format!("]{rest} }}\n]"));
        let text = fixed("iam/p.json", &limited, &NEEDS);
        assert!(
            text.contains(rest) && text.contains(r#"{ "Effect": "Allow", "Action": ["vpc:vpcs:create","#),
            "{text}"
        );
    }
}

#[test]
fn missing_actions_are_added_only_where_they_take_effect_for_that_principal_alone() {
    let before = policy(r#""vpc:vpcs:get""#);
    let bound = |grant: &str| format!("principals:\n  deployer:\n    grants:\n      - {grant}\n");
    let elsewhere = bound("{ policy: iam/p.json, scope: { regions: [ap-southeast-1] } }");
    let two = bound("{ policy: iam/p.json }") + "      - { policy: \"VPC ReadOnlyAccess\" }\n";
    let shared =
        bound("{ policy: iam/p.json }") + "  other:\n    grants:\n      - { policy: iam/p.json }\n    deploys: []\n";
    for config in [elsewhere, two, shared] {
        let others = [NEEDS[0], NEEDS[1], ("grantlint.yaml", config.as_str())];
        assert_eq!(fixed("iam/p.json", &before, &others), before, "{config}");
    }
    let here = bound("{ policy: iam/p.json, scope: { regions: [cn-north-4] } }");
    let others = [NEEDS[0], NEEDS[1], ("grantlint.yaml", here.as_str())];
    assert_ne!(fixed("iam/p.json", &before, &others), before);
}

#[test]
fn a_policy_that_would_be_too_long_is_left() {
    let long: Vec<String> = (0..151).map(|number| format!("\"vpc:vpcs:getSomethingOfTheNumber{number:05}\"")).collect();
    let before = policy(&long.join(", "));
    let folder = project(&[("iam/p.json", &before), NEEDS[0], NEEDS[1]]);
    // Neither rule is asked: what they would say counts all the same.
    let run = check(folder.path(), &["--fix", "--select", "missing-grant"]);
    assert!(run.stdout.contains("error[missing-grant]"), "{}", run.all());
    assert!(fs::read_to_string(folder.path().join("iam/p.json")).unwrap() == before);
}

#[test]
fn what_may_not_go_together_is_not_put_together() {
    let bucket = "resource \"huaweicloud_obs_bucket\" \"b\" {\n  bucket = \"b\"\n}\n";
    let files = [NEEDS[0], NEEDS[1], ("bucket.tf", bucket)];
    let after = fixed("p.json", &policy("\"vpc:vpcs:list\""), &files);
    assert!(after.contains("vpc:vpcs:create") && !after.contains("obs:"), "{after}");
    // Somebody has put them together already.
    let after = fixed("p.json", &policy("\"vpc:vpcs:list\", \"obs:bucket:PutBucketAcl\""), &files);
    assert!(after.contains("vpc:vpcs:create") && after.contains("obs:bucket:CreateBucket"), "{after}");
}

#[test]
fn a_role_and_a_way_to_more_rights_are_for_people_to_decide() {
    let attaching = "resource \"huaweicloud_identity_role_assignment\" \"x\" {\n  group_id = \"g\"\n  role_id = \"r\"\n  domain_id = \"d\"\n}\n";
    let before = policy(r#""iam:users:listUsers""#);
    let folder = project(&[("iam/p.json", &before), ("main.tf", attaching)]);
    let run = check(folder.path(), &["--fix"]);
    assert!(run.stdout.contains("error[missing-grant]"), "{}", run.all());
    assert_eq!(fs::read_to_string(folder.path().join("iam/p.json")).unwrap(), before);
}

#[test]
fn policies_in_terraform_are_mended_where_they_are_written() {
    let written = |action: &str| {
        format!(
            "resource \"huaweicloud_identity_policy\" \"p\" {{\n  policy_document = jsonencode({{\n    Version = \"5.0\"\n    Statement = [{{ Effect = \"Allow\", Action = [\"{action}\"] }}]\n  }})\n}}\n"
        )
    };
    let text = fixed("main.tf", &written("ims:image:copy"), &[]);
    assert_eq!(text, written("ims:images:copy"));
}

#[test]
fn line_ends_byte_order_marks_tabs_and_comments_stay() {
    let text = "\u{feff}Version: '1.1'\r\n# who may copy\r\nStatement:\r\n- Effect: Allow\r\n  Action: [ 'ims:image:copy', \"ims:images:get\" ]\t# two\r\n";
    assert_eq!(fixed("p.yaml", text, &[]), text.replace("ims:image:copy", "ims:images:copy"));
}

#[test]
fn what_is_accepted_not_selected_or_elsewhere_is_not_mended() {
    let before = policy(r#""ims:image:copy""#);
    for (config, arguments) in [
        ("ignore:\n  - { rule: unknown-action, reason: \"so\" }\n", &["--fix"][..]),
        ("rules: { unknown-action: off }\n", &["--fix"]),
        ("{}\n", &["--fix", "--ignore", "unknown-action"]),
        ("{}\n", &["--fix", "--select", "redundant-grant"]),
        ("{}\n", &["--fix", "--changed", "main.tf"]),
    ] {
        let folder = project(&[("p.json", &before), ("grantlint.yaml", config), ("main.tf", REGION)]);
        let run = check(folder.path(), arguments);
        assert!(run.code < 2, "{}", run.all());
        assert_eq!(fs::read_to_string(folder.path().join("p.json")).unwrap(), before, "{config} {arguments:?}");
    }
}

#[test]
fn a_diff_is_printed_and_nothing_is_written() {
    let before = policy(r#""ims:image:copy""#) + "\n";
    let folder = project(&[("iam/p.json", &before)]);
    let run = check(folder.path(), &["--diff"]);
    let after = policy(r#""ims:images:copy""#);
    let diff = format!("--- a/iam/p.json\n+++ b/iam/p.json\n@@ -1 +1 @@\n-{before}+{after}\n");
    assert_eq!((run.stdout, run.code), (diff, 1));
    assert_eq!(run.stderr, "1 finding can be mended in 1 file.\n");
    assert_eq!(fs::read_to_string(folder.path().join("iam/p.json")).unwrap(), before);
}

#[test]
fn the_report_tells_what_is_left() {
    let folder = project(&[("p.json", &policy(r#""ims:image:copy", "kms:cmk:decrypt""#))]);
    let before = check(folder.path(), &[]);
    assert!(before.stdout.contains("`--fix` can mend 1 of these; `--diff` shows how."), "{}", before.all());
    let run = check(folder.path(), &["--fix"]);
    assert_eq!(run.stderr, "1 finding mended in 1 file.\n");
    assert!(run.stdout.contains("kms:cmk:decrypt") && !run.stdout.contains("ims:image:copy"), "{}", run.all());
    assert_eq!(run.stdout, check(folder.path(), &[]).stdout);
}

#[test]
fn a_write_protected_file_is_left_and_named() {
    let folder = project(&[("p.json", &policy(r#""ims:image:copy""#))]);
    let path = folder.path().join("p.json");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let run = check(folder.path(), &["--fix"]);
    assert_eq!(run.all(), "error: p.json is write-protected, and was not mended\nexit code 2");
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_mode_and_a_link_stays_a_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = project(&[("real/p.json", &policy(r#""ims:image:copy""#)), ("tree/x.txt", "")]);
    let outside = project(&[("q.json", &policy(r#""ims:image:copy""#))]);
    let real = folder.path().join("real/p.json");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("../real/p.json", folder.path().join("tree/link.json")).unwrap();
    symlink(outside.path().join("q.json"), folder.path().join("tree/outside.json")).unwrap();
    let run = check(folder.path(), &["--fix", "tree"]);
    assert!(run.code < 2, "{}", run.all());
    assert!(fs::symlink_metadata(folder.path().join("tree/link.json")).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), policy(r#""ims:images:copy""#));
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_to_string(outside.path().join("q.json")).unwrap(), policy(r#""ims:image:copy""#));
}

#[test]
fn programs_are_told_the_edits() {
    let folder = project(&[("iam/p.json", &policy(r#""vpc:vpcs:get""#)), NEEDS[0], NEEDS[1]]);
    let run = check(folder.path(), &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let fixes: Vec<_> = report["findings"].as_array().unwrap().iter().filter(|f| !f["fix"].is_null()).collect();
    let [only] = fixes.as_slice() else { panic!("{fixes:?}") };
    assert_eq!(only["rule"], "missing-grant");
    let expected = serde_json::json!({
        "description": "add `vpc:vpcs:create` and `vpc:vpcs:delete` to iam/p.json",
        "edits": [{
            "location": { "path": "iam/p.json", "line": 1, "column": 81, "end_line": 1, "end_column": 81 },
            "text": ", \"vpc:vpcs:create\", \"vpc:vpcs:delete\""
        }]
    });
    assert_eq!(only["fix"], expected);
}

/// Over every fixture: only files with a fix change, each parses, nothing is left to fix, and no error is new.
#[test]
fn fixes_of_the_fixtures_hold() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut mended = 0;
    for fixture in folders_with_files(&fixtures) {
        let scratch = tempfile::tempdir().unwrap();
        copy(&fixture, scratch.path());
        let before = texts(scratch.path());
        let diff = check(scratch.path(), &["--diff"]);
        if diff.code == 2 {
            continue;
        }
        let errors = errors(scratch.path());
        assert!(check(scratch.path(), &["--fix"]).code < 2);
        let after = texts(scratch.path());
        let changed: Vec<_> = before.keys().filter(|path| before[*path] != after[*path]).collect();
        assert_eq!(before.len(), after.len(), "{}", fixture.display());
        for path in &changed {
            assert!(diff.stdout.contains(&format!("--- a/{}\n", path.display())), "{}", path.display());
        }
        assert_eq!(diff.stdout.matches("\n+++ b/").count(), changed.len(), "{}", fixture.display());
        assert_eq!(check(scratch.path(), &["--diff"]).stdout, "", "{}", fixture.display());
        assert!(self::errors(scratch.path()) <= errors, "{}", fixture.display());
        mended += changed.len();
    }
    assert!(mended > 5, "{mended}");
}

fn errors(folder: &Path) -> u64 {
    let run = check(folder, &["--format", "json"]);
    serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap()["summary"]["errors"].as_u64().unwrap()
}

/// Each folder of the fixtures that is a project of its own.
fn folders_with_files(fixtures: &Path) -> Vec<PathBuf> {
    let folders = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect::<Vec<_>>()
    };
    let of_rule = |rule: PathBuf| {
        let parts = folders(&rule);
        let is_split = parts.iter().any(|part| part.ends_with("fires"));
        if is_split { parts } else { vec![rule] }
    };
    let mut all: Vec<_> = folders(fixtures).into_iter().flat_map(of_rule).collect();
    all.sort();
    all
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn texts(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files =
        walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let text = |entry: walkdir::DirEntry| {
        (entry.path().strip_prefix(folder).unwrap().to_owned(), fs::read(entry.path()).unwrap())
    };
    files.map(text).collect()
}
