//! The words, parentheses and lists that a [`Gate`](super::gate::Gate)'s text is made of.

use std::fmt;

use super::gate::GateError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    List(Vec<String>),
    Word(String),
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("("),
            Self::Close => f.write_str(")"),
            Self::List(words) => write!(f, "[{}]", words.join(", ")),
            Self::Word(word) => f.write_str(word),
        }
    }
}

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, GateError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, behind) = match first {
            '(' => (Token::Open, rest.get(1..)),
            ')' => (Token::Close, rest.get(1..)),
            '[' => list(rest)?,
            _ => {
                let end = rest.find(ends_word).unwrap_or(rest.len());
                if end == 0 {
                    return Err(GateError::Unexpected {
                        found: first.to_string(),
                        expected: "a word, a list or a parenthesis",
                    });
                }
                let word = rest.get(..end).unwrap_or_default();
                (Token::Word(word.to_owned()), rest.get(end..))
            }
        };
        tokens.push(token);
        rest = behind.unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

fn ends_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, '(' | ')' | '[' | ']' | ',')
}

fn list(rest: &str) -> Result<(Token, Option<&str>), GateError> {
    let end = rest.find(']').ok_or(GateError::Unfinished("`]`"))?;
    let inside = rest.get(1..end).unwrap_or_default();
    let words: Vec<String> = inside.split(',').map(|word| word.trim().to_owned()).collect();
    if words.iter().any(|word| word.is_empty() || word.contains(['(', ')', '['])) {
        return Err(GateError::Unexpected { found: format!("[{inside}]"), expected: "a list of bare words `[a, b]`" });
    }
    Ok((Token::List(words), rest.get(end + 1..)))
}
