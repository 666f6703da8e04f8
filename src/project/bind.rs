//! Binding policies to principals, by the configuration or, without one, all to a principal of their own.

use std::path::Path;
use std::sync::Arc;

use super::read::policies_at;
use super::{Deployer, Inputs, PolicyDocument, Unbound};
use crate::authz::{Body, Grant, PolicySource, Principal, Scope};
use crate::catalog::{Catalog, PolicyKind, SystemPolicy};
use crate::config::{Config, GrantConfig, PrincipalConfig};
use crate::nearest::nearest;
use crate::policy::{Actions, Effect, Located, Policy, Resources, Statement, Version};
use crate::source::{Span, shown};

/// The principal that holds the policies which nothing binds.
pub const UNBOUND: &str = "unbound policies";

/// Binds the policies that were read, and those that the configuration names and that lie elsewhere.
pub fn bind(
    config: &Config,
    inputs: &mut Inputs,
    catalog: &Catalog,
    working_directory: &Path,
) -> (Vec<Deployer>, Vec<Unbound>) {
    if config.principals.is_empty() {
        return (unbound_policies(&inputs.policies), Vec::new());
    }
    let mut binder = Binder { config, inputs, catalog, working_directory, unbound: Vec::new() };
    let deployers = config.principals.iter().map(|principal| binder.principal(principal)).collect();
    (deployers, binder.unbound)
}

fn unbound_policies(policies: &[PolicyDocument]) -> Vec<Deployer> {
    if policies.is_empty() {
        return Vec::new();
    }
    let grant =
        |document: &PolicyDocument| Grant { policy: Arc::clone(&document.source), scope: Scope::All, place: None };
    let grants = policies.iter().map(grant).collect();
    vec![Deployer { principal: Principal { name: UNBOUND.to_owned(), grants }, deploys: None }]
}

struct Binder<'a> {
    config: &'a Config,
    inputs: &'a mut Inputs,
    catalog: &'a Catalog,
    working_directory: &'a Path,
    unbound: Vec<Unbound>,
}

impl Binder<'_> {
    fn principal(&mut self, principal: &PrincipalConfig) -> Deployer {
        let mut grants = Vec::new();
        for grant in &principal.grants {
            let policies = self.policies(grant, &principal.name);
            grants.extend(policies.into_iter().map(|policy| Grant {
                policy,
                scope: grant.scope.clone(),
                place: Some(grant.place.clone()),
            }));
        }
        Deployer { principal: Principal { name: principal.name.clone(), grants }, deploys: principal.deploys.clone() }
    }

    /// A grant that cannot be bound stands for a policy of which nothing is known, so that no need of its principal is
    /// called missing on its account.
    fn policies(&mut self, grant: &GrantConfig, principal: &str) -> Vec<Arc<PolicySource>> {
        if let Some(policy) = self.catalog.policy(&grant.policy) {
            return vec![Arc::new(system_policy(&policy))];
        }
        let path = self.config.root.join(&grant.policy);
        let found = if path.is_file() { self.documents(&path, grant, principal) } else { Vec::new() };
        if found.is_empty() {
            if !path.is_file() {
                let unbound = self.missing(grant, principal);
                self.unbound.push(unbound);
            }
            return vec![Arc::new(hidden(&grant.policy))];
        }
        found
    }

    fn documents(&mut self, path: &Path, grant: &GrantConfig, principal: &str) -> Vec<Arc<PolicySource>> {
        let name = shown(path, self.working_directory);
        let known = |document: &&PolicyDocument| document.source.name == name;
        let read: Vec<_> = self.inputs.policies.iter().filter(known).map(|found| Arc::clone(&found.source)).collect();
        let is_broken = self.inputs.broken_policies.iter().any(|problem| problem.place.file.path() == name);
        if !read.is_empty() || is_broken {
            return read;
        }
        match policies_at(path, &name) {
            Ok(documents) => {
                if documents.is_empty() {
                    self.unbound.push(Unbound {
                        place: grant.place.clone(),
                        message: format!("`{}` holds no policy", grant.policy),
                        help: None,
                        principal: principal.to_owned(),
                        is_certain: true,
                    });
                }
                let sources = documents.iter().map(|document| Arc::clone(&document.source)).collect();
                self.inputs.policies.extend(documents);
                sources
            }
            Err(problem) => {
                self.inputs.broken_policies.push(problem);
                Vec::new()
            }
        }
    }

    fn missing(&self, grant: &GrantConfig, principal: &str) -> Unbound {
        if self.config.root.join(&grant.policy).is_dir() {
            return Unbound {
                place: grant.place.clone(),
                message: format!("`{}` is a folder", grant.policy),
                help: Some(String::from("name each policy file in it")),
                principal: principal.to_owned(),
                is_certain: true,
            };
        }
        let is_path = grant.policy.contains('/') || Path::new(&grant.policy).extension().is_some();
        let root = shown(&self.config.root, self.working_directory);
        let files = self.inputs.policies.iter().map(|document| {
            let name = document.source.name.as_str();
            name.strip_prefix(&root).map_or(name, |rest| rest.trim_start_matches('/'))
        });
        let near = nearest(&grant.policy, files).or_else(|| nearest(&grant.policy, self.catalog.policy_names()));
        let message = if is_path {
            format!("there is no file `{}`", grant.policy)
        } else {
            format!("the table knows no system-defined policy or role `{}`", grant.policy)
        };
        let way_out = "if the account has it, add it: `grantlint catalog import` reads the answer to `GET /v3/roles`";
        let first_word = |name: &str| name.split(' ').next().unwrap_or_default().to_lowercase();
        // Another policy of the same service, or one that the table lacks.
        let is_slip = near.is_some_and(|near| first_word(near) == first_word(&grant.policy));
        let help = match near.map(|near| format!("did you mean `{near}`?")) {
            Some(near) if is_path || is_slip => Some(near),
            Some(near) => Some(format!("{near} {way_out}")),
            None => (!is_path).then(|| way_out.to_owned()),
        };
        Unbound {
            place: grant.place.clone(),
            message,
            help,
            principal: principal.to_owned(),
            is_certain: is_path || is_slip,
        }
    }
}

