//! Roles that take no effect without others.

use super::scope::Reached;
use super::{Grant, Known, Scope, Target, Truth};
use crate::catalog::Reach;

/// A role takes no effect without the roles that it depends on, granted for the same place; `reached` is what its own
/// scope comes to.
pub(super) fn with_dependencies(grant: &Grant, grants: &[Grant], target: &Target, reached: Reached) -> Reached {
    // There no role takes effect, with others or without.
    if matches!(grant.scope, Scope::EnterpriseProjects(_)) {
        return reached;
    }
    let held = |role: &str| grants.iter().map(|other| holds(other, role, grant, target)).fold(Truth::No, Truth::or);
    let each: Vec<(&str, Truth)> = names(grant).map(|role| (role, held(role))).collect();
    let first = |wanted| each.iter().find(|(_, held)| *held == wanted).map(|(role, _)| why(grant, role));
    match (first(Truth::No), first(Truth::Unknown)) {
        (Some(why), _) => Reached::Void(why),
        (None, Some(why)) if reached.truth() != Truth::No => Reached::Open(why),
        (None, _) => reached,
    }
}

fn names(grant: &Grant) -> impl Iterator<Item = &str> {
    grant.policy.policy.depends.iter().map(|role| role.value.display_name.value.as_str())
}

fn why(grant: &Grant, role: &str) -> String {
    format!("`{}` takes effect only with the role `{role}` granted for the same place", grant.policy.name)
}

/// Whether `other` is a grant of `role` that counts where `grant` does and the operation acts.
fn holds(other: &Grant, role: &str, grant: &Grant, target: &Target) -> Truth {
    if !other.policy.name.eq_ignore_ascii_case(role) {
        return Truth::No;
    }
    match (&other.scope, other.policy.reach) {
        (Scope::All, _) | (Scope::Global, Reach::Global) => Truth::Yes,
        (Scope::Open(_), _) => Truth::Unknown,
        (scope, _) if *scope == grant.scope && !matches!(scope, Scope::EnterpriseProjects(_)) => Truth::Yes,
        (Scope::Global, Reach::Unknown) => Truth::Unknown,
        (Scope::Projects(names), _) => match &target.project {
            Known::Is(own) => Truth::of(names.contains(own)),
            Known::Unknown(_) => Truth::Unknown,
        },
        (Scope::Global, Reach::Regional) | (Scope::EnterpriseProjects(_), _) => Truth::No,
    }
}

/// The roles that a grant depends on and that are certainly not granted for the same places, whatever the operation:
/// each with the places where it lacks.
pub fn lacking_roles<'g>(grant: &'g Grant, grants: &[Grant]) -> Vec<(&'g str, Scope)> {
    names(grant).filter_map(|role| Some((role, lacking(role, grant, grants)?))).collect()
}

