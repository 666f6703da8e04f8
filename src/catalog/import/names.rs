//! How the documents write services and actions, and how `rules/` does.

/// Names of services in the documents whose action prefix is another word.
const PREFIXES: [(&str, &str); 16] = [
    ("anti-ddos", "antiddos"),
    ("autoscaling", "as"),
    ("cloud eye", "ces"),
    ("config", "rms"),
    ("darts", "dayu"),
    ("dataarts studio", "dayu"),
    ("direct connect", "dcaas"),
    ("enterprise router", "er"),
    ("image recognition", "image"),
    ("nat gateway", "nat"),
    ("obs tenant", "obs"),
    ("roma connect", "roma"),
    ("vpcendpoint", "vpcep"),
    ("geminidb", "nosql"),
    ("smn", "smn"),
    ("base", "base"),
];

/// The first part of the actions of a service, by the name that documents give it, in lower case.
pub fn action_prefix(service: &str) -> String {
    let lower = service.to_lowercase();
    PREFIXES.iter().find(|(name, _)| *name == lower).map_or(lower, |(_, prefix)| (*prefix).to_owned())
}

/// An action in three parts: grammar 1.0 knows shorter ones and names IAM `identity`. What is neither stays as it is.
pub fn in_three_parts(action: &str) -> &str {
    match action {
        "*" => "*:*:*",
        "identity:*" => "iam:*:*",
        "identity:assume role" => "iam:agencies:assume",
        other => other,
    }
}
