//! Comments and `ignore` entries accept findings: where they have to stand, what is a comment, and what is told of those
//! that accept nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::path::{Path, PathBuf};
use std::time::Instant;

use grantlint::config::SuppressionKind;
use grantlint::lint::Finding;
use grantlint::report::Report;
use grantlint::run::Options;
use jiff::civil::date;
use program::project;
use proptest::prelude::*;

const POLICY: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ims:images:list"]}]}"#;

fn run_in(folder: &Path, change: impl FnOnce(&mut Options<'_>)) -> Report {
    let paths = [PathBuf::from(".")];
    let mut options = Options::of(&paths, folder, date(2026, 6, 1));
    change(&mut options);
    grantlint::check(&options).unwrap()
}

fn run(files: &[(&str, &str)]) -> Report {
    run_in(project(files).path(), |_| {})
}

/// `path:line rule` of a finding.
fn shown(finding: &Finding) -> String {
    let location = finding.place.location();
    format!("{}:{} {}", location.path, location.line, finding.rule)
}

/// The findings of two rules that are told.
fn told(report: &Report) -> Vec<String> {
    let about = |finding: &&Finding| matches!(finding.rule, "wildcard-action" | "unused-ignore" | "invalid-manifest");
    report.findings.iter().filter(about).map(shown).collect()
}

fn suppressed(report: &Report) -> Vec<String> {
    report.suppressed.iter().map(|each| shown(&each.finding)).collect()
}

/// What is told of, and what is accepted in, one file.
fn in_file(path: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let report = run(&[(path, text)]);
    (told(&report), suppressed(&report))
}

fn accepts(path: &str, text: &str) -> bool {
    let (told, suppressed) = in_file(path, text);
    assert_eq!(told.iter().filter(|one| one.ends_with("wildcard-action")).count() + suppressed.len(), 1, "{text}");
    if suppressed.len() == 1 {
        assert_eq!(told, [""; 0], "{text}");
    }
    suppressed.len() == 1
}

fn yaml(action: &str) -> String {
    format!("Version: '1.1'\nStatement:\n  - Effect: Allow\n    Action:\n{action}")
}

fn json(action: &str) -> String {
    format!("{{\"Version\": \"1.1\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": [\n{action}\n]}}]}}")
}

fn hcl(body: &str) -> String {
    format!("resource \"huaweicloud_identity_role\" \"p\" {{\n  name = \"p\"\n  type = \"XA\"\n{body}\n}}\n")
}

#[test]
fn a_comment_accepts_what_is_found_on_its_line_or_on_the_next() {
    for action in [
        "      - 'vpc:*:*' # grantlint: ignore[wildcard-action] only here\n",
        "      # grantlint: ignore[wildcard-action] only here\n      - 'vpc:*:*'\n",
        "      #grantlint:ignore[wildcard-action]: only here\n      - 'vpc:*:*'\n",
        "      # grantlint: ignore[wildcard-action] a reason\n      # that goes on\n      - 'vpc:*:*'\n",
        "      # other: tool  grantlint: ignore[wildcard-action] only here\n      - 'vpc:*:*'\n",
    ] {
        assert!(accepts("p.yaml", &yaml(action)), "{action}");
        assert!(accepts("p.yaml", &yaml(action).replace('\n', "\r\n")), "{action}");
    }
    for action in [
        "\"vpc:*:*\" // grantlint: ignore[wildcard-action] only here",
        "// grantlint: ignore[wildcard-action] only here\n\"vpc:*:*\"",
        "/* grantlint: ignore[wildcard-action] only here */ \"vpc:*:*\"",
        "\"vpc:*:*\" /* grantlint: ignore[wildcard-action] only here */",
        "/*\n * grantlint: ignore[wildcard-action] only here\n */\n\"vpc:*:*\"",
    ] {
        assert!(accepts("p.json", &json(action)), "{action}");
        assert!(accepts("p.json", &json(action).replace('\n', "\r\n")), "{action}");
    }
}

#[test]
fn terraform_has_three_kinds_of_comments() {
    let statement = r#"Statement = [{ Effect = "Allow", Action = ["vpc:*:*"] }]"#;
    for line in [
        format!("    {statement} # grantlint: ignore[wildcard-action] only here"),
        format!("    // grantlint: ignore[wildcard-action] only here\n    {statement}"),
        format!("    /* grantlint: ignore[wildcard-action] only here */\n    {statement}"),
        format!("    /* grantlint: ignore[wildcard-action] only here */ {statement}"),
    ] {
        let text = hcl(&format!("  policy = jsonencode({{\n    Version = \"1.1\"\n{line}\n  }})"));
        assert!(accepts("main.tf", &text), "{text}");
        assert!(accepts("main.tf", &text.replace('\n', "\r\n")), "{text}");
    }
}

