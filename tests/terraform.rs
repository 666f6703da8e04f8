//! Terraform as Terraform reads it: modules from their roots, instances, providers, variables, places.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::collections::BTreeSet;

use program::{Run, check, project};

/// A principal that may read networks in one region, so that everything else is told with its region.
const READER: &str = r"principals:
  reader:
    grants: [{ policy: reader.json, scope: { regions: [cn-north-4] } }]
";
const POLICY: &str =
    r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:vpcs:get", "vpc:vpcs:list"]}]}"#;

const PROVIDER: &str = "provider \"huaweicloud\" {\n  region = \"cn-north-4\"\n}\n";

fn run(files: &[(&str, &str)], arguments: &[&str]) -> Run {
    let mut all = vec![("grantlint.yaml", READER), ("reader.json", POLICY)];
    all.extend_from_slice(files);
    let folder = project(&all);
    let fixed = [
        "--format",
        "json",
        "--phase",
        "apply",
        "--select",
        "missing-grant,scope-mismatch,invalid-manifest,unchecked-operation",
    ];
    check(folder.path(), &[&fixed, arguments].concat())
}

#[test]
fn a_reason_that_is_not_about_all_actions_names_those_that_it_is_about() {
    let all = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["vpc:*:*", "eps:*:*"]}]}"#;
    let config = "principals:\n  p:\n    grants: [{ policy: reader.json, scope: { regions: [cn-east-3] } }]\n";
    let vpc = "resource \"huaweicloud_vpc\" \"main\" {\n  name = \"a\"\n  cidr = \"10.0.0.0/8\"\n}\n";
    let main = format!("{PROVIDER}{vpc}");
    let run = run(&[("grantlint.yaml", config), ("reader.json", all), ("main.tf", &main)], &[]);
    let messages: Vec<String> =
        findings(&run).iter().map(|finding| finding["message"].as_str().unwrap().to_owned()).collect();
    let found = |part: &str| messages.iter().any(|message| message.contains(part));
    assert!(
        found("cn-east-3, and the service is global (for `eps:resources:add`, `eps:resources:list`"),
        "{messages:#?}"
    );
    assert!(found("cn-east-3, and the operation is in cn-north-4 (for `vpc:"), "{messages:#?}");
}

fn findings(run: &Run) -> Vec<serde_json::Value> {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect(&run.stderr);
    report["findings"].as_array().unwrap().clone()
}

/// The resources of the certain findings of a rule.
fn resources(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    resources_with(files, rule, &[])
}

fn resources_with(files: &[(&str, &str)], rule: &str, arguments: &[&str]) -> Vec<String> {
    let all = findings(&run(files, arguments));
    let of_rule = all.iter().filter(|finding| finding["rule"] == rule && finding["certainty"] == "certain");
    let names: BTreeSet<String> =
        of_rule.map(|finding| finding["resource"].as_str().unwrap_or_default().to_owned()).collect();
    names.into_iter().collect()
}

/// What is told of a data source on networks whose region is `region`: nothing where the reader may read there.
fn in_region(region: &str, rest: &str) -> Vec<String> {
    let main = format!("data \"huaweicloud_vpc\" \"a\" {{\n  region = {region}\n  name = \"x\"\n}}\n{rest}");
    resources(&[("main.tf", &main)], "scope-mismatch")
}

#[test]
fn what_an_expression_comes_to_decides() {
    let nothing: [&str; 0] = [];
    let told = ["data.huaweicloud_vpc.a"];
    for (region, expected) in [
        ("\"cn-north-4\"", &nothing[..]),
        ("\"cn-east-3\"", &told),
        ("local.regions[\"main\"]", &nothing),
        ("lookup(local.regions, \"dr\", \"\")", &told),
        ("join(\"-\", [\"cn\", \"north\", \"4\"])", &nothing),
        ("var.region", &told),
        ("var.is_dr ? local.regions.dr : local.regions.main", &nothing),
        ("[for name, region in local.regions : region if name == \"dr\"][0]", &told),
        ("jsondecode(\"{\\\"r\\\": \\\"cn-north-4\\\"}\").r", &nothing),
        ("try(local.regions.nosuch, local.regions.main)", &nothing),
        ("data.external.where.result.region", &nothing),
    ] {
        let rest = "locals {\n  regions = { main = \"cn-north-4\", dr = \"cn-east-3\" }\n}\nvariable \"region\" {\n  default = \"cn-east-3\"\n}\nvariable \"is_dr\" {\n  type    = bool\n  default = \"false\"\n}\n";
        assert_eq!(in_region(region, rest), expected, "{region}");
    }
}

