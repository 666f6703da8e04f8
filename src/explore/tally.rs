//! Counting: the figures of the whole table or of one service.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::inventory::SourceDocument;
use super::links::Answer;
use crate::catalog::{Api, IdentityAction, Operation, PolicyKind, Source, SystemPolicy, TerraformKind, TerraformType};

/// Figures; each can be counted from the files in `rules/` and the extensions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Rows of permission files.
    pub apis: ApiFigures,
    /// Actions, letter case aside.
    pub actions: ActionFigures,
    /// Terraform types and their calls.
    pub terraform: TerraformFigures,
    /// SDK and `KooCLI` operations.
    pub operations: OperationFigures,
    /// System-defined policies and roles.
    pub policies: PolicyFigures,
    /// Documents.
    pub sources: SourceFigures,
}

/// Figures of API rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ApiFigures {
    /// Keys below `apis:`.
    pub rows: usize,
    /// Further rows that `also_versions` makes; no other figure counts them.
    pub other_versions: usize,
    /// Rows with actions of grammar 1.1.
    pub with_actions: usize,
    /// Rows with actions of grammar 5.0.
    pub with_identity_actions: usize,
    /// Rows with actions of grammar 5.0 and none of 1.1.
    pub only_identity_actions: usize,
    /// Rows of old pages.
    pub historical: usize,
    /// Rows of APIs that are to be used no more.
    pub deprecated: usize,
}

/// Figures of actions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ActionFigures {
    /// Different actions of grammar 1.1 that API rows need.
    pub needed: usize,
    /// Different actions of grammar 5.0 that API rows need.
    pub identity_needed: usize,
    /// Actions of grammar 5.0 that a page describes.
    pub identity_described: usize,
    /// Actions that are known without an API and without a description.
    pub without_api: usize,
}

/// Figures of Terraform types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TerraformFigures {
    /// Resource types.
    pub resources: usize,
    /// Data sources.
    pub data_sources: usize,
    /// Types among both that are another name of one.
    pub aliases: usize,
    /// Calls.
    pub calls: usize,
    /// Calls of APIs of which a row names an action.
    pub calls_with_action: usize,
}

/// Figures of operations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct OperationFigures {
    /// Operations, each version counted.
    pub all: usize,
    /// Different APIs that they call.
    pub apis: usize,
    /// Operations of which the API has a row.
    pub with_row: usize,
    /// Operations of which a row names an action.
    pub with_action: usize,
}

/// Figures of system-defined policies and roles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PolicyFigures {
    /// All.
    pub all: usize,
    /// Those that are coarse roles of old.
    pub roles: usize,
    /// Those with a published body.
    pub known: usize,
    /// Those of which the name implies what they allow.
    pub assumed: usize,
    /// Those of which nothing says what they allow.
    pub unknown: usize,
}

/// Figures of sources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SourceFigures {
    /// Different documents.
    pub documents: usize,
    /// The newest date.
    pub newest: Option<String>,
    /// The oldest date.
    pub oldest: Option<String>,
    /// Documents without a date.
    pub undated: usize,
}

/// Figures in the making.
#[derive(Debug, Default)]
pub(super) struct Tally<'a> {
    figures: Figures,
    needed: HashSet<String>,
    identity_needed: HashSet<String>,
    called: HashSet<(&'a str, String)>,
    documents: HashMap<&'a str, Option<&'a str>>,
}

impl<'a> Tally<'a> {
    pub(super) fn api(&mut self, api: &Api<'a>) {
        let figures = &mut self.figures.apis;
        if api.other_version {
            figures.other_versions += 1;
            return;
        }
        figures.rows += 1;
        figures.with_actions += usize::from(!api.actions.is_empty());
        figures.with_identity_actions += usize::from(!api.identity.is_empty());
        figures.only_identity_actions += usize::from(api.actions.is_empty() && !api.identity.is_empty());
        figures.historical += usize::from(api.historical);
        figures.deprecated += usize::from(api.deprecated);
        self.needed.extend(api.actions.iter().map(|need| need.action.to_ascii_lowercase()));
        self.identity_needed.extend(api.identity.iter().map(|need| need.action.to_ascii_lowercase()));
        self.source(api.source);
        for conflict in &api.conflicts {
            self.source(conflict.source);
        }
    }

    pub(super) fn identity(&mut self, action: &IdentityAction<'a>) {
        self.figures.actions.identity_described += 1;
        self.source(action.source);
    }

    pub(super) fn action_without_api(&mut self, source: Source<'a>) {
        self.figures.actions.without_api += 1;
        self.source(source);
    }

    pub(super) fn terraform(&mut self, kind: TerraformKind, entry: &TerraformType<'a>, answers: &[Answer]) {
        let figures = &mut self.figures.terraform;
        match kind {
            TerraformKind::Resource => figures.resources += 1,
            TerraformKind::Data => figures.data_sources += 1,
        }
        figures.aliases += usize::from(entry.alias_of.is_some());
        figures.calls += entry.calls.len();
        figures.calls_with_action += answers.iter().filter(|answer| answer.action).count();
        self.source(entry.source);
    }

    pub(super) fn operation(&mut self, operation: &Operation<'a>, answer: Answer) {
        let figures = &mut self.figures.operations;
        figures.all += 1;
        figures.with_row += usize::from(answer.row);
        figures.with_action += usize::from(answer.action);
        self.called.insert((operation.api_service, operation.api.identity()));
        self.source(operation.source);
    }

    pub(super) fn policy(&mut self, policy: &SystemPolicy<'a>) {
        let figures = &mut self.figures.policies;
        figures.all += 1;
        figures.roles += usize::from(policy.kind == PolicyKind::Role);
        match body(policy) {
            "known" => figures.known += 1,
            "assumed" => figures.assumed += 1,
            _ => figures.unknown += 1,
        }
        self.source(policy.source);
    }

    /// The documents, the newest first and the undated last.
    pub(super) fn documents(&self) -> Vec<SourceDocument> {
        let mut documents: Vec<(&str, Option<&str>)> =
            self.documents.iter().map(|(document, date)| (*document, *date)).collect();
        documents.sort_by_key(|(document, date)| (std::cmp::Reverse(*date), *document));
        let owned = |(document, date): (&str, Option<&str>)| SourceDocument {
            document: document.to_owned(),
            date: date.map(str::to_owned),
        };
        documents.into_iter().map(owned).collect()
    }

    pub(super) fn source(&mut self, source: Source<'a>) {
        if source.document.is_empty() {
            return;
        }
        let date = self.documents.entry(source.document).or_default();
        *date = (*date).max(source.date);
    }

    pub(super) fn finish(mut self) -> Figures {
        self.figures.actions.needed = self.needed.len();
        self.figures.actions.identity_needed = self.identity_needed.len();
        self.figures.operations.apis = self.called.len();
        let dates = || self.documents.values().flatten();
        self.figures.sources = SourceFigures {
            documents: self.documents.len(),
            newest: dates().max().map(|date| (*date).to_owned()),
            oldest: dates().min().map(|date| (*date).to_owned()),
            undated: self.documents.values().filter(|date| date.is_none()).count(),
        };
        self.figures
    }
}

/// How much is known of what a policy allows.
pub(super) fn body(policy: &SystemPolicy<'_>) -> &'static str {
    let said = [&policy.allow, &policy.deny, &policy.allow_perhaps, &policy.deny_perhaps];
    if said.iter().any(|list| !list.is_empty()) {
        "known"
    } else if policy.assumed.is_empty() {
        "unknown"
    } else {
        "assumed"
    }
}
