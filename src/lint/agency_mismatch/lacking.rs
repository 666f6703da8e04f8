//! What an agency is not granted though the service that it is handed to needs it.

use super::{Told, as_of, defined_here, shown};
use crate::authz::{
    Decision, Outcome, Request, Requirement, Role, RoleRequirement, Scope, Target, Verdict, decide, decide_role,
    of_action,
};
use crate::catalog::{AgencyNeed, AgencyUse as Row, Catalog, Reach};
use crate::manifest::{AgencyUse, NeededOfAgency};
use crate::project::Agency;

/// How many names a message tells.
const IN_MESSAGE: usize = 3;

/// Everything that the agency lacks, need by need.
pub(super) fn told(handed: &AgencyUse, agency: &Agency, row: &Row<'_>, catalog: &Catalog) -> Vec<Told> {
    let needs = handed.needs.iter().filter_map(|needed| Some((needed, row.needs.get(needed.need)?)));
    needs.filter_map(|(needed, need)| lacking(handed, agency, needed, need, row, catalog)).collect()
}

fn lacking(
    handed: &AgencyUse,
    agency: &Agency,
    needed: &NeededOfAgency,
    need: &AgencyNeed<'_>,
    row: &Row<'_>,
    catalog: &Catalog,
) -> Option<Told> {
    let target = &needed.target;
    if is_within(agency, target) {
        return None;
    }
    let roles: Vec<Verdict> = need.any.iter().map(|role| held(role, target, agency, catalog)).collect();
    if roles.iter().any(is_enough) {
        return None;
    }
    let actions: Vec<(Requirement, Verdict)> = need
        .actions
        .iter()
        .map(|action| {
            let requirement = of_action(action, catalog);
            let verdict = decide(Request { requirement: &requirement, target }, &agency.principal);
            (requirement, verdict)
        })
        .filter(|(_, verdict)| !is_enough(verdict))
        .collect();
    if actions.is_empty() && !need.actions.is_empty() {
        return None;
    }
    let lacks = Lacks { need, target, catalog, actions: &actions, roles: &roles };
    let service = row.service.map(|service| shown(service, catalog)).unwrap_or_default();
    let wrong = format!("is not granted {}{}{}", lacks.names(), lacks.place(), lacks.why());
    Some(Told {
        message: format!(
            "the agency `{}`, which `{}` hands to {service}, {wrong}",
            agency.principal.name, handed.attribute
        ),
        wrong,
        help: lacks.help(agency),
        actions: actions.iter().map(|(requirement, _)| requirement.action.clone()).collect(),
        open: [&handed.open, &needed.open, &agency.defined.open].into_iter().find_map(Clone::clone),
        related: Some(defined_here(agency)),
    })
}

/// The IAM project of object storage, which the console hides.
const OF_STORAGE: &str = "MOS";

/// It is granted something for a project of which it is not known whether the service acts there: one within the region,
/// or one that is no region's.
fn is_within(agency: &Agency, target: &Target) -> bool {
    let Some(region) = target.region.value() else { return false };
    agency.principal.grants.iter().any(|grant| match &grant.scope {
        Scope::Projects(names) => names.iter().any(|name| {
            let rest = name.strip_prefix(region.as_str());
            name == OF_STORAGE || rest.is_some_and(|rest| rest.starts_with('_'))
        }),
        _ => false,
    })
}

/// What stands for a role counts as well as its name; of one that takes in every service anything would be a part.
fn held(role: &str, target: &Target, agency: &Agency, catalog: &Catalog) -> Verdict {
    let mut role = Role::named(role, catalog);
    role.stands_for.retain(|requirement| !requirement.action.starts_with('*'));
    let requirement = RoleRequirement { any: vec![role], open: None };
    decide_role(&requirement, target, &agency.principal)
}

/// It is granted, or may be; a role that takes no effect for want of another is told by a rule of its own.
fn is_enough(verdict: &Verdict) -> bool {
    let is_void = |outcome: &Outcome| matches!(outcome, Outcome::Void(_));
    verdict.decision <= Decision::Conditional
        || (verdict.decision == Decision::Missing && verdict.steps.iter().any(|step| is_void(&step.outcome)))
}

/// A need that is not met.
struct Lacks<'a> {
    need: &'a AgencyNeed<'a>,
    target: &'a Target,
    catalog: &'a Catalog,
    /// The actions that are lacking.
    actions: &'a [(Requirement, Verdict)],
    roles: &'a [Verdict],
}

impl Lacks<'_> {
    fn names(&self) -> String {
        let actions = self.actions.iter().map(|(requirement, _)| requirement.action.as_str());
        let (names, join): (Vec<&str>, _) =
            if self.need.any.is_empty() { (actions.collect(), "and") } else { (self.need.any.clone(), "or") };
        let shown: Vec<String> = names.iter().take(IN_MESSAGE).map(|name| format!("`{name}`")).collect();
        let more = names.len().saturating_sub(IN_MESSAGE);
        match (shown.split_last(), more) {
            (_, 1..) => format!("{} {join} {more} more", shown.join(", ")),
            (Some((only, [])), _) => only.clone(),
            (Some((last, others)), _) => format!("{} {join} {last}", others.join(", ")),
            (None, _) => String::new(),
        }
    }

    /// What is asked for is a global service's.
    fn is_global(&self) -> bool {
        match (self.need.any.first(), self.actions.first()) {
            (Some(role), _) => {
                let service = self.catalog.policy(role).and_then(|policy| self.catalog.service(policy.service));
                service.is_some_and(|service| service.reach == Reach::Global)
            }
            (None, Some((requirement, _))) => requirement.reach == Reach::Global,
            (None, None) => false,
        }
    }

    fn region(&self) -> Option<&str> {
        self.target.region.value().map(String::as_str).filter(|_| !self.is_global())
    }

    fn place(&self) -> String {
        self.region().map(|region| format!(" in {region}")).unwrap_or_default()
    }

    /// Why something that is granted is of no use.
    fn why(&self) -> String {
        let verdicts = self.roles.iter().chain(self.actions.iter().map(|(_, verdict)| verdict));
        let mut steps = verdicts.flat_map(|verdict| &verdict.steps);
        let why = steps.find_map(|step| step.outcome.why_not());
        let is_denied = self.actions.iter().any(|(_, verdict)| verdict.decision == Decision::Denied);
        match why {
            Some(why) => format!(": {why}"),
            None if is_denied => String::from(": a Deny forbids it"),
            None => String::new(),
        }
    }

    fn help(&self, agency: &Agency) -> String {
        let source = as_of(self.need.source);
        let Some(role) = self.need.any.first() else {
            let actions: Vec<String> =
                self.actions.iter().map(|(requirement, _)| format!("\"{}\"", requirement.action)).collect();
            let statement = format!("{{ \"Effect\": \"Allow\", \"Action\": [{}] }}", actions.join(", "));
            return format!("grant `{}` a policy with {statement} ({source})", agency.defined.address);
        };
        let block = match (self.is_global(), self.region()) {
            (true, _) => format!("domain_roles = [\"{role}\"]"),
            (false, Some(region)) => format!("project_role {{ project = \"{region}\", roles = [\"{role}\"] }}"),
            (false, None) => format!("all_resources_roles = [\"{role}\"]"),
        };
        let others = match self.need.any.len() {
            0 | 1 => String::new(),
            _ => format!(
                "; {} do too",
                self.need.any.iter().skip(1).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ),
        };
        format!("add `{block}` to `{}`{others} ({source})", agency.defined.address)
    }
}
