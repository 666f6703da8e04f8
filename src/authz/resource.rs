//! Whether a statement's resources take in those of an operation, as far as the files say.

use super::{Known, Target, Truth};
use crate::catalog::Reach;
use crate::glob::{covers, meets};
use crate::policy::{ActionName, Located, Resources};

/// Holds `Resource` or `NotResource` against an action and its target.
pub(super) fn reaches(resources: &Resources, action: &str, reach: Reach, target: &Target) -> Truth {
    match resources {
        Resources::All => Truth::Yes,
        Resources::Matching(patterns) => any(patterns, action, reach, target),
        Resources::Except(patterns) => !any(patterns, action, reach, target),
        Resources::Agencies(_) => Truth::Unknown,
    }
}

fn any(patterns: &[Located<String>], action: &str, reach: Reach, target: &Target) -> Truth {
    patterns.iter().map(|pattern| one(&pattern.value, action, reach, target)).fold(Truth::No, Truth::or)
}

/// A resource has five parts: service, region, account, type and path.
fn one(pattern: &str, action: &str, reach: Reach, target: &Target) -> Truth {
    if pattern == "*" {
        return Truth::Yes;
    }
    let parts: Vec<String> = pattern.to_ascii_lowercase().splitn(5, ':').map(str::to_owned).collect();
    let ([service, region, account, kind, path], Some(name)) = (parts.as_slice(), ActionName::split(action)) else {
        return Truth::Unknown;
    };
    let (own_service, own_kind) = (name.service.to_ascii_lowercase(), name.resource_type.to_ascii_lowercase());
    // Resources of one service can stand for actions of another (VPC resources for EIP actions).
    let service = if covers(service, &own_service) { Truth::Yes } else { Truth::Unknown };
    service
        .and(in_region(region, reach, target))
        .and(open_unless(account))
        .and(of_kind(kind, &own_service, &own_kind))
        .and(open_unless(path))
}

/// Resources of a global service name no region, so one that a pattern names settles nothing.
fn in_region(region: &str, reach: Reach, target: &Target) -> Truth {
    match (region, &target.region) {
        ("" | "*", _) => Truth::Yes,
        _ if reach != Reach::Regional => Truth::Unknown,
        (region, Known::Is(own)) => Truth::of(covers(region, &own.to_ascii_lowercase())),
        (_, Known::Unknown(_)) => Truth::Unknown,
    }
}

fn open_unless(part: &str) -> Truth {
    if matches!(part, "" | "*") { Truth::Yes } else { Truth::Unknown }
}

/// The resource types of OBS are the middle parts of its actions; elsewhere the two are named apart.
fn of_kind(kind: &str, service: &str, own_kind: &str) -> Truth {
    match service {
        _ if covers(kind, own_kind) => Truth::Yes,
        "obs" if !meets(kind, own_kind) => Truth::No,
        _ => Truth::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_files_settle_is_settled() {
        let target = Target {
            region: Known::Is(String::from("cn-north-4")),
            project: Known::Is(String::from("cn-north-4")),
            enterprise_project: Known::Is(String::from("0")),
        };
        for (pattern, action, expected) in [
            ("*", "ims:images:copy", Truth::Yes),
            ("ims:*:*:*:*", "ims:images:copy", Truth::Yes),
            ("ims:cn-north-4:*:*:*", "ims:images:copy", Truth::Yes),
            ("ims:cn-east-3:*:*:*", "ims:images:copy", Truth::No),
            ("ecs:*:*:instance:*", "ecs:cloudServers:get", Truth::Unknown),
            ("OBS:*:*:bucket:*", "obs:bucket:CreateBucket", Truth::Yes),
            ("OBS:*:*:bucket:*", "obs:object:PutObject", Truth::No),
            ("OBS:*:*:object:logs/*", "obs:object:PutObject", Truth::Unknown),
            ("VPC:*:*:publicip:*", "eip:publicIps:delete", Truth::Unknown),
            ("iam:cn-north-4:*:*:*", "iam:users:listUsers", Truth::Unknown),
            ("iam::*:*:*", "iam:users:listUsers", Truth::Yes),
            ("nonsense", "ims:images:copy", Truth::Unknown),
        ] {
            let reach = if pattern.starts_with("iam") { Reach::Global } else { Reach::Regional };
            assert_eq!(one(pattern, action, reach, &target), expected, "{pattern} for {action}");
        }
    }
}
