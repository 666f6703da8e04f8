//! What is needed as a table, by action, by resource or by service.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::{counted, word};
use crate::explain::Purpose;
use crate::report::paint::{Paint, table};
use crate::require::{Action, Required, Role, Summary, Use};
use crate::source::Location;

/// So many uses of one action are shown.
const SHOWN: usize = 8;

/// What stands together in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// What needs an action.
    Action,
    /// What a resource needs.
    Resource,
    /// What of a service is needed.
    Service,
}

/// Writes what is needed.
///
/// # Errors
/// Those of `out`.
pub fn required(required: &Required, group_by: GroupBy, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    match group_by {
        GroupBy::Action => by_action(required, paint, out)?,
        GroupBy::Resource => by_resource(required, paint, out)?,
        GroupBy::Service => by_service(required, paint, out)?,
    }
    writeln!(out, "{}", sum(&required.summary))
}

/// How much is needed.
fn sum(summary: &Summary) -> String {
    let Summary { needed, sometimes, dependencies, checked, .. } = *summary;
    let kinds = [(needed, "needed"), (sometimes, "possible"), (dependencies, "dependencies")];
    let kinds: Vec<String> =
        kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let kinds = if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
    let actions = counted(needed + sometimes + dependencies, "action");
    format!("{actions}{kinds} of {}", counted(checked, "operation"))
}

fn by_action(required: &Required, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for action in &required.actions {
        writeln!(out, "{}  {}", paint.strong(&action.action), paint.kind(word(action.purpose)))?;
        let notes = notes_of(action, required);
        uses(&action.uses, action.purpose, &notes, paint, out)?;
    }
    for role in &required.roles {
        writeln!(out, "{}  {}", paint.strong(&named(role)), paint.kind("role"))?;
        uses(&role.uses, Purpose::Needed, &[], paint, out)?;
    }
    Ok(())
}

/// The uses of one action or role, which is needed for some purpose, and what else is to be said of it.
fn uses(uses: &[Use], purpose: Purpose, notes: &[String], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let (shown, rest) = uses.split_at_checked(SHOWN).unwrap_or((uses, &[]));
    let cell = |used: &Use| {
        // What is only possible says so itself.
        let is_weaker = purpose != Purpose::Dependency && used.purpose == Purpose::Dependency;
        let weaker = is_weaker.then(|| word(used.purpose).to_owned());
        let remarks: Vec<String> = weaker.into_iter().chain(remarks(used)).collect();
        vec![String::from(" "), phase(used), subject(used), used.api.clone().unwrap_or_default(), remarks.join("; ")]
    };
    table(out, &shown.iter().map(cell).collect::<Vec<_>>(), usize::MAX)?;
    if !rest.is_empty() {
        let more = format!("   and {} more: `--group-by resource` and `--format json` have all", rest.len());
        writeln!(out, "{}", paint.faint(&more))?;
    }
    for note in notes {
        writeln!(out, "   {}", paint.care(note))?;
    }
    writeln!(out)
}

fn by_resource(required: &Required, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut resources: BTreeMap<(&Location, Option<&str>), Vec<Vec<String>>> = BTreeMap::new();
    for (name, used) in all_uses(required) {
        let row = vec![
            String::from(" "),
            phase(used),
            name,
            word(used.purpose).to_owned(),
            used.api.clone().unwrap_or_default(),
            remarks(used).collect::<Vec<_>>().join("; "),
        ];
        resources.entry((&used.location, used.resource.as_deref())).or_default().push(row);
    }
    for ((location, resource), rows) in resources {
        let name = resource.unwrap_or("listed by hand");
        writeln!(out, "{}  {}", paint.strong(name), paint.faint(&shown(location)))?;
        table(out, &rows, usize::MAX)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Every use of an action or a role, with its name.
fn all_uses(required: &Required) -> impl Iterator<Item = (String, &Use)> {
    let of_actions =
        required.actions.iter().flat_map(|action| action.uses.iter().map(|used| (action.action.clone(), used)));
    let of_roles = required
        .roles
        .iter()
        .flat_map(|role| role.uses.iter().map(move |used| (format!("the role {}", named(role)), used)));
    of_actions.chain(of_roles)
}

fn by_service(required: &Required, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut services: BTreeMap<&str, Vec<&Action>> = BTreeMap::new();
    for action in &required.actions {
        services.entry(&action.service).or_default().push(action);
    }
    for (service, actions) in services {
        let reach = actions.first().map_or("unknown", |action| action.reach);
        let reach = if reach == "unknown" { "whether it is global is not documented" } else { reach };
        writeln!(out, "{}  {}", paint.strong(service), paint.faint(reach))?;
        let rows: Vec<Vec<String>> = actions.iter().map(|action| service_row(action, required)).collect();
        table(out, &rows, usize::MAX)?;
        writeln!(out)?;
    }
    for role in &required.roles {
        writeln!(out, "{}  {}\n", paint.strong(&named(role)), paint.kind("role"))?;
    }
    Ok(())
}

fn service_row(action: &Action, required: &Required) -> Vec<String> {
    let phases: BTreeSet<String> = action.uses.iter().map(phase).collect();
    let causes: BTreeSet<(&Location, Option<&str>)> =
        action.uses.iter().map(|used| (&used.location, used.resource.as_deref())).collect();
    let phases: Vec<String> = phases.into_iter().filter(|phase| phase != "-").collect();
    vec![
        String::from(" "),
        action.action.clone(),
        word(action.purpose).to_owned(),
        phases.join(", "),
        counted(causes.len(), "place"),
        notes_of(action, required).join("; "),
    ]
}

/// What is to be said of an action whatever needs it.
fn notes_of(action: &Action, required: &Required) -> Vec<String> {
    let rights = required.more_rights.iter().filter(|rights| {
        let names = rights.grammar.names(&action.names);
        names.iter().any(|name| name.eq_ignore_ascii_case(&rights.name))
    });
    let lets: BTreeSet<&String> = rights.flat_map(|rights| &rights.lets).collect();
    lets.into_iter().map(|lets| format!("lets its holder {lets}")).collect()
}

fn named(role: &Role) -> String {
    role.any.join(" or ")
}

fn phase(used: &Use) -> String {
    used.phase.unwrap_or("-").to_owned()
}

/// The resource, and where it stands.
fn subject(used: &Use) -> String {
    let at = shown(&used.location);
    used.resource.as_ref().map_or_else(|| at.clone(), |resource| format!("{resource} ({at})"))
}

/// What is open about a use, and in which scopes a grant does not count.
fn remarks(used: &Use) -> impl Iterator<Item = String> {
    let open = used.open.as_ref().map(|open| format!("possible: {open}"));
    let scopes = [
        (used.scopes.enterprise_project, "not through enterprise projects"),
        (used.scopes.project, "not through IAM projects"),
    ];
    let scopes = scopes.into_iter().filter(|(honoured, _)| *honoured == Some(false)).map(|(_, text)| text.to_owned());
    open.into_iter().chain(scopes)
}

fn shown(location: &Location) -> String {
    format!("{}:{}:{}", location.path, location.line, location.column)
}
