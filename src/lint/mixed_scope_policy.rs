//! `mixed-scope-policy`

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Related, Rule};
use crate::catalog::{Catalog, Reach};
use crate::nearest::listed;
use crate::policy::{Located, Policy, Version};
use crate::project::{PolicyDocument, Project};
use crate::severity::{Certainty, Severity};

/// # mixed-scope-policy
///
/// ## What it does
/// Tells which policies of version 1.1 have actions of global services beside actions of project-level ones. Actions for
/// every service (`*:*:*`) are of neither kind; services of which the documents do not say the kind, or do not agree
/// (billing, APM), make it a possible warning at most. So do actions of OBS beside those of another service. Identity
/// policies (5.0) may mix what they like.
///
/// ## Why it matters
/// IAM does not save such a policy: it is granted either for global services or for projects.
///
/// ## Example
/// ```json
/// { "Version": "1.1", "Statement": [
///   { "Effect": "Allow", "Action": ["ecs:cloudServers:create", "iam:users:listUsers"] }
/// ] }
/// ```
///
/// ## Use instead
/// Two policies, the one granted for projects, the other for global services:
/// ```json
/// { "Version": "1.1", "Statement": [{ "Effect": "Allow", "Action": ["ecs:cloudServers:create"] }] }
/// ```
/// ```json
/// { "Version": "1.1", "Statement": [{ "Effect": "Allow", "Action": ["iam:users:listUsers"] }] }
/// ```
/// Actions of OBS need two policies of the same content, one of each kind, with no other service in them.
///
/// ## How to configure it
/// An error unless `rules: { mixed-scope-policy: warning }` says otherwise; a warning in any case where it is only
/// possible.
pub(super) struct MixedScopePolicy;

/// Into which policy actions belong, in the order in which the help names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Regional,
    Global,
    /// Has to be in both, and alone.
    Obs,
    Unknown,
}

/// The actions of one kind.
struct Side<'p> {
    first: &'p Located<String>,
    services: BTreeSet<String>,
    /// The documents of one of the services say that it is of this kind.
    is_documented: bool,
}

type Sides<'p> = BTreeMap<Kind, Side<'p>>;

impl Rule for MixedScopePolicy {
    fn name(&self) -> &'static str {
        "mixed-scope-policy"
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let custom = project.policies.iter().filter(|document| document.source.policy.version == Version::V1_1);
        let finding = |document| self.finding(document, &sides(actions(document), project.catalog));
        custom.filter_map(finding).collect()
    }
}

impl MixedScopePolicy {
    fn finding(&self, document: &PolicyDocument, sides: &Sides<'_>) -> Option<Finding> {
        let Mixture { kinds, message, is_certain } = mixture(sides)?;
        let (severity, certainty) =
            if is_certain { (self.severity(), Certainty::Certain) } else { (Severity::Warning, Certainty::Possible) };
        let sides_of_it = sides.iter().filter(|(kind, _)| kinds.contains(kind));
        let mut firsts: Vec<(&Located<String>, Kind)> = sides_of_it.map(|(kind, side)| (side.first, *kind)).collect();
        firsts.sort_by_key(|(action, _)| action.span);
        let place = |action: &Located<String>| document.source.place(action.span);
        // Where the second kind comes in.
        let (at, _) = firsts.get(1)?;
        let mut finding = Finding::new(self.name(), severity, message, place(at)?).with_help(Some(help(sides)));
        finding.certainty = certainty;
        let related = |(action, kind): &(&Located<String>, Kind)| {
            Some(Related { message: format!("the first action of {}", kind.services()), place: place(action)? })
        };
        // The second one is where the finding stands.
        finding.related = firsts.iter().filter(|(action, _)| action.span != at.span).filter_map(related).collect();
        finding.actions = firsts.iter().map(|(action, _)| action.value.clone()).collect();
        finding.actions.sort();
        Some(finding)
    }
}

impl Kind {
    fn of(service: &str, reach: Reach) -> Self {
        match reach {
            _ if service == "obs" => Self::Obs,
            Reach::Global => Self::Global,
            Reach::Regional => Self::Regional,
            Reach::Unknown => Self::Unknown,
        }
    }

    fn services(self) -> &'static str {
        match self {
            Self::Regional => "a project-level service",
            Self::Global => "a global service",
            Self::Obs => "OBS",
            Self::Unknown => "another service",
        }
    }
}

/// A policy mixes what does not go together once it has more actions, and does not yet.
pub(super) fn gets_mixed(policy: &Policy, added: &[Located<String>], catalog: &Catalog) -> bool {
    let there = || policy.statements.iter().flat_map(|statement| statement.actions.patterns());
    policy.version == Version::V1_1
        && mixture(&sides(there(), catalog)).is_none()
        && mixture(&sides(there().chain(added), catalog)).is_some()
}

fn actions(document: &PolicyDocument) -> impl Iterator<Item = &Located<String>> {
    document.statements().flat_map(|statement| statement.actions.patterns())
}

