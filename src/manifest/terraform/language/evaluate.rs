//! Evaluating expressions.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ForExpr, FuncCall, Object, ObjectKey, UnaryOperator};

use super::functions::{self, Files};
use super::operator::{binary, choose, number, truth};
use super::template::pairs;
use super::traversal::Step;
use super::{Item, Member, Origin, Unknown, Value};
use crate::source::Span;
use crate::syntax::hcl::{Expr, parse_template};
use crate::syntax::{self, Node};

/// How many expressions and elements the values of one root module may be made of: `for` in `for` multiplies.
const MAX_STEPS: usize = 5_000_000;

/// How many elements one value may have, at all depths together: a local can double at every step.
const MAX_ELEMENTS: usize = 100_000;

/// How deep evaluation may go, through nested expressions and references together.
const MAX_DEPTH: usize = 200;

/// What an analysis may still spend on evaluating.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    steps: Cell<usize>,
    depth: Cell<usize>,
}

impl Budget {
    /// Goes one level deeper for as long as `inner` runs; tells why it cannot.
    pub(crate) fn deeper<T>(&self, inner: impl FnOnce() -> T) -> Result<T, Unknown> {
        if self.depth.get() >= MAX_DEPTH {
            return Err(Unknown::new("it refers through too many others, or nests too deep"));
        }
        self.depth.set(self.depth.get() + 1);
        let result = inner();
        self.depth.set(self.depth.get() - 1);
        Ok(result)
    }

    /// Takes steps; tells why it cannot.
    fn take(&self, steps: usize) -> Result<(), Unknown> {
        if self.steps.get() + steps > MAX_STEPS {
            return Err(Unknown::new(format!(
                "the values of the module are made of more than {MAX_STEPS} expressions"
            )));
        }
        self.steps.set(self.steps.get() + steps);
        Ok(())
    }
}

/// What the names in expressions stand for.
pub(crate) trait Names: Files {
    /// What a name with the steps behind it stands for, and how many of the steps that takes in: `var` takes one, `data`
    /// two.
    fn name(&self, name: &str, steps: &[Step]) -> (Item, usize);

    /// A template in a file with variables of its own.
    fn template_file(&self, path: &str, variables: &Item) -> Value;
}

/// Variables that an expression brings itself: those of `for`, `each`, `count`, the iterator of a dynamic block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'f> {
    pub(crate) name: &'f str,
    pub(crate) item: &'f Item,
    pub(crate) outer: Option<&'f Frame<'f>>,
}

impl<'f> Frame<'f> {
    fn find(&'f self, name: &str) -> Option<&'f Item> {
        if self.name == name { Some(self.item) } else { self.outer.and_then(|outer| outer.find(name)) }
    }
}

/// Evaluates the expressions of one file.
#[derive(Clone, Copy)]
pub(crate) struct Evaluator<'e> {
    pub(crate) names: &'e dyn Names,
    pub(crate) budget: &'e Budget,
    /// Number of the file.
    pub(crate) file: u32,
    pub(crate) frame: Option<&'e Frame<'e>>,
    /// The place of all that is evaluated, where the expression is a part of a JSON text.
    pub(crate) within: Option<Span>,
}

impl<'e> Evaluator<'e> {
    /// With one more variable.
    pub(crate) fn with<'f>(self, frame: &'f Frame<'f>) -> Evaluator<'f>
    where
        'e: 'f,
    {
        Evaluator { frame: Some(frame), ..self }
    }

    /// The item of an expression; `Unknown` with the reason where the files do not settle it.
    pub(crate) fn item(self, expr: &Expr) -> Item {
        match expr {
            Expr::Hcl(expression) => self.expression(expression),
            Expr::Json(node) => self.json(node),
        }
    }

    pub(crate) fn origin(self, range: Option<std::ops::Range<usize>>) -> Origin {
        let span = self.within.or_else(|| range.map(|range| Span::new(range.start, range.end)));
        span.map_or_else(Origin::default, |span| Origin { file: self.file, span })
    }

    pub(crate) fn expression(self, expression: &Expression) -> Item {
        let origin = self.origin(expression.span());
        let value = self.budget.take(1).and_then(|()| self.budget.deeper(|| self.evaluate(expression, origin)));
        let value = value.and_then(|item| self.bounded(expression, item));
        match value {
            // What a reference stands for keeps its own place.
            Ok(item) if item.origin != Origin::default() => item,
            Ok(item) => Item { origin, ..item },
            Err(unknown) => Item { value: Value::Unknown(unknown), origin },
        }
    }

    /// What makes values of others may not make them too large.
    fn bounded(self, expression: &Expression, item: Item) -> Result<Item, Unknown> {
        use Expression::{Array, ForExpr, FuncCall, Object};
        if matches!(expression, Array(_) | Object(_) | ForExpr(_) | FuncCall(_)) {
            let elements = item.value.elements(MAX_ELEMENTS);
            if elements >= MAX_ELEMENTS {
                return Err(Unknown::new(format!("it has more than {MAX_ELEMENTS} elements")));
            }
            self.budget.take(elements)?;
        }
        Ok(item)
    }

