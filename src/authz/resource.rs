//! Whether a statement's resources take in those of an operation, as far as the files say.

use super::{IdentityResource, Known, Target, Truth};
use crate::catalog::Reach;
use crate::glob::{covers, meets};
use crate::policy::{ActionName, Located, Resources};

/// What a resource pattern is held against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Acted<'a> {
    pub(super) action: &'a str,
    pub(super) reach: Reach,
    /// The types that the action is documented to act on; empty where the table knows none.
    pub(super) kinds: &'a [IdentityResource],
    pub(super) target: &'a Target,
}

/// Whether a statement takes in what an operation acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) truth: Truth,
    /// It does not, and would in another region.
    pub(super) is_elsewhere: bool,
}

impl Acted<'_> {
    /// Holds `Resource` or `NotResource` against an action and its target.
    pub(super) fn by(self, resources: &Resources) -> Taken {
        let truth = self.truth(resources, &self.target.region);
        let anywhere = Known::Unknown(String::new());
        let is_elsewhere = truth == Truth::No && self.truth(resources, &anywhere) != Truth::No;
        Taken { truth, is_elsewhere }
    }

    fn truth(self, resources: &Resources, region: &Known<String>) -> Truth {
        let any = |patterns: &[Located<String>]| {
            patterns.iter().map(|pattern| self.one(&pattern.value, region)).fold(Truth::No, Truth::or)
        };
        match resources {
            Resources::All => Truth::Yes,
            Resources::Matching(patterns) => any(patterns),
            Resources::Except(patterns) => !any(patterns),
            Resources::Agencies(_) => Truth::Unknown,
        }
    }

    /// A resource has five parts: service, region, account, type and path.
    fn one(self, pattern: &str, region: &Known<String>) -> Truth {
        if pattern == "*" {
            return Truth::Yes;
        }
        let parts: Vec<&str> = pattern.splitn(5, ':').collect();
        let (&[service, of_region, account, kind, path], Some(name)) =
            (parts.as_slice(), ActionName::split(self.action))
        else {
            return Truth::Unknown;
        };
        let lower = str::to_ascii_lowercase;
        let (own_service, own_kind) = (lower(name.service), lower(name.resource_type));
        let kind = lower(kind);
        // Resources of one service can stand for actions of another (VPC resources for EIP actions).
        let service = if covers(&lower(service), &own_service) { Truth::Yes } else { Truth::Unknown };
        service
            .and(self.in_region(&lower(of_region), region))
            .and(open_unless(account))
            .and(self.of_kind(&kind, &own_service, &own_kind))
            .and(self.at_path(&kind, path))
    }

    /// Resources of a global service name no region, so one that a pattern names settles nothing.
    fn in_region(self, pattern: &str, region: &Known<String>) -> Truth {
        match (pattern, region) {
            ("" | "*", _) => Truth::Yes,
            _ if self.reach != Reach::Regional => Truth::Unknown,
            (pattern, Known::Is(own)) => Truth::of(covers(pattern, &own.to_ascii_lowercase())),
            (_, Known::Unknown(_)) => Truth::Unknown,
        }
    }

    /// The resource types of OBS are the middle parts of its actions; elsewhere the two are named apart, and only the
    /// newer engine documents the types of an action.
    fn of_kind(self, kind: &str, service: &str, own_kind: &str) -> Truth {
        if covers(kind, "*") {
            return Truth::Yes;
        }
        if !self.kinds.is_empty() {
            return self.of_documented_kind(kind);
        }
        match service {
            _ if covers(kind, own_kind) => Truth::Yes,
            "obs" if !meets(kind, own_kind) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    fn of_documented_kind(self, kind: &str) -> Truth {
        let named = |known: &&IdentityResource| meets(kind, &known.kind.to_ascii_lowercase());
        let is_whole = |known: &IdentityResource| covers(kind, &known.kind.to_ascii_lowercase());
        let required: Vec<&IdentityResource> = self.kinds.iter().filter(|known| known.required).collect();
        match required.as_slice() {
            [only] if is_whole(only) => Truth::Yes,
            _ if self.kinds.iter().any(|known| named(&known)) => Truth::Unknown,
            _ => Truth::No,
        }
    }

    /// Paths are compared letter by letter; a target may leave a part of its own open.
    fn at_path(self, kind: &str, path: &str) -> Truth {
        if open_unless(path) == Truth::Yes {
            return Truth::Yes;
        }
        let named = self.target.resources.iter().find(|named| named.kind.eq_ignore_ascii_case(kind));
        match named.map(|named| named.path.as_str()) {
            Some(own) if covers(path, own) => Truth::Yes,
            Some(own) if !meets(path, own) => Truth::No,
            _ => Truth::Unknown,
        }
    }
}

fn open_unless(part: &str) -> Truth {
    if matches!(part, "" | "*") { Truth::Yes } else { Truth::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::NamedResource;

    fn target() -> Target {
        let known = |text: &str| Known::Is(text.to_owned());
        let mut target = Target::at(known("cn-north-4"), known("cn-north-4"), known("0"));
        let named = |kind: &str, path: &str| NamedResource { kind: kind.to_owned(), path: path.to_owned() };
        target.resources = vec![named("bucket", "logs"), named("object", "logs/2026/*")];
        target
    }

    fn taken(pattern: &str, action: &str, kinds: &[IdentityResource]) -> Taken {
        let reach = if pattern.starts_with("iam") { Reach::Global } else { Reach::Regional };
        let located = Located { value: pattern.to_owned(), span: crate::source::Span::default() };
        Acted { action, reach, kinds, target: &target() }.by(&Resources::Matching(vec![located]))
    }

    #[test]
    fn only_what_the_files_settle_is_settled() {
        for (pattern, action, expected) in [
            ("*", "ims:images:copy", Truth::Yes),
            ("ims:*:*:*:*", "ims:images:copy", Truth::Yes),
            ("ims:cn-north-4:*:*:*", "ims:images:copy", Truth::Yes),
            ("ims:cn-east-3:*:*:*", "ims:images:copy", Truth::No),
            ("ecs:*:*:instance:*", "ecs:cloudServers:get", Truth::Unknown),
            ("OBS:*:*:bucket:*", "obs:bucket:CreateBucket", Truth::Yes),
            ("OBS:*:*:bucket:*", "obs:object:PutObject", Truth::No),
            ("OBS:*:*:bucket:logs", "obs:bucket:CreateBucket", Truth::Yes),
            ("OBS:*:*:bucket:log*", "obs:bucket:CreateBucket", Truth::Yes),
            ("OBS:*:*:bucket:Logs", "obs:bucket:CreateBucket", Truth::No),
            ("OBS:*:*:object:logs/*", "obs:object:PutObject", Truth::Yes),
            ("OBS:*:*:object:logs/2026/a", "obs:object:PutObject", Truth::Unknown),
            ("OBS:*:*:object:logs/2027/*", "obs:object:PutObject", Truth::No),
            ("OBS:*:me:bucket:*", "obs:bucket:CreateBucket", Truth::Unknown),
            ("VPC:*:*:publicip:*", "eip:publicIps:delete", Truth::Unknown),
            ("iam:cn-north-4:*:*:*", "iam:users:listUsers", Truth::Unknown),
            ("iam::*:*:*", "iam:users:listUsers", Truth::Yes),
            ("nonsense", "ims:images:copy", Truth::Unknown),
        ] {
            assert_eq!(taken(pattern, action, &[]).truth, expected, "{pattern} for {action}");
        }
    }

    #[test]
    fn another_region_is_told_from_another_resource() {
        for (pattern, expected) in
            [("ims:cn-east-3:*:*:*", true), ("ims:cn-north-4:*:*:*", false), ("OBS:*:*:bucket:other", false)]
        {
            assert_eq!(taken(pattern, "ims:images:copy", &[]).is_elsewhere, expected, "{pattern}");
        }
    }

    #[test]
    fn documented_types_settle_what_names_leave_open() {
        let kind = |kind: &str, required| IdentityResource { kind: kind.to_owned(), required };
        let (one, two) = ([kind("instance", true)], [kind("instance", true), kind("port", true)]);
        for (pattern, kinds, expected) in [
            ("ecs:*:*:instance:*", &one[..], Truth::Yes),
            ("ecs:*:*:inst*:*", &one, Truth::Yes),
            ("ecs:*:*:volume:*", &one, Truth::No),
            ("ecs:*:*:*:*", &two, Truth::Yes),
            ("ecs:*:*:instance:*", &two, Truth::Unknown),
            ("ecs:*:*:volume:*", &two, Truth::No),
        ] {
            assert_eq!(taken(pattern, "ecs:cloudServers:get", kinds).truth, expected, "{pattern} for {kinds:?}");
        }
    }
}
