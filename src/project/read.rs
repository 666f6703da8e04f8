//! Reading files: each is classified by its name and a look at its bytes, and only then parsed, all in parallel.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use super::PolicyDocument;
use crate::authz::PolicySource;
use crate::config::holds_directive;
use crate::manifest::{AgencyUse, Context, Extract, FORMATS, HeldPolicy, HeldPrincipal, Problem, is_plan};
use crate::parallel;
use crate::policy::{self, Kind};
use crate::source::{Disk, Place, ReadError, SourceFile, Span, Walk};
use crate::syntax::{Node, SyntaxError, compact, json, yaml};

/// So many files are worth a thread.
const MANY: usize = 8;

/// What the files of a run hold.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Policy documents, by path.
    pub policies: Vec<PolicyDocument>,
    /// What the manifests cause.
    pub manifests: Extract,
    /// Policy files that cannot be parsed.
    pub broken_policies: Vec<Problem>,
    /// Those of the policies that manifests hold, in the order of the manifests.
    pub held_policies: Vec<Arc<PolicySource>>,
    /// The principals that manifests define; their policies are numbered among `held_policies`.
    pub held_principals: Vec<HeldPrincipal>,
    /// The files that manifests were made from together, by the paths that reports show; `folder/` is all that lies in a
    /// folder.
    pub units: Vec<Vec<String>>,
    /// The files with a comment to this program.
    pub commented: Vec<Arc<SourceFile>>,
    /// A plan or a state tells which part of the manifests is meant.
    pub has_plan: bool,
    /// How many files are manifests.
    pub manifest_files: usize,
    /// How many files were looked at.
    pub files: usize,
}

/// A file that is ours.
enum Ours {
    Manifest { format: usize, file: Arc<SourceFile> },
    Policy { documents: Vec<PolicyDocument>, problem: Option<Problem> },
    Unreadable(Problem),
}

/// Reads the files of a run.
pub fn read(walk: &Walk, context: Context<'_>) -> Inputs {
    let ours = parallel::map(&walk.files, MANY, |(path, shown)| {
        let ours = classify(path, shown, context.disk);
        if ours.is_some() {
            context.disk.keep(path, shown);
        }
        (context.progress)(1);
        ours
    });
    let mut inputs = Inputs { files: walk.files.len() + walk.further, ..Inputs::default() };
    let unlisted = walk.problems.iter().map(|problem| at_start(&problem.path, problem.message.clone()));
    inputs.manifests.problems.extend(unlisted);
    let mut formats: BTreeMap<usize, Vec<Arc<SourceFile>>> = BTreeMap::new();
    for ours in ours.into_iter().flatten() {
        match ours {
            Ours::Manifest { format, file } => {
                inputs.has_plan |= is_plan(file.path(), file.text());
                inputs.commented.extend(holds_directive(file.text()).then(|| Arc::clone(&file)));
                formats.entry(format).or_default().push(file);
                inputs.manifest_files += 1;
            }
            Ours::Policy { documents, problem } => {
                inputs.policies.extend(documents);
                inputs.broken_policies.extend(problem);
            }
            Ours::Unreadable(problem) => inputs.manifests.problems.push(problem),
        }
    }
    let of_format =
        |(format, files): (usize, Vec<Arc<SourceFile>>)| Some(FORMATS.get(format)?.extract(&files, context));
    let extracts: Vec<Vec<Extract>> = formats.into_iter().filter_map(of_format).collect();
    inputs.manifests.operations.reserve(extracts.iter().flatten().map(|extract| extract.operations.len()).sum());
    for extract in extracts.into_iter().flatten() {
        inputs.take(extract);
    }
    inputs
}

impl Inputs {
    fn take(&mut self, extract: Extract) {
        self.manifests.operations.extend(extract.operations);
        self.manifests.unknown.extend(extract.unknown);
        self.manifests.problems.extend(extract.problems);
        self.broken_policies.extend(extract.broken_policies);
        self.units.extend(Some(extract.read).filter(|read| !read.is_empty()));
        let before = self.held_policies.len();
        for held in &extract.policies {
            let source = self.held(held);
            self.held_policies.push(source);
        }
        let principals = self.held_principals.len();
        self.held_principals.extend(extract.principals.into_iter().map(|principal| principal.shifted(before)));
        let among = principals..self.held_principals.len();
        let agencies = extract.agencies.into_iter();
        self.manifests.agencies.extend(agencies.map(|handed| AgencyUse { among: among.clone(), ..handed }));
    }

    /// The document of a policy that a manifest holds; one that is a file of its own was read already.
    fn held(&mut self, held: &HeldPolicy) -> Arc<PolicySource> {
        let is_same = |document: &&PolicyDocument| held.is_whole_file && document.source.name == held.file.path();
        if let Some(known) = self.policies.iter().find(is_same) {
            return Arc::clone(&known.source);
        }
        // A template is no policy before it is filled in.
        self.policies.retain(|document| document.source.name != held.file.path());
        self.broken_policies.retain(|problem| problem.place.file.path() != held.file.path());
        let document = document(&held.address, &held.file, &held.node, held.kind, &held.departures);
        let source = Arc::clone(&document.source);
        self.policies.push(document);
        source
    }
}

