//! Keys that stand twice in an object: Terraform takes the last, but for types, and the parser refuses them.
//!
//! Each such key is given another name of the same length, so that all places stay what they are, and its own name again
//! once the text is read.

use std::borrow::Cow;

use hcl_edit::expr::{Expression, Object, ObjectKey};
use hcl_edit::parser::parse_body;
use hcl_edit::structure::Body;
use hcl_edit::visit_mut::{VisitMut, visit_object_mut};
use hcl_edit::{Ident, Span as _};

use crate::source::Span;
use crate::syntax::SyntaxError;

/// How many of them a file may hold: each costs one more reading of the whole text.
const MOST: u8 = 16;
/// How the parser's message on such a key ends.
const REFUSED: &str = "found redefined object key";

/// What is told where a key has no other name.
const NOT_READ: &str =
    "the object has this key already: Terraform takes the last of them, which this program cannot do here";
/// What is told where a type has a key twice.
const IN_TYPE: &str = "the object type has this attribute already";

/// Parses a text, whatever keys stand twice in its objects.
pub(super) fn parse(text: &str) -> Result<Body, SyntaxError> {
    let mut text = Cow::Borrowed(text);
    let mut renamed: Vec<Renamed> = Vec::new();
    loop {
        let error = match parse_body(&text) {
            Ok(body) => return restored(body, &renamed),
            Err(error) if error.message().ends_with(REFUSED) => error,
            Err(error) => return Err(super::syntax_error(&error)),
        };
        let at = error.location().offset();
        let number = u8::try_from(renamed.len()).ok().filter(|number| *number < MOST);
        let Some(key) = number.and_then(|number| Renamed::at(at, &text, number)) else {
            return Err(SyntaxError::new(NOT_READ.to_owned(), Span::new(at, at + 1)));
        };
        text.to_mut().replace_range(at..at + key.instead.len(), &key.instead);
        renamed.push(key);
    }
}

/// The body with the own names of its keys; an error where one of them stands in the type of a variable.
fn restored(mut body: Body, renamed: &[Renamed]) -> Result<Body, SyntaxError> {
    if renamed.is_empty() {
        return Ok(body);
    }
    for variable in body.get_blocks("variable") {
        let kind = variable.body.get_attribute("type").and_then(|kind| kind.value.span()).unwrap_or_default();
        if let Some(key) = renamed.iter().find(|key| kind.contains(&key.at)) {
            return Err(SyntaxError::new(IN_TYPE.to_owned(), Span::new(key.at, key.at + 1)));
        }
    }
    Restore { renamed }.visit_body_mut(&mut body);
    Ok(body)
}

/// A key that goes by another name while the text is parsed.
struct Renamed {
    at: usize,
    /// What stands in the text instead.
    instead: String,
    own: Key,
}

enum Key {
    Name(Ident),
    Text(String),
}

impl Renamed {
    /// The key at a place; none where it is more than a name or a plain text, or too short for another name.
    fn at(at: usize, text: &str, number: u8) -> Option<Self> {
        let rest = text.get(at..)?;
        let quoted = rest.strip_prefix('"').and_then(|inner| inner.split_once('"'));
        let key = match quoted {
            Some((inner, _)) if inner.is_empty() || inner.contains(['\\', '$', '%', '\n']) => return None,
            Some((inner, after)) if is_assigned(after) => {
                let sign = char::from(0x0e + number);
                let instead = format!("\"{sign}{}\"", "_".repeat(inner.len() - 1));
                Self { at, instead, own: Key::Text(inner.to_owned()) }
            }
            Some(_) => return None,
            None => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))?;
                let (name, after) = rest.split_at_checked(end)?;
                // The sign takes two bytes.
                let length = if name.len() == 1 && after.starts_with(' ') { 2 } else { name.len() };
                let sign = char::from_u32('Ա' as u32 + u32::from(number))?;
                let instead = format!("{sign}{}", "_".repeat(length.checked_sub(2)?));
                let own = Ident::try_new(name).ok().filter(|_| is_assigned(after))?;
                Self { at, instead, own: Key::Name(own) }
            }
        };
        (!text.contains(&key.instead)).then_some(key)
    }

    /// Gives a key its own name again.
    fn restore(&self, key: &mut ObjectKey) -> bool {
        match (key, &self.own) {
            (ObjectKey::Ident(name), Key::Name(own)) if name.as_str() == self.instead => {
                *name.value_mut() = own.clone();
            }
            (ObjectKey::Expression(Expression::String(text)), Key::Text(own))
                if text.value() == self.instead.trim_matches('"') =>
            {
                own.clone_into(text.value_mut());
            }
            _ => return false,
        }
        true
    }
}

