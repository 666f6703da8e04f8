//! The findings that are accepted, each with what accepts it: somebody has taken them on, and a review asks who and why.

use maud::{Markup, html as markup};

use super::super::{Report, Suppressed};
use super::text::{count, grouped, name, place, prose};
use crate::config::{Suppression, SuppressionKind};

/// So many accepted findings are shown.
const MOST: usize = 2_000;

/// All accepted findings.
pub(super) fn section(report: &Report) -> Markup {
    let accepted = &report.suppressed;
    markup! {
        section aria-labelledby="accepted" {
            h2 id="accepted" { "Accepted findings" }
            @if accepted.is_empty() { p.none { "No finding is accepted." } } @else {
                p { (count(accepted.len(), "finding")) " would stand above if nobody had accepted them." }
                div.scroll role="region" aria-label="Accepted findings" tabindex="0" {
                    table.wide {
                        thead {
                            tr {
                                th.w30 scope="col" { "Finding" } th.w14 scope="col" { "Principal" }
                                th scope="col" { "Place" } th.w26 scope="col" { "Reason" } th.w14 scope="col" { "Accepted by" }
                            }
                        }
                        tbody { @for own in accepted.iter().take(MOST) { (row(own)) } }
                    }
                }
                @if accepted.len() > MOST { p.muted { "and " (grouped(accepted.len() - MOST)) " more" } }
            }
        }
    }
}

fn row(Suppressed { finding, suppression }: &Suppressed) -> Markup {
    markup! {
        tr {
            th scope="row" {
                span.badge.(finding.severity.as_str()) { (finding.severity.as_str()) } " " (finding.rule)
                div.muted { (prose(&finding.message)) }
            }
            td { @if let Some(principal) = &finding.principal { (name(principal)) } }
            td { (place(&finding.place.location())) }
            td { @if let Some(reason) = &suppression.reason { (prose(reason)) } @else { span.muted { "none is given" } } }
            td { (by(suppression)) }
        }
    }
}

fn by(suppression: &Suppression) -> Markup {
    let kind = match suppression.kind {
        SuppressionKind::Comment => "a comment",
        SuppressionKind::Entry => "an entry",
        SuppressionKind::Baseline => "the baseline",
    };
    markup! {
        (kind)
        @if let Some(at) = &suppression.place { " at " (place(&at.location())) }
        @if let Some(expires) = suppression.expires { ", until " time datetime=(expires) { (expires) } }
    }
}
