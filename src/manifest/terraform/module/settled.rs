//! A block with every value evaluated and its dynamic blocks expanded.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::manifest::terraform::language::{Evaluator, Frame, Item, Member, Origin, Value};
use crate::syntax::hcl::{Attribute, Block, Body, Expr};

/// How deep dynamic blocks may stand in each other, and how many blocks one may make.
const MOST_BLOCKS: usize = 1_000;

/// Which attributes of a body, and of the blocks in it, are evaluated.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted<'n> {
    All,
    /// Those of these names, which are sorted, and those that may stand for nested blocks.
    Named(&'n [String]),
}

impl Wanted<'_> {
    fn takes(self, attribute: &Attribute) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => {
                matches!(attribute.value, Expr::Json(_)) || names.binary_search(&attribute.name).is_ok()
            }
        }
    }
}

/// A body with its values.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Settled {
    pub(crate) attributes: Vec<SettledAttribute>,
    pub(crate) blocks: Vec<SettledBlock>,
    /// What `ignore_changes` names, of a `lifecycle` block.
    ignored: Vec<Rc<str>>,
}

/// A value by its name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SettledAttribute {
    pub(crate) name: Rc<str>,
    pub(crate) item: Item,
    /// Nested blocks may be written as such values: in the JSON form, in plans and in states.
    pub(crate) may_be_blocks: bool,
}

/// A nested block.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SettledBlock {
    pub(crate) kind: Rc<str>,
    pub(crate) body: Settled,
    /// Why there may be none, or several: it is dynamic.
    pub(crate) open: Option<Arc<str>>,
}

impl Settled {
    /// Evaluates what is wanted of a body.
    pub(crate) fn of(body: &Body, evaluator: Evaluator<'_>, wanted: Wanted<'_>) -> Self {
        let mut settled = Self::default();
        for attribute in &body.attributes {
            if attribute.name == "ignore_changes" {
                // These are names, not values.
                settled.ignored = names(&attribute.value);
                continue;
            }
            if !wanted.takes(attribute) {
                continue;
            }
            settled.attributes.push(SettledAttribute {
                name: Rc::from(attribute.name.as_str()),
                item: evaluator.item(&attribute.value),
                may_be_blocks: matches!(attribute.value, Expr::Json(_)),
            });
        }
        for block in &body.blocks {
            settled.block(block, evaluator, wanted);
        }
        settled
    }

    fn block(&mut self, block: &Block, evaluator: Evaluator<'_>, wanted: Wanted<'_>) {
        let kind = match (block.kind.as_str(), block.labels.as_slice()) {
            ("dynamic", [kind]) => return self.dynamic(kind, block, evaluator, wanted),
            (kind, _) => kind,
        };
        let body = evaluator.budget.deeper(|| Self::of(&block.body, evaluator, wanted)).unwrap_or_default();
        self.blocks.push(SettledBlock { kind: Rc::from(kind), body, open: None });
    }

    fn dynamic(&mut self, kind: &str, block: &Block, evaluator: Evaluator<'_>, wanted: Wanted<'_>) {
        let Some(content) = block.body.blocks_of("content").next() else { return };
        let iterator = block.body.attribute("iterator").and_then(iterator_name);
        let iterator = iterator.as_deref().unwrap_or(kind);
        let collection = block.body.attribute("for_each").map(|each| evaluator.item(&each.value));
        let (turns, open) = match collection.as_ref().map(|item| &item.value) {
            Some(Value::List(items)) => {
                (items.iter().map(|item| (item.clone(), item.clone())).collect::<Vec<_>>(), None)
            }
            Some(Value::Map(members)) => {
                let key = |name: &Rc<str>| Item::from(Value::from(&**name));
                (members.iter().map(|(name, member)| (key(name), member.item.clone())).collect(), None)
            }
            Some(Value::Unknown(why)) => {
                let turn = || Item::from(Value::unknown(&*why.reason));
                (vec![(turn(), turn())], Some(Arc::clone(&why.reason)))
            }
            _ => (Vec::new(), None),
        };
        for (key, value) in turns.into_iter().take(MOST_BLOCKS) {
            let member = |item| Member { key: Origin::default(), item };
            let each: Value =
                [(Rc::from("key"), member(key)), (Rc::from("value"), member(value))].into_iter().collect();
            let each = Item::from(each);
            let frame = Frame { name: iterator, item: &each, outer: evaluator.frame };
            let body = evaluator.budget.deeper(|| Self::of(&content.body, evaluator.with(&frame), wanted));
            self.blocks.push(SettledBlock { kind: Rc::from(kind), body: body.unwrap_or_default(), open: open.clone() });
        }
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Value> {
        self.item(name).map(|item| &item.value)
    }

    /// The value of an attribute with its place.
    pub(crate) fn item(&self, name: &str) -> Option<&Item> {
        self.attributes.iter().find(|attribute| &*attribute.name == name).map(|attribute| &attribute.item)
    }

    /// A `lifecycle` block leaves changes of an attribute, or of all, alone.
    pub(crate) fn ignores(&self, name: &str) -> bool {
        self.ignored.iter().any(|ignored| &**ignored == "all" || ignored.split(['.', '[']).next() == Some(name))
    }

    /// The nested blocks of a kind.
    pub(crate) fn blocks_of<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = &'s SettledBlock> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }

    /// Everything that the body sets, as an object: what it leaves out, or sets to null, is not known.
    pub(crate) fn members(&self) -> BTreeMap<Rc<str>, Member> {
        let mut members = BTreeMap::new();
        for attribute in self.attributes.iter().filter(|attribute| attribute.item.value != Value::Null) {
            let key = attribute.item.origin;
            members.insert(Rc::clone(&attribute.name), Member { key, item: attribute.item.clone() });
        }
        members
    }
}

/// `[tags, a.b]`, `all`, or the same as texts
fn names(expr: &Expr) -> Vec<Rc<str>> {
    let plain = |text: &str| Rc::from(text.trim().trim_matches('"'));
    match expr {
        Expr::Hcl(expression) => match expression.as_array() {
            Some(items) => items.iter().map(|item| plain(&item.to_string())).collect(),
            None => vec![plain(&expression.to_string())],
        },
        Expr::Json(node) => {
            let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
            nodes.iter().filter_map(|node| node.as_str().map(plain)).collect()
        }
    }
}

/// `iterator = name`
fn iterator_name(attribute: &Attribute) -> Option<String> {
    match &attribute.value {
        Expr::Hcl(expression) => Some(expression.as_variable()?.as_str().to_owned()),
        Expr::Json(node) => node.as_str().map(str::to_owned),
    }
}
