//! The pages of the rules, taken from their doc comments when the program is built.

include!(concat!(env!("OUT_DIR"), "/rule_pages.rs"));

/// The page of a rule, in Markdown; `None` where there is no such rule.
pub fn page(rule: &str) -> Option<&'static str> {
    PAGES.iter().find(|(name, _)| *name == rule).map(|(_, page)| *page)
}
