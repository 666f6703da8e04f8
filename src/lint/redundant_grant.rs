//! `redundant-grant`

use std::collections::{BTreeMap, HashMap, HashSet};

use super::actions::{Neighbours, neighbours, without};
use super::extent::Extent;
use super::{Finding, Related, Rule};
use crate::authz::Pattern;
use crate::fix::Fix;
use crate::policy::{Actions, Effect, Located, Statement};
use crate::project::{PolicyDocument, Project};
use crate::severity::Severity;

/// With so many others of one service a pattern is compared at most, the broadest first.
const MOST_COMPARED: usize = 128;

/// # redundant-grant
///
/// ## What it does
/// Tells which actions of a policy change nothing: they are allowed by a wider pattern or by another statement of the
/// same policy already, they stand twice in one list, or a Deny of the same policy takes them back whatever the
/// request. Statements are compared with their resources and conditions: an action is redundant only if what covers
/// it counts for the same resources or more, and under no further condition.
///
/// ## Why it matters
/// Who takes away one of two grants believes that the action is gone, and it is not. Policies have at most 6,144
/// characters, which are better used.
///
/// ## Example
/// ```json
/// { "Effect": "Allow", "Action": ["ims:images:*", "ims:images:list"] }
/// ```
///
/// ## Use instead
/// ```json
/// { "Effect": "Allow", "Action": ["ims:images:*"] }
/// ```
/// Or, if only a list was meant, the narrower action alone.
///
/// ## How to configure it
/// A note unless `rules: { redundant-grant: warning }` says otherwise.
pub(super) struct RedundantGrant;

impl Rule for RedundantGrant {
    fn name(&self) -> &'static str {
        "redundant-grant"
    }

    fn severity(&self) -> Severity {
        Severity::Note
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        project.granting().flat_map(|document| self.in_document(document)).collect()
    }
}

impl RedundantGrant {
    fn in_document(&self, document: &PolicyDocument) -> Vec<Finding> {
        let statements = &document.source.policy.statements;
        let entries = Entries::of(statements);
        let doubled = statements.iter().flat_map(|statement| doubled(statement.actions.patterns()));
        let mut told: BTreeMap<u32, Told<'_>> = BTreeMap::new();
        for Doubled { at, by, neighbours } in doubled {
            let message = format!("`{}` stands twice in one list", at.value);
            let fix = without(document, at, &by.value, neighbours);
            told.insert(at.span.start, Told { message, help: "remove it", at, by, fix });
        }
        for entry in entries.all.iter().filter(|entry| entry.effect == Effect::Allow) {
            let at = entry.located;
            if let Some(denied) = entries.denying(entry) {
                let by = denied.located;
                let message = format!("`{}` grants nothing: the Deny of `{}` takes it back", at.value, by.value);
                told.insert(at.span.start, Told { message, help: "remove it, or narrow the Deny", at, by, fix: None });
            } else if let Some(covering) = entries.covering(entry).filter(|_| !told.contains_key(&at.span.start)) {
                let by = covering.located;
                let message = format!("`{}` is allowed by `{}` of the same policy already", at.value, by.value);
                told.insert(at.span.start, Told { message, help: "remove it", at, by, fix: None });
            }
        }
        told.into_values().filter_map(|told| self.finding(document, told)).collect()
    }

    fn finding(&self, document: &PolicyDocument, told: Told<'_>) -> Option<Finding> {
        let place = document.source.place(told.at.span)?;
        let mut finding = Finding::new(self.name(), self.severity(), told.message, place);
        finding.actions = vec![told.at.value.clone()];
        let by = document.source.place(told.by.span)?;
        finding.related = vec![Related { message: String::from("this covers it"), place: by }];
        Some(finding.with_help(Some(told.help.to_owned())).with_fix(told.fix))
    }
}

/// A redundant pattern and what makes it so.
struct Told<'p> {
    message: String,
    help: &'static str,
    at: &'p Located<String>,
    by: &'p Located<String>,
    fix: Option<Fix>,
}

/// A pattern that stands in its list before.
struct Doubled<'p> {
    at: &'p Located<String>,
    /// The first of its kind.
    by: &'p Located<String>,
    /// What stands before and behind it.
    neighbours: Neighbours<'p>,
}

