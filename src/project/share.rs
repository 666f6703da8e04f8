//! What the manifests cause, or the part of it that each principal deploys, with what each call needs. Nothing is decided.

use std::collections::HashMap;
use std::sync::Arc;

use super::confine::{Confinement, Selection};
use super::resolve::resolve;
use super::{Deployer, Resolved, Unchecked};
use crate::authz::Account;
use crate::catalog::Catalog;
use crate::manifest::{Call, Extract, Operation, Problem, UnknownCause};
use crate::source::Place;

/// What is caused in the phases of a run.
#[derive(Debug, Default)]
pub struct Share<'m> {
    /// The operations, each with what it needs.
    pub operations: Vec<(&'m Operation, Result<Arc<Resolved>, Unchecked>)>,
    /// What the table does not know.
    pub unknown: Vec<&'m UnknownCause>,
    /// What cannot be read.
    pub problems: Vec<&'m Problem>,
}

/// The share of one of the principals in the manifests, by its name; without one, everything.
pub fn share<'m>(
    manifests: &'m Extract,
    (deployers, principal): (&[Deployer], Option<&str>),
    catalog: &Catalog,
    account: Account,
    selection: &Selection<'_>,
) -> Share<'m> {
    let mut confinements = Confinement::all(deployers, selection).into_iter();
    let confinement = principal.and_then(|name| confinements.find(|own| own.deployer.principal.name == name));
    Sharing::new(manifests, catalog, account, selection).of(confinement.as_ref())
}

/// The share of each principal, in their order.
pub fn shares<'m>(
    manifests: &'m Extract,
    deployers: &[Deployer],
    catalog: &Catalog,
    account: Account,
    selection: &Selection<'_>,
) -> Vec<Share<'m>> {
    let mut sharing = Sharing::new(manifests, catalog, account, selection);
    Confinement::all(deployers, selection).iter().map(|own| sharing.of(Some(own))).collect()
}

/// The manifests with what each of their calls needs, looked up once for all who make it.
struct Sharing<'m, 'a> {
    manifests: &'m Extract,
    catalog: &'a Catalog,
    account: Account,
    selection: &'a Selection<'a>,
    calls: HashMap<&'m Call, Result<Arc<Resolved>, Unchecked>>,
}

impl<'m, 'a> Sharing<'m, 'a> {
    fn new(manifests: &'m Extract, catalog: &'a Catalog, account: Account, selection: &'a Selection<'a>) -> Self {
        Self { manifests, catalog, account, selection, calls: HashMap::new() }
    }

    fn of(&mut self, confinement: Option<&Confinement<'_>>) -> Share<'m> {
        let Self { manifests, catalog, account, selection, calls } = self;
        let is_in_it =
            |operation: &&Operation| selection.takes(operation) && confinement.is_none_or(|own| own.deploys(operation));
        let is_at = |place: &Place| confinement.is_none_or(|own| own.deploys_at(&place.file));
        let operations = manifests.operations.iter().filter(is_in_it).map(|operation| {
            let known = calls.entry(&operation.call);
            let known = known.or_insert_with(|| resolve(&operation.call, catalog, *account).map(Arc::new));
            (operation, known.clone())
        });
        Share {
            operations: operations.collect(),
            unknown: manifests.unknown.iter().filter(|unknown| is_at(&unknown.cause.place)).collect(),
            problems: manifests.problems.iter().filter(|problem| is_at(&problem.place)).collect(),
        }
    }
}
