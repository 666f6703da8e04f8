//! Binding policies to principals, by the configuration or, without one, all to a principal of their own.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::platform::{full_access, hidden, hidden_guardrail, system_policy};
use super::read::policies_at;
use super::{Agency, Deployer, Inputs, PolicyDocument, Unbound};
use crate::authz::{Context, Grant, Level, PolicySource, Principal, Scope};
use crate::catalog::{Catalog, Reach};
use crate::config::{Config, LevelConfig, PrincipalConfig};
use crate::manifest::Stage;
use crate::nearest::nearest;
use crate::policy::{Effect, Kind};
use crate::severity::Certainty;
use crate::source::{Disk, Place, shown};

/// The principal that holds the policies which nothing binds.
pub const UNBOUND: &str = "unbound policies";

/// The service control policy of the platform that lets everything through.
const FULL_ACCESS: &str = "FullAccess";

/// What of a configuration was bound.
#[derive(Debug, Default)]
pub struct Bound {
    /// The principals, in the order of the configuration.
    pub deployers: Vec<Deployer>,
    /// Policies that are named and not there.
    pub unbound: Vec<Unbound>,
    /// The agencies that manifests define.
    pub agencies: Vec<Agency>,
}

/// Binds the policies that were read, and those that the configuration names and that lie elsewhere. No request is made
/// before `now`.
pub fn bind(config: &Config, inputs: &mut Inputs, catalog: &Catalog, disk: Disk<'_>, now: Timestamp) -> Bound {
    let mut binder = Binder { config, inputs, catalog, disk, now, unbound: Vec::new() };
    let guardrails: Arc<[Level]> = config.organization.iter().map(|level| binder.level(level)).collect();
    let is_configured = !config.principals.is_empty();
    let told = binder.unbound.len();
    let held = binder.held_principals(&guardrails);
    let agencies = binder.agencies(&held);
    let deployers = if is_configured {
        // What they lack is of no account where others deploy.
        binder.unbound.truncate(told);
        config.principals.iter().map(|principal| binder.principal(principal, &guardrails)).collect()
    } else {
        let unbound = binder.unbound_policies(&held, &guardrails);
        held.into_iter().chain(unbound).collect()
    };
    Bound { deployers, unbound: binder.unbound, agencies }
}

pub(super) struct Binder<'a> {
    config: &'a Config,
    pub(super) inputs: &'a mut Inputs,
    catalog: &'a Catalog,
    disk: Disk<'a>,
    pub(super) now: Timestamp,
    unbound: Vec<Unbound>,
}

/// A policy that the configuration names.
#[derive(Debug, Clone, Copy)]
struct Named<'a> {
    /// Its path or name.
    policy: &'a str,
    /// Where that stands.
    place: &'a Place,
    /// For whom.
    principal: Option<&'a str>,
    /// It has to be a file that holds a policy of this kind; none: any that grants, or a system-defined one.
    kind: Option<Kind>,
}

