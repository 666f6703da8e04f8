//! Generators with small alphabets, so that matches, near misses and overlaps of Allow and Deny are frequent.

use grantlint::authz::{Fact, IdentityName, IdentityResource, Kind, Known, Requirement};
use grantlint::catalog::{Reach, Scopes};
use proptest::bool::weighted;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::case::{Case, Facts};
use crate::policies::{grants, guardrails};

pub(crate) const ACTIONS: [(&str, &[&str]); 3] = [
    ("ims", &["ims:images:copy", "ims:images:copyInRegion", "ims:images:get", "ims:serverImages:create"]),
    ("obs", &["obs:bucket:ListBucket", "obs:bucket:CreateBucket", "obs:object:PutObject"]),
    ("iam", &["iam:users:listUsers", "iam:agencies:pass", "iam:users:createUser"]),
];
pub(crate) const PROJECTS: [&str; 3] = ["cn-north-4", "cn-east-3", "cn-north-4_dev"];
pub(crate) const UUID: &str = "3f9c0a52-1b7e-4a7d-9d7b-2f6f0c1d8e4a";
pub(crate) const ENTERPRISE_PROJECTS: [&str; 5] = ["0", "default", "prod", "dev", UUID];
const PATHS: [(&str, &str); 5] =
    [("bucket", "logs"), ("object", "logs/2026/*"), ("images", "i-1"), ("agency", "ci"), ("users", "*")];

/// Condition keys with values that a request may have.
pub(crate) const KEYS: [(&str, &[&str]); 12] = [
    ("g:UserName", &["ci", "CI", "deploy-ci"]),
    ("g:PrincipalTag/Team", &["infra", "Infra"]),
    ("g:SourceIp", &["10.1.2.3", "10.1.0.0/16", "192.168.0.7"]),
    ("g:MFAPresent", &["true", "False"]),
    ("g:MFAAge", &["5", "300", "300.0"]),
    ("g:CurrentTime", &["2026-01-01T00:00:00Z", "2026-06-01T08:00:00+08:00"]),
    ("g:RequestedRegion", &["cn-north-4", "cn-east-3"]),
    ("g:EnterpriseProjectId", &["0", UUID]),
    ("g:ResourceTag/Owner", &["ci", "ops"]),
    ("g:RequestTag/Owner", &["ci", "ops"]),
    ("g:TagKeys", &["Owner", "Team"]),
    ("obs:prefix", &["private/", "private/a", "public/"]),
];
/// Of the operation; the others are of the principal.
const OF_OPERATION: usize = 8;

/// Of what an input may leave open, the share that it does.
pub(crate) const SETTLED: f64 = 0.0;
pub(crate) const LITTLE: f64 = 0.06;
pub(crate) const OPEN: f64 = 0.25;

/// Cases in which each thing that can be open is so with the given probability.
pub(crate) fn cases(open: f64) -> BoxedStrategy<Case> {
    let held = move |(service, actions): (&'static str, &'static [&'static str])| {
        (grants(service, actions, open), guardrails(service, actions, open))
    };
    let need = select(ACTIONS.to_vec()).prop_flat_map(move |it| (requirement(it.1, open), held(it)));
    // What the principal's context says of the place is said over what the operation says.
    let (of_principal, of_place) = (facts(&KEYS[..OF_OPERATION - 2], open), facts(&KEYS[OF_OPERATION - 2..], 0.9));
    let facts = (of_principal, of_place, facts(&KEYS[OF_OPERATION..], open));
    let resources = vec(select(PATHS.to_vec()), 0..=1);
    (need, place(open), resources, facts)
        .prop_map(|((requirement, (grants, guardrails)), place, resources, (mut context, own_place, facts))| {
            let [region, project, enterprise_project] = place;
            context.keys.extend(own_place.keys);
            let resources = resources.iter().map(|(kind, path)| ((*kind).to_owned(), (*path).to_owned())).collect();
            Case { requirement, region, project, enterprise_project, resources, facts, context, grants, guardrails }
        })
        .boxed()
}

/// A requirement of the shape that the table gives.
fn requirement(actions: &'static [&'static str], open: f64) -> impl Strategy<Value = Requirement> {
    let names = (weighted(open), vec(select(actions), 1..=2)).prop_map(|(none, names)| owned(none, &names));
    let newer = (weighted(open), vec(newer(actions, open), 1..=2));
    let newer = newer.prop_map(|(none, names)| if none { Vec::new() } else { names });
    let reach = reach(open);
    let column = move || (weighted(open), any::<bool>()).prop_map(|(none, value)| (!none).then_some(value));
    let supports = (column(), column());
    // Where aliases are known, the 1.1 names are among them.
    (
        select(actions),
        (names, weighted(open)),
        (newer, weighted(open), [weighted(open), weighted(open)]),
        reach,
        supports,
    )
        .prop_map(
            |(
                action,
                (names_1, older_is_open),
                (mut names_5, is_open, [is_elsewhere, has_strange_names]),
                reach,
                (project, enterprise_project),
            )| {
                let known = names_5.iter_mut().filter(|name| !name.aliases.is_empty() && !has_strange_names);
                known.for_each(|name| name.aliases.extend(names_1.iter().cloned()));
                Requirement {
                    action: action.to_owned(),
                    knows_names_1: !names_1.is_empty() && !older_is_open,
                    names_1,
                    other_services: owned(!is_elsewhere, &["vpc"]),
                    knows_names_5: !names_5.is_empty() && !is_open,
                    names_5,
                    kind: Kind::Needed,
                    open: None,
                    supports: Scopes { project, enterprise_project },
                    reach,
                }
            },
        )
}

