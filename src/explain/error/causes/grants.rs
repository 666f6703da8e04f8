//! Grants that are there and do not count, or are not those that are needed.

use super::Situation;
use crate::explain::error::{Concerned, Problem};
use crate::explain::scope::Honoured;
use crate::nearest::listed;

pub(super) fn enterprise_project(situation: &Situation<'_>) -> Option<String> {
    if !situation.may_lack_grant() {
        return None;
    }
    let instead = situation.instead();
    match situation.honoured("enterprise-project") {
        None if situation.topic.is_anywhere_unknown() => None,
        None => Some(String::from(
            "A grant through an enterprise project has no effect for APIs that do not honour it, which many do not.",
        )),
        Some((Honoured::No, _)) => Some(format!(
            "A grant through an enterprise project has no effect here: the API does not honour it. Grant the action \
             {instead}."
        )),
        Some((Honoured::DependsOnApi, not_by)) => Some(format!(
            "A grant through an enterprise project has no effect for some of the APIs that need the action: not for {}. \
             For these, grant it {instead}.",
            listed(&not_by)
        )),
        Some((Honoured::Unknown, _)) => Some(format!(
            "The documents do not say whether a grant through an enterprise project counts here. If there is only such a \
             one, grant the action {instead}."
        )),
        Some((Honoured::Yes, _)) => None,
    }
}

pub(super) fn default_enterprise_project(situation: &Situation<'_>) -> Option<String> {
    let creates = if situation.topic.actions.is_empty() {
        situation.method() == Some("POST") || situation.text.contains("creating")
    } else {
        situation.any(|action| action.does("create"))
    };
    let may_count = match situation.honoured("enterprise-project") {
        Some((Honoured::No, _)) => false,
        Some((Honoured::Unknown, _)) => !situation.topic.is_global(),
        _ => true,
    };
    let may_be = situation.may_lack_grant() && creates && may_count && !situation.names_enterprise_project();
    may_be.then(|| {
        String::from(
            "Without `enterprise_project_id` the resource is created in the default enterprise project (0), where a grant \
             for another one does not count. Name the project in the resource or in the provider.",
        )
    })
}

pub(super) fn all_granted(situation: &Situation<'_>) -> Option<String> {
    let lists = if situation.topic.actions.is_empty() {
        situation.method() == Some("GET")
    } else {
        situation.any(|action| action.access == Some("list") || action.does("list"))
    };
    let honoured = situation.honoured("enterprise-project");
    let counts = matches!(honoured, Some((Honoured::Yes | Honoured::DependsOnApi, _)));
    let may_be = situation.may_lack_grant() && lists && counts && !situation.names_enterprise_project();
    may_be.then(|| {
        String::from(
            "Where the grants are for enterprise projects, a call that lists has to say \
             `enterprise_project_id=all_granted_eps`, or the id of a granted one: without it the whole project is asked \
             for.",
        )
    })
}

pub(super) fn region_or_project(situation: &Situation<'_>) -> Option<String> {
    if !situation.may_lack_grant() || situation.topic.is_global() || situation.topic.is_anywhere_unknown() {
        return None;
    }
    let region = situation.topic.request.as_ref().and_then(|request| request.region.as_deref());
    let region = region.map(|region| format!(" The request went to {region}.")).unwrap_or_default();
    Some(format!(
        "The grant is for another region or IAM project: one for a region's own project does not reach the subprojects, \
         and one for global services reaches no regional service.{region}"
    ))
}

pub(super) fn global_service(situation: &Situation<'_>) -> Option<String> {
    let is_refused = matches!(situation.honoured("iam-project"), Some((Honoured::No, _)));
    (situation.may_lack_grant() && situation.topic.is_global() && is_refused).then(|| {
        String::from(
            "The service is global: a grant for a region's IAM project does not count. Grant the action for global \
             services, or for all resources.",
        )
    })
}

/// The new engine names actions in errors that no policy of grammar 1.1 can hold.
pub(super) fn other_grammar(situation: &Situation<'_>) -> Option<String> {
    let is_only_5 = |action: &&Concerned| {
        let is_it = |name: &String| name.eq_ignore_ascii_case(&action.action);
        action.names.v5.iter().any(is_it) && !action.names.v1.iter().any(is_it)
    };
    let action = situation.topic.actions.iter().find(is_only_5).filter(|_| situation.may_lack_grant())?;
    let way_out = match action.names.v1.as_slice() {
        [] => String::from(
            "the table knows no alias of it, which the page of the service on identity policies names: \
             `grantlint catalog import` reads it",
        ),
        names => format!("there, {} grants it", listed(&names.iter().map(String::as_str).collect::<Vec<_>>())),
    };
    Some(format!(
        "`{}` is the name in identity policies (5.0); policies of version 1.1 do not know it: {way_out}.",
        action.action
    ))
}

pub(super) fn alias_in_deny(situation: &Situation<'_>) -> Option<String> {
    let aliases = situation.topic.actions.iter().flat_map(|action| {
        let names = action.names.v1.iter().chain(&action.names.v5);
        names.filter(|name| !name.eq_ignore_ascii_case(&action.action)).map(String::as_str)
    });
    let aliases: Vec<&str> = aliases.collect();
    (situation.topic.problem == Problem::ExplicitDeny && !aliases.is_empty()).then(|| {
        format!(
            "A Deny of an alias denies the action too, and a NotAction has to spare all its names: look for {} as well.",
            listed(&aliases)
        )
    })
}

pub(super) fn resource_or_condition(situation: &Situation<'_>) -> Option<String> {
    if !situation.may_lack_grant() || !situation.is_new_engine() {
        return None;
    }
    let resource = situation.topic.denials.iter().find_map(|denial| denial.resource.as_deref());
    let not_taken_in = match resource {
        Some("*") => String::from("names resources, where the request is made for `*` and only `*` takes it in"),
        Some(urn) => format!("does not take in `{urn}`"),
        None => String::from("does not take in the resource"),
    };
    Some(format!("An Allow is there, and its Resource {not_taken_in}, or one of its conditions does not hold."))
}

pub(super) fn role_dependencies(situation: &Situation<'_>) -> Option<String> {
    let role = situation.topic.actions.iter().flat_map(|action| &action.roles).next()?;
    let depends: Vec<&str> = role.depends.iter().map(String::as_str).collect();
    situation.may_lack_grant().then(|| {
        format!(
            "If it is granted by the role `{}`: the role takes no effect without {}, granted in the same scope.",
            role.role,
            listed(&depends)
        )
    })
}

/// The request needs more than the action that was missed first.
pub(super) fn further_actions(situation: &Situation<'_>) -> Option<String> {
    let api = situation.topic.request.as_ref()?.apis.first()?;
    let is_named = |name: &str| situation.any(|action| action.action.eq_ignore_ascii_case(name));
    let needs = if api.card.actions.is_empty() { &api.card.identity } else { &api.card.actions };
    let mut further: Vec<&str> = Vec::new();
    for need in needs.iter().chain(&api.card.depends) {
        if !is_named(need.action) && !further.contains(&need.action) {
            further.push(need.action);
        }
    }
    let may_be = situation.may_lack_grant() && !situation.topic.actions.is_empty() && !further.is_empty();
    may_be.then(|| {
        format!(
            "Services name the first action that is missing: the request needs, or works only in part without, {} too.",
            listed(&further)
        )
    })
}