#[test]
fn each_instance_is_looked_at_and_those_that_are_alike_are_told_once() {
    let vpc = |repeated: &str| {
        format!(
            "{PROVIDER}resource \"huaweicloud_vpc\" \"a\" {{\n  {repeated}\n  name = \"x\"\n  cidr = \"10.0.0.0/8\"\n}}\n"
        )
    };
    let of = |repeated: &str| resources(&[("main.tf", &vpc(repeated))], "missing-grant");
    assert_eq!(of(""), ["huaweicloud_vpc.a"]);
    assert_eq!(of("count = 1"), ["huaweicloud_vpc.a[0]"]);
    assert_eq!(of("count = 3"), ["huaweicloud_vpc.a[*]"]);
    assert_eq!(of("for_each = toset([\"eu\"])"), ["huaweicloud_vpc.a[\"eu\"]"]);
    assert_eq!(of("count = 0"), [""; 0]);
    assert_eq!(of("for_each = {}"), [""; 0]);
    assert_eq!(of("count = length(data.huaweicloud_availability_zones.z.names)"), [""; 0], "nobody knows how many");
    let regions = "for_each = { a = \"cn-north-4\", b = \"cn-east-3\", c = \"cn-east-3\" }\n  region = each.value";
    let data = vpc(regions).replace("resource", "data").replace("  cidr = \"10.0.0.0/8\"\n", "");
    assert_eq!(resources(&[("main.tf", &data)], "scope-mismatch"), ["data.huaweicloud_vpc.a[\"b\"] (and 1 more)"]);
    let million = vpc("count = 1000000");
    let run = run(&[("main.tf", &million)], &[]);
    assert!(run.stdout.contains("only the first 1000 instances were checked"), "{}", run.stdout);
}

#[test]
fn a_set_of_which_only_the_elements_are_open_is_not_empty() {
    let vpc = |each: &str| {
        format!(
            "{PROVIDER}variable \"v\" {{}}\nresource \"huaweicloud_vpc\" \"a\" {{\n  for_each = {each}\n  name     = each.key\n  cidr     = \"10.0.0.0/8\"\n}}\n"
        )
    };
    assert_eq!(resources(&[("main.tf", &vpc("toset([var.v])"))], "missing-grant"), ["huaweicloud_vpc.a"]);
    assert_eq!(resources(&[("main.tf", &vpc("toset(var.v)"))], "missing-grant"), [""; 0]);
}

#[test]
fn values_that_version_control_ignores_count() {
    let main = "variable \"region\" {}\ndata \"huaweicloud_vpc\" \"a\" {\n  region = var.region\n  name   = \"x\"\n}\n";
    let files = [("main.tf", main), (".gitignore", "*.tfvars\n"), ("terraform.tfvars", "region = \"cn-east-3\"\n")];
    assert_eq!(resources(&files, "scope-mismatch"), ["data.huaweicloud_vpc.a"]);
}

