//! The principals that manifests define.

use std::collections::HashMap;
use std::sync::Arc;

use globset::GlobSet;

use super::bind::Binder;
use super::platform::hidden;
use super::{Agency, Deployer};
use crate::authz::{Context, Grant, Level, PolicySource, Principal};
use crate::manifest::{HeldGrant, HeldPrincipal, HolderKind, PolicyReference};

impl Binder<'_> {
    /// The principals that manifests define, with their grants. An agency deploys only what says that it acts as one.
    pub(super) fn held_principals(&mut self, guardrails: &Arc<[Level]>) -> Vec<Deployer> {
        let principals = std::mem::take(&mut self.inputs.held_principals);
        let mut deployers: Vec<Deployer> =
            principals.iter().map(|principal| self.held_principal(principal, guardrails)).collect();
        tell_apart(&mut deployers, &principals);
        self.inputs.held_principals = principals;
        deployers
    }

    /// The agencies among them that manifests define, by the principals that [`Self::held_principals`] made.
    pub(super) fn agencies(&self, deployers: &[Deployer]) -> Vec<Agency> {
        let held = self.inputs.held_principals.iter().zip(deployers).enumerate();
        let agency = |(index, (held, deployer)): (usize, (&HeldPrincipal, &Deployer))| match &held.kind {
            HolderKind::Agency(delegate) => Some(Agency {
                index,
                defined: held.defined.clone()?,
                place: held.place.clone(),
                delegate: delegate.clone(),
                principal: deployer.principal.clone(),
            }),
            _ => None,
        };
        held.filter_map(agency).collect()
    }

    fn held_principal(&mut self, principal: &HeldPrincipal, guardrails: &Arc<[Level]>) -> Deployer {
        let grants = principal.grants.iter().map(|grant| self.held_grant(grant, &principal.name)).collect();
        let trust = principal.trust.and_then(|index| self.inputs.held_policies.get(index).cloned());
        Deployer {
            principal: Principal {
                name: principal.name.clone(),
                grants,
                context: Context::default().not_before(self.now),
                guardrails: Arc::clone(guardrails),
                trust,
            },
            // What a member may do, its group may do that is asked already.
            deploys: matches!(principal.kind, HolderKind::Agency(_) | HolderKind::Member).then(GlobSet::empty),
            is_held: true,
            phases: None,
        }
    }

    fn held_grant(&mut self, grant: &HeldGrant, principal: &str) -> Grant {
        Grant {
            policy: self.held_policy(grant, principal),
            scope: grant.scope.clone(),
            by_console: false,
            place: Some(grant.place.clone()),
        }
    }

    fn held_policy(&mut self, grant: &HeldGrant, principal: &str) -> Arc<PolicySource> {
        match &grant.policy {
            PolicyReference::Held(index) => {
                self.inputs.held_policies.get(*index).cloned().unwrap_or_else(|| Arc::new(hidden("a policy")))
            }
            PolicyReference::Named(name) => self.named(name, &grant.place, principal),
            PolicyReference::Open(name) => Arc::new(hidden(name)),
        }
    }
}

/// Principals of one name in several folders go by their folders too.
fn tell_apart(deployers: &mut [Deployer], principals: &[HeldPrincipal]) {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for principal in principals {
        *times.entry(&principal.name).or_default() += 1;
    }
    for (deployer, principal) in deployers.iter_mut().zip(principals) {
        if times.get(principal.name.as_str()).is_some_and(|times| *times > 1) {
            let path = principal.place.file.path();
            let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
            deployer.principal.name = format!("{} of {folder}", principal.name);
        }
    }
}
