//! HCL with places: bodies of attributes and blocks, from native syntax or from its JSON form.

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{self, BlockLabel, Structure};

mod twice;

use super::{Entry, Node, SyntaxError};
use crate::source::Span;

/// Attributes and blocks, each list in the order of the text.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// `name = value`.
    pub attributes: Vec<Attribute>,
    /// `kind "label" { … }`.
    pub blocks: Vec<Block>,
}

/// A named value.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// The value, not evaluated.
    pub value: Expr,
}

impl Attribute {
    /// Where the value stands.
    pub fn value_span(&self) -> Span {
        match &self.value {
            Expr::Hcl(expression) => span(expression.span()),
            Expr::Json(node) => node.span,
        }
    }
}

/// A value before evaluation.
#[derive(Debug, Clone)]
pub enum Expr {
    /// Native syntax.
    Hcl(Box<Expression>),
    /// JSON syntax: texts in it are templates.
    Json(Node),
}

/// A block with its labels and body.
#[derive(Debug, Clone)]
pub struct Block {
    /// The first word, such as `resource`.
    pub kind: String,
    /// The labels behind it.
    pub labels: Vec<String>,
    /// From the first word to the last label; in JSON the key of the innermost label.
    pub header: Span,
    /// What stands between the braces.
    pub body: Body,
}

impl Body {
    /// The attribute of a name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The blocks of a kind.
    pub fn blocks_of<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}

/// Reads a file of native syntax.
///
/// # Errors
/// [`SyntaxError`] where the text is not HCL or nests deeper than the parser's limits.
pub fn parse(text: &str) -> Result<Body, SyntaxError> {
    twice::parse(text).map(convert)
}

/// Reads a template as it stands between quotes in the JSON form of HCL.
///
/// # Errors
/// [`SyntaxError`] where the text is not a template; its span counts from the template's first byte.
pub fn parse_template(text: &str) -> Result<hcl_edit::template::Template, SyntaxError> {
    hcl_edit::parser::parse_template(text).map_err(|error| syntax_error(&error))
}

fn syntax_error(error: &hcl_edit::parser::Error) -> SyntaxError {
    let at = error.location().offset();
    SyntaxError::new(error.message().to_owned(), Span::new(at, at + 1))
}

fn convert(body: structure::Body) -> Body {
    let mut converted = Body::default();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => converted.attributes.push(Attribute {
                name: attribute.key.to_string(),
                span: span(attribute.key.span()),
                value: Expr::Hcl(Box::new(attribute.value)),
            }),
            Structure::Block(block) => converted.blocks.push(convert_block(block)),
        }
    }
    converted
}

fn convert_block(block: structure::Block) -> Block {
    let start = span(block.ident.span());
    let end = block.labels.last().map_or(start, |label| span(label_span(label)));
    Block {
        kind: block.ident.to_string(),
        labels: block.labels.iter().map(|label| label.as_str().to_owned()).collect(),
        header: Span::new(start.start as usize, end.end as usize),
        body: convert(block.body),
    }
}

fn label_span(label: &BlockLabel) -> Option<std::ops::Range<usize>> {
    match label {
        BlockLabel::Ident(ident) => ident.span(),
        BlockLabel::String(text) => text.span(),
    }
}

fn span(range: Option<std::ops::Range<usize>>) -> Span {
    range.map_or_else(Span::default, |range| Span::new(range.start, range.end))
}

/// How many labels a top-level block of Terraform's language has.
fn labels_of(kind: &str) -> usize {
    match kind {
        "resource" | "data" | "ephemeral" => 2,
        "variable" | "output" | "module" | "provider" | "check" => 1,
        _ => 0,
    }
}

/// Reads the JSON form: the keys of the top level are block kinds, the levels below them labels.
///
/// # Errors
/// [`SyntaxError`] where a level is neither a mapping nor a list of mappings.
pub fn from_json(root: &Node) -> Result<Body, SyntaxError> {
    let entries = root.as_map().ok_or_else(|| {
        SyntaxError::new(format!("the file has to hold a mapping, and this is {}", root.kind()), root.span)
    })?;
    let mut body = Body::default();
    for entry in entries.iter().filter(|entry| !entry.key.starts_with("//")) {
        labelled(&entry.key, &[], entry, &mut body.blocks)?;
    }
    Ok(body)
}