impl Binder<'_> {
    /// The principal that holds what nothing binds; none where there is no such policy.
    fn unbound_policies(&self, held: &[Deployer], guardrails: &Arc<[Level]>) -> Vec<Deployer> {
        let bound = || held.iter().flat_map(|deployer| &deployer.principal.grants);
        let is_bound = |source: &PolicySource| bound().any(|grant| grant.policy.name == source.name);
        let granting = self.inputs.policies.iter().filter(|document| document.source.policy.kind.is_grant());
        let granting = granting.filter(|document| !is_bound(&document.source));
        // Where manifests say who holds what, a policy of theirs that nobody holds is granted elsewhere.
        let is_held = |source: &Arc<PolicySource>| self.inputs.held_policies.iter().any(|own| Arc::ptr_eq(own, source));
        let granting = granting.filter(|document| held.is_empty() || !is_held(&document.source));
        let grants: Vec<Grant> =
            granting.map(|document| Grant::new(Arc::clone(&document.source), Scope::All)).collect();
        if grants.is_empty() {
            return Vec::new();
        }
        let context = Context::default().not_before(self.now);
        let guardrails = Arc::clone(guardrails);
        vec![Deployer {
            principal: Principal { name: UNBOUND.to_owned(), grants, context, guardrails, trust: None },
            deploys: None,
            is_held: false,
            phases: None,
        }]
    }

    fn principal(&mut self, principal: &PrincipalConfig, guardrails: &Arc<[Level]>) -> Deployer {
        let mut grants = Vec::new();
        for grant in &principal.grants {
            let (place, principal) = (&grant.place, Some(principal.name.as_str()));
            let policies = self.granted(Named { policy: &grant.policy, place, principal, kind: None });
            grants.extend(policies.into_iter().map(|policy| Grant {
                policy,
                scope: grant.scope.clone(),
                by_console: grant.by_console,
                place: Some(grant.place.clone()),
            }));
        }
        let trust = principal.trust.as_ref().and_then(|(policy, place)| {
            let named = Named { policy, place, principal: Some(&principal.name), kind: Some(Kind::Trust) };
            self.file(named).into_iter().next()
        });
        Deployer {
            principal: Principal {
                name: principal.name.clone(),
                grants,
                context: principal.context.clone().not_before(self.now),
                guardrails: Arc::clone(guardrails),
                trust,
            },
            deploys: principal.deploys.clone(),
            is_held: false,
            phases: principal.phases.as_deref().map(Stage::phases_of),
        }
    }

    /// A level where nothing that is named allows anything has the platform's `FullAccess`, which is attached
    /// everywhere until somebody detaches it.
    fn level(&mut self, level: &LevelConfig) -> Level {
        let mut policies = Vec::new();
        for (policy, place) in &level.policies {
            if policy == FULL_ACCESS {
                policies.push(Arc::new(full_access()));
                continue;
            }
            let found = self.file(Named { policy, place, principal: None, kind: Some(Kind::ServiceControl) });
            let is_lost = found.is_empty() || found.iter().any(|source| self.is_refused(source));
            policies.extend(found);
            policies.extend(is_lost.then(|| Arc::new(hidden_guardrail(policy))));
        }
        let allows = |policy: &Arc<PolicySource>| policy.policy.statements.iter().any(|it| it.effect == Effect::Allow);
        if !policies.iter().any(allows) {
            policies.push(Arc::new(full_access()));
        }
        Level { name: level.name.clone(), policies }
    }

    /// IAM refuses the document: what it would forbid is not known.
    fn is_refused(&self, source: &Arc<PolicySource>) -> bool {
        let own = self.inputs.policies.iter().filter(|document| Arc::ptr_eq(&document.source, source));
        own.flat_map(|document| &document.defects).any(|defect| defect.certainty == Certainty::Certain)
    }

    /// A grant that cannot be bound stands for a policy of which nothing is known, so that no need of its principal is
    /// called missing on its account.
    fn granted(&mut self, named: Named<'_>) -> Vec<Arc<PolicySource>> {
        if let Some(policy) = self.system(named.policy) {
            return vec![policy];
        }
        let found = self.held(named.policy).unwrap_or_else(|| self.file(named));
        if found.is_empty() { vec![Arc::new(hidden(named.policy))] } else { found }
    }

    /// A policy of the platform by its name.
    fn system(&self, name: &str) -> Option<Arc<PolicySource>> {
        let policy = self.catalog.policy(name)?;
        let reach = self.catalog.service(policy.service).map_or(Reach::Unknown, |service| service.reach);
        Some(Arc::new(system_policy(&policy, reach, self.catalog)))
    }

    /// The policy of a manifest, by the address of the resource that holds it.
    fn held(&self, address: &str) -> Option<Vec<Arc<PolicySource>>> {
        let held = self.inputs.held_policies.iter().filter(|source| source.name == address);
        let held: Vec<_> = held.cloned().collect();
        (!held.is_empty()).then_some(held)
    }

    /// The policy that a manifest grants by name, or one of which nothing is known.
    pub(super) fn named(&mut self, policy: &str, place: &Place, principal: &str) -> Arc<PolicySource> {
        self.system(policy).unwrap_or_else(|| {
            let unbound = self.unknown_name(Named { policy, place, principal: Some(principal), kind: None });
            self.unbound.push(unbound);
            Arc::new(hidden(policy))
        })
    }

    fn file(&mut self, named: Named<'_>) -> Vec<Arc<PolicySource>> {
        let path = self.config.root.join(named.policy);
        if self.disk.is_file(&path) {
            return self.documents(&path, named);
        }
        let unbound = self.missing(named);
        self.unbound.push(unbound);
        Vec::new()
    }

    fn documents(&mut self, path: &Path, named: Named<'_>) -> Vec<Arc<PolicySource>> {
        let name = shown(path, self.disk.working_directory);
        if named.kind == Some(Kind::ServiceControl) {
            // It was read as the identity policy that it looks like.
            let is_other = |document: &PolicyDocument| {
                document.source.name != name || document.source.policy.kind == Kind::ServiceControl
            };
            self.inputs.policies.retain(is_other);
        }
        let known = |document: &&PolicyDocument| document.source.name == name;
        let read: Vec<_> = self.inputs.policies.iter().filter(known).map(|found| Arc::clone(&found.source)).collect();
        let is_broken = self.inputs.broken_policies.iter().any(|problem| problem.place.file.path() == name);
        if read.is_empty() && !is_broken { self.read(path, &name, named) } else { self.of_kind(read, named) }
    }

    /// Reads a file that was not among those of the run, or was read as something else.
    fn read(&mut self, path: &Path, name: &str, named: Named<'_>) -> Vec<Arc<PolicySource>> {
        match policies_at(path, name, self.disk, named.kind) {
            Ok(documents) if documents.is_empty() => {
                self.refuse(named, format!("`{}` holds no policy", named.policy), None);
                Vec::new()
            }
            Ok(documents) => {
                let sources = documents.iter().map(|document| Arc::clone(&document.source)).collect();
                self.inputs.policies.extend(documents);
                self.of_kind(sources, named)
            }
            Err(problem) => {
                self.inputs.broken_policies.push(problem);
                Vec::new()
            }
        }
    }

    /// The policies of a file that are what the configuration takes them for.
    fn of_kind(&mut self, sources: Vec<Arc<PolicySource>>, named: Named<'_>) -> Vec<Arc<PolicySource>> {
        let fits = |source: &&Arc<PolicySource>| {
            let kind = source.policy.kind;
            named.kind.map_or(kind.is_grant(), |wanted| kind == wanted)
        };
        let (fitting, others): (Vec<_>, Vec<_>) = sources.into_iter().partition(|source| fits(&source));
        if let Some(other) = others.first() {
            let help = "write it where it belongs: grants under `grants`, a trust policy under `trust`, service control \
                        policies under `organization`";
            self.refuse(named, format!("`{}` is {}", named.policy, of_what_kind(other.policy.kind)), Some(help));
        }
        fitting
    }

    fn refuse(&mut self, named: Named<'_>, message: String, help: Option<&str>) {
        self.unbound.push(Unbound {
            place: named.place.clone(),
            message,
            help: help.map(str::to_owned),
            principal: named.principal.map(str::to_owned),
            is_certain: true,
        });
    }

    /// A name that a manifest grants: a custom policy of the account may have it.
    fn unknown_name(&self, named: Named<'_>) -> Unbound {
        let near = nearest(named.policy, self.catalog.policy_names());
        let message = format!("neither the table nor a manifest has a policy or role `{}`", named.policy);
        let way_out = "if it is a custom policy of the account, name its grants in `grantlint.yaml`";
        let help = near.map_or_else(|| way_out.to_owned(), |near| format!("did you mean `{near}`?"));
        let (place, principal) = (named.place.clone(), named.principal.map(str::to_owned));
        Unbound {
            place,
            message,
            help: Some(help),
            principal,
            is_certain: near.is_some_and(|near| is_slip(near, named.policy)),
        }
    }

    fn missing(&self, named: Named<'_>) -> Unbound {
        if self.disk.is_folder(&self.config.root.join(named.policy)) {
            return Unbound {
                place: named.place.clone(),
                message: format!("`{}` is a folder", named.policy),
                help: Some(String::from("name each policy file in it")),
                principal: named.principal.map(str::to_owned),
                is_certain: true,
            };
        }
        let is_path =
            named.kind.is_some() || named.policy.contains('/') || Path::new(named.policy).extension().is_some();
        let root = shown(&self.config.root, self.disk.working_directory);
        let files = self.inputs.policies.iter().map(|document| {
            let name = document.source.name.as_str();
            name.strip_prefix(&root).map_or(name, |rest| rest.trim_start_matches('/'))
        });
        let near = nearest(named.policy, files).or_else(|| nearest(named.policy, self.catalog.policy_names()));
        let message = if is_path {
            format!("there is no file `{}`", named.policy)
        } else {
            format!("the table knows no system-defined policy or role `{}`", named.policy)
        };
        let way_out = "if the account has it, add it: `grantlint catalog import` reads the answer to `GET /v3/roles`";
        let is_slip = near.is_some_and(|near| is_slip(near, named.policy));
        let help = match near.map(|near| format!("did you mean `{near}`?")) {
            Some(near) if is_path || is_slip => Some(near),
            Some(near) => Some(format!("{near} {way_out}")),
            None => (!is_path).then(|| way_out.to_owned()),
        };
        Unbound {
            place: named.place.clone(),
            message,
            help,
            principal: named.principal.map(str::to_owned),
            is_certain: is_path || is_slip,
        }
    }
}

/// A name is another policy's of the same service, and not one that the table lacks.
fn is_slip(near: &str, name: &str) -> bool {
    let first_word = |name: &str| name.split(' ').next().unwrap_or_default().to_lowercase();
    first_word(near) == first_word(name)
}

fn of_what_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Role => "a role, which grants",
        Kind::Policy => "a policy, which grants",
        Kind::Identity => "an identity policy, which grants",
        Kind::Trust => "a trust policy, which grants its holder nothing",
        Kind::ServiceControl => "a service control policy, which grants nothing",
    }
}
