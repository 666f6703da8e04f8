//! Reading files: each is classified by its name and a look at its bytes, and only then parsed, all in parallel.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{PolicyDocument, map};
use crate::authz::{Body, PolicySource};
use crate::manifest::{Context, Extract, FORMATS, Problem};
use crate::policy;
use crate::source::{self, Place, ReadError, SourceFile, Span, WalkProblem};
use crate::syntax::{Node, SyntaxError, json, yaml};

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

/// Reads `files` (where each is, and the path that reports show), sorted by that path.
pub fn read(
    files: &[(PathBuf, String)],
    problems: &[WalkProblem],
    context: Context<'_>,
    progress: &(dyn Fn(usize) + Sync),
) -> Inputs {
    let ours = map(files, MANY, |(path, shown)| {
        let ours = classify(path, shown);
        progress(1);
        ours
    });
    let mut inputs = Inputs { files: files.len(), ..Inputs::default() };
    let unlisted = problems.iter().map(|problem| at_start(&problem.path, problem.message.clone()));
    inputs.manifests.problems.extend(unlisted);
    let mut units: BTreeMap<(usize, String), Vec<Arc<SourceFile>>> = BTreeMap::new();
    for ours in ours.into_iter().flatten() {
        match ours {
            Ours::Manifest { format, file } => {
                let unit = FORMATS.get(format).map_or("", |format| format.unit(file.path())).to_owned();
                units.entry((format, unit)).or_default().push(file);
                inputs.manifest_files += 1;
            }
            Ours::Policy { documents, problem } => {
                inputs.policies.extend(documents);
                inputs.broken_policies.extend(problem);
            }
            Ours::Unreadable(problem) => inputs.manifests.problems.push(problem),
        }
    }
    let units: Vec<_> = units.into_iter().collect();
    let extracts = map(&units, MANY, |((format, _), files)| {
        let extract = extract(*format, files, context);
        progress(0);
        extract
    });
    for extract in extracts {
        inputs.manifests.operations.extend(extract.operations);
        inputs.manifests.unknown.extend(extract.unknown);
        inputs.manifests.problems.extend(extract.problems);
    }
    inputs
}

fn classify(path: &Path, shown: &str) -> Option<Ours> {
    let is_data = [".json", ".yaml", ".yml"].iter().any(|ending| shown.ends_with(ending));
    let is_terraform =
        [".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars"].iter().any(|ending| shown.ends_with(ending));
    if !is_data && !is_terraform {
        return None;
    }
    let file = match source::read(path, shown) {
        Ok(file) => Arc::new(file),
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
        Ok((nodes, leniency)) => {
            let nodes = nodes.iter().filter(|node| policy::is_policy(node));
            let documents: Vec<_> = nodes.map(|node| document(file, node, leniency.as_ref())).collect();
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

fn documents(file: &SourceFile) -> Result<(Vec<Node>, Option<SyntaxError>), SyntaxError> {
    if Path::new(file.path()).extension().is_some_and(|ending| ending == "json") {
        let document = json::parse(file.text())?;
        return Ok((vec![document.node], document.leniency));
    }
    yaml::parse(file.text()).map(|documents| (documents, None))
}

/// Reads a policy document that the configuration names, whatever it looks like.
pub(super) fn policies_at(path: &Path, shown: &str) -> Result<Vec<PolicyDocument>, Problem> {
    let file = source::read(path, shown).map_err(|error| unreadable(shown, &error.to_string()))?;
    let file = Arc::new(file);
    let (nodes, leniency) = documents(&file).map_err(|error| Problem {
        place: Place::new(&file, error.span),
        message: format!("the file cannot be parsed: {}", error.message),
        help: None,
    })?;
    Ok(nodes.iter().map(|node| document(&file, node, leniency.as_ref())).collect())
}

fn document(file: &Arc<SourceFile>, node: &Node, leniency: Option<&SyntaxError>) -> PolicyDocument {
    let parsed = policy::parse(node);
    let mut defects = parsed.defects;
    if let Some(leniency) = leniency {
        defects.push(policy::Defect {
            span: leniency.span,
            message: format!("this is not strict JSON: {}", leniency.message),
            help: Some(String::from("IAM refuses it; remove comments and trailing commas")),
        });
        defects.sort();
    }
    let source = PolicySource {
        name: file.path().to_owned(),
        file: Some(Arc::clone(file)),
        policy: parsed.policy,
        body: Body::Whole,
    };
    PolicyDocument { source: Arc::new(source), defects }
}

/// A text that cannot be parsed is one of ours only if a version of IAM's grammars stands in it.
fn looks_like_iam(text: &str) -> bool {
    [r#""1.0""#, r#""1.1""#, r#""5.0""#].iter().any(|version| text.contains(version)) && text.contains("\"Statement\"")
}

fn extract(format: usize, files: &[Arc<SourceFile>], context: Context<'_>) -> Extract {
    let Some(format) = FORMATS.get(format) else { return Extract::default() };
    catch_unwind(AssertUnwindSafe(|| format.extract(files, context))).unwrap_or_else(|_| {
        let gave_up = |file: &Arc<SourceFile>| Problem {
            place: Place::new(file, Span::default()),
            message: String::from("the file cannot be parsed: the parser gave up on it"),
            help: None,
        };
        Extract { problems: files.iter().map(gave_up).collect(), ..Extract::default() }
    })
}
