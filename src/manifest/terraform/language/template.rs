//! Templates: quoted texts with interpolations, heredocs, template files, and the directives in them.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Strip, Template};

use super::evaluate::{Evaluator, Frame};
use super::operator::truth;
use super::{Item, Made, Origin, Part, Text, Unknown, Value};
use crate::syntax::hcl::parse_template;

/// How many bytes a text may have: templates in templates multiply.
const MAX_BYTES: usize = 1024 * 1024;

impl Evaluator<'_> {
    /// A template of known parts is a text; of which only a part is known, it may be known not to be empty. A template
    /// that is nothing but one interpolation is that value.
    pub(super) fn template(self, template: &Template, origin: Origin) -> Item {
        let mut elements = template.iter();
        if let (Some(Element::Interpolation(interpolation)), None) = (elements.next(), elements.next()) {
            return self.expression(&interpolation.expr);
        }
        let mut parts = Vec::new();
        let value = match self.parts(template, Cut::default(), &mut parts) {
            Ok(()) => joined(parts),
            Err(why) => Value::Unknown(why),
        };
        Item { value, origin }
    }

    /// A template from a text, with variables of its own.
    pub(crate) fn template_text(self, text: &str, variables: &Item) -> Value {
        let template = match parse_template(text) {
            Ok(template) => template,
            Err(error) => return Value::mistake(format!("the template cannot be read: {}", error.message)),
        };
        let members = match &variables.value {
            Value::Map(members) => members.iter().map(|(name, member)| (name, &member.item)).collect::<Vec<_>>(),
            Value::Unknown(why) => return Value::Unknown(why.result()),
            other => {
                return Value::mistake(format!("the variables of a template are a map, and this is {}", other.kind()));
            }
        };
        Evaluator { frame: None, ..self }.with_all(&members, |inner| inner.template(&template, Origin::default()).value)
    }

    fn with_all(self, variables: &[(&Rc<str>, &Item)], run: impl FnOnce(Evaluator<'_>) -> Value) -> Value {
        let Some((&(name, item), rest)) = variables.split_first() else { return run(self) };
        let frame = Frame { name, item, outer: self.frame };
        match self.budget.deeper(|| self.with(&frame).with_all(rest, run)) {
            Ok(value) => value,
            Err(why) => Value::Unknown(why),
        }
    }

    fn parts(self, template: &Template, cut: Cut, parts: &mut Vec<Part>) -> Result<(), Unknown> {
        let elements: Vec<&Element> = template.iter().collect();
        for (index, element) in elements.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| elements.get(index));
            let own = Cut {
                start: before.map_or(cut.start, |before| strips_after(before)),
                end: elements.get(index + 1).map_or(cut.end, |after| strips_before(after)),
            };
            self.part(element, own, parts)?;
            let length: usize = parts.iter().filter_map(|part| part.text.as_ref().ok()).map(|text| text.len()).sum();
            if length > MAX_BYTES {
                return Err(Unknown::new(format!("it is made of more than {MAX_BYTES} bytes of text")));
            }
        }
        Ok(())
    }

    fn part(self, element: &Element, cut: Cut, parts: &mut Vec<Part>) -> Result<(), Unknown> {
        match element {
            Element::Literal(literal) => {
                let text = cut.of(literal.value());
                if !text.is_empty() {
                    parts.push(Part {
                        text: Ok(Rc::from(text)),
                        origin: self.origin(literal.span()),
                        is_literal: true,
                    });
                }
            }
            Element::Interpolation(interpolation) => {
                let item = self.expression(&interpolation.expr);
                let origin = self.origin(interpolation.span());
                let text = match (item.value.scalar(), &item.value) {
                    (Some(text), _) => Ok(text),
                    (None, Value::Unknown(why)) if why.is_mistake => return Err(why.clone()),
                    (None, Value::Unknown(why)) => Err(why.clone()),
                    (None, other) => {
                        let mistake = Unknown::new(format!("{} cannot stand in a text", other.kind()));
                        return Err(Unknown { is_mistake: true, ..mistake });
                    }
                };
                parts.push(Part { text, origin, is_literal: false });
            }
            Element::Directive(directive) => match &**directive {
                Directive::If(directive) => self.if_directive(directive, parts)?,
                Directive::For(directive) => self.for_directive(directive, parts)?,
            },
        }
        Ok(())
    }

    fn if_directive(self, directive: &IfDirective, parts: &mut Vec<Part>) -> Result<(), Unknown> {
        let condition = truth(&self.expression(&directive.if_expr.cond_expr).value)?;
        let after = directive.else_expr.as_ref().map_or(directive.endif_expr.strip, |other| other.strip);
        if condition {
            let cut = Cut { start: strips_end(directive.if_expr.strip), end: strips_start(after) };
            return self.deeper(|| self.parts(&directive.if_expr.template, cut, parts));
        }
        let Some(other) = &directive.else_expr else { return Ok(()) };
        let cut = Cut { start: strips_end(other.strip), end: strips_start(directive.endif_expr.strip) };
        self.deeper(|| self.parts(&other.template, cut, parts))
    }

    fn for_directive(self, directive: &ForDirective, parts: &mut Vec<Part>) -> Result<(), Unknown> {
        let each = &directive.for_expr;
        let cut = Cut { start: strips_end(each.strip), end: strips_start(directive.endfor_expr.strip) };
        for (key, item) in pairs(&self.expression(&each.collection_expr).value)? {
            let of_key = each.key_var.as_ref().map(|name| Frame { name: name.as_str(), item: &key, outer: self.frame });
            let outer = of_key.as_ref().or(self.frame);
            let frame = Frame { name: each.value_var.as_str(), item: &item, outer };
            self.deeper(|| self.with(&frame).parts(&each.template, cut, parts))?;
        }
        Ok(())
    }

    fn deeper(self, inner: impl FnOnce() -> Result<(), Unknown>) -> Result<(), Unknown> {
        self.budget.deeper(inner)?
    }
}

