//! One run, written in every format: of the fixtures of all rules, and of a project whose names mean harm.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

use super::program::{check, fixture, project};

/// Every format of a report but the one for people.
pub(crate) const FORMATS: [&str; 9] =
    ["json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "html", "csv"];

/// What one run wrote, by format.
pub(crate) struct Reports(BTreeMap<&'static str, String>);

impl Reports {
    /// Checks a folder, and writes every format in one run.
    pub(crate) fn of(folder: &Path, arguments: &[&str]) -> Self {
        let written = project(&[]);
        let path = |format: &str| written.path().join(format).to_str().unwrap().to_owned();
        let pairs =
            FORMATS.iter().flat_map(|format| ["--format".into(), (*format).into(), "--output".into(), path(format)]);
        let pairs: Vec<String> = pairs.collect();
        let arguments: Vec<&str> = arguments.iter().copied().chain(pairs.iter().map(String::as_str)).collect();
        let run = check(folder, &arguments);
        assert!(run.code < 2, "{}", run.all());
        assert_eq!(run.stdout, "");
        Self(FORMATS.iter().map(|format| (*format, std::fs::read_to_string(path(format)).unwrap())).collect())
    }

    pub(crate) fn text(&self, format: &str) -> &str {
        &self.0[format]
    }

    /// The report for programs, against which the others are held.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.text("json")).unwrap()
    }

    pub(crate) fn findings(&self) -> Vec<Value> {
        self.json()["findings"].as_array().unwrap().clone()
    }
}

/// The fixtures of all rules.
pub(crate) static FIXTURES: LazyLock<Reports> =
    LazyLock::new(|| Reports::of(&fixture(""), &["--config", "unsupported-scope/fires/grantlint.yaml"]));

/// A project whose names try to be more than names.
pub(crate) static HOSTILE: LazyLock<Reports> = LazyLock::new(|| {
    let folder = hostile();
    Reports::of(folder.path(), &[])
});

/// A project in which nothing is found.
pub(crate) static CLEAN: LazyLock<Reports> = LazyLock::new(|| {
    let folder = project(&[]);
    Reports::of(folder.path(), &[])
});

/// More findings than anybody reads.
pub(crate) static MANY: LazyLock<Reports> = LazyLock::new(|| {
    let operation =
        |number: usize| format!("  - {{ action: ims:images:copy, resource: {}-{number} }}\n", "n".repeat(90));
    let operations: String = (0..600).map(operation).collect();
    let manifest = format!("apiVersion: grantlint/v1\nkind: Operations\noperations:\n{operations}");
    let policy = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:vpcs:get"]}]}"#;
    let folder = project(&[("o.yaml", &manifest), ("p.json", policy)]);
    Reports::of(folder.path(), &[])
});

/// Names as an attacker would choose them.
pub(crate) const NAMES: [&str; 12] = [
    "=cmd()|'/C calc'!A0",
    "+1+1\t@x",
    "x\n::error file=a,line=1::owned",
    "x\r\n::stop-commands::t",
    "a | b\\| c",
    "<script>alert(1)</script> & </details> <!--",
    "`]](javascript:alert(1)) [x](http://evil.example) ![y](http://evil.example)",
    "@everyone #1 http://evil.example www.evil.example",
    "nul \0 escape \u{1b}[31m bell \u{7} \u{FFFE} \u{202E}",
    "]]> <![CDATA[ &amp; \"quoted\" 'so'",
    "镜像 é 😀",
    "{0} %SRCROOT% %0A 100%",
];

/// A project with those names for resources, actions, a principal and a file.
pub(crate) fn hostile() -> tempfile::TempDir {
    let long = "long ".repeat(20_000);
    let quoted = |name: &str| serde_json::to_string(name).unwrap();
    let operation = |name: &str| format!("  - {{ action: ims:images:copy, resource: {} }}\n", quoted(name));
    let operations: String = NAMES.iter().copied().chain([long.as_str()]).map(operation).collect();
    let manifest = format!("apiVersion: grantlint/v1\nkind: Operations\noperations:\n{operations}");
    let actions: Vec<String> = NAMES.iter().map(|name| format!("ims:images:{name}")).collect();
    let actions = serde_json::to_string(&actions).unwrap();
    let policy = format!(r#"{{"Version": "1.1", "Statement": [{{"Effect": "Allow", "Action": {actions}}}]}}"#);
    let principal = |name: &&str| format!("  {}: {{ grants: [{{ policy: p.json }}] }}\n", quoted(name));
    let principals: String = NAMES.iter().take(3).map(principal).collect();
    let files = [("p.json", policy.as_str()), ("grantlint.yaml", &format!("principals:\n{principals}"))];
    let folder = project(&files);
    // Not every file system takes such a name.
    let names = ["=a,b:c%0A|d\n::error::`<b>.yaml", "operations.yaml"];
    let write = |name: &&str| std::fs::write(folder.path().join(name), &manifest).is_ok();
    assert!(names.iter().any(write));
    folder
}

#[test]
fn the_same_input_gives_the_same_bytes_in_every_format() {
    let folder = hostile();
    let [one, more] = ["1", "7"].map(|threads| Reports::of(folder.path(), &["--threads", threads]));
    for format in FORMATS {
        assert!(one.text(format) == more.text(format), "{format}");
    }
}

#[test]
fn the_names_that_mean_harm_are_in_the_report() {
    let findings = HOSTILE.findings();
    let resources: Vec<&str> = findings.iter().filter_map(|finding| finding["resource"].as_str()).collect();
    for name in NAMES {
        assert!(resources.contains(&name), "{name:?}");
    }
    assert!(findings.iter().any(|finding| finding["principal"] == NAMES[2]));
}
