//! Generators of policies: patterns, resources, conditions, scopes, dependencies and guardrails.

use grantlint::authz::{Body, Scope};
use grantlint::policy::{Effect, Version};
use proptest::bool::weighted;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::case::{ConditionDraft, Element, GrantDraft, PolicyDraft, StatementDraft};
use crate::inputs::{ENTERPRISE_PROJECTS, KEYS, PROJECTS, owned, reach};
use crate::operators::{OPERATORS, Test};

const PATTERNS: [&str; 8] =
    ["*:*:*", "*:*:get*", "*:*:c*y", "*:images:*", "IMS:*:*", "iam:*:*", "obs:*:*", "ims:*:list"];
const ROLE_PATTERNS: [&str; 6] = ["*", "*:*:Get*", "*:*:List*", "identity:*", "identity:*:list*", "ims:*"];
const ROLES: [&str; 4] = ["Tenant Guest", "TENANT guest", "IMS Administrator", "OBS Buckets Viewer"];

type Actions = &'static [&'static str];

pub(crate) fn grants(service: &'static str, actions: Actions, open: f64) -> impl Strategy<Value = Vec<GrantDraft>> {
    vec(grant(service, actions, open), 1..=4)
}

/// Levels; most policies of them let a whole service or everything through.
pub(crate) fn guardrails(
    service: &'static str,
    actions: Actions,
    open: f64,
) -> impl Strategy<Value = Vec<Vec<PolicyDraft>>> {
    let full = StatementDraft::about(Effect::Allow, "*");
    let all = Just(PolicyDraft::new("FullAccess", Version::V5_0, vec![full]));
    let one = (vec(statement(service, actions, Version::V5_0, open), 1..=2), body(open / 2.0))
        .prop_map(|(statements, body)| {
            let statements = if body == Body::Hidden { Vec::new() } else { statements };
            PolicyDraft { body, ..PolicyDraft::new("guardrail", Version::V5_0, statements) }
        })
        .boxed();
    let level = prop_oneof![3 => (Just(true), one.clone()), 1 => (Just(false), one)];
    let level = (all, level).prop_map(|(all, (has_all, one))| if has_all { vec![all, one] } else { vec![one] });
    prop_oneof![1 => Just(Vec::new()), 1 => vec(level, 1..=2)]
}

fn body(open: f64) -> impl Strategy<Value = Body> {
    (weighted(open), any::<bool>()).prop_map(|(is_open, none)| match (is_open, none) {
        (false, _) => Body::Whole,
        (true, false) => Body::Implied,
        (true, true) => Body::Hidden,
    })
}

fn grant(service: &'static str, actions: Actions, open: f64) -> BoxedStrategy<GrantDraft> {
    let version = prop_oneof![2 => Just(Version::V1_0), 3 => Just(Version::V1_1), 2 => Just(Version::V5_0)];
    let depends = (weighted(0.4), vec(select(ROLES.to_vec()), 1..=2)).prop_map(|(some, names)| owned(!some, &names));
    let draft = move |(version, body, own_scope): (Version, Body, Scope)| {
        let statements = vec(statement(service, actions, version, open), 1..=4);
        let rest = (weighted(open), select(ROLES.to_vec()), reach(open), depends.clone(), weighted(0.3));
        (statements, rest).prop_map(move |(mut statements, (has_scope, name, reach, depends, by_console))| {
            if body == Body::Hidden {
                statements.clear();
            }
            let scope = if version.is_identity() && !has_scope { Scope::All } else { own_scope.clone() };
            let depends = if version == Version::V1_0 { depends } else { Vec::new() };
            let policy = PolicyDraft { body, reach, depends, ..PolicyDraft::new(name, version, statements) };
            GrantDraft { policy, scope, by_console }
        })
    };
    (version, body(open), scope()).prop_flat_map(draft).boxed()
}

fn scope() -> impl Strategy<Value = Scope> {
    let names = |values: &'static [&'static str]| vec(select(values), 1..=2).prop_map(|names| owned(false, &names));
    prop_oneof![
        Just(Scope::All),
        Just(Scope::Global),
        names(&PROJECTS).prop_map(Scope::Projects),
        names(&ENTERPRISE_PROJECTS).prop_map(Scope::EnterpriseProjects),
        Just(Scope::Open(String::from("only a run can tell"))),
    ]
}

fn statement(service: &'static str, actions: Actions, version: Version, open: f64) -> BoxedStrategy<StatementDraft> {
    let effect = prop_oneof![3 => Just(Effect::Allow), 1 => Just(Effect::Deny)];
    let patterns = move || vec(pattern(actions, version), 1..=2);
    let but = if version == Version::V1_0 { 0.3 } else { 0.0 };
    let but = (weighted(but), patterns()).prop_map(|(some, but)| if some { but } else { Vec::new() });
    let perhaps = if version.is_identity() { 0.0 } else { open / 4.0 };
    let not = move |share: f64| {
        weighted(if version.is_identity() { share } else { 0.0 })
            .prop_map(|not| if not { Element::Not } else { Element::These })
    };
    let resources = (not(0.15), vec(resource(service, open), 1..=2));
    let resources = (weighted(0.4), resources).prop_map(|(some, resources)| some.then_some(resources));
    let conditions = prop_oneof![3 => Just(Vec::new()), 2 => vec(condition(open), 1..=2)];
    (effect, not(0.3), (patterns(), but, weighted(perhaps)), resources, conditions)
        .prop_map(|(effect, element, (patterns, but, is_perhaps), resources, conditions)| StatementDraft {
            effect,
            element,
            patterns,
            but: if is_perhaps { Vec::new() } else { but },
            is_perhaps,
            resources,
            conditions,
        })
        .boxed()
}

