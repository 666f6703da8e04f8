//! What one statement says of a need: whether it is about it, and whether it counts where the need arises.

use std::borrow::Cow;
use std::ops::Deref;

use super::condition::{self, Judged};
use super::context::Circumstances;
use super::matching::{Match, Names};
use super::resource::{Acted, Taken};
use super::scope::Reached;
use super::{Context, Outcome, Request, Requirement, Truth};
use crate::policy::{Actions, Statement};
use crate::source::Span;

/// A statement against a need, in the eyes of one engine and of one principal.
pub(super) struct Weighing<'a> {
    pub(super) statement: &'a Statement,
    pub(super) request: Request<'a>,
    pub(super) names: &'a Names<'a>,
    pub(super) context: &'a Context,
}

/// Each element of a statement, judged.
struct Elements {
    actions: Match,
    resources: Taken,
    conditions: Judged,
}

impl Weighing<'_> {
    /// What the statement comes to under a scope, with the pattern that is about the action.
    pub(super) fn outcome(&self, scope: &impl Deref<Target = Reached>) -> (Outcome, Option<Span>) {
        let actions = self.names.matched(&self.statement.actions);
        if actions.truth == Truth::No {
            return (Outcome::Unrelated(Cow::Borrowed("it is about other actions")), None);
        }
        let requirement = self.request.requirement;
        let acted = Acted {
            action: &requirement.action,
            reach: requirement.reach,
            kinds: self.names.resources(),
            target: self.request.target,
        };
        let elements = Elements {
            actions,
            resources: acted.by(&self.statement.resources),
            conditions: condition::judge(&self.statement.conditions, self.context, self.circumstances()),
        };
        (self.weigh(&elements, scope), elements.actions.span)
    }

    fn circumstances(&self) -> Circumstances<'_> {
        Circumstances { target: self.request.target, reach: self.request.requirement.reach, keys: self.names.keys() }
    }

    fn weigh(&self, elements: &Elements, scope: &Reached) -> Outcome {
        let Elements { actions, resources, conditions } = elements;
        let is_in_another_region = resources.is_elsewhere && actions.truth == Truth::Yes;
        match (actions.truth.and(resources.truth), conditions.truth, scope) {
            (Truth::No, ..) if !is_in_another_region => {
                Outcome::Unrelated(Cow::Borrowed("it is about other resources"))
            }
            (_, _, Reached::Void(why)) => Outcome::Void(why.clone().into()),
            (Truth::No, Truth::No, _) => Outcome::Unrelated(Cow::Borrowed("it is about resources in another region")),
            (Truth::No, ..) => Outcome::Elsewhere(Cow::Borrowed("its `Resource` names another region")),
            (Truth::Unknown, _, Reached::Unsupported(why) | Reached::Elsewhere(why)) => {
                Outcome::Unrelated(why.clone().into())
            }
            (Truth::Yes, Truth::No, _) if conditions.is_elsewhere => Outcome::Elsewhere(conditions.fails().into()),
            (_, Truth::No, _) => Outcome::Void(conditions.fails().into()),
            (_, _, Reached::Unsupported(why)) => Outcome::Unsupported(why.clone().into()),
            (_, _, Reached::Elsewhere(why)) => Outcome::Elsewhere(why.clone().into()),
            (Truth::Yes, Truth::Yes, Reached::Yes) => Outcome::Applies,
            _ => Outcome::Open(self.what_is_open(elements, scope).into()),
        }
    }

    fn what_is_open(&self, elements: &Elements, scope: &Reached) -> String {
        let mut open = Vec::new();
        if elements.actions.truth == Truth::Unknown {
            open.push(why_action_is_open(self.statement, self.request.requirement, self.names).to_owned());
        }
        if elements.resources.truth == Truth::Unknown {
            open.push(String::from("the statement's `Resource` may not take in the resource"));
        }
        if elements.conditions.truth == Truth::Unknown {
            open.push(elements.conditions.open());
        }
        if let Reached::Open(why) = scope {
            open.push(why.clone());
        }
        open.join("; ")
    }
}

fn why_action_is_open(statement: &Statement, requirement: &Requirement, names: &Names<'_>) -> &'static str {
    match &statement.actions {
        Actions::Perhaps(_) => {
            "the policy says it under a condition, or for some resources, that the table does not hold"
        }
        _ if requirement.action.contains('*') => "the statement takes in only a part of what is needed",
        _ if names.are_of_roles() => {
            "roles have their own names for actions, and the statement may mean this one or another"
        }
        Actions::Except(_) => "the statement leaves out some actions, and this may be one of them by another name",
        Actions::Matching(_) | Actions::MatchingExcept(..) => {
            "the table does not know by which name this kind of policy grants it, and the statement may mean another action"
        }
    }
}