fn classify(path: &Path, shown: &str, disk: Disk<'_>) -> Option<Ours> {
    let is_data = [".json", ".yaml", ".yml"].iter().any(|ending| shown.ends_with(ending));
    let is_terraform =
        [".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars"].iter().any(|ending| shown.ends_with(ending));
    if !is_data && !is_terraform && !shown.ends_with(".tfstate") {
        return None;
    }
    let file = match disk.look_at(path, shown) {
        Ok(file) => Arc::new(file),
        Err(ReadError::Utf16(text)) if policy::may_be_policy(&text) && looks_like_iam(&text) => {
            let problem = unreadable(shown, &ReadError::Utf16(text).to_string());
            return Some(Ours::Policy { documents: Vec::new(), problem: Some(problem) });
        }
        // Some shells write UTF-16, and plans grow long.
        Err(error @ (ReadError::Utf16(_) | ReadError::TooLarge)) if may_be_document(&error, path, shown, disk) => {
            return Some(Ours::Unreadable(unreadable(shown, &error.to_string())));
        }
        // Data files that are no text are nobody's manifest; only what might be ours is told.
        Err(error) if is_terraform || matches!(error, ReadError::Io(_)) => {
            return Some(Ours::Unreadable(unreadable(shown, &error.to_string())));
        }
        Err(_) => return None,
    };
    if let Some(format) = FORMATS.iter().position(|format| format.claims(shown, file.text())) {
        return Some(Ours::Manifest { format, file });
    }
    (is_data && policy::may_be_policy(file.text())).then(|| policies_of(&file)).flatten()
}

/// What cannot be read looks like a plan or a state.
fn may_be_document(error: &ReadError, path: &Path, shown: &str, disk: Disk<'_>) -> bool {
    match error {
        ReadError::Utf16(text) => FORMATS.iter().any(|format| format.claims(shown, text)),
        _ => is_plan(shown, &disk.beginning(path, shown)),
    }
}

fn unreadable(path: &str, message: &str) -> Problem {
    at_start(path, format!("the file {message}"))
}

fn at_start(path: &str, message: String) -> Problem {
    let file = Arc::new(SourceFile::new(path, ""));
    Problem { place: Place::new(&file, Span::default()), message, help: None }
}

/// The policies of a data file; `None` where it holds none.
fn policies_of(file: &Arc<SourceFile>) -> Option<Ours> {
    let parsed = catch_unwind(AssertUnwindSafe(|| documents(file)))
        .unwrap_or_else(|_| Err(SyntaxError::new("the parser gave up on it", Span::default())));
    match parsed {
        Ok((nodes, departures)) => {
            let nodes = nodes.iter().filter(|node| policy::is_policy(node));
            let documents: Vec<_> = nodes.map(|node| document(file.path(), file, node, None, &departures)).collect();
            (!documents.is_empty()).then_some(Ours::Policy { documents, problem: None })
        }
        Err(error) if looks_like_iam(file.text()) => {
            let message = format!("the file cannot be parsed: {}", error.message);
            let problem = Problem { place: Place::new(file, error.span), message, help: None };
            Some(Ours::Policy { documents: Vec::new(), problem: Some(problem) })
        }
        Err(_) => None,
    }
}

fn documents(file: &SourceFile) -> Result<(Vec<Node>, Vec<json::Departure>), SyntaxError> {
    if is_json(file) {
        let document = json::parse_loose(file.text())?;
        return Ok((vec![document.node], document.departures));
    }
    yaml::parse(file.text()).map(|documents| (documents, Vec::new()))
}

fn is_json(file: &SourceFile) -> bool {
    Path::new(file.path()).extension().is_some_and(|ending| ending == "json")
}

/// Reads the policy documents of a file that the configuration names, whatever they look like; `kind`, where the
/// configuration says it.
pub(super) fn policies_at(
    path: &Path,
    shown: &str,
    disk: Disk<'_>,
    kind: Option<Kind>,
) -> Result<Vec<PolicyDocument>, Problem> {
    let file = disk.read_at(path, shown).map_err(|error| unreadable(shown, &error.to_string()))?;
    let file = Arc::new(file);
    let (nodes, departures) = documents(&file).map_err(|error| Problem {
        place: Place::new(&file, error.span),
        message: format!("the file cannot be parsed: {}", error.message),
        help: None,
    })?;
    Ok(nodes.iter().map(|node| document(file.path(), &file, node, kind, &departures)).collect())
}

fn document(
    name: &str,
    file: &Arc<SourceFile>,
    node: &Node,
    kind: Option<Kind>,
    departures: &[json::Departure],
) -> PolicyDocument {
    // A trust policy is known by its principals.
    let told = kind.filter(|kind| *kind == Kind::ServiceControl);
    let parsed = told.map_or_else(|| policy::parse(node), |kind| policy::parse_as(node, kind));
    let mut defects = parsed.defects;
    defects.extend(departures.iter().map(departure));
    if is_json(file) && file.has_byte_order_mark() {
        let message = "the file begins with a byte order mark, which is no part of JSON";
        defects
            .push(policy::Defect::new(Span::default(), message).with_help("save it as UTF-8 without one").possible());
    }
    defects.sort();
    let source = PolicySource::new(name, Some(Arc::clone(file)), parsed.policy);
    PolicyDocument { source: Arc::new(source), defects, compact: compact(node) }
}

/// IAM reads strict JSON.
fn departure(departure: &json::Departure) -> policy::Defect {
    let (what, way_out) = departure.kind.explained();
    let more = match departure.more {
        0 => String::new(),
        1 => String::from(", here and at one more place"),
        more => format!(", here and at {more} more places"),
    };
    policy::Defect::new(departure.span, format!("{what}{more}")).with_help(way_out)
}

/// A text that cannot be parsed is one of ours only if a version of IAM's grammars stands in it.
fn looks_like_iam(text: &str) -> bool {
    let quoted = |version: &str| ['"', '\'', '“'].iter().any(|quote| text.contains(&format!("{quote}{version}")));
    ["1.0", "1.1", "5.0"].into_iter().any(quoted) && text.contains("Statement") && text.contains("Effect")
}
