//! The oracle's own matcher: an action pattern against a plain action, segment by segment.

/// `*` stands for any text of one segment; a `*` alone at the end also stands for all segments that follow.
pub(crate) fn action_matches(pattern: &str, action: &str) -> bool {
    segments_match(&segments(pattern), &segments(action))
}

/// `*` stands for any text; letter case does not count.
pub(crate) fn text_matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    chars_match(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>())
}

/// The segments of an action; the `identity` of roles is `iam`.
pub(crate) fn segments(action: &str) -> Vec<String> {
    let mut segments: Vec<String> = action.to_lowercase().split(':').map(str::to_owned).collect();
    if segments[0] == "identity" {
        segments[0] = String::from("iam");
    }
    segments
}

fn segments_match(patterns: &[String], texts: &[String]) -> bool {
    match (patterns, texts) {
        ([], []) => true,
        ([last], [_, ..]) if last == "*" => true,
        ([pattern, patterns @ ..], [text, texts @ ..]) => {
            text_matches(pattern, text) && segments_match(patterns, texts)
        }
        _ => false,
    }
}

fn chars_match(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        (['*', rest @ ..], _) if chars_match(rest, text) => true,
        (['*', ..], [_, text @ ..]) => chars_match(pattern, text),
        ([first, pattern @ ..], [other, text @ ..]) => first == other && chars_match(pattern, text),
        _ => false,
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