#[test]
fn a_comment_above_a_heredoc_is_about_all_of_it_as_none_can_stand_in_it() {
    let policy = "{\n  \"Version\": \"1.1\",\n  \"Statement\": [{\n    \"Effect\": \"Allow\",\n    \"Action\": [\"vpc:*:*\"]\n  }]\n}";
    let above = format!("  # grantlint: ignore[wildcard-action] only here\n  policy = <<EOF\n{policy}\nEOF");
    assert!(accepts("main.tf", &hcl(&above)));
    let within = policy.replace("\n    \"Action\"", "\n// grantlint: ignore[wildcard-action] no\n    \"Action\"");
    assert!(!accepts("main.tf", &hcl(&format!("  policy = <<EOF\n{within}\nEOF"))));
}

#[test]
fn a_comment_at_the_header_of_a_block_is_about_what_the_block_lacks() {
    for text in [
        "# grantlint: ignore[missing-grant] by hand\nresource \"huaweicloud_vpc\" \"v\" {\n  name = \"v\"\n}\n",
        "resource \"huaweicloud_vpc\" \"v\" { // grantlint: ignore[missing-grant] by hand\n  name = \"v\"\n}\n",
    ] {
        let report = run(&[("main.tf", text), ("p.json", POLICY)]);
        assert!(report.findings.iter().all(|finding| finding.rule != "missing-grant"), "{text}");
        assert!(!report.suppressed.is_empty());
        assert_eq!(report.summary.suppressed, report.suppressed.len());
    }
}

#[test]
fn what_is_no_comment_or_stands_elsewhere_accepts_nothing() {
    for action in [
        "      - 'vpc:*:*'\n      - '# grantlint: ignore[wildcard-action] no'\n",
        "      - 'vpc:*:*'\nNote: |\n  # grantlint: ignore[wildcard-action] no\n",
        "      - 'vpc:*:*'#grantlint: ignore[wildcard-action] no\n",
        "      # `grantlint: ignore[wildcard-action] no` is how\n      - 'vpc:*:*'\n",
    ] {
        let text = yaml(action);
        if let (told, suppressed) = in_file("p.yaml", &text)
            && !told.is_empty()
        {
            assert_eq!(suppressed, [""; 0], "{text}");
            assert!(!told.iter().any(|one| one.ends_with("unused-ignore")), "{text}");
        }
    }
    let elsewhere = [
        // Two lines above, a line below, behind another line's value.
        "      # grantlint: ignore[wildcard-action] no\n\n      - 'vpc:*:*'\n",
        "      - 'vpc:*:*'\n      # grantlint: ignore[wildcard-action] no\n",
        "      - 'ims:images:list' # grantlint: ignore[wildcard-action] no\n      - 'vpc:*:*'\n",
        "      - 'vpc:*:*' # grantlint: ignore[unknown-action] no\n",
    ];
    for action in elsewhere {
        let (told, suppressed) = in_file("p.yaml", &yaml(action));
        assert_eq!((told.len(), suppressed.len()), (2, 0), "{action}: {told:?}");
        assert!(told.iter().any(|one| one.ends_with("unused-ignore")), "{action}");
    }
}

#[test]
fn several_rules_stand_in_one_comment_and_each_is_judged() {
    let text = yaml("      - 'vpc:*:*' # grantlint: ignore[wildcard-action, unknown-action,wildcard-actions] r\n");
    let report = run(&[("p.yaml", &text)]);
    assert_eq!(suppressed(&report), ["p.yaml:5 wildcard-action"]);
    let messages: Vec<_> = report.findings.iter().filter(|each| each.rule == "unused-ignore").collect();
    assert_eq!(messages.len(), 2);
    assert!(messages[0].message.contains("`ignore[unknown-action]`"));
    assert_eq!(messages[1].help.as_deref(), Some("did you mean `wildcard-action`?"));
}

