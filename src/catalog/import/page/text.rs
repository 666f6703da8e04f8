//! What the syntaxes and the writers of pages add to the words of a cell.

/// A cell without what only markup or typography put into it: escapes, code marks, invisible characters, full-width
/// punctuation, runs of blanks. One line for each line of the cell that has words.
pub(super) fn tidy(cell: &str) -> String {
    let plain = unescape(&cell.replace("**", ""));
    let mut out = String::with_capacity(plain.len());
    for line in plain.lines() {
        let before = out.len();
        if before > 0 {
            out.push('\n');
        }
        let start = out.len();
        for word in line.split_whitespace() {
            if out.len() > start {
                out.push(' ');
            }
            out.push_str(word);
        }
        if out.len() == start {
            out.truncate(before);
        }
    }
    out
}

/// Without the backslashes of escapes and without code marks, in half-width characters.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\\' && characters.peek().is_some_and(char::is_ascii_punctuation) {
            out.extend(characters.next());
        } else if character != '`' {
            out.extend(half_width(character));
        }
    }
    out
}

fn half_width(character: char) -> Option<char> {
    match character {
        '\n' => Some('\n'),
        '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{00AD}' | '\u{2060}' => None,
        '\u{00A0}' | '\u{3000}' => Some(' '),
        '\u{FF01}'..='\u{FF5E}' => {
            u32::from(character).checked_sub(0xFEE0).and_then(char::from_u32).or(Some(character))
        }
        '【' => Some('['),
        '】' => Some(']'),
        other if other.is_control() => Some(' '),
        other => Some(other),
    }
}

/// Whether a cell says that there is nothing: it is empty, or a dash, or says so.
pub(super) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    let dashes =
        text.chars().all(|character| matches!(character, '-' | '–' | '—' | '―' | '－' | '−' | '/' | ' ' | '\n'));
    dashes
        || matches!(text.to_lowercase().as_str(), "无" | "none" | "n/a" | "na" | "不涉及" | "null" | "none." | "无。")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_stay() {
        assert_eq!(tidy("  a\u{a0}\u{200b}b  c \n\n ims:images\\_x：`list`（仅）\n"), "a b c\nims:images_x:list(仅)");
        assert_eq!(tidy("kms:``*``:\\*"), "kms:*:*");
    }

    #[test]
    fn dashes_and_their_words_are_nothing() {
        assert!(["", "-", "–", " / ", "无", "None", "N/A"].into_iter().all(is_nothing));
        assert!(!["x", "√", "-a"].into_iter().any(is_nothing));
    }
}
