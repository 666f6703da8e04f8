//! Comments in JSON.

use jsonc_parser::Scanner;
use jsonc_parser::ScannerOptions;
use jsonc_parser::tokens::Token;

use super::Comments;
use crate::source::Span;

pub(super) fn comments(text: &str) -> Comments {
    let mut scanner = Scanner::new(text, &ScannerOptions::default());
    let mut found = Comments::default();
    while let Ok(Some(token)) = scanner.scan() {
        if matches!(token, Token::CommentLine(_) | Token::CommentBlock(_)) {
            let end = text.get(..scanner.token_end()).map_or(0, |text| text.trim_end_matches('\r').len());
            found.comments.push(Span::new(scanner.token_start(), end));
        }
    }
    found
}
