//! Resources: which of them a statement is about.

use grantlint::authz::{IdentityName, Known};
use grantlint::catalog::Reach;

use crate::case::{Case, Element};
use crate::glob::{path_matches, segments, text_matches};
use crate::iam::Held;
use crate::worlds::{Unknown, World};

impl Case {
    /// Elsewhere: a resource is taken in but for its region.
    pub(crate) fn takes_in(
        &self,
        world: &mut World,
        name: Option<&IdentityName>,
        resources: Option<&(Element, Vec<String>)>,
    ) -> Held {
        let Some((element, patterns)) = resources else { return Held::Yes };
        let mut held = if *element == Element::Not { Held::Yes } else { Held::No };
        for pattern in patterns {
            let one = self.takes_in_one(world, name, pattern);
            let is_of_region = !["", "*"].contains(&pattern.split(':').nth(1).unwrap_or("*"));
            held = match (element, one) {
                (Element::These, one) => held.max(one),
                // All but those of this region: those of others.
                (Element::Not, Held::Yes) if is_of_region => held.min(Held::Elsewhere),
                (Element::Not, Held::Yes) => Held::No,
                (Element::Not, Held::Elsewhere | Held::No) => held,
            };
        }
        held
    }

    /// service : region : account : type : path
    fn takes_in_one(&self, world: &mut World, name: Option<&IdentityName>, pattern: &str) -> Held {
        if pattern == "*" {
            return Held::Yes;
        }
        let parts: Vec<&str> = pattern.splitn(5, ':').collect();
        let &[service, region, account, kind, path] = parts.as_slice() else {
            return if world.bit(Unknown::Resource("all", pattern.to_owned())) { Held::Yes } else { Held::No };
        };
        let own = segments(&self.requirement.action)[0];
        let mut open = |part: &'static str, text: &str| {
            text.is_empty() || text == "*" || world.bit(Unknown::Resource(part, text.to_lowercase()))
        };
        let holds = (text_matches(service, own) || open("service", service))
            && open("account", account)
            && self.is_of_type(world, name, service, kind)
            && self.is_at_path(world, kind, path);
        match (holds, region.is_empty() || region == "*") {
            (false, _) => Held::No,
            (true, true) => Held::Yes,
            (true, false) => self.in_region(world, &region.to_lowercase()),
        }
    }

    fn in_region(&self, world: &mut World, region: &str) -> Held {
        let holds = match &self.region {
            // Resources of a global service name no region: what one that a pattern names means is not known.
            _ if self.requirement.reach != Reach::Regional => {
                return if world.bit(Unknown::Resource("region", region.to_owned())) { Held::Yes } else { Held::No };
            }
            Known::Is(own) => text_matches(region, own),
            Known::Unknown(_) => {
                let regions = ["zz", "cn-north-4", "cn-east-3"];
                world.ask(Unknown::Region, &regions, |own| text_matches(region, own))
            }
        };
        if holds { Held::Yes } else { Held::Elsewhere }
    }

    fn is_of_type(&self, world: &mut World, name: Option<&IdentityName>, service: &str, kind: &str) -> bool {
        let mut open = || world.bit(Unknown::Resource("kind", format!("{service}:{kind}").to_lowercase()));
        let own = segments(&self.requirement.action);
        let documented = name.map_or(&[][..], |name| &name.resources);
        let required = documented.iter().filter(|resource| resource.required).count();
        let is_covered = |required: bool| {
            documented.iter().any(|resource| resource.required >= required && text_matches(kind, &resource.kind))
        };
        match () {
            () if kind == "*" => true,
            () if !documented.is_empty() && !is_covered(false) => false,
            () if !documented.is_empty() => (required == 1 && is_covered(true)) || open(),
            () => text_matches(kind, own[1]) || (!own[0].eq_ignore_ascii_case("obs") && open()),
        }
    }

    fn is_at_path(&self, world: &mut World, kind: &str, path: &str) -> bool {
        if path.is_empty() || path == "*" {
            return true;
        }
        let mut open = || world.bit(Unknown::Resource("path", format!("{kind}:{path}")));
        let owns = self.resources.iter().filter(|(own, _)| kind.to_lowercase() == own.to_lowercase());
        let results: Vec<Option<bool>> = owns.map(|(_, own)| covers(path, own)).collect();
        match results.first() {
            Some(Some(first)) if results.iter().all(|result| *result == Some(*first)) => *first,
            _ => open(),
        }
    }
}

/// Whether a pattern covers a path; none where that depends on what the path's own `*` stands for, which is tried with
/// pieces of the pattern.
fn covers(pattern: &str, own: &str) -> Option<bool> {
    let Some((beginning, end)) = own.split_once('*') else { return Some(path_matches(pattern, own)) };
    let plain = pattern.replace('*', "q");
    let pieces = (0..=plain.len()).flat_map(|from| (from..=plain.len()).map(move |to| (from, to)));
    let mut results = pieces.map(|(from, to)| path_matches(pattern, &format!("{beginning}{}{end}", &plain[from..to])));
    let first = path_matches(pattern, &format!("{beginning}zz{end}"));
    results.all(|result| result == first).then_some(first)
}

#[test]
fn a_path_that_is_known_in_part_is_covered_in_part() {
    assert_eq!(covers("logs/*", "logs/2026/*"), Some(true));
    assert_eq!(covers("logs/2025/*", "logs/2026/*"), Some(false));
    assert_eq!(covers("logs/2026/a", "logs/2026/*"), None);
    assert_eq!(covers("Logs", "logs"), Some(false));
}
