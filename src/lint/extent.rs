//! When, and for which resources, a statement counts, and whether another one counts at least as often.

use std::collections::BTreeSet;

use crate::glob::covers;
use crate::policy::{Located, Resources, Statement};

/// A resource has a service, a region, an account, a type and a path.
const PARTS: usize = 5;

/// The resources and conditions of a statement, comparable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Extent {
    resources: ResourceSet,
    /// Operator, key and values of each; all have to hold.
    conditions: BTreeSet<(String, String, BTreeSet<String>)>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum ResourceSet {
    All,
    Matching(BTreeSet<String>),
    Except(BTreeSet<String>),
    Agencies(BTreeSet<String>),
}

impl Extent {
    pub(super) fn of(statement: &Statement) -> Self {
        let conditions = statement.conditions.iter().map(|condition| {
            let values = condition.values.iter().map(|value| value.value.clone()).collect();
            (condition.operator.value.to_ascii_lowercase(), condition.key.value.to_ascii_lowercase(), values)
        });
        Self { resources: ResourceSet::of(&statement.resources), conditions: conditions.collect() }
    }

    /// Whenever a statement of the other extent counts, one of this extent does.
    pub(super) fn takes_in(&self, other: &Self) -> bool {
        self.conditions.is_subset(&other.conditions) && self.resources.takes_in(&other.resources)
    }

    /// A statement of this extent counts whatever the request.
    pub(super) fn is_unconditional(&self) -> bool {
        self.conditions.is_empty()
    }
}

impl ResourceSet {
    fn of(resources: &Resources) -> Self {
        let texts = |located: &[Located<String>]| located.iter().map(|text| with_small_service(&text.value)).collect();
        match resources {
            Resources::Matching(patterns) if patterns.iter().all(|pattern| pattern.value != "*") => {
                Self::Matching(texts(patterns))
            }
            Resources::All | Resources::Matching(_) => Self::All,
            Resources::Except(patterns) => Self::Except(texts(patterns)),
            Resources::Agencies(agencies) => Self::Agencies(texts(agencies)),
        }
    }

    fn takes_in(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Matching(own), Self::Matching(others)) => {
                others.iter().all(|other| own.iter().any(|own| is_part(own, other)))
            }
            // What is left out of the one is left out of the other.
            (Self::Except(own), Self::Except(others)) => own.is_subset(others),
            _ => self == other,
        }
    }
}

/// A resource with its service in lower case, in which case does not count.
fn with_small_service(resource: &str) -> String {
    let end = resource.find(':').unwrap_or(0);
    let (service, rest) = resource.split_at_checked(end).unwrap_or(("", resource));
    format!("{}{rest}", service.to_ascii_lowercase())
}

/// Every resource that `inner` names is one that `outer` names, part by part.
fn is_part(outer: &str, inner: &str) -> bool {
    let (mut outer, mut inner) = (outer.splitn(PARTS, ':'), inner.splitn(PARTS, ':'));
    loop {
        match (outer.next(), inner.next()) {
            (None, None) => return true,
            (Some(outer), Some(inner)) if covers(outer, inner) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy;

    fn extent(rest: &str) -> Extent {
        let text = format!(r#"{{"Version": "5.0", "Statement": [{{"Effect": "Allow", "Action": ["a:b:c"]{rest}}}]}}"#);
        let node = crate::syntax::json::parse(&text).unwrap().node;
        Extent::of(&policy::parse(&node).policy.statements[0])
    }

    #[test]
    fn a_wider_extent_takes_in_a_narrower_one() {
        let everywhere = "";
        let buckets = r#", "Resource": ["obs:*:*:bucket:*"]"#;
        let logs = r#", "Resource": ["OBS:*:*:bucket:logs"]"#;
        let with_mfa = r#", "Condition": {"Bool": {"g:MFAPresent": ["true"]}}"#;
        let with_mfa_here =
            r#", "Condition": {"bool": {"G:MFAPresent": ["true"]}, "StringEquals": {"g:RequestedRegion": ["r"]}}"#;
        let without_mfa = r#", "Condition": {"Bool": {"g:MFAPresent": ["false"]}}"#;
        let but_logs = r#", "NotResource": ["obs:*:*:bucket:logs"]"#;
        let but_two = r#", "NotResource": ["obs:*:*:bucket:logs", "obs:*:*:bucket:keys"]"#;
        for (wider, narrower) in [
            (everywhere, buckets),
            (everywhere, r#", "Resource": ["*"]"#),
            (r#", "Resource": ["*"]"#, everywhere),
            (buckets, logs),
            (everywhere, with_mfa),
            (with_mfa, with_mfa_here),
            (but_logs, but_two),
        ] {
            assert!(extent(wider).takes_in(&extent(narrower)), "{wider} {narrower}");
        }
        for (narrower, wider) in [
            (buckets, everywhere),
            (logs, buckets),
            (with_mfa, everywhere),
            (with_mfa_here, with_mfa),
            (with_mfa, without_mfa),
            (but_two, but_logs),
            (buckets, but_logs),
        ] {
            assert!(!extent(narrower).takes_in(&extent(wider)), "{narrower} {wider}");
        }
    }

    #[test]
    fn a_wildcard_does_not_reach_over_the_parts_of_a_resource() {
        assert!(!extent(r#", "Resource": ["obs:*"]"#).takes_in(&extent(r#", "Resource": ["obs:*:*:bucket:logs"]"#)));
    }
}
