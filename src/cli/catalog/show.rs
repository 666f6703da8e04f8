//! `grantlint catalog show`

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use crate::cli::output::{Common, paint, tell};
use crate::explore::{Card, show};
use crate::report;

/// Show everything that the table knows of an action, an API, a Terraform type, an operation, a policy or a service
#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// What to show: `ims:images:copy`, `ims:images:*`, `POST /v1/…`, `huaweicloud_…`, `ims CreateImage/v2`, the name
    /// of a policy, the code of a service
    #[arg(value_name = "WORD", required = true)]
    words: Vec<String>,

    /// The service that is meant, where several share a name or a path
    #[arg(long, value_name = "CODE")]
    service: Option<String>,

    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct Document<'c> {
    cards: &'c [Card<'c>],
}

impl Show {
    pub(super) fn run(&self) -> ExitCode {
        let catalog = match self.common.catalog() {
            Ok(catalog) => catalog,
            Err(error) => return self.common.fail(&error),
        };
        match show(&catalog, &self.words, self.service.as_deref()) {
            Ok(cards) => {
                let human = |human, out: &mut dyn std::io::Write| report::cards(&cards, paint(human), out);
                self.common.print(&Document { cards: &cards }, human, ExitCode::SUCCESS)
            }
            Err(error) => {
                tell(&format!("error: {error}"));
                ExitCode::from(2)
            }
        }
    }
}
