//! A rule: its page.

use serde::Serialize;

use crate::lint::{RULES, page};
use crate::severity::Severity;

/// What is known of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleTopic {
    /// Its name.
    pub rule: &'static str,
    /// The severity of its findings unless the configuration sets another.
    pub severity: Severity,
    /// Its page, in Markdown.
    pub page: &'static str,
}

/// The rule of a name, whatever the letter case.
pub(super) fn rule(name: &str) -> Option<RuleTopic> {
    let rule = RULES.iter().find(|rule| rule.name().eq_ignore_ascii_case(name))?;
    Some(RuleTopic { rule: rule.name(), severity: rule.severity(), page: page(rule.name()).unwrap_or_default() })
}
