//! `grantlint.yaml`: every key is read, every mistake is told at its place with a way out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use grantlint::authz::{Context, Fact, Scope};
use grantlint::config::{Config, ConfigError};
use grantlint::lint::rule_names;
use grantlint::manifest::Stage;
use grantlint::source::SourceFile;

fn read(text: &str) -> Result<Config, ConfigError> {
    Config::read(Arc::new(SourceFile::new("grantlint.yaml", text)), PathBuf::new(), &rule_names())
}

/// Each mistake as `line:column message (help)`.
fn mistakes(text: &str) -> Vec<String> {
    let Err(ConfigError::Mistakes { file, mistakes }) = read(text) else { return Vec::new() };
    let shown = mistakes.iter().map(|mistake| {
        let at = file.position(mistake.span.start as usize);
        let help = mistake.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}:{} {}{help}", at.line, at.column, mistake.message)
    });
    shown.collect()
}

fn published(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

#[test]
fn the_published_example_is_a_valid_configuration() {
    let config = read(&published("grantlint.yaml")).unwrap();
    let scopes: Vec<&Scope> = config.principals.iter().flat_map(|p| &p.grants).map(|grant| &grant.scope).collect();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(
        scopes,
        [
            &Scope::EnterpriseProjects(names(&["prod"])),
            &Scope::Projects(names(&["cn-north-4", "cn-east-3"])),
            &Scope::Projects(names(&["cn-north-4_build"])),
            &Scope::Global,
            &Scope::All
        ]
    );
    assert_eq!(config.account.enterprise_projects, Some(true));
    assert_eq!(config.default_region.as_deref(), Some("cn-north-4"));
    assert_eq!(config.ignore.len(), 1);
    assert!(config.extend.is_empty());
    let levels: Vec<(&str, &str)> =
        config.organization.iter().map(|level| (level.name.as_str(), level.policies[0].0.as_str())).collect();
    assert_eq!(levels, [("root", "FullAccess"), ("workloads", "scp/regions.json")]);
    let deployer = &config.principals[0];
    assert_eq!(deployer.grants.iter().filter(|grant| grant.by_console).count(), 1);
    assert_eq!(deployer.trust.as_ref().map(|(path, _)| path.as_str()), Some("iam/trust.json"));
    let said = Context::default()
        .with("g:MFAPresent", Fact::Values(vec![String::from("true")]))
        .with("g:SourceVpc", Fact::Absent);
    assert_eq!(deployer.context, said);
    assert_eq!(deployer.phases.as_deref(), Some(&Stage::ALL[..]));
    assert!(config.exclude.is_match("vendor/a/b.tf"));
}

/// The keys of all objects in a schema, and the names of the rules in it.
fn schema_keys(schema: &serde_json::Value, keys: &mut BTreeSet<String>) {
    if let Some(properties) = schema.get("properties").and_then(|properties| properties.as_object()) {
        keys.extend(properties.keys().cloned());
    }
    match schema {
        serde_json::Value::Object(entries) => entries.values().for_each(|value| schema_keys(value, keys)),
        serde_json::Value::Array(items) => items.iter().for_each(|value| schema_keys(value, keys)),
        _ => {}
    }
}

#[test]
fn the_published_schema_has_the_keys_of_the_example_and_the_rules_that_exist() {
    let schema: serde_json::Value = serde_json::from_str(&published("grantlint.schema.json")).unwrap();
    let mut keys = BTreeSet::new();
    schema_keys(&schema, &mut keys);
    let example = published("grantlint.yaml");
    for key in &keys {
        assert!(example.contains(&format!("{key}:")), "the example lacks `{key}`");
    }
    // Every key that the reader knows is in the schema: an unknown one makes it list them all.
    for text in ["zzz: 1", "account: { zzz: 1 }", "principals: { a: { zzz: 1 } }", "ignore: [{ reason: x, zzz: 1 }]"] {
        for known in mistakes(text).concat().split('`').skip(1).step_by(2) {
            let is_key = known.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            assert!(
                !is_key || known == "zzz" || known == "account" || keys.contains(known),
                "the schema lacks `{known}`"
            );
        }
    }
    let rules: Vec<&str> = schema
        .pointer("/$defs/rule/enum")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule.as_str().unwrap())
        .collect();
    assert_eq!(rules, rule_names());
}

