//! The statements that would mend a missing grant, ready to paste.

use crate::authz::Requirement;
use crate::catalog::Reach;
use crate::nearest::listed;

/// The statements that grant `requirements`, each with a word on the policy that it belongs into; `None` where there is
/// nothing to grant. Actions of global services stand apart: one custom policy may not hold both kinds.
pub(super) fn to_add(requirements: &[&Requirement], is_identity: bool) -> Option<String> {
    let (known, unknown): (Vec<&Requirement>, Vec<&Requirement>) =
        requirements.iter().partition(|requirement| !requirement.names(is_identity).is_empty());
    let of = |is_global: bool| {
        let mut names: Vec<&str> = known
            .iter()
            .filter(|requirement| (requirement.reach == Reach::Global) == is_global)
            .flat_map(|requirement| requirement.names(is_identity))
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
    if !unknown.is_empty() {
        let names: Vec<&str> = unknown.iter().map(|requirement| requirement.action.as_str()).collect();
        let version = if is_identity { "identity policies (5.0)" } else { "policies of version 1.1" };
        parts.push(format!("the table does not know how {version} name {}", listed(&names)));
    }
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// One statement as JSON; a few actions stand on one line.
pub(crate) fn statement(names: &[&str]) -> String {
    let one_line = names.join("\", \"");
    if one_line.len() + 2 <= 60 {
        return format!("{{ \"Effect\": \"Allow\", \"Action\": [\"{one_line}\"] }}");
    }
    let lines = names.join("\",\n    \"");
    format!("{{\n  \"Effect\": \"Allow\",\n  \"Action\": [\n    \"{lines}\"\n  ]\n}}")
}
