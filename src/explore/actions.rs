//! Cards of actions, patterns of actions, and system-defined policies.

use std::collections::{BTreeMap, BTreeSet};

use super::apis::{operation_use, type_uses};
use super::cards::{
    ActionCard, ActionUse, Cited, Code, CoveredAction, PatternCard, PolicyCard, PolicyUse, ResourceCard,
};
use super::links::Callers;
use super::tally::body;
use crate::catalog::{AccessLevel, Api, Catalog, IdentityAction, Listed, PolicyKind, SystemPolicy};
use crate::glob::covers;

const V1: &str = "1.1";
const V5: &str = "5.0";

/// Everything that is known of an action; none where nothing is.
pub fn action<'a>(catalog: &'a Catalog, name: &str) -> Option<ActionCard<'a>> {
    let lower = name.to_ascii_lowercase();
    let is_it = |other: &str| other.eq_ignore_ascii_case(&lower);
    let known = catalog.all_actions();
    let (written, listed) = known.iter().find(|(known, _)| is_it(known)).copied()?;
    let identity: Vec<Listed<'a, IdentityAction<'a>>> = catalog.identity_actions();
    let alias_of = catalog.aliased_by(&lower);
    let own = identity.into_iter().find(|own| is_it(own.entry.action));
    let mut uses = Uses::default();
    for row in catalog.apis() {
        uses.row(catalog, &row, &lower);
    }
    uses.sort();
    let callers = Callers::of(catalog, uses.needed.iter().map(|needed| (needed.service, needed.api)));
    let is_v1 = !uses.alias_apis.is_empty() || !alias_of.is_empty();
    let mut grammars: BTreeSet<&'static str> = uses.all().map(|needed| needed.grammar).collect();
    if own.is_some() {
        grammars.insert(V5);
    }
    if is_v1 {
        grammars.insert(V1);
    }
    let source = match &own {
        Some(own) => Some(Cited::new(own.entry.source, own.extension)),
        None => listed.map(|source| Cited::new(source, None)),
    };
    let own = own.map(|own| own.entry);
    Some(ActionCard {
        action: written,
        grammars: grammars.into_iter().collect(),
        operations: callers.operations().iter().map(operation_use).collect(),
        terraform: type_uses(&callers),
        apis: uses.needed,
        dependents: uses.dependents,
        alias_apis: uses.alias_apis,
        scopes: catalog.action_scopes(&lower).into(),
        access: own.as_ref().and_then(|own| own.access).map(AccessLevel::as_str),
        resources: own.as_ref().map(resources).unwrap_or_default(),
        conditions: own.as_ref().map(|own| own.conditions.clone()).unwrap_or_default(),
        aliases: own.map(|own| own.aliases).unwrap_or_default(),
        alias_of: alias_of.into_iter().collect(),
        policies: policies(catalog, &lower),
        source,
    })
}

fn resources<'a>(action: &IdentityAction<'a>) -> Vec<ResourceCard<'a>> {
    let cards = action.resources.iter().map(|resource| ResourceCard {
        name: resource.kind,
        required: resource.required,
        urn: resource.urn,
        conditions: resource.conditions.clone(),
    });
    cards.collect()
}

/// The rows that have to do with an action.
#[derive(Default)]
struct Uses<'a> {
    needed: Vec<ActionUse<'a>>,
    dependents: Vec<ActionUse<'a>>,
    alias_apis: Vec<ActionUse<'a>>,
}

impl<'a> Uses<'a> {
    fn row(&mut self, catalog: &'a Catalog, row: &Listed<'a, Api<'a>>, action: &str) {
        let api = &row.entry;
        let names = |other: &str| other.contains('*') && covers(&other.to_ascii_lowercase(), action);
        let is_it = |other: &str| other.eq_ignore_ascii_case(action);
        let cited = |names: &'a str, grammar: &'static str, when: Option<&'a str>| ActionUse {
            service: api.service,
            api: api.key,
            grammar,
            names,
            when: Code::when(catalog, when),
            scopes: api.scopes.into(),
            source: Cited::new(api.source, row.extension),
        };
        for (needs, grammar) in [(&api.actions, V1), (&api.identity, V5)] {
            let needs = needs.iter().filter(|need| is_it(need.action) || names(need.action));
            self.needed.extend(needs.map(|need| cited(need.action, grammar, need.when)));
        }
        let depends = api.depends.iter().filter(|other| is_it(other.action) || names(other.action));
        self.dependents.extend(depends.map(|other| cited(other.action, V1, other.when)));
        let depends = api.identity_depends.iter().filter(|other| is_it(other) || names(other));
        self.dependents.extend(depends.map(|other| cited(other, V5, None)));
        let aliases = api.identity_aliases.iter().filter(|other| is_it(other) || names(other));
        self.alias_apis.extend(aliases.map(|other| cited(other, V1, None)));
    }

    fn all(&self) -> impl Iterator<Item = &ActionUse<'a>> {
        self.needed.iter().chain(&self.dependents).chain(&self.alias_apis)
    }

    fn sort(&mut self) {
        for uses in [&mut self.needed, &mut self.dependents, &mut self.alias_apis] {
            uses.sort_by_key(|one| (one.service, one.api, one.grammar));
        }
    }
}

