//! The findings, the most serious first, with the form that filters them.

use std::collections::BTreeSet;

use maud::{Markup, html as markup};

use super::super::Report;
use super::super::entry::Entry;
use super::super::home;
use super::source::excerpt;
use super::text::{code, codes, count, name, place, prose};
use crate::lint::Finding;
use crate::severity::{Certainty, Severity};

/// So many findings are shown: a browser takes no more in comfort.
const MOST: usize = 10_000;

/// So many findings show the places that explain them in their source; further ones only name them.
const WITH_RELATED: usize = 1_000;

/// All findings.
pub(super) fn section(report: &Report, entries: &[Entry<'_>]) -> Markup {
    let mut shown: Vec<(&Finding, &Entry<'_>)> = report.findings.iter().zip(entries).collect();
    shown.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.severity));
    let further = shown.len().saturating_sub(MOST);
    shown.truncate(MOST);
    markup! {
        section aria-labelledby="findings" {
            h2 id="findings" { "Findings" }
            @if shown.is_empty() { p.none { "Nothing was found." } } @else {
                (form(entries))
                p id="shown" role="status" { (count(shown.len(), "finding")) "." }
                @if further > 0 {
                    p.care {
                        (count(further, "further finding")) ", none more serious than these, would make the page too large: "
                        code { "--format csv" } " writes all."
                    }
                }
                @for (number, (finding, entry)) in shown.into_iter().enumerate() {
                    (article(finding, entry, number < WITH_RELATED))
                }
            }
        }
    }
}

/// The form; hidden as long as no script makes it work.
fn form(entries: &[Entry<'_>]) -> Markup {
    let rules: BTreeSet<&str> = entries.iter().map(|entry| entry.rule).collect();
    let principals: BTreeSet<String> = entries.iter().filter_map(|entry| entry.principal).map(name).collect();
    markup! {
        form id="filter" hidden aria-label="Filter the findings" autocomplete="off" {
            div { label for="text" { "Search" } input id="text" type="search" name="text" aria-controls="shown"; }
            (select("severity", "Severity", ["error", "warning", "note"].into_iter()))
            (select("rule", "Rule", rules.into_iter()))
            (select("principal", "Principal", principals.iter().map(String::as_str)))
            (select("certainty", "Certainty", ["certain", "possible"].into_iter()))
            div { button type="reset" { "Show all" } }
        }
    }
}

fn select<'o>(id: &str, label: &str, options: impl Iterator<Item = &'o str>) -> Markup {
    markup! {
        div {
            label for=(id) { (label) }
            select id=(id) name=(id) {
                option value="" { "all" }
                @for option in options { option value=(option) { (option) } }
            }
        }
    }
}

fn article(finding: &Finding, entry: &Entry<'_>, with_related: bool) -> Markup {
    let (severity, certainty) = (entry.severity.as_str(), entry.certainty.to_string());
    let principal = entry.principal.map(name).unwrap_or_default();
    let id = format!("f{}", entry.fingerprint);
    markup! {
        article.finding.(severity) id=(id) aria-labelledby=(format!("{id}h"))
            data-severity=(severity) data-rule=(entry.rule) data-principal=(principal) data-certainty=(certainty) {
            h3 id=(format!("{id}h")) {
                span.badge.(severity) { (sign(entry.severity)) " " (severity) } " "
                (rule(entry.rule)) " "
                span.subject { @if let Some(resource) = entry.resource { (name(resource)) } @else { (place(&entry.location)) } }
            }
            p.message { (prose(entry.message)) }
            (facts(entry))
            (excerpt(&finding.place))
            @if let Some(help) = entry.help { div.help { strong { "What to do: " } (prose(help)) } }
            @if !finding.related.is_empty() { (related(finding, with_related)) }
        }
    }
}

fn sign(severity: Severity) -> Markup {
    let sign = match severity {
        Severity::Error => "✗",
        Severity::Warning => "!",
        Severity::Note => "i",
    };
    markup! { span.sign aria-hidden="true" { (sign) } }
}

fn rule(rule: &str) -> Markup {
    markup! { @if let Some(page) = home::page(rule) { a href=(page) rel="noreferrer noopener" { (rule) } } @else { (rule) } }
}

fn facts(entry: &Entry<'_>) -> Markup {
    markup! {
        dl.facts {
            @if let Some(principal) = entry.principal { div { dt { "Principal" } dd { (name(principal)) } } }
            @if !entry.actions.is_empty() { div { dt { "Actions" } dd { (codes(entry.actions.iter().map(String::as_str))) } } }
            @if let Some(api) = entry.api { div { dt { "API" } dd { (code(api)) } } }
            @if let Some(phase) = entry.phase { div { dt { "Phase" } dd { (phase) } } }
            @if entry.certainty == Certainty::Possible { div { dt { "Certainty" } dd { "possible" } } }
        }
    }
}

fn related(finding: &Finding, with_source: bool) -> Markup {
    markup! {
        details.related {
            summary { (count(finding.related.len(), "place")) " that explain" @if finding.related.len() == 1 { "s" } " it" }
            @for related in &finding.related {
                p { (prose(&related.message)) ": " (place(&related.place.location())) }
                @if with_source { (excerpt(&related.place)) }
            }
        }
    }
}