fn hidden(name: &str) -> PolicySource {
    let policy = Policy { version: Version::V1_1, span: Span::default(), statements: Vec::new(), depends: Vec::new() };
    PolicySource { name: name.to_owned(), file: None, policy, body: Body::Hidden }
}

/// A system-defined policy as the table knows it.
fn system_policy(policy: &SystemPolicy<'_>) -> PolicySource {
    let version = match policy.kind {
        PolicyKind::Role => Version::V1_0,
        PolicyKind::Policy => Version::V1_1,
        PolicyKind::Identity => Version::V5_0,
    };
    let body = match (policy.allow.is_empty() && policy.allow_perhaps.is_empty(), policy.assumed.is_empty()) {
        (false, true) => Body::Whole,
        (_, false) if only_reads(policy.name) => Body::ReadOnly,
        (_, false) => Body::Implied,
        (true, true) => Body::Hidden,
    };
    let allow = [policy.allow.as_slice(), policy.assumed.as_slice()].concat();
    let located = |patterns: &[&str]| -> Vec<Located<String>> {
        patterns.iter().map(|pattern| Located { value: (*pattern).to_owned(), span: Span::default() }).collect()
    };
    let granted = if policy.not_granted.is_empty() {
        Actions::Matching(located(&allow))
    } else {
        Actions::MatchingExcept(located(&allow), located(&policy.not_granted))
    };
    let said = [
        (Effect::Allow, granted),
        (Effect::Deny, Actions::Matching(located(&policy.deny))),
        (Effect::Allow, Actions::Perhaps(located(&policy.allow_perhaps))),
        (Effect::Deny, Actions::Perhaps(located(&policy.deny_perhaps))),
    ];
    let statements = said
        .into_iter()
        .filter(|(_, actions)| !actions.patterns().is_empty())
        .map(|(effect, actions)| statement(effect, actions))
        .collect();
    // Policies name others that go well with them; only roles take no effect alone.
    let depends: &[&str] = if version == Version::V1_0 { &policy.depends } else { &[] };
    let depends = depends.iter().map(|name| (*name).to_owned()).collect();
    PolicySource {
        name: policy.name.to_owned(),
        file: None,
        policy: Policy { version, span: Span::default(), statements, depends },
        body,
    }
}

fn only_reads(name: &str) -> bool {
    ["ReadOnlyAccess", "Viewer"].iter().any(|word| name.ends_with(word))
}

fn statement(effect: Effect, actions: Actions) -> Statement {
    Statement { span: Span::default(), effect, actions, resources: Resources::All, conditions: Vec::new() }
}
