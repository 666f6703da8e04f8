//! `count` and `for_each`: which instances there are of a block.

use std::rc::Rc;
use std::sync::Arc;

use super::address::Key;
use crate::authz::Occurs;
use crate::manifest::terraform::language::{Frame, Item, Member, Origin, Value};

/// So many instances of one block are looked at.
pub(crate) const MOST_INSTANCES: usize = 1_000;

/// The instances of a block.
#[derive(Debug, Clone)]
pub(crate) struct Repetition {
    pub(crate) turns: Vec<Turn>,
    /// How the instances are told apart.
    pub(crate) by: By,
    /// Why it is not known which there are; one stands for all.
    pub(crate) unknown: Option<Arc<str>>,
    /// There may be none.
    may_be_empty: bool,
    /// There are more instances than are looked at.
    pub(crate) is_cut: bool,
}

/// How the instances of a block are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// There is one without a key.
    Nothing,
    /// `count`
    Count,
    /// `for_each`
    Each,
}

/// One instance.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    pub(crate) key: Key,
    /// `count` or `each`, with what stands for it.
    pub(crate) variable: Option<(&'static str, Item)>,
}

impl Turn {
    /// The variable that expressions of the instance may use.
    pub(crate) fn frame(&self) -> Option<Frame<'_>> {
        self.variable.as_ref().map(|(name, item)| Frame { name, item, outer: None })
    }
}

impl Repetition {
    /// One instance.
    pub(crate) fn single() -> Self {
        let turns = vec![Turn { key: Key::None, variable: None }];
        Self { turns, by: By::Nothing, unknown: None, may_be_empty: false, is_cut: false }
    }

    /// As `count` says.
    pub(crate) fn counted(count: &Value) -> Self {
        let number = count.scalar().and_then(|text| text.parse::<f64>().ok());
        let Some(number) = number else { return Self::open("count", count) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut off at a small limit")]
        let shown = number.clamp(0.0, 1e6) as usize;
        let turn = |index: usize| {
            #[expect(clippy::cast_precision_loss, reason = "below a small limit")]
            let index_value = Value::Number(index as f64);
            Turn { key: Key::Index(index), variable: Some(("count", object(&[("index", Item::from(index_value))]))) }
        };
        let turns = (0..shown.min(MOST_INSTANCES)).map(turn).collect();
        Self { turns, by: By::Count, unknown: None, may_be_empty: false, is_cut: shown > MOST_INSTANCES }
    }

    /// As `for_each` says: a map, or a set of texts.
    pub(crate) fn each(collection: &Value) -> Self {
        let pairs: Vec<(Rc<str>, Item)> = match collection {
            Value::Map(members) => {
                members.iter().map(|(name, member)| (Rc::clone(name), member.item.clone())).collect()
            }
            Value::List(items) => {
                let keys = items.iter().map(|item| item.value.scalar().map(|key| (key, item.clone())));
                match keys.collect::<Option<Vec<_>>>() {
                    Some(pairs) => pairs,
                    None => return Self::open("for_each", collection),
                }
            }
            other => return Self::open("for_each", other),
        };
        let is_cut = pairs.len() > MOST_INSTANCES;
        let turn = |(name, item): (Rc<str>, Item)| {
            let each = object(&[("key", Item::from(Value::from(&*name))), ("value", item)]);
            Turn { key: Key::Name(name), variable: Some(("each", each)) }
        };
        let turns = pairs.into_iter().take(MOST_INSTANCES).map(turn).collect();
        Self { turns, by: By::Each, unknown: None, may_be_empty: false, is_cut }
    }

    /// Which instances there are is not known.
    fn open(name: &'static str, value: &Value) -> Self {
        let reason: Arc<str> = match value.first_unknown() {
            Some(why) => Arc::clone(&why.reason),
            None => Arc::from(format!("it is {}", value.kind())),
        };
        let unknown = || Item::from(Value::unknown(&*reason));
        let (by, variable) = if name == "count" {
            (By::Count, ("count", object(&[("index", unknown())])))
        } else {
            (By::Each, ("each", object(&[("key", unknown()), ("value", unknown())])))
        };
        let turns = vec![Turn { key: Key::None, variable: Some(variable) }];
        // Of a set only the elements may be open, and how many there are may not.
        let may_be_empty = value.as_list().is_none_or(<[Item]>::is_empty);
        Self { turns, by, unknown: Some(reason), may_be_empty, is_cut: false }
    }

    /// Whether the instances come about.
    pub(crate) fn occurs(&self) -> Occurs {
        let name = if self.by == By::Count { "count" } else { "for_each" };
        match self.unknown.as_ref().filter(|_| self.may_be_empty) {
            Some(why) => Occurs::Perhaps(Arc::from(format!("`{name}` may be empty: {why}"))),
            None => Occurs::Surely,
        }
    }
}

fn object(members: &[(&str, Item)]) -> Item {
    let member = |(name, item): &(&str, Item)| (Rc::from(*name), Member { key: Origin::default(), item: item.clone() });
    Item::from(members.iter().map(member).collect::<Value>())
}
