//! The form of action names and patterns.

use super::Version;

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

/// What is wrong with an action pattern in a document of `version`, and the way out; `None` where nothing is.
///
/// The rules are those of the policy syntax page (1.1) and of the published grammar of identity policies (5.0); roles
/// (1.0) also have patterns of one and two parts.
pub fn check_action(pattern: &str, version: Version) -> Option<(String, String)> {
    let expected = "an action has three parts, `service:type:operation`, each with `*` as wildcard";
    if pattern.trim() != pattern || pattern.is_empty() {
        return Some((format!("`{pattern}` is no action: it is empty or has spaces around it"), expected.to_owned()));
    }
    if pattern.len() > MAX_LENGTH {
        let shown: String = pattern.chars().take(40).collect();
        return Some((
            format!("`{shown}…` is longer than the {MAX_LENGTH} characters of an action"),
            expected.to_owned(),
        ));
    }
    if let Some(joint) = pattern.find([',', ';', '，', '；']) {
        let (first, _) = pattern.split_at(joint);
        let help = format!("write two texts: \"{first}\" and the rest");
        return Some((format!("`{pattern}` joins several actions in one text"), help));
    }
    if version == Version::V1_0 || (version == Version::V5_0 && pattern == "*") {
        return None;
    }
    let Some(name) = ActionName::split(pattern) else {
        return Some((format!("`{pattern}` is no action"), expected.to_owned()));
    };
    let is_empty = name.service.is_empty()
        || name.operation.is_empty()
        || (name.resource_type.is_empty() && version != Version::V5_0);
    if is_empty {
        return Some((format!("`{pattern}` has an empty part"), expected.to_owned()));
    }
    let odd = pattern.chars().find(|c| !(c.is_ascii_alphanumeric() || "*:-_.".contains(*c)))?;
    Some((format!("`{pattern}` has a character that no action has: `{odd}`"), expected.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_grammar_has_its_own_forms() {
        use Version::{V1_0, V1_1, V5_0};
        for (pattern, version, good) in [
            ("ims:images:copy", V1_1, true),
            ("*:*:*", V1_1, true),
            ("ecs:*:get*", V1_1, true),
            ("elb:security-policies:get", V1_1, true),
            ("ims:images", V1_1, false),
            ("*", V1_1, false),
            ("ims::copy", V1_1, false),
            ("sts::tagSession", V5_0, true),
            ("*", V5_0, true),
            ("ims:*", V5_0, false),
            ("*:*:Get*", V1_0, true),
            ("identity:assume role", V1_0, true),
            ("ims:images:copy,ims:images:get", V1_1, false),
            (" ims:images:copy", V1_1, false),
            ("ims:images:co py", V1_1, false),
            ("ims:images:copy:x", V1_1, false),
            ("", V5_0, false),
        ] {
            assert_eq!(check_action(pattern, version).is_none(), good, "{pattern} in {version:?}");
        }
    }
}
