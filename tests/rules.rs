//! Every rule has a project that makes it fire and a near miss that does not; what a person and a program see of the
//! first is written down beside it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use grantlint::lint::{RULES, page};
use program::{Run, check, fixture};

/// The findings of a rule in a run's JSON.
fn of_rule(run: &Run, rule: &str) -> usize {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule).count()
}

#[test]
fn each_rule_fires_where_it_should_and_what_is_seen_is_as_written_down() {
    for rule in RULES {
        let folder = fixture(rule.name()).join("fires");
        let human = check(&folder, &["."]);
        insta::assert_snapshot!(format!("{}-human", rule.name()), human.all());
        let json = check(&folder, &[".", "--format", "json"]);
        assert!(of_rule(&json, rule.name()) > 0, "{} does not fire in its fixture", rule.name());
        insta::assert_snapshot!(format!("{}-json", rule.name()), json.stdout);
    }
}

#[test]
fn no_rule_fires_at_its_near_miss() {
    for rule in RULES {
        let run = check(&fixture(rule.name()).join("near-miss"), &[".", "--format", "json"]);
        assert_eq!(of_rule(&run, rule.name()), 0, "{} fires at its near miss:\n{}", rule.name(), run.stdout);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let summary = &report["summary"];
        let looked = [&summary["checked"], &summary["policies"]].map(|count| count.as_u64().unwrap());
        assert!(looked.iter().any(|count| *count > 0), "the near miss of {} is not looked at: {summary}", rule.name());
        let is_about_operations = rule.name().ends_with("-grant") || rule.name().ends_with("-scope");
        assert!(!is_about_operations || looked[0] > 0, "no operation of the near miss of {} is checked", rule.name());
    }
}

/// Rewrite the pages with `GRANTLINT_WRITE_PAGES=1 cargo test --test rules`.
#[test]
fn the_published_page_of_each_rule_is_its_doc_comment() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    for rule in RULES {
        let page = page(rule.name()).unwrap_or_else(|| panic!("{} has no page", rule.name()));
        for part in ["## What it does", "## Why it matters", "## Example", "## Use instead", "## How to configure it"] {
            assert!(page.contains(part), "{} lacks `{part}`", rule.name());
        }
        let path = folder.join(format!("{}.md", rule.name()));
        if std::env::var_os("GRANTLINT_WRITE_PAGES").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, page).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), page, "{} is not up to date", path.display());
    }
    let published = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(published, RULES.len(), "docs/rules holds a page of a rule that does not exist");
}
