//! `check --shard` and `merge`: what several runs have read of their shares is told as if one had read it all.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use program::{Run, check, project};

/// The formats that show most: every figure, every excerpt, everything that is granted and needed.
const FORMATS: [&str; 3] = ["json", "human", "html"];

const POLICY: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ims:images:list"]}]}"#;
const KEY: &str = "resource \"huaweicloud_kps_keypair\" \"k\" {\n  name = \"k\"\n}\n";

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Reads each of `of` shares of `paths` in `folder`, into files of `parts`.
fn shares(folder: &Path, parts: &Path, of: usize, paths: &[&str]) -> Vec<PathBuf> {
    let share = |number: usize| {
        let part = parts.join(format!("{}-{number}-{of}.json", paths.concat().replace('/', "_")));
        let shard = format!("{number}/{of}");
        let made = check(folder, &[&["--shard", &shard, "--output", path(&part)], paths].concat());
        assert_eq!((made.code, made.stdout.as_str(), made.stderr.as_str()), (0, "", ""));
        part
    };
    (1..=of).map(share).collect()
}

/// Merges parts in an empty folder.
fn merge(parts: &[PathBuf], arguments: &[&str]) -> Run {
    let empty = tempfile::tempdir().unwrap();
    let parts = parts.iter().map(|part| path(part));
    program::merge(empty.path(), &[arguments, &parts.collect::<Vec<_>>()].concat())
}

/// The shares of `paths`, merged, are told as one run tells them, in all formats.
fn assert_same(folder: &Path, of: usize, paths: &[&str]) {
    let parts = tempfile::tempdir().unwrap();
    let shares = shares(folder, parts.path(), of, paths);
    for format in FORMATS {
        let whole = check(folder, &[&["--format", format], paths].concat());
        let merged = merge(&shares, &["--format", format]);
        assert_eq!(merged.stdout, whole.stdout, "{format} of {of} shares of {paths:?} in {}", folder.display());
        assert_eq!((merged.code, merged.stderr), (whole.code, whole.stderr));
    }
}

/// Copies a folder with all that lies in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

#[test]
fn every_fixture_is_told_the_same_in_shares() {
    let groups = fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().path());
    let folders = groups.filter(|path| path.is_dir()).flat_map(|group| fs::read_dir(group).unwrap());
    let folders: Vec<_> = folders.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    assert!(folders.len() > 40, "{}", folders.len());
    for folder in folders {
        assert_same(&folder, 3, &["."]);
    }
}

#[test]
fn all_fixtures_together_are_told_the_same_whatever_the_number_of_shares() {
    let folder = tempfile::tempdir().unwrap();
    copy(&fixtures(), folder.path());
    for of in [1, 2, 7] {
        assert_same(folder.path(), of, &["."]);
    }
}

