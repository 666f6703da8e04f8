//! Ways in which a principal's grants, taken together, let it give itself more rights.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    Body, Decision, Grant, Known, Pattern, Principal, Request, Requirement, Scope, Step, Target, decide, of_action,
};
use crate::catalog::{ActionSet, Catalog, Escalation};
use crate::policy::{Actions, Effect, Located};

/// So many projects and enterprise projects of grants are tried, beside all others.
const MOST_TARGETS: usize = 8;

/// A way to more rights that is open to a principal.
#[derive(Debug, Clone)]
pub struct Way<'c> {
    /// The way.
    pub escalation: Escalation<'c>,
    /// For each of its sets of actions, those that the grants allow; those that they certainly allow come first.
    pub means: Vec<Vec<Means<'c>>>,
}

/// An action of a way that the grants allow.
#[derive(Debug, Clone)]
pub struct Means<'c> {
    /// The action.
    pub action: &'c str,
    /// What is open about it; none where it is certainly allowed.
    pub open: Option<String>,
    /// The statements that allow it, each certainly or perhaps.
    pub steps: Vec<Step>,
}

/// The ways that are open to a principal, wherever it chooses to act.
///
/// An action counts as the kind of policy names that has it; a Deny of either kind takes it back.
pub fn ways<'c>(principal: &Principal, catalog: &'c Catalog) -> Vec<Way<'c>> {
    let escalations = catalog.escalations();
    let sets = || escalations.iter().flat_map(|escalation| &escalation.all);
    let older = Engine::new(false, sets().flat_map(|set| &set.actions), principal, catalog);
    let newer = Engine::new(true, sets().flat_map(|set| &set.identity), principal, catalog);
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

/// The grants as far as they are about some actions of one kind of policy, and where they may be used.
struct Engine<'c> {
    principal: Principal,
    targets: Vec<Target>,
    requirements: BTreeMap<&'c str, Requirement>,
}

impl<'c> Engine<'c> {
    fn new<'s>(
        is_identity: bool,
        actions: impl Iterator<Item = &'s &'c str>,
        principal: &Principal,
        catalog: &Catalog,
    ) -> Self
    where
        'c: 's,
    {
        let requirement = |action: &'c str| Requirement { knows_names_5: true, ..of_action(action, catalog) };
        let requirements: BTreeMap<&str, Requirement> = actions.map(|action| (*action, requirement(action))).collect();
        let names: BTreeSet<&str> = requirements.values().flat_map(names).collect();
        let names: Vec<Pattern> = names.into_iter().map(Pattern::new).collect();
        let grants: Vec<Grant> = principal.grants.iter().map(|grant| about(grant, &names, is_identity)).collect();
        let targets = targets(&grants);
        Self { principal: Principal { grants, ..principal.clone() }, targets, requirements }
    }

    fn allows_any(&self) -> bool {
        let statements = self.principal.grants.iter().flat_map(|grant| &grant.policy.policy.statements);
        statements.into_iter().any(|statement| statement.effect == Effect::Allow && !is_empty(&statement.actions))
    }

    fn means(&self, actions: &[&'c str]) -> Vec<Means<'c>> {
        actions.iter().filter_map(|action| self.allowed(action)).collect()
    }

    /// The action as the most willing target allows it.
    fn allowed(&self, action: &'c str) -> Option<Means<'c>> {
        let requirement = self.requirements.get(action)?;
        let verdicts = self.targets.iter().map(|target| decide(Request { requirement, target }, &self.principal));
        let verdict = verdicts.min_by_key(|verdict| verdict.decision)?;
        let open = match verdict.decision {
            Decision::Allowed => None,
            Decision::Conditional => verdict.steps.iter().find_map(|step| step.outcome.why_open()).map(str::to_owned),
            _ => return None,
        };
        let allows = |step: &Step| {
            let counts = step.outcome == super::Outcome::Applies || step.outcome.why_open().is_some();
            step.effect == Effect::Allow && counts
        };
        Some(Means { action, open, steps: verdict.steps.into_iter().filter(allows).collect() })
    }
}

/// All names by which a policy may be about an action.
fn names(requirement: &Requirement) -> impl Iterator<Item = &str> {
    let newer = requirement.names_5.iter();
    let newer = newer.flat_map(|name| std::iter::once(&name.name).chain(&name.aliases));
    requirement.names_1.iter().chain(newer).map(String::as_str)
}

/// A grant with those of its patterns alone that can be about one of `names`. What the other kind of policy allows is
/// left out, what it denies is not. What is not known of a policy allows nothing.
fn about(grant: &Grant, names: &[Pattern], is_identity: bool) -> Grant {
    let mut source = (*grant.policy).clone();
    source.body = Body::Whole;
    let is_other = source.policy.version.is_identity() != is_identity;
    let meets = |located: &Located<String>| {
        let pattern = Pattern::new(&located.value);
        names.iter().any(|name| pattern.meets(name))
    };
    for statement in &mut source.policy.statements {
        if is_other && statement.effect == Effect::Allow {
            statement.actions = Actions::Matching(Vec::new());
        }
        match &mut statement.actions {
            Actions::Matching(patterns) | Actions::Except(patterns) | Actions::Perhaps(patterns) => {
                patterns.retain(meets);
            }
            Actions::MatchingExcept(patterns, except) => {
                patterns.retain(meets);
                except.retain(meets);
            }
        }
    }
    Grant { policy: Arc::new(source), ..grant.clone() }
}

fn is_empty(actions: &Actions) -> bool {
    !matches!(actions, Actions::Except(_)) && actions.patterns().is_empty()
}

/// Who holds a grant for some places only acts there; a Deny for some places is evaded in another.
fn targets(grants: &[Grant]) -> Vec<Target> {
    let (mut projects, mut enterprise_projects) = (BTreeSet::from([""]), BTreeSet::from(["0"]));
    for grant in grants.iter().filter(|grant| grant.policy.policy.statements.iter().any(|own| !is_empty(&own.actions)))
    {
        match &grant.scope {
            Scope::Projects(names) => projects.extend(names.iter().map(String::as_str)),
            Scope::EnterpriseProjects(names) => enterprise_projects.extend(names.iter().map(String::as_str)),
            Scope::All | Scope::Global | Scope::Open(_) => {}
        }
    }
    let enterprise_projects: Vec<&str> = enterprise_projects.into_iter().take(MOST_TARGETS).collect();
    let at = |project: &str, enterprise_project: &str| {
        let region = Known::Unknown(String::from("it may act in any region"));
        Target::at(region, Known::Is(project.to_owned()), Known::Is(enterprise_project.to_owned()))
    };
    let projects = projects.into_iter().take(MOST_TARGETS);
    projects.flat_map(|project| enterprise_projects.iter().map(move |own| at(project, own))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::PolicySource;
    use crate::policy;

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
