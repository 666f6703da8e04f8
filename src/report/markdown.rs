//! `--format markdown`: a comment on a pull request: the verdict, the findings that matter most, the others folded.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::entry::{Entry, entries};
use super::human::{count, sentence};
use super::plain::{one_line, shortened};
use super::{Report, Summary, home};
use crate::severity::Severity;

/// So many findings stand open.
const OPEN: usize = 10;

/// A comment has fewer characters than this: servers refuse one of more than 65,536.
const LONGEST: usize = 60_000;

/// What the lines behind the findings may take of it.
const ENDING: usize = 1_000;

/// So many characters of a message are shown.
const LONGEST_MESSAGE: usize = 400;

/// So many characters of a path or of a principal's name are shown.
const LONGEST_NAME: usize = 120;

const HEADER: &str = "| | Finding | Principal | Where |\n| --- | --- | --- | --- |\n";

/// Writes a report as Markdown.
///
/// # Errors
/// Those of `out`.
pub fn markdown(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut entries = entries(report);
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.severity));
    let mut comment = Comment::of(report.summary);
    comment.findings(&entries);
    let sentence = sentence(report.summary);
    writeln!(out, "{}<sub>{sentence}</sub>", comment.text)
}

/// The text so far and its length in characters.
struct Comment {
    text: String,
    length: usize,
}

impl Comment {
    /// The comment down to the verdict. Its first line is what a later run finds it by.
    fn of(summary: Summary) -> Self {
        let mut comment = Self { text: String::new(), length: 0 };
        comment.push(&format!("<!-- grantlint -->\n**{}**\n\n", verdict(summary)));
        comment
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.length += text.chars().count();
    }

    fn findings(&mut self, entries: &[Entry<'_>]) {
        let (open, folded) = entries.split_at(entries.len().min(OPEN));
        let mut shown = self.table(open);
        if !folded.is_empty() {
            self.push(&format!("<details>\n<summary>{} more</summary>\n\n", count(folded.len(), "finding")));
            shown += self.table(folded);
            self.push("</details>\n\n");
        }
        if shown < entries.len() {
            let left = count(entries.len() - shown, "finding");
            self.push(&format!("{left} did not fit here: `grantlint check` shows all.\n\n"));
        }
    }

    /// Rows for as many findings as there is room for, and how many those are.
    fn table(&mut self, entries: &[Entry<'_>]) -> usize {
        if entries.is_empty() {
            return 0;
        }
        self.push(HEADER);
        let mut shown = 0;
        for row in entries.iter().map(row) {
            if self.length + row.chars().count() > LONGEST - ENDING {
                break;
            }
            self.push(&row);
            shown += 1;
        }
        self.push("\n");
        shown
    }
}

fn verdict(summary: Summary) -> String {
    let found = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")];
    let found: Vec<String> =
        found.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| count(*number, noun)).collect();
    match (summary.errors, found.is_empty()) {
        (_, true) => String::from("✅ grantlint found nothing"),
        (0, false) => format!("✅ grantlint found no error: {}", found.join(", ")),
        _ => format!("❌ grantlint found {}", found.join(", ")),
    }
}

fn row(entry: &Entry<'_>) -> String {
    let sign = match entry.severity {
        Severity::Error => "❌ error",
        Severity::Warning => "⚠️ warning",
        Severity::Note => "ℹ️ note",
    };
    let (rule, url) = (entry.rule, home::page(entry.rule).unwrap_or_else(|| entry.url.clone()));
    let message = prose(&shortened(&one_line(entry.message), LONGEST_MESSAGE));
    let principal = entry.principal.map(|name| code(&shortened(&one_line(name), LONGEST_NAME))).unwrap_or_default();
    let path = shortened(&one_line(&entry.location.path), LONGEST_NAME);
    let place = code(&format!("{path}:{}", entry.location.line));
    let mut row = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(row, "| {sign} | [{rule}]({url}): {message} | {principal} | {place} |");
    row
}

/// A message: what stands between backticks stays code, and the rest means nothing but itself.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped(text);
    }
    let written = parts.iter().enumerate().map(|(index, part)| if index % 2 == 1 { code(part) } else { escaped(part) });
    written.collect()
}

/// A span of code in a cell of a table. A backtick cannot stand in it and a pipe ends the cell unless it is escaped.
fn code(text: &str) -> String {
    let text = text.replace('`', "'").replace("\\|", "\\\u{2060}|").replace('|', "\\|");
    let text = text.trim();
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// Text in which no character begins anything: no element, link, emphasis or entity. The name of an account or the
/// number of an issue behind `@` and `#` calls nobody.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '@' | '#' => escaped.extend(['\\', character, '\u{2060}']),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '|' => escaped.push_str("&#124;"),
            character if character.is_ascii_punctuation() && !matches!(character, ',' | ';' | '\'' | '"' | '/') => {
                escaped.extend(['\\', character]);
            }
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_messages_stay_code_and_the_rest_means_itself() {
        assert_eq!(prose("`a|b` lacks <b>"), "`a\\|b` lacks &lt;b&gt;");
        assert_eq!(prose("one ` alone"), "one \\` alone");
        assert_eq!(prose("[x](y) *z*"), "\\[x\\]\\(y\\) \\*z\\*");
    }

    #[test]
    fn nobody_is_called() {
        assert_eq!(prose("@everyone #1"), "\\@\u{2060}everyone \\#\u{2060}1");
    }

    #[test]
    fn the_verdict_counts_what_there_is() {
        let summary = |errors, warnings| Summary { errors, warnings, ..Summary::default() };
        assert_eq!(verdict(summary(0, 0)), "✅ grantlint found nothing");
        assert_eq!(verdict(summary(0, 1)), "✅ grantlint found no error: 1 warning");
        assert_eq!(verdict(summary(2, 1)), "❌ grantlint found 2 errors, 1 warning");
    }
}
