//! `privilege-escalation`

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::grants::{MAX_RELATED, push};
use super::{Finding, Related, Rule};
use crate::authz::{Grant, Means, Outcome, Pattern, Principal, Step, Way, ways};
use crate::catalog::Catalog;
use crate::policy::{Actions, Located, Statement};
use crate::project::Project;
use crate::severity::{Certainty, Severity};
use crate::source::Place;

/// How many ways a message tells in full.
const IN_MESSAGE: usize = 3;

const HELP: &str = "leave these actions to administrators, or take them back by a Deny; a deployment that needs one is \
                    limited by `Resource` or `Condition`";

/// # privilege-escalation
///
/// ## What it does
/// Tells which grants let a principal give itself more than it is granted: by granting roles, attaching or rewriting
/// policies, making keys or passwords of others, acting as an agency, or passing one to a service that runs its code.
/// What all grants of the principal allow together counts, system-defined policies and roles too. There is one finding
/// for each principal and policy document; a wildcard that takes in all of IAM is told once.
///
/// The ways and the actions of each stand in `rules/escalations.yaml`. Where a `Condition`, a `Resource` or an open Deny
/// limits one, the finding is possible and says what is open.
///
/// ## Why it matters
/// What the other policies of such a principal leave out is of no account: it can write them anew. Whoever gets hold
/// of the keys of a pipeline then holds the account.
///
/// ## Example
/// ```json
/// { "Effect": "Allow", "Action": ["iam:permissions:grantRoleToGroup", "iam:groups:listGroups"] }
/// ```
///
/// ## Use instead
/// ```json
/// { "Effect": "Allow", "Action": ["iam:groups:listGroups"] }
/// ```
/// An administrator makes groups, agencies and their grants; what deploys applications only uses them.
///
/// ## How to configure it
/// A warning unless `rules: { privilege-escalation: error }` says otherwise. A principal that is meant to administer the
/// account is accepted by an `ignore` entry with `rule: privilege-escalation`, its `principal` and a `reason`.
pub(super) struct PrivilegeEscalation;

impl Rule for PrivilegeEscalation {
    fn name(&self) -> &'static str {
        "privilege-escalation"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        let principals = project.deployers.iter().map(|deployer| &deployer.principal);
        principals.flat_map(|principal| self.of_principal(principal, project.catalog)).collect()
    }
}

impl PrivilegeEscalation {
    fn of_principal(&self, principal: &Principal, catalog: &Catalog) -> Vec<Finding> {
        let ways = ways(principal, catalog);
        let mut documents: BTreeMap<usize, Vec<Told<'_>>> = BTreeMap::new();
        for way in &ways {
            let entered = way.means.first().into_iter().flatten().flat_map(|means| &means.steps);
            let entered: BTreeSet<usize> = entered.filter_map(|step| document(principal, step)).collect();
            for document in entered {
                documents.entry(document).or_default().extend(Told::new(way, principal, document));
            }
        }
        documents.into_iter().filter_map(|(document, told)| self.finding(principal, document, told)).collect()
    }

    fn finding(&self, principal: &Principal, document: usize, mut told: Vec<Told<'_>>) -> Option<Finding> {
        told.sort_by_key(|told| told.open.is_some());
        let grant = principal.grants.get(document)?;
        let first = told.first()?;
        let by = if grant.policy.file.is_none() { format!(" by `{}`", grant.policy.name) } else { String::new() };
        let lead = format!("`{}` can give itself more rights{by}", principal.name);
        let broad = told.iter().find_map(|told| Some((told.breadth()?, told)));
        let (message, actions) = match &broad {
            Some((breadth, told_by)) => {
                let ways =
                    if told.len() == 1 { String::from("1 known way") } else { format!("{} known ways", told.len()) };
                let message = format!("{lead}: {breadth} takes in {ways} to do so; for one, {}", told_by.sentence());
                (message, vec![breadth.trim_matches('`').to_owned()])
            }
            None => (format!("{lead}: {}", sentences(&told)), actions(&told)),
        };
        let shown = broad.as_ref().map_or(first, |(_, told)| told);
        let mut finding = Finding::new(self.name(), self.severity(), message, shown.place(grant)?);
        finding.certainty = if first.open.is_none() { Certainty::Certain } else { Certainty::Possible };
        finding.principal = Some(principal.name.clone());
        finding.actions = actions;
        finding.related = related(&told, grant, &finding.place, broad.is_some());
        Some(finding.with_help(Some(HELP.to_owned())))
    }
}

/// The first of the grants that bind the document of a step.
fn document(principal: &Principal, step: &Step) -> Option<usize> {
    let policy = &principal.granting(step)?.policy;
    principal.grants.iter().position(|other| Arc::ptr_eq(&other.policy, policy))
}

/// A way as far as one document opens it.
struct Told<'w> {
    way: &'w Way<'w>,
    /// The action with which the way begins, and the statement of the document that allows it.
    means: &'w Means<'w>,
    statement: &'w Statement,
    pattern: Option<&'w Located<String>>,
    /// Where the other actions of the way are granted.
    others: Vec<(&'w str, Place)>,
    open: Option<&'w str>,
}

