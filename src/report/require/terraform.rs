//! Policies of version 1.1 as resources of the Terraform provider.

use std::io::{self, Write};

use crate::require::{Level, Policies, Ready};

/// The longest display name of a custom policy, in characters.
const LONGEST_NAME: usize = 64;

/// Writes a `huaweicloud_identity_role` for each policy; `owner` is who is to hold them.
///
/// # Errors
/// Those of `out`.
pub fn terraform(policies: &Policies, owner: &str, out: &mut dyn Write) -> io::Result<()> {
    for (index, policy) in policies.policies.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        role(policy, owner, out)?;
    }
    Ok(())
}

fn role(policy: &Ready, owner: &str, out: &mut dyn Write) -> io::Result<()> {
    // Global services are granted in the account ("AX"), all others in projects ("XA").
    let (kind, services) = match policy.level {
        Level::Global => ("AX", "Global services"),
        Level::ProjectLevel | Level::Identity => ("XA", "Project-level services"),
    };
    for lets in &policy.lets {
        writeln!(out, "# For administrators only: lets its holder {lets}.")?;
    }
    writeln!(out, "resource \"huaweicloud_identity_role\" \"{}\" {{", label(owner, &policy.name))?;
    writeln!(out, "  name        = {}", quoted(&display_name(owner, &policy.name)))?;
    writeln!(out, "  description = {}", quoted(&format!("{services}, made by grantlint require")))?;
    writeln!(out, "  type        = \"{kind}\"")?;
    writeln!(out, "  policy = jsonencode({{")?;
    writeln!(out, "    Version = {}", quoted(policy.document.version))?;
    writeln!(out, "    Statement = [")?;
    for statement in &policy.document.statement {
        writeln!(out, "      {{")?;
        writeln!(out, "        Effect = {}", quoted(statement.effect))?;
        writeln!(out, "        Action = [")?;
        for action in &statement.action {
            writeln!(out, "          {},", quoted(action))?;
        }
        writeln!(out, "        ]")?;
        writeln!(out, "      }},")?;
    }
    writeln!(out, "    ]")?;
    writeln!(out, "  }})")?;
    writeln!(out, "}}")
}

/// A text of HCL in which nothing is a template.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{"))
}

/// The label of the resource: an identifier.
fn label(owner: &str, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let label: String = format!("{owner}_{name}").chars().map(plain).collect();
    if label.starts_with(|c: char| c.is_ascii_alphabetic()) { label } else { format!("p_{label}") }
}

/// The display name, in letters, digits and `-_`; of a long one the policy's own name counts.
fn display_name(owner: &str, name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
    let room = LONGEST_NAME.saturating_sub(name.chars().count() + 1);
    let owner: String = owner.chars().map(plain).take(room).collect();
    format!("{owner}-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_iam_and_terraform_take() {
        assert_eq!(label("image deployer", "global-2"), "image_deployer_global_2");
        assert_eq!(label("部署", "global"), "p____global");
        assert_eq!(display_name("image deployer", "global"), "image-deployer-global");
        let long = display_name(&"a".repeat(100), "object-storage-project-level");
        assert!(long.chars().count() == LONGEST_NAME && long.ends_with("-object-storage-project-level"));
    }

    #[test]
    fn a_text_is_no_template() {
        assert_eq!(quoted("a\"${b}%{c}\\"), r#""a\"$${b}%%{c}\\""#);
    }
}
