//! The steps of a run that only join the rooms together: its options, its errors, its report.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use globset::GlobBuilder;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use thiserror::Error;

use crate::authz::Principal;
use crate::catalog::{Catalog, Phase, TableError};
use crate::config::{Acceptance, Candidate, Config, ConfigError};
use crate::lint::{Finding, RULES, Rule, rule_names};
use crate::manifest;
use crate::nearest::{listed, suggestion};
use crate::parallel;
use crate::project::{self, Bound, Deployer, Inputs, Project, Selection};
use crate::report::{Report, Summary};
use crate::severity::{Certainty, Level, Severity};
use crate::source::{self, Walk, WalkError, WalkProblem};
use crate::why::QuestionError;

/// Rules about so many decisions are worth a thread each.
const MANY: usize = 1_000;

/// What a run is asked to do.
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
            variables: &NO_VARIABLES,
            progress: &|_| {},
        }
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
    /// A file that extends the table has mistakes, or is not there.
    #[error("{}", .0.join("\n"))]
    Table(Vec<String>),
}

pub(crate) fn configuration(options: &Options<'_>) -> Result<Config, RunError> {
    let start = options.paths.first().map_or(Path::new("."), PathBuf::as_path);
    Ok(Config::find(options.config, start, options.working_directory, &rule_names())?)
}

/// The embedded table with the extensions that the configuration names.
pub(crate) fn catalog(config: &Config, working_directory: &Path) -> Result<Catalog, RunError> {
    let mut catalog = Catalog::embedded();
    for (path, shown, at) in extensions(config, working_directory)? {
        extend(&mut catalog, &path, &shown, &at)?;
    }
    Ok(catalog)
}

/// The files that the configuration names to extend the table: where each is, the path that reports show, and where
/// the configuration says so.
pub(crate) fn extensions(
    config: &Config,
    working_directory: &Path,
) -> Result<Vec<(PathBuf, String, String)>, RunError> {
    let mut extensions = Vec::new();
    for (pattern, place) in &config.extend {
        let location = place.location();
        let at = format!("{}:{}:{}", location.path, location.line, location.column);
        let files = matching(pattern, &config.root).map_err(|error| RunError::Table(vec![format!("{at}: {error}")]))?;
        if files.is_empty() {
            return Err(RunError::Table(vec![format!("{at}: `{pattern}` matches no file")]));
        }
        for path in files {
            let shown = source::shown(&path, working_directory);
            extensions.push((path, shown, at.clone()));
        }
    }
    Ok(extensions)
}

/// Adds one extension to the table; `at` is where the configuration names it.
pub(crate) fn extend(catalog: &mut Catalog, path: &Path, shown: &str, at: &str) -> Result<(), RunError> {
    let file = source::read(path, shown).map_err(|error| RunError::Table(vec![format!("{at}: {shown} {error}")]))?;
    catalog.extend(shown, file.text()).map_err(|errors| table_error(&errors))
}

fn table_error(errors: &[TableError]) -> RunError {
    RunError::Table(errors.iter().map(ToString::to_string).collect())
}

/// The files below `root` that a glob matches, sorted.
fn matching(pattern: &str, root: &Path) -> Result<Vec<PathBuf>, String> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build().map_err(|error| error.kind().to_string())?;
    if root.join(pattern).is_file() {
        return Ok(vec![root.join(pattern)]);
    }
    let matcher = glob.compile_matcher();
    let walk =
        source::walk(&[root.to_owned()], root, &globset::GlobSet::empty(), root).map_err(|error| error.to_string())?;
    Ok(walk.files.into_iter().filter(|(_, shown)| matcher.is_match(shown)).map(|(path, _)| path).collect())
}

/// The first instant of a day in UTC.
pub(crate) fn start_of(day: Date) -> Timestamp {
    Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
}

/// The files of the run; those that the configuration itself consists of are no manifests.
pub(crate) fn files(config: &Config, options: &Options<'_>) -> Result<Walk, RunError> {
    let mut walk = source::walk(options.paths, options.working_directory, &config.exclude, &config.root)?;
    if let Some(file) = &config.file {
        walk.files.retain(|(_, shown)| shown != file.path());
    }
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
    let walk = files(config, options)?;
    check_values(options)?;
    let context = manifest::Context {
        catalog,
        default_region: config.default_region.as_deref(),
        variables: options.variables,
        working_directory: options.working_directory,
        progress: options.progress,
    };
    let mut inputs = project::read(&walk.files, &walk.problems, context);
    let bound = project::bind(config, &mut inputs, catalog, options.working_directory, start_of(options.today));
    Ok((inputs, bound))
}

