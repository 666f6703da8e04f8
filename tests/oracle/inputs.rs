//! Generators with small alphabets, so that matches, near misses and overlaps of Allow and Deny are frequent.

use grantlint::authz::{Body, IdentityName, Kind, Known, Requirement, Scope, Target};
use grantlint::catalog::{Reach, Scopes};
use grantlint::policy::{Effect, Version};
use proptest::bool::weighted;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::drafts::{GrantDraft, StatementDraft};

/// A need, where it arises, and what a principal holds.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) requirement: Requirement,
    pub(crate) target: Target,
    pub(crate) grants: Vec<GrantDraft>,
}

const ACTIONS: [(&str, &[&str]); 3] = [
    ("ims", &["ims:images:copy", "ims:images:copyInRegion", "ims:images:get", "ims:serverImages:create"]),
    ("obs", &["obs:bucket:ListBucket", "obs:bucket:CreateBucket", "obs:object:PutObject"]),
    ("iam", &["iam:users:listUsers", "iam:agencies:pass", "iam:users:createUser"]),
];
const PATTERNS: [&str; 8] =
    ["*:*:*", "*:*:get*", "*:*:c*y", "*:images:*", "IMS:*:*", "iam:*:*", "obs:*:*", "ims:*:list"];
const ROLE_PATTERNS: [&str; 6] = ["*", "*:*:Get*", "*:*:List*", "identity:*", "identity:*:list*", "ims:*"];
const PROJECTS: [&str; 3] = ["cn-north-4", "cn-east-3", "cn-north-4_dev"];
const ENTERPRISE_PROJECTS: [&str; 4] = ["0", "default", "prod", "dev"];
/// Of what a table may not say, the share that it does not.
pub(crate) const SETTLED: f64 = 0.0;
pub(crate) const OPEN: f64 = 0.25;

/// Inputs in which each thing that can be open is so with the given probability.
pub(crate) fn inputs(open: f64) -> impl Strategy<Value = Input> {
    select(ACTIONS.to_vec())
        .prop_flat_map(move |(service, actions)| {
            let grants = vec(grant(service, actions, open), 1..=4);
            (requirement(actions, open), target(open), grants)
        })
        .prop_map(|(requirement, target, grants)| Input { requirement, target, grants })
}

/// A requirement of the shape that the table gives: 5.0 aliases only beside a 5.0 name.
fn requirement(actions: &'static [&'static str], open: f64) -> impl Strategy<Value = Requirement> {
    let names = move || (weighted(open), vec(select(actions), 1..=2)).prop_map(|(none, names)| owned(none, &names));
    let foreign = prop_oneof![4 => select(actions), 1 => Just("vpc:publicIps:create")];
    let aliases = (weighted(0.4), vec(foreign, 1..=2)).prop_map(|(none, names)| owned(none, &names));
    let reach = prop_oneof![Just(Reach::Regional), Just(Reach::Global)];
    let column = move || (weighted(open), any::<bool>()).prop_map(|(none, value)| (!none).then_some(value));
    let supports = (column(), column());
    let names_5 = (names(), weighted(open));
    let names_1 = (names(), weighted(open));
    (select(actions), names_1, names_5, aliases, (weighted(open), reach), supports).prop_map(
        |(
            action,
            (names_1, older_is_open),
            (names_5, is_open),
            aliases,
            (no_reach, reach),
            (project, enterprise_project),
        )| {
            Requirement {
                action: action.to_owned(),
                knows_names_1: !names_1.is_empty() && !older_is_open,
                names_1,
                other_services: Vec::new(),
                knows_names_5: !names_5.is_empty() && !is_open,
                names_5: names_5.into_iter().map(|name| newer(name, &aliases)).collect(),
                kind: Kind::Needed,
                open: None,
                supports: Scopes { project, enterprise_project },
                reach: if no_reach { Reach::Unknown } else { reach },
            }
        },
    )
}

fn newer(name: String, aliases: &[String]) -> IdentityName {
    IdentityName { name, aliases: aliases.to_vec(), ..IdentityName::default() }
}

fn owned(none: bool, names: &[&str]) -> Vec<String> {
    if none { Vec::new() } else { names.iter().map(|name| (*name).to_owned()).collect() }
}

pub(crate) fn target(open: f64) -> impl Strategy<Value = Target> {
    let known = move |values: &'static [&'static str]| {
        (weighted(open), select(values)).prop_map(|(is_open, value)| {
            if is_open { Known::Unknown(String::from("not said")) } else { Known::Is(value.to_owned()) }
        })
    };
    (known(&PROJECTS[..2]), known(&PROJECTS), known(&ENTERPRISE_PROJECTS))
        .prop_map(|(region, project, enterprise_project)| Target::at(region, project, enterprise_project))
}

