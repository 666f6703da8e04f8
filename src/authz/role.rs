//! Roles that an API asks for beside its actions.

use std::sync::Arc;

use super::decide::scope_of;
use super::depends::with_dependencies;
use super::requirement::of_action;
use super::scope::Reached;
use super::{Decision, Grant, Occurs, Origin, Outcome, Principal, Request, Requirement, Step, Target, Verdict, decide};
use crate::catalog::{Api, Catalog, RoleNeed};
use crate::policy::Effect;

/// A role that a call needs; where several are named, one is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRequirement {
    /// The roles.
    pub any: Vec<Role>,
    /// What is open about the need itself; `None` where it is certain.
    pub open: Option<Arc<str>>,
}

/// A system-defined role by its name and by what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its display name.
    pub name: String,
    /// What it grants, as needs; none where its body is not known. Grants of all of this make up for the role.
    pub stands_for: Vec<Requirement>,
}

impl Role {
    /// A role by its name, with what the table knows of it.
    pub fn named(name: &str, catalog: &Catalog) -> Self {
        let policy = catalog.policy(name);
        let patterns =
            policy.map(|policy| [policy.allow, policy.allow_perhaps, policy.assumed].concat()).unwrap_or_default();
        let stands_for = patterns.into_iter().map(|pattern| of_action(pattern, catalog)).collect();
        Self { name: name.to_owned(), stands_for }
    }
}

impl RoleRequirement {
    /// The roles as a person reads them.
    pub fn names(&self) -> String {
        self.any.iter().map(|role| format!("`{}`", role.name)).collect::<Vec<_>>().join(" or ")
    }
}

/// The roles that a call of `api` needs.
pub fn roles_of_api(api: &Api<'_>, catalog: &Catalog) -> Vec<RoleRequirement> {
    api.roles.iter().map(|need| requirement(need, catalog)).collect()
}

fn requirement(need: &RoleNeed<'_>, catalog: &Catalog) -> RoleRequirement {
    let open =
        need.when.map_or(Occurs::Surely, |code| Occurs::Perhaps(Arc::from(catalog.when_meaning(code).unwrap_or(code))));
    RoleRequirement { any: need.any.iter().map(|name| Role::named(name, catalog)).collect(), open: open.open() }
}

/// Decides whether one of the roles is held where the operation acts: by name, or by grants of all that it stands for.
pub fn decide_role(requirement: &RoleRequirement, target: &Target, principal: &Principal) -> Verdict {
    let verdicts =
        requirement.any.iter().flat_map(|role| [by_name(role, target, principal), by_grants(role, target, principal)]);
    verdicts.min_by_key(|verdict| verdict.decision).unwrap_or_else(missing)
}

fn missing() -> Verdict {
    Verdict { decision: Decision::Missing, steps: Vec::new() }
}

fn by_name(role: &Role, target: &Target, principal: &Principal) -> Verdict {
    // A role of which nothing is known is taken for one of a service like any other.
    let unknown = Requirement::of_service_like_any_other(&role.name);
    let requirement = role.stands_for.first().unwrap_or(&unknown);
    let held = |(index, grant): (usize, &Grant)| {
        let scope = scope_of(grant, Request { requirement, target });
        let (decision, outcome) = match with_dependencies(grant, &principal.grants, target, scope) {
            Reached::Yes => (Decision::Allowed, Outcome::Applies),
            Reached::Open(why) => (Decision::Conditional, Outcome::Open(why.into())),
            Reached::Elsewhere(why) => (Decision::ScopeMismatch, Outcome::Elsewhere(why.into())),
            Reached::Unsupported(why) => (Decision::UnsupportedScope, Outcome::Unsupported(why.into())),
            Reached::Void(why) => (Decision::Missing, Outcome::Void(why.into())),
        };
        let (origin, effect) = (Origin::Grant(index), Effect::Allow);
        Verdict { decision, steps: vec![Step { origin, statement: None, effect, pattern: None, outcome }] }
    };
    let named = principal.grants.iter().enumerate().filter(|(_, grant)| grant.policy.name == role.name);
    named.map(held).min_by_key(|verdict| verdict.decision).unwrap_or_else(missing)
}

fn by_grants(role: &Role, target: &Target, principal: &Principal) -> Verdict {
    let verdicts = role.stands_for.iter().map(|requirement| decide(Request { requirement, target }, principal));
    verdicts.max_by_key(|verdict| verdict.decision).unwrap_or_else(missing)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::authz::{Known, PolicySource, Scope};
    use crate::catalog::ApiMatch;
    use crate::policy;

    fn granted(name: &str, document: &str, scope: Scope) -> Grant {
        let node = crate::syntax::json::parse(document).unwrap().node;
        let policy = policy::parse(&node).policy;
        Grant::new(Arc::new(PolicySource::new(name, None, policy)), scope)
    }

    fn decision(grants: &[Grant]) -> Decision {
        let catalog = Catalog::embedded();
        let key = "POST /v1/cloudimages/{image_id}/file".parse().unwrap();
        let ApiMatch::One(api) = catalog.find(Some("ims"), &key) else { panic!("exporting an image is in the table") };
        let known = |text: &str| Known::Is(text.to_owned());
        let target = Target::at(known("r"), known("r"), known("0"));
        let roles = roles_of_api(&api, &catalog);
        assert_eq!(roles[0].names(), "`OBS Tenant Administrator`");
        decide_role(&roles[0], &target, &Principal { grants: grants.to_vec(), ..Principal::default() }).decision
    }

    const EMPTY: &str = r#"{"Version": "1.0", "Statement": []}"#;
    const OBS: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["obs:*:*"]}]}"#;
    const DENY: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Deny", "Action": ["obs:*:*"]}]}"#;
    const PART: &str = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["obs:bucket:*"]}]}"#;

    #[test]
    fn a_role_is_held_by_name_or_by_all_that_it_stands_for() {
        let role = |scope| granted("OBS Tenant Administrator", EMPTY, scope);
        assert_eq!(decision(&[]), Decision::Missing);
        assert_eq!(decision(&[role(Scope::All)]), Decision::Allowed);
        assert_eq!(decision(&[role(Scope::Global)]), Decision::Allowed);
        assert_eq!(decision(&[role(Scope::EnterpriseProjects(vec!["0".into()]))]), Decision::UnsupportedScope);
        assert_eq!(decision(&[granted("obs.json", OBS, Scope::All)]), Decision::Allowed);
        assert_eq!(decision(&[granted("obs.json", PART, Scope::All)]), Decision::Conditional);
        assert_eq!(
            decision(&[granted("obs.json", OBS, Scope::All), granted("no.json", DENY, Scope::All)]),
            Decision::Denied
        );
    }
}
