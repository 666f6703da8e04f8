//! The statements that would mend a missing grant, ready to paste.

use crate::authz::Requirement;
use crate::catalog::Reach;

/// The statements that grant `requirements`, each with a word on the policy that it belongs into. Actions of global
/// services stand apart: one custom policy may not hold both kinds.
pub(super) fn to_add(requirements: &[&Requirement], is_identity: bool) -> String {
    let of = |is_global: bool| {
        let mut names: Vec<&str> = requirements
            .iter()
            .filter(|requirement| (requirement.reach == Reach::Global) == is_global)
            .flat_map(|requirement| names(requirement, is_identity))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let (regional, global) = (of(false), of(true));
    let both = !is_identity && !regional.is_empty() && !global.is_empty();
    let mut parts = Vec::new();
    for (names, kind) in [(regional, "project-level"), (global, "global")] {
        if !names.is_empty() {
            let lead = if both {
                format!("add to a policy for {kind} services:")
            } else {
                String::from("add this statement to a policy of the principal:")
            };
            parts.push(format!("{lead}\n{}", statement(&names)));
        }
    }
    parts.join("\n")
}

fn names(requirement: &Requirement, is_identity: bool) -> Vec<&str> {
    let names = if is_identity { &requirement.names_5 } else { &requirement.names_1 };
    if names.is_empty() { vec![&requirement.action] } else { names.iter().map(String::as_str).collect() }
}

/// One statement as JSON; a few actions stand on one line.
fn statement(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let one_line = quoted.join(", ");
    if one_line.len() <= 60 {
        return format!("{{ \"Effect\": \"Allow\", \"Action\": [{one_line}] }}");
    }
    format!("{{\n  \"Effect\": \"Allow\",\n  \"Action\": [\n    {}\n  ]\n}}", quoted.join(",\n    "))
}
