//! The oracle's own matchers: an action pattern against a plain action, segment by segment; and texts.

/// `*` stands for any text of one segment; a `*` alone at the end also stands for all segments that follow. Letter case
/// does not count; the `identity` of roles is `iam`.
pub(crate) fn action_matches(pattern: &str, action: &str) -> bool {
    let (first, patterns) = split(pattern);
    let (other, rest) = split(action);
    if patterns.is_none() && first == "*" {
        return true;
    }
    text_matches(service(first), service(other)) && segments_match(patterns, rest)
}

/// `*` stands for any text; letter case does not count.
pub(crate) fn text_matches(pattern: &str, text: &str) -> bool {
    matches(pattern, text, |one, other| one.eq_ignore_ascii_case(&other))
}

/// `*` stands for any text; letter case counts.
pub(crate) fn path_matches(pattern: &str, text: &str) -> bool {
    matches(pattern, text, |one, other| one == other)
}

/// `*` stands for any text and `?` for any character; letter case counts.
pub(crate) fn glob_matches(pattern: &str, text: &str) -> bool {
    matches(pattern, text, |one, other| one == other || one == '?')
}

/// The segments of an action.
pub(crate) fn segments(action: &str) -> Vec<&str> {
    let mut segments: Vec<&str> = action.split(':').collect();
    segments[0] = service(segments[0]);
    segments
}

fn service(segment: &str) -> &str {
    if segment.eq_ignore_ascii_case("identity") { "iam" } else { segment }
}

fn split(text: &str) -> (&str, Option<&str>) {
    text.split_once(':').map_or((text, None), |(first, rest)| (first, Some(rest)))
}

fn segments_match(patterns: Option<&str>, texts: Option<&str>) -> bool {
    match (patterns, texts) {
        (None, None) | (Some("*"), Some(_)) => true,
        (Some(patterns), Some(texts)) => {
            let ((pattern, patterns), (text, texts)) = (split(patterns), split(texts));
            text_matches(pattern, text) && segments_match(patterns, texts)
        }
        _ => false,
    }
}

fn matches(pattern: &str, text: &str, is_same: fn(char, char) -> bool) -> bool {
    let (mut patterns, mut texts) = (pattern.chars(), text.chars());
    match patterns.next() {
        None => text.is_empty(),
        Some('*') => {
            matches(patterns.as_str(), text, is_same)
                || (texts.next().is_some() && matches(pattern, texts.as_str(), is_same))
        }
        Some(one) => {
            texts.next().is_some_and(|other| is_same(one, other)) && matches(patterns.as_str(), texts.as_str(), is_same)
        }
    }
}

#[test]
fn the_matcher_reads_patterns_of_every_grammar() {
    for (pattern, action, expected) in [
        ("ims:images:copy", "IMS:images:Copy", true),
        ("ims:*:c*y", "ims:images:copy", true),
        ("ims:*", "ims:images:copy", true),
        ("*", "ims:images:copy", true),
        ("identity:*", "iam:users:listUsers", true),
        ("*:*:get*", "ims:images:copy", false),
        ("ims:images", "ims:images:copy", false),
        ("ims:images:copy", "ims:images:copyTo", false),
    ] {
        assert_eq!(action_matches(pattern, action), expected, "{pattern} on {action}");
    }
}
