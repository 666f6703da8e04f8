//! The generators make everything that the semantics tell apart, often enough.

use std::collections::BTreeMap;

use grantlint::authz::{Fact, Scope};
use grantlint::policy::{Effect, Version};

use crate::case::{Case, Element};
use crate::inputs::{LITTLE, OPEN, SETTLED};
use crate::operators::OPERATORS;
use crate::runner::generated;

#[test]
fn the_inputs_are_varied() {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for open in [SETTLED, LITTLE, OPEN] {
        for [case] in generated(7, open, 1_000) {
            note(&case, &mut |what| *seen.entry(what).or_insert(0) += 1);
        }
    }
    let mut expected = vec![
        "Allowed",
        "Conditional",
        "Denied",
        "UnsupportedScope",
        "ScopeMismatch",
        "Missing",
        "denied by guardrails",
        "for all",
        "for Global",
        "for projects",
        "for enterprise projects",
        "by console",
        "1.0",
        "1.1",
        "5.0",
        "role in effect",
        "role not in effect",
        "NotAction",
        "NotResource",
        "Resource with path",
        "base role exceptions",
        "perhaps",
        "body Implied",
        "body Hidden",
        "Allow",
        "Deny",
        "guardrails",
        "no guardrails",
        "several levels",
        "IfExists",
        "ForAnyValue:",
        "ForAllValues:",
        "absent",
        "one value",
        "several values",
        "no earlier than",
        "documented types",
        "keys",
        "aliases",
        "no aliases",
        "several names",
        "exact with several outcomes",
        "exact",
    ];
    let operators = OPERATORS.iter().map(|(name, ..)| *name).chain(["Null"]);
    expected.extend(operators);
    for what in expected {
        let count = seen.get(what).copied().unwrap_or(0);
        assert!(count >= 25, "{what}: {count} times in {seen:#?}");
    }
}

fn note(case: &Case, see: &mut impl FnMut(String)) {
    let decision = case.decision();
    let survey = case.surveyed(decision);
    see(format!("{decision:?}"));
    let mut see_if = |holds: bool, what: &str| {
        if holds {
            see(what.to_owned());
        }
    };
    see_if(survey.is_exact(), "exact");
    see_if(survey.is_exact() && survey.outcomes.len() > 1, "exact with several outcomes");
    see_if(!case.guardrails.is_empty(), "guardrails");
    see_if(case.guardrails.is_empty(), "no guardrails");
    see_if(case.guardrails.len() > 1, "several levels");
    let free = Case { guardrails: Vec::new(), ..case.clone() };
    see_if(format!("{decision:?} {:?}", free.decision()) == "Denied Allowed", "denied by guardrails");
    see_if(case.requirement.names_5.len() > 1, "several names");
    for name in &case.requirement.names_5 {
        see_if(!name.resources.is_empty(), "documented types");
        see_if(!name.keys.is_empty(), "keys");
        see_if(!name.aliases.is_empty(), "aliases");
        see_if(name.aliases.is_empty(), "no aliases");
    }
    for (_, fact) in case.context.keys.iter().chain(&case.facts.keys) {
        see_if(*fact == Fact::Absent, "absent");
        see_if(matches!(fact, Fact::Values(values) if values.len() == 1), "one value");
        see_if(matches!(fact, Fact::Values(values) if values.len() > 1), "several values");
        see_if(matches!(fact, Fact::Since(_)), "no earlier than");
    }
    for grant in &case.grants {
        let policy = &grant.policy;
        see_if(grant.scope == Scope::All, "for all");
        see_if(grant.scope == Scope::Global, "for Global");
        see_if(matches!(grant.scope, Scope::Projects(_)), "for projects");
        see_if(matches!(grant.scope, Scope::EnterpriseProjects(_)), "for enterprise projects");
        see_if(matches!(grant.scope, Scope::Open(_)), "for what only a run can tell");
        see_if(grant.by_console, "by console");
        see_if(true, policy.version.as_str());
        see_if(true, &format!("body {:?}", policy.body));
        let mut is_in_effect = None;
        crate::worlds::survey(|world| is_in_effect = Some(case.takes_effect(world, grant)), |_| true);
        let is_dependent = policy.version == Version::V1_0 && !policy.depends.is_empty();
        see_if(is_dependent && is_in_effect == Some(true), "role in effect");
        see_if(is_dependent && is_in_effect == Some(false), "role not in effect");
    }
    let policies = case.grants.iter().map(|grant| &grant.policy).chain(case.guardrails.iter().flatten());
    for statement in policies.flat_map(|policy| &policy.statements) {
        see_if(statement.effect == Effect::Allow, "Allow");
        see_if(statement.effect == Effect::Deny, "Deny");
        see_if(statement.element == Element::Not, "NotAction");
        see_if(!statement.but.is_empty(), "base role exceptions");
        see_if(statement.is_perhaps, "perhaps");
        if let Some((element, resources)) = &statement.resources {
            see_if(*element == Element::Not, "NotResource");
            see_if(resources.iter().any(|resource| !resource.ends_with('*')), "Resource with path");
        }
        for condition in &statement.conditions {
            let written = condition.operator.to_lowercase();
            let plain = written.replace("foranyvalue:", "").replace("forallvalues:", "").replace("ifexists", "");
            see_if(written.starts_with("foranyvalue:"), "ForAnyValue:");
            see_if(written.starts_with("forallvalues:"), "ForAllValues:");
            see_if(written.ends_with("ifexists"), "IfExists");
            let mut all = OPERATORS.iter().map(|(name, ..)| *name).chain(["Null"]);
            all.find(|name| name.to_lowercase() == plain).into_iter().for_each(|name| see_if(true, name));
        }
    }
}
