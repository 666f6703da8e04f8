//! How much was not checked, by reason.

use maud::{Markup, html as markup};

use super::super::Summary;
use super::super::paint::percent;
use super::text::{code, count, grouped};
use crate::lint::Reason;
use crate::review::{NotDecided, Review};

/// So many names of one reason are shown.
const NAMES: usize = 400;

/// What was not checked.
pub(super) fn section(review: &Review, summary: Summary) -> Markup {
    let unchecked = &review.unchecked;
    let partly: usize = review.policies.iter().filter(|policy| policy.partly.is_some()).count();
    markup! {
        section aria-labelledby="unchecked" {
            h2 id="unchecked" { "What was not checked" }
            @if summary.operations == 0 { p.none { "No manifest causes an operation, so there was none to check." } } @else {
                p {
                    (grouped(summary.unchecked)) " of " (count(summary.operations, "operation"))
                    " (" (percent(summary.unchecked, summary.operations)) ") could not be checked."
                }
            }
            @for reason in &unchecked.reasons { (of_reason(reason)) }
            @if unchecked.of_others > 0 { p { (count(unchecked.of_others, "operation")) ": deployed by principals that this run is not about." } }
            @if unchecked.unreadable > 0 { p.care { (count(unchecked.unreadable, "place")) " could not be read: see the findings of invalid-manifest and invalid-policy." } }
            @if unchecked.unbound > 0 { p.care { (count(unchecked.unbound, "grant")) " could not be bound: see the findings of unknown-policy." } }
            @if partly > 0 { p.care { "Of some policies (" (partly) ") only a part is known: see the policies." } }
        }
    }
}

fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::UnknownType => "The table does not know the resource type",
        Reason::UnknownOperation => "The table does not know the operation of an SDK",
        Reason::UnreadModule => "The module is not among the files",
        Reason::UnknownApi => "The table has no row for the API",
        Reason::NoAction => "The table has a row for the API that names no action",
        Reason::UnknownAction => "The table does not know the action",
        Reason::NoPrincipal => "No principal is known",
        Reason::NotDeployed => "No principal deploys the manifest, or none in the phase of the operation",
    }
}

fn of_reason(reason: &NotDecided) -> Markup {
    markup! {
        details {
            summary { (why(reason.reason)) ": " (count(reason.operations, "operation")) }
            ul.names {
                @for (name, operations) in reason.names.iter().take(NAMES) {
                    li { (code(name)) @if *operations > 1 { " × " (grouped(*operations)) } }
                }
            }
            @if reason.names.len() > NAMES { p.muted { "and " (grouped(reason.names.len() - NAMES)) " more" } }
        }
    }
}
