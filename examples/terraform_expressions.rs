//! Asks a real Terraform for the value of each expression of `fixtures/terraform-expressions/expressions.tsv` and writes
//! it behind the expression: as JSON, or `error` where Terraform refuses it.
//!
//! ```sh
//! cargo run --example terraform_expressions -- [TERRAFORM]
//! ```
//!
//! `TERRAFORM` is the program, `terraform` by default. It runs offline, in the folder of the table, which holds the
//! files that the expressions read. To add an expression, add a line with it alone and run this.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

fn main() -> Result<(), Box<dyn Error>> {
    let program = env::args().nth(1).unwrap_or_else(|| String::from("terraform"));
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/terraform-expressions");
    let path = folder.join("expressions.tsv");
    let version = run(&program, &folder, &["version"], "")?.unwrap_or_default();
    let mut table = format!("# {}\n", version.lines().next().unwrap_or_default());
    for line in fs::read_to_string(&path)?.lines() {
        if line.starts_with("# Terraform") || line.starts_with("# OpenTofu") {
            continue;
        }
        if line.starts_with('#') || line.is_empty() {
            writeln!(table, "{line}")?;
            continue;
        }
        let expression = line.split_once('\t').map_or(line, |(expression, _)| expression);
        let value = value(&program, &folder, expression)?;
        writeln!(table, "{expression}\t{}", value.as_deref().unwrap_or("error"))?;
    }
    // The program writes down that it holds no state.
    let state = folder.join("terraform.tfstate");
    if state.exists() {
        fs::remove_file(state)?;
    }
    Ok(fs::write(path, table)?)
}

/// The value of an expression as JSON; none where it is refused.
fn value(program: &str, folder: &Path, expression: &str) -> Result<Option<String>, Box<dyn Error>> {
    let Some(shown) = run(program, folder, &["console"], &format!("base64encode(jsonencode({expression}))\n"))? else {
        return Ok(None);
    };
    let json = STANDARD.decode(shown.trim().trim_matches('"')).map_err(|_| format!("{expression} is {shown}"))?;
    Ok(Some(String::from_utf8(json)?))
}

/// What the program prints; none where it ends with an error.
fn run(program: &str, folder: &Path, arguments: &[&str], input: &str) -> Result<Option<String>, Box<dyn Error>> {
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("CHECKPOINT_DISABLE", "1")
        .env_remove("TF_CLI_CONFIG_FILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if String::from_utf8_lossy(&output.stderr).contains("state lock") {
        return Err("another Terraform runs in the folder".into());
    }
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}