/// Each pattern that stands in a list before.
fn doubled(patterns: &[Located<String>]) -> Vec<Doubled<'_>> {
    let mut seen: HashMap<Pattern, &Located<String>> = HashMap::new();
    let mut doubled = Vec::new();
    for (index, at) in patterns.iter().enumerate() {
        match seen.get(&Pattern::new(&at.value)) {
            Some(by) => doubled.push(Doubled { at, by, neighbours: neighbours(patterns, index) }),
            None => drop(seen.insert(Pattern::new(&at.value), at)),
        }
    }
    doubled
}

/// A pattern of an `Action` element, where and when it counts.
struct Entry<'p> {
    index: usize,
    effect: Effect,
    pattern: Pattern,
    located: &'p Located<String>,
    /// Number of the extent.
    extent: usize,
}

/// The patterns of a document, so arranged that the few that may cover one are found without asking all.
struct Entries<'p> {
    all: Vec<Entry<'p>>,
    extents: Vec<Extent>,
    /// By effect and pattern, one for each extent.
    same: HashMap<(Effect, Pattern), Vec<usize>>,
    /// Those with `*`, by effect and service, the broadest first.
    wide: HashMap<(Effect, String), Vec<usize>>,
}

impl<'p> Entries<'p> {
    fn of(statements: &'p [Statement]) -> Self {
        let mut numbers: BTreeMap<Extent, usize> = BTreeMap::new();
        let mut entries = Self { all: Vec::new(), extents: Vec::new(), same: HashMap::new(), wide: HashMap::new() };
        for statement in statements {
            let Actions::Matching(patterns) = &statement.actions else { continue };
            let extent = Extent::of(statement);
            let number = *numbers.entry(extent.clone()).or_insert(entries.extents.len());
            if number == entries.extents.len() {
                entries.extents.push(extent);
            }
            for located in patterns {
                let index = entries.all.len();
                let (effect, pattern) = (statement.effect, Pattern::new(&located.value));
                entries.all.push(Entry { index, effect, pattern, located, extent: number });
            }
        }
        entries.arrange();
        entries
    }

    fn arrange(&mut self) {
        let mut known = HashSet::new();
        for entry in &self.all {
            if !known.insert((entry.effect, &entry.pattern, entry.extent)) {
                continue;
            }
            if entry.located.value.contains('*') {
                let service = entry.pattern.service();
                let service = if service.contains('*') { "*" } else { service };
                self.wide.entry((entry.effect, service.to_owned())).or_default().push(entry.index);
            }
            self.same.entry((entry.effect, entry.pattern.clone())).or_default().push(entry.index);
        }
        let literals = |index: &usize| self.all.get(*index).map(|entry| entry.pattern.literals());
        for wide in self.wide.values_mut() {
            wide.sort_by_key(literals);
        }
    }

