//! grantlint: will the identity that deploys this be allowed to do it?
//!
//! A static permission checker for Huawei Cloud. It reads deployment manifests and IAM policies, holds the operations
//! that the manifests cause against a permission table that is part of the program, and reports which grants are
//! missing, denied, or given in a scope where they take no effect. No network, no account.
//!
//! [`check()`] is the whole pipeline; the modules stand in the order in which data flows through them.

mod glob;
pub mod nearest;
mod parallel;
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

pub mod fix;

pub mod lint;

pub mod why;

pub mod explain;

pub mod require;

pub mod init;

pub mod review;

pub mod report;

pub mod baseline;

pub mod run;

pub mod cli;

use run::{Options, RunError};

use crate::report::Report;

/// What so many files hold is worth a thread.
const MANY: usize = 64;

/// Checks the paths of a run: from files to findings.
///
/// # Errors
/// [`RunError`] where the run itself cannot be done: a path that does not exist, a configuration with mistakes, an
/// unknown principal. A file that cannot be parsed is a finding.
pub fn check(options: &Options<'_>) -> Result<Report, RunError> {
    let config = run::configuration(options)?;
    let baseline = run::baseline(options)?;
    let catalog = run::catalog(&config, options.disk())?;
    let (inputs, project::Bound { deployers, unbound, agencies }) = run::read(&config, &catalog, options)?;
    run::check_principals(&deployers, options.principals)?;
    let selection = run::selection(&config, options);
    let assessed = project::assess(&inputs.manifests, &deployers, &catalog, config.account, &selection);
    let project = project::Project {
        catalog: &catalog,
        policies: &inputs.policies,
        deployers: &deployers,
        manifests: &inputs.manifests,
        agencies: &agencies,
        broken_policies: &inputs.broken_policies,
        unbound: &unbound,
        assessed: &assessed,
        acceptance: run::acceptance(&config, options, &inputs),
    };
    let change = run::Change::of(options, &config, &inputs, &project)?;
    let mut report = run::report(&project, &config, options, (&inputs, baseline, change));
    report.review =
        options.review.then(|| Box::new(review::review(&project, config.account, &selection, options.today)));
    let files = inputs.files;
    parallel::discard((inputs, assessed), files, MANY);
    Ok(report)
}

/// Mends what can be mended safely, in memory: what the files would hold then, and what a check would find.
///
/// # Errors
/// [`RunError`] as for [`check()`].
pub fn fix(options: &Options<'_>) -> Result<run::Fixed, RunError> {
    run::fix(options, check)
}

/// Reads one of several runs' share of the paths, for [`check()`] to tell of all shares together.
///
/// # Errors
/// [`RunError`] as for [`check()`].
pub fn gather(options: &Options<'_>, shard: run::Shard) -> Result<run::Part, RunError> {
    run::gather(options, shard)
}

/// Collects what the manifests of the paths need: all of them, or those that one principal deploys.
///
/// # Errors
/// [`RunError`] as for [`check()`].
pub fn require(options: &Options<'_>, wish: require::Wish<'_>) -> Result<require::Required, RunError> {
    let config = run::configuration(options)?;
    let catalog = run::catalog(&config, options.disk())?;
    let (inputs, project::Bound { deployers, .. }) = run::read(&config, &catalog, options)?;
    if let Some(name) = wish.principal {
        run::deployer(&deployers, name)?;
    }
    let selection = run::selection(&config, options);
    let share = project::share(&inputs.manifests, (&deployers, wish.principal), &catalog, config.account, &selection);
    Ok(require::require(&share, wish, options.phases, &catalog))
}

/// Drafts a configuration for the paths, as if there were none.
///
/// # Errors
/// [`RunError`] as for [`check()`].
pub fn init(options: &Options<'_>) -> Result<init::Draft, RunError> {
    let config = config::Config { root: options.working_directory.to_owned(), ..config::Config::default() };
    let (inputs, bound) = run::read(&config, &catalog::Catalog::embedded(), options)?;
    Ok(init::draft(&inputs, &bound))
}

/// Explains one decision: what a principal of the paths' project may do, and which statements say so.
///
/// # Errors
/// [`RunError`] as for [`check()`], and where the principal is not named and there are several.
pub fn why(options: &Options<'_>, question: &why::Question<'_>) -> Result<why::Why, RunError> {
    let config = run::configuration(options)?;
    let catalog = run::catalog(&config, options.disk())?;
    let (_, project::Bound { deployers, .. }) = run::read(&config, &catalog, options)?;
    let target = question.target(config.default_region.as_deref());
    let requirement = question.requirement(&catalog, config.account)?;
    let request = authz::Request { requirement: &requirement, target: &target };
    let agency = question.agency.map(|name| run::principal(&deployers, Some(name))).transpose()?;
    let answer = if let (Some(agency), Some(service)) = (agency, question.service()) {
        why::why_assume(request, authz::Asker::Service(service), agency)
    } else {
        let mut principal = run::principal(&deployers, question.principal)?.clone();
        principal.context = question.context.clone().or(&principal.context);
        match agency {
            Some(agency) => why::why_assume(request, authz::Asker::Principal(&principal), agency),
            None => why::why(request, &principal),
        }
    };
    Ok(why::Why { hint: question.hint(&catalog), ..answer })
}
