//! `grantlint why`: the trace behind one decision.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::ArgPredicate;

use super::options::options;
use super::output::{Common, paint, working_directory};
use super::variables::VariableOptions;
use crate::authz::{Context, Fact, NamedResource};
use crate::report;
use crate::why::Question;

/// What it is to assume an agency.
const ASSUME: &str = "sts:agencies:assume";

/// Show why a principal may or may not do something: every grant that was considered, and the statements that decided
#[derive(Debug, Args)]
pub(super) struct Why {
    /// Files and folders that hold the policies
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// The principal; may be left out where there is only one
    #[arg(long, value_name = "NAME")]
    principal: Option<String>,

    /// The action, such as `ims:images:copy`
    #[arg(
        long,
        value_name = "ACTION",
        required_unless_present = "agency",
        default_value_if("agency", ArgPredicate::IsPresent, ASSUME)
    )]
    action: Option<String>,

    /// The agency that it wants to assume, a principal of the configuration with `trust`; the principal may then be a
    /// cloud service, such as `service.ECS`
    #[arg(long, value_name = "NAME")]
    agency: Option<String>,

    /// The API that needs it, such as `POST /v1/cloudimages/{image_id}/copy`: APIs differ in the scopes that they honour
    #[arg(long, value_name = "API")]
    api: Option<String>,

    /// Where it acts; else the configuration's default region
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// The IAM project; else the default one of the region
    #[arg(long, value_name = "NAME")]
    project: Option<String>,

    /// The enterprise project by id or name; the default one is `0`
    #[arg(long, value_name = "ID")]
    enterprise_project: Option<String>,

    /// A resource, such as `bucket:logs` or `object:logs/2026/*`; may be given again
    #[arg(long, value_name = "TYPE:PATH", value_parser = resource)]
    resource: Vec<NamedResource>,

    /// The value of a condition key, such as `g:MFAPresent=true`; may be given again, for a key with several values
    /// too; `KEY=` says that requests do not have the key
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    context: Vec<(String, String)>,

    #[command(flatten)]
    variables: VariableOptions,

    #[command(flatten)]
    common: Common,
}

/// A resource by type and path, perhaps as the last two parts of the five that policies write.
fn resource(text: &str) -> Result<NamedResource, String> {
    let wrong = || format!("`{text}` is no resource: write its type and path, such as `bucket:logs`");
    let parts: Vec<&str> = text.splitn(5, ':').collect();
    let (kind, path) = match parts.as_slice() {
        [_, _, _, kind, path] => (*kind, (*path).to_owned()),
        [kind, rest @ ..] if !rest.is_empty() => (*kind, rest.join(":")),
        _ => return Err(wrong()),
    };
    if kind.is_empty() || path.is_empty() { Err(wrong()) } else { Ok(NamedResource { kind: kind.to_owned(), path }) }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE, such as g:MFAPresent=true")?;
    if !key.contains(':') {
        return Err(format!("`{key}` is no condition key: write it with its service, such as `g:MFAPresent`"));
    }
    Ok((key.to_owned(), value.to_owned()))
}

impl Why {
    /// Prints the trace. Exit code 0, or 2 where the question cannot be answered.
    pub(super) fn run(&self) -> ExitCode {
        let working_directory = working_directory();
        let variables = self.variables.variables();
        let options = options(&self.paths, &working_directory, self.common.config(), &variables);
        let question = Question {
            principal: self.principal.as_deref(),
            agency: self.agency.as_deref(),
            action: self.action.as_deref().unwrap_or(ASSUME),
            api: self.api.as_deref(),
            region: self.region.as_deref(),
            project: self.project.as_deref(),
            enterprise_project: self.enterprise_project.as_deref(),
            resources: &self.resource,
            context: self.facts(),
        };
        match crate::why(&options, &question) {
            Ok(why) => {
                let human = |human, out: &mut dyn std::io::Write| report::why(&why, paint(human), out);
                self.common.print(&why, human, ExitCode::SUCCESS)
            }
            Err(error) => self.common.fail(&error),
        }
    }

    fn facts(&self) -> Context {
        let mut values: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (key, value) in &self.context {
            let of_key = values.entry(key).or_default();
            of_key.extend(Some(value.clone()).filter(|value| !value.is_empty()));
        }
        values.into_iter().fold(Context::default(), |context, (key, values)| {
            context.with(key, if values.is_empty() { Fact::Absent } else { Fact::Values(values) })
        })
    }
}
