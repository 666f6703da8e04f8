//! Writes `docs/coverage.md`: how much the permission table holds of each service.
//!
//! `cargo run --example coverage` writes it; with `--check` it only tells whether the file is up to date.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use grantlint::catalog::Catalog;
use grantlint::explore::{Figures, Inventory, inventory};
use grantlint::report::percent;

fn main() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/coverage.md");
    let page = page(&inventory(&Catalog::embedded()))?;
    if std::env::args().any(|argument| argument == "--check") {
        if std::fs::read_to_string(&path)? != page {
            return Err("docs/coverage.md is not up to date: run `cargo run --example coverage`".into());
        }
        return Ok(());
    }
    std::fs::write(path, page)?;
    Ok(())
}

fn page(inventory: &Inventory) -> Result<String, std::fmt::Error> {
    let Figures { apis, actions, terraform, operations, policies, sources } = &inventory.figures;
    let mut page = String::from("# What the permission table holds\n\n");
    page.push_str("`cargo run --example coverage` writes this page from `rules/`; `grantlint catalog info` prints the same figures.\n\n");
    page.push_str("| | |\n| --- | --- |\n");
    let mut line = |what: &str, text: String| writeln!(page, "| {what} | {text} |");
    line("services", inventory.services.to_string())?;
    line(
        "API rows",
        format!(
            "{}: {} with actions of grammar 1.1, {} with actions of grammar 5.0 ({} with no other), {} from old pages only, {} deprecated",
            apis.rows,
            apis.with_actions,
            apis.with_identity_actions,
            apis.only_identity_actions,
            apis.historical,
            apis.deprecated
        ),
    )?;
    line(
        "actions",
        format!(
            "{} of grammar 1.1 and {} of grammar 5.0 that APIs need, {} of grammar 5.0 described, {} known without an API",
            actions.needed, actions.identity_needed, actions.identity_described, actions.without_api
        ),
    )?;
    line(
        "Terraform",
        format!(
            "{} resource types and {} data sources, {} of them aliases",
            terraform.resources, terraform.data_sources, terraform.aliases
        ),
    )?;
    line(
        "their calls",
        format!(
            "{}, of which {} ({}) have a row with an action",
            terraform.calls,
            terraform.calls_with_action,
            percent(terraform.calls_with_action, terraform.calls)
        ),
    )?;
    line(
        "operations of SDKs and KooCLI",
        format!(
            "{} that call {} different APIs; {} ({}) have a row",
            operations.all,
            operations.apis,
            operations.with_row,
            percent(operations.with_row, operations.all)
        ),
    )?;
    line(
        "system-defined policies and roles",
        format!(
            "{}: body known of {}, assumed from the name of {}, unknown of {}",
            policies.all, policies.known, policies.assumed, policies.unknown
        ),
    )?;
    let dates = sources.oldest.as_deref().zip(sources.newest.as_deref());
    let dates = dates.map(|(oldest, newest)| format!(", from {oldest} to {newest}")).unwrap_or_default();
    line("documents", format!("{}{dates}; {} without a date", sources.documents, sources.undated))?;
    services(inventory, &mut page)?;
    Ok(page)
}

/// The services of which the table has rows; the others only lend their names to system-defined policies.
fn services(inventory: &Inventory, page: &mut String) -> std::fmt::Result {
    page.push_str(
        "\n## By service\n\n\
        | service | API rows | 1.1 | 5.0 | 5.0 described | Terraform types | calls with an action | operations | with a row |\n\
        | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for own in &inventory.by_service {
        let Figures { apis, actions, terraform, operations, .. } = &own.figures;
        let types = terraform.resources + terraform.data_sources;
        if apis.rows + actions.identity_described + types + operations.all == 0 {
            continue;
        }
        writeln!(
            page,
            "| {} | {} | {} | {} | {} | {types} | {} | {} | {} |",
            own.service,
            apis.rows,
            apis.with_actions,
            apis.with_identity_actions,
            actions.identity_described,
            percent(terraform.calls_with_action, terraform.calls),
            operations.all,
            percent(operations.with_row, operations.all)
        )?;
    }
    Ok(())
}
