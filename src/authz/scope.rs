//! Scopes of grants, and the target of an operation that they are held against.

use super::{Context, Truth};
use crate::catalog::{Reach, Scopes};

/// The default enterprise project, in which everything lies that names no other.
const DEFAULT_ENTERPRISE_PROJECT: [&str; 2] = ["0", "default"];

/// A value that a file says, or why it does not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// The region.
    pub region: Known<String>,
    /// The IAM project: a region's default project has the region's name.
    pub project: Known<String>,
    /// The enterprise project, by id or name.
    pub enterprise_project: Known<String>,
    /// The resources that the files name; empty where they name none that policies could.
    pub resources: Vec<NamedResource>,
    /// What the files say of the request's condition keys, such as its tags.
    pub facts: Context,
}

/// A resource as policies name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NamedResource {
    /// Its type: `bucket`.
    pub kind: String,
    /// Its path within the type: `logs` of a bucket, `logs/2026/*` of objects; `*` is what the files leave open.
    pub path: String,
}

impl Target {
    /// A target of which no more is said than where it lies.
    pub fn at(region: Known<String>, project: Known<String>, enterprise_project: Known<String>) -> Self {
        Self { region, project, enterprise_project, resources: Vec::new(), facts: Context::default() }
    }
}

/// For what a policy is granted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All resources: every project, now and later, and global services.
    #[default]
    All,
    /// Global services only.
    Global,
    /// IAM projects by name; a region's name is that of its default project, which does not include subprojects.
    Projects(Vec<String>),
    /// Enterprise projects by id or name.
    EnterpriseProjects(Vec<String>),
    /// Only a run can tell for what: why.
    Open(String),
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
            Self::Open(_) => f.write_str("a scope that only a run can tell"),
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
    /// It would, if it took effect at all.
    Void(String),
}

impl Reached {
    pub(super) fn truth(&self) -> Truth {
        match self {
            Self::Yes => Truth::Yes,
            Self::Open(_) => Truth::Unknown,
            Self::Unsupported(_) | Self::Elsewhere(_) | Self::Void(_) => Truth::No,
        }
    }
}

