//! Comments in HCL. Its parser keeps them only as white space between the parts of its tree.

use memchr::memmem;

use super::{Comments, line_end};
use crate::source::Span;

pub(super) fn comments(text: &str) -> Comments {
    let mut lexer = Lexer { text, at: 0, open: Vec::new(), found: Comments::default() };
    while let Some(byte) = lexer.byte(0) {
        match lexer.open.last() {
            Some(Open::Quote) => lexer.in_quote(byte),
            _ => lexer.in_code(byte),
        }
    }
    lexer.found
}

/// What is open where the lexer stands; nothing: the code of the file.
enum Open {
    /// A text between quotes.
    Quote,
    /// An interpolation in such a text, with the braces that are open in it.
    Code(usize),
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    open: Vec<Open>,
    found: Comments,
}

impl<'t> Lexer<'t> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn in_quote(&mut self, byte: u8) {
        match (byte, self.byte(1), self.byte(2)) {
            (b'\\', ..) => self.at += 2,
            (b'"', ..) => {
                self.open.pop();
                self.at += 1;
            }
            // `$${` stands for `${` itself.
            (b'$', Some(b'$'), Some(b'{')) | (b'%', Some(b'%'), Some(b'{')) => self.at += 3,
            (b'$' | b'%', Some(b'{'), _) => {
                self.open.push(Open::Code(1));
                self.at += 2;
            }
            _ => self.at += 1,
        }
    }

    fn in_code(&mut self, byte: u8) {
        match (byte, self.byte(1)) {
            (b'#', _) | (b'/', Some(b'/')) => self.comment(line_end(self.text, self.at)),
            (b'/', Some(b'*')) => {
                let rest = self.text.as_bytes().get(self.at + 2..).unwrap_or_default();
                match memmem::find(rest, b"*/") {
                    Some(length) => self.comment(self.at + 2 + length + 2),
                    // What is not closed is no comment, and the file cannot be read.
                    None => self.at = self.text.len(),
                }
            }
            (b'"', _) => {
                self.open.push(Open::Quote);
                self.at += 1;
            }
            (b'<', Some(b'<')) => self.heredoc(),
            (b'{', _) => self.brace(1),
            (b'}', _) => self.brace(-1),
            _ => self.at += 1,
        }
    }

    fn comment(&mut self, end: usize) {
        self.found.comments.push(Span::new(self.at, end));
        self.at = end;
    }

    fn brace(&mut self, by: isize) {
        self.at += 1;
        if let Some(Open::Code(depth)) = self.open.last_mut() {
            *depth = depth.saturating_add_signed(by);
            if *depth == 0 {
                self.open.pop();
            }
        }
    }

    /// A text that goes on until a line that holds its mark alone.
    fn heredoc(&mut self) {
        let start = self.at;
        self.at += 2;
        let first_end = line_end(self.text, self.at);
        let first: &'t str = self.text.get(self.at..first_end).unwrap_or_default();
        let mark = first.strip_prefix('-').unwrap_or(first);
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        if mark.is_empty() || !mark.chars().all(is_name) {
            return;
        }
        let mut line = first_end;
        while let Some(newline) = memchr::memchr(b'\n', self.text.as_bytes().get(line..).unwrap_or_default()) {
            let next = line + newline + 1;
            line = line_end(self.text, next);
            if self.text.get(next..line).is_some_and(|line| line.trim() == mark) {
                break;
            }
        }
        self.found.texts.push(Span::new(start, line));
        self.at = line;
    }
}
