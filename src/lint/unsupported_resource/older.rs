//! Resources in policies of version 1.1.

use std::collections::BTreeSet;

use super::{Misfit, Named};
use crate::catalog::Catalog;
use crate::glob::meets;
use crate::nearest::{listed, nearest};
use crate::policy::{ActionName, Located};

const NOT_LISTED: &str = "the list of services and their types is of 2023, and may have grown";

/// What does not go together in one statement.
pub(super) fn misfits<'p>(
    actions: &'p [Located<String>],
    resources: &[Named<'p>],
    catalog: &Catalog,
) -> Vec<Misfit<'p>> {
    let by_resource = resources.iter().filter_map(|resource| of_resource(resource, catalog));
    let mut told = BTreeSet::new();
    let by_action = actions.iter().filter_map(|action| {
        let name = ActionName::split(&action.value).filter(|name| !name.service.contains('*'))?;
        let service = name.service.to_ascii_lowercase();
        let own: Vec<&Named<'p>> = resources.iter().filter(|resource| meets(&resource.service, &service)).collect();
        match own.as_slice() {
            [] => told.insert(service).then(|| without_resource(action, name.service, resources))?,
            // A type that does not exist is told already.
            own if service == "obs" && own.iter().all(|resource| of_resource(resource, catalog).is_none()) => {
                of_another_type(action, name.resource_type, own)
            }
            _ => None,
        }
    });
    by_resource.chain(by_action).collect()
}

/// A type that its service does not have.
fn of_resource<'p>(resource: &Named<'p>, catalog: &Catalog) -> Option<Misfit<'p>> {
    let details = catalog.service_details(&resource.service)?;
    let kinds = details.policy_resources;
    let text = &resource.located.value;
    let misfit = |message, open, help| Some(Misfit { at: resource.located, message, open, help, other: None });
    if kinds.is_empty() {
        let message =
            format!("`{text}`: no type of resources is known of `{}` that a policy may name", resource.service);
        let help = String::from("remove `Resource`, or put the actions into a statement without it");
        return misfit(message, Some(NOT_LISTED), help);
    }
    if kinds.iter().any(|kind| resource.may_be(kind)) {
        return None;
    }
    let near = nearest(&resource.kind, kinds.iter().copied());
    let message =
        format!("`{text}`: `{}` is no type of resources that is known of `{}`", resource.kind, resource.service);
    match near {
        Some(near) => misfit(message, None, format!("did you mean `{near}`?")),
        None => misfit(message, Some(NOT_LISTED), format!("one of {}", listed(&kinds))),
    }
}

/// No resource of the statement is of the action's service.
fn without_resource<'p>(action: &'p Located<String>, service: &str, resources: &[Named<'p>]) -> Option<Misfit<'p>> {
    let first = resources.first()?;
    Some(Misfit {
        at: action,
        message: format!("no `Resource` of the statement is of the service `{service}`"),
        open: Some("resources of one service can stand for another's"),
        help: format!("put the actions of `{service}` into a statement of their own"),
        other: Some(("the first resource", first.located)),
    })
}

/// The resource types of OBS are the middle parts of its actions.
fn of_another_type<'p>(action: &'p Located<String>, kind: &str, resources: &[&Named<'p>]) -> Option<Misfit<'p>> {
    let kind = kind.to_ascii_lowercase();
    let first = resources.first()?;
    if resources.iter().any(|resource| meets(&resource.kind, &kind)) {
        return None;
    }
    Some(Misfit {
        at: action,
        message: format!("`{}` is for the type `{kind}`, and no `Resource` of the statement is of it", action.value),
        open: None,
        help: format!("name a resource such as `obs:*:*:{kind}:…`, or move the action to a statement of its own"),
        other: Some(("the first resource", first.located)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::unsupported_resource::named;
    use crate::policy::Resources;
    use crate::source::Span;

    /// What is told of a statement, with `?` where it is only possible.
    fn told(actions: &[&str], resources: &[&str]) -> Vec<String> {
        let located = |text: &&str| Located { value: (*text).to_owned(), span: Span::default() };
        let resources = Resources::Matching(resources.iter().map(located).collect());
        let actions: Vec<_> = actions.iter().map(located).collect();
        let found = named(&resources).map(|named| {
            let found = misfits(&actions, &named, &Catalog::embedded()).into_iter();
            found.map(|misfit| format!("{}{}", misfit.at.value, if misfit.open.is_some() { "?" } else { "" })).collect()
        });
        found.unwrap_or_default()
    }

    #[test]
    fn types_are_those_of_the_table() {
        let of = |resource: &str| told(&["*:*:*"], &[resource]);
        for resource in ["obs:*:*:bucket:a", "OBS:*:*:obj*:a/b:c", "ecs:*:*:instance:a", "kms:*:*:keyid:a"] {
            assert_eq!(of(resource), Vec::<String>::new(), "{resource}");
        }
        assert_eq!(of("obs:*:*:buckets:a"), ["obs:*:*:buckets:a"], "a slip in a known type");
        assert_eq!(of("obs:*:*:zone:a"), ["obs:*:*:zone:a?"], "a type of which nobody knows");
        assert_eq!(of("ims:*:*:image:a"), ["ims:*:*:image:a?"], "a service without types");
        for resource in ["*", "ims:*:*:*:*", "ims:cn-north-4:*:*:*", "nosuchservice:*:*:thing:a", "ims:image:a"] {
            assert_eq!(of(resource), Vec::<String>::new(), "{resource}");
        }
    }

    #[test]
    fn actions_need_a_resource_of_their_own() {
        let bucket = "obs:*:*:bucket:a";
        assert_eq!(told(&["obs:bucket:ListBucket"], &[bucket]), Vec::<String>::new());
        assert_eq!(told(&["obs:object:GetObject"], &[bucket]), ["obs:object:GetObject"]);
        assert_eq!(told(&["OBS:Object:*", "obs:*:Get*"], &[bucket]), ["OBS:Object:*"]);
        assert_eq!(told(&["obs:object:GetObject"], &[bucket, "obs:*:*:object:a/*"]), Vec::<String>::new());
        assert_eq!(told(&["obs:object:GetObject"], &[bucket, "*"]), Vec::<String>::new());
        assert_eq!(told(&["obs:object:GetObject"], &["obs:*:*:objects:a/*"]), ["obs:*:*:objects:a/*"], "told once");
        let mixed = ["obs:bucket:ListBucket", "kms:cmk:get", "kms:cmk:list"];
        assert_eq!(told(&mixed, &[bucket]), ["kms:cmk:get?"], "each service once");
        assert_eq!(told(&mixed, &[bucket, "kms:*:*:KeyId:a"]), Vec::<String>::new());
    }
}
