//! Evaluating expressions as far as the files of a module settle them.

use std::cell::Cell;
use std::sync::Arc;

use hcl_edit::expr::{BinaryOperator, Expression, ObjectKey, Traversal, TraversalOperator, UnaryOperator};
use hcl_edit::template::{Element, Template};

use super::module::{Module, Variable};
use crate::source::Span;
use crate::syntax::hcl::{Expr, parse_template};
use crate::syntax::{Entry, Node, Unknown, Value};

/// How many expressions all values of one block may be made of: locals can double at every step.
const MAX_STEPS: usize = 10_000;

/// How many bytes of text they may be made of, for the same reason.
const MAX_BYTES: usize = 1024 * 1024;

/// Functions that leave what is asked of a value here as it is: whether it is empty, and its text.
const CONVERSIONS: [&str; 6] = ["tobool", "tolist", "tomap", "tonumber", "toset", "tostring"];

/// How deep one value may refer to another.
const MAX_REFERENCES: usize = 32;

/// Evaluates the expressions of one module.
pub(super) struct Evaluator<'m, 'b> {
    module: &'m Module<'b>,
    steps: Cell<usize>,
    bytes: Cell<usize>,
    references: Cell<usize>,
}

impl<'m, 'b> Evaluator<'m, 'b> {
    pub(super) fn new(module: &'m Module<'b>) -> Self {
        Self { module, steps: Cell::new(0), bytes: Cell::new(0), references: Cell::new(0) }
    }

    /// The value of an expression; `Unknown` with the reason where the files do not settle it.
    pub(super) fn value(&self, expr: &Expr) -> Value {
        match expr {
            Expr::Hcl(expression) => self.expression(expression),
            Expr::Json(node) => self.json(node),
        }
    }

    fn expression(&self, expression: &Expression) -> Value {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAX_STEPS {
            return unknown(format!("it is made of more than {MAX_STEPS} expressions"));
        }
        match expression {
            Expression::Null(_) => Value::Null,
            Expression::Bool(truth) => Value::Bool(*truth.value()),
            Expression::Number(number) => Value::Number(number.value().to_string()),
            Expression::String(text) => self.text(text.value()),
            Expression::Array(items) => Value::List(items.iter().map(|item| node(self.expression(item))).collect()),
            Expression::Object(object) => {
                let entries = object.iter().map(|(key, value)| self.entry(key, value.expr()));
                entries.collect::<Result<_, _>>().map_or_else(Value::Unknown, Value::Map)
            }
            Expression::StringTemplate(template) => self.template(template),
            Expression::HeredocTemplate(heredoc) => self.template(&heredoc.template),
            Expression::Parenthesis(inner) => self.expression(inner.inner()),
            Expression::Traversal(traversal) => self.traversal(traversal),
            Expression::Conditional(conditional) => match truth(&self.expression(&conditional.cond_expr)) {
                Ok(true) => self.expression(&conditional.true_expr),
                Ok(false) => self.expression(&conditional.false_expr),
                Err(why) => Value::Unknown(why),
            },
            Expression::UnaryOp(operation) if *operation.operator.value() == UnaryOperator::Not => {
                truth(&self.expression(&operation.expr)).map_or_else(Value::Unknown, |truth| Value::Bool(!truth))
            }
            Expression::BinaryOp(operation) => {
                let (left, right) = (self.expression(&operation.lhs_expr), self.expression(&operation.rhs_expr));
                binary(*operation.operator.value(), &left, &right)
            }
            Expression::FuncCall(call) if CONVERSIONS.contains(&call.name.name.as_str()) && call.args.len() == 1 => {
                call.args.iter().next().map_or_else(|| unknown("it is computed"), |argument| self.expression(argument))
            }
            Expression::FuncCall(call) => {
                unknown(format!("it is the result of the function `{}`", call.name.name.as_str()))
            }
            Expression::Variable(name) => unknown(format!("`{}` is known only to a run", name.as_str())),
            Expression::UnaryOp(_) | Expression::ForExpr(_) => unknown("it is computed"),
        }
    }

    /// A text, as long as the budget of bytes lasts.
    fn text(&self, text: &str) -> Value {
        self.bytes.set(self.bytes.get() + text.len());
        if self.bytes.get() > MAX_BYTES {
            return unknown(format!("it is made of more than {MAX_BYTES} bytes of text"));
        }
        Value::String(text.to_owned())
    }

    fn entry(&self, key: &ObjectKey, value: &Expression) -> Result<Entry, Unknown> {
        let key = match key {
            ObjectKey::Ident(name) | ObjectKey::Expression(Expression::Variable(name)) => name.to_string(),
            ObjectKey::Expression(expression) => match self.expression(expression) {
                Value::Unknown(why) => return Err(why),
                value => node(value).scalar().unwrap_or_default(),
            },
        };
        Ok(Entry { key, key_span: Span::default(), value: node(self.expression(value)) })
    }

