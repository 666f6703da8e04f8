//! What is known of a request beside its action: the values of condition keys.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Known, Target};
use crate::catalog::Reach;

/// What is known of one condition key of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Fact {
    /// The request does not have the key.
    Absent,
    /// It has the key with these values; most keys have one.
    Values(Vec<String>),
    /// An instant that is not earlier than this one.
    Since(Timestamp),
}

/// What is known of the requests of a principal; of every key that is not held here nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Context {
    facts: BTreeMap<String, Fact>,
    /// Beginnings of keys of which all are known: any other that begins so is absent.
    complete: BTreeSet<String>,
}

/// The instant of the request.
const CURRENT_TIME: &str = "g:CurrentTime";

impl Context {
    /// With a fact about a key, in place of what was known of it. Letter case counts in the tag of a key such as
    /// `g:ResourceTag/Owner` only.
    #[must_use]
    pub fn with(mut self, key: &str, fact: Fact) -> Self {
        self.facts.insert(normal(key), fact);
        self
    }

    /// The same, and no request is made before `now`, unless more is known of the time.
    #[must_use]
    pub fn not_before(mut self, now: Timestamp) -> Self {
        self.facts.entry(normal(CURRENT_TIME)).or_insert(Fact::Since(now));
        self
    }

    /// Of the keys that begin so, such as `g:RequestTag/`, the request has those that are held here and no others.
    #[must_use]
    pub fn complete(mut self, beginning: &str) -> Self {
        self.complete.insert(normal(beginning));
        self
    }

    /// What is held here, and what `other` holds of further keys.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        for (key, fact) in &other.facts {
            self.facts.entry(key.clone()).or_insert_with(|| fact.clone());
        }
        self.complete.extend(other.complete.iter().cloned());
        self
    }

    /// The values that a key is known to have.
    pub fn values(&self, key: &str) -> Option<&[String]> {
        match self.facts.get(&normal(key))? {
            Fact::Values(values) => Some(values),
            Fact::Absent | Fact::Since(_) => None,
        }
    }

    /// What is known of a key: what this context holds, else what the operation says.
    pub(super) fn fact(&self, key: &str, request: Circumstances<'_>) -> Option<Fact> {
        let key = normal(key);
        self.own(&key).or_else(|| request.fact(&key))
    }

    fn own(&self, key: &str) -> Option<Fact> {
        let is_complete = || self.complete.iter().any(|beginning| key.starts_with(beginning));
        self.facts.get(key).cloned().or_else(|| is_complete().then_some(Fact::Absent))
    }
}

/// What an operation itself says of the request that it causes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances<'a> {
    pub(super) target: &'a Target,
    pub(super) reach: Reach,
    /// The condition keys that the action is documented to support.
    pub(super) keys: &'a [String],
}

/// Keys that a request has only where its action is documented to support them, but for what follows a `/`.
const SUPPORTED_ONLY: [&str; 4] = ["g:enterpriseprojectid", "g:requesttag", "g:resourcetag", "g:tagkeys"];

impl Circumstances<'_> {
    fn fact(self, key: &str) -> Option<Fact> {
        let name = key.split('/').next().unwrap_or(key);
        if SUPPORTED_ONLY.contains(&name) && !self.supports(name) {
            return None;
        }
        match key {
            // What the region of a request to a global service is depends on the service.
            "g:requestedregion" if self.reach == Reach::Regional => {
                self.target.region.value().map(|region| one(region))
            }
            "g:enterpriseprojectid" => self.enterprise_project(),
            _ => self.target.facts.own(key),
        }
    }

    /// Requests name enterprise projects by id; what stands in a file may be a name.
    fn enterprise_project(self) -> Option<Fact> {
        match &self.target.enterprise_project {
            Known::Is(own) if super::scope::is_default(own) => Some(one("0")),
            Known::Is(own) if super::scope::is_id(own) => Some(one(own)),
            Known::Is(_) | Known::Unknown(_) => None,
        }
    }

    fn supports(self, name: &str) -> bool {
        let name_of = |key: &'_ str| key.split('/').next().unwrap_or(key).eq_ignore_ascii_case(name);
        self.keys.iter().any(|key| name_of(key))
    }
}

fn one(value: &str) -> Fact {
    Fact::Values(vec![value.to_owned()])
}

/// Keys are compared without regard to case, except for the tag that some of them name.
fn normal(key: &str) -> String {
    match key.split_once('/') {
        Some((key, tag)) => format!("{}/{tag}", key.to_ascii_lowercase()),
        None => key.to_ascii_lowercase(),
    }
}
