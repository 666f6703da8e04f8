//! JSON with places. What leaves strict JSON and can be read all the same is read, and reported as what it is.

mod departure;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

use super::{Entry, MAX_DEPTH, Node, SyntaxError, Value};
use crate::source::Span;

pub use departure::{Departure, DepartureKind};

/// A JSON text that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The value.
    pub node: Node,
    /// Where the text leaves strict JSON: each way once, at its first place.
    pub departures: Vec<Departure>,
}

/// What a text may have beside strict JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leniency {
    Nothing,
    /// Comments and trailing commas.
    Comments,
    /// Also missing commas, single quotes, bare keys and odd numbers.
    Everything,
}

/// Reads one JSON value, perhaps with comments and trailing commas.
///
/// # Errors
/// [`SyntaxError`] where the text is not JSON even so, has no value, or nests deeper than [`MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Document, SyntaxError> {
    parse_with(text, Leniency::Nothing).or_else(|_| parse_with(text, Leniency::Comments))
}

/// Reads one JSON value, as far as what was meant can be told: with comments, trailing and missing commas, single
/// quotes, keys without quotes.
///
/// # Errors
/// [`SyntaxError`] where the text is not JSON even so, has no value, or nests deeper than [`MAX_DEPTH`].
pub fn parse_loose(text: &str) -> Result<Document, SyntaxError> {
    parse_with(text, Leniency::Nothing).or_else(|_| parse_with(text, Leniency::Everything))
}

fn parse_with(text: &str, leniency: Leniency) -> Result<Document, SyntaxError> {
    let is_lenient = leniency != Leniency::Nothing;
    let is_loose = leniency == Leniency::Everything;
    let options = ParseOptions {
        allow_comments: is_lenient,
        allow_trailing_commas: is_lenient,
        allow_loose_object_property_names: is_loose,
        allow_missing_commas: is_loose,
        allow_single_quoted_strings: is_loose,
        allow_hexadecimal_numbers: is_loose,
        allow_unary_plus_numbers: is_loose,
        allow_bare_decimal_point_numbers: is_loose,
        allow_non_finite_numbers: is_loose,
        allow_extended_string_escapes: false,
    };
    let collect = if is_lenient {
        CollectOptions { comments: CommentCollectionStrategy::AsTokens, tokens: true }
    } else {
        CollectOptions::default()
    };
    let parsed = parse_to_ast(text, &collect, &options).map_err(|error| {
        let range = error.range();
        let message = odd_mark(text, range.start).unwrap_or_else(|| lower_first(&error.kind().to_string()));
        SyntaxError::new(message, Span::new(range.start, range.end))
    })?;
    let value = parsed.value.ok_or_else(|| SyntaxError::new("the file holds no JSON value", Span::default()))?;
    let departures = departure::departures(text, &parsed.tokens.unwrap_or_default());
    Ok(Document { node: convert(&value, 0)?, departures })
}

/// What stands where JSON has something else: a mark that an editor or a chat has put there, a text without quotes.
fn odd_mark(text: &str, at: usize) -> Option<String> {
    let found = text.get(at..)?.chars().next()?;
    let right = match found {
        '“' | '”' | '„' | '‘' | '’' => '"',
        '，' | '、' => ',',
        '：' => ':',
        '｛' => '{',
        '｝' => '}',
        '［' | '【' => '[',
        '］' | '】' => ']',
        letter if letter.is_alphabetic() => return Some(String::from("a text stands without quotes")),
        _ => return None,
    };
    Some(format!("`{found}` stands in the place of `{right}`"))
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
        assert_eq!(document.departures, []);
    }

    #[test]
    fn comments_and_trailing_commas_are_read_and_told() {
        let document = parse("{ // why\n \"a\": 1, }").unwrap();
        assert!(document.node.get("a").is_some());
        let kinds: Vec<_> =
            document.departures.iter().map(|departure| (departure.kind, departure.span.start)).collect();
        assert_eq!(kinds, [(DepartureKind::Comment, 2), (DepartureKind::TrailingComma, 16)]);
    }

    #[test]
    fn each_way_out_of_strict_json_is_told_once_at_its_first_place() {
        use DepartureKind::{BareKey, Comment, MissingComma, Number, SingleQuotes, TrailingComma};
        for (text, expected) in [
            ("{\"a\": 1}", vec![]),
            ("{'a': 'b'}", vec![(SingleQuotes, "'a'", 1)]),
            ("{a: {b: [1]}}", vec![(BareKey, "a", 1)]),
            ("{null: 1}", vec![(BareKey, "null", 0)]),
            ("[1 2 3]", vec![(MissingComma, "", 1)]),
            ("{\"a\": {} \"b\": 2 // c\n}", vec![(MissingComma, "", 0), (Comment, "// c", 0)]),
            ("[[1,], [2,],]", vec![(TrailingComma, ",", 2)]),
            ("[0x10, +1, .5, NaN, -1.5e3, 10]", vec![(Number, "0x10", 3)]),
            ("[1, /* , */ 2]", vec![(Comment, "/* , */", 0)]),
        ] {
            let document = parse_loose(text).unwrap();
            let found = document.departures.iter().map(|found| (found.kind, &text[found.span.range()], found.more));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn marks_that_only_look_right_are_named() {
        let error = parse_loose("{“a”: 1}").unwrap_err();
        assert_eq!((error.message.as_str(), error.span.start), ("`“` stands in the place of `\"`", 1));
        assert_eq!(parse_loose("{a: b}").unwrap_err().message, "a text stands without quotes");
        assert!(parse_loose("{\"a\"：1}").unwrap_err().message.contains("in the place of `:`"));
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
            assert!(parse(&text).is_err() && parse_loose(&text).is_err());
        }
    }
}
