//! Who may assume an agency: its trust policy, together with what the one who asks is granted.
//!
//! Within an account either of the two is enough; across accounts both are needed; a Deny of either wins.

use super::decide::{Detail, granted};
use super::guardrail::cut;
use super::matching::Names;
use super::scope::Reached;
use super::statement::Weighing;
use super::tally::Tally;
use super::{Context, Origin, Outcome, PolicySource, Principal, Request, Step, Truth, Verdict};
use crate::glob::covers;
use crate::policy::{Effect, Principals, Statement, Trusted};

/// Who asks to assume an agency.
#[derive(Debug, Clone, Copy)]
pub enum Asker<'a> {
    /// A user or another agency.
    Principal(&'a Principal),
    /// A cloud service, such as `service.ECS`.
    Service(&'a str),
}

/// Decides whether `asker` may assume `agency`, with a step for every statement that was considered. An agency of which
/// the trust policy is not known may trust anybody.
pub fn may_assume(request: Request<'_>, asker: Asker<'_>, agency: &Principal) -> Verdict {
    let trusting = Trusting { request, asker, agency };
    let trust = trusting.tally();
    match asker {
        Asker::Service(_) => trust.into_verdict(),
        Asker::Principal(principal) => {
            let own = granted(request, principal, Detail::Full).without(cut(request, principal, Detail::Full));
            let is_same = is_same_account(&principal.context, &agency.context);
            let tally = if is_same { own.or(trust) } else { own.and(trust) };
            tally.into_verdict()
        }
    }
}

/// Keys that name the account of whoever makes a request.
const ACCOUNT: [&str; 2] = ["g:PrincipalAccount", "g:DomainId"];

fn account(context: &Context) -> Option<&str> {
    ACCOUNT.iter().find_map(|key| context.values(key)?.first()).map(String::as_str)
}

/// A configuration is about one account, unless it says of two principals that they are of different ones.
fn is_same_account(one: &Context, other: &Context) -> bool {
    account(one).zip(account(other)).is_none_or(|(one, other)| one == other)
}

struct Trusting<'a> {
    request: Request<'a>,
    asker: Asker<'a>,
    agency: &'a Principal,
}

impl Trusting<'_> {
    fn tally(&self) -> Tally {
        let Some(policy) = &self.agency.trust else {
            let mut tally = Tally::default();
            let outcome = Outcome::Open(format!("the trust policy of `{}` is not known", self.agency.name).into());
            let (origin, effect) = (Origin::Trust, Effect::Allow);
            tally.count(Step { origin, statement: None, effect, pattern: None, outcome });
            return tally;
        };
        let names = Names::of_5(self.request.requirement);
        names.iter().map(|names| self.by(names, policy)).reduce(Tally::and).unwrap_or_default()
    }

    fn by(&self, names: &Names<'_>, policy: &PolicySource) -> Tally {
        let mut tally = Tally::default();
        let nothing = Context::default();
        let context = match self.asker {
            Asker::Principal(principal) => &principal.context,
            Asker::Service(_) => &nothing,
        };
        for (index, statement) in policy.policy.statements.iter().enumerate() {
            let reached = match self.is_meant(statement) {
                Truth::Yes => Reached::Yes,
                Truth::Unknown => Reached::Open(String::from("whether it trusts the one who asks is not known")),
                Truth::No => Reached::Void(String::from("it trusts others")),
            };
            let request = self.request;
            let (outcome, pattern) = Weighing { statement, request, names, context }.outcome(&&reached);
            let (origin, effect) = (Origin::Trust, statement.effect);
            tally.count(Step { origin, statement: Some(index), effect, pattern, outcome });
        }
        tally
    }

    /// The statement is about the one who asks.
    fn is_meant(&self, statement: &Statement) -> Truth {
        let any = |all: &[Trusted]| all.iter().map(|trusted| self.is(trusted)).fold(Truth::No, Truth::or);
        match &statement.principals {
            Principals::None => Truth::Unknown,
            Principals::Matching(all) => any(all),
            Principals::Except(all) => !any(all),
        }
    }

    fn is(&self, trusted: &Trusted) -> Truth {
        let (Trusted::Iam(named) | Trusted::Service(named) | Trusted::Federated(named)) = trusted;
        // A variable stands for what only a run could tell.
        if named.value.contains("${") {
            return Truth::Unknown;
        }
        match (trusted, self.asker) {
            (Trusted::Service(name), Asker::Service(own)) => {
                Truth::of(name.value == "*" || name.value.eq_ignore_ascii_case(own))
            }
            (Trusted::Iam(name), Asker::Principal(principal)) => is_iam(&name.value, &principal.context),
            (Trusted::Iam(name), Asker::Service(_)) => Truth::of(name.value == "*"),
            // It may come by way of an identity provider.
            (Trusted::Federated(_), Asker::Principal(_)) => Truth::Unknown,
            (Trusted::Service(_), Asker::Principal(_)) | (Trusted::Federated(_), Asker::Service(_)) => Truth::No,
        }
    }
}