#[test]
fn a_comment_without_reason_or_rule_or_bracket_accepts_nothing_and_says_so() {
    for said in
        ["ignore[wildcard-action]", "ignore[wildcard-action] --", "ignore[] x", "ignore[wildcard-action x", "ignore x"]
    {
        let (told, suppressed) = in_file("p.yaml", &yaml(&format!("      - 'vpc:*:*' # grantlint: {said}\n")));
        assert_eq!(told, ["p.yaml:5 wildcard-action", "p.yaml:5 unused-ignore"].map(String::from), "{said}");
        assert_eq!(suppressed, [""; 0], "{said}");
    }
    let (told, _) = in_file("p.yaml", &yaml("      - 'vpc:*:*' # grantlint: this is what it warns of\n"));
    assert_eq!(told, ["p.yaml:5 wildcard-action"]);
}

#[test]
fn a_report_keeps_what_is_accepted_with_what_accepts_it() {
    let config = "ignore: [{ rule: unknown-action, reason: it is new }]\n";
    let text =
        yaml("      - 'vpc:*:*' # grantlint: ignore[wildcard-action] for administrators\n      - 'vpc:nope:get'\n");
    let report = run(&[("p.yaml", &text), ("grantlint.yaml", config)]);
    let kept = report.suppressed.iter().map(|each| {
        let suppression = &each.suppression;
        let at = suppression.place.as_ref().map(|place| place.location().line);
        (each.finding.rule, suppression.kind, suppression.reason.as_deref(), at)
    });
    assert_eq!(
        kept.collect::<Vec<_>>(),
        [
            ("wildcard-action", SuppressionKind::Comment, Some("for administrators"), Some(5)),
            ("unknown-action", SuppressionKind::Entry, Some("it is new"), Some(1)),
        ]
    );
}

#[test]
fn an_entry_that_takes_all_actions_of_a_finding_keeps_the_finding_in_the_report() {
    let config = "ignore: [{ action: '*', reason: all is granted by hand }]\n";
    let manifest = "resource \"huaweicloud_vpc\" \"v\" {\n  name = \"v\"\n}\n";
    let report = run(&[("main.tf", manifest), ("p.json", POLICY), ("grantlint.yaml", config)]);
    assert!(suppressed(&report).contains(&String::from("main.tf:1 missing-grant")), "{:?}", suppressed(&report));
    assert!(report.findings.iter().all(|finding| finding.rule != "missing-grant"));
}

const UNUSED: &str =
    "ignore:\n  - { rule: unknown-action, reason: r }\n  - { rule: wildcard-action, path: 'iam/**', reason: r }\n";

