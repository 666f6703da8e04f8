//! Whether a condition of the table holds for a block, and why that is open.

use std::fmt;
use std::sync::Arc;

use crate::authz::Truth;

/// Whether a condition holds in a phase, and why that is open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Holds<'g> {
    pub(super) truth: Truth,
    pub(super) why: Option<Why<'g>>,
}

/// Why it is open whether a condition holds: most of the reasons are never told.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Why<'g> {
    /// The attribute may change.
    MayChange(&'g str),
    /// A plan leaves it open whether the attribute changes.
    OnlyApply(&'g str),
    /// The attribute is in a dynamic block.
    IsDynamic(&'g str),
    /// The value of the attribute is not known.
    DependsOn(&'g str, Arc<str>),
    /// The region is not known.
    Region(String),
}

impl fmt::Display for Why<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MayChange(attribute) => write!(f, "`{attribute}` may change"),
            Self::OnlyApply(attribute) => write!(f, "only the apply can tell whether `{attribute}` changes"),
            Self::IsDynamic(attribute) => write!(f, "`{attribute}` is in a dynamic block"),
            Self::DependsOn(attribute, why) => write!(f, "it depends on `{attribute}`: {why}"),
            Self::Region(why) => f.write_str(why),
        }
    }
}

impl<'g> Holds<'g> {
    pub(super) fn settled(holds: bool) -> Self {
        Self { truth: Truth::of(holds), why: None }
    }

    pub(super) fn open(why: Why<'g>) -> Self {
        Self { truth: Truth::Unknown, why: Some(why) }
    }

    pub(super) fn not(self) -> Self {
        Self { truth: !self.truth, ..self }
    }

    pub(super) fn join(self, other: Self, truth: fn(Truth, Truth) -> Truth) -> Self {
        let truth = truth(self.truth, other.truth);
        let why = if truth == Truth::Unknown { self.why.or(other.why) } else { None };
        Self { truth, why }
    }
}
