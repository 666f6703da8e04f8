//! What an API needs of the identity that calls it, as the table says and the account settles.

use std::sync::Arc;

use super::{Occurs, Truth};
use crate::catalog::{Api, Catalog, Dependency, Need, Reach, ResourceType, Scopes};

/// What the configuration says of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Account {
    /// The account has enabled enterprise projects; `None` where that is not said.
    pub enterprise_projects: Option<bool>,
}

/// Why an action is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The API refuses without it.
    Needed,
    /// The API works only in part without it.
    Dependency,
}

/// One action that a call needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The action as reports name it, in the table's casing; may be a pattern for a dependency.
    pub action: String,
    /// The names by which roles and policies (1.x) grant it; one is enough. Empty where the table knows none.
    pub names_1: Vec<String>,
    /// `names_1` are all that the older engine may call the action: a page of that engine lists them.
    pub knows_names_1: bool,
    /// The names by which identity policies (5.0) grant it; all are needed. Empty where the table knows none.
    pub names_5: Vec<IdentityName>,
    /// `names_5` are all that the newer engine may call the action.
    pub knows_names_5: bool,
    /// First parts, beside that of `action`, that its name in the engine of which the table knows none may have.
    pub other_services: Vec<String>,
    /// Needed, or a dependency.
    pub kind: Kind,
    /// What is open about the need itself; `None` where it is certain.
    pub open: Option<Arc<str>>,
    /// Which scopes of grants the API honours for it.
    pub supports: Scopes,
    /// Whether the action's service is global.
    pub reach: Reach,
}

/// An action as the newer engine knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdentityName {
    /// Its name.
    pub name: String,
    /// Names of the older engine that mean the same; empty where the table does not know whether there are any.
    pub aliases: Vec<String>,
    /// The condition keys that it is documented to support.
    pub keys: Vec<String>,
    /// The types of resources that it is documented to act on; empty where the table knows none.
    pub resources: Vec<IdentityResource>,
}

/// A type of resources that an action acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityResource {
    /// The type, as URNs name it.
    pub kind: String,
    /// A request for the action always has one of this type.
    pub required: bool,
}

impl IdentityName {
    /// What the table says of an action, with further names that mean the same.
    fn new(name: &str, aliases: &[&str], catalog: &Catalog) -> Self {
        let mut own = Self { name: name.to_owned(), aliases: owned(aliases), ..Self::default() };
        let Some(action) = catalog.identity_action(name) else { return own };
        for alias in &action.aliases {
            if !own.aliases.iter().any(|known| same(known, alias)) {
                own.aliases.push((*alias).to_owned());
            }
        }
        let of_types = action.resources.iter().flat_map(|kind| &kind.conditions);
        own.keys = action.conditions.iter().chain(of_types).map(|key| (*key).to_owned()).collect();
        let resource =
            |kind: &ResourceType<'_>| IdentityResource { kind: kind.kind.to_owned(), required: kind.required };
        own.resources = action.resources.iter().map(resource).collect();
        own
    }
}

impl Requirement {
    /// Of a role whose actions are not known.
    pub(super) fn of_service_like_any_other(name: &str) -> Self {
        Self {
            action: name.to_owned(),
            names_1: Vec::new(),
            knows_names_1: false,
            names_5: Vec::new(),
            knows_names_5: false,
            other_services: Vec::new(),
            kind: Kind::Dependency,
            open: None,
            supports: Scopes::default(),
            reach: Reach::Regional,
        }
    }

    /// How a kind of policy names the action, identity policies (5.0) or roles and policies (1.x); empty where the table
    /// does not know.
    pub fn names(&self, is_identity: bool) -> Vec<&str> {
        if is_identity {
            return self.names_5.iter().map(|name| name.name.as_str()).collect();
        }
        self.names_1.first().map(String::as_str).into_iter().collect()
    }

    /// The action as a kind of policy names it, or else as the table does.
    pub fn shown(&self, is_identity: bool) -> Vec<&str> {
        let names = self.names(is_identity);
        if names.is_empty() { vec![self.action.as_str()] } else { names }
    }

