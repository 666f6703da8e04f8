//! Resources in identity policies (5.0).

use super::{Misfit, Named};
use crate::catalog::{AccessLevel, Catalog, IdentityAction};
use crate::nearest::listed;
use crate::policy::Located;

/// What does not go together in one statement.
pub(super) fn misfits<'p>(
    actions: &'p [Located<String>],
    resources: &[Named<'p>],
    catalog: &Catalog,
) -> Vec<Misfit<'p>> {
    let of_action = |action: &'p Located<String>| {
        let described = catalog.identity_action(&action.value)?;
        if described.resources.is_empty() {
            let may_lack = may_lack_types(&described, resources, catalog);
            return if may_lack { None } else { without_types(action, resources) };
        }
        of_another_type(action, &described, resources)
    };
    actions.iter().filter_map(of_action).collect()
}

/// No resource of the statement is of a type that the action is for.
fn of_another_type<'p>(
    action: &'p Located<String>,
    described: &IdentityAction<'_>,
    resources: &[Named<'p>],
) -> Option<Misfit<'p>> {
    let kinds: Vec<&str> = described.resources.iter().map(|resource| resource.kind).collect();
    if resources.iter().any(|resource| kinds.iter().any(|kind| resource.may_be(kind))) {
        return None;
    }
    let is_required = described.resources.iter().any(|resource| resource.required);
    Some(Misfit {
        at: action,
        message: format!("`{}` is for {}, and no `Resource` of the statement is of it", action.value, types(&kinds)),
        open: (!is_required).then_some("it requires no type, and the table may lack one"),
        help: String::from("name a resource of that type, or move the action to a statement of its own"),
        other: Some(("the first resource", resources.first()?.located)),
    })
}

fn types(kinds: &[&str]) -> String {
    if kinds.len() == 1 { format!("the type {}", listed(kinds)) } else { format!("one of the types {}", listed(kinds)) }
}

/// The action is for no type of resources.
fn without_types<'p>(action: &'p Located<String>, resources: &[Named<'p>]) -> Option<Misfit<'p>> {
    Some(Misfit {
        at: action,
        message: format!("`{}` is for no type of resources, so that `Resource` has to be `*` for it", action.value),
        open: Some("the table may lack the type"),
        help: String::from(
            "move the action to a statement of its own, with `\"Resource\": [\"*\"]` or without `Resource`",
        ),
        other: Some(("the first resource", resources.first()?.located)),
    })
}

/// The row of the action may well lack its types: nothing else is said of it, or it is not for listing and its like is
/// for a type that the statement names.
fn may_lack_types(described: &IdentityAction<'_>, resources: &[Named<'_>], catalog: &Catalog) -> bool {
    match described.access {
        None => true,
        Some(AccessLevel::List) => false,
        Some(_) => {
            let Some((family, _)) = described.action.rsplit_once(':') else { return true };
            let service = family.split(':').next().unwrap_or_default();
            let is_like = |other: &&str| other.rsplit_once(':').is_some_and(|(own, _)| own == family);
            let likes = catalog.actions(service).into_iter().filter(is_like);
            let mut kinds = likes.filter_map(|like| catalog.identity_action(like)).flat_map(|like| like.resources);
            kinds.any(|kind| resources.iter().any(|resource| resource.may_be(kind.kind)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::unsupported_resource::named;
    use crate::policy::Resources;
    use crate::source::Span;

    fn told(action: &str, resources: &[&str]) -> Option<bool> {
        let located = |text: &str| Located { value: text.to_owned(), span: Span::default() };
        let resources = Resources::Matching(resources.iter().map(|resource| located(resource)).collect());
        let actions = [located(action)];
        let named = named(&resources)?;
        let found = misfits(&actions, &named, &Catalog::embedded());
        found.first().map(|misfit| misfit.open.is_none())
    }

    #[test]
    fn only_a_required_type_makes_it_certain() {
        for (action, resources, expected) in [
            ("ecs:cloudServers:deleteServers", &["ecs:*:*:instance:a"][..], None),
            ("ecs:cloudServers:deleteServers", &["ECS:*:*:Inst*:a"], None),
            ("ecs:cloudServers:deleteServers", &["ecs:*:*:volume:a"], Some(true)),
            ("ecs:cloudServers:deleteServers", &["ecs:*:*:volume:a", "ecs:*:*:instance:a"], None),
            ("ecs:cloudServers:deleteServers", &["ecs:*:*:volume:a", "*"], None),
            ("ecs:cloudServers:deleteServers", &["ecs:*:*:*:a"], None),
            // For listing, and no type is listed.
            ("ecs:cloudServers:listServersDetails", &["ecs:*:*:instance:a"], Some(false)),
            // For writing, and its like is for `instance`: the row may lack it.
            ("ecs:cloudServers:createServers", &["ecs:*:*:instance:a"], None),
            // Only named in an example.
            ("obs:bucket:listBucket", &["obs:*:*:object:a"], None),
            ("ecs:*:*", &["ecs:*:*:volume:a"], None),
            ("ecs:cloudServers:nosuch", &["ecs:*:*:volume:a"], None),
        ] {
            assert_eq!(told(action, resources), expected, "{action} on {resources:?}");
        }
    }
}