    fn json(&self, json: &Node) -> Value {
        match &json.value {
            Value::String(text) if text.contains("${") || text.contains("%{") => match parse_template(text) {
                Ok(template) => self.template(&template),
                Err(error) => unknown(format!("its template cannot be read: {}", error.message)),
            },
            Value::List(items) => Value::List(items.iter().map(|item| node(self.json(item))).collect()),
            Value::Map(entries) => Value::Map(
                entries.iter().map(|entry| Entry { value: node(self.json(&entry.value)), ..entry.clone() }).collect(),
            ),
            Value::String(text) => self.text(text),
            other => other.clone(),
        }
    }

    /// A template of known parts is a text; of which only a part is known, it may be known not to be empty. A template
    /// that is nothing but one interpolation is that value.
    fn template(&self, template: &Template) -> Value {
        let elements: Vec<&Element> = template.iter().collect();
        if let [Element::Interpolation(interpolation)] = elements.as_slice() {
            return self.expression(&interpolation.expr);
        }
        let (mut text, mut open) = (String::new(), None);
        for element in elements {
            match element {
                Element::Literal(literal) => match self.text(literal.value()) {
                    Value::Unknown(why) => open = Some(why),
                    _ => text.push_str(literal.value()),
                },
                Element::Interpolation(interpolation) => match self.expression(&interpolation.expr) {
                    Value::Unknown(why) => open = Some(why),
                    value => {
                        let part = node(value).scalar().unwrap_or_default();
                        match self.text(&part) {
                            Value::Unknown(why) => open = Some(why),
                            _ => text.push_str(&part),
                        }
                    }
                },
                Element::Directive(_) => open = Some(Unknown { reason: Arc::from("it is computed"), is_set: false }),
            }
        }
        match open {
            Some(why) => Value::Unknown(Unknown { is_set: why.is_set || !text.is_empty(), ..why }),
            None => Value::String(text),
        }
    }

    fn traversal(&self, traversal: &Traversal) -> Value {
        let Expression::Variable(root) = &traversal.expr else { return unknown("it is computed") };
        let path: Option<Vec<&str>> = traversal.operators.iter().map(|operator| attribute(operator.value())).collect();
        let path = path.unwrap_or_default();
        match (root.as_str(), path.split_first()) {
            ("var", Some((name, rest))) => match self.module.variable(name) {
                Variable::Is(value) => descend(self.referred(value), rest),
                Variable::SetBy(path) => unknown(format!("`var.{name}` may be set by {path}")),
                Variable::NoDefault => unknown(format!("`var.{name}` has no default")),
                Variable::Undeclared => unknown(format!("`var.{name}` is not declared")),
            },
            ("local", Some((name, rest))) => match self.module.local(name) {
                Some(local) => descend(self.referred(local), rest),
                None => unknown(format!("`local.{name}` is not declared")),
            },
            (root, _) => {
                let is_set = is_id_of_resource(root, &path);
                Value::Unknown(Unknown { reason: Arc::from(format!("`{root}.…` is known only to a run")), is_set })
            }
        }
    }

    fn referred(&self, expr: &Expr) -> Value {
        if self.references.get() >= MAX_REFERENCES {
            return unknown("it refers to itself, or through too many others");
        }
        self.references.set(self.references.get() + 1);
        let value = self.value(expr);
        self.references.set(self.references.get() - 1);
        value
    }
}

/// Every resource and data source has an id once it exists.
fn is_id_of_resource(root: &str, path: &[&str]) -> bool {
    match path {
        [_name, "id"] => root.contains('_'),
        [_type, _name, "id"] => root == "data",
        _ => false,
    }
}

fn attribute(operator: &TraversalOperator) -> Option<&str> {
    match operator {
        TraversalOperator::GetAttr(name) => Some(name.as_str()),
        TraversalOperator::Index(index) => index.as_str(),
        _ => None,
    }
}

/// The value below a known one; what a known mapping does not hold is an error of the module, and so not known.
fn descend(value: Value, path: &[&str]) -> Value {
    let Some((name, rest)) = path.split_first() else { return value };
    match value {
        Value::Unknown(why) => Value::Unknown(why),
        value => match node(value).get(name) {
            Some(inner) => descend(inner.value.clone(), rest),
            None => unknown(format!("`{name}` is not among its keys")),
        },
    }
}

fn truth(value: &Value) -> Result<bool, Unknown> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        Value::Unknown(why) => Err(why.clone()),
        _ => Err(reason("it is no truth value")),
    }
}

fn binary(operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    let result = match operator {
        BinaryOperator::Eq => equal(left, right),
        BinaryOperator::NotEq => equal(left, right).map(|equal| !equal),
        BinaryOperator::And => both(truth(left), truth(right), false),
        BinaryOperator::Or => both(truth(left), truth(right), true),
        _ => Err(reason("it is computed")),
    };
    result.map_or_else(Value::Unknown, Value::Bool)
}

/// `decisive` settles the result whatever the other side is.
fn both(left: Result<bool, Unknown>, right: Result<bool, Unknown>, decisive: bool) -> Result<bool, Unknown> {
    match (left, right) {
        (Ok(side), _) | (_, Ok(side)) if side == decisive => Ok(decisive),
        (Ok(_), other) | (other, _) => other,
    }
}

