//! The head of the page, and the figures of the run.

use maud::{Markup, html as markup};

use super::super::entry::Entry;
use super::super::{Report, Summary};
use super::text::{count, grouped, name};
use crate::review::{Review, Reviewed};
use crate::severity::Severity;

/// The title with the verdict.
pub(super) fn head(report: &Report) -> Markup {
    let Summary { errors, warnings, unchecked, .. } = report.summary;
    let (class, verdict) = match (errors, warnings) {
        (0, 0) => ("ok", String::from("No error and no warning was found.")),
        (0, _) => ("warning", format!("No error was found, and {}.", count(warnings, "warning"))),
        (_, 0) => ("error", format!("{} found.", were(errors, "error"))),
        _ => ("error", format!("{} and {} were found.", count(errors, "error"), count(warnings, "warning"))),
    };
    markup! {
        h1 { "Permission review" }
        p.verdict.(class) {
            strong { (verdict) }
            @if unchecked > 0 { " " (count(unchecked, "operation")) " could not be checked." }
        }
        @if let Some(review) = &report.review {
            p.muted { "As of " time datetime=(review.day) { (review.day) } " (UTC)." }
        }
    }
}

fn were(number: usize, noun: &str) -> String {
    format!("{} {}", count(number, noun), if number == 1 { "was" } else { "were" })
}

/// The figures.
pub(super) fn section(report: &Report, entries: &[Entry<'_>]) -> Markup {
    let summary = report.summary;
    let figures = [
        (summary.errors, "errors", "error"),
        (summary.warnings, "warnings", "warning"),
        (summary.notes, "notes", "note"),
        (summary.suppressed, "accepted findings", ""),
        (summary.principals, "principals", ""),
        (summary.policies, "policies", ""),
        (summary.manifests, "manifests", ""),
        (summary.files, "files looked at", ""),
    ];
    markup! {
        section aria-labelledby="summary" {
            h2 id="summary" { "Summary" }
            dl.figures {
                @for (number, noun, class) in figures {
                    div.figure.(class) { dt { (noun) } dd { (grouped(number)) } }
                }
                div.figure.wide {
                    dt { "operations checked" }
                    dd {
                        (grouped(summary.checked)) " of " (grouped(summary.operations))
                        @if summary.operations > 0 { (reach(summary)) }
                    }
                }
            }
            @if let Some(review) = &report.review { (principals(review, entries)) }
        }
    }
}

/// How much was checked, as a bar.
fn reach(summary: Summary) -> Markup {
    let share = summary.checked.saturating_mul(100).checked_div(summary.operations).unwrap_or_default();
    markup! {
        svg.reach viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
            rect.rest x="0" y="0" width="100" height="6" {}
            rect.allowed x="0" y="0" width=(share) height="6" {}
        }
    }
}

/// A row for each principal.
fn principals(review: &Review, entries: &[Entry<'_>]) -> Markup {
    let found = |principal: &Reviewed, severity: Severity| {
        let is_its = |entry: &&Entry<'_>| entry.principal == Some(&principal.name) && entry.severity == severity;
        entries.iter().filter(is_its).count()
    };
    markup! {
        @if !review.principals.is_empty() {
            h3 { "The principals at a glance" }
            div.scroll role="region" aria-label="The principals at a glance" tabindex="0" {
                table.glance {
                    thead {
                        tr {
                            th scope="col" { "Principal" }
                            @for title in ["Errors", "Warnings", "Allowed", "Conditional", "Missing", "Not needed", "Ways to more rights"] {
                                th.number scope="col" { (title) }
                            }
                        }
                    }
                    tbody {
                        @for (number, principal) in review.principals.iter().enumerate() {
                            @let tally = principal.tally();
                            tr {
                                th scope="row" { a href=(format!("#p{number}")) { (name(&principal.name)) } }
                                td.number { (figure(found(principal, Severity::Error), "error")) }
                                td.number { (figure(found(principal, Severity::Warning), "warning")) }
                                td.number { (grouped(tally.allowed)) }
                                td.number { (figure(tally.conditional, "conditional")) }
                                td.number { (figure(tally.missing, "missing")) }
                                td.number {
                                    @if principal.has_every_service() { "all services" }
                                    @else if principal.excess.is_none() { "not known" }
                                    @else { (figure(tally.excess, "excess")) }
                                }
                                td.number { (figure(principal.ways.len(), "warning")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A number that stands out unless it is 0.
fn figure(number: usize, class: &str) -> Markup {
    markup! { @if number == 0 { "0" } @else { strong.(class) { (grouped(number)) } } }
}