fn sides<'p>(actions: impl Iterator<Item = &'p Located<String>>, catalog: &Catalog) -> Sides<'p> {
    let mut sides = Sides::new();
    for action in actions {
        let service = action.value.split(':').next().unwrap_or_default().to_ascii_lowercase();
        // For every service, or for several; and what the table does not know may not be a service.
        let Some(known) = catalog.service(&service).filter(|_| !service.contains('*')) else { continue };
        let kind = Kind::of(&service, known.reach);
        let empty = || Side { first: action, services: BTreeSet::new(), is_documented: false };
        let side = sides.entry(kind).or_insert_with(empty);
        side.is_documented |= is_documented(&service, catalog);
        side.services.insert(service);
    }
    sides
}

/// The kind of a service was read in documents, not concluded from its SDK and hosts. The permission pages, which the
/// kinds come from, agree on all services that they name but for billing and APM, and the table has these by their SDK.
fn is_documented(service: &str, catalog: &Catalog) -> bool {
    catalog.service_details(service).is_some_and(|details| details.source.document.contains("permission pages"))
}

/// Kinds that do not go together.
struct Mixture {
    kinds: &'static [Kind],
    message: String,
    is_certain: bool,
}

fn mixture(sides: &Sides<'_>) -> Option<Mixture> {
    let names = |kind: Kind| sides.get(&kind).map(|side| named(&side.services));
    if let (Some(regional), Some(global)) = (names(Kind::Regional), names(Kind::Global)) {
        let kinds = &[Kind::Regional, Kind::Global];
        let is_certain = kinds.iter().all(|kind| sides.get(kind).is_some_and(|side| side.is_documented));
        let open = if is_certain { "" } else { " (possible: not all of their documents say of which kind they are)" };
        let message = format!("the policy mixes project-level services ({regional}) and global ones ({global}){open}");
        return Some(Mixture { kinds, message, is_certain });
    }
    if !sides.contains_key(&Kind::Obs) || sides.len() < 2 {
        return None;
    }
    let others = sides.iter().filter(|(kind, _)| **kind != Kind::Obs).flat_map(|(_, side)| &side.services);
    let others = named(&others.cloned().collect());
    let message = format!(
        "the policy has actions of OBS beside those of {others} (possible: the documents ask to keep them apart)"
    );
    let kinds = &[Kind::Regional, Kind::Global, Kind::Obs, Kind::Unknown];
    Some(Mixture { kinds, message, is_certain: false })
}

fn help(sides: &Sides<'_>) -> String {
    let policy = |(kind, side): (&Kind, &Side<'_>)| {
        let services = named(&side.services);
        match kind {
            Kind::Regional => format!("one policy for project-level services with the actions of {services}"),
            Kind::Global => format!("one policy for global services with the actions of {services}"),
            Kind::Obs => String::from("for OBS two of the same content, one of each kind, and both granted"),
            Kind::Unknown => format!("of {services} the kind is not known"),
        }
    };
    format!("make {}", sides.iter().map(policy).collect::<Vec<_>>().join("; "))
}

fn named(services: &BTreeSet<String>) -> String {
    listed(&services.iter().map(String::as_str).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::parse;

    /// What is told of a policy of such actions, and whether it is certain.
    fn told(actions: &[&str]) -> Option<bool> {
        let text = format!(r#"{{"Version": "1.1", "Statement": [{{"Effect": "Allow", "Action": {actions:?}}}]}}"#);
        let policy = parse(&crate::syntax::json::parse(&text).unwrap().node).policy;
        let patterns = policy.statements.iter().flat_map(|statement| statement.actions.patterns());
        mixture(&sides(patterns, &Catalog::embedded())).map(|mixture| mixture.is_certain)
    }

    #[test]
    fn only_what_the_documents_say_of_both_kinds_is_certain() {
        for (actions, expected) in [
            (&["ecs:cloudServers:create", "iam:users:listUsers"][..], Some(true)),
            (&["ECS:cloudServers:create", "rms:resources:list"], Some(true)),
            (&["ecs:cloudServers:create", "ims:images:list"], None),
            (&["iam:users:listUsers", "eps:enterpriseProjects:list"], None),
            (&["*:*:*", "iam:users:listUsers"], None),
            (&["*:*:*", "ecs:cloudServers:create"], None),
            (&["ecs:cloudServers:create", "nosuchservice:a:b"], None),
            // Documents differ on APM, and billing is granted on projects although it has no region.
            (&["iam:users:listUsers", "apm:apps:list"], Some(false)),
            (&["ecs:cloudServers:create", "bss:order:update"], Some(false)),
            // Concluded from the SDK alone.
            (&["ecs:cloudServers:create", "cc:cloudConnections:list"], Some(false)),
            (&["ecs:cloudServers:create", "cc:cloudConnections:list", "iam:users:listUsers"], Some(true)),
            (&["obs:bucket:ListBucket", "obs:object:GetObject"], None),
            (&["obs:bucket:ListBucket", "ims:images:list"], Some(false)),
            (&["obs:bucket:ListBucket", "iam:users:listUsers"], Some(false)),
            (&["obs:bucket:ListBucket", "*:*:*"], None),
            (&["obs:bucket:ListBucket", "iam:users:listUsers", "ims:images:list"], Some(true)),
        ] {
            assert_eq!(told(actions), expected, "{actions:?}");
        }
    }
}