    /// The service of the action.
    pub fn service(&self) -> &str {
        service_of(&self.action)
    }
}

/// What a call of `api` needs.
pub fn of_api(api: &Api<'_>, account: Account, catalog: &Catalog) -> Vec<Requirement> {
    let mut requirements = needed(api, account, catalog);
    for dependency in &api.depends {
        let stands = |other: &Requirement| other.open.is_none() || other.kind == Kind::Needed;
        if requirements.iter().any(|other| stands(other) && same(&other.action, dependency.action)) {
            continue;
        }
        if let Some(requirement) = dependent(dependency, api, account, catalog) {
            requirements.push(requirement);
        }
    }
    requirements
}

/// A need of one action that is named directly, in whichever grammar.
pub fn of_action(action: &str, catalog: &Catalog) -> Requirement {
    let described = catalog.identity_action(action).is_some();
    // Actions of the newer engine that mean the same: one is its name there, several are only possible.
    let others = if described { Vec::new() } else { catalog.aliased_by(action) };
    let name = match others.as_slice() {
        [only] => IdentityName::new(only, &[action], catalog),
        _ => IdentityName::new(action, &[], catalog),
    };
    // An action that only pages of the newer engine name may go by another name in the older one, or by none.
    let is_of_5_alone = catalog.is_identity_action(action) && !catalog.is_policy_action(action);
    let mut names_1 = if is_of_5_alone { Vec::new() } else { vec![action.to_owned()] };
    names_1.extend(name.aliases.iter().filter(|alias| !same(alias, action)).cloned());
    Requirement {
        action: action.to_owned(),
        names_1,
        knows_names_1: !is_of_5_alone,
        // The newer engine may name it in another way where the table does not describe it.
        knows_names_5: described || others.len() == 1,
        names_5: vec![name],
        other_services: others.iter().map(|other| service_of(other).to_owned()).collect(),
        kind: Kind::Needed,
        open: None,
        supports: catalog.action_scopes(action),
        reach: reach(action, catalog),
    }
}

fn needed(api: &Api<'_>, account: Account, catalog: &Catalog) -> Vec<Requirement> {
    let by_identity = api.actions.is_empty();
    let needs = if by_identity { &api.identity } else { &api.actions };
    // The table has one list of aliases for each API: of several actions it does not say whose they are.
    let aliases: &[&str] = if api.identity.len() == 1 { &api.identity_aliases } else { &[] };
    let other_services = owned(&catalog.action_prefixes(api.service));
    let mut requirements = Vec::new();
    for need in needs {
        let arises = arises(need.when, account, catalog);
        if arises == Occurs::Never {
            continue;
        }
        let names = if by_identity { vec![need.action] } else { identity_names(*need, api) };
        let names_5: Vec<IdentityName> = names.iter().map(|name| IdentityName::new(name, aliases, catalog)).collect();
        // What is an alias of its only name in the newer engine is enough in the older one too.
        let also = match names_5.as_slice() {
            [only] => only.aliases.as_slice(),
            _ => &[],
        };
        let mut names_1 = if by_identity { Vec::new() } else { vec![need.action.to_owned()] };
        for alias in also {
            if !names_1.iter().any(|known| same(known, alias)) {
                names_1.push(alias.clone());
            }
        }
        requirements.push(Requirement {
            action: need.action.to_owned(),
            names_1,
            names_5,
            knows_names_1: !by_identity,
            knows_names_5: true,
            other_services: other_services.clone(),
            kind: Kind::Needed,
            open: arises.open(),
            supports: api.scopes,
            reach: reach(need.action, catalog),
        });
    }
    requirements
}

