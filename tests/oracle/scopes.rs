//! Scopes of grants, and the roles that a role depends on.

use grantlint::authz::{Known, Scope};
use grantlint::catalog::Reach;
use grantlint::policy::Version;

use crate::case::{Case, GrantDraft};
use crate::conditions::is_uuid;
use crate::worlds::{Unknown, World};

/// Where a grant's scope leaves an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    Yes,
    Elsewhere,
    Unsupported,
}

impl Case {
    pub(crate) fn reached(&self, world: &mut World, index: usize, grant: &GrantDraft) -> Reached {
        match (grant.policy.version, &grant.scope) {
            (_, Scope::All) => Reached::Yes,
            (_, Scope::Open(_)) | (Version::V5_0, _) => yes_or(world.bit(Unknown::Scoped(index)), Reached::Elsewhere),
            (_, Scope::Projects(_)) if grant.by_console && self.requirement.reach == Reach::Global => Reached::Yes,
            (_, Scope::Global) if grant.by_console && self.requirement.reach == Reach::Regional => Reached::Yes,
            (_, Scope::Global) => yes_or(self.is_global(world), Reached::Elsewhere),
            (_, Scope::Projects(names)) => self.in_projects(world, names),
            (Version::V1_0, Scope::EnterpriseProjects(_)) => Reached::Unsupported,
            (Version::V1_1, Scope::EnterpriseProjects(names)) => self.in_enterprise_projects(world, names),
        }
    }

    fn is_global(&self, world: &mut World) -> bool {
        match self.requirement.reach {
            Reach::Global => true,
            Reach::Regional => false,
            Reach::Unknown => world.bit(Unknown::Global),
        }
    }

    /// A grant for a project does nothing for a global service, unless the page of the API itself says it does.
    fn in_projects(&self, world: &mut World, names: &[String]) -> Reached {
        let column = self.requirement.supports.project;
        // Regional services are authorized by IAM project, as the documents of each say, also where a page has no column.
        let is_supported = column.or((self.requirement.reach == Reach::Regional).then_some(true));
        if !is_supported.unwrap_or_else(|| world.bit(Unknown::ProjectColumn)) {
            return Reached::Unsupported;
        }
        let is_project = self.is_project(world, names);
        let does_nothing = match (self.requirement.reach, column) {
            (Reach::Regional, _) | (Reach::Unknown, Some(true)) => false,
            (Reach::Global, Some(true)) => is_project && world.bit(Unknown::GuideIsRight),
            (Reach::Unknown, _) => is_project && world.bit(Unknown::Global),
            (Reach::Global, _) => true,
        };
        yes_or(is_project && !does_nothing, Reached::Elsewhere)
    }

    fn is_project(&self, world: &mut World, names: &[String]) -> bool {
        match &self.project {
            Known::Is(own) => names.contains(own),
            Known::Unknown(_) => {
                let projects = ["zz", "cn-north-4", "cn-east-3", "cn-north-4_dev"];
                world.ask(Unknown::Project, &projects, |own| names.iter().any(|name| name == own))
            }
        }
    }

    fn in_enterprise_projects(&self, world: &mut World, names: &[String]) -> Reached {
        let column = self.requirement.supports.enterprise_project;
        if !column.unwrap_or_else(|| world.bit(Unknown::EnterpriseColumn)) {
            return Reached::Unsupported;
        }
        let is_among = match &self.enterprise_project {
            Known::Is(own) => names.iter().any(|name| {
                if is_uuid(name) == is_uuid(own) || is_default(name) || is_default(own) {
                    name == own || (is_default(name) && is_default(own))
                } else {
                    world.bit(Unknown::IsNamed(own.clone(), name.clone()))
                }
            }),
            Known::Unknown(_) => world.bit(Unknown::EnterpriseProject(names.to_vec())),
        };
        yes_or(is_among, Reached::Elsewhere)
    }

    /// A role takes effect only where every role that it depends on is granted too; in an enterprise project none does, and
    /// that is the reason to give.
    pub(crate) fn takes_effect(&self, world: &mut World, grant: &GrantDraft) -> bool {
        if matches!(grant.scope, Scope::EnterpriseProjects(_)) {
            return true;
        }
        grant.policy.depends.iter().all(|name| {
            let is_it = |other: &GrantDraft| other.policy.name.to_lowercase() == name.to_lowercase();
            let mut others = self.grants.iter().enumerate().filter(|(_, other)| is_it(other));
            others.any(|(index, other)| self.is_there_too(world, grant, (index, other)))
        })
    }

    fn is_there_too(&self, world: &mut World, grant: &GrantDraft, (index, other): (usize, &GrantDraft)) -> bool {
        match &other.scope {
            Scope::All => true,
            Scope::EnterpriseProjects(_) => false,
            Scope::Open(_) => world.bit(Unknown::Scoped(index)),
            scope if *scope == grant.scope => true,
            Scope::Global => match other.policy.reach {
                Reach::Global => true,
                Reach::Regional => false,
                Reach::Unknown => world.bit(Unknown::RoleIsGlobal(index)),
            },
            Scope::Projects(names) => self.is_project(world, names),
        }
    }
}

fn yes_or(holds: bool, otherwise: Reached) -> Reached {
    if holds { Reached::Yes } else { otherwise }
}

/// By its id or its name.
fn is_default(enterprise_project: &str) -> bool {
    ["0", "default"].contains(&enterprise_project)
}
