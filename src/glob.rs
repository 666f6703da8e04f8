//! Globs of one part: `*` stands for any number of characters.

/// Every text that `inner` matches is matched by `outer`: the `*` of `inner` can only be taken by a `*` of `outer`.
pub(crate) fn covers(outer: &str, inner: &str) -> bool {
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

/// The text is matched by a glob in which `*` stands for any number of characters and `?` for one.
pub(crate) fn matches(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    let (mut g, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        if glob.get(g) == Some(&'*') {
            back = Some((g, t));
            g += 1;
        } else if glob.get(g) == Some(&'?') || glob.get(g) == text.get(t) {
            g += 1;
            t += 1;
        } else if let Some((star, taken)) = back {
            back = Some((star, taken + 1));
            g = star + 1;
            t = taken + 1;
        } else {
            return false;
        }
    }
    glob.iter().skip(g).all(|c| *c == '*')
}

/// Some text is matched by both.
pub(crate) fn meets(a: &str, b: &str) -> bool {
    // Mostly one of the two is the name of an action.
    match (a.contains('*'), b.contains('*')) {
        (false, false) => return a == b,
        (true, false) => return covers(a, b),
        (false, true) => return covers(b, a),
        (true, true) => {}
    }
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

    /// The plainest way to say what a glob means: try every split.
    fn naive(pattern: &[u8], text: &[u8]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((b'*', rest)) => (0..=text.len()).any(|taken| naive(rest, &text[taken..])),
            Some((byte, rest)) => text.split_first().is_some_and(|(first, text)| first == byte && naive(rest, text)),
        }
    }

    fn naive_with_one(glob: &[char], text: &[char]) -> bool {
        match glob.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|taken| naive_with_one(rest, &text[taken..])),
            Some((c, rest)) => {
                text.split_first().is_some_and(|(first, text)| (*c == '?' || first == c) && naive_with_one(rest, text))
            }
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
        fn a_glob_with_wildcards_of_both_kinds(glob in "[aé*?]{0,6}", text in "[aé]{0,7}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(matches(&glob, &text), naive_with_one(&chars(&glob), &chars(&text)));
        }

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
