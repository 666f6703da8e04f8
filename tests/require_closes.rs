//! The circle closes: policies that `grantlint require` makes leave `grantlint check` nothing to add, and IAM takes them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use grantlint::catalog::{Catalog, TerraformKind};
use grantlint::lint::Finding;
use grantlint::require::{Grammar, Policies, Ready, Wish, policies};
use grantlint::run::Options;
use grantlint::severity::Certainty;
use program::project;
use proptest::prelude::*;
use proptest::sample::Index;

/// Everything that a manifest can be made of.
struct Parts {
    /// Service and API.
    apis: Vec<(String, String)>,
    actions: Vec<String>,
    types: Vec<(TerraformKind, String)>,
}

impl Parts {
    fn all() -> Self {
        let catalog = Catalog::embedded();
        let apis = catalog.apis().into_iter().map(|row| (row.entry.service.to_owned(), row.entry.key.to_owned()));
        let actions = catalog.all_actions().into_iter().map(|(action, _)| action.to_owned());
        let types = catalog.type_names().into_iter().map(|known| (known.kind, known.name.to_owned()));
        Self {
            apis: apis.collect(),
            actions: actions.filter(|action| !action.contains('*')).collect(),
            types: types.collect(),
        }
    }

    fn picked(&self, apis: &[Index], actions: &[Index], types: &[Index]) -> Self {
        Self {
            apis: apis.iter().map(|index| index.get(&self.apis).clone()).collect(),
            actions: actions.iter().map(|index| index.get(&self.actions).clone()).collect(),
            types: types.iter().map(|index| index.get(&self.types).clone()).collect(),
        }
    }

    fn of_service(&self, service: &str) -> Self {
        let is_its = |action: &&String| action.split(':').next().is_some_and(|own| own.eq_ignore_ascii_case(service));
        Self {
            apis: self.apis.iter().filter(|(own, _)| own == service).cloned().collect(),
            actions: self.actions.iter().filter(is_its).cloned().collect(),
            types: Vec::new(),
        }
    }

    fn operations(&self) -> String {
        let apis = self.apis.iter().map(|(service, api)| serde_json::json!({ "service": service, "api": api }));
        let actions = self.actions.iter().map(|action| serde_json::json!({ "action": action }));
        let operations: Vec<serde_json::Value> = apis.chain(actions).collect();
        let manifest =
            serde_json::json!({ "apiVersion": "grantlint/v1", "kind": "Operations", "operations": operations });
        serde_json::to_string_pretty(&manifest).unwrap()
    }

    fn terraform(&self) -> String {
        let block = |(index, (kind, name)): (usize, &(TerraformKind, String))| {
            let kind = if *kind == TerraformKind::Data { "data" } else { "resource" };
            format!("{kind} \"{name}\" \"r{index}\" {{}}\n")
        };
        let blocks: Vec<String> = self.types.iter().enumerate().map(block).collect();
        blocks.concat()
    }

    fn folder(&self) -> tempfile::TempDir {
        project(&[("operations.json", &self.operations()), ("main.tf", &self.terraform())])
    }
}

/// Calls with the options of a run in a folder.
fn in_folder<T>(folder: &Path, select: &[&str], run: impl Fn(&Options<'_>) -> T) -> T {
    let select: Vec<String> = select.iter().map(|rule| (*rule).to_owned()).collect();
    let paths = [PathBuf::from(".")];
    run(&Options { select: &select, ..Options::of(&paths, folder, "2026-01-01".parse().unwrap()) })
}

fn made(folder: &Path, grammar: Grammar) -> Policies {
    let wish = Wish { principal: None, certain_only: false };
    policies(&in_folder(folder, &[], |options| grantlint::require(options, wish)).unwrap(), grammar)
}

fn findings(folder: &Path, rules: &[&str]) -> Vec<Finding> {
    in_folder(folder, rules, grantlint::check).unwrap().findings
}

fn write(folder: &Path, policies: &[&Ready]) {
    for policy in policies {
        std::fs::write(folder.join(format!("{}.json", policy.name)), policy.document.text()).unwrap();
    }
}

/// What was found and should not have been.
fn told(findings: &[Finding]) -> String {
    let told = findings.iter().map(|finding| {
        let location = finding.place.location();
        format!("{}:{} {}: {}", location.path, location.line, finding.rule, finding.message)
    });
    told.collect::<Vec<_>>().join("\n")
}

/// Makes the policies of a manifest, lays them beside it, and checks it.
fn closes(parts: &Parts, grammar: Grammar) {
    let folder = parts.folder();
    let made = made(folder.path(), grammar);
    let unnamed: BTreeSet<String> = made.unnamed.iter().map(|action| action.to_lowercase()).collect();
    let (plain, apart): (Vec<&Ready>, Vec<&Ready>) = made.policies.iter().partition(|policy| policy.lets.is_empty());
    let for_anybody = project(&[]);
    write(for_anybody.path(), &plain);
    let more_rights = findings(for_anybody.path(), &["privilege-escalation"]);
    let more_rights: Vec<Finding> = more_rights.into_iter().filter(|it| it.certainty == Certainty::Certain).collect();
    assert!(more_rights.is_empty(), "{grammar:?}: a policy for anybody gives more rights:\n{}", told(&more_rights));
    write(folder.path(), &[plain, apart].concat());
    let rules = ["missing-grant", "invalid-policy", "policy-limit", "mixed-scope-policy"];
    let mut found = findings(folder.path(), &rules);
    let is_unnamed = |finding: &Finding| finding.actions.iter().all(|action| unnamed.contains(&action.to_lowercase()));
    found.retain(|finding| finding.rule != "missing-grant" || !is_unnamed(finding));
    assert!(found.is_empty(), "{grammar:?}:\n{}", told(&found));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_deployed_its_policies_grant_it(
        apis in prop::collection::vec(any::<Index>(), 0..60),
        actions in prop::collection::vec(any::<Index>(), 0..60),
        types in prop::collection::vec(any::<Index>(), 0..12),
    ) {
        let parts = Parts::all().picked(&apis, &actions, &types);
        for grammar in Grammar::ALL {
            closes(&parts, grammar);
        }
    }
}

#[test]
fn so_do_the_policies_of_everything_that_the_table_holds_of_a_service() {
    let all = Parts::all();
    let services: BTreeSet<&str> = all.apis.iter().map(|(service, _)| service.as_str()).collect();
    for service in services {
        let parts = all.of_service(service);
        for grammar in Grammar::ALL {
            closes(&parts, grammar);
        }
    }
}

#[test]
fn policies_are_split_by_length() {
    let folder = Parts { types: Vec::new(), ..Parts::all() }.folder();
    for grammar in Grammar::ALL {
        let made = made(folder.path(), grammar);
        let names: BTreeSet<&str> = made.policies.iter().map(|policy| policy.name.as_str()).collect();
        assert!(names.len() > 5 && names.iter().any(|name| name.ends_with("-5")), "{names:?}");
        assert_eq!(names.len(), made.policies.len(), "each has a name of its own");
        let of_kind = made.policies.chunk_by(|a, b| a.level == b.level && a.lets.is_empty() == b.lets.is_empty());
        let full = of_kind.flat_map(|policies| policies.split_last().unwrap().1);
        for policy in full {
            assert!(policy.document.text().len() > 5_500, "{} has room left", policy.name);
        }
    }
}
