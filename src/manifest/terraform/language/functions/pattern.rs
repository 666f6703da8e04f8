//! Regular expressions as Terraform writes them (RE2), in the syntax of the crate that matches them.

use std::iter::Peekable;
use std::str::Chars;

/// The pattern in the other syntax; what is wrong where it has what RE2 does not.
///
/// They differ in what `\d`, `\s`, `\w` and `\b` mean (only ASCII), in what has to be escaped within brackets, in `\Q…\E`
/// and in flags.
pub(super) fn translated(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(&mut chars, &mut out, false)?,
            '[' => brackets(&mut chars, &mut out)?,
            '(' if chars.peek() == Some(&'?') => {
                out.push('(');
                group(chars.clone())?;
            }
            '{' if !is_repetition(chars.clone()) => out.push_str("\\{"),
            c => out.push(c),
        }
    }
    Ok(out)
}

/// What stands behind a `{` is `2}`, `2,}` or `2,3}`; otherwise it is a brace.
fn is_repetition(mut chars: Peekable<Chars<'_>>) -> bool {
    let mut digits = 0;
    while chars.next_if(char::is_ascii_digit).is_some() {
        digits += 1;
    }
    if chars.next_if_eq(&',').is_some() {
        while chars.next_if(char::is_ascii_digit).is_some() {}
    }
    digits > 0 && chars.next() == Some('}')
}

fn escape(chars: &mut Peekable<Chars<'_>>, out: &mut String, is_within: bool) -> Result<(), String> {
    let Some(c) = chars.next() else { return Err(String::from("the pattern ends with a backslash")) };
    match c {
        'd' => out.push_str("[0-9]"),
        'D' => out.push_str("[^0-9]"),
        's' => out.push_str(r"[\t\n\f\r ]"),
        'S' => out.push_str(r"[^\t\n\f\r ]"),
        'w' => out.push_str("[0-9A-Za-z_]"),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        'b' if !is_within => out.push_str(r"(?-u:\b)"),
        'B' if !is_within => out.push_str(r"(?-u:\B)"),
        'Q' => quoted(chars, out),
        'p' | 'P' | 'x' => {
            out.extend(['\\', c]);
            if chars.peek() == Some(&'{') {
                until(chars, '}', out);
            }
        }
        'a' | 'f' | 't' | 'n' | 'r' | 'v' => out.extend(['\\', c]),
        'A' | 'z' if !is_within => out.extend(['\\', c]),
        c if c.is_ascii_punctuation() => literal(c, out),
        c => return Err(format!("a regular expression has no `\\{c}`")),
    }
    Ok(())
}

/// Takes all up to a character, and that.
fn until(chars: &mut Peekable<Chars<'_>>, end: char, out: &mut String) {
    for c in chars.by_ref() {
        out.push(c);
        if c == end {
            return;
        }
    }
}

/// `\Q…\E`: all characters stand for themselves.
fn quoted(chars: &mut Peekable<Chars<'_>>, out: &mut String) {
    while let Some(c) = chars.next() {
        if c == '\\' && chars.next_if_eq(&'E').is_some() {
            return;
        }
        literal(c, out);
    }
}

fn literal(c: char, out: &mut String) {
    // `\<` and `\>` mean something else in the other syntax.
    if c.is_ascii_punctuation() && !"<>".contains(c) {
        out.push('\\');
    }
    out.push(c);
}

/// A class, the `[` of which is read.
fn brackets(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Result<(), String> {
    out.push('[');
    if chars.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    if chars.next_if_eq(&']').is_some() {
        out.push_str("\\]");
    }
    while let Some(c) = chars.next() {
        match c {
            ']' => {
                out.push(']');
                return Ok(());
            }
            '\\' => escape(chars, out, true)?,
            // A class such as `[:alpha:]`.
            '[' if chars.peek() == Some(&':') => {
                out.push('[');
                until(chars, ']', out);
            }
            '[' | '&' | '~' => out.extend(['\\', c]),
            // Two of them would subtract.
            '-' if chars.peek() == Some(&'-') => out.push_str("\\-"),
            c => out.push(c),
        }
    }
    Err(String::from("the pattern has a `[` without `]`"))
}

/// Checks what stands behind a `(`: a name, or flags that RE2 knows.
fn group(mut chars: Peekable<Chars<'_>>) -> Result<(), String> {
    chars.next();
    match chars.next() {
        Some('P') if chars.peek() == Some(&'<') => Ok(()),
        Some('<') if !matches!(chars.peek(), Some('=' | '!')) => Ok(()),
        Some(first) if ":-imsU".contains(first) => {
            let mut flags = std::iter::once(first).chain(chars);
            match flags.find(|c| !"-imsU".contains(*c)) {
                Some(':' | ')') => Ok(()),
                _ => Err(String::from("the pattern has a flag that there is not")),
            }
        }
        _ => Err(String::from("the pattern has a kind of group that there is not")),
    }
}

#[cfg(test)]
mod tests {
    use super::translated;

    #[test]
    fn patterns_mean_the_same_in_the_other_syntax() {
        for (pattern, expected) in [
            ("a.b", Ok("a.b")),
            (r"\d+[\d.]", Ok("[0-9]+[[0-9].]")),
            ("[[a]", Ok(r"[\[a]")),
            ("[]a]", Ok(r"[\]a]")),
            ("[^]&&a]", Ok(r"[^\]\&\&a]")),
            ("[[:alpha:]_-]", Ok("[[:alpha:]_-]")),
            (r"\Qa.b\Ec", Ok(r"a\.bc")),
            (r"\p{Greek}\x{41}\pL", Ok(r"\p{Greek}\x{41}\pL")),
            (r"\<\/", Ok(r"<\/")),
            ("(?i)a(?P<n>b)(?:c)(?<m>d)", Ok("(?i)a(?P<n>b)(?:c)(?<m>d)")),
            ("{a}b{2,}{,3}", Ok(r"\{a}b{2,}\{,3}")),
            (r"\1", Err("a regular expression has no `\\1`")),
            ("(?=a)", Err("the pattern has a kind of group that there is not")),
            ("(?x)a", Err("the pattern has a kind of group that there is not")),
            ("[a", Err("the pattern has a `[` without `]`")),
        ] {
            assert_eq!(translated(pattern).as_deref().map_err(String::as_str), expected, "{pattern}");
        }
    }
}
