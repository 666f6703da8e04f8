//! Grants without places: easy to make and to change, and built into real ones with places that nest.

use std::sync::Arc;

use grantlint::authz::{Body, Grant, PolicySource, Principal, Scope};
use grantlint::policy::{Actions, Condition, Effect, Kind, Located, Policy, Principals, Resources, Statement, Version};
use grantlint::source::Span;

#[derive(Debug, Clone)]
pub(crate) struct GrantDraft {
    pub(crate) version: Version,
    pub(crate) body: Body,
    pub(crate) scope: Scope,
    pub(crate) statements: Vec<StatementDraft>,
}

#[derive(Debug, Clone)]
pub(crate) struct StatementDraft {
    pub(crate) effect: Effect,
    /// `NotAction`, where the version has it.
    pub(crate) is_except: bool,
    pub(crate) patterns: Vec<String>,
    /// None: no element.
    pub(crate) resources: Option<Vec<String>>,
    /// `NotResource`, where the version has it.
    pub(crate) is_except_resource: bool,
    /// Operator, key and value.
    pub(crate) conditions: Vec<(String, String, String)>,
}

impl StatementDraft {
    /// A statement about one pattern, with no further elements.
    pub(crate) fn about(effect: Effect, pattern: &str) -> Self {
        Self {
            effect,
            is_except: false,
            patterns: vec![pattern.to_owned()],
            resources: None,
            is_except_resource: false,
            conditions: Vec::new(),
        }
    }
}

/// A principal with every draft.
pub(crate) fn build(drafts: &[GrantDraft]) -> Principal {
    let grants = drafts.iter().enumerate().map(|(index, draft)| grant(index, draft)).collect();
    Principal { grants, ..Principal::default() }
}

fn grant(index: usize, draft: &GrantDraft) -> Grant {
    let mut at = 0;
    let is_newer = draft.version.is_identity();
    let statements = draft.statements.iter().map(|draft| statement(draft, is_newer, &mut at)).collect();
    let (version, kind) = (draft.version, Kind::from(draft.version));
    let policy = Policy { version, kind, span: Span::default(), statements, depends: Vec::new() };
    let source = PolicySource { body: draft.body, ..PolicySource::new(format!("policy-{index}"), None, policy) };
    Grant::new(Arc::new(source), draft.scope.clone())
}

fn statement(draft: &StatementDraft, is_newer: bool, at: &mut usize) -> Statement {
    let start = *at;
    *at += 1;
    let patterns = located(&draft.patterns, at);
    let resources = draft.resources.as_ref().map(|resources| located(resources, at));
    let mut one = |text: &String| located(std::slice::from_ref(text), at).remove(0);
    let conditions = draft.conditions.iter().map(|(operator, key, value)| Condition {
        operator: one(operator),
        key: one(key),
        values: vec![one(value)],
    });
    let conditions = conditions.collect();
    *at += 1;
    Statement {
        span: Span::new(start, *at),
        effect: draft.effect,
        principals: Principals::None,
        actions: if is_newer && draft.is_except { Actions::Except(patterns) } else { Actions::Matching(patterns) },
        resources: match resources {
            None => Resources::All,
            Some(resources) if is_newer && draft.is_except_resource => Resources::Except(resources),
            Some(resources) => Resources::Matching(resources),
        },
        conditions,
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
