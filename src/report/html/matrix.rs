//! The picture of principals and services: a cell for each pair, with how many actions stand how.

use std::collections::BTreeSet;

use maud::{Markup, html as markup};

use super::text::{grouped, name};
use crate::review::{Review, Reviewed, Tally};

/// So many columns fit on a sheet; further ones stand in tables of their own.
const COLUMNS: usize = 7;

/// The width of a bar.
const WIDTH: usize = 100;

/// How an action stands: class, sign and word.
pub(super) const STANDS: [(&str, &str, &str); 4] = [
    ("allowed", "✓", "allowed"),
    ("conditional", "?", "conditional"),
    ("missing", "✗", "missing"),
    ("excess", "+", "not needed"),
];

/// What a row or a column is about.
#[derive(Clone, Copy)]
enum Head<'r> {
    Principal(usize, &'r Reviewed),
    Service(&'r str),
    EveryService,
}

/// The whole picture.
pub(super) fn section(review: &Review) -> Markup {
    let (rows, columns) = heads(review);
    let tables = columns.chunks(COLUMNS).count();
    markup! {
        section aria-labelledby="matrix" {
            h2 id="matrix" { "Principals and services" }
            @if rows.is_empty() || columns.is_empty() {
                p.none { "There is nothing to show: " (why_empty(review)) }
            } @else {
                (legend())
                @for (number, columns) in columns.chunks(COLUMNS).enumerate() {
                    @let title = if tables == 1 { String::from("Actions by principal and service") }
                        else { format!("Actions by principal and service, part {} of {tables}", number + 1) };
                    div.scroll role="region" aria-label=(title) tabindex="0" {
                        table.matrix { caption { (title) } (table(&rows, columns)) }
                    }
                }
            }
        }
    }
}

fn why_empty(review: &Review) -> &'static str {
    if review.principals.is_empty() {
        "no principal is known. Name policies and who holds them in grantlint.yaml, or check a folder that holds policy files."
    } else {
        "no principal needs an action, and none holds more than it needs."
    }
}

/// Rows and columns: whichever are more are rows.
fn heads(review: &Review) -> (Vec<Head<'_>>, Vec<Head<'_>>) {
    let services: BTreeSet<&String> = review.principals.iter().flat_map(|own| own.services.keys()).collect();
    let mut services: Vec<Head<'_>> = services.into_iter().map(|service| Head::Service(service)).collect();
    if review.principals.iter().any(Reviewed::has_every_service) {
        services.push(Head::EveryService);
    }
    let principals = review.principals.iter().enumerate();
    let principals: Vec<Head<'_>> = principals.map(|(number, own)| Head::Principal(number, own)).collect();
    if services.len() > principals.len() { (services, principals) } else { (principals, services) }
}

fn legend() -> Markup {
    let meanings = [
        "needed, and allowed wherever it is needed",
        "whether it is allowed, or whether it is needed, depends on something that the files leave open",
        "somewhere certainly needed and not allowed: not granted, denied, or granted for a scope that does not count",
        "granted, and needed by nothing that the principal deploys",
    ];
    markup! {
        p { "How many actions of each service stand how, for each principal. Each cell leads to what it counts." }
        ul.legend {
            @for ((class, sign, word), meaning) in STANDS.into_iter().zip(meanings) {
                li { span.chip.(class) { span.sign aria-hidden="true" { (sign) } " " (word) } " " (meaning) }
            }
        }
    }
}

fn table(rows: &[Head<'_>], columns: &[Head<'_>]) -> Markup {
    markup! {
        thead { tr { td {} @for column in columns { th scope="col" { (column.title()) } } } }
        tbody {
            @for row in rows {
                tr {
                    th scope="row" { (row.title()) }
                    @for column in columns { td { (cell(*row, *column)) } }
                }
            }
        }
    }
}

impl Head<'_> {
    fn title(self) -> Markup {
        match self {
            Self::Principal(number, own) => markup! { a href=(format!("#p{number}")) { (name(&own.name)) } },
            Self::Service(service) => markup! { (name(service)) },
            Self::EveryService => markup! { "every service" },
        }
    }
}

fn cell(row: Head<'_>, column: Head<'_>) -> Markup {
    let ((Head::Principal(number, principal), other) | (other, Head::Principal(number, principal))) = (row, column)
    else {
        return nothing();
    };
    let Head::Service(service) = other else { return of_every_service(number, principal) };
    let Some(at) = principal.services.keys().position(|own| own == service) else { return nothing() };
    let Some(own) = principal.services.get(service) else { return nothing() };
    let tally = own.tally();
    markup! {
        a.cell href=(format!("#p{number}s{at}")) { (bar(tally)) (chips(tally)) }
    }
}

fn nothing() -> Markup {
    markup! { span.muted { span aria-hidden="true" { "–" } span.spoken { "nothing" } } }
}

fn of_every_service(number: usize, principal: &Reviewed) -> Markup {
    let (class, sign, word) = STANDS[3];
    markup! {
        @if principal.has_every_service() {
            a.cell href=(format!("#p{number}excess")) {
                span.chip.(class) { span aria-hidden="true" { (sign) " all" } span.spoken { "all: " (word) } }
            }
        } @else { (nothing()) }
    }
}

fn counts(tally: Tally) -> [usize; 4] {
    [tally.allowed, tally.conditional, tally.missing, tally.excess]
}

/// How many actions stand how, without those that none does.
pub(super) fn chips(tally: Tally) -> Markup {
    let shown = STANDS.into_iter().zip(counts(tally)).filter(|(_, number)| *number > 0);
    markup! {
        span.chips {
            @for ((class, sign, word), number) in shown {
                span.chip.(class) {
                    span.sign aria-hidden="true" { (sign) } " " (grouped(number)) span.spoken { " " (word) " " }
                }
            }
        }
    }
}

/// The shares as a bar; each that is not 0 can be seen.
fn bar(tally: Tally) -> Markup {
    let counts = counts(tally);
    let all: usize = counts.iter().sum();
    let mut at = 0;
    let mut parts = Vec::new();
    for ((class, ..), number) in STANDS.into_iter().zip(counts).filter(|(_, number)| *number > 0) {
        let width = (number * WIDTH).checked_div(all).unwrap_or_default().max(4);
        parts.push((class, at, width));
        at += width;
    }
    markup! {
        svg.bar viewBox=(format!("0 0 {} 8", at.max(1))) preserveAspectRatio="none" aria-hidden="true" {
            @for (class, x, width) in parts { rect class=(class) x=(x) y="0" width=(width) height="8" {} }
        }
    }
}
