//! Deployment formats: which operations a file causes, and where it says so.

mod agency;
mod identity;
mod operations;
mod stage;
mod terraform;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::authz::Target;
use crate::catalog::{ApiKey, Catalog, Phase};
use crate::source::{Disk, Place, SourceFile, Span};

pub use agency::{AgencyUse, NamedAgency, NeededOfAgency};
pub use identity::{Defined, Delegate, HeldGrant, HeldPolicy, HeldPrincipal, HolderKind, PolicyReference};
pub use operations::OperationsManifest;
pub use stage::Stage;
pub use terraform::Terraform;
pub(crate) use terraform::{check_values, is_plan, is_saved_plan, is_source};

/// Every format, in the order in which they are asked whether a file is theirs.
pub const FORMATS: &[&dyn Format] = &[&Terraform, &OperationsManifest];

/// A deployment format.
pub trait Format: Sync {
    /// Is a file of this path and text one of this format? Cheap: by its name and a look at its bytes.
    fn claims(&self, path: &str, text: &str) -> bool;

    /// What files, sorted by path, cause.
    fn extract(&self, files: &[Arc<SourceFile>], context: Context<'_>) -> Vec<Extract>;
}

/// What a format may know beside its files.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The permission table.
    pub catalog: &'a Catalog,
    /// The region of operations that name none.
    pub default_region: Option<&'a str>,
    /// What a run of Terraform is given for its variables.
    pub variables: &'a Variables,
    /// Where files lie.
    pub disk: Disk<'a>,
    /// Called from any thread with 0 where work went on.
    pub progress: &'a (dyn Fn(usize) + Sync),
}

/// What a run of Terraform is given for the variables of root modules, beside what lies in their folders.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variables {
    /// Files of values, relative to the working directory; later ones win.
    pub files: Vec<PathBuf>,
    /// Values by name, as text; later ones win.
    pub values: Vec<(String, String)>,
    /// Values of the environment, by name.
    pub environment: Vec<(String, String)>,
}

/// What `extract` makes of files; where a parser gives up, a problem for each of them.
fn guarded<'f>(files: impl Iterator<Item = &'f Arc<SourceFile>>, extract: impl FnOnce() -> Extract) -> Extract {
    catch_unwind(AssertUnwindSafe(extract)).unwrap_or_else(|_| {
        let gave_up = |file: &Arc<SourceFile>| Problem {
            place: Place::new(file, Span::default()),
            message: String::from("the file cannot be parsed: the parser gave up on it"),
            help: None,
        };
        Extract { problems: files.map(gave_up).collect(), ..Extract::default() }
    })
}

/// What a unit holds.
#[derive(Debug, Default)]
pub struct Extract {
    /// The operations that it causes.
    pub operations: Vec<Operation>,
    /// What it causes and the table does not know.
    pub unknown: Vec<UnknownCause>,
    /// What cannot be read.
    pub problems: Vec<Problem>,
    /// The policy documents that it holds.
    pub policies: Vec<HeldPolicy>,
    /// Policy documents in it that cannot be parsed.
    pub broken_policies: Vec<Problem>,
    /// The principals that it defines.
    pub principals: Vec<HeldPrincipal>,
    /// The agencies that its resources hand to cloud services.
    pub agencies: Vec<AgencyUse>,
    /// The files that it was made from, by the paths that reports show; `folder/` is all that lies in a folder.
    pub read: Vec<String>,
}

/// One API call that a manifest causes, or one action that it says it needs.
#[derive(Debug, Clone)]
pub struct Operation {
    /// What causes it; the operations of one resource share it.
    pub cause: Arc<Cause>,
    /// The call.
    pub call: Arc<Call>,
    /// Where it acts.
    pub target: Arc<Target>,
    /// When in the life of the resource; none where the manifest does not say.
    pub phase: Option<Phase>,
    /// Why it may not happen; none where it certainly does.
    pub open: Option<Arc<str>>,
    /// The principal that the manifest names for it, with the place of the name.
    pub principal: Option<(String, Place)>,
    /// The agency that makes the call, and nobody else.
    pub agency: Option<(String, Place)>,
}

/// The resource, or the line, that causes an operation.
#[derive(Debug, Clone)]
pub struct Cause {
    /// The address of the resource.
    pub resource: Option<String>,
    /// Where it stands.
    pub place: Place,
}

impl Cause {
    /// What tells it from others, and puts it in order: its path, its place there, and its resource.
    pub fn key(&self) -> (&str, u32, Option<&str>) {
        (self.place.file.path(), self.place.span.start, self.resource.as_deref())
    }
}

/// Two causes are the same if their keys are.
impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Cause {}

impl Hash for Cause {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// What is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Call {
    /// An API, of a service where that is known.
    Api {
        /// The service's code.
        service: Option<String>,
        /// Method and path.
        key: ApiKey,
        /// Conditions of the table that the call settles: whether each code holds.
        cases: Vec<(String, bool)>,
    },
    /// An action, named directly.
    Action(String),
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api { key, .. } => key.fmt(f),
            Self::Action(action) => f.write_str(action),
        }
    }
}

/// Something that causes operations which the table does not know.
#[derive(Debug, Clone)]
pub struct UnknownCause {
    /// What and where.
    pub cause: Cause,
    /// What kind of thing is not known.
    pub kind: UnknownKind,
    /// Its name, as the manifest writes it.
    pub name: String,
    /// What is not known.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

/// The kinds of things that cause operations which the table does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownKind {
    /// A resource type or data source without an entry.
    Type,
    /// An operation, by the name that SDKs give it.
    Operation,
    /// A module that lies elsewhere.
    Module,
}

/// Something that cannot be read.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}
