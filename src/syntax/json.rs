//! JSON with places. Comments and trailing commas are read, and reported as what they are.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Entry, MAX_DEPTH, Node, SyntaxError, Value};
use crate::source::Span;

/// A JSON text that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The value.
    pub node: Node,
    /// Where the text leaves strict JSON for the first time (a comment, a trailing comma).
    pub leniency: Option<SyntaxError>,
}

/// Reads one JSON value.
///
/// # Errors
/// [`SyntaxError`] where the text is not JSON even with comments and trailing commas allowed, has no value, or nests
/// deeper than [`MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Document, SyntaxError> {
    match parse_with(text, false) {
        Ok(node) => Ok(Document { node, leniency: None }),
        Err(strict) => match parse_with(text, true) {
            Ok(node) => Ok(Document { node, leniency: Some(strict) }),
            Err(error) => Err(error),
        },
    }
}

fn parse_with(text: &str, lenient: bool) -> Result<Node, SyntaxError> {
    let options = ParseOptions {
        allow_comments: lenient,
        allow_trailing_commas: lenient,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| {
        let range = error.range();
        SyntaxError::new(lower_first(&error.kind().to_string()), Span::new(range.start, range.end))
    })?;
    let value = parsed.value.ok_or_else(|| SyntaxError::new("the file holds no JSON value", Span::default()))?;
    convert(&value, 0)
}

fn convert(value: &ast::Value<'_>, depth: usize) -> Result<Node, SyntaxError> {
    let range = value.range();
    let span = Span::new(range.start, range.end);
    if depth > MAX_DEPTH {
        return Err(SyntaxError::new(format!("nested more than {MAX_DEPTH} levels deep"), span));
    }
    let value = match value {
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::BooleanLit(literal) => Value::Bool(literal.value),
        ast::Value::NumberLit(literal) => Value::Number(literal.value.to_owned()),
        ast::Value::StringLit(literal) => Value::String(literal.value.to_string()),
        ast::Value::Array(array) => {
            Value::List(array.elements.iter().map(|element| convert(element, depth + 1)).collect::<Result<_, _>>()?)
        }
        ast::Value::Object(object) => {
            Value::Map(object.properties.iter().map(|property| entry(property, depth)).collect::<Result<_, _>>()?)
        }
    };
    Ok(Node::new(value, span))
}

fn entry(property: &ast::ObjectProp<'_>, depth: usize) -> Result<Entry, SyntaxError> {
    let range = property.name.range();
    Ok(Entry {
        key: property.name.as_str().to_owned(),
        key_span: Span::new(range.start, range.end),
        value: convert(&property.value, depth + 1)?,
    })
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_place() {
        let document = parse(r#"{ "a": [1, "x"] }"#).unwrap();
        let list = document.node.get("a").unwrap();
        assert_eq!(list.span, Span::new(7, 15));
        assert_eq!(list.as_list().unwrap()[1].as_str(), Some("x"));
        assert_eq!(document.leniency, None);
    }

    #[test]
    fn comments_and_trailing_commas_are_read_and_told() {
        let document = parse("{ // why\n \"a\": 1, }").unwrap();
        assert!(document.node.get("a").is_some());
        assert_eq!(document.leniency.unwrap().span.start, 2);
    }

    #[test]
    fn looser_texts_are_errors_with_a_place() {
        for text in ["{a: 1}", "{'a': 1}", "[1 2]", "", "{\"a\": }", "[+1]"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("{\"a\": 1\n\"b\": 2}").unwrap_err().span.start, 7);
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
            assert!(parse(&text).is_err());
        }
    }
}
