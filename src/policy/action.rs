//! The form of action names and patterns.

use super::defect::shown;
use super::{Defect, Version};
use crate::source::Span;

/// The longest action name or pattern, in bytes, by the schema of actions.
pub const MAX_LENGTH: usize = 128;

/// The three parts of an action name or pattern; the middle part of a 5.0 action may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionName<'a> {
    /// The service, such as `ims`.
    pub service: &'a str,
    /// The resource type, such as `images`.
    pub resource_type: &'a str,
    /// The operation, such as `copy`.
    pub operation: &'a str,
}

impl<'a> ActionName<'a> {
    /// Splits `service:type:operation`; `None` where there are not exactly three parts.
    pub fn split(action: &'a str) -> Option<Self> {
        let mut parts = action.split(':');
        let name = Self { service: parts.next()?, resource_type: parts.next()?, operation: parts.next()? };
        parts.next().is_none().then_some(name)
    }
}

const FORM: &str = "an action has three parts, `service:type:operation`, each with `*` as wildcard";

/// What is wrong with an action pattern in a document of `version`, and the way out; `None` where nothing is.
///
/// The rules are those of the policy syntax page (1.1) and of the published grammar of identity policies (5.0); roles
/// (1.0) also have patterns of one and two parts, and one with a space. Letter case does not count in any part: the
/// syntax page asks for services in lower case, published policies have them in any.
pub fn check_action(pattern: &str, span: Span, version: Version) -> Option<Defect> {
    let defect = |what: &str| Defect::new(span, format!("`{}` {what}", shown(pattern)));
    let joined = joined(pattern);
    if joined.len() > 1 {
        let texts: Vec<String> = joined.iter().take(3).map(|part| format!("\"{}\"", shown(part))).collect();
        let more = if joined.len() > texts.len() { ", …" } else { "" };
        let help = format!("write each as a text of its own: {}{more}", texts.join(", "));
        return Some(defect("joins several actions in one text").with_help(help));
    }
    if pattern.trim() != pattern || pattern.is_empty() {
        return Some(defect("is no action: it is empty or has spaces around it").with_help(FORM));
    }
    if pattern.len() > MAX_LENGTH {
        let message = format!("is longer than the {MAX_LENGTH} characters of an action");
        return Some(defect(&message).with_help(FORM).possible());
    }
    if let Some(odd) = odd_character(pattern, version) {
        let defect = defect(&format!("has a character that no action has: `{odd}`")).with_help(FORM);
        return Some(if odd == '?' { defect.possible() } else { defect });
    }
    check_parts(pattern, version, defect)
}

fn check_parts(pattern: &str, version: Version, defect: impl Fn(&str) -> Defect) -> Option<Defect> {
    let parts: Vec<&str> = pattern.split(':').collect();
    if version == Version::V1_0 && parts.len() <= 3 && parts.iter().all(|part| !part.is_empty()) {
        return None;
    }
    let &[service, resource_type, operation] = parts.as_slice() else {
        if version.is_identity() && pattern == "*" {
            return None;
        }
        let help = if parts.len() == 5 { "this has the form of a resource: move it to `Resource`" } else { FORM };
        let defect = defect("is no action").with_help(help);
        // A last wildcard may be read as standing for the parts that follow.
        return Some(if parts.len() < 3 && pattern.ends_with('*') && version.is_identity() {
            defect.possible()
        } else {
            defect
        });
    };
    if service.is_empty() || operation.is_empty() || (resource_type.is_empty() && !version.is_identity()) {
        return Some(defect("has an empty part").with_help(FORM));
    }
    (service.contains('*') && service != "*").then(|| {
        let help =
            "name the service, or write `*` for all; `*` for a part of a name is documented for types and operations";
        defect("has a wildcard for a part of the service").with_help(help).possible()
    })
}

/// The actions that one text holds: commas, semicolons and white space stand between them, perhaps with quotation marks.
fn joined(pattern: &str) -> Vec<&str> {
    let separators = [',', ';', '，', '；', '、', '"', '\''];
    let parts = pattern.split(|c: char| separators.contains(&c) || c.is_whitespace());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let is_separated = pattern.contains(separators);
    // A space alone only joins what would be an action each.
    if is_separated || parts.iter().all(|part| part.contains(':')) { parts } else { Vec::new() }
}