impl<'w> Told<'w> {
    fn new(way: &'w Way<'w>, principal: &'w Principal, document: usize) -> Option<Self> {
        let (first, rest) = way.means.split_first()?;
        let here = |step: &&Step| self::document(principal, step) == Some(document);
        let entries = first.iter().flat_map(|means| means.steps.iter().filter(here).map(move |step| (means, step)));
        let (means, step) = entries.min_by_key(|(means, step)| why_open(means, step).is_some())?;
        let statement = statement(principal, step)?;
        let rest: Vec<&Means<'_>> = rest.iter().filter_map(|set| set.first()).collect();
        let open = why_open(means, step).or_else(|| rest.iter().find_map(|means| means.open.as_deref()));
        let others = rest.iter().filter_map(|means| Some((means.action, granted_at(means, principal)?))).collect();
        Some(Self { way, means, statement, pattern: pattern(statement, means.action), others, open })
    }

    /// "`a` with `b` lets it …".
    fn sentence(&self) -> String {
        let rest = self.way.means.iter().skip(1).filter_map(|set| set.first());
        let actions = std::iter::once(self.means).chain(rest).map(|means| format!("`{}`", means.action));
        let actions = actions.collect::<Vec<_>>().join(" with ");
        let open = self.open.map(|why| format!(" (possible: {why})")).unwrap_or_default();
        format!("{actions} lets it {}{open}", self.way.escalation.why)
    }

    /// What takes in all of IAM, as a message names it.
    fn breadth(&self) -> Option<String> {
        if matches!(self.statement.actions, Actions::Except(_)) {
            return Some(String::from("`NotAction`"));
        }
        let pattern = &self.pattern?.value;
        Pattern::new(pattern).covers_service("iam").then(|| format!("`{pattern}`"))
    }

    /// The pattern, or the binding of a system-defined policy.
    fn place(&self, grant: &Grant) -> Option<Place> {
        let span = self.pattern.map_or(self.statement.span, |pattern| pattern.span);
        grant.policy.place(span).or_else(|| grant.place.clone())
    }
}

/// The sentences of a document's ways: some in full, and how many more there are.
fn sentences(told: &[Told<'_>]) -> String {
    let (full, rest) = told.split_at_checked(IN_MESSAGE).unwrap_or((told, &[]));
    let more = match rest.len() {
        0 => String::new(),
        1 => String::from("; and 1 more way"),
        more => format!("; and {more} more ways"),
    };
    format!("{}{more}", full.iter().map(Told::sentence).collect::<Vec<_>>().join("; "))
}

/// Every action by which a way is open, sorted, each once.
fn actions(told: &[Told<'_>]) -> Vec<String> {
    let means = told.iter().flat_map(|told| told.way.means.iter().flatten());
    let actions: BTreeSet<&str> = means.map(|means| means.action).collect();
    actions.into_iter().map(str::to_owned).collect()
}

/// The other places that a document's ways rest on, and where it is bound.
fn related(told: &[Told<'_>], grant: &Grant, own: &Place, is_broad: bool) -> Vec<Related> {
    let mut related = vec![Related { message: String::new(), place: own.clone() }];
    for told in told.iter().filter(|_| !is_broad) {
        let here = told.place(grant).filter(|_| grant.policy.file.is_some());
        let here = here.map(|place| (told.means.action, place));
        for (action, place) in here.into_iter().chain(told.others.iter().cloned()) {
            push(&mut related, Some(Related { message: format!("`{action}` is granted here"), place }));
        }
    }
    let bound = grant.place.clone().map(|place| Related { message: format!("bound here for {}", grant.scope), place });
    push(&mut related, bound);
    related.into_iter().skip(1).take(MAX_RELATED).collect()
}

fn why_open<'w>(means: &'w Means<'_>, step: &'w Step) -> Option<&'w str> {
    step.outcome.why_open().or(means.open.as_deref())
}

fn statement<'p>(principal: &'p Principal, step: &Step) -> Option<&'p Statement> {
    principal.granting(step)?.policy.policy.statements.get(step.statement?)
}

/// The pattern of a statement that takes in an action; none where the statement names what it leaves out.
fn pattern<'s>(statement: &'s Statement, action: &str) -> Option<&'s Located<String>> {
    if matches!(statement.actions, Actions::Except(_)) {
        return None;
    }
    let action = Pattern::new(action);
    let patterns = statement.actions.patterns().iter().map(|located| (Pattern::new(&located.value), located));
    // The broadest: it takes in the action whatever becomes of the others.
    let broadest = patterns.filter(|(own, _)| own.meets(&action)).min_by_key(|(own, _)| own.literals());
    broadest.map(|(_, located)| located)
}

/// Where an action is granted: its pattern, or the binding of a system-defined policy.
fn granted_at(means: &Means<'_>, principal: &Principal) -> Option<Place> {
    let step = means.steps.iter().min_by_key(|step| step.outcome != Outcome::Applies)?;
    let (grant, statement) = (principal.granting(step)?, statement(principal, step)?);
    let span = pattern(statement, means.action).map_or(statement.span, |pattern| pattern.span);
    grant.policy.place(span).or_else(|| grant.place.clone())
}
