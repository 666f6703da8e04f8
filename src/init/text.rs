//! The draft of a configuration as YAML with comments.

use std::fmt::{Display, Write};

use super::{Draft, HeldDraft};

/// What the principal is called until somebody gives it its own name.
const NAME: &str = "deployer";

/// How many names a comment lists.
const LISTED: usize = 8;

/// The configuration: what is sure stands in it, what has to be decided stands in comments. A check tells the same
/// with it, but for the name of the principal and for roles that depend on others, which it then knows not to be granted.
pub fn text(draft: &Draft) -> String {
    let mut lines = Lines::default();
    lines.put("# Who deploys what is below this folder, and with which grants. Put right what a look at the files cannot know.");
    lines.put("");
    account(draft, &mut lines);
    lines.put("");
    principals(draft, &mut lines);
    if !draft.trust.is_empty() {
        lines.put("");
        lines.put("# Trust policies say who may assume an agency: `trust: FILE` in the entry of an agency that deploys. Found:");
        lines.list("#   ", &draft.trust);
    }
    lines.put("");
    rest(&mut lines);
    lines.text
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn put(&mut self, line: impl Display) {
        // A text takes whatever is written to it.
        let _ = writeln!(self.text, "{line}");
    }

    /// The first of some names, one a line, and how many more there are.
    fn list(&mut self, before: &str, names: &[String]) {
        for name in names.iter().take(LISTED) {
            self.put(format_args!("{before}{}", scalar(name)));
        }
        let more = names.len().saturating_sub(LISTED);
        if more > 0 {
            self.put(format_args!("{before}and {more} more"));
        }
    }
}

fn account(draft: &Draft, lines: &mut Lines) {
    lines.put("account:");
    lines.put("  # The region of operations that name none.");
    let region = draft.regions.first().map_or("cn-north-4", String::as_str);
    lines.put(format_args!("  # default_region: {}", scalar(region)));
    lines.put("  # Whether the account has enabled enterprise projects; not known where it does not stand here.");
    if !draft.enterprise_projects.is_empty() {
        lines.put(format_args!("  # The manifests name {}.", flow(&draft.enterprise_projects)));
    }
    lines.put("  # enterprise_projects: true");
}

fn principals(draft: &Draft, lines: &mut Lines) {
    lines.put("# The identities that deploy, one entry each: users, groups, agencies.");
    if draft.held.is_empty() && !draft.policies.is_empty() {
        lines
            .put("# This one holds every policy that was found: give it its name, and take out what it does not hold.");
        lines.put("principals:");
        entry(NAME, &draft.policies, draft, "", lines);
        return;
    }
    if draft.held.is_empty() {
        lines.put("# No policy was found. Name policy files (relative to this one) or system-defined policies, as in");
        lines.put("# principals:");
        entry(NAME, &[String::from("iam/deployer.json"), String::from("IMS ReadOnlyAccess")], draft, "# ", lines);
        return;
    }
    lines.put("# As long as none stands here, those count that the manifests define, with the grants that they are given there,");
    lines.put("# and one more that holds the policies which nothing binds. Entries take their place:");
    lines.put("# principals:");
    let unbound = HeldDraft { name: NAME.to_owned(), policies: draft.policies.clone() };
    let all = draft.held.iter().chain((!unbound.policies.is_empty()).then_some(&unbound));
    all.for_each(|held| entry(&held.name, &held.policies, draft, "# ", lines));
}

fn entry(name: &str, policies: &[String], draft: &Draft, before: &str, lines: &mut Lines) {
    lines.put(format_args!("{before}  {}:", scalar(name)));
    lines.put(format_args!("{before}    grants:"));
    for (index, policy) in policies.iter().enumerate() {
        lines.put(format_args!("{before}      - policy: {}", scalar(policy)));
        if index == 0 {
            lines.put(format_args!("{before}        # For what it is granted; all is the widest. Narrower ones:"));
            for scope in scopes(draft) {
                lines.put(format_args!("{before}        # scope: {scope}"));
            }
        }
        lines.put(format_args!("{before}        scope: all"));
    }
    lines.put(format_args!("{before}    # The manifests that it deploys; left out: every one."));
    let globs: Vec<String> = draft.folders.iter().map(|folder| format!("{folder}/**")).collect();
    let globs = if globs.is_empty() { vec![String::from("deploy/**")] } else { globs };
    lines.put(format_args!("{before}    # deploys: {}", flow(&globs)));
    lines.put(format_args!("{before}    # What it does with them; left out: all three."));
    lines.put(format_args!("{before}    # phases: [plan, apply, destroy]"));
}

/// Scopes that a grant may have, with the names that the manifests use.
fn scopes(draft: &Draft) -> Vec<String> {
    let or = |names: &[String], example: &str| {
        if names.is_empty() { flow(&[example.to_owned()]) } else { flow(names) }
    };
    vec![
        format!("{{ regions: {} }}", or(&draft.regions, "cn-north-4")),
        format!("{{ enterprise_projects: {} }}", or(&draft.enterprise_projects, "prod")),
        String::from("{ projects: [cn-north-4_build] }"),
        String::from("global"),
    ]
}

fn rest(lines: &mut Lines) {
    for line in [
        "# Files that are not read.",
        "# exclude: [\"vendor/**\"]",
        "",
        "# Rules at another level than their own: error, warning, note or off. `unused-grant` is off unless it stands here.",
        "# rules:",
        "#   unused-grant: note",
        "",
        "# Findings that are accepted; each part that is given has to match.",
        "# ignore:",
        "#   - rule: missing-grant",
        "#     action: \"kms:*\"",
        "#     reason: \"the key is managed by another team\"",
        "#     expires: 2027-06-30",
    ] {
        lines.put(line);
    }
}

/// A list on one line.
fn flow(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| scalar(name)).collect();
    format!("[{}]", shown.join(", "))
}

/// A text as YAML: plain where nothing in it can mean something else. What JSON writes is YAML too.
fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let begins_plain = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_word = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str());
    let is_plain = begins_plain && !is_word && text.chars().all(is_plain);
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_where_it_could_mean_something_else() {
        for (text, expected) in [
            ("iam/a-b.json", "iam/a-b.json"),
            ("huaweicloud_identity_policy.x[0]", "\"huaweicloud_identity_policy.x[0]\""),
            ("IMS ReadOnlyAccess", "\"IMS ReadOnlyAccess\""),
            ("no", "\"no\""),
            ("1.0", "\"1.0\""),
            ("a: b # c\n", "\"a: b # c\\n\""),
            ("", "\"\""),
        ] {
            assert_eq!(scalar(text), expected);
        }
    }
}
