//! What was evaluated in one instance of a module: each name once, however many refer to it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::manifest::terraform::language::{Item, Value};

/// The kinds of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Variable,
    Local,
    Output,
    Module,
    /// A resource or data source, by its address.
    Resource,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Variable => "var.",
            Self::Local => "local.",
            Self::Output => "output.",
            Self::Module => "module.",
            Self::Resource => "",
        })
    }
}

/// The items by name; none while one is being evaluated.
#[derive(Debug, Default)]
pub(super) struct Memo(RefCell<BTreeMap<Kind, HashMap<String, Option<Item>>>>);

impl Memo {
    /// The item of a name, evaluated where it is asked for first. One that refers to itself is a mistake.
    pub(super) fn get(&self, kind: Kind, name: &str, evaluate: impl FnOnce() -> Item) -> Item {
        match self.0.borrow().get(&kind).and_then(|names| names.get(name)) {
            Some(Some(item)) => return item.clone(),
            Some(None) => return Value::mistake(format!("`{kind}{name}` refers to itself")).into(),
            None => {}
        }
        self.set(kind, name, None);
        let item = evaluate();
        self.set(kind, name, Some(item.clone()));
        item
    }

    fn set(&self, kind: Kind, name: &str, item: Option<Item>) {
        let mut memo = self.0.borrow_mut();
        let names = memo.entry(kind).or_default();
        match names.get_mut(name) {
            Some(known) => *known = item,
            None => drop(names.insert(name.to_owned(), item)),
        }
    }
}