/// Reads the JSON form of a file of values: each key is a variable.
///
/// # Errors
/// [`SyntaxError`] where the text holds no mapping.
pub fn values_from_json(root: &Node) -> Result<Body, SyntaxError> {
    let entries = root.as_map().ok_or_else(|| {
        SyntaxError::new(format!("the file has to hold a mapping, and this is {}", root.kind()), root.span)
    })?;
    Ok(json_body(entries))
}

fn labelled(kind: &str, labels: &[String], entry: &Entry, blocks: &mut Vec<Block>) -> Result<(), SyntaxError> {
    for node in one_or_many(&entry.value) {
        let inner = node.as_map().ok_or_else(|| {
            SyntaxError::new(format!("`{kind}` has to be a mapping, and this is {}", node.kind()), node.span)
        })?;
        if labels.len() == labels_of(kind) {
            let (labels, header) = (labels.to_vec(), entry.key_span);
            blocks.push(Block { kind: kind.to_owned(), labels, header, body: json_body(inner) });
            continue;
        }
        for entry in inner.iter().filter(|entry| !entry.key.starts_with("//")) {
            let labels = [labels, std::slice::from_ref(&entry.key)].concat();
            labelled(kind, &labels, entry, blocks)?;
        }
    }
    Ok(())
}

fn one_or_many(node: &Node) -> &[Node] {
    node.as_list().unwrap_or(std::slice::from_ref(node))
}

/// Inside a block JSON does not tell attributes from nested blocks, so everything stays an attribute.
fn json_body(entries: &[Entry]) -> Body {
    let mut body = Body::default();
    for entry in entries.iter().filter(|entry| !entry.key.starts_with("//")) {
        body.attributes.push(Attribute {
            name: entry.key.clone(),
            span: entry.key_span,
            value: Expr::Json(entry.value.clone()),
        });
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_of_a_block_ends_with_its_last_label() {
        let text = "# c\nresource \"huaweicloud_vpc\" \"é\" {\n  name = \"x\"\n}\n";
        let body = parse(text).unwrap();
        let block = &body.blocks[0];
        assert_eq!(&text[block.header.range()], "resource \"huaweicloud_vpc\" \"é\"");
        assert_eq!(&text[block.body.attribute("name").unwrap().span.range()], "name");
        let Expr::Hcl(value) = &block.body.attributes[0].value else { panic!("native syntax") };
        assert_eq!(&text[span(value.span()).range()], "\"x\"");
    }

    #[test]
    fn the_json_form_has_the_same_blocks() {
        let text = r#"{"resource": {"huaweicloud_vpc": {"a": {"name": "x"}, "b": [{"name": "y"}]}}, "//": "comment"}"#;
        let node = crate::syntax::json::parse(text).unwrap().node;
        let body = from_json(&node).unwrap();
        let labels: Vec<_> = body.blocks.iter().map(|block| block.labels.join(".")).collect();
        assert_eq!(labels, ["huaweicloud_vpc.a", "huaweicloud_vpc.b"]);
        assert_eq!(&text[body.blocks[1].header.range()], "\"b\"");
    }

    #[test]
    fn an_error_has_its_place() {
        assert_eq!(parse("a = \n").unwrap_err().span.start, 4);
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        for text in [
            format!("a = {}", "[".repeat(100_000)),
            format!("a = {}1{}", "(".repeat(100_000), ")".repeat(100_000)),
            format!("a = {}true", "!".repeat(100_000)),
            format!("a = {}1", "1 + ".repeat(100_000)),
            format!("a = {}1", "true ? 1 : ".repeat(100_000)),
            format!("a = {}", "\"${".repeat(100_000)),
            "b {".repeat(100_000),
        ] {
            assert!(parse(&text).is_err(), "{}", &text[..20]);
        }
    }
}