    /// The patterns of an effect that may cover one: broad ones first, and one no less broad than another before it.
    fn candidates<'s>(&'s self, entry: &'s Entry<'p>, effect: Effect) -> impl Iterator<Item = &'s Entry<'p>> {
        let wide = |service: &str| self.wide.get(&(effect, service.to_owned()));
        let same = self.same.get(&(effect, entry.pattern.clone()));
        let lists = [wide("*"), wide(entry.pattern.service()), same];
        let indices = lists.into_iter().flatten().flat_map(|list| list.iter().take(MOST_COMPARED));
        indices.filter_map(|index| self.all.get(*index)).filter(move |other| other.pattern.covers(&entry.pattern))
    }

    /// What allows everything that an entry does; of two that allow the same, the one that stands first.
    fn covering<'s>(&'s self, entry: &'s Entry<'p>) -> Option<&'s Entry<'p>> {
        self.candidates(entry, Effect::Allow).find(|other| {
            other.index != entry.index
                && self.takes_in(other, entry)
                && (other.index < entry.index || !(entry.pattern.covers(&other.pattern) && self.takes_in(entry, other)))
        })
    }

    /// A Deny that takes back everything that an entry allows, whatever the request.
    fn denying<'s>(&'s self, entry: &'s Entry<'p>) -> Option<&'s Entry<'p>> {
        let is_certain = |other: &&Entry<'p>| self.extents.get(other.extent).is_some_and(Extent::is_unconditional);
        self.candidates(entry, Effect::Deny).filter(is_certain).find(|other| self.takes_in(other, entry))
    }

    fn takes_in(&self, wider: &Entry<'p>, narrower: &Entry<'p>) -> bool {
        let extents = self.extents.get(wider.extent).zip(self.extents.get(narrower.extent));
        wider.extent == narrower.extent || extents.is_some_and(|(wider, narrower)| wider.takes_in(narrower))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::authz::PolicySource;
    use crate::policy;
    use crate::source::SourceFile;

    /// The redundant patterns of a policy, each with what covers it, as `pattern < covering`.
    fn redundant(statements: &str) -> Vec<String> {
        let text = format!(r#"{{"Version": "1.1", "Statement": [{statements}]}}"#);
        let policy = policy::parse(&crate::syntax::json::parse(&text).unwrap().node).policy;
        let file = Some(Arc::new(SourceFile::new("p.json", &text)));
        let source = PolicySource::new("p.json", file, policy);
        let document = PolicyDocument { source: Arc::new(source), defects: Vec::new(), compact: String::new() };
        let text_at = |place: &crate::source::Place| {
            text[place.span.start as usize..place.span.end as usize].trim_matches('"').to_owned()
        };
        let findings = RedundantGrant.in_document(&document);
        let pair = |finding: &Finding| format!("{} < {}", text_at(&finding.place), text_at(&finding.related[0].place));
        findings.iter().map(pair).collect()
    }

    fn statement(effect: &str, actions: &[&str], rest: &str) -> String {
        format!(r#"{{"Effect": "{effect}", "Action": {actions:?}{rest}}}"#)
    }

    fn allow(actions: &[&str]) -> String {
        statement("Allow", actions, "")
    }

    const MFA: &str = r#", "Condition": {"Bool": {"g:MFAPresent": ["true"]}}"#;
    const LOGS: &str = r#", "Resource": ["OBS:*:*:bucket:logs"]"#;

    #[test]
    fn what_a_wider_pattern_allows_is_told_once_with_the_widest() {
        let actions = ["ims:images:get", "ims:images:*", "ims:*:*", "kms:cmk:get", "IMS:Images:list"];
        let found = redundant(&allow(&actions));
        assert_eq!(found, ["ims:images:get < ims:*:*", "ims:images:* < ims:*:*", "IMS:Images:list < ims:*:*"]);
    }

    #[test]
    fn of_two_that_are_the_same_the_second_is_told() {
        assert_eq!(redundant(&allow(&["ims:images:get", "IMS:images:GET"])), ["IMS:images:GET < ims:images:get"]);
        let twice = [allow(&["ims:images:get"]), allow(&["ims:images:get"])].join(", ");
        assert_eq!(redundant(&twice).len(), 1);
        let denied = statement("Deny", &["ims:images:get", "ims:images:get"], "");
        assert_eq!(redundant(&denied), ["ims:images:get < ims:images:get"]);
    }

    #[test]
    fn conditions_and_resources_count() {
        let wider = allow(&["obs:bucket:*"]);
        for narrower in [statement("Allow", &["obs:bucket:Get*"], MFA), statement("Allow", &["obs:bucket:Get*"], LOGS)]
        {
            let both = [narrower.clone(), wider.clone()].join(", ");
            assert_eq!(redundant(&both), ["obs:bucket:Get* < obs:bucket:*"], "{narrower}");
        }
        for narrower in [statement("Allow", &["obs:bucket:*"], MFA), statement("Allow", &["obs:bucket:*"], LOGS)] {
            let both = [narrower.clone(), allow(&["obs:bucket:Get*"])].join(", ");
            assert_eq!(redundant(&both), Vec::<String>::new(), "{narrower}");
        }
        let either =
            [statement("Allow", &["obs:bucket:*"], MFA), statement("Allow", &["obs:bucket:*"], LOGS)].join(", ");
        assert_eq!(redundant(&either), Vec::<String>::new());
    }

    #[test]
    fn a_deny_takes_back_only_what_it_wholly_covers_and_always() {
        let of = |deny: String| redundant(&[allow(&["ims:images:*"]), deny].join(", "));
        assert_eq!(of(statement("Deny", &["ims:*:*"], "")), ["ims:images:* < ims:*:*"]);
        assert_eq!(of(statement("Deny", &["ims:images:*"], "")), ["ims:images:* < ims:images:*"]);
        for part in [
            statement("Deny", &["ims:images:delete"], ""),
            statement("Deny", &["ims:*:*"], MFA),
            statement("Deny", &["ims:*:*"], LOGS),
        ] {
            assert_eq!(of(part.clone()), Vec::<String>::new(), "{part}");
        }
    }
}
