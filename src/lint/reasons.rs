//! The reasons of a group of needs, as its message tells them.

use std::collections::BTreeMap;

use super::grants::{Group, named};
use crate::authz::Outcome;

/// How many kinds of reasons a message tells.
const KINDS: usize = 3;
/// How many reasons of one kind.
const OF_KIND: usize = 2;

impl<'p> Group<'p> {
    /// The reasons that statements gave, each once. One that is not about all actions names those that it is about.
    pub(super) fn reasons(&self, pick: fn(&Outcome) -> Option<&str>) -> String {
        let mut reasons: Vec<(&str, Vec<usize>)> = Vec::new();
        for (member, reason) in self.picked(pick) {
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, about)) if about.last() == Some(&member) => {}
                Some((_, about)) => about.push(member),
                None => reasons.push((reason, vec![member])),
            }
        }
        if reasons.iter().all(|(_, about)| about.len() == self.members.len()) {
            return reasons.iter().map(|(reason, _)| *reason).collect::<Vec<_>>().join("; ");
        }
        let all = self.names(self.members.iter());
        let told = reasons.into_iter().map(|(reason, about)| {
            let names = self.names(about.into_iter().filter_map(|member| self.members.get(member)));
            if names == all { reason.to_owned() } else { format!("{reason} (for {})", named(&names)) }
        });
        told.collect::<Vec<_>>().join("; ")
    }

    /// Each reason that is picked, with the number of the need that it is about.
    fn picked(&self, pick: fn(&Outcome) -> Option<&str>) -> impl Iterator<Item = (usize, &'p str)> {
        self.members.iter().enumerate().flat_map(move |(number, member)| {
            let steps = member.decided.verdict.steps.iter();
            // What is open about a statement in several ways stands in one text.
            let reasons = steps.filter_map(move |step| pick(&step.outcome)).flat_map(|reason| reason.split("; "));
            reasons.map(move |reason| (number, reason))
        })
    }

    /// Why it is only possible: the first reasons of each kind, and how many more there are.
    pub(super) fn open(&self) -> String {
        let reasons: Vec<&str> = self.members.iter().filter_map(|member| member.open()).collect();
        if reasons.is_empty() { String::new() } else { format!(" (possible: {})", by_kind(reasons)) }
    }
}

/// Reasons that differ only in what follows the colon are of one kind.
fn by_kind(mut reasons: Vec<&str>) -> String {
    reasons.sort_unstable();
    reasons.dedup();
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for reason in reasons {
        let (kind, case) = reason.split_once(": ").unwrap_or((reason, ""));
        kinds.entry(kind).or_default().extend(Some(case).filter(|case| !case.is_empty()));
    }
    let mut told: Vec<String> = kinds.iter().take(KINDS).map(|(kind, cases)| of_kind(kind, cases)).collect();
    let more: usize = kinds.values().skip(KINDS).map(|cases| cases.len().max(1)).sum();
    match more {
        0 => {}
        1 => told.push(String::from("and 1 more reason")),
        more => told.push(format!("and {more} more reasons")),
    }
    told.join("; ")
}

fn of_kind(kind: &str, cases: &[&str]) -> String {
    let most = if cases.len() == OF_KIND + 1 { cases.len() } else { OF_KIND };
    let (first, rest) = cases.split_at_checked(most).unwrap_or((cases, &[]));
    let cases = first.join(", or ");
    match (first, rest) {
        ([], _) => kind.to_owned(),
        (_, []) => format!("{kind}: {cases}"),
        (_, rest) => format!("{kind}: {cases}, or in {} more cases", rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_of_one_kind_are_told_together() {
        for (reasons, expected) in [
            (&["b", "a"][..], "a; b"),
            (&["later: x changed"], "later: x changed"),
            (&["later: x changed", "later: y changed", "z"], "later: x changed, or y changed; z"),
            (&["later: 1", "later: 2", "later: 3"], "later: 1, or 2, or 3"),
            (&["later: 1", "later: 2", "later: 3", "later: 4"], "later: 1, or 2, or in 2 more cases"),
            (&["a", "b", "c", "d"], "a; b; c; and 1 more reason"),
            (&["a", "b", "c", "d: 1", "d: 2", "e"], "a; b; c; and 3 more reasons"),
        ] {
            assert_eq!(by_kind(reasons.to_vec()), expected);
        }
    }
}
