//! Projects that a page has to stand: one whose names try to be more than names, and one with much of everything.

#![allow(dead_code, reason = "no test binary needs all of it")]

use super::program::project;

/// Names as an attacker would choose them.
pub(crate) const HOSTILE: [&str; 7] = [
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=document.title='owned'>",
    "</code></p></article><h1>owned</h1>",
    "\"><svg onload=alert(1)> ' onfocus=alert(1) autofocus x='",
    "--><!-- </style> <style>*{display:none}</style>",
    "nul \0 escape \u{1b}[31m \u{202E} \u{FFFE}",
    "javascript:alert(1) &lt;b&gt; &amp; {{7*7}}",
];

/// A project with those names for resources, actions, policies, conditions, principals, and a document of the table.
pub(crate) fn hostile() -> tempfile::TempDir {
    let quoted = |name: &str| serde_json::to_string(name).unwrap();
    let long = "x".repeat(20_000);
    let operation = |name: &str| format!("  - {{ action: ims:images:copy, resource: {} }}\n", quoted(name));
    let operations: String = HOSTILE.iter().copied().chain([long.as_str()]).map(operation).collect();
    let manifest = format!("apiVersion: grantlint/v1\nkind: Operations\noperations:\n{operations}");
    let manifest = format!("{manifest}  - {{ api: GET /v9/mine, service: ims }}\n");
    let actions: Vec<String> = HOSTILE.iter().map(|name| format!("ims:images:{name}")).collect();
    let statement = serde_json::json!({
        "Effect": "Allow", "Action": actions, "Resource": HOSTILE, "Condition": { "StringEquals": { HOSTILE[0]: HOSTILE } },
    });
    let policy = serde_json::json!({ "Version": "1.1", "Statement": [statement] }).to_string();
    let grants = format!("[{{ policy: p.json, scope: {{ projects: [{}] }} }}]", quoted(HOSTILE[1]));
    let principal = |name: &&str| format!("  {}: {{ grants: {grants} }}\n", quoted(name));
    let principals: String = HOSTILE.iter().map(principal).collect();
    let table = format!(
        "service: ims\nsources:\n  page: {{ document: {} }}\napis:\n  GET /v9/mine: {{ actions: [ims:mine:get], source: page }}\n",
        quoted(HOSTILE[6])
    );
    let configuration = format!("catalog: {{ extend: [table.yaml] }}\nprincipals:\n{principals}");
    project(&[("o.yaml", &manifest), ("p.json", &policy), ("table.yaml", &table), ("grantlint.yaml", &configuration)])
}

/// Principals that all lack much, and hold more than they need.
pub(crate) fn large(principals: usize, operations: usize) -> tempfile::TempDir {
    let services =
        ["ims:images:copy", "kms:cmk:create", "vpc:vpcs:create", "rds:instance:create", "obs:bucket:CreateBucket"];
    let operation = |number: usize| {
        let action = services[number % services.len()];
        format!("  - {{ action: \"{action}\", resource: resource-{number} }}\n")
    };
    let operations: String = (0..operations).map(operation).collect();
    let manifest = format!("apiVersion: grantlint/v1\nkind: Operations\noperations:\n{operations}");
    let policy =
        r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ims:*:*", "ecs:*:*", "vpc:*:get*"]}]}"#;
    let principal = |number: usize| format!("  team-{number}: {{ grants: [{{ policy: p.json }}] }}\n");
    let principals: String = (0..principals).map(principal).collect();
    let configuration = format!("principals:\n{principals}");
    project(&[("o.yaml", &manifest), ("p.json", policy), ("grantlint.yaml", &configuration)])
}