#[test]
fn each_folder_is_read_by_one_share() {
    let names: Vec<String> = (0..40).map(|number| format!("team-{number}/main.tf")).collect();
    let folder = project(&names.iter().map(|name| (name.as_str(), KEY)).collect::<Vec<_>>());
    let parts = tempfile::tempdir().unwrap();
    let files = |part: &PathBuf| {
        let part: serde_json::Value = serde_json::from_slice(&fs::read(part).unwrap()).unwrap();
        part["answers"]["files"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    let read: Vec<Vec<String>> = shares(folder.path(), parts.path(), 4, &["."]).iter().map(files).collect();
    assert!(read.iter().all(|files| (4..=16).contains(&files.len())), "{read:?}");
    let mut all: Vec<String> = read.concat();
    all.sort();
    let mut expected = names;
    expected.sort();
    assert_eq!(all, expected);
}

/// Roots that call modules of other folders, with all that reading them asks of the disk.
fn entangled() -> tempfile::TempDir {
    let root = |name: &str| {
        format!(
            "variable \"cidr\" {{}}\nmodule \"net\" {{\n  source = \"../modules/net\"\n  name   = \"{name}\"\n  cidr   = var.cidr\n}}\n{KEY}"
        )
    };
    let module = "\
variable \"name\" {}
variable \"cidr\" {}
resource \"huaweicloud_vpc\" \"v\" {
  count = fileexists(\"${path.module}/on\") && !fileexists(\"${path.root}/off\") ? 1 : 0
  name  = file(\"${path.root}/${var.name}.txt\")
  cidr  = var.cidr
}
resource \"huaweicloud_identity_role\" \"r\" {
  for_each    = fileset(\"${path.module}/policies\", \"*.json\")
  name        = each.value
  type        = \"XA\"
  description = try(file(\"../../../outside.txt\"), \"\")
  policy      = file(\"${path.module}/policies/${each.value}\")
}
";
    project(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".gitignore", "*_override.tf\n*.auto.tfvars\n"),
        (
            "grantlint.yaml",
            "account: { default_region: cn-north-4 }\nexclude: [named/**]\nprincipals:\n  one:\n    \
             grants: [{ policy: named/one.json, scope: { regions: [cn-north-4] } }, { policy: iam/none.json }, { policy: ECS FullAccess }]\n",
        ),
        ("named/one.json", POLICY),
        ("iam/two.json", POLICY),
        ("one/main.tf", &root("one")),
        ("one/one.txt", "one"),
        ("one/prod.auto.tfvars", "cidr = \"10.0.0.0/16\"\n"),
        ("two/main.tf", &root("two")),
        ("two/off", ""),
        ("modules/net/main.tf", module),
        ("modules/net/on", ""),
        // Version control leaves it out: it is no part of the module where the module is of the run.
        ("modules/net/skip_override.tf", "resource \"huaweicloud_vpc\" \"v\" {\n  name = file(\"missing.txt\")\n}\n"),
        ("modules/net/policies/a.json", POLICY),
        ("modules/net/policies/b.json", "{"),
        (
            "three/main.tf",
            "module \"git\" {\n  source = \"git::ssh://example.com/m.git\"\n}\nresource \"huaweicloud_obs_bucket\" \"b\" {\n",
        ),
        ("three/notes.json", "{\"neither\": \"policy nor plan\"}"),
        ("three/README.md", "text"),
    ])
}

#[test]
fn what_folders_ask_of_others_is_known_to_each_share() {
    let folder = entangled();
    let whole = check(folder.path(), &["--format", "json"]).stdout;
    for told in
        ["module.net.huaweicloud_vpc.v[0]", "module.net.huaweicloud_identity_role.r[*]", "iam/none.json", "b.json"]
    {
        assert!(whole.contains(told), "{told}: {whole}");
    }
    assert!(!whole.contains("skip_override.tf"), "{whole}");
    for of in [1, 2, 3, 5, 7] {
        assert_same(folder.path(), of, &["."]);
        assert_same(folder.path(), of, &["two", "three/main.tf", "iam"]);
    }
}

#[test]
fn options_of_reading_are_those_of_the_shares() {
    let folder = entangled();
    fs::write(folder.path().join("other.yaml"), "account: { default_region: eu-west-101 }\n").unwrap();
    fs::write(folder.path().join("values"), "cidr = \"10.1.0.0/16\"\n").unwrap();
    let arguments = ["--config", "other.yaml", "--var-file", "values", "--var", "name=x", "."];
    assert_same(folder.path(), 2, &arguments);
}

#[test]
fn options_of_telling_are_those_of_merge() {
    let folder = entangled();
    let scratch = tempfile::tempdir().unwrap();
    let shares = shares(folder.path(), scratch.path(), 2, &["."]);
    let baseline = scratch.path().join("baseline.json");
    check(folder.path(), &["--select", "unknown-policy", "--write-baseline", path(&baseline)]);
    for arguments in [
        &["--format", "json", "--principal", "one", "--phase", "plan", "--fail-on", "note"][..],
        &["--format", "json", "--select", "unknown-policy,conditional-grant", "--severity", "conditional-grant=error"],
        &["--format", "sarif", "--baseline", path(&baseline)],
        &["--format", "jsonl", "--ignore", "conditional-grant", "--quiet", "--threads", "1"],
    ] {
        let (whole, merged) = (check(folder.path(), arguments), merge(&shares, arguments));
        assert_eq!(merged.all(), whole.all(), "{arguments:?}");
    }
    let recorded = scratch.path().join("recorded.json");
    assert_eq!(merge(&shares, &["--write-baseline", path(&recorded)]).code, 0);
    assert_eq!(merge(&shares, &["--baseline", path(&recorded)]).code, 0);
}

#[test]
fn machines_that_hold_different_folders_are_told_together() {
    let folder = entangled();
    let scratch = tempfile::tempdir().unwrap();
    // The second machine has another folder for its work, and not what the first one checks.
    let second = tempfile::tempdir().unwrap();
    let elsewhere = second.path().join("deep/down");
    copy(folder.path(), &elsewhere);
    fs::remove_dir_all(elsewhere.join("three")).unwrap();
    let mut parts = shares(folder.path(), scratch.path(), 1, &["three"]);
    parts.extend(shares(&elsewhere, scratch.path(), 2, &["one", "two"]));
    let whole = check(folder.path(), &["--format", "json", "three", "one", "two"]);
    assert_eq!(merge(&parts, &["--format", "json"]).stdout, whole.stdout);
}

/// What `merge` says of parts that it refuses.
fn refusal(parts: &[PathBuf]) -> String {
    let run = merge(parts, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    run.stderr
}

#[test]
fn parts_that_are_not_one_whole_are_refused_with_a_way_out() {
    let folder = entangled();
    let scratch = tempfile::tempdir().unwrap();
    let of_three = shares(folder.path(), scratch.path(), 3, &["."]);
    assert!(refusal(&of_three[..2]).contains("of `--shard I/3` over `.` there is no `3/3`: name all parts"));
    let twice = refusal(&[&of_three[..], &of_three[..1]].concat());
    assert!(twice.contains("are both part 1/3"), "{twice}");

    let text = scratch.path().join("text.txt");
    fs::write(&text, "text").unwrap();
    let message = refusal(&[text]);
    assert!(message.contains("text.txt` is no part") && message.contains("--shard I/N --output FILE"), "{message}");
    assert!(refusal(&[scratch.path().join("none.json")]).contains("none.json` cannot be read: No such file"));

    let other = scratch.path().join("other.json");
    let part = fs::read_to_string(&of_three[0]).unwrap();
    fs::write(&other, part.replacen("\"grantlint\":\"", "\"grantlint\":\"9.", 1)).unwrap();
    let message = refusal(&[&[other], &of_three[1..]].concat());
    assert!(message.contains("other.json` was made by grantlint 9.") && message.contains("use the same"), "{message}");
}

#[test]
fn parts_of_different_files_or_options_are_refused() {
    let folder = entangled();
    let scratch = tempfile::tempdir().unwrap();
    let mut parts = shares(folder.path(), scratch.path(), 2, &["."]);
    let config = folder.path().join("grantlint.yaml");
    fs::write(&config, format!("{}# changed\n", fs::read_to_string(&config).unwrap())).unwrap();
    let later = tempfile::tempdir().unwrap();
    parts[1] = shares(folder.path(), later.path(), 2, &["."]).remove(1);
    let message = refusal(&parts);
    assert!(
        message.contains("what stands in `grantlint.yaml` differs; make all parts from the same files"),
        "{message}"
    );

    let with_value = scratch.path().join("value.json");
    check(folder.path(), &["--shard", "1/2", "--var", "a=b", "--output", path(&with_value)]);
    parts[0] = with_value;
    assert!(refusal(&parts).contains("the values of Terraform variables differ"));
}

#[test]
fn what_a_share_cannot_do_is_refused() {
    let folder = project(&[("main.tf", KEY)]);
    for (arguments, message) in [
        (&["--shard", "0/2"][..], "write I/N, such as 1/4"),
        (&["--shard", "two"], "write I/N, such as 1/4"),
        (&["--shard", "3/2"], "there is no share 3 of 2"),
        (&["--shard", "1/2", "--format", "json"], "cannot be used with"),
        (&["--shard", "1/2", "--fix"], "cannot be used with"),
        (&["--shard", "1/2", "--changed", "main.tf"], "cannot be used with"),
        (&["--shard", "1/2", "nowhere"], "`nowhere` cannot be checked"),
    ] {
        let run = check(folder.path(), arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn a_part_that_was_tampered_with_ends_no_run_badly() {
    let folder = entangled();
    let scratch = tempfile::tempdir().unwrap();
    let part = shares(folder.path(), scratch.path(), 1, &["."]).remove(0);
    let whole: serde_json::Value = serde_json::from_slice(&fs::read(&part).unwrap()).unwrap();
    let tampered = scratch.path().join("tampered.json");
    let books: Vec<String> = whole["answers"].as_object().unwrap().keys().cloned().collect();
    for book in &books {
        let mut changed = whole.clone();
        changed["answers"][book] = serde_json::json!({});
        fs::write(&tampered, changed.to_string()).unwrap();
        assert!((0..=2).contains(&merge(std::slice::from_ref(&tampered), &["--format", "html"]).code), "{book}");
    }
    for paths in [serde_json::json!([]), serde_json::json!(["/etc"]), serde_json::json!(["../../.."])] {
        let mut changed = whole.clone();
        changed["paths"] = paths;
        changed["working_directory"] = serde_json::json!("");
        fs::write(&tampered, changed.to_string()).unwrap();
        assert!((0..=2).contains(&merge(std::slice::from_ref(&tampered), &["--format", "html"]).code));
    }
    let text = fs::read(&part).unwrap();
    for cut in (0..text.len()).step_by(997) {
        fs::write(&tampered, &text[..cut]).unwrap();
        assert!(refusal(std::slice::from_ref(&tampered)).contains("is no part"), "{cut}");
    }
}