/// The elements of a collection with their keys, as `for` goes through them.
pub(super) fn pairs(collection: &Value) -> Result<Vec<(Item, Item)>, Unknown> {
    match collection {
        #[expect(clippy::cast_precision_loss, reason = "an index of a list in memory")]
        Value::List(items) => {
            let key = |index: usize| Item::from(Value::Number(index as f64));
            Ok(items.iter().enumerate().map(|(index, item)| (key(index), item.clone())).collect())
        }
        Value::Map(members) => {
            let key = |name: &Rc<str>| Value::String(Text { text: Rc::clone(name), made: None });
            let pair = |(name, member): (&Rc<str>, &super::Member)| {
                (Item { value: key(name), origin: member.key }, member.item.clone())
            };
            Ok(members.iter().map(pair).collect())
        }
        Value::Unknown(why) => Err(why.result()),
        other => {
            let mistake = Unknown::new(format!("`for` goes through lists and maps, and this is {}", other.kind()));
            Err(Unknown { is_mistake: true, ..mistake })
        }
    }
}

/// The text of parts, as far as they are known.
fn joined(parts: Vec<Part>) -> Value {
    let open = parts.iter().find_map(|part| part.text.as_ref().err().map(|why| Arc::clone(&why.reason)));
    let is_set = parts.iter().any(|part| part.text.as_ref().map_or_else(|why| why.is_set, |text| !text.is_empty()));
    let known: String = parts.iter().filter_map(|part| part.text.as_deref().ok()).collect();
    let made = Some(Rc::new(Made::Of(parts)));
    match open {
        None => Value::String(Text { text: Rc::from(known), made }),
        Some(reason) => Value::Unknown(Unknown { reason, is_set, is_mistake: false, made }),
    }
}

/// Whether the white space at the ends of a literal is cut off, as `~` asks for.
#[derive(Debug, Clone, Copy, Default)]
struct Cut {
    start: bool,
    end: bool,
}

impl Cut {
    fn of(self, literal: &str) -> Cow<'_, str> {
        let literal = if self.start { literal.trim_start() } else { literal };
        Cow::Borrowed(if self.end { literal.trim_end() } else { literal })
    }
}

fn strips_start(strip: Strip) -> bool {
    matches!(strip, Strip::Start | Strip::Both)
}

fn strips_end(strip: Strip) -> bool {
    matches!(strip, Strip::End | Strip::Both)
}

/// An element cuts off the white space before it.
fn strips_before(element: &Element) -> bool {
    match element {
        Element::Literal(_) => false,
        Element::Interpolation(interpolation) => strips_start(interpolation.strip),
        Element::Directive(directive) => match &**directive {
            Directive::If(directive) => strips_start(directive.if_expr.strip),
            Directive::For(directive) => strips_start(directive.for_expr.strip),
        },
    }
}

/// An element cuts off the white space behind it.
fn strips_after(element: &Element) -> bool {
    match element {
        Element::Literal(_) => false,
        Element::Interpolation(interpolation) => strips_end(interpolation.strip),
        Element::Directive(directive) => match &**directive {
            Directive::If(directive) => strips_end(directive.endif_expr.strip),
            Directive::For(directive) => strips_end(directive.endfor_expr.strip),
        },
    }
}
