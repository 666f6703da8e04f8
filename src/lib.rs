//! grantlint: will the identity that deploys this be allowed to do it?
//!
//! A static permission checker for Huawei Cloud. It reads deployment manifests and IAM policies, holds the operations
//! that the manifests cause against a permission table that is part of the program, and reports which grants are
//! missing, denied, or given in a scope where they take no effect. No network, no account.
//!
//! [`check()`] is the whole pipeline; the modules stand in the order in which data flows through them.

mod glob;
pub mod nearest;
pub mod severity;

pub mod catalog;

pub mod source;
pub mod syntax;

pub mod explore;

pub mod policy;

pub mod authz;

pub mod manifest;

pub mod config;

pub mod project;

pub mod lint;

pub mod report;

pub mod run;

pub mod cli;

use run::{Options, RunError};

use crate::report::Report;

/// Checks the paths of a run: from files to findings.
///
/// # Errors
/// [`RunError`] where the run itself cannot be done: a path that does not exist, a configuration with mistakes, an
/// unknown principal. A file that cannot be parsed is a finding.
pub fn check(options: &Options<'_>) -> Result<Report, RunError> {
    let config = run::configuration(options)?;
    let catalog = run::catalog(&config, options.working_directory)?;
    let walk = run::files(&config, options)?;
    let context = manifest::Context { catalog: &catalog, default_region: config.default_region.as_deref() };
    let mut inputs = project::read(&walk.files, &walk.problems, context, options.progress);
    let (deployers, unbound) = project::bind(&config, &mut inputs, &catalog, options.working_directory);
    run::check_principals(&deployers, options)?;
    let selection = run::selection(&config, options);
    let assessed = project::assess(&inputs.manifests.operations, &deployers, &catalog, config.account, &selection);
    let project = project::Project {
        catalog: &catalog,
        policies: &inputs.policies,
        deployers: &deployers,
        manifests: &inputs.manifests,
        broken_policies: &inputs.broken_policies,
        unbound: &unbound,
        assessed: &assessed,
        acceptance: run::acceptance(&config, options),
        suppressed: std::cell::Cell::new(0),
    };
    Ok(run::report(&project, &config, options, &inputs))
}