/// What follows a key is the sign before its value.
fn is_assigned(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\t']);
    after.starts_with(['=', ':']) && !after.starts_with("==") && !after.starts_with("::")
}

struct Restore<'r> {
    renamed: &'r [Renamed],
}

impl VisitMut for Restore<'_> {
    fn visit_object_mut(&mut self, object: &mut Object) {
        visit_object_mut(self, object);
        let mut entries: Vec<_> = object.clone().into_iter().collect();
        let restored = entries.iter_mut().filter_map(|(key, _)| {
            let restored = self.renamed.iter().any(|renamed| renamed.restore(key));
            restored.then_some(())
        });
        if restored.count() == 0 {
            return;
        }
        object.clear();
        for (key, value) in entries {
            object.remove(&key);
            object.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of the object that the only attribute holds, each with its value as it stands in the text.
    fn entries(text: &str) -> Vec<(String, String)> {
        let body = parse(text).unwrap();
        let object = body.attributes().next().and_then(|attribute| attribute.value.as_object()).unwrap();
        let entry = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
            let name = match key {
                ObjectKey::Ident(name) => name.to_string(),
                ObjectKey::Expression(expression) => expression.as_str().unwrap().to_owned(),
            };
            (name, text[value.expr().span().unwrap()].to_owned())
        };
        object.iter().map(entry).collect()
    }

    #[test]
    fn the_last_of_two_keys_is_taken() {
        for (text, expected) in [
            ("a = { name = 1, é = 3, name = 2 }", [("é", "3"), ("name", "2")]),
            ("a = {\n  k = 1\n  b = 3\n  k = 2\n}", [("b", "3"), ("k", "2")]),
            ("a = { \"a key\": 1, b: 3, \"a key\": 2 }", [("b", "3"), ("a key", "2")]),
            ("a = { name = 0, name = 1, b = 3, name = 2 }", [("b", "3"), ("name", "2")]),
        ] {
            let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
            assert_eq!(entries(text), expected, "{text}");
        }
    }

    #[test]
    fn a_type_has_each_attribute_once() {
        let text = "variable \"v\" {\n  type = list(object({ size = number, size = string }))\n}\n";
        let error = parse(text).unwrap_err();
        assert_eq!((error.message.as_str(), error.span.start), (IN_TYPE, 53));
        let values = "variable \"v\" {\n  type = any\n  default = { size = 1, size = 2 }\n}\n";
        assert!(parse(values).is_ok());
    }

    #[test]
    fn what_has_no_other_name_of_its_length_is_refused() {
        for text in ["a = { b=1, b=2 }", "a = { 10 = 1, 10 = 2 }", "a = { \"${b}\" = 1, \"${b}\" = 2 }"] {
            assert_eq!(parse(text).unwrap_err().message, NOT_READ, "{text}");
        }
    }

    #[test]
    fn a_file_is_read_a_bounded_number_of_times() {
        let text = |keys: usize| format!("a = {{\n{}}}", "name = 1\n".repeat(keys));
        assert!(parse(&text(usize::from(MOST) + 1)).is_ok());
        assert_eq!(parse(&text(usize::from(MOST) + 2)).unwrap_err().message, NOT_READ);
    }
}