/// An account by its id or by its root's URN, or a user or agency by its URN.
fn is_iam(trusted: &str, asker: &Context) -> Truth {
    if trusted == "*" {
        return Truth::Yes;
    }
    let of_account = |id: &str| account(asker).map_or(Truth::Unknown, |own| Truth::of(own == id));
    let parts: Vec<&str> = trusted.splitn(5, ':').collect();
    match parts.as_slice() {
        [id] | [_, _, id, "root"] | [_, _, id, "root", _] => of_account(id),
        _ => match asker.values("g:PrincipalUrn") {
            Some([own]) => Truth::of(covers(trusted, own)),
            _ => Truth::Unknown,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::authz::{Decision, Fact, Grant, Known, Scope, Target, of_action};
    use crate::catalog::Catalog;
    use crate::policy;

    fn source(text: &str) -> Arc<PolicySource> {
        let node = crate::syntax::json::parse(text).unwrap().node;
        Arc::new(PolicySource::new("p.json", None, policy::parse(&node).policy))
    }

    fn agency(principal: &str, account: Option<&str>) -> Principal {
        trusting(&format!(r#""Principal": {principal}"#), account)
    }

    fn trusting(principals: &str, account: Option<&str>) -> Principal {
        let text = format!(
            r#"{{"Version": "5.0", "Statement": [{{"Effect": "Allow", {principals}, "Action": ["sts:agencies:assume"]}}]}}"#
        );
        Principal { trust: Some(source(&text)), context: of(account, None), ..Principal::default() }
    }

    fn of(account: Option<&str>, urn: Option<&str>) -> Context {
        let with = |context: Context, key: &str, value: Option<&str>| match value {
            Some(value) => context.with(key, Fact::Values(vec![value.to_owned()])),
            None => context,
        };
        with(with(Context::default(), "g:PrincipalAccount", account), "g:PrincipalUrn", urn)
    }

    fn asker(context: Context, effect: Option<&str>) -> Principal {
        let grants = effect.map(|effect| {
            let text = format!(
                r#"{{"Version": "5.0", "Statement": [{{"Effect": "{effect}", "Action": ["sts:agencies:assume"]}}]}}"#
            );
            Grant::new(source(&text), Scope::All)
        });
        Principal { context, grants: grants.into_iter().collect(), ..Principal::default() }
    }

    fn decided(asker: Asker<'_>, agency: &Principal) -> Decision {
        let requirement = of_action("sts:agencies:assume", &Catalog::embedded());
        let known = |text: &str| Known::Is(text.to_owned());
        let target = Target::at(known("r"), known("r"), known("0"));
        may_assume(Request { requirement: &requirement, target: &target }, asker, agency).decision
    }

    #[test]
    fn within_an_account_a_grant_or_the_trust_policy_is_enough_and_across_accounts_both_are_needed() {
        use Decision::{Allowed, Denied, Missing};
        let trusted = agency(r#"{"IAM": ["a"]}"#, Some("a"));
        let other = agency(r#"{"IAM": ["b"]}"#, Some("a"));
        let abroad = agency(r#"{"IAM": ["a"]}"#, Some("b"));
        let mistrusting = agency(r#"{"IAM": ["c"]}"#, Some("b"));
        for (agency, effect, expected) in [
            (&trusted, None, Allowed),
            (&trusted, Some("Allow"), Allowed),
            (&trusted, Some("Deny"), Denied),
            (&other, None, Missing),
            (&other, Some("Allow"), Allowed),
            (&abroad, None, Missing),
            (&abroad, Some("Allow"), Allowed),
            (&mistrusting, Some("Allow"), Missing),
        ] {
            assert_eq!(decided(Asker::Principal(&asker(of(Some("a"), None), effect)), agency), expected, "{effect:?}");
        }
    }

    #[test]
    fn who_is_meant_by_a_trust_policy() {
        use Decision::{Allowed, Conditional, Missing};
        let me = Some("iam::a:user:me");
        for (principal, account, urn, expected) in [
            (r#"{"IAM": ["*"]}"#, None, None, Allowed),
            (r#"{"IAM": ["a"]}"#, None, None, Conditional),
            (r#"{"IAM": ["iam::a:root"]}"#, Some("a"), None, Allowed),
            (r#"{"IAM": ["iam::a:user:me"]}"#, None, me, Allowed),
            (r#"{"IAM": ["iam::a:user:you"]}"#, None, me, Missing),
            (r#"{"IAM": ["iam::a:user:*"]}"#, None, me, Allowed),
            (r#"{"IAM": ["iam::a:user:me"]}"#, Some("a"), None, Conditional),
            (r#"{"Service": ["service.ECS"]}"#, Some("a"), me, Missing),
        ] {
            let asker = asker(of(account, urn), None);
            assert_eq!(decided(Asker::Principal(&asker), &agency(principal, None)), expected, "{principal}");
        }
        for (but, expected) in [("me", Missing), ("you", Allowed)] {
            let asker = asker(of(Some("a"), me), None);
            let agency = trusting(&format!(r#""NotPrincipal": {{"IAM": ["iam::a:user:{but}"]}}"#), None);
            assert_eq!(decided(Asker::Principal(&asker), &agency), expected, "all but {but}");
        }
    }

    #[test]
    fn a_service_needs_to_be_named() {
        let trusting = agency(r#"{"Service": ["service.ECS"]}"#, None);
        assert_eq!(decided(Asker::Service("service.ECS"), &trusting), Decision::Allowed);
        assert_eq!(decided(Asker::Service("service.OBS"), &trusting), Decision::Missing);
        assert_eq!(decided(Asker::Service("service.ECS"), &Principal::default()), Decision::Conditional);
    }
}
