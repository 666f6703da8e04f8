//! `catalog info`: how much the table holds, in all and by service.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::links::answers;
use super::tally::{Figures, Tally};
use crate::catalog::Catalog;
use crate::nearest::nearest;

/// How much the table holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// The service that the figures are of; none: all.
    pub service: Option<String>,
    /// Services that `rules/services.yaml` lists.
    pub services: usize,
    /// Codes of conditions, for `when`.
    pub when_codes: usize,
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// What each extension adds, in the order in which they are read.
    pub extensions: Vec<ExtensionFigures>,
    /// The figures of each service, sorted by code.
    pub by_service: Vec<ServiceFigures>,
    /// The documents that the rows come from, the newest first and the undated last.
    pub documents: Vec<SourceDocument>,
}

/// A document that rows come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceDocument {
    /// Where it is.
    pub document: String,
    /// Its date, `YYYY-MM-DD`.
    pub date: Option<String>,
}

/// The figures of one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceFigures {
    /// Its code.
    pub service: String,
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// The documents that its rows come from; not part of the JSON.
    #[serde(skip)]
    pub documents: Vec<SourceDocument>,
}

/// What an extension adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExtensionFigures {
    /// Its file.
    pub file: String,
    /// API rows.
    pub apis: usize,
    /// Described actions of grammar 5.0.
    pub identity_actions: usize,
    /// Terraform resource types and data sources.
    pub terraform_types: usize,
    /// Operations.
    pub operations: usize,
    /// System-defined policies.
    pub policies: usize,
    /// Codes of conditions.
    pub when_codes: usize,
    /// Rows among these that take the place of an older one.
    pub overrides: usize,
}

/// Counts what the table holds.
pub fn inventory(catalog: &Catalog) -> Inventory {
    let mut tallies = Tallies::default();
    let types = catalog.types();
    let operations = catalog.operations();
    let calls = types.iter().flat_map(|listed| &listed.entry.1.calls).map(|call| (call.service, &call.api));
    let called = operations.iter().map(|listed| (listed.entry.api_service, &listed.entry.api));
    let answers = answers(catalog, calls.chain(called));
    for api in catalog.apis() {
        tallies.each(api.entry.service, |tally| tally.api(&api.entry));
    }
    for action in catalog.identity_actions() {
        tallies.each(&service_of(action.entry.action), |tally| tally.identity(&action.entry));
    }
    for (action, source) in catalog.all_actions() {
        if let Some(source) = source {
            tallies.each(&service_of(action), |tally| tally.action_without_api(source));
        }
    }
    for listed in &types {
        let (kind, entry) = &listed.entry;
        let calls = entry.calls.iter();
        let found: Vec<_> =
            calls.map(|call| answers.get(&(call.service, &call.api)).copied().unwrap_or_default()).collect();
        tallies.each(entry.service, |tally| tally.terraform(*kind, entry, &found));
    }
    for listed in &operations {
        let operation = &listed.entry;
        let found = answers.get(&(operation.api_service, &operation.api)).copied().unwrap_or_default();
        tallies.each(operation.service, |tally| tally.operation(operation, found));
    }
    for policy in catalog.policies() {
        tallies.each(&policy.entry.service.to_lowercase(), |tally| tally.policy(&policy.entry));
    }
    for source in catalog.sources() {
        tallies.all.source(source);
    }
    tallies.finish(catalog)
}

#[derive(Default)]
struct Tallies<'a> {
    all: Tally<'a>,
    by_service: BTreeMap<String, Tally<'a>>,
}

impl<'a> Tallies<'a> {
    fn each(&mut self, service: &str, count: impl Fn(&mut Tally<'a>)) {
        count(&mut self.all);
        if let Some(tally) = self.by_service.get_mut(service) {
            return count(tally);
        }
        count(self.by_service.entry(service.to_owned()).or_default());
    }

    fn finish(mut self, catalog: &'a Catalog) -> Inventory {
        let services: BTreeSet<&str> = catalog.services().into_iter().collect();
        for service in &services {
            self.by_service.entry((*service).to_owned()).or_default();
        }
        let by_service = self.by_service.into_iter();
        let of_service = |(service, tally): (String, Tally<'_>)| {
            let documents = tally.documents();
            ServiceFigures { service, figures: tally.finish(), documents }
        };
        Inventory {
            service: None,
            services: services.len(),
            when_codes: catalog.when_codes().len(),
            documents: self.all.documents(),
            figures: self.all.finish(),
            extensions: extensions(catalog),
            by_service: by_service.map(of_service).collect(),
        }
    }
}

impl Inventory {
    /// The figures of one service alone; none where nothing is known of it.
    pub fn of(&self, service: &str) -> Option<Self> {
        let service = service.to_lowercase();
        let own = self.by_service.iter().find(|own| own.service == service)?;
        Some(Self {
            service: Some(service),
            figures: own.figures.clone(),
            documents: own.documents.clone(),
            by_service: vec![own.clone()],
            services: self.services,
            when_codes: self.when_codes,
            extensions: self.extensions.clone(),
        })
    }
}

fn extensions(catalog: &Catalog) -> Vec<ExtensionFigures> {
    let figures = catalog.extensions().into_iter().map(|rows| ExtensionFigures {
        file: rows.file.to_owned(),
        apis: rows.apis,
        identity_actions: rows.identity_actions,
        terraform_types: rows.terraform_types,
        operations: rows.operations,
        policies: rows.policies,
        when_codes: rows.when_codes,
        overrides: rows.overrides,
    });
    figures.collect()
}

/// The first part of an action, in lower case.
pub(super) fn service_of(action: &str) -> String {
    action.split(':').next().unwrap_or_default().to_ascii_lowercase()
}

/// The service that a code which no service has may mean. Codes are short: one slip is allowed in each.
pub fn near_service<'a>(catalog: &'a Catalog, code: &str) -> Option<&'a str> {
    let code = code.to_lowercase();
    let services = catalog.services();
    let near = nearest(&code, services.iter().copied());
    near.or_else(|| services.into_iter().find(|own| own.len() > 2 && strsim::osa_distance(own, &code) == 1))
}
