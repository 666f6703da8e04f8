//! The condition on a Terraform resource's attributes under which the provider makes a call.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::gate_tokens::{Token, tokens};

/// How deep parentheses may nest.
pub(super) const MAX_DEPTH: usize = 16;

/// When a call is made. `Display` writes what `FromStr` reads.
///
/// The text form is `always`, or tests joined by `and` and `or` (`and` binds closer), grouped by
/// parentheses. A test is an attribute and `set`, `not set`, `true`, `false`, `changed`, `== word`,
/// `!= word`, `in [word, …]`, `same as attribute` or `different from attribute`; a test without an
/// attribute is about the one before it; `any of [a, b] set` and `… changed` name several at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// On every run of the phase.
    Always,
    /// If all of these hold.
    All(Vec<Gate>),
    /// If one of these holds.
    Any(Vec<Gate>),
    /// If one attribute passes a test.
    Test {
        /// The attribute; nested ones are written with dots.
        attribute: String,
        /// What is asked of it.
        test: Test,
    },
}

impl Gate {
    /// The attributes that it asks about, in the order of the text.
    pub fn attributes(&self) -> Vec<&str> {
        match self {
            Self::Always => Vec::new(),
            Self::All(gates) | Self::Any(gates) => gates.iter().flat_map(Self::attributes).collect(),
            Self::Test { attribute, test: Test::SameAs(other) | Test::DifferentFrom(other) } => vec![attribute, other],
            Self::Test { attribute, .. } => vec![attribute],
        }
    }
}

/// What a [`Gate`] asks of one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// It has a value.
    Set,
    /// It has no value.
    NotSet,
    /// It is `true`.
    True,
    /// It is `false`.
    False,
    /// It differs from the state.
    Changed,
    /// It has this value.
    Is(String),
    /// It has another value.
    IsNot(String),
    /// It has one of these values.
    In(Vec<String>),
    /// It equals another attribute.
    SameAs(String),
    /// It differs from another attribute.
    DifferentFrom(String),
}

/// What is wrong with the text of a [`Gate`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GateError {
    /// Parentheses nest deeper than the limit.
    #[error("parentheses nest deeper than {MAX_DEPTH}: write the condition flat, with `and` and `or`")]
    TooDeep,
    /// The text ends where more is needed.
    #[error("the condition ends where {0} should follow")]
    Unfinished(&'static str),
    /// Something stands where it cannot.
    #[error("unexpected `{found}`: {expected} should stand here")]
    Unexpected {
        /// What stands there.
        found: String,
        /// What could stand there.
        expected: &'static str,
    },
    /// The first test names no attribute.
    #[error("`{0}` is about no attribute: write `<attribute> {0}`")]
    NoAttribute(String),
}

const A_TEST: &str = "a test (set, not set, true, false, changed, == word, != word, in [..], same as, different from)";

impl FromStr for Gate {
    type Err = GateError;