/// The 5.0 names of a 1.1 action: those that are needed in the same case, else those spelt alike, else, where the API
/// needs one action alone, all. Empty where the table does not say which of them belongs to it.
fn identity_names<'a>(need: Need<'_>, api: &Api<'a>) -> Vec<&'a str> {
    let those = |is_its: &dyn Fn(&Need<'_>) -> bool| -> Vec<&'a str> {
        api.identity.iter().filter(|name| is_its(name)).map(|name| name.action).collect()
    };
    let in_same_case = those(&|name| need.when.is_some() && name.when == need.when);
    if !in_same_case.is_empty() {
        return in_same_case;
    }
    if api.actions.len() == 1 { those(&|_| true) } else { those(&|name| same(name.action, need.action)) }
}

fn dependent(dependency: &Dependency<'_>, api: &Api<'_>, account: Account, catalog: &Catalog) -> Option<Requirement> {
    let on = dependency.on.and_then(|on| api.actions.iter().find(|need| same(need.action, on)));
    let arises = arises(on.and_then(|on| on.when), account, catalog).and(arises(dependency.when, account, catalog));
    if arises == Occurs::Never {
        return None;
    }
    Some(Requirement {
        action: dependency.action.to_owned(),
        names_1: vec![dependency.action.to_owned()],
        knows_names_1: true,
        names_5: Vec::new(),
        knows_names_5: false,
        other_services: Vec::new(),
        kind: Kind::Dependency,
        open: arises.open(),
        supports: catalog.action_scopes(dependency.action),
        reach: reach(dependency.action, catalog),
    })
}

/// Whether a need that the table has for some requests arises for this one.
fn arises(when: Option<&str>, account: Account, catalog: &Catalog) -> Occurs {
    let Some(code) = when else { return Occurs::Surely };
    match condition(code, account) {
        Truth::Yes => Occurs::Surely,
        Truth::No => Occurs::Never,
        Truth::Unknown => Occurs::Perhaps(Arc::from(catalog.when_meaning(code).unwrap_or(code))),
    }
}

/// The one condition that the configuration can settle; every other one depends on the request.
fn condition(code: &str, account: Account) -> Truth {
    match (code, account.enterprise_projects) {
        ("enterprise-project-enabled", Some(enabled)) => Truth::of(enabled),
        ("migrating-enterprise-project", Some(false)) => Truth::No,
        _ => Truth::Unknown,
    }
}

fn reach(action: &str, catalog: &Catalog) -> Reach {
    catalog.service(service_of(action)).map_or(Reach::Unknown, |service| service.reach)
}

fn service_of(action: &str) -> &str {
    action.split(':').next().unwrap_or(action)
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ApiMatch;

    fn needed(service: &str, api: &str, account: Account, catalog: &Catalog) -> Vec<Requirement> {
        let ApiMatch::One(api) = catalog.find(Some(service), &api.parse().unwrap()) else {
            panic!("{api} is in the table")
        };
        let needed = of_api(&api, account, catalog).into_iter();
        needed.filter(|requirement| requirement.kind == Kind::Needed).collect()
    }

    fn names(service: &str, api: &str) -> Vec<(String, Vec<String>, Vec<String>)> {
        let needed = needed(service, api, Account::default(), &Catalog::embedded()).into_iter();
        let names_5 = |requirement: &Requirement| requirement.names_5.iter().map(|name| name.name.clone()).collect();
        needed.map(|needed| (needed.action.clone(), needed.names_1.clone(), names_5(&needed))).collect()
    }

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn an_action_that_is_named_directly_has_the_name_of_which_it_is_an_alias() {
        let requirement = of_action("vpc:publicIps:delete", &Catalog::embedded());
        let names: Vec<&str> = requirement.names_5.iter().map(|name| name.name.as_str()).collect();
        assert_eq!(names, ["eip:publicIps:delete"]);
        assert!(
            requirement.knows_names_5 && requirement.names_5[0].aliases.iter().any(|own| own == "vpc:publicIps:delete")
        );
    }

    #[test]
    fn an_action_of_the_newer_engine_alone_has_no_name_in_the_older_one_that_is_known() {
        let catalog = Catalog::embedded();
        let known = |action: &str| {
            let requirement = of_action(action, &catalog);
            (requirement.names_1, requirement.knows_names_1)
        };
        assert_eq!(known("iam:agencies:pass"), (vec![], false));
        let show = "ecs:cloudServers:showServer";
        assert_eq!(known(show), (owned(&[show, "ecs:cloudServers:get"]), true));
        assert_eq!(known("ims:images:copy"), (owned(&["ims:images:copy"]), true));
    }

    #[test]
    fn an_alias_is_enough_in_the_older_engine() {
        let needed = names("ecs", "GET /v1/{project_id}/cloudservers/{server_id}");
        let show = "ecs:cloudServers:showServer";
        assert_eq!(needed, [(show.to_owned(), owned(&[show, "ecs:cloudServers:get"]), owned(&[show]))]);
    }

    #[test]
    fn names_of_the_newer_engine_belong_to_the_action_that_is_needed_in_the_same_case() {
        for (action, _, names_5) in names("ecs", "POST /v1/{project_id}/cloudservers/action") {
            let expected = if action.ends_with(":start") { owned(&[&action]) } else { Vec::new() };
            assert_eq!(names_5, expected, "{action}");
        }
    }

    /// A table in which rows of one service come first.
    fn with_rows(rows: &str) -> Catalog {
        let mut catalog = Catalog::embedded();
        let text = format!("service: ims\nsources:\n  page: {{ document: d }}\napis:\n{rows}");
        catalog.extend("ims.yaml", &text).unwrap();
        catalog
    }

    #[test]
    fn the_aliases_of_an_api_are_those_of_its_only_action() {
        let catalog = with_rows(
            "  GET /v9/one: { actions: [ims:a:get], identity: [ims:a:get], identity_aliases: [ims:a:look], source: page }\n  \
               GET /v9/two: { actions: [ims:a:get, ims:b:get], identity: [ims:a:get, ims:b:get], identity_aliases: \
             [ims:b:look], source: page }\n",
        );
        let aliases = |api: &str| {
            let names_5 = needed("ims", api, Account::default(), &catalog).into_iter().flat_map(|one| one.names_5);
            names_5.map(|name| (name.name, name.aliases)).collect::<Vec<_>>()
        };
        let name = |name: &str, aliases: &[&str]| (name.to_owned(), owned(aliases));
        assert_eq!(aliases("GET /v9/one"), [name("ims:a:get", &["ims:a:look"])]);
        assert_eq!(aliases("GET /v9/two"), [name("ims:a:get", &[]), name("ims:b:get", &[])]);
    }

    #[test]
    fn only_a_page_of_the_older_engine_settles_what_that_calls_an_action() {
        let catalog = with_rows(
            "  GET /v9/both: { actions: [ims:a:get], identity: [ims:b:show], source: page }\n  GET /v9/newer: { identity: \
             [ims:b:show], source: page }\n",
        );
        let known = |api: &str| {
            let needed = needed("ims", api, Account::default(), &catalog).into_iter();
            needed.map(|one| (one.names_1, one.knows_names_1)).collect::<Vec<_>>()
        };
        assert_eq!(known("GET /v9/both"), [(owned(&["ims:a:get"]), true)]);
        assert_eq!(known("GET /v9/newer"), [(vec![], false)]);
    }

    #[test]
    fn the_account_settles_what_only_enterprise_projects_ask_for() {
        let catalog = with_rows(
            "  GET /v9/a: { actions: [{ action: ims:a:get, when: enterprise-project-enabled }], source: page }\n  GET \
             /v9/b: { actions: [{ action: ims:b:get, when: migrating-enterprise-project }], source: page }\n",
        );
        let open = |api: &str, enterprise_projects| {
            let needed = needed("ims", api, Account { enterprise_projects }, &catalog);
            needed.first().map(|one| one.open.is_some())
        };
        for (api, account, expected) in [
            ("GET /v9/a", Some(true), Some(false)),
            ("GET /v9/a", Some(false), None),
            ("GET /v9/a", None, Some(true)),
            ("GET /v9/b", Some(true), Some(true)),
            ("GET /v9/b", Some(false), None),
            ("GET /v9/b", None, Some(true)),
        ] {
            assert_eq!(open(api, account), expected, "{api} {account:?}");
        }
    }
}
