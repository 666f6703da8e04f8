//! Scopes of grants, and the target of an operation that they are held against.

use super::Truth;
use crate::catalog::{Reach, Scopes};

/// The default enterprise project, in which everything lies that names no other.
const DEFAULT_ENTERPRISE_PROJECT: [&str; 2] = ["0", "default"];

/// A value that a file says, or why it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known<T> {
    /// The value.
    Is(T),
    /// Not known, and why.
    Unknown(String),
}

impl<T> Known<T> {
    /// The value, where it is known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }
}

/// Where an operation acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The region.
    pub region: Known<String>,
    /// The IAM project: a region's default project has the region's name.
    pub project: Known<String>,
    /// The enterprise project, by id or name.
    pub enterprise_project: Known<String>,
}

/// For what a policy is granted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All resources: every project, now and later, and global services.
    All,
    /// Global services only.
    Global,
    /// IAM projects by name; a region's name is that of its default project, which does not include subprojects.
    Projects(Vec<String>),
    /// Enterprise projects by id or name.
    EnterpriseProjects(Vec<String>),
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("all resources"),
            Self::Global => f.write_str("global services"),
            Self::Projects(names) => write!(f, "{} {}", plural("IAM project", names), names.join(", ")),
            Self::EnterpriseProjects(names) => {
                write!(f, "{} {}", plural("enterprise project", names), names.join(", "))
            }
        }
    }
}

fn plural(noun: &str, names: &[String]) -> String {
    if names.len() == 1 { noun.to_owned() } else { format!("{noun}s") }
}

/// Whether a grant of a scope reaches an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reached {
    /// It does.
    Yes,
    /// It may.
    Open(String),
    /// The API does not honour such a scope.
    Unsupported(String),
    /// The scope is another than the operation's.
    Elsewhere(String),
}

impl Reached {
    pub(super) fn truth(&self) -> Truth {
        match self {
            Self::Yes => Truth::Yes,
            Self::Open(_) => Truth::Unknown,
            Self::Unsupported(_) | Self::Elsewhere(_) => Truth::No,
        }
    }
}

/// Holds a scope against an operation, by what the table says of the API (`supports`) and of the service (`reach`).
pub(super) fn reached(scope: &Scope, supports: Scopes, reach: Reach, target: &Target) -> Reached {
    match (scope, reach) {
        (Scope::All, _) | (Scope::Global, Reach::Global) => Reached::Yes,
        (Scope::Global, Reach::Regional) => {
            Reached::Elsewhere(String::from("granted for global services only, and the service is regional"))
        }
        (Scope::Global, Reach::Unknown) => {
            Reached::Open(String::from("the table does not say whether the service is global"))
        }
        (Scope::Projects(names), _) => in_projects(names, supports, reach, target),
        (Scope::EnterpriseProjects(names), _) => in_enterprise_projects(names, supports, target),
    }
}

fn in_projects(names: &[String], supports: Scopes, reach: Reach, target: &Target) -> Reached {
    let shown = names.join(", ");
    if supports.project == Some(false) {
        return Reached::Unsupported(format!("granted for IAM project {shown}, which the API does not support"));
    }
    if reach == Reach::Global && supports.project.is_none() {
        return Reached::Elsewhere(format!("granted for IAM project {shown}, and the service is global"));
    }
    match &target.project {
        Known::Is(project) if !names.contains(project) => {
            return Reached::Elsewhere(format!("granted for IAM project {shown}, and the operation is in {project}"));
        }
        Known::Unknown(why) => return Reached::Open(why.clone()),
        Known::Is(_) => {}
    }
    match (reach, supports.project) {
        // The documents of each regional service say that it is authorized by IAM project, whether or not the page of
        // one API repeats it in a column.
        (Reach::Regional, _) | (Reach::Unknown, Some(_)) => Reached::Yes,
        (Reach::Global, _) => Reached::Open(format!("the service is global, and the grant is for IAM project {shown}")),
        (Reach::Unknown, None) => Reached::Open(String::from("the table does not say whether the service is global")),
    }
}

fn in_enterprise_projects(names: &[String], supports: Scopes, target: &Target) -> Reached {
    let shown = names.join(", ");
    if supports.enterprise_project == Some(false) {
        return Reached::Unsupported(format!(
            "granted for enterprise project {shown}, and the API does not support authorization by enterprise project"
        ));
    }
    match &target.enterprise_project {
        Known::Is(id) if !names.iter().any(|name| same_enterprise_project(name, id)) => {
            Reached::Elsewhere(format!("granted for enterprise project {shown}, and the operation is in {}", named(id)))
        }
        _ if supports.enterprise_project.is_none() => Reached::Open(format!(
            "granted for enterprise project {shown}, and the table does not say whether the API supports that"
        )),
        Known::Unknown(why) => Reached::Open(why.clone()),
        Known::Is(_) => Reached::Yes,
    }
}

fn same_enterprise_project(a: &str, b: &str) -> bool {
    let is_default = |name: &str| DEFAULT_ENTERPRISE_PROJECT.contains(&name);
    a == b || (is_default(a) && is_default(b))
}

fn named(id: &str) -> String {
    if DEFAULT_ENTERPRISE_PROJECT.contains(&id) { String::from("the default one") } else { id.to_owned() }
}