pub(crate) fn reach(open: f64) -> impl Strategy<Value = Reach> {
    (weighted(open), any::<bool>()).prop_map(|(is_open, is_global)| match (is_open, is_global) {
        (true, _) => Reach::Unknown,
        (false, true) => Reach::Global,
        (false, false) => Reach::Regional,
    })
}

fn newer(actions: &'static [&'static str], open: f64) -> impl Strategy<Value = IdentityName> {
    let foreign = prop_oneof![4 => select(actions), 1 => Just("vpc:publicIps:create")];
    let aliases = (weighted(0.05 + open), vec(foreign, 1..=2)).prop_map(|(none, names)| owned(none, &names));
    let keys = vec!["g:EnterpriseProjectId", "g:ResourceTag/<tag-key>", "g:RequestTag/<tag-key>", "g:TagKeys"];
    let keys = proptest::sample::subsequence(keys, 0..=4).prop_map(|keys| owned(false, &keys));
    let kinds = select(vec!["bucket", "object", "images", "agency"]);
    let resource =
        (kinds, any::<bool>()).prop_map(|(kind, required)| IdentityResource { kind: kind.to_owned(), required });
    let resources = prop_oneof![2 => Just(Vec::new()), 1 => vec(resource, 1..=2)];
    (select(actions), aliases, keys, resources).prop_map(|(name, aliases, keys, resources)| IdentityName {
        name: name.to_owned(),
        aliases,
        keys,
        resources,
    })
}

pub(crate) fn owned(none: bool, names: &[&str]) -> Vec<String> {
    if none { Vec::new() } else { names.iter().map(|name| (*name).to_owned()).collect() }
}

/// Region, project and enterprise project.
fn place(open: f64) -> impl Strategy<Value = [Known<String>; 3]> {
    let known = move |values: &'static [&'static str]| {
        (weighted(open), select(values)).prop_map(|(is_open, value)| {
            if is_open { Known::Unknown(String::from("not said")) } else { Known::Is(value.to_owned()) }
        })
    };
    (known(&PROJECTS[..2]), known(&PROJECTS), known(&ENTERPRISE_PROJECTS))
        .prop_map(|(region, project, enterprise_project)| [region, project, enterprise_project])
}

/// What is known of keys: of each nothing, or that it is absent, or its values.
fn facts(keys: &'static [(&'static str, &'static [&'static str])], open: f64) -> impl Strategy<Value = Facts> {
    let fact = move |(key, values): (&'static str, &'static [&'static str])| {
        let most = if key == "g:TagKeys" || key == "g:UserName" { 2 } else { 1 };
        let values = vec(select(values), 1..=most).prop_map(|values| Fact::Values(owned(false, &values)));
        let since = if key == "g:CurrentTime" { 2 } else { 0 };
        let since = (since, Just(Fact::Since("2026-03-01T00:00:00Z".parse().unwrap())));
        let known = prop_oneof![1 => Just(Fact::Absent), since.0 => since.1, 4 => values];
        (weighted(open), known).prop_map(move |(is_open, fact)| (!is_open).then(|| (key.to_owned(), fact)))
    };
    let keys: Vec<_> = keys.iter().map(|key| fact(*key)).collect();
    let complete = vec(select(vec!["g:RequestTag/", "g:resourcetag/", "g:PrincipalTag/"]), 0..=1);
    let now = (weighted(0.5), Just("2026-02-01T00:00:00Z".parse().unwrap()));
    (keys, complete, now).prop_map(|(keys, complete, (has_now, now))| Facts {
        keys: keys.into_iter().flatten().collect(),
        complete: owned(false, &complete),
        not_before: has_now.then_some(now),
    })
}
