//! Action patterns: which actions `ims:*:get*` stands for.

/// An action pattern of any grammar, lower-cased: all parts are compared without regard to case.
///
/// `*` stands for any number of characters within one part; a last part that is just `*` also stands for all parts
/// that follow, as the patterns of roles (`*`, `identity:*`) need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<String>,
}

impl Pattern {
    /// Reads a pattern; every text is one, if only of nothing that exists. The `identity` of roles is `iam`.
    pub fn new(text: &str) -> Self {
        let mut parts: Vec<String> = text.to_ascii_lowercase().split(':').map(str::to_owned).collect();
        if let Some(service) = parts.first_mut().filter(|service| *service == "identity") {
            "iam".clone_into(service);
        }
        Self { parts }
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

    /// The pattern stands for one action only.
    pub fn is_plain(&self) -> bool {
        !self.parts.iter().any(|part| part.contains('*'))
    }

    /// The service part; `*` where the pattern is for every service.
    pub fn service(&self) -> &str {
        self.parts.first().map_or("", String::as_str)
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

/// Every text that `inner` matches is matched by `outer`: the `*` of `inner` can only be taken by a `*` of `outer`.
pub(super) fn covers(outer: &str, inner: &str) -> bool {
    let (outer, inner) = (outer.as_bytes(), inner.as_bytes());
    let (mut o, mut i) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while i < inner.len() {
        if outer.get(o) == Some(&b'*') {
            back = Some((o, i));
            o += 1;
        } else if outer.get(o) == inner.get(i) && inner.get(i) != Some(&b'*') {
            o += 1;
            i += 1;
        } else if let Some((star, taken)) = back {
            back = Some((star, taken + 1));
            o = star + 1;
            i = taken + 1;
        } else {
            return false;
        }
    }
    outer.iter().skip(o).all(|byte| *byte == b'*')
}

/// Some text is matched by both.
pub(super) fn meets(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    // reach[j]: some text is matched by the first i bytes of `a` and the first j bytes of `b`
    let mut reach = vec![false; b.len() + 1];
    for i in 0..=a.len() {
        let mut diagonal = false;
        for j in 0..=b.len() {
            let above = reach.get(j).copied().unwrap_or(false);
            let left = j > 0 && reach.get(j - 1).copied().unwrap_or(false);
            let (x, y) = (i.checked_sub(1).and_then(|i| a.get(i)), j.checked_sub(1).and_then(|j| b.get(j)));
            let here = (i == 0 && j == 0)
                || (i > 0 && above && (x == Some(&b'*') || y == Some(&b'*')))
                || (left && (y == Some(&b'*') || x == Some(&b'*')))
                || (diagonal && x == y);
            diagonal = above;
            if let Some(slot) = reach.get_mut(j) {
                *slot = here;
            }
        }
    }
    reach.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    /// The plainest way to say what a glob means: try every split.
    fn naive(pattern: &[u8], text: &[u8]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((b'*', rest)) => (0..=text.len()).any(|taken| naive(rest, &text[taken..])),
            Some((byte, rest)) => text.split_first().is_some_and(|(first, text)| first == byte && naive(rest, text)),
        }
    }

    fn texts() -> Vec<String> {
        let mut all = vec![String::new()];
        for _ in 0..5 {
            let longer: Vec<_> = all.iter().flat_map(|text| ["a", "b", "z"].map(|c| format!("{text}{c}"))).collect();
            all.extend(longer);
            all.sort();
            all.dedup();
        }
        all
    }

    proptest! {
        #[test]
        fn covering_a_plain_text_is_matching_it(pattern in "[ab*]{0,6}", text in "[ab]{0,7}") {
            prop_assert_eq!(covers(&pattern, &text), naive(pattern.as_bytes(), text.as_bytes()));
        }

        #[test]
        fn meeting_is_having_a_text_in_common(a in "[ab*]{0,4}", b in "[ab*]{0,4}") {
            let common = texts().iter().any(|text| naive(a.as_bytes(), text.as_bytes()) && naive(b.as_bytes(), text.as_bytes()));
            if common {
                prop_assert!(meets(&a, &b));
            }
            prop_assert_eq!(meets(&a, &b), meets(&b, &a));
        }

        #[test]
        fn what_is_covered_is_matched_text_by_text(outer in "[ab*]{0,4}", inner in "[ab*]{0,4}") {
            // `z` stands in no pattern, so that only a wildcard takes it
            let all = texts().iter().all(|text| !naive(inner.as_bytes(), text.as_bytes()) || naive(outer.as_bytes(), text.as_bytes()));
            if covers(&outer, &inner) {
                prop_assert!(all);
            } else if inner.matches('*').count() < 2 {
                prop_assert!(!all, "{} covers {} after all", outer, inner);
            }
        }
    }
}
