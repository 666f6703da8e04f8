//! The policies that the principals hold, each once.

use maud::{Markup, html as markup};

use super::text::{cited, codes, count, name, place};
use crate::review::{PolicyCard, Review, StatementCard};

/// So many patterns of one statement are shown.
const PATTERNS: usize = 400;

/// All policies.
pub(super) fn section(review: &Review) -> Markup {
    markup! {
        section aria-labelledby="policies" {
            h2 id="policies" { "Policies" }
            @if review.policies.is_empty() { p.none { "No principal holds a policy." } }
            @for policy in &review.policies { (of_policy(policy)) }
        }
    }
}

fn of_policy(policy: &PolicyCard) -> Markup {
    markup! {
        details.policy {
            summary { h3 { (name(&policy.name)) } " " span.muted { (policy.kind) ", " (count(policy.statements.len(), "statement")) } }
            @if let Some(partly) = policy.partly { p.care { "Not checked in full: " (partly) "." } }
            p {
                @if let Some(at) = &policy.location { "Stands at " (place(at)) "." }
                @else if let Some(source) = &policy.source { "Read in " (cited(source)) (date(source.date.as_deref())) "." }
                @else { "The table does not know it." }
            }
            @for statement in &policy.statements { (of_statement(statement)) }
        }
    }
}

fn date(date: Option<&str>) -> Markup {
    markup! { @if let Some(date) = date { ", " (name(date)) } }
}

fn of_statement(statement: &StatementCard) -> Markup {
    let more = statement.actions.len().saturating_sub(PATTERNS);
    markup! {
        div.statement {
            p {
                @if statement.allows { strong.allowed { "Allow" } } @else { strong.missing { "Deny" } }
                @if statement.all_but { " all actions but" }
                @if statement.perhaps { " under a condition, or for some resources" }
            }
            (codes(statement.actions.iter().map(String::as_str).take(PATTERNS)))
            @if more > 0 { p.muted { "and " (more) " more" } }
            @if !statement.resources.is_empty() { p { "for the resources" } (codes(statement.resources.iter().map(String::as_str))) }
            @if !statement.conditions.is_empty() { p { "if" } (codes(statement.conditions.iter().map(String::as_str))) }
        }
    }
}