/// Holds a scope against an operation, by what the table says of the API (`supports`) and of the service (`reach`).
///
/// The console turns what a scope of projects or of global services cannot reach into "all resources" (`by_console`),
/// which the API does not.
pub(super) fn reached(scope: &Scope, by_console: bool, supports: Scopes, reach: Reach, target: &Target) -> Reached {
    match (scope, reach) {
        (Scope::All, _) | (Scope::Global, Reach::Global) => Reached::Yes,
        (Scope::Global, Reach::Regional) | (Scope::Projects(_), Reach::Global) if by_console => Reached::Yes,
        (Scope::Global, Reach::Regional) => {
            Reached::Elsewhere(String::from("granted for global services only, and the service is regional"))
        }
        (Scope::Global, Reach::Unknown) => {
            Reached::Open(String::from("the table does not say whether the service is global"))
        }
        (Scope::Projects(names), _) => in_projects(names, supports, reach, target),
        (Scope::EnterpriseProjects(names), _) => in_enterprise_projects(names, supports, target),
        (Scope::Open(why), _) => Reached::Open(why.clone()),
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
        // It is in no project, whatever the table says of its API.
        Known::Is(project) if !names.contains(project) && reach == Reach::Global => {
            return Reached::Elsewhere(format!("granted for IAM project {shown}, and the service is global"));
        }
        Known::Is(project) if !names.contains(project) => {
            return Reached::Elsewhere(format!("granted for IAM project {shown}, and the operation is in {project}"));
        }
        Known::Unknown(why) if reach != Reach::Global => {
            return Reached::Open(format!("granted for IAM project {shown}, and the operation's is not known: {why}"));
        }
        Known::Is(_) | Known::Unknown(_) => {}
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
    let own = match &target.enterprise_project {
        Known::Is(own) => own,
        Known::Unknown(why) => {
            return Reached::Open(format!(
                "granted for enterprise project {shown}, and the operation's is not known: {why}"
            ));
        }
    };
    if names.iter().any(|name| same_enterprise_project(name, own)) {
        return if supports.enterprise_project == Some(true) {
            Reached::Yes
        } else {
            Reached::Open(format!(
                "granted for enterprise project {shown}, and the table does not say whether the API supports that"
            ))
        };
    }
    if names.iter().any(|name| may_be_same(name, own)) {
        return Reached::Open(format!(
            "granted for enterprise project {shown}, and whether {own} is the same is not known: one is a name, the other an id"
        ));
    }
    Reached::Elsewhere(format!("granted for enterprise project {shown}, and the operation is in {}", named(own)))
}

fn same_enterprise_project(a: &str, b: &str) -> bool {
    a == b || (is_default(a) && is_default(b))
}

pub(super) fn is_default(enterprise_project: &str) -> bool {
    DEFAULT_ENTERPRISE_PROJECT.contains(&enterprise_project)
}

/// A name and an id can mean the same one.
fn may_be_same(a: &str, b: &str) -> bool {
    is_id(a) != is_id(b) && !is_default(a) && !is_default(b)
}

/// Ids are UUIDs, with or without hyphens; anything else is a name.
pub(super) fn is_id(text: &str) -> bool {
    text.chars().filter(char::is_ascii_hexdigit).count() == 32
        && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

fn named(id: &str) -> String {
    if is_default(id) { String::from("the default one") } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROD: &str = "0aa119a8-d25b-45a7-8d1b-88e127885635";

    fn in_prod(scope: &[&str], own: &str) -> Reached {
        let names: Vec<String> = scope.iter().map(|name| (*name).to_owned()).collect();
        let known = |text: &str| Known::Is(text.to_owned());
        let target = Target::at(known("r"), known("r"), known(own));
        let supports = Scopes { project: Some(true), enterprise_project: Some(true) };
        reached(&Scope::EnterpriseProjects(names), false, supports, Reach::Regional, &target)
    }

    #[test]
    fn the_console_grants_for_all_resources_what_a_scope_cannot_reach() {
        let known = |text: &str| Known::Is(text.to_owned());
        let target = Target::at(known("r"), known("r"), known("0"));
        let reached = |scope: &Scope, by_console, reach| {
            reached(scope, by_console, Scopes::default(), reach, &target) == Reached::Yes
        };
        let elsewhere = Scope::Projects(vec![String::from("other")]);
        for (scope, reach, by_console, by_api) in [
            (&elsewhere, Reach::Global, true, false),
            (&elsewhere, Reach::Regional, false, false),
            (&Scope::Global, Reach::Regional, true, false),
            (&Scope::Global, Reach::Global, true, true),
            (&elsewhere, Reach::Unknown, false, false),
        ] {
            assert_eq!(reached(scope, true, reach), by_console, "{scope} {reach:?}");
            assert_eq!(reached(scope, false, reach), by_api, "{scope} {reach:?}");
        }
    }

    #[test]
    fn a_grant_for_a_project_is_open_of_a_global_service_whatever_the_project() {
        let known = |text: &str| Known::Is(text.to_owned());
        let supports = Scopes { project: Some(true), enterprise_project: None };
        for project in [known("r"), Known::Unknown(String::from("`var.region` has no value"))] {
            let target = Target::at(known("r"), project, known("0"));
            let found = reached(&Scope::Projects(vec![String::from("r")]), false, supports, Reach::Global, &target);
            let why = "the service is global, and the grant is for IAM project r";
            assert_eq!(found, Reached::Open(why.to_owned()));
        }
    }

    #[test]
    fn a_name_and_an_id_may_be_the_same_enterprise_project() {
        assert_eq!(in_prod(&["prod"], "prod"), Reached::Yes);
        assert_eq!(in_prod(&[PROD], PROD), Reached::Yes);
        assert_eq!(in_prod(&["default"], "0"), Reached::Yes);
        assert!(matches!(in_prod(&["prod"], PROD), Reached::Open(_)));
        assert!(matches!(in_prod(&[PROD], "prod"), Reached::Open(_)));
        assert!(matches!(in_prod(&["cafe"], PROD), Reached::Open(_)));
        assert!(matches!(in_prod(&["prod"], "test"), Reached::Elsewhere(_)));
        assert!(matches!(in_prod(&["prod"], "0"), Reached::Elsewhere(_)));
        assert!(matches!(in_prod(&["default"], PROD), Reached::Elsewhere(_)));
        assert_eq!(in_prod(&["prod", PROD], PROD), Reached::Yes);
    }

    #[test]
    fn the_reason_names_the_enterprise_project_of_the_operation() {
        for (own, shown) in [("test", "test"), ("0", "the default one")] {
            let why = format!("granted for enterprise project prod, and the operation is in {shown}");
            assert_eq!(in_prod(&["prod"], own), Reached::Elsewhere(why));
        }
    }
}
