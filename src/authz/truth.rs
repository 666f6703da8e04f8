//! Three-valued logic.

use std::sync::Arc;

/// Whether something holds, as far as the files say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    No,
    /// The files do not settle it.
    Unknown,
    /// It holds.
    Yes,
}

impl Truth {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Yes where `holds` is true, else No.
    pub fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

/// Whether something comes about, with what is open where that is not settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occurs {
    /// It does not.
    Never,
    /// It certainly does.
    Surely,
    /// It may; what that depends on.
    Perhaps(Arc<str>),
}

impl Occurs {
    /// Both come about.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            (Self::Perhaps(why), _) | (Self::Surely, Self::Perhaps(why)) => Self::Perhaps(why),
            (Self::Surely, Self::Surely) => Self::Surely,
        }
    }

    /// What is open about it; `None` where nothing is.
    pub fn open(self) -> Option<Arc<str>> {
        match self {
            Self::Perhaps(why) => Some(why),
            Self::Never | Self::Surely => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{No, Unknown, Yes};

    #[test]
    fn the_tables_of_three_valued_logic() {
        for (a, b, and, or) in [
            (Yes, Yes, Yes, Yes),
            (Yes, No, No, Yes),
            (No, No, No, No),
            (Yes, Unknown, Unknown, Yes),
            (No, Unknown, No, Unknown),
            (Unknown, Unknown, Unknown, Unknown),
        ] {
            assert_eq!((a.and(b), b.and(a), a.or(b), b.or(a)), (and, and, or, or), "{a:?} {b:?}");
        }
        assert_eq!((!Yes, !No, !Unknown), (No, Yes, Unknown));
    }
}
