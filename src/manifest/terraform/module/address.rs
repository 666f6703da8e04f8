//! Addresses as Terraform prints them, and putting what several instances have in common under one.

use std::fmt;
use std::rc::Rc;

/// Which instance of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// The only one, or one of which the key is not known.
    None,
    /// `[0]`, by `count`
    Index(usize),
    /// `["eu"]`, by `for_each`
    Name(Rc<str>),
    /// `[*]`: all of them
    All,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Name(name) => write!(f, "[{name:?}]"),
            Self::All => f.write_str("[*]"),
        }
    }
}

/// An address relative to a module, from the outside in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Address(Vec<String>);

impl Address {
    /// The address of one instance of a block.
    pub(crate) fn of(block: &str, key: &Key) -> Self {
        Self(vec![format!("{block}{key}")])
    }

    /// The same within a module.
    pub(crate) fn within(mut self, module: &str, key: &Key) -> Self {
        self.0.insert(0, format!("{module}{key}"));
        self
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// Puts instances of one block together that have the same: all of them as `[*]`, some of them as the first with the
/// number of the others.
pub(crate) fn merged<T: PartialEq>(instances: Vec<(Key, T)>) -> Vec<(Key, usize, T)> {
    let all = instances.len();
    let mut groups: Vec<(T, Vec<Key>)> = Vec::new();
    for (key, own) in instances {
        match groups.iter_mut().find(|(other, _)| *other == own) {
            Some((_, keys)) => keys.push(key),
            None => groups.push((own, vec![key])),
        }
    }
    let is_one = groups.len() == 1 && all > 1;
    groups
        .into_iter()
        .map(|(own, keys)| {
            let more = keys.len() - 1;
            let first = keys.into_iter().next().unwrap_or(Key::None);
            if is_one { (Key::All, 0, own) } else { (first, more, own) }
        })
        .collect()
}
