//! `rules/policies/system.yaml`

use std::collections::BTreeSet;

use crate::Failure;
use crate::facts::{Facts, PolicyFact};
use crate::kept::{Kept, corrected_entries, source_ids};
use crate::sources::{Document, Sources};
use crate::yaml;

/// Names of services in the documents whose action prefix is another word.
const PREFIXES: [(&str, &str); 16] = [
    ("anti-ddos", "antiddos"),
    ("autoscaling", "as"),
    ("cloud eye", "ces"),
    ("config", "rms"),
    ("darts", "dayu"),
    ("dataarts studio", "dayu"),
    ("direct connect", "dcaas"),
    ("enterprise router", "er"),
    ("image recognition", "image"),
    ("nat gateway", "nat"),
    ("obs tenant", "obs"),
    ("roma connect", "roma"),
    ("vpcendpoint", "vpcep"),
    ("geminidb", "nosql"),
    ("smn", "smn"),
    ("base", "base"),
];

pub(crate) fn file(facts: &Facts, old: &str) -> Result<String, Failure> {
    let corrected = corrected_entries(old, "name");
    let asked = asked_for(facts);
    let mut policies: Vec<&PolicyFact> = facts.policies.iter().chain(&asked).collect();
    policies.sort_by_key(|policy| &policy.name);
    let mut sources = Sources::new(&Kept::read(old)?);
    let prefixes = action_prefixes(facts);
    let mut out = String::new();
    for policy in policies {
        match corrected.get(&policy.name) {
            Some(lines) => {
                out.push_str(lines);
                source_ids(lines).for_each(|id| sources.keep(&id));
            }
            None => entry(&mut out, policy, &prefixes, &mut sources),
        }
    }
    Ok(format!("{}policies:\n{out}", sources.to_yaml()))
}

/// The roles that pages of APIs ask for and that no list of roles has.
fn asked_for(facts: &Facts) -> Vec<PolicyFact> {
    let is_listed = |name: &str| {
        facts.policies.iter().any(|policy| policy.name == name || policy.old_name.as_deref() == Some(name))
    };
    let mut asked: Vec<PolicyFact> = Vec::new();
    for row in &facts.permissions {
        for fact in row.required_roles.iter().filter(|fact| !is_listed(&fact.role)) {
            if !asked.iter().any(|policy| policy.name == fact.role) {
                asked.push(PolicyFact {
                    name: fact.role.clone(),
                    internal_name: None,
                    old_name: None,
                    same_as: None,
                    r#type: "role".to_owned(),
                    service: fact.role.split(' ').next().unwrap_or_default().to_lowercase(),
                    allow: Vec::new(),
                    deny: Vec::new(),
                    depends: Vec::new(),
                    source: vec![Document::of(&row.source).place],
                    content_source: None,
                });
            }
        }
    }
    asked
}

fn entry(out: &mut String, policy: &PolicyFact, prefixes: &BTreeSet<String>, sources: &mut Sources) {
    yaml::push(out, format_args!("  - name: {}\n", yaml::block(&policy.name)));
    for (key, value) in
        [("internal_name", &policy.internal_name), ("old_name", &policy.old_name), ("same_as", &policy.same_as)]
    {
        if let Some(value) = value {
            yaml::push(out, format_args!("    {key}: {}\n", yaml::block(value)));
        }
    }
    yaml::push(out, format_args!("    kind: {}\n", policy.r#type));
    yaml::push(out, format_args!("    service: {}\n", yaml::block(&prefix_of(&policy.service))));
    yaml::list(out, 4, "allow", &actions(&policy.allow));
    // The base roles' Deny takes back what their Allow `*` says; it stops no other grant.
    let denied = if policy.r#type == "role" { "not_granted" } else { "deny" };
    yaml::list(out, 4, denied, &actions(&policy.deny));
    if policy.allow.is_empty() {
        yaml::list(out, 4, "assumed", &actions(&implied(policy, prefixes)));
    }
    let depends: Vec<String> = policy.depends.iter().map(|name| yaml::flow(name)).collect();
    yaml::list(out, 4, "depends", &depends);
    let document = policy.content_source.as_ref().or_else(|| policy.source.first());
    let document = Document::of_text(document.map_or("unknown", String::as_str));
    yaml::push(out, format_args!("    source: {}\n", sources.id(&document)));
}

/// Actions in three parts: grammar 1.0 knows shorter ones and names IAM `identity`.
fn actions(actions: &[String]) -> Vec<String> {
    let in_three_parts = actions.iter().map(|action| match action.as_str() {
        "*" => "*:*:*",
        "identity:*" => "iam:*:*",
        "identity:assume role" => "iam:agencies:assume",
        other => other,
    });
    in_three_parts.map(yaml::flow).collect()
}

/// The first segments, in lower case, of all actions that some document names.
fn action_prefixes(facts: &Facts) -> BTreeSet<String> {
    let rows = facts.permissions.iter().chain(&facts.without_api);
    let of_rows = rows.flat_map(|row| row.actions.iter().map(|fact| &fact.action));
    let identity = facts.identity.iter().map(|row| &row.action);
    of_rows.chain(identity).filter_map(|action| action.split(':').next()).map(str::to_lowercase).collect()
}

/// What a name certainly implies: a service whose action prefix is known and nothing else, and a
/// word for all or for reading.
fn implied(policy: &PolicyFact, prefixes: &BTreeSet<String>) -> Vec<String> {
    if policy.name == "FullAccess" {
        return vec!["*:*:*".to_owned()];
    }
    let Some((service, word)) = policy.name.rsplit_once(' ') else {
        return Vec::new();
    };
    let prefix = prefix_of(service);
    let is_whole_service = prefix == prefix_of(&policy.service) || service.eq_ignore_ascii_case("dew");
    if !is_whole_service || !prefixes.contains(&prefix) {
        return Vec::new();
    }
    match word {
        "FullAccess" | "Administrator" | "Admin" => vec![format!("{prefix}:*:*")],
        "ReadOnlyAccess" | "Viewer" => {
            vec![format!("{prefix}:*:get*"), format!("{prefix}:*:list*")]
        }
        _ => Vec::new(),
    }
}

fn prefix_of(service: &str) -> String {
    let lower = service.to_lowercase();
    PREFIXES.iter().find(|(name, _)| *name == lower).map_or(lower, |(_, prefix)| (*prefix).to_owned())
}
