//! Text that comes from files of others, made fit for a line or a cell.

/// Stands for a character that cannot be shown.
const REPLACEMENT: char = '\u{FFFD}';

/// The text with what cannot be shown replaced: control characters other than line ends and tabs, characters that
/// change the direction of what stands around them, and those that XML does not have.
pub(super) fn printable(text: &str) -> String {
    // Nearly every text is.
    if text.bytes().all(|byte| matches!(byte, b'\n' | b'\t' | b' '..=b'~')) {
        return text.to_owned();
    }
    let shown = |character: char| if is_printable(character) { character } else { REPLACEMENT };
    text.replace("\r\n", "\n").replace('\r', "\n").chars().map(shown).collect()
}

/// The printable text on one line.
pub(super) fn one_line(text: &str) -> String {
    let is_break = |character| matches!(character, '\n' | '\t' | '\u{2028}' | '\u{2029}');
    printable(text).replace(is_break, " ")
}

/// At most `limit` characters of the text; the last one says where more follow.
pub(super) fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.push('…');
    short
}

fn is_printable(character: char) -> bool {
    match character {
        '\n' | '\t' => true,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}' => false,
        character => !character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_shown_is_replaced() {
        assert_eq!(printable("a\0b\u{1b}[31m\r\nc\rd\te\u{202E}f"), "a\u{FFFD}b\u{FFFD}[31m\nc\nd\te\u{FFFD}f");
        assert_eq!(one_line("a\r\nb\u{2028}c"), "a b c");
    }

    #[test]
    fn a_short_text_says_where_more_follows() {
        assert_eq!(shortened("镜像复制", 4), "镜像复制");
        assert_eq!(shortened("镜像复制", 3), "镜像…");
    }
}