#[test]
fn every_mistake_is_told_at_its_place_with_a_way_out() {
    for (text, expected) in [
        ("acount: {}", "1:1 `acount` is no key of the configuration (did you mean `account`?)"),
        (
            "account: { enterprise_projects: yes please }",
            "1:33 `enterprise_projects` is true or false, and this is a text",
        ),
        (
            "account: { enterprise_project: true }",
            "1:12 `enterprise_project` is no key of `account` (did you mean `enterprise_projects`?)",
        ),
        ("principals: [a]", "1:13 `principals` has to be a mapping, and this is a list"),
        (
            "principals: { a: { grants: [{ scope: all }] } }",
            "1:29 a grant has to have `policy` (name a file or a system-defined policy)",
        ),
        (
            "principals: { a: { grants: [{ policy: x, scope: everywhere }] } }",
            "1:49 `everywhere` is no scope (write `all`",
        ),
        (
            "principals: { a: { grants: [{ policy: x, scope: { regoins: [b] } }] } }",
            "1:51 `regoins` is no key of a scope (did you mean `regions`?)",
        ),
        ("principals: { a: { grants: [{ policy: x, scope: { regions: [] } }] } }", "1:60 `regions` names nothing"),
        (
            "principals: { a: { grants: [{ policy: x, scope: { regions: [b], projects: [c] } }] } }",
            "1:49 a scope has one key (write one grant for each scope)",
        ),
        ("principals: { a: { context: { MFAPresent: true } } }", "1:31 `MFAPresent` is no condition key"),
        (
            "principals: { a: { context: { g:MFAPresent: true, G:mfapresent: false } } }",
            "1:51 `G:mfapresent` stands twice (join the two)",
        ),
        ("principals: { a: { context: { g:MFAPresent: { a: b } } } }", "`g:MFAPresent` has to be a text"),
        (
            "principals: { a: { grants: [{ policy: x, granted_in: terraform }] } }",
            "1:54 grants are made in no `terraform` (write `console` or `api`)",
        ),
        ("organization: [{ policies: [a] }]", "1:16 a level of the organization has to have `level`"),
        ("organization: [{ level: root, policy: a }]", "1:31 `policy` is no key of a level of the organization"),
        ("organization: { root: [a] }", "1:15 `organization` has to be a list"),
        ("principals: { a: { phases: [aply] } }", "1:29 `aply` is no phase (did you mean `apply`?)"),
        ("principals: { a: { phases: [all] } }", "1:29 `all` is no phase (one of `plan`, `apply`, `destroy`)"),
        ("principals: { a: { phases: [] } }", "1:28 `phases` names nothing (name some of `plan`, `apply`, `destroy`"),
        ("principals: { a: { phases: plan } }", "1:28 `phases` has to be a list, and this is a text (put it into [ ])"),
        ("principals: { a: { phase: [plan] } }", "1:20 `phase` is no key of a principal (did you mean `phases`?)"),
        ("principals: { a: {}, a: {} }", "1:22 `a` stands twice (join the two)"),
        ("rules: { missing-grants: off }", "1:10 there is no rule `missing-grants` (did you mean `missing-grant`?)"),
        ("rules: { missing-grant: fatal }", "1:25 `fatal` is no level: one of `error`, `warning`, `note`, `off`"),
        (
            "ignore: [{ rule: missing-grant }]",
            "1:10 an `ignore` entry has to have `reason` (say why the finding is accepted)",
        ),
        ("ignore: [{ reason: x, expires: tomorrow }]", "1:32 `tomorrow` is no day (write a day such as 2027-06-30)"),
        ("principals: { a: {} }\nignore: [{ reason: x, principal: b }]", "2:10 there is no principal `b`"),
        ("exclude: [\"a[\"]", "1:11 `a[` is no glob"),
        ("exclude: vendor", "1:10 `exclude` has to be a list, and this is a text (put it into [ ])"),
        ("a: [", "the file is no YAML"),
        ("account: {}\n---\naccount: {}", "3:1 a configuration is one document"),
    ] {
        let told = mistakes(text);
        assert!(
            told.iter().any(|mistake| mistake.contains(expected)),
            "{text}\n  expected {expected}\n  told {told:?}"
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    assert_eq!(mistakes("acount: {}\nrules: { missing-grants: off }\nexclude: x\n").len(), 3);
}

#[test]
fn an_empty_file_is_a_configuration_that_says_nothing() {
    for text in ["", "# nothing\n", "---\n", "account:\nprincipals:\nignore:\n"] {
        assert!(mistakes(text).is_empty(), "{text:?}: {:?}", mistakes(text));
    }
}
