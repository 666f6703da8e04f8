//! What the review of a project tells beside its findings: of each principal what it is granted, what it needs and may
//! not do, what it has and does not need, and how it can give itself more; the policies, the rows of the table that the
//! decisions rest on, and what was not checked. Plain values that serialise.

mod excess;
mod grants;
mod needs;
mod rows;
mod unchecked;
mod ways;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::authz::Account;
use crate::catalog::Source;
use crate::explain::Purpose;
use crate::parallel;
use crate::project::{Project, Selection, shares};
use crate::source::Location;

pub use excess::{Breadth, Excess};
pub use grants::{GrantCard, PolicyCard, StatementCard};
pub use rows::UsedRow;
pub use unchecked::{NotDecided, Unchecked};
pub use ways::{StepCard, WayCard};

/// So many principals are worth a thread.
const MANY: usize = 4;

/// What a review tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The day by which conditions and `expires` are judged, `YYYY-MM-DD`.
    pub day: String,
    /// The principals that the run is about, in the order of the configuration.
    pub principals: Vec<Reviewed>,
    /// Every policy that one of them holds, in the order in which they are first held.
    pub policies: Vec<PolicyCard>,
    /// The rows of the table that the decisions rest on, sorted by service and API.
    pub rows: Vec<UsedRow>,
    /// What was not checked.
    pub unchecked: Unchecked,
}

/// One principal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reviewed {
    /// Its name.
    pub name: String,
    /// How many operations it deploys in the phases of the run.
    pub operations: usize,
    /// How many operations, resources and manifests it deploys of which the needs are not known.
    pub unchecked: usize,
    /// What it is granted.
    pub grants: Vec<GrantCard>,
    /// The levels of the organization that its account stands under, each with its service control policies.
    pub guardrails: Vec<(String, Vec<String>)>,
    /// What it needs and has, by service, sorted.
    pub services: BTreeMap<String, ServiceReview>,
    /// The policies' patterns that give it more than it needs; none where it deploys nothing, so that nobody knows.
    pub excess: Option<Vec<Excess>>,
    /// The ways in which it can give itself more rights.
    pub ways: Vec<WayCard>,
}

/// What one principal needs and has of one service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ServiceReview {
    /// The actions and roles that it needs, sorted.
    pub needs: Vec<Needed>,
    /// The known actions that it is granted, certainly or perhaps, and that nothing which it deploys needs.
    pub excess: BTreeSet<String>,
}

/// The actions of one service by how they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Needed, and allowed wherever they are needed.
    pub allowed: usize,
    /// Whether a need is met depends on something that the files leave open.
    pub conditional: usize,
    /// Needed, and somewhere certainly not allowed.
    pub missing: usize,
    /// Granted and not needed.
    pub excess: usize,
}

/// How a need stands; the worst comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Allowed wherever it is needed.
    Allowed,
    /// It depends on something that the files leave open: the grant is conditional, or the need is.
    Conditional,
    /// Somewhere it is certainly needed and not allowed.
    Missing,
}

/// An action, or a role, that a principal needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Needed {
    /// Its name, as the principal's kind of policy has it; roles as a person reads them.
    pub name: String,
    /// It is a role beside the actions.
    pub is_role: bool,
    /// Why it is needed.
    pub purpose: Purpose,
    /// How it stands.
    pub standing: Standing,
    /// How many calls need it.
    pub uses: usize,
    /// How many of the calls are not certainly allowed, by decision.
    pub decisions: BTreeMap<&'static str, usize>,
    /// The first resource for which it stands worst; none where all is allowed.
    pub first: Option<FirstUse>,
}

/// A call that is not certainly allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FirstUse {
    /// The address of the resource.
    pub resource: Option<String>,
    /// Where it stands.
    pub location: Location,
    /// The API, as the table writes it.
    pub api: Option<String>,
    /// What is open, or why a grant does not count.
    pub why: Option<String>,
}

/// Where something was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cited {
    /// The document.
    pub document: String,
    /// The day of its last change, as the table knows it.
    pub date: Option<String>,
    /// The extension that says so; none: the table in the program.
    pub extension: Option<String>,
}

impl Cited {
    fn new(source: Source<'_>, extension: Option<&str>) -> Self {
        let Source { document, date } = source;
        Self { document: document.to_owned(), date: date.map(str::to_owned), extension: extension.map(str::to_owned) }
    }
}

impl ServiceReview {
    /// The actions by how they stand.
    pub fn tally(&self) -> Tally {
        let of = |standing| self.needs.iter().filter(|need| need.standing == standing).count();
        Tally {
            allowed: of(Standing::Allowed),
            conditional: of(Standing::Conditional),
            missing: of(Standing::Missing),
            excess: self.excess.len(),
        }
    }
}

impl Reviewed {
    /// The actions of all services by how they stand.
    pub fn tally(&self) -> Tally {
        self.services.values().map(ServiceReview::tally).fold(Tally::default(), |sum, own| Tally {
            allowed: sum.allowed + own.allowed,
            conditional: sum.conditional + own.conditional,
            missing: sum.missing + own.missing,
            excess: sum.excess + own.excess,
        })
    }

    /// A pattern of its policies takes in actions of every service.
    pub fn has_every_service(&self) -> bool {
        self.excess.iter().flatten().any(|excess| excess.breadth == Breadth::EveryService)
    }
}

/// Reviews a project.
pub fn review(project: &Project<'_>, account: Account, selection: &Selection<'_>, day: Date) -> Review {
    let Project { catalog, manifests, deployers, .. } = project;
    let shares = shares(manifests, deployers, catalog, account, selection);
    let known = excess::Known::of(deployers, catalog);
    let lacking = needs::lacking(project);
    let is_selected = |name: &String| selection.principals.is_empty() || selection.principals.contains(name);
    let numbers: Vec<usize> = deployers
        .iter()
        .enumerate()
        .filter(|(_, deployer)| is_selected(&deployer.principal.name))
        .map(|(number, _)| number)
        .collect();
    let reviewed = parallel::map(&numbers, MANY, |number| {
        let principal = &deployers.get(*number)?.principal;
        let (share, needs) = (shares.get(*number)?, project.assessed.needs.get(*number)?);
        let mut services = needs::by_service(principal, share, lacking.get(number).map_or(&[], Vec::as_slice), project);
        let excess = (needs.operations > 0).then(|| excess::of(principal, needs, &known, catalog));
        for action in excess.iter().flatten().flat_map(|excess| &excess.actions) {
            let service = services.entry(needs::service_of(action)).or_default();
            service.excess.insert(action.clone());
        }
        Some(Reviewed {
            name: principal.name.clone(),
            operations: share.operations.len(),
            unchecked: needs.unchecked,
            grants: principal.grants.iter().map(GrantCard::new).collect(),
            guardrails: grants::guardrails(principal),
            services,
            excess,
            ways: ways::of(principal, catalog),
        })
    });
    let held = numbers.iter().filter_map(|number| deployers.get(*number)).map(|deployer| &deployer.principal);
    Review {
        day: day.to_string(),
        principals: reviewed.into_iter().flatten().collect(),
        policies: grants::policies(held, catalog),
        rows: rows::used(manifests, catalog, selection),
        unchecked: unchecked::of(project),
    }
}
