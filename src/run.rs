//! The steps of a run that only join the rooms together: its options, its errors, its report.

mod change;
mod extent;
mod fix;
mod joined;
mod report;
mod shard;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use thiserror::Error;

use crate::authz::Principal;
use crate::baseline::Baseline;
use crate::catalog::{Catalog, Phase};
use crate::config::{Config, ConfigError};
use crate::lint::rule_names;
use crate::manifest;
use crate::nearest::{listed, suggestion};
use crate::project::{self, Bound, Deployer, Inputs, Selection};
use crate::severity::Level;
use crate::source::{self, Disk, Record, Walk, WalkError, WalkProblem};
use crate::why::QuestionError;

pub(crate) use change::Change;
pub(crate) use extent::acceptance;
pub(crate) use fix::fix;
pub use fix::{Fixed, FixedFile};
pub use joined::Joined;
pub(crate) use report::report;
pub(crate) use shard::gather;
pub use shard::{Part, Reading, Shard};
pub(crate) use table::{catalog, extend, extensions};

/// What a run is asked to do.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Files and folders, relative to the working directory.
    pub paths: &'a [PathBuf],
    /// The folder that shown paths are relative to.
    pub working_directory: &'a Path,
    /// The configuration, where it is not to be looked for.
    pub config: Option<&'a Path>,
    /// The principals; none: all.
    pub principals: &'a [String],
    /// The phases of resources.
    pub phases: &'a [Phase],
    /// The rules that run; none: all that are not off.
    pub select: &'a [String],
    /// Rules that do not run.
    pub ignore: &'a [String],
    /// Levels that win over the configuration's.
    pub levels: &'a BTreeMap<String, Level>,
    /// The day (in UTC) by which `expires` is judged, and before which no request is made.
    pub today: Date,
    /// A file of findings that do not count.
    pub baseline: Option<&'a Path>,
    /// The files that changed, where only what they can affect is to be told.
    pub changed: Option<&'a [PathBuf]>,
    /// Which files are read, and who holds them.
    pub reading: Reading<'a>,
    /// Texts that count instead of what files hold.
    pub buffers: &'a source::Buffers,
    /// The report counts what makes files be refused.
    pub faults: bool,
    /// The report holds a review too, which takes its time.
    pub review: bool,
    /// What Terraform is given for variables.
    pub variables: &'a manifest::Variables,
    /// Called from any thread with the number of files read since the last call; with 0 where other work went on.
    pub progress: &'a (dyn Fn(usize) + Sync),
}

impl<'a> Options<'a> {
    /// All rules and principals over all phases, with the nearest configuration and without values for variables.
    pub fn of(paths: &'a [PathBuf], working_directory: &'a Path, today: Date) -> Self {
        static NO_LEVELS: BTreeMap<String, Level> = BTreeMap::new();
        static NO_VARIABLES: manifest::Variables =
            manifest::Variables { files: Vec::new(), values: Vec::new(), environment: Vec::new() };
        Self {
            paths,
            working_directory,
            config: None,
            principals: &[],
            phases: &Phase::ALL,
            select: &[],
            ignore: &[],
            levels: &NO_LEVELS,
            today,
            baseline: None,
            changed: None,
            reading: Reading::Whole,
            buffers: Disk::of(working_directory).buffers,
            faults: false,
            review: false,
            variables: &NO_VARIABLES,
            progress: &|_| {},
        }
    }

    /// The disk as this run sees it.
    pub(crate) fn disk(&self) -> Disk<'a> {
        let record = match self.reading {
            Reading::Whole => Record::Unkept,
            Reading::Share(_, answers) => Record::Noting(answers),
            Reading::Joined(joined) => Record::Told(joined.answers()),
        };
        Disk { buffers: self.buffers, record, ..Disk::of(self.working_directory) }
    }
}

