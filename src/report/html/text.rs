//! Texts of others in the page: made printable, shortened, and escaped by the template. No other text goes into it.

use maud::{Markup, html as markup};

use super::super::plain::{one_line, printable, shortened};
use crate::review::Cited;
use crate::source::Location;

/// So many characters of a name are shown.
const LONGEST_NAME: usize = 300;

/// So many characters of a message are shown.
const LONGEST_MESSAGE: usize = 4_000;

/// A name on one line.
pub(super) fn name(text: &str) -> String {
    shortened(&one_line(text), LONGEST_NAME)
}

/// A name as code.
pub(super) fn code(text: &str) -> Markup {
    markup! { code { (name(text)) } }
}

/// A message: what stands between backticks is code.
pub(super) fn prose(text: &str) -> Markup {
    let text = shortened(&printable(text), LONGEST_MESSAGE);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return markup! { (text) };
    }
    markup! {
        @for (index, part) in parts.iter().enumerate() {
            @if index % 2 == 0 { (part) } @else { code { (part) } }
        }
    }
}

/// A place: `path:line`.
pub(super) fn place(location: &Location) -> Markup {
    markup! { span.place { (name(&location.path)) ":" (location.line) } }
}

/// Names as code, one after the other.
pub(super) fn codes<'n>(names: impl Iterator<Item = &'n str>) -> Markup {
    markup! {
        ul.names { @for own in names { li { (code(own)) } } }
    }
}

/// A document that the table was read from; only an address of the web becomes a link.
pub(super) fn cited(source: &Cited) -> Markup {
    let document = name(&source.document);
    let is_link = source.document.starts_with("https://") && !source.document.contains(char::is_whitespace);
    markup! {
        @if is_link {
            a href=(source.document) rel="noreferrer noopener" { (document) }
        } @else {
            (document)
        }
        @if let Some(extension) = &source.extension { " (extension " (code(extension)) ")" }
    }
}

/// A number with its noun; `plural` where an `s` does not make it.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", grouped(number)) }
}

/// A number with its digits in groups of three.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && index % 3 == first {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        let shown = [0, 12, 123, 1_234, 123_456, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "12", "123", "1,234", "123,456", "1,234,567"]);
    }

    #[test]
    fn names_in_messages_become_code_and_stay_text() {
        assert_eq!(prose("`<b>` lacks & <i>").into_string(), "<code>&lt;b&gt;</code> lacks &amp; &lt;i&gt;");
        assert_eq!(prose("one ` alone").into_string(), "one ` alone");
    }

    #[test]
    fn only_an_address_of_the_web_is_a_link() {
        let shown =
            |document: &str| cited(&Cited { document: document.to_owned(), date: None, extension: None }).into_string();
        assert!(shown("https://example.com/a").starts_with("<a href=\"https://example.com/a\""));
        for other in ["javascript:alert(1)", "docs/page.md", "https://a b", "HTTP://a"] {
            assert!(!shown(other).contains("<a"), "{other}");
        }
    }
}