    fn evaluate(self, expression: &Expression, origin: Origin) -> Item {
        let value = match expression {
            Expression::Null(_) => Value::Null,
            Expression::Bool(truth) => Value::Bool(*truth.value()),
            Expression::Number(number) => {
                number.value().as_f64().map_or_else(|| Value::mistake("it is no number"), Value::Number)
            }
            Expression::String(text) => Value::from(text.value().as_str()),
            Expression::Array(items) => items.iter().map(|item| self.expression(item)).collect(),
            Expression::Object(object) => self.object(object),
            Expression::StringTemplate(template) => return self.template(template, origin),
            Expression::HeredocTemplate(heredoc) => return self.template(&heredoc.template, origin),
            Expression::Parenthesis(inner) => return self.expression(inner.inner()),
            Expression::Traversal(traversal) => return self.traversal(traversal),
            Expression::Variable(name) => return self.name(name.as_str(), &[]).0,
            Expression::Conditional(conditional) => {
                let condition = self.expression(&conditional.cond_expr);
                let branch = |expression| self.expression(expression);
                return choose(&condition.value, || branch(&conditional.true_expr), || branch(&conditional.false_expr));
            }
            Expression::UnaryOp(operation) => {
                let value = self.expression(&operation.expr).value;
                match *operation.operator.value() {
                    UnaryOperator::Not => truth(&value).map_or_else(Value::Unknown, |truth| Value::Bool(!truth)),
                    UnaryOperator::Neg => number(&value).map_or_else(Value::Unknown, |number| Value::Number(-number)),
                }
            }
            Expression::BinaryOp(operation) => {
                let (left, right) = (self.expression(&operation.lhs_expr), self.expression(&operation.rhs_expr));
                binary(*operation.operator.value(), &left.value, &right.value)
            }
            Expression::FuncCall(call) => return self.call(call),
            Expression::ForExpr(each) => self.each(each),
        };
        Item::from(value)
    }

    /// A variable that the expression brings itself, or what the module has by that name.
    pub(super) fn name(self, name: &str, steps: &[Step]) -> (Item, usize) {
        match self.frame.and_then(|frame| frame.find(name)) {
            Some(item) => (item.clone(), 0),
            None => self.names.name(name, steps),
        }
    }

    fn object(self, object: &Object) -> Value {
        let mut members = Vec::new();
        for (key, value) in object {
            let (key, origin) = match key {
                ObjectKey::Ident(name) => (Rc::from(name.as_str()), self.origin(name.span())),
                ObjectKey::Expression(Expression::Variable(name)) => {
                    (Rc::from(name.as_str()), self.origin(name.span()))
                }
                ObjectKey::Expression(expression) => {
                    let item = self.expression(expression);
                    match (item.value.scalar(), item.value) {
                        (Some(key), _) => (key, item.origin),
                        (None, Value::Unknown(why)) => return Value::Unknown(why),
                        (None, other) => return Value::mistake(format!("{} is no key", other.kind())),
                    }
                }
            };
            members.push((key, Member { key: origin, item: self.expression(value.expr()) }));
        }
        members.into_iter().collect()
    }

    fn call(self, call: &FuncCall) -> Item {
        let name = call.name.name.as_str();
        let is_core = match call.name.namespace.as_slice() {
            [] => true,
            [only] => only.as_str() == "core",
            _ => false,
        };
        if !is_core {
            return Item::from(Value::unknown(format!("`{name}` is a function of a provider")));
        }
        match name {
            "try" => return self.first_without_mistake(call),
            "can" => return Item::from(self.can(call)),
            _ => {}
        }
        let mut arguments: Vec<Item> = call.args.iter().map(|argument| self.expression(argument)).collect();
        if call.args.expand_final() {
            match arguments.pop().map(|last| last.value) {
                Some(Value::List(items)) => arguments.extend(items.iter().cloned()),
                Some(Value::Unknown(why)) => return Item::from(Value::Unknown(why)),
                _ => return Item::from(Value::mistake(format!("the last argument of `{name}` is no list"))),
            }
        }
        let value = match (name, arguments.as_slice()) {
            ("templatefile", [path, variables]) => match &path.value {
                Value::Unknown(why) => Some(Value::Unknown(why.clone())),
                path => path.as_str().map(|path| self.names.template_file(path, variables)),
            },
            ("templatestring", [template, variables]) => match &template.value {
                Value::Unknown(why) => Some(Value::Unknown(why.clone())),
                text => text.as_str().map(|text| self.template_text(text, variables)),
            },
            _ => functions::call(name, &arguments, self.names),
        };
        Item::from(value.unwrap_or_else(|| Value::mistake(format!("there is no function `{name}`"))))
    }

