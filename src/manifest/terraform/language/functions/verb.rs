//! The verbs of `format`, such as `%-5.2f`.

use std::iter::Peekable;
use std::str::Chars;

use unicode_segmentation::UnicodeSegmentation;

use super::super::value::Unknown;
use super::call::Call;

/// How many digits a verb may ask for.
const MAX_PRECISION: usize = 1000;

/// A piece of a format.
pub(super) enum Piece {
    Literal(String),
    Verb(Verb),
}

impl Piece {
    /// The number of the argument that it shows, from 1.
    pub(super) fn argument(&self) -> Option<usize> {
        match self {
            Self::Literal(_) => None,
            Self::Verb(verb) => Some(verb.argument),
        }
    }
}

/// A verb with how its value is shown.
#[derive(Default)]
pub(super) struct Verb {
    /// The number of the argument, from 1.
    pub(super) argument: usize,
    pub(super) letter: char,
    flags: String,
    width: usize,
    precision: Option<usize>,
}

/// The pieces of a format; what is wrong where it cannot be read.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars().peekable();
    let mut last = 0;
    while let Some(c) = chars.next() {
        if c != '%' {
            literal.push(c);
        } else if chars.next_if_eq(&'%').is_some() {
            literal.push('%');
        } else {
            let verb = verb(&mut chars, last)?;
            last = verb.argument;
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(Piece::Verb(verb));
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

/// Reads what stands behind the `%`; `last` is the argument of the verb before.
fn verb(chars: &mut Peekable<Chars<'_>>, last: usize) -> Result<Verb, String> {
    let mut verb = Verb { argument: last + 1, ..Verb::default() };
    while let Some(flag) = chars.next_if(|c| "+-# 0".contains(*c)) {
        verb.flags.push(flag);
    }
    verb.width = number(chars).unwrap_or(0);
    if chars.next_if_eq(&'.').is_some() {
        verb.precision = Some(number(chars).unwrap_or(0));
    }
    if chars.next_if_eq(&'[').is_some() {
        verb.argument = number(chars).filter(|number| *number > 0).ok_or("`%[` needs the number of a value")?;
        chars.next_if_eq(&']').ok_or("`%[` has no `]`")?;
    }
    match chars.next() {
        Some(letter) if "vtbdoxXeEfgGsq".contains(letter) => Ok(Verb { letter, ..verb }),
        Some(letter) => Err(format!("there is no verb `%{letter}`")),
        None => Err(String::from("the `%` at the end has no verb")),
    }
}

fn number(chars: &mut Peekable<Chars<'_>>) -> Option<usize> {
    let mut number = None;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        chars.next();
        number = Some(number.unwrap_or(0usize).saturating_mul(10).saturating_add(digit as usize));
    }
    number
}

impl Verb {
    /// It has one of the flags `+`, `-`, `#`, `0` and space.
    pub(super) fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    /// It shows a text as it is.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.letter, 's' | 'v') && !self.has('#') && self.width == 0 && self.precision.is_none()
    }

    /// Checks that what it asks for is small enough.
    pub(super) fn check(&self, call: &Call<'_>) -> Result<(), Unknown> {
        call.length(self.width)?;
        let is_number = !matches!(self.letter, 's' | 'q' | 't');
        match self.precision {
            Some(precision) if is_number && precision > MAX_PRECISION => {
                Err(call.unknown(format!("`%{}` asks for more than {MAX_PRECISION} digits", self.letter)))
            }
            _ => Ok(()),
        }
    }

    /// A text, cut to the precision.
    pub(super) fn text(&self, text: &str) -> String {
        match self.precision {
            Some(precision) => self.padded(text.graphemes(true).take(precision).collect()),
            None => self.padded(text.to_owned()),
        }
    }

    /// Filled up to the width.
    pub(super) fn padded(&self, text: String) -> String {
        let missing = self.width.saturating_sub(if self.width == 0 { 0 } else { text.graphemes(true).count() });
        match (missing, self.has('-')) {
            (0, _) => text,
            (_, true) => text + &" ".repeat(missing),
            (_, false) => (if self.has('0') { "0" } else { " " }).repeat(missing) + &text,
        }
    }

    /// A number of which the sign comes before the zeros that fill it up.
    fn signed(&self, is_negative: bool, digits: &str, takes_zeros: bool) -> String {
        let sign = match (is_negative, self.has('+'), self.has(' ')) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (.., true) => " ",
            _ => "",
        };
        let missing = self.width.saturating_sub(sign.len() + digits.len());
        match (self.has('-'), self.has('0') && takes_zeros) {
            (true, _) => format!("{sign}{digits}{}", " ".repeat(missing)),
            (_, true) => format!("{sign}{}{digits}", "0".repeat(missing)),
            _ => format!("{}{sign}{digits}", " ".repeat(missing)),
        }
    }

    /// A whole number to the verb's base; none where it is too large for one other than 10.
    pub(super) fn integer(&self, number: f64) -> Option<String> {
        let size = number.abs();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is whole, and small enough.
        let whole = (size < 1e38).then_some(size as u128);
        let digits = match self.letter {
            'd' => format!("{size:.0}"),
            'b' => format!("{:b}", whole?),
            'o' => format!("{:o}", whole?),
            'x' => format!("{:x}", whole?),
            _ => format!("{:X}", whole?),
        };
        let prefix = match self.letter {
            'o' if self.has('#') => "0",
            'x' if self.has('#') => "0x",
            'X' if self.has('#') => "0X",
            _ => "",
        };
        let zeros = "0".repeat(self.precision.unwrap_or(0).saturating_sub(digits.len()));
        Some(self.signed(number < 0.0, &format!("{prefix}{zeros}{digits}"), self.precision.is_none()))
    }

    /// A number with a fraction, an exponent, or whichever is shorter.
    pub(super) fn float(&self, number: f64, letter: char) -> String {
        let size = number.abs();
        let digits = match letter {
            'f' => format!("{size:.*}", self.precision.unwrap_or(6)),
            'e' | 'E' => exponent(&format!("{size:.*e}", self.precision.unwrap_or(6))),
            _ => shorter(size, self.precision),
        };
        let digits = if letter.is_ascii_uppercase() { digits.to_uppercase() } else { digits };
        self.signed(number.is_sign_negative(), &digits, true)
    }
}

/// Rust's `1e-7` as Go's `1e-07`.
fn exponent(text: &str) -> String {
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{digits}e{sign}{exponent:0>2}")
}

/// `%g`: an exponent only where it is small or large.
fn shorter(size: f64, precision: Option<usize>) -> String {
    let scientific = match precision {
        None => format!("{size:e}"),
        Some(precision) => format!("{size:.*e}", precision.max(1) - 1),
    };
    let (digits, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    let power: i64 = power.parse().unwrap_or(0);
    let count = i64::try_from(digits.bytes().filter(u8::is_ascii_digit).count()).unwrap_or(i64::MAX);
    let most = match precision {
        None => 6,
        Some(precision) => {
            let precision = i64::try_from(precision.max(1)).unwrap_or(i64::MAX);
            if precision > count && count > power { count } else { precision }
        }
    };
    if power < -4 || power >= most {
        return exponent(&format!("{digits}e{power}"));
    }
    let decimals = usize::try_from(count - 1 - power).unwrap_or(0);
    format!("{size:.decimals$}")
}