/// Every file of values that an option names can be read.
fn check_values(options: &Options<'_>) -> Result<(), RunError> {
    for path in &options.variables.files {
        manifest::check_values(&options.working_directory.join(path), &path.display().to_string())
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

/// The findings that the configuration accepts.
pub(crate) fn acceptance<'a>(config: &'a Config, options: &'a Options<'_>) -> Acceptance<'a> {
    Acceptance {
        entries: &config.ignore,
        root: &config.root,
        working_directory: options.working_directory,
        today: options.today,
    }
}

/// Runs the rules and puts their findings in order.
pub(crate) fn report(project: &Project<'_>, config: &Config, options: &Options<'_>, inputs: &Inputs) -> Report {
    let selected: Vec<&dyn Rule> = RULES.iter().copied().filter(|rule| is_selected(rule.name(), options)).collect();
    let of_rule = |rule: &&dyn Rule| match level(rule.name(), config, options) {
        Some(Level::Off) => Vec::new(),
        Some(Level::At(severity)) => rule.check(project).into_iter().map(|finding| at(finding, severity)).collect(),
        None if rule.level() == Level::Off && options.select.is_empty() => Vec::new(),
        None => rule.check(project),
    };
    let many = if project.assessed.assessments.len() < MANY { usize::MAX } else { 0 };
    let mut findings: Vec<Finding> = parallel::map(&selected, many, of_rule).into_iter().flatten().collect();
    let found = findings.len();
    findings.retain(|finding| concerns_selected(finding, options));
    let unselected = found - findings.len();
    let findings: Vec<Finding> =
        findings.into_iter().filter_map(|finding| unaccepted(finding, project.acceptance)).collect();
    let mut keyed: Vec<_> = findings.into_iter().map(|finding| (finding.place.location(), finding)).collect();
    keyed.sort_by(|(a, left), (b, right)| key(a, left).cmp(&key(b, right)));
    let findings: Vec<Finding> = keyed.into_iter().map(|(_, finding)| finding).collect();
    let suppressed = project.suppressed.load(Ordering::Relaxed) + found - unselected - findings.len();
    Report { summary: summary(project, inputs, options, &findings, suppressed), findings }
}

type Key<'f> = (&'f str, usize, usize, &'f str, Option<&'f str>, Certainty, &'f [String], &'f str);

fn key<'f>(location: &'f source::Location, finding: &'f Finding) -> Key<'f> {
    (
        &location.path,
        location.line,
        location.column,
        finding.rule,
        finding.principal.as_deref(),
        finding.certainty,
        &finding.actions,
        &finding.message,
    )
}

fn is_selected(rule: &str, options: &Options<'_>) -> bool {
    let named = |names: &[String]| names.iter().any(|name| name == rule);
    (options.select.is_empty() || named(options.select)) && !named(options.ignore)
}

fn concerns_selected(finding: &Finding, options: &Options<'_>) -> bool {
    let is_theirs = |name: &String| options.principals.contains(name);
    options.principals.is_empty() || finding.principal.as_ref().is_none_or(is_theirs)
}

fn level(rule: &str, config: &Config, options: &Options<'_>) -> Option<Level> {
    options.levels.get(rule).or_else(|| config.rules.get(rule)).copied()
}

/// A finding at the level that its rule is set to; what is only possible is no error all the same.
fn at(finding: Finding, severity: Severity) -> Finding {
    let severity = match finding.certainty {
        Certainty::Certain => severity,
        Certainty::Possible => severity.min(Severity::Warning),
    };
    Finding { severity, ..finding }
}

/// A finding that no `ignore` entry accepts, with a word on an entry that did.
fn unaccepted(mut finding: Finding, acceptance: Acceptance<'_>) -> Option<Finding> {
    let candidate = Candidate {
        rule: finding.rule,
        path: finding.place.file.path(),
        principal: finding.principal.as_deref(),
        resource: finding.resource.as_deref(),
    };
    if acceptance.accepts(candidate, &finding.actions) {
        return None;
    }
    let expired = acceptance.expired(candidate, &finding.actions);
    if let Some((ignore, expires)) = expired.and_then(|ignore| Some((ignore, ignore.expires?))) {
        let note = format!("it was ignored until {expires}: {}", ignore.reason);
        finding.help = Some(finding.help.map_or_else(|| note.clone(), |help| format!("{help}\n{note}")));
    }
    Some(finding)
}

fn summary(
    project: &Project<'_>,
    inputs: &Inputs,
    options: &Options<'_>,
    findings: &[Finding],
    suppressed: usize,
) -> Summary {
    let principals = if options.principals.is_empty() { project.deployers.len() } else { options.principals.len() };
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let operations = project.assessed.operations + project.manifests.unknown.len();
    Summary {
        files: inputs.files,
        manifests: inputs.manifest_files,
        policies: project.policies.len(),
        principals,
        operations,
        checked: project.assessed.checked,
        unchecked: operations - project.assessed.checked,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        suppressed,
    }
}
