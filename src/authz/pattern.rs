//! Action patterns: which actions `ims:*:get*` stands for.

use crate::glob::{covers, meets};

/// An action pattern of any grammar, lower-cased: all parts are compared without regard to case.
///
/// `*` stands for any number of characters within one part; a last part that is just `*` also stands for all parts
/// that follow, as the patterns of roles (`*`, `identity:*`) need it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    parts: Vec<String>,
}

/// IAM's service, and how roles call it.
const IAM: &str = "iam";
const OF_ROLES: &str = "identity";

impl Pattern {
    /// Reads a pattern; every text is one, if only of nothing that exists. The `identity` of roles is `iam`.
    pub fn new(text: &str) -> Self {
        let service = Self::service_in(text);
        let others = text.split(':').skip(1);
        Self { parts: std::iter::once(service).chain(others).map(str::to_ascii_lowercase).collect() }
    }

    /// The pattern matches every action that `other` matches (for a plain action: matches it).
    pub fn covers(&self, other: &Self) -> bool {
        self.compare(other, covers)
    }

    /// Some action matches both patterns.
    pub fn meets(&self, other: &Self) -> bool {
        self.compare(other, meets)
    }

    /// The pattern matches every action of the service, whatever its name.
    pub fn covers_service(&self, service: &str) -> bool {
        self.covers(&Self { parts: vec![service.to_ascii_lowercase(), "*".to_owned(), "*".to_owned()] })
    }

    /// The pattern may match some action of the service.
    pub fn meets_service(&self, service: &str) -> bool {
        self.meets(&Self { parts: vec![service.to_ascii_lowercase(), "*".to_owned(), "*".to_owned()] })
    }

    /// The service part of a text, as the pattern of the text has it but for the case of its letters.
    pub fn service_in(text: &str) -> &str {
        // Asked of every pattern of every statement: for so short a text a plain loop is the fastest.
        let end = text.bytes().position(|byte| byte == b':').unwrap_or(text.len());
        match text.get(..end).unwrap_or(text) {
            service if service.eq_ignore_ascii_case(OF_ROLES) => IAM,
            service => service,
        }
    }

    /// The service part; `*` where the pattern is for every service.
    pub fn service(&self) -> &str {
        self.parts.first().map_or("", String::as_str)
    }

    /// How many characters stand for themselves alone: of two patterns that meet, the one with fewer is the broader.
    pub fn literals(&self) -> usize {
        self.parts.iter().flat_map(|part| part.chars()).filter(|character| *character != '*').count()
    }

    fn compare(&self, other: &Self, part: fn(&str, &str) -> bool) -> bool {
        let length = self.parts.len().max(other.parts.len());
        (0..length).all(|index| match (self.part(index), other.part(index)) {
            (Some(mine), Some(theirs)) => part(mine, theirs),
            _ => false,
        })
    }

    /// The part at `index`, which the last part supplies where it is just `*`.
    fn part(&self, index: usize) -> Option<&str> {
        let own = self.parts.get(index).map(String::as_str);
        own.or_else(|| self.parts.last().map(String::as_str).filter(|last| *last == "*"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, action: &str) -> bool {
        Pattern::new(pattern).covers(&Pattern::new(action))
    }

    #[test]
    fn patterns_of_every_grammar() {
        for (pattern, action, expected) in [
            ("ims:images:copy", "ims:images:copy", true),
            ("IMS:Images:COPY", "ims:images:copy", true),
            ("ims:images:*", "ims:images:copy", true),
            ("ims:*:get*", "ims:images:getDetail", true),
            ("ims:*:get*", "ims:images:list", false),
            ("*:*:*", "ims:images:copy", true),
            ("*", "ims:images:copy", true),
            ("*", "sts::tagSession", true),
            ("*:*:Get*", "ims:images:get", true),
            ("identity:*", "iam:users:listUsers", true),
            ("ims:*", "ecs:servers:get", false),
            ("im:*:*", "ims:images:copy", false),
            ("ims:images:copy", "ims:images:copyTo", false),
            ("obs:bucket:*", "obs:bucket:*", true),
            ("obs:*:*", "obs:bucket:*", true),
            ("obs:bucket:Get*", "obs:bucket:*", false),
            ("*:images:c*y", "ims:images:copy", true),
            ("ims:images", "ims:images:copy", false),
            ("sts:*:tagSession", "sts::tagSession", true),
        ] {
            assert_eq!(matches(pattern, action), expected, "{pattern} on {action}");
        }
    }

    #[test]
    fn meeting_is_weaker_than_covering() {
        for (a, b, expected) in [
            ("obs:bucket:Get*", "obs:bucket:*", true),
            ("obs:bucket:Get*", "obs:bucket:*Acl", true),
            ("obs:bucket:Get*", "obs:bucket:Put*", false),
            ("*", "ims:images:*", true),
            ("kms:*:*", "ims:*:*", false),
        ] {
            assert_eq!(Pattern::new(a).meets(&Pattern::new(b)), expected, "{a} and {b}");
            assert_eq!(Pattern::new(b).meets(&Pattern::new(a)), expected, "{b} and {a}");
        }
    }
}
