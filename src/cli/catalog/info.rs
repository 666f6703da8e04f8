//! `grantlint catalog info`

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use crate::catalog::Catalog;
use crate::cli::output::{Common, paint, tell};
use crate::explore::{Inventory, inventory, near_service};
use crate::report;

/// Tell how much the table holds, and from which sources
#[derive(Debug, Args)]
pub(in crate::cli) struct Info {
    /// Only the figures of this service
    #[arg(long, value_name = "CODE")]
    service: Option<String>,

    /// A table of all services too
    #[arg(long, conflicts_with = "service")]
    services: bool,

    /// The documents that the rows come from too, with their dates
    #[arg(long)]
    sources: bool,

    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct Document<'i> {
    info: &'i Inventory,
}

impl Info {
    pub(super) fn run(&self) -> ExitCode {
        let catalog = match self.common.catalog() {
            Ok(catalog) => catalog,
            Err(error) => return self.common.fail(&error),
        };
        let mut inventory = inventory(&catalog);
        if let Some(service) = &self.service {
            match inventory.of(service) {
                Some(own) => inventory = own,
                None => return unknown(service, &catalog),
            }
        }
        if !self.sources {
            inventory.documents.clear();
        }
        let human = |human, out: &mut dyn std::io::Write| report::info(&inventory, self.services, paint(human), out);
        self.common.print(&Document { info: &inventory }, human, ExitCode::SUCCESS)
    }
}

fn unknown(service: &str, catalog: &Catalog) -> ExitCode {
    let near = match near_service(catalog, service) {
        Some(near) => format!("did you mean `{near}`?"),
        None => String::from("`grantlint catalog info --services` lists all"),
    };
    tell(&format!("error: the table knows no service `{service}`: {near}"));
    ExitCode::from(2)
}
