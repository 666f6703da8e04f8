//! Ways in which a principal's grants, taken together, let it give itself more rights.

use super::{Anywhere, Means, Principal};
use crate::catalog::{ActionSet, Catalog, Escalation};

/// A way to more rights that is open to a principal.
#[derive(Debug, Clone)]
pub struct Way<'c> {
    /// The way.
    pub escalation: Escalation<'c>,
    /// For each of its sets of actions, those that the grants allow; those that they certainly allow come first.
    pub means: Vec<Vec<Means<'c>>>,
}

/// The ways that are open to a principal, wherever it chooses to act.
///
/// An action counts as the kind of policy names that has it; a Deny of either kind takes it back.
pub fn ways<'c>(principal: &Principal, catalog: &'c Catalog) -> Vec<Way<'c>> {
    let escalations = catalog.escalations();
    let sets = || escalations.iter().flat_map(|escalation| &escalation.all);
    let older = Anywhere::new(false, sets().flat_map(|set| &set.actions), principal, catalog);
    let newer = Anywhere::new(true, sets().flat_map(|set| &set.identity), principal, catalog);
    if !older.allows_any() && !newer.allows_any() {
        return Vec::new();
    }
    let means = |set: &ActionSet<'c>| {
        let mut means = older.means(&set.actions);
        means.extend(newer.means(&set.identity));
        means.sort_by_key(|means| means.open.is_some());
        means
    };
    let way = |escalation: &Escalation<'c>| {
        let means: Vec<Vec<Means<'c>>> = escalation.all.iter().map(means).collect();
        let is_open = means.iter().all(|set| !set.is_empty());
        is_open.then(|| Way { escalation: escalation.clone(), means })
    };
    escalations.iter().filter_map(way).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::authz::anywhere::MOST_TARGETS;
    use crate::authz::{Grant, PolicySource, Scope};
    use crate::policy::{self, Effect};

    fn granted(document: &str, scope: Scope) -> Grant {
        let node = crate::syntax::json::parse(document).unwrap().node;
        let policy = policy::parse(&node).policy;
        Grant::new(Arc::new(PolicySource::new("p.json", None, policy)), scope)
    }

    /// A policy of one statement for each `Effect: actions` of `statements`.
    fn policy(version: &str, statements: &[(&str, &str)]) -> Grant {
        let statements: Vec<String> =
            statements.iter().map(|(effect, rest)| format!(r#"{{"Effect": "{effect}", {rest}}}"#)).collect();
        granted(&format!(r#"{{"Version": "{version}", "Statement": [{}]}}"#, statements.join(", ")), Scope::All)
    }

    /// Each open way as `id`, with `?` where it is only possible.
    fn open(grants: &[Grant]) -> Vec<String> {
        let catalog = Catalog::embedded();
        let is_certain = |way: &Way<'_>| way.means.iter().all(|set| set.iter().any(|means| means.open.is_none()));
        let shown = |way: &Way<'_>| format!("{}{}", way.escalation.id, if is_certain(way) { "" } else { "?" });
        let principal = Principal { grants: grants.to_vec(), ..Principal::default() };
        ways(&principal, &catalog).iter().map(shown).collect()
    }

    #[test]
    fn one_action_can_be_enough() {
        assert_eq!(open(&[policy("1.1", &[("Allow", r#""Action": ["iam:roles:updateRole"]"#)])]), ["rewrite-policy"]);
        assert_eq!(open(&[policy("5.0", &[("Allow", r#""Action": ["iam:users:attach*"]"#)])]), ["attach-policy"]);
    }

    #[test]
    fn reading_is_no_way() {
        let reads = r#""Action": ["iam:*:get*", "iam:*:list*", "iam:*:check*", "iam:agencies:listAgencies"]"#;
        assert_eq!(open(&[policy("1.1", &[("Allow", reads)])]), Vec::<String>::new());
        assert_eq!(open(&[policy("5.0", &[("Allow", reads)])]), Vec::<String>::new());
    }

    #[test]
    fn a_way_may_lead_over_two_policies_of_two_kinds() {
        let servers = policy("1.1", &[("Allow", r#""Action": ["ecs:cloudServers:createServers"]"#)]);
        let pass = policy("5.0", &[("Allow", r#""Action": ["iam:agencies:pass"]"#)]);
        assert_eq!(open(std::slice::from_ref(&servers)), Vec::<String>::new());
        assert_eq!(open(std::slice::from_ref(&pass)), Vec::<String>::new());
        assert_eq!(open(&[servers, pass]), ["server-agency"]);
    }

    #[test]
    fn an_action_counts_in_the_kind_of_policy_that_has_it() {
        assert_eq!(open(&[policy("1.1", &[("Allow", r#""Action": ["iam:*:*V5"]"#)])]), Vec::<String>::new());
        assert_eq!(open(&[policy("5.0", &[("Allow", r#""Action": ["iam:roles:*"]"#)])]), Vec::<String>::new());
    }

    #[test]
    fn a_deny_of_either_kind_closes_a_way_unless_it_is_open_itself() {
        let role = ("Allow", r#""Action": ["iam:roles:*"]"#);
        assert_eq!(open(&[policy("1.1", &[role, ("Deny", r#""Action": ["iam:*:update*"]"#)])]), Vec::<String>::new());
        let newer = policy("5.0", &[("Deny", r#""Action": ["iam:*:*"]"#)]);
        assert_eq!(open(&[policy("1.1", &[role]), newer]), Vec::<String>::new());
        let open_deny = r#""Action": ["iam:*:*"], "Condition": {"Bool": {"g:MFAPresent": ["false"]}}"#;
        assert_eq!(open(&[policy("1.1", &[role, ("Deny", open_deny)])]), ["rewrite-policy?"]);
    }

    #[test]
    fn a_deny_of_an_alias_closes_a_way() {
        let makes = r#""Action": ["functiongraph:function:createFunction", "iam:agencies:pass"]"#;
        let makes = policy("5.0", &[("Allow", makes)]);
        assert_eq!(open(std::slice::from_ref(&makes)), ["function-agency"]);
        let deny = policy("1.1", &[("Deny", r#""Action": ["functiongraph:function:create"]"#)]);
        assert_eq!(open(&[makes, deny]), Vec::<String>::new());
    }

    #[test]
    fn conditions_and_resources_leave_a_way_open() {
        let limited = r#""Action": ["iam:roles:updateRole"], "Condition": {"Bool": {"g:MFAPresent": ["true"]}}"#;
        assert_eq!(open(&[policy("1.1", &[("Allow", limited)])]), ["rewrite-policy?"]);
        let one_agency = r#""Action": ["sts:agencies:assume"], "Resource": ["iam::*:agency:deployer"]"#;
        assert_eq!(open(&[policy("5.0", &[("Allow", one_agency)])]), ["assume-agency?"]);
    }

    #[test]
    fn not_action_takes_in_what_it_does_not_name() {
        let all_but = |service: &str| policy("5.0", &[("Allow", &format!(r#""NotAction": ["{service}:*:*"]"#))]);
        // An alias among the exceptions would take an action out: the table does not know all of them.
        assert!(open(&[all_but("ims")]).contains(&String::from("attach-policy?")));
        assert_eq!(open(&[all_but("*")]), Vec::<String>::new());
    }

    #[test]
    fn the_holder_acts_where_its_grants_reach() {
        let roles = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["iam:roles:updateRole"]}]}"#;
        assert_eq!(open(&[granted(roles, Scope::Global)]), ["rewrite-policy"]);
        // IAM is global: a grant for the project of a region does nothing there.
        assert_eq!(open(&[granted(roles, Scope::Projects(vec![String::from("cn-north-4")]))]), Vec::<String>::new());
        let servers = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ecs:cloudServers:*"]}]}"#;
        let pass = policy("5.0", &[("Allow", r#""Action": ["iam:agencies:pass"]"#)]);
        let in_region = granted(servers, Scope::Projects(vec![String::from("cn-north-4")]));
        assert_eq!(open(&[in_region.clone(), pass.clone()]), ["server-agency"]);
        // A Deny for another region is no hindrance.
        let deny = r#"{"Version": "1.1", "Statement": [{"Effect": "Deny", "Action": ["ecs:*:*"]}]}"#;
        let elsewhere = granted(deny, Scope::Projects(vec![String::from("cn-east-3")]));
        assert_eq!(open(&[in_region.clone(), pass.clone(), elsewhere]), ["server-agency"]);
        // However many projects there are of which no grant is about the way.
        let images = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ims:*:*"]}]}"#;
        let others = (0..MOST_TARGETS).map(|number| format!("af-south-1_{number}")).collect();
        assert_eq!(open(&[granted(images, Scope::Projects(others)), in_region, pass]), ["server-agency"]);
    }

    #[test]
    fn only_statements_that_allow_are_told() {
        let updates = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["iam:roles:updateRole"]}]}"#;
        let open_deny = r#""Action": ["iam:*:*"], "Condition": {"Bool": {"g:MFAPresent": ["false"]}}"#;
        let grants = vec![
            granted(updates, Scope::All),
            granted(updates, Scope::Projects(vec![String::from("cn-north-4")])),
            policy("1.1", &[("Deny", open_deny)]),
        ];
        let catalog = Catalog::embedded();
        let ways = ways(&Principal { grants, ..Principal::default() }, &catalog);
        let means = ways.iter().flat_map(|way| way.means.iter().flatten());
        let told: Vec<_> = means.flat_map(|means| &means.steps).map(|step| (step.origin, step.effect)).collect();
        assert_eq!(told, [(crate::authz::Origin::Grant(0), Effect::Allow)]);
    }
}