fn equal(left: &Value, right: &Value) -> Result<bool, Unknown> {
    match (left, right) {
        (Value::Unknown(why), Value::Null) | (Value::Null, Value::Unknown(why)) if why.is_set => Ok(false),
        (Value::Unknown(why), _) | (_, Value::Unknown(why)) => Err(why.clone()),
        (Value::Null, other) | (other, Value::Null) => Ok(*other == Value::Null),
        (left, right) => match (node(left.clone()).scalar(), node(right.clone()).scalar()) {
            (Some(left), Some(right)) => Ok(left == right),
            _ => Err(reason("it is computed")),
        },
    }
}

/// Evaluated values have no place of their own.
fn node(value: Value) -> Node {
    Node::new(value, Span::default())
}

fn reason(why: impl AsRef<str>) -> Unknown {
    Unknown { reason: Arc::from(why.as_ref()), is_set: false }
}

fn unknown(why: impl AsRef<str>) -> Value {
    Value::Unknown(reason(why))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::source::SourceFile;
    use crate::syntax::hcl;

    fn value_of(text: &str) -> Value {
        let file = Arc::new(SourceFile::new("main.tf", text));
        let bodies = [(Arc::clone(&file), hcl::parse(text).unwrap())];
        let module = Module::new(&bodies);
        let attribute = bodies[0].1.attribute("x").unwrap();
        Evaluator::new(&module).value(&attribute.value)
    }

    #[test]
    fn what_the_files_settle_is_known() {
        for (text, expected) in [
            ("x = \"a\"", "a"),
            ("x = var.r\nvariable \"r\" { default = \"cn-north-4\" }", "cn-north-4"),
            ("x = local.a.b\nlocals {\n a = { b = local.c }\n c = \"d\"\n}", "d"),
            ("x = \"${var.r}-a\"\nvariable \"r\" { default = \"b\" }", "b-a"),
            ("x = var.on ? \"y\" : \"n\"\nvariable \"on\" { default = false }", "n"),
            ("x = (local.e == \"prod\" || var.q) ? \"y\" : \"n\"\nlocals { e = \"prod\" }\nvariable \"q\" {}", "y"),
        ] {
            assert_eq!(value_of(text), Value::String(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_they_do_not_settle_is_unknown_with_its_reason() {
        for (text, expected, is_set) in [
            ("x = var.r\nvariable \"r\" {}", "`var.r` has no default", false),
            ("x = var.r", "`var.r` is not declared", false),
            ("x = huaweicloud_vpc.a.id", "known only to a run", true),
            ("x = data.huaweicloud_vpc.a.id", "known only to a run", true),
            ("x = each.value.id", "known only to a run", false),
            ("x = module.network.id", "known only to a run", false),
            ("x = huaweicloud_vpc.a.routes.id", "known only to a run", false),
            ("x = \"a-${var.r}\"\nvariable \"r\" {}", "`var.r` has no default", true),
            ("x = upper(\"a\")", "the function `upper`", false),
        ] {
            let Value::Unknown(why) = value_of(text) else { panic!("{text} is known") };
            assert!(why.reason.contains(expected), "{text}: {}", why.reason);
            assert_eq!(why.is_set, is_set, "{text}");
        }
    }

    #[test]
    fn files_of_values_win_over_defaults_or_leave_them_open() {
        let read = |values: &str| {
            let text = "x = var.r\nvariable \"r\" { default = \"a\" }";
            let files = [("main.tf", text), (values, "r = \"b\"\nother = 1")];
            let bodies = files.map(|(path, text)| (Arc::new(SourceFile::new(path, text)), hcl::parse(text).unwrap()));
            let module = Module::new(&bodies);
            Evaluator::new(&module).value(&bodies[0].1.attribute("x").unwrap().value)
        };
        let is = |text: &str| Value::String(text.to_owned());
        assert_eq!(read("terraform.tfvars"), is("b"));
        assert_eq!(read("x.auto.tfvars"), is("b"));
        assert!(matches!(read("prod.tfvars"), Value::Unknown(why) if why.reason.contains("prod.tfvars")));
        assert_eq!(read("other.tf"), is("a"));
    }

    #[test]
    fn texts_that_double_end_in_time_and_memory() {
        let doubling = |level: usize| format!("l{level} = \"${{local.l{0}}}${{local.l{0}}}\"\n", level + 1);
        let locals: String = (0..30).map(doubling).collect();
        let text = format!("x = local.l0\nlocals {{\n{locals}l30 = \"{}\"\n}}\n", "a".repeat(100_000));
        assert!(matches!(value_of(&text), Value::Unknown(_)));
    }

    #[test]
    fn locals_that_go_in_circles_or_double_end_in_time() {
        assert!(matches!(value_of("x = local.a\nlocals {\n a = local.b\n b = local.a\n}"), Value::Unknown(_)));
        let mut text = String::from("x = local.l0\nlocals {\n");
        for level in 0..30 {
            let next = level + 1;
            writeln!(text, "l{level} = [local.l{next}, local.l{next}]").unwrap();
        }
        text.push_str("l30 = 1\n}\n");
        value_of(&text);
    }
}
