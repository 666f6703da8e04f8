//! The rows of the permission table that the decisions rest on, with where each was read.

use maud::{Markup, html as markup};

use super::text::{cited, code, count, grouped, name};
use crate::review::{Review, UsedRow};

/// All rows.
pub(super) fn section(review: &Review) -> Markup {
    markup! {
        section aria-labelledby="sources" {
            h2 id="sources" { "Sources" }
            @if review.rows.is_empty() { p.none { "No row of the permission table was used." } } @else {
                p { "The decisions rest on " (count(review.rows.len(), "row")) " of the permission table." }
                details {
                    summary { "The rows, with the document of each and its date" }
                    div.scroll role="region" aria-label="Rows of the permission table" tabindex="0" { (table(&review.rows)) }
                }
            }
        }
    }
}

fn table(rows: &[UsedRow]) -> Markup {
    markup! {
        table.wide {
            thead {
                tr {
                    th.w8 scope="col" { "Service" } th.w30 scope="col" { "API and actions" }
                    th.w8 scope="col" { "IAM project" } th.w10 scope="col" { "Enterprise project" }
                    th scope="col" { "Document" } th.w10 scope="col" { "Date" } th.number.w8 scope="col" { "Calls" }
                }
            }
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" { (name(&row.service)) }
                        td {
                            @if let Some(api) = &row.api { (code(api)) } @else { span.muted { "named by a manifest" } }
                            @for action in &row.actions { div { (code(action)) } }
                        }
                        td { (column(row.scopes.project)) }
                        td { (column(row.scopes.enterprise_project)) }
                        td { @if let Some(source) = &row.source { (cited(source)) } @else { span.muted { "rows of its APIs" } } }
                        td { @if let Some(date) = row.source.as_ref().and_then(|source| source.date.as_ref()) { (name(date)) } @else { span.muted { "none" } } }
                        td.number { (grouped(row.uses)) }
                    }
                }
            }
        }
    }
}

fn column(supported: Option<bool>) -> &'static str {
    match supported {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not said",
    }
}