fn lacking(role: &str, grant: &Grant, grants: &[Grant]) -> Option<Scope> {
    let of_role: Vec<&Grant> = grants.iter().filter(|other| other.policy.name.eq_ignore_ascii_case(role)).collect();
    let everywhere = of_role.iter().any(|other| match &other.scope {
        // What only a run can tell is not certainly another place.
        Scope::All | Scope::Open(_) => true,
        // A role of a global service is granted there, whatever asks for it.
        Scope::Global => grant.scope == Scope::Global || other.policy.reach != Reach::Regional,
        Scope::Projects(_) | Scope::EnterpriseProjects(_) => false,
    });
    if everywhere {
        return None;
    }
    let in_project = |project: &String| {
        of_role.iter().any(|other| matches!(&other.scope, Scope::Projects(names) if names.contains(project)))
    };
    match &grant.scope {
        Scope::Projects(own) => {
            let rest: Vec<String> = own.iter().filter(|project| !in_project(project)).cloned().collect();
            (!rest.is_empty()).then_some(Scope::Projects(rest))
        }
        // A role takes no effect there, whatever else is granted.
        Scope::EnterpriseProjects(_) => None,
        Scope::Open(_) => of_role.is_empty().then(|| grant.scope.clone()),
        scope => Some(scope.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::authz::PolicySource;
    use crate::policy::{Dependency, Kind, Located, Policy};
    use crate::source::Span;

    fn granted(name: &str, depends: &[&str], scope: Scope, reach: Reach) -> Grant {
        let span = Span::default();
        let dependency = |role: &&str| {
            let display_name = Located { value: (*role).to_owned(), span };
            Located { value: Dependency { catalog: None, display_name }, span }
        };
        let (kind, depends) = (Kind::Role, depends.iter().map(dependency).collect());
        let policy = Policy { version: kind.version(), kind, span, statements: Vec::new(), depends };
        Grant::new(Arc::new(PolicySource { reach, ..PolicySource::new(name, None, policy) }), scope)
    }

    fn projects(names: &[&str]) -> Scope {
        Scope::Projects(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn a_role_needs_the_others_for_the_same_place() {
        let known = |text: &str| Known::Is(text.to_owned());
        let target = Target::at(known("r"), known("r"), known("0"));
        let enterprise = Scope::EnterpriseProjects(vec![String::from("0")]);
        for (own, other, reach, held) in [
            (projects(&["r"]), projects(&["r"]), Reach::Regional, Truth::Yes),
            (projects(&["r"]), projects(&["s"]), Reach::Regional, Truth::No),
            (projects(&["r"]), Scope::All, Reach::Regional, Truth::Yes),
            (Scope::All, projects(&["r"]), Reach::Regional, Truth::Yes),
            (projects(&["r"]), Scope::Global, Reach::Global, Truth::Yes),
            (projects(&["r"]), Scope::Global, Reach::Regional, Truth::No),
            (projects(&["r"]), Scope::Global, Reach::Unknown, Truth::Unknown),
            (projects(&["r"]), enterprise.clone(), Reach::Regional, Truth::No),
        ] {
            let grant = granted("CCE Administrator", &["Tenant Guest"], own.clone(), Reach::Regional);
            let grants = [grant.clone(), granted("tenant guest", &[], other.clone(), reach)];
            let found = with_dependencies(&grant, &grants, &target, Reached::Yes);
            assert_eq!(found.truth(), held, "{own} with {other} ({reach:?}): {found:?}");
        }
    }

    #[test]
    fn a_role_that_is_granted_elsewhere_stays_so_whatever_is_open_about_the_others() {
        let known = |text: &str| Known::Is(text.to_owned());
        let target = Target::at(known("r"), known("r"), known("0"));
        let grant = granted("CCE Administrator", &["Tenant Guest"], projects(&["s"]), Reach::Regional);
        let grants = [grant.clone(), granted("Tenant Guest", &[], Scope::Global, Reach::Unknown)];
        let elsewhere = Reached::Elsewhere(String::from("granted for IAM project s"));
        assert_eq!(with_dependencies(&grant, &grants, &target, elsewhere.clone()), elsewhere);
    }

    #[test]
    fn dependencies_are_lacking_only_where_no_grant_makes_up_for_them() {
        let grant = granted("CCE Administrator", &["Tenant Guest"], projects(&["r", "s"]), Reach::Regional);
        let guest = |scope| granted("Tenant Guest", &[], scope, Reach::Unknown);
        let lacking = |grants: &[Grant]| lacking_roles(&grant, grants).into_iter().map(|(_, scope)| scope).next();
        assert_eq!(lacking(&[]), Some(projects(&["r", "s"])));
        assert_eq!(lacking(&[guest(projects(&["r"]))]), Some(projects(&["s"])));
        assert_eq!(lacking(&[guest(projects(&["r"])), guest(projects(&["s"]))]), None);
        assert_eq!(lacking(&[guest(Scope::All)]), None);
        assert_eq!(lacking(&[guest(Scope::Global)]), None);
        // A role of a regional service, granted for global services, counts beside what is granted so too.
        let guest = granted("Tenant Guest", &[], Scope::Global, Reach::Regional);
        assert_eq!(lacking(std::slice::from_ref(&guest)), Some(projects(&["r", "s"])));
        let grant = granted("CCE Administrator", &["Tenant Guest"], Scope::Global, Reach::Regional);
        assert_eq!(lacking_roles(&grant, &[guest]), []);
    }
}
