//! The page for a security review in a real browser: headless Chromium, of which `GRANTLINT_CHROMIUM` names the program
//! (`chromium` otherwise). It is no part of the tests that run everywhere; `.ci/run` installs the browser and runs
//!
//! ```sh
//! cargo test --test browser -- --ignored
//! ```
//!
//! With `GRANTLINT_SCREENSHOTS` set to a folder, what the browser shows and prints is left there, for people to look at.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod program;

#[path = "browser/chromium.rs"]
mod chromium;
#[path = "html/projects.rs"]
mod projects;
#[path = "browser/tab.rs"]
mod tab;

use program::{fixture, project};
use serde_json::{Value, json};
use tab::{Tab, pdf_pages};

/// Steps of a test that need the browser, in one of its tabs.
fn on_page(folder: &std::path::Path, steps: impl FnOnce(&mut Tab)) {
    let out = project(&[]);
    let page = out.path().join("review.html");
    let run = program::check(folder, &["--format", "html", "--output", page.to_str().unwrap()]);
    assert!(run.code < 2, "{}", run.all());
    let mut tab = Tab::open(&page);
    steps(&mut tab);
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

/// How many findings can be seen.
const SEEN: &str = "[...document.querySelectorAll('article.finding')].filter(own => own.checkVisibility()).length";

#[test]
#[ignore = "needs Chromium: .ci/run installs it and runs this"]
fn the_filters_and_the_search_show_what_they_say() {
    on_page(&fixture("review"), |tab| {
        let all = tab.number(SEEN);
        assert!(all > 20);
        assert!(tab.is("!document.getElementById('filter').hidden"));
        for (field, value) in [
            ("severity", "error"),
            ("rule", "unsupported-scope"),
            ("principal", "data-deployer"),
            ("certainty", "possible"),
        ] {
            tab.choose(field, value);
            let expected = tab.number(&format!("document.querySelectorAll('article[data-{field}={value}]').length"));
            assert!(0 < expected && expected < all, "{field}");
            tab.wait_for(&format!("{SEEN} === {expected}"));
            tab.wait_for(&format!(
                "document.getElementById('shown').textContent === '{expected} of {all} findings shown.'"
            ));
            tab.reset();
            tab.wait_for(&format!("{SEEN} === {all}"));
        }
        tab.choose("principal", "data-deployer");
        tab.choose("severity", "error");
        let both = "article[data-severity=error][data-principal=data-deployer]";
        tab.wait_for(&format!("{SEEN} === document.querySelectorAll('{both}').length"));
        tab.reset();
        tab.wait_for(&format!("{SEEN} === {all}"));
        tab.focus("#text");
        tab.type_text("KMS:cmk orders");
        tab.wait_for(&format!("0 < {SEEN} && {SEEN} < {all}"));
        let text = "article.finding:not([hidden])";
        assert!(tab.is(&format!(
            "[...document.querySelectorAll('{text}')].every(own => /kms:cmk/i.test(own.textContent) && /orders/.test(own.textContent))"
        )));
        tab.type_text(" nothing has this");
        tab.wait_for(&format!("{SEEN} === 0"));
        // What is filtered out is shown where a link leads to it.
        tab.evaluate("location.hash = document.querySelector('article.finding').id");
        tab.wait_for(&format!("{SEEN} === {all}"));
        // Enter neither sends the form anywhere nor loses what is shown.
        tab.focus("#text");
        tab.press("Enter");
        assert_eq!(tab.number(SEEN), all);
        tab.evaluate("document.querySelector('#p2 a[data-principal]').click()");
        tab.wait_for(&format!("{SEEN} === document.querySelectorAll('article[data-principal=data-deployer]').length"));
    });
}

#[test]
#[ignore = "needs Chromium: .ci/run installs it and runs this"]
fn everything_can_be_read_without_a_script() {
    on_page(&fixture("review"), |tab| {
        let findings = tab.number(SEEN);
        tab.without_script();
        tab.reload();
        assert_eq!(tab.number(SEEN), findings);
        assert!(tab.is("document.getElementById('filter').hidden"));
    });
}

#[test]
#[ignore = "needs Chromium: .ci/run installs it and runs this"]
fn the_keyboard_reaches_everything_in_order_and_the_focus_can_be_seen() {
    on_page(&fixture("review"), |tab| {
        tab.press("Tab");
        assert_eq!(tab.text("document.activeElement.className"), "skip");
        assert!(tab.is("document.activeElement.getBoundingClientRect().left >= 0"));
        tab.press("Enter");
        tab.wait_for("document.activeElement.id === 'main'");
        let mut reached = std::collections::BTreeSet::new();
        for _ in 0..400 {
            tab.press("Tab");
            reached.insert(tab.text("document.activeElement.id || document.activeElement.localName"));
            let outline = tab.text("getComputedStyle(document.activeElement).outlineStyle");
            assert!(outline != "none", "no focus to be seen: {}", tab.text("document.activeElement.outerHTML"));
            if reached.contains("certainty") {
                break;
            }
        }
        for expected in ["a", "summary", "text", "severity", "rule", "principal", "certainty"] {
            assert!(reached.contains(expected), "{expected} is not among {reached:?}");
        }
        tab.focus("details.policy > summary");
        tab.press("Enter");
        tab.wait_for("document.querySelector('details.policy').open");
    });
}

#[test]
#[ignore = "needs Chromium: .ci/run installs it and runs this"]
fn texts_have_contrast_in_both_schemes_and_nothing_is_wider_than_the_window() {
    on_page(&fixture("review"), |tab| {
        let mut pages = Vec::new();
        for scheme in ["light", "dark"] {
            for width in [1280, 390] {
                tab.look(scheme, width);
                tab.evaluate("document.querySelectorAll('details').forEach(own => own.open = true)");
                let poor = tab.evaluate(include_str!("browser/contrast.js"));
                assert_eq!(poor, json!([]), "{scheme} {width}");
                assert!(
                    tab.is("document.documentElement.scrollWidth <= innerWidth"),
                    "{scheme} {width}: {}",
                    tab.evaluate("document.documentElement.scrollWidth")
                );
                tab.reload();
                let picture = tab.screenshot(&format!("{scheme}-{width}"));
                assert!(picture.starts_with(b"\x89PNG"));
                pages.push(tab.text("getComputedStyle(document.body).backgroundColor"));
            }
        }
        assert_eq!(pages[0], pages[1]);
        assert_ne!(pages[1], pages[2]);
    });
}

#[test]
#[ignore = "needs Chromium: .ci/run installs it and runs this"]
fn a_name_of_any_length_does_not_break_the_page() {
    let folder = projects::hostile();
    on_page(folder.path(), |tab| {
        tab.look("light", 390);
        assert!(tab.is("document.documentElement.scrollWidth <= innerWidth"));
    });
}

#[test]
#[ignore = "needs Chromium: .ci/run installs it and runs this"]
fn a_page_of_thousands_of_findings_is_filtered() {
    let folder = projects::large(64, 60);
    on_page(folder.path(), |tab| {
        let all = tab.number("document.querySelectorAll('article.finding').length");
        assert!(all > 3_000);
        tab.choose("principal", "team-63");
        tab.wait_for("document.getElementById('shown').textContent.endsWith('findings shown.')");
        let its = "document.querySelectorAll('article.finding:not([hidden])')";
        assert!(tab.is(&format!("0 < {its}.length && [...{its}].every(own => own.dataset.principal === 'team-63')")));
    });
}

#[test]
#[ignore = "needs Chromium: .ci/run installs it and runs this"]
fn names_that_mean_harm_do_nothing() {
    let folder = projects::hostile();
    on_page(folder.path(), |tab| {
        assert_eq!(tab.text("document.title"), "Permission review");
        assert_eq!(tab.number("document.scripts.length"), 1);
        assert_eq!(tab.number("document.querySelectorAll('img, iframe, [onerror], [onload]').length"), 0);
        let first = tab.text("document.querySelector('#principal option:nth-child(2)').value");
        tab.choose("principal", &first);
        tab.wait_for(&format!("0 < {SEEN}"));
    });
}

#[test]
#[ignore = "needs Chromium: .ci/run installs it and runs this"]
fn nothing_that_the_page_does_not_bring_can_run() {
    on_page(&fixture("unsupported-scope/fires"), |tab| {
        tab.evaluate(
            "const own = document.createElement('script'); own.textContent = 'document.title = `owned`'; document.body.append(own)",
        );
        tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')");
        assert_eq!(tab.text("document.title"), "Permission review");
        assert_ne!(tab.text("getComputedStyle(document.body.lastChild).color"), "rgb(255, 0, 0)");
        let complaints = tab.complaints();
        assert!(complaints.iter().any(|text| text.contains("Content Security Policy")), "{complaints:?}");
        tab.forgive();
    });
}

#[test]
#[ignore = "needs Chromium: .ci/run installs it and runs this"]
fn everything_is_printed_and_fits_the_sheet() {
    on_page(&fixture("review"), |tab| {
        tab.printed_look();
        assert!(!tab.is("document.getElementById('filter').checkVisibility()"));
        assert!(!tab.is("document.querySelector('nav').checkVisibility()"));
        let hidden = "[...document.querySelectorAll('details *')].filter(own => !own.checkVisibility()).length";
        assert_eq!(tab.number(hidden), 0, "a part is folded on paper");
        let pdf = tab.pdf("printed");
        let findings = tab.number(SEEN);
        let pages = pdf_pages(&pdf);
        assert!(10 < pages && pages < 20 + findings, "{pages} pages for {findings} findings");
        let wide = "[...document.querySelectorAll('main table')].filter(own => own.scrollWidth > own.parentElement.clientWidth + 1).length";
        tab.look("light", 690);
        tab.printed_look();
        assert_eq!(tab.evaluate(wide), Value::from(0), "a table is wider than the sheet");
    });
}
