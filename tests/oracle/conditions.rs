//! Conditions: what is known of the keys of a request, and whether it passes.

use grantlint::authz::{Fact, IdentityName, Known};
use grantlint::catalog::Reach;
use jiff::{SignedDuration, Timestamp};

use crate::case::{Case, ConditionDraft, Facts};
use crate::iam::Held;
use crate::operators::{Operator, Quantifier, Test, passes, truth};
use crate::worlds::{Unknown, World};

/// Letter case counts in the name of a tag only.
fn same_key(one: &str, other: &str) -> bool {
    let (prefix, tag) = one.split_once('/').map_or((one, None), |(prefix, tag)| (prefix, Some(tag)));
    let (other, other_tag) = other.split_once('/').map_or((other, None), |(prefix, tag)| (prefix, Some(tag)));
    prefix.eq_ignore_ascii_case(other) && tag == other_tag
}

/// The beginnings of keys that name a tag.
fn has_prefix(key: &str, prefix: &str) -> bool {
    key.get(..prefix.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(prefix))
}

impl Facts {
    fn of(&self, key: &str) -> Option<Fact> {
        let own = self.keys.iter().rfind(|(other, _)| same_key(other, key)).map(|(_, fact)| fact.clone());
        let time = self.not_before.filter(|_| same_key(key, "g:CurrentTime")).map(Fact::Since);
        let is_absent = self.complete.iter().any(|beginning| has_prefix(key, beginning));
        own.or(time).or(is_absent.then_some(Fact::Absent))
    }
}

impl Case {
    /// Whether conditions hold in a world; elsewhere, where only the place of the operation makes them fail.
    pub(crate) fn conditions(
        &self,
        world: &mut World,
        name: Option<&IdentityName>,
        conditions: &[ConditionDraft],
    ) -> Held {
        let mut held = Held::Yes;
        for condition in conditions {
            if !self.holds(world, name, condition) {
                if !["g:RequestedRegion", "g:EnterpriseProjectId"].iter().any(|key| same_key(key, &condition.key)) {
                    return Held::No;
                }
                held = Held::Elsewhere;
            }
        }
        held
    }

    fn holds(&self, world: &mut World, name: Option<&IdentityName>, condition: &ConditionDraft) -> bool {
        let ConditionDraft { operator, key, values } = condition;
        let open = |world: &mut World, own: &str, value: &str| {
            world.bit(Unknown::Condition(format!("{operator} {key} {} {own} {value}", values.join(","))))
        };
        let (Some(read), Some(fact)) = (Operator::read(operator), self.fact(name, key)) else {
            return open(world, "", "");
        };
        if values.is_empty() || values.iter().any(|value| value.contains("${")) {
            return open(world, "", "");
        }
        if read.test == Test::Null {
            let is_absent = fact == Fact::Absent;
            return values.iter().any(|value| match truth(value) {
                Some(value) => value == is_absent,
                None => open(world, "", value),
            });
        }
        let owns = match fact {
            Fact::Values(owns) => owns,
            Fact::Since(since) => {
                let holds =
                    values.iter().any(|value| later(read.test, since, value).unwrap_or_else(|| open(world, "", value)));
                return holds != read.is_negated;
            }
            Fact::Absent => {
                return match (read.if_exists, read.quantifier, read.is_negated) {
                    (true, ..) | (false, Some(Quantifier::All), _) => true,
                    (false, Some(Quantifier::Any), _) | (false, None, false) => false,
                    (false, None, true) => open(world, "", ""),
                };
            }
        };
        let mut one = |own: &String| {
            let passes = |value: &String| passes(read.test, own, value).unwrap_or_else(|| open(world, own, value));
            values.iter().any(passes) != read.is_negated
        };
        match read.quantifier {
            Some(Quantifier::Any) => owns.iter().any(one),
            Some(Quantifier::All) => owns.iter().all(one),
            None => {
                let results: Vec<bool> = owns.iter().map(&mut one).collect();
                if results.iter().all(|result| *result == results[0]) { results[0] } else { open(world, "several", "") }
            }
        }
    }

    fn fact(&self, name: Option<&IdentityName>, key: &str) -> Option<Fact> {
        let is_listed = |key: &str| name.is_some_and(|name| name.keys.iter().any(|listed| same_key(listed, key)));
        let one = |value: &str| Some(Fact::Values(vec![value.to_owned()]));
        if let Some(fact) = self.context.of(key) {
            return Some(fact);
        }
        if same_key(key, "g:RequestedRegion") {
            return if self.requirement.reach == Reach::Regional { one(self.region.value()?) } else { None };
        }
        if same_key(key, "g:EnterpriseProjectId") {
            return match &self.enterprise_project {
                _ if !is_listed(key) => None,
                Known::Is(id) if id == "0" || id == "default" => one("0"),
                Known::Is(id) if is_uuid(id) => one(id),
                Known::Is(_) | Known::Unknown(_) => None,
            };
        }
        let mut unlisted = ["g:RequestTag/", "g:ResourceTag/"].into_iter();
        let unlisted = unlisted.any(|prefix| has_prefix(key, prefix) && !is_listed(&format!("{prefix}<tag-key>")));
        if unlisted || (same_key(key, "g:TagKeys") && !is_listed(key)) { None } else { self.facts.of(key) }
    }
}

/// `8-4-4-4-12` hexadecimal digits.
pub(crate) fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit())
}

/// Whether an instant that is not earlier than another passes a test: what all of them agree on, tried with those that
/// may make a difference.
fn later(test: Test, since: Timestamp, value: &str) -> Option<bool> {
    let Test::Date(_) = test else { return None };
    let value_at: Timestamp = value.parse().ok()?;
    let second = SignedDuration::from_secs(1);
    let tried = [since, value_at - second, value_at, value_at + second, since.max(value_at) + second];
    let mut results =
        tried.iter().filter(|instant| **instant >= since).map(|instant| passes(test, &instant.to_string(), value));
    let first = results.next()?;
    results.all(|result| result == first).then_some(first?)
}