/// A pattern: an action as it is, with wildcards in it, a near miss, or one of every service.
fn pattern(actions: Actions, version: Version) -> BoxedStrategy<String> {
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

/// A resource: all of the service, of a region, of a type, at a path, or (only where something may be open) odd.
fn resource(service: &'static str, open: f64) -> impl Strategy<Value = String> {
    let region = select(vec!["*", "", "cn-north-4", "CN-east-3", "cn-*"]);
    let kind = select(vec!["*", "*", "bucket", "object", "b*", "images", "Agency"]);
    let path = select(vec!["*", "*", "*", "logs", "Logs", "logs/*", "logs/2025/*", "i-*", "ci"]);
    let plain =
        (region, kind, path).prop_map(move |(region, kind, path)| format!("{service}:{region}:*:{kind}:{path}"));
    let odd = prop_oneof![
        Just(String::from("*")),
        Just(String::from("vpc:*:*:publicip:*")),
        Just(String::from("nonsense")),
        Just(String::from("*:*:*:*:*")),
        Just(format!("{service}:*:0a1b:*:*")),
    ];
    (plain, weighted(open), odd).prop_map(|(plain, is_odd, odd)| if is_odd { odd } else { plain })
}

/// Values that policies compare with what requests have.
fn compared(test: Test) -> &'static [&'static str] {
    match test {
        Test::Same | Test::SameInAnyCase => &["ci", "CI", "infra", "cn-north-4", "CN-EAST-3", "0", "Owner", "private/"],
        Test::Glob => &["c*", "?i", "*fra", "cn-*-4", "*", "0", "Own?r", "private/*"],
        Test::Contains | Test::Starts | Test::Ends => &["c", "i", "fra", "cn-", "0", "-4", "Own", "private/"],
        Test::Number(_) => &["5", "5.0", "300", "301", "1e2"],
        Test::Date(_) => {
            &["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-03-01T08:00:00+08:00", "2025-01-01T00:00:00Z"]
        }
        Test::Bool | Test::Null => &["true", "True", "false", "FALSE"],
        Test::Ip => &["10.0.0.0/8", "10.1.2.3", "10.1.2.0/24", "192.168.0.0/16", "0.0.0.0/0", "fd00::/8"],
    }
}

/// Keys that suit a test.
fn suited(test: Test) -> &'static [(&'static str, &'static [&'static str])] {
    match test {
        Test::Ip => &KEYS[2..3],
        Test::Bool => &KEYS[3..4],
        Test::Number(_) => &KEYS[4..5],
        Test::Date(_) => &KEYS[5..6],
        Test::Null => &KEYS,
        _ => &OF_TEXT,
    }
}

const OF_TEXT: [(&str, &[&str]); 8] = [KEYS[0], KEYS[1], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]];

/// A condition; where things may be open, also one that compares what cannot be compared.
pub(crate) fn condition(open: f64) -> BoxedStrategy<ConditionDraft> {
    let mut all = OPERATORS.to_vec();
    all.extend([("Null", Test::Null, false); 3]);
    let odd = select(vec!["${x}", "soon"]);
    select(all)
        .prop_flat_map(move |(operator, test, _)| {
            let keys = (weighted(open / 4.0), select(&KEYS), select(suited(test)));
            let key = keys.prop_map(|(is_any, any, suited)| if is_any { any.0 } else { suited.0 });
            let values = vec((weighted(open / 4.0), odd.clone(), select(compared(test))), 1..=2);
            let beginning = prop_oneof![6 => Just(""), 1 => Just("ForAnyValue:"), 1 => Just("ForAllValues:")];
            let endings = (weighted(0.25), weighted(open / 8.0), weighted(open / 8.0));
            (Just((operator, test)), (key, 0..4_usize), values, beginning, endings)
        })
        .prop_map(|((operator, test), (key, case), values, beginning, (if_exists, is_strange, is_empty))| {
            let (beginning, if_exists) = if test == Test::Null { ("", false) } else { (beginning, if_exists) };
            let ending = if is_strange {
                "Roughly"
            } else if if_exists {
                "IfExists"
            } else {
                ""
            };
            let operator = format!("{beginning}{operator}{ending}");
            let values = values.into_iter().map(|(is_odd, odd, value)| if is_odd { odd } else { value });
            let values = if is_empty { Vec::new() } else { values.map(str::to_owned).collect() };
            let (operator, key) = match case {
                0 => (operator.to_lowercase(), key.to_owned()),
                1 => (operator.to_uppercase(), key.replacen("g:", "G:", 1)),
                _ => (operator, key.to_owned()),
            };
            ConditionDraft { operator, key, values }
        })
        .boxed()
}