    fn from_str(text: &str) -> Result<Self, GateError> {
        if text.trim() == "always" {
            return Ok(Self::Always);
        }
        let mut parser = Parser { tokens: tokens(text)?, at: 0, attribute: None };
        let gate = parser.any(0)?;
        match parser.next() {
            None => Ok(gate),
            Some(found) => Err(GateError::Unexpected { found: found.to_string(), expected: "`and`, `or` or the end" }),
        }
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    /// The attribute that a test without one is about.
    attribute: Option<String>,
}

impl Parser {
    fn peek_word(&self) -> Option<&str> {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += usize::from(token.is_some());
        token
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.peek_word() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self, depth: usize) -> Result<Gate, GateError> {
        let mut parts = vec![self.all(depth)?];
        while self.eat("or") {
            parts.push(self.all(depth)?);
        }
        Ok(one_or(parts, Gate::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Gate, GateError> {
        let mut parts = vec![self.term(depth)?];
        while self.eat("and") {
            parts.push(self.term(depth)?);
        }
        Ok(one_or(parts, Gate::All))
    }

    fn term(&mut self, depth: usize) -> Result<Gate, GateError> {
        if self.tokens.get(self.at) == Some(&Token::Open) {
            if depth >= MAX_DEPTH {
                return Err(GateError::TooDeep);
            }
            self.at += 1;
            let inner = self.any(depth + 1)?;
            return match self.next() {
                Some(Token::Close) => Ok(inner),
                Some(found) => Err(GateError::Unexpected { found: found.to_string(), expected: "`)`, `and` or `or`" }),
                None => Err(GateError::Unfinished("`)`")),
            };
        }
        let word = self.word("an attribute or a test")?;
        if word == "any" && self.peek_word() == Some("of") {
            return self.several();
        }
        if starts_test(&word) {
            let Some(attribute) = self.attribute.clone() else {
                return Err(GateError::NoAttribute(word));
            };
            let test = self.test(&word)?;
            return Ok(Gate::Test { attribute, test });
        }
        self.attribute = Some(word.clone());
        let first = self.word(A_TEST)?;
        let test = self.test(&first)?;
        Ok(Gate::Test { attribute: word, test })
    }

    fn several(&mut self) -> Result<Gate, GateError> {
        self.expect("of")?;
        let attributes = self.list()?;
        let word = self.word("`set` or `changed`")?;
        let test = match word.as_str() {
            "set" => Test::Set,
            "changed" => Test::Changed,
            _ => {
                return Err(GateError::Unexpected { found: word, expected: "`set` or `changed`" });
            }
        };
        self.attribute = None;
        let tests = attributes.into_iter().map(|attribute| Gate::Test { attribute, test: test.clone() }).collect();
        Ok(one_or(tests, Gate::Any))
    }

    fn test(&mut self, first: &str) -> Result<Test, GateError> {
        Ok(match first {
            "set" => Test::Set,
            "true" => Test::True,
            "false" => Test::False,
            "changed" => Test::Changed,
            "not" => {
                self.expect("set")?;
                Test::NotSet
            }
            "==" => Test::Is(self.word("a value")?),
            "!=" => Test::IsNot(self.word("a value")?),
            "in" => Test::In(self.list()?),
            "same" => {
                self.expect("as")?;
                Test::SameAs(self.word("an attribute")?)
            }
            "different" => {
                self.expect("from")?;
                Test::DifferentFrom(self.word("an attribute")?)
            }
            _ => {
                return Err(GateError::Unexpected { found: first.to_owned(), expected: A_TEST });
            }
        })
    }

    fn word(&mut self, expected: &'static str) -> Result<String, GateError> {
        match self.next() {
            Some(Token::Word(word)) => Ok(word),
            Some(found) => Err(GateError::Unexpected { found: found.to_string(), expected }),
            None => Err(GateError::Unfinished(expected)),
        }
    }

    fn list(&mut self) -> Result<Vec<String>, GateError> {
        match self.next() {
            Some(Token::List(words)) => Ok(words),
            Some(found) => Err(GateError::Unexpected { found: found.to_string(), expected: "a list `[a, b]`" }),
            None => Err(GateError::Unfinished("a list `[a, b]`")),
        }
    }

    fn expect(&mut self, word: &'static str) -> Result<(), GateError> {
        let found = self.word(word)?;
        if found == word {
            return Ok(());
        }
        Err(GateError::Unexpected { found, expected: word })
    }
}

fn starts_test(word: &str) -> bool {
    matches!(word, "set" | "not" | "true" | "false" | "changed" | "==" | "!=" | "in" | "same" | "different")
}

fn one_or(mut parts: Vec<Gate>, many: fn(Vec<Gate>) -> Gate) -> Gate {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            parts.push(last);
            many(parts)
        }
        (_, None) => many(parts),
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("always"),
            Self::All(parts) => join(f, parts, " and "),
            Self::Any(parts) => match same_test(parts) {
                Some(test) => {
                    let names: Vec<&str> = parts.iter().filter_map(attribute_of).collect();
                    write!(f, "any of [{}] {test}", names.join(", "))
                }
                None => join(f, parts, " or "),
            },
            Self::Test { attribute, test } => write!(f, "{attribute} {test}"),
        }
    }
}

fn join(f: &mut fmt::Formatter<'_>, parts: &[Gate], with: &str) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(with)?;
        }
        match part {
            Gate::All(_) | Gate::Any(_) => write!(f, "({part})")?,
            Gate::Always | Gate::Test { .. } => write!(f, "{part}")?,
        }
    }
    Ok(())
}

fn attribute_of(gate: &Gate) -> Option<&str> {
    match gate {
        Gate::Test { attribute, .. } => Some(attribute),
        _ => None,
    }
}

/// The test, if all parts are tests of the same kind that can be written as `any of [..]`.
fn same_test(parts: &[Gate]) -> Option<&Test> {
    let mut tests = parts.iter().map(|part| match part {
        Gate::Test { test, .. } => Some(test),
        _ => None,
    });
    let first = tests.next()??;
    let listable = matches!(first, Test::Set | Test::Changed) && parts.len() > 1;
    (listable && tests.all(|test| test == Some(first))).then_some(first)
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set => f.write_str("set"),
            Self::NotSet => f.write_str("not set"),
            Self::True => f.write_str("true"),
            Self::False => f.write_str("false"),
            Self::Changed => f.write_str("changed"),
            Self::Is(value) => write!(f, "== {value}"),
            Self::IsNot(value) => write!(f, "!= {value}"),
            Self::In(values) => write!(f, "in [{}]", values.join(", ")),
            Self::SameAs(other) => write!(f, "same as {other}"),
            Self::DifferentFrom(other) => write!(f, "different from {other}"),
        }
    }
}
