//! `grantlint catalog info`

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::output::{Common, paint, tell};
use crate::explore::{Inventory, inventory};
use crate::nearest::nearest_few;
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
                None => return unknown(service, &inventory),
            }
        }
        let human = |human, out: &mut dyn std::io::Write| report::info(&inventory, self.services, paint(human), out);
        self.common.print(&Document { info: &inventory }, human, ExitCode::SUCCESS)
    }
}

fn unknown(service: &str, inventory: &Inventory) -> ExitCode {
    let codes = inventory.by_service.iter().map(|own| own.service.as_str());
    let near = nearest_few(service, codes, 3).iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(" or ");
    let near = if near.is_empty() {
        String::from("`grantlint catalog info --services` lists all")
    } else {
        format!("did you mean {near}?")
    };
    tell(&format!("error: the table knows no service `{service}`: {near}"));
    ExitCode::from(2)
}
