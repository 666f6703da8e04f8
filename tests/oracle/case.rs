//! A case: a need, where it arises and what a principal holds, as plain data that is easy to make and to change; and
//! what `decide()` says of it.

use std::sync::Arc;

use grantlint::authz::{
    Body, Context, Decision, Fact, Grant, Known, Level, NamedResource, PolicySource, Principal, Request, Requirement,
    Scope, Target, Verdict, decide,
};
use grantlint::catalog::Reach;
use grantlint::policy::{
    Actions, Condition, Dependency, Effect, Kind, Located, Policy, Principals, Resources, Statement, Version,
};
use grantlint::source::Span;
use jiff::Timestamp;

#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) requirement: Requirement,
    pub(crate) region: Known<String>,
    pub(crate) project: Known<String>,
    pub(crate) enterprise_project: Known<String>,
    /// Types and paths.
    pub(crate) resources: Vec<(String, String)>,
    /// Of the operation.
    pub(crate) facts: Facts,
    /// Of the principal.
    pub(crate) context: Facts,
    pub(crate) grants: Vec<GrantDraft>,
    /// From the root down to the account.
    pub(crate) guardrails: Vec<Vec<PolicyDraft>>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) keys: Vec<(String, Fact)>,
    pub(crate) complete: Vec<String>,
    pub(crate) not_before: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub(crate) struct GrantDraft {
    pub(crate) policy: PolicyDraft,
    pub(crate) scope: Scope,
    pub(crate) by_console: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct PolicyDraft {
    pub(crate) name: String,
    pub(crate) version: Version,
    pub(crate) body: Body,
    pub(crate) reach: Reach,
    pub(crate) depends: Vec<String>,
    pub(crate) statements: Vec<StatementDraft>,
}

/// How the patterns of a statement count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    /// `Action` or `Resource`.
    These,
    /// `NotAction` or `NotResource`.
    Not,
}

#[derive(Debug, Clone)]
pub(crate) struct StatementDraft {
    pub(crate) effect: Effect,
    pub(crate) element: Element,
    pub(crate) patterns: Vec<String>,
    /// What a base role does not grant of its patterns.
    pub(crate) but: Vec<String>,
    /// A system-defined policy that is about its patterns under circumstances that are not known.
    pub(crate) is_perhaps: bool,
    /// None: no element.
    pub(crate) resources: Option<(Element, Vec<String>)>,
    pub(crate) conditions: Vec<ConditionDraft>,
}

#[derive(Debug, Clone)]
pub(crate) struct ConditionDraft {
    pub(crate) operator: String,
    pub(crate) key: String,
    pub(crate) values: Vec<String>,
}

impl StatementDraft {
    /// A statement about one pattern, with no further elements.
    pub(crate) fn about(effect: Effect, pattern: &str) -> Self {
        Self {
            effect,
            element: Element::These,
            patterns: vec![pattern.to_owned()],
            but: Vec::new(),
            is_perhaps: false,
            resources: None,
            conditions: Vec::new(),
        }
    }
}

impl PolicyDraft {
    pub(crate) fn new(name: &str, version: Version, statements: Vec<StatementDraft>) -> Self {
        let name = name.to_owned();
        Self { name, version, body: Body::Whole, reach: Reach::Unknown, depends: Vec::new(), statements }
    }
}

impl Case {
    pub(crate) fn verdict(&self) -> Verdict {
        decide(Request { requirement: &self.requirement, target: &self.target() }, &self.principal())
    }

    pub(crate) fn decision(&self) -> Decision {
        self.verdict().decision
    }

    pub(crate) fn target(&self) -> Target {
        let named = self.resources.iter().map(|(kind, path)| NamedResource { kind: kind.clone(), path: path.clone() });
        Target {
            resources: named.collect(),
            facts: self.facts.build(),
            ..Target::at(self.region.clone(), self.project.clone(), self.enterprise_project.clone())
        }
    }

    pub(crate) fn principal(&self) -> Principal {
        let grants = self.grants.iter().map(|draft| Grant {
            by_console: draft.by_console,
            ..Grant::new(draft.policy.build(), draft.scope.clone())
        });
        let levels = self.guardrails.iter().enumerate().map(|(index, policies)| Level {
            name: format!("level-{index}"),
            policies: policies.iter().map(PolicyDraft::build).collect(),
        });
        let context = self.context.build();
        Principal { grants: grants.collect(), context, guardrails: levels.collect(), ..Principal::default() }
    }
}

impl Facts {
    fn build(&self) -> Context {
        let context = self.keys.iter().fold(Context::default(), |context, (key, fact)| context.with(key, fact.clone()));
        let context = self.complete.iter().fold(context, |context, beginning| context.complete(beginning));
        if let Some(now) = self.not_before { context.not_before(now) } else { context }
    }
}

impl PolicyDraft {
    fn build(&self) -> Arc<PolicySource> {
        let mut at = 0;
        let statements = self.statements.iter().map(|draft| draft.build(&mut at)).collect();
        let nowhere = Span::default();
        let dependency = |role: &String| {
            let display_name = Located { value: role.clone(), span: nowhere };
            Located { value: Dependency { catalog: None, display_name }, span: nowhere }
        };
        let (version, kind) = (self.version, Kind::from(self.version));
        let depends = self.depends.iter().map(dependency).collect();
        let policy = Policy { version, kind, span: nowhere, statements, depends };
        let source = PolicySource::new(self.name.clone(), None, policy);
        Arc::new(PolicySource { body: self.body, reach: self.reach, ..source })
    }
}

impl StatementDraft {
    /// With places that nest.
    fn build(&self, at: &mut usize) -> Statement {
        let start = *at;
        *at += 1;
        let patterns = located(&self.patterns, at);
        let but = located(&self.but, at);
        let resources = self.resources.as_ref().map(|(element, resources)| (element, located(resources, at)));
        let mut one = |text: &String| located(std::slice::from_ref(text), at).remove(0);
        let mut conditions = Vec::new();
        for ConditionDraft { operator, key, values } in &self.conditions {
            let (operator, key) = (one(operator), one(key));
            conditions.push(Condition { operator, key, values: values.iter().map(&mut one).collect() });
        }
        *at += 1;
        Statement {
            span: Span::new(start, *at),
            effect: self.effect,
            principals: Principals::None,
            actions: match self.element {
                Element::Not => Actions::Except(patterns),
                Element::These if self.is_perhaps => Actions::Perhaps(patterns),
                Element::These if but.is_empty() => Actions::Matching(patterns),
                Element::These => Actions::MatchingExcept(patterns, but),
            },
            resources: match resources {
                None => Resources::All,
                Some((Element::Not, resources)) => Resources::Except(resources),
                Some((Element::These, resources)) => Resources::Matching(resources),
            },
            conditions,
        }
    }
}

fn located(texts: &[String], at: &mut usize) -> Vec<Located<String>> {
    let mut one = |text: &String| {
        let start = *at;
        *at += text.len() + 1;
        Located { value: text.clone(), span: Span::new(start, start + text.len()) }
    };
    texts.iter().map(&mut one).collect()
}
