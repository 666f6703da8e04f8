//! The documentation as a whole: every page is in the book, and every link leads somewhere.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The pages below `docs/`.
fn pages() -> BTreeSet<PathBuf> {
    let entries = walkdir::WalkDir::new(root().join("docs")).into_iter().map(Result::unwrap);
    entries.map(walkdir::DirEntry::into_path).filter(|path| path.extension().is_some_and(|end| end == "md")).collect()
}

/// The targets of the links and pictures of a page.
fn links(text: &str) -> Vec<String> {
    let target = |event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    };
    Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(target).collect()
}

/// The anchors of a page's headings, as GitHub and the book make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let (mut anchors, mut heading) = (BTreeSet::new(), None);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match (event, &mut heading) {
            (Event::Start(Tag::Heading { .. }), _) => heading = Some(String::new()),
            (Event::End(TagEnd::Heading(_)), Some(text)) => {
                anchors.insert(anchor(text));
                heading = None;
            }
            (Event::Text(part) | Event::Code(part), Some(text)) => text.push_str(&part),
            _ => {}
        }
    }
    anchors
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
        plain
    })
}

/// What is wrong with a link of a page, if anything is.
fn mistake(page: &Path, link: &str) -> Option<String> {
    if link.contains("://") {
        return None;
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = if path.is_empty() { page.to_owned() } else { plain(&page.parent().unwrap().join(path)) };
    if !target.exists() {
        return Some(format!("{}: {link}: nothing is there", page.display()));
    }
    let docs = root().join("docs");
    if page.starts_with(&docs) && !target.starts_with(&docs) {
        return Some(format!("{}: {link} leads out of the book", page.display()));
    }
    let is_there = anchor.is_none_or(|anchor| anchors(&read(&target)).contains(anchor));
    (!is_there).then(|| format!("{}: {link}: there is no such heading", page.display()))
}

#[test]
fn every_link_leads_somewhere() {
    let others = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name));
    let mistakes = pages().into_iter().chain(others).flat_map(|page| {
        let links = links(&read(&page)).into_iter();
        links.filter_map(|link| mistake(&page, &link)).collect::<Vec<_>>()
    });
    assert_eq!(mistakes.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_link_that_leads_nowhere_is_noticed() {
    let page = root().join("docs/ci.md");
    for (link, is_right) in [
        ("ci/gitlab.yml", true),
        ("suppression.md#a-baseline", true),
        ("#what-a-change-affects", true),
        ("https://example.com/x", true),
        ("suppression.md#a-base-line", false),
        ("nowhere.md", false),
        ("../action.yml", false),
    ] {
        assert_eq!(mistake(&page, link).is_none(), is_right, "{link}");
    }
}

#[test]
fn every_page_is_in_the_book_once() {
    let docs = root().join("docs");
    let summary = docs.join("SUMMARY.md");
    let linked: Vec<PathBuf> = links(&read(&summary)).iter().map(|link| docs.join(link)).collect();
    let listed: BTreeSet<PathBuf> = linked.iter().cloned().collect();
    assert_eq!(listed.len(), linked.len(), "a page is listed twice");
    let pages: BTreeSet<PathBuf> = pages().into_iter().filter(|page| *page != summary).collect();
    assert_eq!(listed, pages);
}
