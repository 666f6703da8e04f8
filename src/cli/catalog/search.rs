//! `grantlint catalog search`

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::cli::output::{Common, paint, tell};
use crate::explore::{Found, ItemKind, search};
use crate::report;

/// Find names in the table; all words have to fit, in any order, and slips are allowed
#[derive(Debug, Args)]
pub(in crate::cli) struct Search {
    /// Words to find
    #[arg(value_name = "TEXT", required = true)]
    words: Vec<String>,

    /// Find names of this kind only; may be given again
    #[arg(long, value_enum, value_delimiter = ',')]
    kind: Vec<Kind>,

    /// How many names to show
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,

    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Service,
    Action,
    Api,
    Resource,
    DataSource,
    Operation,
    Policy,
    Role,
}

impl From<Kind> for ItemKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Service => Self::Service,
            Kind::Action => Self::Action,
            Kind::Api => Self::Api,
            Kind::Resource => Self::Resource,
            Kind::DataSource => Self::DataSource,
            Kind::Operation => Self::Operation,
            Kind::Policy => Self::Policy,
            Kind::Role => Self::Role,
        }
    }
}

#[derive(Serialize)]
struct Document<'f> {
    search: &'f Found,
}

impl Search {
    pub(super) fn run(&self) -> ExitCode {
        let catalog = match self.common.catalog() {
            Ok(catalog) => catalog,
            Err(error) => return self.common.fail(&error),
        };
        let kinds: Vec<ItemKind> = self.kind.iter().copied().map(ItemKind::from).collect();
        let found = search(&catalog, &self.words.join(" "), &kinds, self.limit);
        let code = u8::from(found.total == 0);
        if found.total == 0 {
            tell(&format!("nothing fits `{}`: try fewer or shorter words{}", found.query, self.narrowed()));
        }
        let human = |human, out: &mut dyn std::io::Write| report::found(&found, paint(human), out);
        self.common.print(&Document { search: &found }, human, ExitCode::from(code))
    }

    fn narrowed(&self) -> &'static str {
        if self.kind.is_empty() { "" } else { ", or leave `--kind` out" }
    }
}