#[test]
fn modules_are_read_from_the_root_that_calls_them() {
    let net = "variable \"region\" {}\ndata \"huaweicloud_vpc\" \"a\" {\n  region = var.region\n  name   = \"x\"\n}\noutput \"region\" {\n  value = var.region\n}\n";
    let call =
        |arguments: &str| format!("{PROVIDER}module \"dr\" {{\n  source = \"./modules/net\"\n  {arguments}\n}}\n");
    let of =
        |arguments: &str| resources(&[("main.tf", &call(arguments)), ("modules/net/main.tf", net)], "scope-mismatch");
    assert_eq!(of("region = \"cn-north-4\""), [""; 0]);
    assert_eq!(of("region = \"cn-east-3\""), ["module.dr.data.huaweicloud_vpc.a"]);
    assert_eq!(
        of("for_each = toset([\"cn-north-4\", \"cn-east-3\"])\n  region = each.key"),
        ["module.dr[\"cn-east-3\"].data.huaweicloud_vpc.a"]
    );
    assert_eq!(of("count = 2\n  region = \"cn-east-3\""), ["module.dr[*].data.huaweicloud_vpc.a"]);
    assert_eq!(of("count = 0\n  region = \"cn-east-3\""), [""; 0]);
}

#[test]
fn outputs_lead_from_module_to_module() {
    let where_to = "output \"region\" {\n  value = \"cn-east-3\"\n}\n";
    let net = "variable \"region\" {}\ndata \"huaweicloud_vpc\" \"a\" {\n  region = var.region\n  name   = \"x\"\n}\n";
    let main = format!(
        "{PROVIDER}module \"where\" {{\n  source = \"./where\"\n}}\nmodule \"net\" {{\n  source = \"./net\"\n  region = module.where.region\n}}\n"
    );
    let files = [("main.tf", main.as_str()), ("where/main.tf", where_to), ("net/main.tf", net)];
    assert_eq!(resources(&files, "scope-mismatch"), ["module.net.data.huaweicloud_vpc.a"]);
}

#[test]
fn modules_that_terraform_fetched_are_read_and_others_are_a_note() {
    let main = format!("{PROVIDER}module \"net\" {{\n  source  = \"acme/net/huaweicloud\"\n  version = \"1.0\"\n}}\n");
    let noted = |files: &[(&str, &str)]| resources(files, "unchecked-operation");
    assert_eq!(noted(&[("main.tf", &main)]), ["module.net"]);
    let listed = r#"{"Modules": [{"Key": "", "Dir": "."}, {"Key": "net", "Source": "registry/acme", "Dir": ".terraform/modules/net"}]}"#;
    let net = "data \"huaweicloud_vpc\" \"a\" {\n  region = \"cn-east-3\"\n  name   = \"x\"\n}\n";
    let fetched = [
        ("main.tf", main.as_str()),
        (".terraform/modules/modules.json", listed),
        (".terraform/modules/net/main.tf", net),
    ];
    assert_eq!(noted(&fetched), [""; 0]);
    assert_eq!(resources(&fetched, "scope-mismatch"), ["module.net.data.huaweicloud_vpc.a"]);
}

#[test]
fn modules_that_call_each_other_in_a_circle_end() {
    let call = |source: &str| format!("{PROVIDER}module \"m\" {{\n  source = \"{source}\"\n}}\n");
    let run = run(&[("a/main.tf", &call("../b")), ("b/main.tf", &call("../a"))], &[]);
    assert!(run.stdout.contains("calls itself"), "{}", run.all());
}

#[test]
fn a_provider_is_the_one_that_is_passed() {
    let net = "data \"huaweicloud_vpc\" \"a\" {\n  name = \"x\"\n}\n";
    let providers = format!("{PROVIDER}provider \"huaweicloud\" {{\n  alias  = \"dr\"\n  region = \"cn-east-3\"\n}}\n");
    let of = |passed: &str, net: &str| {
        let main = format!("{providers}module \"net\" {{\n  source = \"./net\"\n  {passed}\n}}\n");
        resources(&[("main.tf", &main), ("net/main.tf", net)], "scope-mismatch")
    };
    let told = ["module.net.data.huaweicloud_vpc.a"];
    assert_eq!(of("", net), [""; 0]);
    assert_eq!(of("providers = { huaweicloud = huaweicloud.dr }", net), told);
    let aliased = "data \"huaweicloud_vpc\" \"a\" {\n  provider = huaweicloud.other\n  name     = \"x\"\n}\n";
    assert_eq!(of("providers = { huaweicloud.other = huaweicloud.dr }", aliased), told);
    let direct =
        format!("{providers}data \"huaweicloud_vpc\" \"a\" {{\n  provider = huaweicloud.dr\n  name     = \"x\"\n}}\n");
    assert_eq!(resources(&[("main.tf", &direct)], "scope-mismatch"), ["data.huaweicloud_vpc.a"]);
    let own = direct.replace("  name ", "  region = \"cn-north-4\"\n  name ");
    assert_eq!(resources(&[("main.tf", &own)], "scope-mismatch"), [""; 0], "a region of its own wins");
}