/// The lines of `grantlint.yaml`, and other places, at which `unused-ignore` tells something.
fn unused(change: impl FnOnce(&mut Options<'_>)) -> Vec<String> {
    let comment = yaml("      - 'ims:images:list' # grantlint: ignore[wildcard-action] r\n");
    let folder = project(&[("grantlint.yaml", UNUSED), ("iam/p.yaml", &comment), ("deploy/x.json", POLICY)]);
    told(&run_in(folder.path(), change))
}

#[test]
fn what_accepts_nothing_is_told_where_the_run_sees_all_of_it() {
    let all = ["grantlint.yaml:2 unused-ignore", "grantlint.yaml:3 unused-ignore", "iam/p.yaml:5 unused-ignore"];
    assert_eq!(unused(|_| {}), all);
    let (names, levels) = (
        [String::from("unused-ignore"), String::from("wildcard-action")],
        std::collections::BTreeMap::from([(String::from("wildcard-action"), grantlint::severity::Level::Off)]),
    );
    let paths = |path: &str| [PathBuf::from(path)];
    assert_eq!(unused(|options| options.select = Box::leak(Box::new(names.clone()))), [""; 0]);
    assert_eq!(unused(|options| options.ignore = Box::leak(Box::new([String::from("missing-grant")]))), [""; 0]);
    assert_eq!(unused(|options| options.phases = &[grantlint::catalog::Phase::Read]), [""; 0]);
    // The levels leave out a rule, the paths a folder.
    assert_eq!(unused(|options| options.levels = Box::leak(Box::new(levels.clone()))), all[..1]);
    assert_eq!(unused(|options| options.paths = Box::leak(Box::new(paths("deploy")))), [""; 0]);
    assert_eq!(unused(|options| options.paths = Box::leak(Box::new(paths("iam")))), all[1..2]);
}

#[test]
fn an_entry_that_has_expired_is_told_and_counts_no_more() {
    let config = "ignore: [{ rule: wildcard-action, reason: r, expires: 2026-05-31 }]\n";
    let report = run(&[("grantlint.yaml", config), ("p.yaml", &yaml("      - 'vpc:*:*'\n"))]);
    assert_eq!(told(&report), ["grantlint.yaml:1 unused-ignore", "p.yaml:5 wildcard-action"]);
    let config = config.replace("05-31", "06-01");
    let report = run(&[("grantlint.yaml", &config), ("p.yaml", &yaml("      - 'vpc:*:*'\n"))]);
    assert_eq!(told(&report), [""; 0]);
}

#[test]
fn unused_ignore_is_accepted_by_nothing() {
    let config = "ignore:\n  - { rule: unused-ignore, reason: r }\n  - { path: '**', reason: r }\n";
    let comment = "      - 'ims:images:list' # grantlint: ignore[unused-ignore, wildcard-action] r\n";
    let report = run(&[("grantlint.yaml", config), ("p.yaml", &yaml(comment))]);
    let lines = ["grantlint.yaml:2", "grantlint.yaml:3", "p.yaml:5", "p.yaml:5"];
    assert_eq!(told(&report), lines.map(|line| format!("{line} unused-ignore")));
}

#[test]
fn related_places_are_no_place_for_a_comment() {
    let policy = yaml("      # grantlint: ignore[missing-grant] no\n      - 'ims:images:list'\n");
    let manifest = "resource \"huaweicloud_vpc\" \"v\" {\n  name = \"v\"\n}\n";
    let report = run(&[("main.tf", manifest), ("p.yaml", &policy)]);
    assert!(report.findings.iter().any(|finding| finding.rule == "missing-grant"));
    assert_eq!(told(&report), ["p.yaml:5 unused-ignore"]);
}

#[test]
fn hostile_comments_cost_one_pass() {
    let started = Instant::now();
    let many = "# grantlint: ignore[wildcard-action] r\n".repeat(100_000);
    let (told, _) = in_file("p.yaml", &format!("{many}{}", yaml("      - 'vpc:*:*'\n")));
    assert_eq!(told.iter().filter(|one| one.ends_with("unused-ignore")).count(), 101);
    let inline = "/* grantlint: ignore[x] r */ ".repeat(100_000);
    in_file("main.tf", &format!("{inline}\nlocals {{}}\n"));
    in_file("main.tf", &format!("# grantlint: ignore[{}] r\n", "wildcard-action,a,".repeat(100_000)));
    in_file("main.tf", &format!("/* grantlint: ignore[x] r {}", "/*".repeat(500_000)));
    in_file("p.json", &format!("{POLICY}{}", "// grantlint: ignore[x\n".repeat(100_000)));
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A comment takes its own finding out and leaves every other as it was, its fingerprint too.
    #[test]
    fn a_comment_changes_no_other_finding(wild in proptest::collection::vec(any::<bool>(), 1..8), chosen in 0_usize..8) {
        let action = |number: usize, is_wild: bool| if is_wild { "vpc:*:*".to_owned() } else { format!("vpc:nope{number}:get") };
        let statements = |commented: Option<usize>| {
            let each = |(number, is_wild): (usize, &bool)| {
                let comment = if commented == Some(number) { " # grantlint: ignore[wildcard-action] r" } else { "" };
                format!("  - Effect: Allow\n    Action:\n      - '{}'{comment}\n", action(number, *is_wild))
            };
            format!("Version: '1.1'\nStatement:\n{}", wild.iter().enumerate().map(each).collect::<String>())
        };
        let chosen = chosen % wild.len();
        let (before, after) = (run(&[("p.yaml", &statements(None))]), run(&[("p.yaml", &statements(Some(chosen)))]));
        let all = |report: &Report| {
            let accepted = report.suppressed.iter().map(|each| &each.finding);
            let findings = report.findings.iter().filter(|each| each.rule != "unused-ignore").chain(accepted);
            let mut seen: Vec<_> = findings
                .map(|each| (shown(each), each.fingerprint(), each.message.clone()))
                .collect();
            seen.sort();
            seen
        };
        prop_assert_eq!(all(&before), all(&after));
        let expected = if wild[chosen] { vec![format!("p.yaml:{} wildcard-action", 5 + 3 * chosen)] } else { Vec::new() };
        prop_assert_eq!(suppressed(&after), expected);
    }
}
