//! What a log says of the rules: their pages, which stand in the program.

use super::log::{Configuration, Rule, Text};
use crate::lint::{RULES, page};
use crate::report::explain::plain_page;
use crate::report::home;
use crate::severity::{Level, Severity};

/// The heading of a page below which it says what the rule is for.
const PURPOSE: &str = "What it does";

/// A rule as a log describes it; `name` alone where the program has no such rule.
pub(super) fn rule(name: &str) -> Rule {
    let page = page(name).unwrap_or_default();
    let text = plain_page(page);
    let purpose = purpose(&text).unwrap_or(name);
    Rule {
        id: name.to_owned(),
        name: pascal_case(name),
        short_description: Text::plain(format!("{}.", first_sentence(purpose).trim_end_matches(['.', ':']))),
        full_description: Text::plain(purpose),
        help_uri: home::page(name),
        default_configuration: configuration(name),
        help: Text { markdown: Some(page.to_owned()), text },
    }
}

fn configuration(name: &str) -> Configuration {
    let rule = RULES.iter().find(|rule| rule.name() == name);
    Configuration {
        enabled: rule.is_none_or(|rule| rule.level() != Level::Off),
        level: rule.map_or(Severity::Warning, |rule| rule.severity()),
    }
}

/// The first paragraph below the heading.
fn purpose(page: &str) -> Option<&str> {
    page.lines().skip_while(|line| *line != PURPOSE).nth(1).filter(|line| !line.is_empty())
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").and_then(|end| text.get(..=end)).unwrap_or(text)
}

/// `missing-grant` as `MissingGrant`, which is how names of rules are written there.
fn pascal_case(name: &str) -> String {
    let words = name.split('-').filter_map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_says_what_it_is_for_in_a_sentence_of_its_page() {
        for name in crate::lint::rule_names() {
            let rule = rule(name);
            let short = rule.short_description.text.trim_end_matches('.');
            assert!(short.len() > 20 && rule.full_description.text.starts_with(short), "{name}: {short}");
            assert!(rule.help.text.contains(&rule.full_description.text), "{name}");
        }
    }

    #[test]
    fn a_rule_that_is_off_says_so() {
        assert!(!configuration("unused-grant").enabled);
        assert!(configuration("missing-grant").enabled);
    }

    #[test]
    fn names_are_written_as_there() {
        assert_eq!(pascal_case("like-is-no-glob"), "LikeIsNoGlob");
    }
}
