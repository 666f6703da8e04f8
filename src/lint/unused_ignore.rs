//! `unused-ignore`

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Finding, Rule, UNUSED_IGNORE, rule_names};
use crate::config::{Directive, Fault};
use crate::nearest::suggestion;
use crate::project::Project;
use crate::severity::Severity;
use crate::source::{Place, SourceFile, Span};

/// So many findings of one file are told one by one.
const MOST: usize = 100;

/// # unused-ignore
///
/// ## What it does
/// Tells which suppressions count for nothing: comments `grantlint: ignore[rule] reason` and `ignore` entries of
/// `grantlint.yaml` that accept no finding, entries that have expired, and comments that name a rule which does not
/// exist, or give no reason.
///
/// What accepts nothing is told by a run that would have seen what it accepts: not with `--select`, `--ignore`,
/// `--principal` or `--phase`, not for a rule that is off, not beside a plan, and not where the PATHs leave out files
/// that it could be about.
///
/// ## Why it matters
/// A suppression that is left behind hides the next finding at its place, which nobody has accepted; one with a slip in
/// it looks as if something were accepted.
///
/// ## Example
/// ```hcl
/// # grantlint: ignore[missing-grants] the key is managed by another team
/// resource "huaweicloud_kms_key" "main" {
///   key_alias = "main"
/// }
/// ```
///
/// ## Use instead
/// ```hcl
/// # grantlint: ignore[missing-grant] the key is managed by another team
/// resource "huaweicloud_kms_key" "main" {
///   key_alias = "main"
/// }
/// ```
/// Remove the comment or the entry where nothing is found any more.
///
/// ## How to configure it
/// A warning unless `rules: { unused-ignore: error }` says otherwise. No comment and no `ignore` entry accepts its
/// findings: set its level, or mend them.
pub(super) struct UnusedIgnore;

impl Rule for UnusedIgnore {
    fn name(&self) -> &'static str {
        UNUSED_IGNORE
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn asks_all_manifests(&self) -> bool {
        true
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let known = rule_names();
        let mut by_file: BTreeMap<&str, Slips<'_>> = BTreeMap::new();
        for (file, directive) in project.acceptance.comments() {
            let of_file = by_file.entry(file.path()).or_default();
            slips(project, file, directive, &known).for_each(|slip| of_file.take(slip));
        }
        let comments = by_file.into_values().flat_map(|slips| self.in_file(&slips));
        comments.chain(self.entries(project)).collect()
    }
}

/// What is wrong with a comment.
struct Slip<'p> {
    file: &'p Arc<SourceFile>,
    span: Span,
    what: What<'p>,
}

enum What<'p> {
    Fault(Fault),
    UnknownRule(&'p str),
    Itself,
    Unused(&'p str),
}

/// What is wrong with the comments of one file.
#[derive(Default)]
struct Slips<'p> {
    told: Vec<Slip<'p>>,
    /// The first of those that are only counted.
    next: Option<Slip<'p>>,
    more: usize,
}

impl<'p> Slips<'p> {
    fn take(&mut self, slip: Slip<'p>) {
        if self.told.len() < MOST {
            self.told.push(slip);
        } else {
            self.next.get_or_insert(slip);
            self.more += 1;
        }
    }
}

fn slips<'p>(
    project: &'p Project<'_>,
    file: &'p Arc<SourceFile>,
    directive: &'p Directive,
    known: &[&str],
) -> impl Iterator<Item = Slip<'p>> {
    let slip = move |span, what| Slip { file, span, what };
    let fault = directive.fault.map(|fault| slip(directive.span, What::Fault(fault)));
    let names = directive.rules.iter().filter_map(|span| Some((*span, file.text().get(span.range())?)));
    let of_name = move |(span, name): (Span, &'p str)| {
        let what = if name == UNUSED_IGNORE {
            What::Itself
        } else if !known.contains(&name) {
            What::UnknownRule(name)
        } else if directive.fault.is_none() && project.acceptance.is_unused_comment(file, directive, name) {
            What::Unused(name)
        } else {
            return None;
        };
        Some(slip(span, what))
    };
    fault.into_iter().chain(names.filter_map(of_name))
}

impl UnusedIgnore {
    fn in_file(&self, slips: &Slips<'_>) -> Vec<Finding> {
        let mut findings: Vec<Finding> = slips.told.iter().map(|slip| self.of_comment(slip)).collect();
        if let Some(next) = &slips.next {
            let message = match slips.more {
                1 => String::from("one more suppression in this file counts for nothing"),
                more => format!("{more} more suppressions in this file count for nothing"),
            };
            findings.push(self.finding(message, Place::new(next.file, next.span)));
        }
        findings
    }

    fn of_comment(&self, slip: &Slip<'_>) -> Finding {
        let (message, help) = match slip.what {
            What::Fault(fault) => told(fault),
            What::UnknownRule(name) => {
                (format!("there is no rule `{name}`, so this accepts nothing"), suggestion(name, &rule_names()))
            }
            What::Itself => (
                format!("`{UNUSED_IGNORE}` cannot be accepted by a comment"),
                String::from("mend what it tells, or set its level under `rules:` in `grantlint.yaml`"),
            ),
            What::Unused(rule) => (
                format!("nothing is found here that `ignore[{rule}]` could accept"),
                String::from("remove it; a comment is about its own line, and one that stands alone about the next"),
            ),
        };
        self.finding(message, Place::new(slip.file, slip.span)).with_help(Some(help))
    }

    fn entries(&self, project: &Project<'_>) -> Vec<Finding> {
        let expired = project.acceptance.all_expired().map(|entry| {
            let last = entry.expires.map(|last| last.to_string()).unwrap_or_default();
            let finding = self.finding(format!("this entry has expired: its last day was {last}"), entry.place.clone());
            finding.with_help(Some(String::from("remove it, or accept the finding anew with another `expires`")))
        });
        let unused = project.acceptance.unused().map(|entry| {
            let (message, help) = if entry.rule.as_deref() == Some(UNUSED_IGNORE) {
                (
                    "`unused-ignore` cannot be accepted by an entry",
                    "mend what it tells, or set its level under `rules:` in `grantlint.yaml`",
                )
            } else {
                ("this entry accepts nothing", "remove it, or correct what has to match")
            };
            self.finding(String::from(message), entry.place.clone()).with_help(Some(help.to_owned()))
        });
        expired.chain(unused).collect()
    }

    fn finding(&self, message: String, place: Place) -> Finding {
        Finding::new(self.name(), self.severity(), message, place)
    }
}

fn told(fault: Fault) -> (String, String) {
    let (message, help) = match fault {
        Fault::NoReason => (
            "this accepts nothing: it gives no reason",
            "say behind the bracket why the finding is accepted: `grantlint: ignore[rule] reason`",
        ),
        Fault::NoRule => (
            "this accepts nothing: it names no rule",
            "name the rule between the brackets: `grantlint: ignore[rule] reason`",
        ),
        Fault::NotUnderstood => {
            ("this accepts nothing: it is not understood", "write `grantlint: ignore[rule] reason`")
        }
    };
    (message.to_owned(), help.to_owned())
}
