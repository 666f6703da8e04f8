//! Whether an agency trusts the service that it is handed to.

use std::sync::Arc;

use super::{Told, as_of, defined_here, shown};
use crate::authz::{Asker, Decision, Known, Request, Target, may_assume, of_action};
use crate::catalog::{Catalog, TrustedService};
use crate::manifest::{AgencyUse, Delegate};
use crate::policy::{Effect, Principals, Trusted};
use crate::project::Agency;

/// The action by which trust policies let somebody assume their agency.
const ASSUME: &str = "sts:agencies:assume";

/// What is wrong with whom the agency trusts.
pub(super) fn told(
    handed: &AgencyUse,
    agency: &Agency,
    service: TrustedService<'_>,
    catalog: &Catalog,
) -> Option<Told> {
    let name = shown(service, catalog);
    let (wrong, open) = match &agency.delegate {
        Delegate::Open => return None,
        Delegate::Service(own) => {
            let account = service.account?;
            if own.eq_ignore_ascii_case(account) {
                return None;
            }
            let is_certain = service.is_confirmed || catalog.is_confirmed_account(own);
            let open = || format!("one document alone says that agencies for {name} delegate to `{account}`");
            (format!("it delegates to `{own}`"), (!is_certain).then(open))
        }
        Delegate::Account(own) => {
            (format!("it delegates to the account `{own}`, so that no cloud service may assume it"), None)
        }
        Delegate::Principal(own) => of_principals(&[own], &name, service, catalog)?,
        Delegate::Trusted => of_trust_policy(agency, &name, service, catalog)?,
    };
    Some(Told {
        message: format!(
            "the agency `{}` does not trust {name}, to which `{}` hands it: {wrong}",
            agency.principal.name, handed.attribute
        ),
        wrong,
        help: help(agency, &name, service),
        actions: Vec::new(),
        open: open.map(Arc::from).or_else(|| handed.open.clone()).or_else(|| agency.defined.open.clone()),
        related: Some(defined_here(agency)),
    })
}

type Wrong = (String, Option<String>);

fn of_trust_policy(agency: &Agency, name: &str, service: TrustedService<'_>, catalog: &Catalog) -> Option<Wrong> {
    let policy = agency.principal.trust.as_ref()?;
    if let Some(principal) = service.principal {
        let requirement = of_action(ASSUME, catalog);
        let unknown = || Known::Unknown(String::from("it acts anywhere"));
        let target = Target::at(unknown(), unknown(), unknown());
        let request = Request { requirement: &requirement, target: &target };
        let verdict = may_assume(request, Asker::Service(principal), &agency.principal);
        let is_refused = matches!(verdict.decision, Decision::Missing | Decision::Denied);
        return is_refused.then(|| (format!("its trust policy does not let `{principal}` assume it"), None));
    }
    let mut services = Vec::new();
    for statement in policy.policy.statements.iter().filter(|statement| statement.effect == Effect::Allow) {
        let Principals::Matching(all) = &statement.principals else { return None };
        for trusted in all {
            match trusted {
                Trusted::Service(named) if is_plain(&named.value) => services.push(&named.value),
                Trusted::Iam(named) if is_plain(&named.value) => {}
                Trusted::Federated(_) => {}
                Trusted::Service(_) | Trusted::Iam(_) => return None,
            }
        }
    }
    if services.is_empty() {
        return Some((String::from("its trust policy names no cloud service"), None));
    }
    of_principals(&services, name, service, catalog)
}

/// A name without anything that stands for others or is known only to a run.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['*', '$', '{', '?'])
}

/// Services by the names that trust policies give them.
fn of_principals(named: &[&String], name: &str, service: TrustedService<'_>, catalog: &Catalog) -> Option<Wrong> {
    let listed: Vec<String> = named.iter().map(|name| format!("`{name}`")).collect();
    let wrong = format!("it trusts {}", listed.join(", "));
    let is = |wanted: &str| named.iter().any(|own| own.eq_ignore_ascii_case(wanted));
    if let Some(principal) = service.principal {
        return (!is(principal)).then_some((wrong, None));
    }
    let details = catalog.service_details(service.code);
    let known = details.into_iter().flat_map(|details| details.names).chain([service.code, name]);
    let may_be_meant = known.into_iter().any(|known| is(&format!("service.{}", known.replace(' ', ""))));
    let open = format!("no document says by which name trust policies know {name}");
    (!may_be_meant).then_some((wrong, Some(open)))
}

fn help(agency: &Agency, name: &str, service: TrustedService<'_>) -> String {
    let older = matches!(agency.delegate, Delegate::Service(_) | Delegate::Account(_));
    let source = as_of(service.source);
    match (older, service.account, service.principal) {
        (true, Some(account), _) => format!("write `delegated_service_name = \"{account}\"` ({source})"),
        (_, _, Some(principal)) => format!("let its trust policy name `{principal}` under `Service` ({source})"),
        (_, Some(account), None) => format!(
            "let its trust policy name {name} under `Service`, or hand over an agency with `delegated_service_name = \
             \"{account}\"` ({source})"
        ),
        (_, None, None) => format!("hand over an agency that trusts {name}"),
    }
}