fn odd_character(pattern: &str, version: Version) -> Option<char> {
    let others = if version == Version::V1_0 { "*:-_. " } else { "*:-_." };
    pattern.chars().find(|c| !c.is_ascii_alphanumeric() && !others.contains(*c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::severity::Certainty::{self, Certain, Possible};

    #[test]
    fn each_grammar_has_its_own_forms() {
        use Version::{V1_0, V1_1, V5_0};
        let longest = format!("ims:images:{}", "x".repeat(MAX_LENGTH - "ims:images:".len()));
        let too_long = format!("{longest}x");
        let cases: &[(&str, Version, Option<Certainty>)] = &[
            ("ims:images:copy", V1_1, None),
            ("*:*:*", V1_1, None),
            ("ecs:*:get*", V1_1, None),
            ("DLI:queue:submit_job", V1_1, None),
            ("elb:security-policies:get", V1_1, None),
            ("ims:images", V1_1, Some(Certain)),
            ("*", V1_1, Some(Certain)),
            ("ims:*", V1_1, Some(Certain)),
            ("ims::copy", V1_1, Some(Certain)),
            ("im*:images:copy", V1_1, Some(Possible)),
            ("ims:images:copy?", V1_1, Some(Possible)),
            ("ims:images:ｃopy", V1_1, Some(Certain)),
            ("ims:images:copy,ims:images:get", V1_1, Some(Certain)),
            ("ims:images:copy\nims:images:get", V1_1, Some(Certain)),
            ("ims:images:copy ims:images:get", V1_1, Some(Certain)),
            ("ims:images:copy\",\"ims:images:get", V1_1, Some(Certain)),
            (" ims:images:copy", V1_1, Some(Certain)),
            ("ims:images:co py", V1_1, Some(Certain)),
            ("ims:images:copy:x", V1_1, Some(Certain)),
            (":images:copy", V1_1, Some(Certain)),
            ("ims:images:", V1_1, Some(Certain)),
            (&longest, V1_1, None),
            (&too_long, V1_1, Some(Possible)),
            ("", V1_1, Some(Certain)),
            ("sts::tagSession", V5_0, None),
            ("VPC:*:*", V5_0, None),
            ("*", V5_0, None),
            ("ims:*", V5_0, Some(Possible)),
            ("ims:images", V5_0, Some(Certain)),
            ("", V5_0, Some(Certain)),
            ("*", V1_0, None),
            ("*:*:Get*", V1_0, None),
            ("identity:*", V1_0, None),
            ("identity:assume role", V1_0, None),
            ("TMS:predefine_tag:*", V1_0, None),
            ("ims::copy", V1_0, Some(Certain)),
            ("a:b:c:d", V1_0, Some(Certain)),
            (" identity:*", V1_0, Some(Certain)),
            ("ECS:*:*,EVS:*:*", V1_0, Some(Certain)),
        ];
        for (pattern, version, expected) in cases {
            let found = check_action(pattern, Span::default(), *version).map(|defect| defect.certainty);
            assert_eq!(found, *expected, "{pattern} in {version:?}");
        }
    }

    #[test]
    fn the_way_out_names_the_actions_that_a_text_joins() {
        let help = |text: &str| check_action(text, Span::default(), Version::V1_1).and_then(|defect| defect.help);
        let expected = "write each as a text of its own: \"ims:images:copy\", \"ims:images:get\"";
        for joint in [",", ", ", "; ", "\n", "\n  \n", "\", \"", " ，"] {
            assert_eq!(help(&format!("ims:images:copy{joint}ims:images:get")).as_deref(), Some(expected), "{joint}");
            let spaced = format!(" \n ims:images:copy{joint}ims:images:get \n");
            assert_eq!(help(&spaced).as_deref(), Some(expected), "{joint}");
        }
        let three = "a:b:c,d:e:f,g:h:i";
        assert!(help(three).is_some_and(|help| help.ends_with("\"d:e:f\", \"g:h:i\"")), "{:?}", help(three));
        let four = "a:b:c,d:e:f,g:h:i,j:k:l";
        assert!(help(four).is_some_and(|help| help.ends_with("\"g:h:i\", …")), "{:?}", help(four));
        let resource = help("obs:*:*:bucket:logs").unwrap_or_default();
        assert!(resource.contains("move it to `Resource`"), "{resource}");
    }
}
