//! The page as a parser of HTML reads it.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scraper::{ElementRef, Html, Selector};
use sha2::{Digest, Sha256};

use super::program::{check, fixture, project};
use super::projects::{HOSTILE, hostile};

/// The page of a folder.
pub(crate) fn written(folder: &std::path::Path, arguments: &[&str]) -> String {
    let arguments: Vec<&str> = ["--format", "html"].iter().chain(arguments).copied().collect();
    let run = check(folder, &arguments);
    assert!(run.code < 2, "{}", run.all());
    run.stdout
}

pub(crate) fn parsed(page: &str) -> Html {
    let html = Html::parse_document(page);
    assert_eq!(html.errors, Vec::<std::borrow::Cow<'static, str>>::new());
    html
}

pub(crate) fn all<'h>(html: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

#[test]
fn a_parser_finds_no_mistake() {
    for name in
        ["review", "unsupported-scope/fires", "privilege-escalation/fires", "terraform-plan", "invalid-policy/fires"]
    {
        parsed(&written(&fixture(name), &[]));
    }
}

#[test]
fn the_style_and_the_script_are_allowed_by_their_hashes_and_nothing_else_is() {
    let page = written(&fixture("review"), &[]);
    let html = parsed(&page);
    let hash = |selector: &str| {
        let [own] = all(&html, selector).try_into().unwrap_or_else(|_| panic!("one {selector}"));
        format!("'sha256-{}'", STANDARD.encode(Sha256::digest(own.text().collect::<String>())))
    };
    let policy = all(&html, "meta[http-equiv=Content-Security-Policy]")[0].attr("content").unwrap();
    let expected = format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash("style"),
        hash("script")
    );
    assert_eq!(policy, expected);
    for element in all(&html, "*") {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on") && name != "style" && name != "src", "{name}={value}");
            assert!(name != "href" || value.starts_with('#') || value.starts_with("https://"), "{value}");
        }
    }
    assert!(all(&html, "link, img, iframe, object, embed, base").is_empty());
}

#[test]
fn names_that_mean_harm_stay_text() {
    let folder = hostile();
    let page = written(folder.path(), &[]);
    let html = parsed(&page);
    assert_eq!(all(&html, "script").len(), 1);
    assert_eq!(all(&html, "style").len(), 1);
    assert_eq!(all(&html, "h1").len(), 1);
    assert!(all(&html, "img, [onload], [onerror], [onfocus], [autofocus]").is_empty());
    assert!(all(&html, "svg").iter().all(|svg| svg.attr("aria-hidden") == Some("true")));
    assert!(!page.contains(['\0', '\u{1b}', '\u{202E}']));
    let text: String = html.root_element().text().collect();
    for name in HOSTILE.iter().filter(|name| !name.contains('\0')) {
        assert!(text.contains(name), "{name}");
    }
}

#[test]
fn headings_go_down_one_step_at_a_time_under_one_title() {
    let html = parsed(&written(&fixture("review"), &[]));
    let mut before = 0;
    for heading in all(&html, "h1, h2, h3, h4, h5, h6") {
        let level = u32::from(heading.value().name().as_bytes()[1] - b'0');
        assert!(level <= before + 1, "h{level} after h{before}: {:?}", heading.text().collect::<String>());
        assert!(!heading.text().collect::<String>().trim().is_empty());
        before = level;
    }
    assert_eq!(all(&html, "h1").len(), 1);
}

#[test]
fn everything_has_a_name_and_every_link_a_target() {
    let html = parsed(&written(&fixture("review"), &[]));
    assert_eq!(html.root_element().attr("lang"), Some("en"));
    for landmark in ["header", "nav[aria-label]", "main", "footer"] {
        assert_eq!(all(&html, landmark).len(), 1, "{landmark}");
    }
    let mut ids = HashSet::new();
    for element in all(&html, "[id]") {
        assert!(ids.insert(element.attr("id").unwrap()), "{:?} is there twice", element.attr("id"));
    }
    for link in all(&html, "a[href]") {
        let href = link.attr("href").unwrap();
        assert!(href.strip_prefix('#').is_none_or(|id| ids.contains(id)), "{href} leads nowhere");
        assert!(!link.text().collect::<String>().trim().is_empty(), "{href} has no name");
    }
    for of in ["aria-labelledby", "for", "aria-controls"] {
        for element in all(&html, &format!("[{of}]")) {
            assert!(ids.contains(element.attr(of).unwrap()), "{of}={:?}", element.attr(of));
        }
    }
    let labels: HashSet<&str> = all(&html, "label[for]").iter().filter_map(|label| label.attr("for")).collect();
    for control in all(&html, "input, select") {
        assert!(labels.contains(control.attr("id").unwrap()), "{:?} has no label", control.attr("id"));
    }
    for head in all(&html, "th") {
        assert!(matches!(head.attr("scope"), Some("row" | "col")), "{}", head.html());
    }
    for region in all(&html, "[role=region]") {
        assert!(region.attr("aria-label").is_some() && region.attr("tabindex") == Some("0"));
    }
}

#[test]
fn every_finding_is_there_with_its_source_and_the_most_serious_first() {
    let page = written(&fixture("review"), &[]);
    let html = parsed(&page);
    let json = check(&fixture("review"), &["--format", "json"]).stdout;
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let articles = all(&html, "article.finding");
    assert_eq!(articles.len(), findings.len());
    let order = ["error", "warning", "note"];
    let severities: Vec<usize> = articles
        .iter()
        .map(|article| order.iter().position(|own| article.attr("data-severity") == Some(own)).unwrap())
        .collect();
    assert!(severities.is_sorted());
    for finding in findings {
        let id = format!("f{}", finding["fingerprint"].as_str().unwrap());
        let article = articles.iter().find(|article| article.attr("id") == Some(&id)).unwrap();
        let text: String = article.text().collect();
        assert!(text.contains(&finding["message"].as_str().unwrap().replace('`', "")), "{finding}");
        let location = &finding["location"];
        let at = format!("{}:{}:{}", location["path"].as_str().unwrap(), location["line"], location["column"]);
        assert!(text.contains(&at), "{at}");
        let mark = Selector::parse("figure mark").unwrap();
        assert!(article.select(&mark).next().is_some(), "nothing is marked: {finding}");
    }
}

#[test]
fn every_accepted_finding_is_there_with_its_reason_and_what_accepts_it() {
    let rows = |arguments: &[&str]| {
        let html = parsed(&written(&fixture("review"), arguments));
        let told = |row: &ElementRef<'_>| {
            row.text().map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
        };
        all(&html, "section[aria-labelledby=accepted] tbody tr").iter().map(told).collect::<Vec<_>>()
    };
    insta::assert_debug_snapshot!("accepted", rows(&[]));
    let folder = project(&[]);
    let baseline = folder.path().join("baseline.json");
    let baseline = baseline.to_str().unwrap();
    assert_eq!(check(&fixture("review"), &["--write-baseline", baseline]).code, 0);
    let all = rows(&["--baseline", baseline]);
    let of_baseline = all.iter().filter(|row| row.ends_with("none is given the baseline"));
    assert_eq!(of_baseline.count(), all.len() - 2);
    assert!(all.len() > 40);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let [one, more] = ["1", "7"].map(|threads| written(&fixture("review"), &["--threads", threads]));
    assert!(one == more);
}