#[test]
fn options_the_environment_and_files_give_variables() {
    let main = "variable \"region\" {}\ndata \"huaweicloud_vpc\" \"a\" {\n  region = var.region\n  name   = \"x\"\n}\n";
    let files = [
        ("main.tf", main),
        ("env/dr.tfvars", "region = \"cn-east-3\"\n"),
        ("env/dr.json", "{\"region\": \"cn-east-3\"}"),
    ];
    let told = ["data.huaweicloud_vpc.a"];
    for (arguments, expected) in [
        (&["--var", "region=cn-north-4"][..], &[""; 0][..]),
        (&["--var", "region=cn-east-3"], &told),
        (&["--var-file", "env/dr.tfvars"], &told),
        (&["--var-file", "env/dr.json"], &told),
        (&["--var-file", "env/dr.tfvars", "--var", "region=cn-north-4"], &[""; 0]),
    ] {
        let folder = project(&[&[("grantlint.yaml", READER), ("reader.json", POLICY)], &files[..]].concat());
        let fixed = ["--format", "json", "--select", "scope-mismatch"];
        let run = check(folder.path(), &[&fixed, arguments].concat());
        let found: Vec<String> = findings(&run)
            .iter()
            .filter(|finding| finding["certainty"] == "certain")
            .map(|finding| finding["resource"].as_str().unwrap().to_owned())
            .collect();
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), expected, "{arguments:?}");
    }
    let folder = project(&[("main.tf", main), ("bad.tfvars", "region = \n")]);
    let run = check(folder.path(), &["--var-file", "bad.tfvars"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("bad.tfvars:1:"), "{}", run.stderr);
    assert_eq!(check(folder.path(), &["--var-file", "nosuch.tfvars"]).code, 2);
}

#[test]
fn blocks_that_cause_nothing_confuse_nothing() {
    let main = format!(
        "{PROVIDER}moved {{\n  from = huaweicloud_vpc.old\n  to   = huaweicloud_vpc.a\n}}\nremoved {{\n  from = huaweicloud_vpc.gone\n  lifecycle {{\n    destroy = false\n  }}\n}}\nimport {{\n  to = huaweicloud_vpc.a\n  id = \"x\"\n}}\ncheck \"health\" {{\n  data \"huaweicloud_vpc\" \"c\" {{\n    region = \"cn-east-3\"\n    name   = \"x\"\n  }}\n  assert {{\n    condition     = true\n    error_message = \"no\"\n  }}\n}}\n"
    );
    assert_eq!(resources(&[("main.tf", &main)], "missing-grant"), [""; 0]);
    assert_eq!(resources(&[("main.tf", &main)], "scope-mismatch"), ["data.huaweicloud_vpc.c"], "a check reads");
}

#[test]
fn another_edition_of_the_platform_is_only_taken_to_call_the_same() {
    let main = "provider \"opentelekomcloud\" {\n  region = \"eu-de\"\n}\nresource \"opentelekomcloud_vpc_v1\" \"a\" {\n  name = \"x\"\n  cidr = \"10.0.0.0/8\"\n}\n";
    let all = findings(&run(&[("main.tf", main)], &[]));
    let missing: Vec<_> = all.iter().filter(|finding| finding["rule"] == "missing-grant").collect();
    assert!(!missing.is_empty());
    for finding in missing {
        assert_eq!(finding["certainty"], "possible", "{finding}");
        assert_eq!(finding["resource"], "opentelekomcloud_vpc_v1.a");
    }
}
