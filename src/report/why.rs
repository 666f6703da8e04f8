//! `grantlint why` for people.

use std::io::{self, Write};

use super::paint::{Paint, field};
use crate::source::Location;
use crate::why::{Considered, Place, Said, Why};

/// Writes one decision with everything that was considered for it; what decided stands behind an arrow.
///
/// # Errors
/// Those of `out`.
pub fn why(why: &Why, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let asked = format!("`{}` for `{}`", why.action, why.principal);
    writeln!(out, "{} {asked}: {}", paint.strong(why.decision), why.sentence)?;
    if let Some(hint) = &why.hint {
        writeln!(out, "{}", paint.care(hint))?;
    }
    writeln!(out)?;
    place(&why.target, paint, out)?;
    field(out, paint, "also in 1.1", &listed(&why.names_1))?;
    field(out, paint, "also in 5.0", &listed(&why.names_5))?;
    for (heading, all) in [("Grants", &why.grants), ("Service control policies", &why.guardrails)] {
        section(heading, all, paint, out)?;
    }
    if let Some(trust) = &why.trust {
        section("Trust policy of the agency", std::slice::from_ref(trust), paint, out)?;
    }
    if why.grants.is_empty() && why.trust.is_none() {
        writeln!(out, "\nthe principal has no grant")?;
    }
    Ok(())
}

fn listed(names: &[String]) -> Vec<String> {
    if names.is_empty() { Vec::new() } else { vec![names.join(", ")] }
}

fn place(place: &Place, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let said = |value: &Option<String>| vec![value.clone().unwrap_or_else(|| String::from("not said"))];
    field(out, paint, "region", &said(&place.region))?;
    field(out, paint, "IAM project", &said(&place.project))?;
    field(out, paint, "enterprise project", &said(&place.enterprise_project))?;
    field(out, paint, "resources", &listed(&place.resources))
}

fn section(heading: &str, all: &[Considered], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint.strong(heading))?;
    for considered in all {
        let bound = considered.bound.as_ref().map(|place| format!(" ({})", shown(place))).unwrap_or_default();
        let version = considered.version;
        let name = paint.kind(&considered.policy);
        writeln!(out, "  {name} {version}, for {}{}", considered.scope, paint.faint(&bound))?;
        for said in &considered.statements {
            statement(said, paint, out)?;
        }
        if considered.statements.is_empty() {
            writeln!(out, "      {}", paint.faint("no statement of it is about anything"))?;
        }
    }
    Ok(())
}

fn statement(said: &Said, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mark = if said.decides { "→" } else { " " };
    let number = said.statement.map(|number| format!("statement {number}, ")).unwrap_or_default();
    let pattern = said.pattern.as_ref().map(|pattern| format!(" by `{pattern}`")).unwrap_or_default();
    let at = said.location.as_ref().map(|place| format!("  {}", shown(place))).unwrap_or_default();
    let outcome = if said.decides { paint.strong(said.outcome) } else { said.outcome.to_owned() };
    writeln!(out, "    {mark} {number}{}: {outcome}{pattern}{}", said.effect, paint.faint(&at))?;
    match &said.reason {
        Some(reason) if said.outcome != "unrelated" => writeln!(out, "        {reason}"),
        Some(reason) => writeln!(out, "        {}", paint.faint(reason)),
        None => Ok(()),
    }
}

fn shown(place: &Location) -> String {
    format!("{}:{}:{}", place.path, place.line, place.column)
}