/// What the system-defined policies say of an action, or of a whole pattern.
fn policies<'a>(catalog: &'a Catalog, action: &str) -> Vec<PolicyUse<'a>> {
    let mut uses = Vec::new();
    for policy in catalog.policies() {
        let policy = policy.entry;
        let lists = [
            (&policy.allow, "allow"),
            (&policy.deny, "deny"),
            (&policy.allow_perhaps, "allow_perhaps"),
            (&policy.deny_perhaps, "deny_perhaps"),
            (&policy.assumed, "assumed"),
            (&policy.not_granted, "not_granted"),
        ];
        for (list, effect) in lists {
            let taking = list.iter().filter(|pattern| covers(&pattern.to_ascii_lowercase(), action));
            uses.extend(taking.map(|names| PolicyUse { policy: policy.name, effect, names }));
        }
    }
    uses.sort();
    uses.dedup();
    uses
}

/// What a pattern of actions covers; none where that is nothing.
pub(super) fn pattern<'a>(catalog: &'a Catalog, pattern: &str) -> Option<PatternCard<'a>> {
    let lower = pattern.to_ascii_lowercase();
    let mut counts: BTreeMap<String, (usize, BTreeSet<&'static str>)> = BTreeMap::new();
    for row in catalog.apis() {
        let mut seen = BTreeSet::new();
        for (needs, grammar) in [(&row.entry.actions, V1), (&row.entry.identity, V5)] {
            for need in needs {
                let action = need.action.to_ascii_lowercase();
                let (apis, grammars) = counts.entry(action.clone()).or_default();
                *apis += usize::from(seen.insert(action));
                grammars.insert(grammar);
            }
        }
    }
    let mut access = BTreeMap::new();
    for action in catalog.identity_actions() {
        access.insert(action.entry.action.to_ascii_lowercase(), action.entry.access);
    }
    let known = catalog.all_actions().into_iter().filter(|(action, _)| covers(&lower, &action.to_ascii_lowercase()));
    let covered = known.map(|(action, _)| {
        let own = action.to_ascii_lowercase();
        let (apis, mut grammars) = counts.get(&own).cloned().unwrap_or_default();
        if access.contains_key(&own) {
            grammars.insert(V5);
        }
        let access = access.get(&own).copied().flatten().map(AccessLevel::as_str);
        CoveredAction { action, grammars: grammars.into_iter().collect(), access, apis }
    });
    let covers: Vec<CoveredAction<'a>> = covered.collect();
    if covers.is_empty() {
        return None;
    }
    let scopes = catalog.action_scopes(&lower).into();
    Some(PatternCard { pattern: pattern.to_owned(), covers, scopes, policies: policies(catalog, &lower) })
}

/// The card of a system-defined policy or role; `names` are all that it has.
pub(super) fn policy<'a>(policy: SystemPolicy<'a>, names: Vec<&'a str>, extension: Option<&'a str>) -> PolicyCard<'a> {
    PolicyCard {
        name: policy.name,
        names,
        kind: match policy.kind {
            PolicyKind::Policy => "policy",
            PolicyKind::Role => "role",
            PolicyKind::Identity => "identity policy",
        },
        service: policy.service,
        body: body(&policy),
        allow: policy.allow,
        deny: policy.deny,
        allow_perhaps: policy.allow_perhaps,
        deny_perhaps: policy.deny_perhaps,
        assumed: policy.assumed,
        not_granted: policy.not_granted,
        depends: policy.depends,
        source: Cited::new(policy.source, extension),
    }
}