/// Why a run cannot be done.
#[derive(Debug, Error)]
pub enum RunError {
    /// A named path does not exist.
    #[error(transparent)]
    Path(#[from] WalkError),
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An option names a principal that the project does not have.
    #[error("there is no principal `{name}`: {help}")]
    Principal {
        /// The name.
        name: String,
        /// The way out.
        help: String,
    },
    /// No principal is named, and there are several.
    #[error("which principal? Name one with `--principal`: {0}")]
    WhichPrincipal(String),
    /// No principal is named, and there is none.
    #[error("there is no principal: the paths hold no policy and no grantlint.yaml names one")]
    NoPrincipal,
    /// The question cannot be asked.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// A file of values for variables cannot be read.
    #[error("{0}")]
    Values(String),
    /// A baseline cannot be used.
    #[error("{0}")]
    Baseline(String),
    /// Parts of shared runs cannot be put together.
    #[error("{0}")]
    Part(String),
    /// A file that extends the table has mistakes, or is not there.
    #[error("{}", .0.join("\n"))]
    Table(Vec<String>),
}

pub(crate) fn configuration(options: &Options<'_>) -> Result<Config, RunError> {
    let start = options.paths.first().map_or(Path::new("."), PathBuf::as_path);
    Ok(Config::find(options.config, start, options.disk(), &rule_names())?)
}

/// The first instant of a day in UTC.
pub(crate) fn start_of(day: Date) -> Timestamp {
    Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
}

/// The files of the run; those that the configuration itself consists of are no manifests.
pub(crate) fn files(config: &Config, options: &Options<'_>) -> Result<Walk, RunError> {
    let mut walk = match options.reading {
        Reading::Joined(joined) => joined.walk(),
        Reading::Whole | Reading::Share(..) => on_disk(config, options)?,
    };
    if let Some(file) = &config.file {
        walk.files.retain(|(_, shown)| shown != file.path());
    }
    Ok(match options.reading {
        Reading::Share(shard, _) => shard.share(walk),
        Reading::Whole | Reading::Joined(_) => walk,
    })
}

/// What the disk holds below the paths.
fn on_disk(config: &Config, options: &Options<'_>) -> Result<Walk, RunError> {
    let mut walk = source::walk(options.paths, options.working_directory, &config.exclude, &config.root)?;
    let named = options.paths.iter().map(|path| options.working_directory.join(path));
    walk.problems.extend(named.filter(|path| manifest::is_saved_plan(path)).map(|path| saved_plan(&path, options)));
    Ok(walk)
}

/// Only Terraform reads a plan as it saves it.
fn saved_plan(path: &Path, options: &Options<'_>) -> WalkProblem {
    let path = source::shown(path, options.working_directory);
    let message = format!("this is a plan that only Terraform reads: check what `terraform show -json {path}` prints");
    WalkProblem { path, message }
}

/// What the files hold, and who is granted what of it.
pub(crate) fn read(config: &Config, catalog: &Catalog, options: &Options<'_>) -> Result<(Inputs, Bound), RunError> {
    read_files(&files(config, options)?, config, catalog, options)
}

/// As [`read`], of files that are listed.
fn read_files(
    walk: &Walk,
    config: &Config,
    catalog: &Catalog,
    options: &Options<'_>,
) -> Result<(Inputs, Bound), RunError> {
    let disk = Disk { elsewhere: Some(&walk.elsewhere), ..options.disk() };
    check_values(options, disk)?;
    let context = manifest::Context {
        catalog,
        default_region: config.default_region.as_deref(),
        variables: options.variables,
        disk,
        progress: options.progress,
    };
    let mut inputs = project::read(walk, context);
    let bound = project::bind(config, &mut inputs, catalog, disk, start_of(options.today));
    Ok((inputs, bound))
}

/// Every file of values that an option names can be read.
fn check_values(options: &Options<'_>, disk: Disk<'_>) -> Result<(), RunError> {
    for path in &options.variables.files {
        manifest::check_values(&options.working_directory.join(path), &path.display().to_string(), disk)
            .map_err(RunError::Values)?;
    }
    Ok(())
}

/// Every principal that an option names is one of the project's.
pub(crate) fn check_principals(deployers: &[Deployer], wanted: &[String]) -> Result<(), RunError> {
    wanted.iter().try_for_each(|name| principal(deployers, Some(name)).map(|_| ()))
}

/// The principal of a name, or the only one that there is.
pub(crate) fn principal<'d>(deployers: &'d [Deployer], name: Option<&str>) -> Result<&'d Principal, RunError> {
    let names: Vec<&str> = deployers.iter().map(|deployer| deployer.principal.name.as_str()).collect();
    let Some(name) = name else {
        return match deployers {
            [only] => Ok(&only.principal),
            [] => Err(RunError::NoPrincipal),
            _ => Err(RunError::WhichPrincipal(listed(&names))),
        };
    };
    deployer(deployers, name).map(|deployer| &deployer.principal)
}

/// The principal of a name, with what it deploys.
pub(crate) fn deployer<'d>(deployers: &'d [Deployer], name: &str) -> Result<&'d Deployer, RunError> {
    let names: Vec<&str> = deployers.iter().map(|deployer| deployer.principal.name.as_str()).collect();
    let found = deployers.iter().find(|deployer| deployer.principal.name == name);
    found.ok_or_else(|| {
        let help = if names.is_empty() { String::from("the project has none") } else { suggestion(name, &names) };
        RunError::Principal { name: name.to_owned(), help }
    })
}

pub(crate) fn selection<'a>(config: &'a Config, options: &Options<'a>) -> Selection<'a> {
    Selection {
        phases: options.phases,
        principals: options.principals,
        root: &config.root,
        working_directory: options.working_directory,
    }
}

/// The findings of earlier runs that do not count, where an option names them.
pub(crate) fn baseline(options: &Options<'_>) -> Result<Option<Baseline>, RunError> {
    let read = |path| Baseline::read(path, options.working_directory).map_err(RunError::Baseline);
    options.baseline.map(read).transpose()
}
