//! `--format html`: the report for a security review and for the auditor: one page that needs nothing beside itself.
//!
//! Everything is there without the script, which only filters; both the style and the script are allowed by their hashes
//! alone, so that nothing else in the page can become one.

mod accepted;
mod findings;
mod glance;
mod matrix;
mod policies;
mod principals;
mod rows;
mod source;
mod text;
mod unchecked;

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html as markup};
use sha2::{Digest, Sha256};

use super::entry::{VERSION, entries};
use super::{Report, home};
use crate::review::Review;

const STYLE: &str = include_str!("review.css");
const SCRIPT: &str = include_str!("review.js");

/// Writes a report as a page.
///
/// # Errors
/// Those of `out`.
pub fn html(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(page(report).into_string().as_bytes())
}

fn page(report: &Report) -> Markup {
    let review = report.review.as_deref();
    let entries = entries(report);
    markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(format!("grantlint {VERSION}"));
                title { "Permission review" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the report" }
                header { (glance::head(report)) }
                (contents(review))
                main id="main" tabindex="-1" {
                    (glance::section(report, &entries))
                    @if let Some(review) = review {
                        (matrix::section(review))
                        (principals::section(review, &entries))
                    }
                    (findings::section(report, &entries))
                    (accepted::section(report))
                    @if let Some(review) = review {
                        (policies::section(review))
                        (unchecked::section(review, report.summary))
                        (rows::section(review))
                    }
                }
                footer { (ending()) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// Nothing is loaded, and nothing runs but the style and the script of this program.
fn policy() -> String {
    let [style, script] = [STYLE, SCRIPT].map(|text| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text))));
    format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'")
}

fn contents(review: Option<&Review>) -> Markup {
    let of_review = |id, title| review.map(|_| (id, title));
    let parts = [
        Some(("summary", "Summary")),
        of_review("matrix", "Principals and services"),
        of_review("principals", "Principals"),
        Some(("findings", "Findings")),
        Some(("accepted", "Accepted findings")),
        of_review("policies", "Policies"),
        of_review("unchecked", "What was not checked"),
        of_review("sources", "Sources"),
    ];
    markup! {
        nav aria-label="Contents" {
            ul { @for (id, title) in parts.into_iter().flatten() { li { a href=(format!("#{id}")) { (title) } } } }
        }
    }
}

fn ending() -> Markup {
    markup! {
        p {
            "Written by "
            @if let Some(address) = home::project() { a href=(address) { "grantlint" } } @else { "grantlint" }
            " " (VERSION) " from files alone: nothing was asked of an account. It tells what the files say, and what they \
            leave open; it does not tell what else the account grants."
        }
    }
}
