//! A part of the page for each principal: what it is granted, what it needs and lacks, what it has and does not need,
//! and how it can give itself more.

use maud::{Markup, html as markup};

use super::super::entry::Entry;
use super::matrix::{STANDS, chips};
use super::text::{cited, code, codes, count, grouped, name, place, prose};
use crate::explain::Purpose;
use crate::review::{Breadth, Excess, GrantCard, Needed, Review, Reviewed, ServiceReview, Standing, WayCard};

/// So many principals stand open.
const OPEN: usize = 8;

/// So many names of one list are shown.
const NAMES: usize = 400;

/// All principals.
pub(super) fn section(review: &Review, entries: &[Entry<'_>]) -> Markup {
    let is_open = review.principals.len() <= OPEN;
    markup! {
        section aria-labelledby="principals" {
            h2 id="principals" { "Principals" }
            @if review.principals.is_empty() { p.none { "No principal is known." } }
            @for (number, principal) in review.principals.iter().enumerate() {
                details.principal open[is_open] id=(format!("p{number}")) {
                    summary {
                        h3 { (name(&principal.name)) }
                        (chips(principal.tally()))
                    }
                    (told(number, principal, entries))
                }
            }
        }
    }
}

fn told(number: usize, principal: &Reviewed, entries: &[Entry<'_>]) -> Markup {
    let findings = entries.iter().filter(|entry| entry.principal == Some(&principal.name)).count();
    markup! {
        p {
            @if principal.operations == 0 { "Deploys nothing in the phases of this run" }
            @else { "Deploys " (count(principal.operations, "operation")) }
            @if principal.unchecked > 0 { "; what " (count(principal.unchecked, "thing")) " that it deploys needs is not known" }
            ". "
            @if findings > 0 { a href="#findings" data-principal=(name(&principal.name)) { (count(findings, "finding")) } "." }
            @else { "No finding names it." }
        }
        (grants(principal))
        h4 { "What it needs" }
        @if principal.services.values().all(|own| own.needs.is_empty()) { p.none { "Nothing that the table knows." } }
        @for (at, (service, own)) in principal.services.iter().enumerate() {
            (of_service(&format!("p{number}s{at}"), service, own))
        }
        h4 id=(format!("p{number}excess")) { "What it has and does not need" }
        (excess(principal))
        h4 { "Ways to more rights" }
        (ways(&principal.ways))
    }
}

fn grants(principal: &Reviewed) -> Markup {
    markup! {
        h4 { "What it is granted" }
        @if principal.grants.is_empty() { p.none { "Nothing." } } @else {
            div.scroll role="region" aria-label="Grants" tabindex="0" {
                table {
                    thead { tr { th scope="col" { "Policy" } th scope="col" { "Scope" } th scope="col" { "Bound at" } } }
                    tbody { @for grant in &principal.grants { (of_grant(grant)) } }
                }
            }
        }
        @if !principal.guardrails.is_empty() {
            p {
                "Its account stands under "
                @for (number, (level, policies)) in principal.guardrails.iter().enumerate() {
                    @if number > 0 { ", " }
                    (code(level)) " ("
                    @for (number, policy) in policies.iter().enumerate() { @if number > 0 { ", " } (name(policy)) }
                    ")"
                }
                ": what their service control policies do not let through is denied."
            }
        }
    }
}

fn of_grant(grant: &GrantCard) -> Markup {
    markup! {
        tr {
            th scope="row" { (name(&grant.policy)) }
            td { (name(&grant.scope)) @if let Some(why) = &grant.open { ": " (prose(why)) } }
            td { @if let Some(bound) = &grant.bound { (place(bound)) } @else { span.muted { "grantlint.yaml" } } }
        }
    }
}

fn of_service(id: &str, service: &str, own: &ServiceReview) -> Markup {
    let (allowed, others): (Vec<&Needed>, Vec<&Needed>) =
        own.needs.iter().partition(|need| need.standing == Standing::Allowed);
    markup! {
        div.service id=(id) {
            h5 { (name(service)) " " (chips(own.tally())) }
            @if !others.is_empty() {
                div.scroll role="region" aria-label=(format!("What is not certainly allowed of {}", name(service))) tabindex="0" {
                    table.wide {
                        thead {
                            tr {
                                th.w26 scope="col" { "Action" } th.w14 scope="col" { "Stands" } th.w26 scope="col" { "Why" }
                                th scope="col" { "First needed by" } th.number.w8 scope="col" { "Calls" }
                            }
                        }
                        tbody { @for need in others { (lacking(need)) } }
                    }
                }
            }
            @if !allowed.is_empty() {
                details { summary { (count(allowed.len(), "action")) " allowed wherever needed" }
                    (codes(allowed.iter().map(|need| need.name.as_str())))
                }
            }
            @if !own.excess.is_empty() {
                details { summary { (count(own.excess.len(), "action")) " granted and not needed" }
                    (codes(own.excess.iter().map(String::as_str).take(NAMES)))
                    (more(own.excess.len()))
                }
            }
        }
    }
}

fn more(names: usize) -> Markup {
    markup! { @if names > NAMES { p.muted { "and " (grouped(names - NAMES)) " more" } } }
}

fn lacking(need: &Needed) -> Markup {
    let (class, sign, word) = if need.standing == Standing::Missing { STANDS[2] } else { STANDS[1] };
    markup! {
        tr {
            th scope="row" {
                @if need.is_role { "role " (prose(&need.name)) } @else { (code(&need.name)) }
                @match need.purpose {
                    Purpose::Dependency => { div.muted { "a dependency" } }
                    Purpose::Sometimes => { div.muted { "only sometimes needed" } }
                    Purpose::Needed => {}
                }
            }
            td {
                span.chip.(class) { span.sign aria-hidden="true" { (sign) } " " (word) }
                @for (decision, uses) in &need.decisions { div.muted { (decision.replace('-', " ")) ": " (grouped(*uses)) } }
            }
            td { @if let Some(why) = need.first.as_ref().and_then(|first| first.why.as_ref()) { (prose(why)) } @else { "no grant allows it" } }
            td {
                @if let Some(first) = &need.first {
                    @if let Some(resource) = &first.resource { (code(resource)) " " }
                    (place(&first.location))
                    @if let Some(api) = &first.api { div.muted { (name(api)) } }
                }
            }
            td.number { (grouped(need.uses)) }
        }
    }
}

fn excess(principal: &Reviewed) -> Markup {
    markup! {
        @match &principal.excess {
            None => p.none { "It deploys nothing here, so what it does not need is not known." },
            Some(found) if found.is_empty() => p.none { "Nothing that the table knows." },
            Some(found) => {
                @if principal.unchecked > 0 {
                    p.muted { "Some of what it deploys could not be checked, and may need some of this." }
                }
                div.scroll role="region" aria-label="Granted and not needed" tabindex="0" {
                    table {
                        thead {
                            tr {
                                th scope="col" { "Pattern" } th scope="col" { "Is" } th scope="col" { "Policy" }
                                th scope="col" { "Scope" } th.number scope="col" { "Actions" }
                            }
                        }
                        tbody { @for own in found { (of_pattern(own)) } }
                    }
                }
            }
        }
    }
}

fn of_pattern(excess: &Excess) -> Markup {
    let is = match excess.breadth {
        Breadth::EveryService => "for every service",
        Breadth::MoreThanNeeded => "wider than needed",
        Breadth::NotNeeded => "not needed at all",
    };
    markup! {
        tr {
            th scope="row" { (code(&excess.pattern)) }
            td { (is) }
            td { @if let Some(at) = &excess.location { (place(at)) } @else { (name(&excess.policy)) } }
            td { (name(&excess.scope)) }
            td.number { @if excess.breadth == Breadth::EveryService { "all" } @else { (grouped(excess.actions.len())) } }
        }
    }
}

fn ways(ways: &[WayCard]) -> Markup {
    markup! {
        @if ways.is_empty() { p.none { "No known way is open to it." } } @else {
            p { "It can give itself more than it is granted in " (count(ways.len(), "known way")) "." }
            ul.ways { @for way in ways { (of_way(way)) } }
        }
    }
}

fn of_way(way: &WayCard) -> Markup {
    markup! {
        li {
            strong { (name(&way.id)) }
            @if way.is_certain() { " " span.chip.missing { "certain" } } @else { " " span.chip.conditional { "possible" } }
            " lets it " (prose(&way.why)) "."
            ul {
                @for step in &way.steps {
                    li {
                        (code(&step.action))
                        @if step.others > 0 { " (or " (count(step.others, "other action")) ")" }
                        @for (policy, at) in step.granted.iter().take(3) {
                            ", granted by " @if let Some(at) = at { (place(at)) } @else { (name(policy)) }
                        }
                        @if let Some(open) = &step.open { "; possible: " (prose(open)) }
                    }
                }
            }
            p.muted { "Read in " (cited(&way.source)) }
        }
    }
}