pub(crate) fn grant(service: &'static str, actions: &'static [&'static str], open: f64) -> BoxedStrategy<GrantDraft> {
    let version = prop_oneof![1 => Just(Version::V1_0), 3 => Just(Version::V1_1), 2 => Just(Version::V5_0)];
    let body = (weighted(open), any::<bool>()).prop_map(|(is_open, none)| match (is_open, none) {
        (false, _) => Body::Whole,
        (true, false) => Body::Implied,
        (true, true) => Body::Hidden,
    });
    let draft = move |(version, body, own_scope): (Version, Body, Scope)| {
        let statements = vec(statement(service, actions, version, open), 1..=4);
        (statements, weighted(open)).prop_map(move |(mut statements, has_scope)| {
            if body == Body::Hidden {
                statements.clear();
            }
            let scope = if version.is_identity() && !has_scope { Scope::All } else { own_scope.clone() };
            GrantDraft { version, body, scope, statements }
        })
    };
    (version, body, scope()).prop_flat_map(draft).boxed()
}

pub(crate) fn scope() -> impl Strategy<Value = Scope> {
    let names = |values: &'static [&'static str]| vec(select(values), 1..=2).prop_map(|names| owned(false, &names));
    prop_oneof![
        Just(Scope::All),
        Just(Scope::Global),
        names(&PROJECTS).prop_map(Scope::Projects),
        names(&ENTERPRISE_PROJECTS).prop_map(Scope::EnterpriseProjects),
    ]
}

fn statement(
    service: &'static str,
    actions: &'static [&'static str],
    version: Version,
    open: f64,
) -> impl Strategy<Value = StatementDraft> {
    let effect = prop_oneof![3 => Just(Effect::Allow), 1 => Just(Effect::Deny)];
    let conditions = (weighted(open / 2.0), select(vec!["prod", "dev"])).prop_map(|(has_one, value)| {
        let text = |text: &str| text.to_owned();
        if has_one { vec![(text("StringEquals"), text("g:EnterpriseProjectId"), text(value))] } else { Vec::new() }
    });
    let resources = (any::<bool>(), vec(resource(service, open), 1..=2));
    (effect, weighted(0.3), vec(pattern(actions, version), 1..=2), resources, weighted(0.15), conditions).prop_map(
        |(effect, is_except, patterns, (has_some, resources), is_except_resource, conditions)| StatementDraft {
            effect,
            is_except,
            patterns,
            resources: has_some.then_some(resources),
            is_except_resource,
            conditions,
        },
    )
}

/// A pattern: an action as it is, with wildcards in it, a near miss, or one of every service.
pub(crate) fn pattern(actions: &'static [&'static str], version: Version) -> BoxedStrategy<String> {
    let bent = (select(actions), 0_usize..9).prop_map(|(action, way)| {
        let parts: Vec<&str> = action.split(':').collect();
        let (service, kind, operation) = (parts[0], parts[1], parts[2]);
        match way {
            0 => format!("{service}:*:*"),
            1 => format!("{service}:{kind}:*"),
            2 => format!("{service}:*:{operation}"),
            3 => format!("{service}:{kind}:{}*", &operation[..3]),
            4 => format!("{service}:*{}:{operation}", &kind[2..]),
            5 => format!("{}*:{kind}:*{}*", &service[..1], &operation[1..3]),
            6 => format!("{service}:{kind}:{}", &operation[1..]),
            7 => format!("{service}:{kind}:{operation}To"),
            _ => action.to_uppercase(),
        }
    });
    let plain = select(actions).prop_map(str::to_owned);
    let of_all: &'static [&'static str] = if version == Version::V1_0 { &ROLE_PATTERNS } else { &PATTERNS };
    let of_all = select(of_all).prop_map(str::to_owned);
    let bare = if version == Version::V5_0 { "*" } else { "vpc:*:*" };
    prop_oneof![5 => plain, 6 => bent, 3 => of_all, 1 => Just(bare.to_owned())].boxed()
}

/// A resource: all of the service, of a region, or (only where something may be open) of one account, type or path.
fn resource(service: &'static str, open: f64) -> impl Strategy<Value = String> {
    let settled =
        (select(vec!["*", "", "cn-north-4", "CN-east-3", "cn-*"]), select(vec!["*", "bucket", "object", "b*"]))
            .prop_map(move |(region, kind)| {
                let kind = if service == "obs" { kind } else { "*" };
                format!("{service}:{region}:*:{kind}:*")
            });
    let specific = select(vec!["*:0a1b:*:*", "*:*:bucket:logs/*", "*:*:agency:ci", "cn-north-4::instance:7"])
        .prop_map(move |rest| format!("{service}:{rest}"));
    let odd = prop_oneof![
        Just(String::from("*")),
        Just(String::from("vpc:*:*:publicip:*")),
        Just(String::from("nonsense")),
        Just(String::from("*:*:*:*:*")),
    ];
    (settled, weighted(open), prop_oneof![specific, odd])
        .prop_map(|(settled, is_open, open)| if is_open { open } else { settled })
}
