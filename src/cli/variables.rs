//! `--var`, `--var-file` and `TF_VAR_…`: what Terraform is given for variables.

use std::path::PathBuf;

use clap::Args;

use crate::manifest::Variables;

/// The environment's values begin so.
const PREFIX: &str = "TF_VAR_";

/// What Terraform is given for the variables of root modules.
#[derive(Debug, Args)]
pub(super) struct VariableOptions {
    /// Value of a Terraform variable, as `terraform plan` takes it; may be given again. `TF_VAR_NAME` in the environment
    /// counts too
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    var: Vec<(String, String)>,

    /// File of values for Terraform variables, as `terraform plan` takes it; may be given again
    #[arg(long, value_name = "FILE")]
    var_file: Vec<PathBuf>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.trim().is_empty());
    let (name, value) = pair.ok_or("write NAME=VALUE, such as region=cn-north-4")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

impl VariableOptions {
    /// The values, with those of the environment.
    pub(super) fn variables(&self) -> Variables {
        let named = |(name, value): (String, String)| Some((name.strip_prefix(PREFIX)?.to_owned(), value));
        let of_environment =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Variables {
            files: self.var_file.clone(),
            values: self.var.clone(),
            environment: of_environment.filter_map(named).collect(),
        }
    }
}
