//! `catalog info` for people.

use std::io::{self, Write};

use crate::explore::{ExtensionFigures, Figures, Inventory, SourceDocument};
use crate::report::paint::{Paint, field, percent, table};

/// Writes figures; with `by_service` a table of all services too, and the documents that the inventory names.
///
/// # Errors
/// Those of `out`.
pub fn info(inventory: &Inventory, by_service: bool, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let title = inventory.service.as_ref().map_or_else(
        || format!("The permission table: {}", count(inventory.services, "service")),
        |service| format!("The permission table of {service}"),
    );
    writeln!(out, "{}", paint.strong(&title))?;
    figures(&inventory.figures, paint, out)?;
    if inventory.service.is_none() {
        field(out, paint, "conditions", &[format!("{} for `when`", count(inventory.when_codes, "code"))])?;
    }
    for extension in &inventory.extensions {
        field(out, paint, "extension", &[format!("{}: {}", paint.strong(&extension.file), added(extension))])?;
    }
    if by_service {
        writeln!(out)?;
        services(inventory, out)?;
    }
    if !inventory.documents.is_empty() {
        writeln!(out)?;
        let documents = inventory.documents.iter();
        let date = |document: &SourceDocument| document.date.clone().unwrap_or_else(|| String::from("undated"));
        let rows: Vec<Vec<String>> =
            documents.map(|document| vec![date(document), document.document.clone()]).collect();
        table(out, &rows, 2)?;
    }
    Ok(())
}

fn figures(figures: &Figures, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let Figures { apis, actions, terraform, operations, policies, sources } = figures;
    let mut lines = vec![
        count(apis.rows, "row"),
        format!("{} with actions of grammar 1.1", apis.with_actions),
        format!(
            "{} with actions of grammar 5.0, {} of them with no other",
            apis.with_identity_actions, apis.only_identity_actions
        ),
        format!("{} historical, {} deprecated", apis.historical, apis.deprecated),
    ];
    if apis.other_versions > 0 {
        lines.push(format!("and {} of other versions that say the same", count(apis.other_versions, "row")));
    }
    field(out, paint, "APIs", &lines)?;
    let lines = [
        format!("{} of grammar 1.1 and {} of grammar 5.0 that APIs need", actions.needed, actions.identity_needed),
        format!("{} of grammar 5.0 described on a page", actions.identity_described),
        format!("{} known without an API", actions.without_api),
    ];
    field(out, paint, "actions", &lines)?;
    let lines = [
        format!(
            "{} and {}, {} of them aliases",
            count(terraform.resources, "resource type"),
            count(terraform.data_sources, "data source"),
            terraform.aliases
        ),
        format!(
            "{}: {} ({}) have a row with an action",
            count(terraform.calls, "call"),
            terraform.calls_with_action,
            percent(terraform.calls_with_action, terraform.calls)
        ),
    ];
    field(out, paint, "Terraform", &lines)?;
    let lines = [
        format!("{} that call {}", operations.all, count(operations.apis, "different API")),
        format!(
            "{} ({}) have a row, {} ({}) one with an action",
            operations.with_row,
            percent(operations.with_row, operations.all),
            operations.with_action,
            percent(operations.with_action, operations.all)
        ),
    ];
    field(out, paint, "operations", &lines)?;
    let lines = [
        format!("{}, {} of them roles", policies.all, policies.roles),
        format!(
            "body known of {}, assumed from the name of {}, unknown of {}",
            policies.known, policies.assumed, policies.unknown
        ),
    ];
    field(out, paint, "system policies", &lines)?;
    let dates = match (&sources.oldest, &sources.newest) {
        (Some(oldest), Some(newest)) => format!(", from {oldest} to {newest}"),
        _ => String::new(),
    };
    let line = format!("{}{dates}, {} undated", count(sources.documents, "document"), sources.undated);
    field(out, paint, "sources", &[line])
}

fn added(extension: &ExtensionFigures) -> String {
    let parts = [
        (extension.apis, "API"),
        (extension.identity_actions, "described action"),
        (extension.terraform_types, "Terraform type"),
        (extension.operations, "operation"),
        (extension.when_codes, "`when` code"),
    ];
    let mut parts: Vec<String> =
        parts.into_iter().filter(|(number, _)| *number > 0).map(|(number, noun)| count(number, noun)).collect();
    match extension.policies {
        0 => {}
        1 => parts.push(String::from("1 policy")),
        more => parts.push(format!("{more} policies")),
    }
    let parts = if parts.is_empty() { String::from("nothing") } else { parts.join(", ") };
    match extension.overrides {
        0 => parts,
        1 => format!("{parts}; 1 takes the place of an older row"),
        more => format!("{parts}; {more} take the place of older rows"),
    }
}

/// The columns of a table of services: what `catalog info --services` and `docs/coverage.md` show.
pub(super) const COLUMNS: [&str; 11] =
    ["service", "APIs", "1.1", "5.0", "5.0 pages", "types", "calls", "with row", "operations", "with row", "policies"];

/// One row of a table of services.
pub fn cells(name: &str, figures: &Figures) -> Vec<String> {
    let Figures { apis, actions, terraform, operations, policies, .. } = figures;
    vec![
        name.to_owned(),
        apis.rows.to_string(),
        apis.with_actions.to_string(),
        apis.with_identity_actions.to_string(),
        actions.identity_described.to_string(),
        (terraform.resources + terraform.data_sources).to_string(),
        terraform.calls.to_string(),
        percent(terraform.calls_with_action, terraform.calls),
        operations.all.to_string(),
        percent(operations.with_row, operations.all),
        policies.all.to_string(),
    ]
}

fn services(inventory: &Inventory, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = vec![COLUMNS.map(str::to_owned).to_vec()];
    rows.extend(inventory.by_service.iter().map(|own| cells(&own.service, &own.figures)));
    table(out, &rows, 1)
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
