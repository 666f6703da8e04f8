//! Markdown, by a parser of it.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::reports::{CLEAN, FIXTURES, HOSTILE, MANY, Reports};

/// The elements that a comment is made of; all others would be of somebody's name.
const OWN: [&str; 7] = ["<!-- grantlint -->", "<details>", "</details>", "<sub>", "</sub>", "<summary>", "</summary>"];

/// What a reader sees of a comment.
#[derive(Default)]
struct Comment {
    rows: usize,
    links: Vec<String>,
    elements: String,
    text: String,
    code: Vec<String>,
}

fn read(reports: &Reports) -> Comment {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    let mut comment = Comment::default();
    let mut cells = 0;
    for event in Parser::new_ext(reports.text("markdown"), options) {
        match event {
            Event::Start(Tag::TableRow) => cells = 0,
            Event::Start(Tag::TableCell) => cells += 1,
            Event::End(TagEnd::TableRow) => {
                assert_eq!(cells, 4, "a cell was broken in two");
                comment.rows += 1;
            }
            Event::Start(Tag::Link { dest_url, .. }) => comment.links.push(dest_url.into_string()),
            Event::Start(tag @ (Tag::Image { .. } | Tag::Emphasis | Tag::Strikethrough | Tag::Heading { .. })) => {
                panic!("{tag:?}")
            }
            Event::Html(html) | Event::InlineHtml(html) => comment.elements.push_str(&html),
            Event::Text(text) => comment.text.push_str(&text),
            Event::Code(code) => comment.code.push(code.into_string()),
            _ => {}
        }
    }
    comment
}

#[test]
fn a_row_for_each_finding_leads_to_the_page_of_its_rule() {
    let (comment, findings) = (read(&FIXTURES), FIXTURES.findings());
    assert_eq!(comment.rows, findings.len());
    let mut urls: Vec<&str> = findings.iter().map(|finding| finding["url"].as_str().unwrap()).collect();
    let mut links: Vec<&str> = comment.links.iter().map(String::as_str).collect();
    urls.sort_unstable();
    links.sort_unstable();
    assert_eq!(links, urls);
}

#[test]
fn the_verdict_stands_first_and_the_worst_findings_are_open() {
    let text = FIXTURES.text("markdown");
    let summary = &FIXTURES.json()["summary"];
    let verdict = text.lines().nth(1).unwrap();
    assert!(verdict.contains(&format!("{} errors, {} warnings", summary["errors"], summary["warnings"])), "{verdict}");
    let (open, folded) = text.split_once("<details>").unwrap();
    assert_eq!(open.matches("| ❌ error |").count(), 10);
    assert!(folded.find("❌ error").unwrap() < folded.find("⚠️ warning").unwrap());
    assert!(folded.find("⚠️ warning").unwrap() < folded.find("ℹ️ note").unwrap());
    let clean = CLEAN.text("markdown");
    assert!(clean.contains("found nothing") && !clean.contains("<details>"), "{clean}");
}

#[test]
fn no_name_is_more_than_text() {
    let comment = read(&HOSTILE);
    assert_eq!(comment.rows, HOSTILE.findings().len());
    assert!(comment.links.iter().all(|link| link.starts_with("docs/rules/")), "{:?}", comment.links);
    let mut foreign = comment.elements.clone();
    for own in OWN {
        foreign = foreign.replace(own, "");
    }
    let foreign: String = foreign.lines().filter(|line| !line.ends_with(" more")).collect();
    assert_eq!(foreign.trim(), "");
    assert!(!comment.text.contains("@everyone") && !comment.text.contains('\0'));
    assert!(comment.code.iter().any(|code| code.contains("<script>alert(1)</script>")), "names are shown as they are");
}

#[test]
fn a_comment_stays_short_and_says_what_it_leaves_out() {
    for reports in [&*FIXTURES, &*HOSTILE, &*MANY] {
        assert!(reports.text("markdown").chars().count() < 60_000);
    }
    let comment = read(&MANY);
    let left = MANY.findings().len() - comment.rows;
    assert!(left > 0 && comment.rows > 100);
    assert!(comment.text.contains(&format!("{left} findings did not fit here")), "{left}");
    assert!(comment.elements.contains("</details>"));
}
