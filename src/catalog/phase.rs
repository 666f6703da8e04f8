//! The moments of a Terraform resource's life in which the provider calls an API.

use std::fmt;
use std::str::FromStr;

/// When in the life of a Terraform resource a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// The resource is made.
    Create,
    /// The resource, or the data source, is read.
    Read,
    /// An attribute of the resource is changed in place.
    Update,
    /// The resource is destroyed.
    Delete,
    /// The resource is imported (the read that every import ends with is [`Phase::Read`]).
    Import,
}

impl Phase {
    /// Every phase, in the order of the enum.
    pub const ALL: [Self; 5] = [Self::Create, Self::Read, Self::Update, Self::Delete, Self::Import];

    /// The phase's name in `rules/terraform/`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Import => "import",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Phase {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|phase| phase.as_str() == text)
            .ok_or_else(|| format!("unknown phase `{text}`: write create, read, update, delete or import"))
    }
}