    fn first_without_mistake(self, call: &FuncCall) -> Item {
        let mut last = Item::from(Value::mistake("`try` has no argument"));
        for argument in &call.args {
            last = self.expression(argument);
            if !last.value.first_unknown().is_some_and(|unknown| unknown.is_mistake) {
                return last;
            }
        }
        last
    }

    fn can(self, call: &FuncCall) -> Value {
        let Some(argument) = call.args.iter().next() else { return Value::mistake("`can` has one argument") };
        match self.expression(argument).value.first_unknown() {
            None => Value::Bool(true),
            Some(unknown) if unknown.is_mistake => Value::Bool(false),
            Some(unknown) => Value::Unknown(unknown.clone()),
        }
    }

    fn each(self, each: &ForExpr) -> Value {
        let collection = self.expression(&each.intro.collection_expr);
        let pairs = match pairs(&collection.value) {
            Ok(pairs) => pairs,
            Err(why) => return Value::Unknown(why),
        };
        let mut rounds = Vec::new();
        for (key, item) in &pairs {
            match self.round(each, key, item) {
                Ok(Some(round)) => rounds.push(round),
                Ok(None) => {}
                Err(why) => return Value::Unknown(why),
            }
        }
        if each.key_expr.is_none() {
            return rounds.into_iter().map(|(_, item)| item).collect();
        }
        if each.grouping { grouped(rounds) } else { keyed(rounds) }
    }

    /// The key, where there is one, and the value of one element; none where the condition leaves it out.
    fn round(self, each: &ForExpr, key: &Item, item: &Item) -> Result<Option<(Member, Item)>, Unknown> {
        let of_key =
            each.intro.key_var.as_ref().map(|name| Frame { name: name.as_str(), item: key, outer: self.frame });
        let outer = of_key.as_ref().or(self.frame);
        let frame = Frame { name: each.intro.value_var.as_str(), item, outer };
        let inner = self.with(&frame);
        if let Some(condition) = &each.cond
            && !truth(&inner.expression(&condition.expr).value)?
        {
            return Ok(None);
        }
        let key = match &each.key_expr {
            None => Item::from(Value::Null),
            Some(expression) => inner.expression(expression),
        };
        if let Value::Unknown(why) = key.value {
            return Err(why);
        }
        let value = inner.expression(&each.value_expr);
        Ok(Some((Member { key: key.origin, item: key }, value)))
    }

    fn json(self, json: &Node) -> Item {
        let origin = Origin { file: self.file, span: json.span };
        let value = match &json.value {
            syntax::Value::String(text) if text.contains("${") || text.contains("%{") => match parse_template(text) {
                Ok(template) => {
                    let within = Evaluator { within: Some(json.span), ..self };
                    return within.template(&template, origin);
                }
                Err(error) => Value::mistake(format!("its template cannot be read: {}", error.message)),
            },
            syntax::Value::List(items) => items.iter().map(|item| self.json(item)).collect(),
            syntax::Value::Map(entries) => {
                let member = |entry: &syntax::Entry| {
                    let key = Origin { file: self.file, span: entry.key_span };
                    (Rc::from(entry.key.as_str()), Member { key, item: self.json(&entry.value) })
                };
                entries.iter().map(member).collect()
            }
            syntax::Value::String(text) => Value::from(text.as_str()),
            syntax::Value::Number(text) => text.parse().map_or_else(|_| Value::from(text.as_str()), Value::Number),
            syntax::Value::Bool(truth) => Value::Bool(*truth),
            syntax::Value::Null => Value::Null,
            syntax::Value::Unknown(why) => Value::unknown(&*why.reason),
        };
        Item { value, origin }
    }
}

fn keyed(rounds: Vec<(Member, Item)>) -> Value {
    let mut members = BTreeMap::new();
    for (key, item) in rounds {
        let Some(name) = key.item.value.scalar() else {
            return Value::mistake(format!("{} is no key", key.item.value.kind()));
        };
        if members.insert(Rc::clone(&name), Member { key: key.key, item }).is_some() {
            return Value::mistake(format!("the key `{name}` comes twice"));
        }
    }
    Value::Map(Rc::new(members))
}

fn grouped(rounds: Vec<(Member, Item)>) -> Value {
    let mut groups: BTreeMap<Rc<str>, (Origin, Vec<Item>)> = BTreeMap::new();
    for (key, item) in rounds {
        let Some(name) = key.item.value.scalar() else {
            return Value::mistake(format!("{} is no key", key.item.value.kind()));
        };
        groups.entry(name).or_insert_with(|| (key.key, Vec::new())).1.push(item);
    }
    let member = |(name, (key, items)): (Rc<str>, (Origin, Vec<Item>))| {
        (name, Member { key, item: Item { value: items.into_iter().collect(), origin: key } })
    };
    groups.into_iter().map(member).collect()
}
