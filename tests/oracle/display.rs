//! A case as a person reads it: the request, then every policy as a document with the scope that it is granted for.

use std::fmt;

use grantlint::authz::{Fact, Known};
use grantlint::policy::{Effect, Version};
use serde_json::{Map, Value, json};

use crate::case::{Case, Element, Facts, PolicyDraft, StatementDraft};

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let need = &self.requirement;
        writeln!(f, "\nrequest:")?;
        writeln!(f, "  action: {}", need.action)?;
        writeln!(f, "  names in 1.x: {:?}{}", need.names_1, or_others(need.knows_names_1))?;
        writeln!(f, "  names in 5.0: {}", if need.names_5.is_empty() { "[]" } else { "" })?;
        for name in &need.names_5 {
            let resources =
                name.resources.iter().map(|it| format!("{}{}", it.kind, if it.required { "*" } else { "" }));
            let resources: Vec<String> = resources.collect();
            let (aliases, keys) = (&name.aliases, &name.keys);
            writeln!(f, "    - {}  aliases: {aliases:?}  keys: {keys:?}  resources: {resources:?}", name.name)?;
        }
        writeln!(f, "    these are all: {}", need.knows_names_5)?;
        if !need.other_services.is_empty() {
            writeln!(f, "  perhaps of: {:?}", need.other_services)?;
        }
        let (project, enterprise_project) = (need.supports.project, need.supports.enterprise_project);
        writeln!(
            f,
            "  service: {:?}  columns: project {project:?}, enterprise project {enterprise_project:?}",
            need.reach
        )?;
        let place = [&self.region, &self.project, &self.enterprise_project].map(known);
        writeln!(f, "  region: {}  project: {}  enterprise project: {}", place[0], place[1], place[2])?;
        writeln!(f, "  resources: {:?}", self.resources)?;
        facts(f, "  facts:", &self.facts)?;
        writeln!(f, "principal:")?;
        facts(f, "  context:", &self.context)?;
        writeln!(f, "  grants:")?;
        for grant in &self.grants {
            let by = if grant.by_console { ", by console" } else { "" };
            writeln!(f, "    - for {}{by}: {}", grant.scope, policy(&grant.policy))?;
        }
        for (index, policies) in self.guardrails.iter().enumerate() {
            writeln!(f, "organization, level {index}:")?;
            for one in policies {
                writeln!(f, "    - {}", policy(one))?;
            }
        }
        Ok(())
    }
}

fn or_others(knows_all: bool) -> &'static str {
    if knows_all { "" } else { " or others" }
}

fn known(value: &Known<String>) -> &str {
    value.value().map_or("?", String::as_str)
}

fn facts(f: &mut fmt::Formatter<'_>, title: &str, facts: &Facts) -> fmt::Result {
    if facts.keys.is_empty() && facts.complete.is_empty() && facts.not_before.is_none() {
        return Ok(());
    }
    writeln!(f, "{title}")?;
    for (key, fact) in &facts.keys {
        match fact {
            Fact::Absent => writeln!(f, "    {key}: absent")?,
            Fact::Values(values) => writeln!(f, "    {key}: {values:?}")?,
            Fact::Since(time) => writeln!(f, "    {key}: {time} or later")?,
        }
    }
    if let Some(now) = facts.not_before {
        writeln!(f, "    g:CurrentTime: {now} or later, where nothing else is said")?;
    }
    facts.complete.iter().try_for_each(|beginning| writeln!(f, "    {beginning}...: no others"))
}

fn policy(policy: &PolicyDraft) -> String {
    let statements: Vec<Value> = policy.statements.iter().map(statement).collect();
    let mut document = json!({"Version": policy.version.as_str(), "Statement": statements});
    if !policy.depends.is_empty() {
        document["Depends"] = policy.depends.iter().map(|name| json!({"display_name": name})).collect();
    }
    let role = if policy.version == Version::V1_0 { format!(" ({:?})", policy.reach) } else { String::new() };
    format!("{}{role}, body {:?}: {document}", policy.name, policy.body)
}

fn statement(draft: &StatementDraft) -> Value {
    let mut members = Map::new();
    let mut put = |key: &str, value: Value| members.insert(key.to_owned(), value);
    put("Effect", json!(if draft.effect == Effect::Allow { "Allow" } else { "Deny" }));
    put(if draft.element == Element::Not { "NotAction" } else { "Action" }, json!(draft.patterns));
    if !draft.but.is_empty() {
        put("(but not)", json!(draft.but));
    }
    if draft.is_perhaps {
        put("(perhaps)", json!(true));
    }
    if let Some((element, resources)) = &draft.resources {
        put(if *element == Element::Not { "NotResource" } else { "Resource" }, json!(resources));
    }
    if !draft.conditions.is_empty() {
        let conditions: Vec<Value> =
            draft.conditions.iter().map(|it| json!({ &it.operator: { &it.key: it.values } })).collect();
        put("Condition", if let [one] = conditions.as_slice() { one.clone() } else { json!(conditions) });
    }
    Value::Object(members)
}
