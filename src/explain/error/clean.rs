//! The words of a pasted text without what terminals, JSON and word processors put around them.

/// What stands between the words of a text.
const SPACE: char = ' ';

/// A terminal's sequence is no longer than this; what is longer is text.
const MAX_SEQUENCE: usize = 256;

/// The text on one line, in plain quotation marks: without colours, frames and control characters, and with what is
/// escaped in JSON and HTML as it reads.
pub(super) fn clean(text: &str) -> String {
    let mut line = Line { text: String::with_capacity(text.len()) };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = match first {
            '\u{1b}' => behind_sequence(behind),
            '\\' => line.escaped(behind),
            '&' => line.entity(behind),
            other => {
                line.push(other);
                behind
            }
        };
    }
    line.text
}

struct Line {
    text: String,
}

impl Line {
    fn push(&mut self, character: char) {
        let plain = match character {
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{02bc}' | '\u{00b4}' | '`' => '\'',
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' => '"',
            // Without width, which copying leaves in words, or of directions, which would steer a terminal.
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
            | '\u{00ad}' => return,
            // Frames.
            '\u{2500}'..='\u{259f}' => SPACE,
            other if other.is_whitespace() || other.is_control() => SPACE,
            other => other,
        };
        if plain != SPACE || !(self.text.is_empty() || self.text.ends_with(SPACE)) {
            self.text.push(plain);
        }
    }

    /// Takes what a backslash escapes, however often JSON was put into JSON; returns what is behind it.
    fn escaped<'t>(&mut self, behind: &'t str) -> &'t str {
        let behind = behind.trim_start_matches('\\');
        let Some(letter) = behind.chars().next() else { return behind };
        let rest = behind.get(letter.len_utf8()..).unwrap_or_default();
        match letter {
            'n' | 'r' | 't' => self.push(SPACE),
            '"' | '\'' | '/' => self.push(letter),
            'u' => {
                let digits = rest.get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
                let character = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                let Some(character) = character else {
                    self.push('\\');
                    return behind;
                };
                self.push(char::from_u32(character).unwrap_or(char::REPLACEMENT_CHARACTER));
                return rest.get(4..).unwrap_or_default();
            }
            _ => {
                self.push('\\');
                return behind;
            }
        }
        rest
    }

    fn entity<'t>(&mut self, behind: &'t str) -> &'t str {
        const ENTITIES: [(&str, char); 6] =
            [("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("apos;", '\''), ("#39;", '\''), ("amp;", '&')];
        let found = ENTITIES.iter().find_map(|(name, character)| Some((behind.strip_prefix(name)?, *character)));
        let (rest, character) = found.unwrap_or((behind, '&'));
        self.push(character);
        rest
    }
}

/// What is behind a sequence that steers a terminal; its first character is taken already.
fn behind_sequence(text: &str) -> &str {
    let is_end: fn(char) -> bool = match text.chars().next() {
        Some('[') => |character| ('@'..='~').contains(&character),
        Some(']') => |character| character == '\u{7}' || character == '\u{1b}',
        Some(other) => return text.get(other.len_utf8()..).unwrap_or_default(),
        None => return text,
    };
    let body = text.get(1..).unwrap_or_default();
    let end = body.char_indices().take(MAX_SEQUENCE).find(|(_, character)| is_end(*character));
    match end {
        Some((at, character)) => body.get(at + character.len_utf8()..).unwrap_or_default(),
        None => body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_left_and_nothing_around_them() {
        let cases = [
            ("\u{1b}[31mError:\u{1b}[0m no", "Error: no"),
            ("╷\n│ \u{1b}[1mError:\u{1b}[0m not\n│ allowed\n╵", "Error: not allowed "),
            (r#"{\"msg\":\"doesn\\u2019t \\u003ca:b:c\\u003e\\n\"}"#, r#"{"msg":"doesn't <a:b:c> "}"#),
            ("doesn&#39;t allow &lt;a:b:c&gt; &amp; R&D", "doesn't allow <a:b:c> & R&D"),
            ("doesn’t “allow”\u{a0}`a`", "doesn't \"allow\" 'a'"),
            ("a\0b\u{7}c\u{200b}d\u{202e}e", "a b cde"),
            ("\u{1b}]0;title\u{7}text\u{1b}]8;;", "text8;;"),
            ("C:\\path\\u12", "C:\\path\\u12"),
            ("\\", ""),
            ("\u{1b}", ""),
        ];
        for (text, words) in cases {
            assert_eq!(clean(text), words, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_pasted_steers_no_terminal(text in "(\\PC|[\\x00-\\x1f\\x7f-\\x9f\\\\&u0-9a-f\\[\\]]){0,80}") {
            let words = clean(&text);
            proptest::prop_assert!(!words.chars().any(char::is_control));
            proptest::prop_assert!(!words.contains("  "));
        }
    }
}
