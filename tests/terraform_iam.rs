//! IAM inside Terraform: policies at their own characters, and the principals, grants and scopes that resources make.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use program::{check, project, why};

const PROVIDER: &str = "provider \"huaweicloud\" {\n  region = \"cn-north-4\"\n}\n";

/// A group that is assigned `role` by what `assignment` says.
fn group(role: &str, assignment: &str) -> String {
    format!(
        "resource \"huaweicloud_identity_group\" \"ops\" {{\n  name = \"ops\"\n}}\nresource \"huaweicloud_identity_group_role_assignment\" \"a\" {{\n  group_id = huaweicloud_identity_group.ops.id\n  role_id  = {role}\n  {assignment}\n}}\n"
    )
}

const ROLE: &str = r#"resource "huaweicloud_identity_role" "copy" {
  name        = "copy"
  description = "copies images"
  type        = "XA"
  policy      = jsonencode({
    Version = "1.1"
    Statement = [{
      Effect = "Allow"
      Action = ["ims:images:copy"]
    }]
  })
}
"#;

fn report(files: &[(&str, &str)], arguments: &[&str]) -> serde_json::Value {
    let run = check(project(files).path(), &[&["--format", "json"], arguments].concat());
    serde_json::from_str(&run.stdout).expect(&run.stderr)
}

/// What `why` decides for `ims:images:copy`.
fn decision(main: &str, arguments: &[&str]) -> String {
    decision_of(&[("main.tf", main)], "ims:images:copy", arguments)
}

fn decision_of(files: &[(&str, &str)], action: &str, arguments: &[&str]) -> String {
    let fixed = ["--format", "json", "--action", action, "--region", "cn-north-4"];
    let run = why(project(files).path(), &[&fixed, arguments].concat());
    let answer: serde_json::Value = serde_json::from_str(&run.stdout).expect(&run.stderr);
    answer["decision"].as_str().unwrap().to_owned()
}

/// The text that each finding of a rule stands at.
fn at(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    let report = report(files, &["--select", rule]);
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let location = &finding["location"];
            let number = |key: &str| usize::try_from(location[key].as_u64().unwrap()).unwrap();
            let (_, text) = files.iter().find(|(path, _)| *path == location["path"]).unwrap();
            assert_eq!(number("line"), number("end_line"));
            let line = text.lines().nth(number("line") - 1).unwrap();
            line.chars().skip(number("column") - 1).take(number("end_column") - number("column")).collect()
        })
        .collect()
}

#[test]
fn the_scope_is_what_the_assignment_names() {
    let of =
        |assignment: &str| decision(&format!("{ROLE}{}", group("huaweicloud_identity_role.copy.id", assignment)), &[]);
    assert_eq!(of("project_id = \"all\""), "allowed");
    assert_eq!(of("project_id = \"cn-north-4\""), "allowed");
    assert_eq!(of("project_id = \"cn-east-3\""), "scope-mismatch");
    assert_eq!(of("domain_id = \"d\""), "scope-mismatch");
    assert_eq!(of("project_id = var.project\n}\nvariable \"project\" {"), "conditional");
    let open = group("huaweicloud_identity_role.copy.id", "project_id = var.project\n}\nvariable \"project\" {");
    let image = "resource \"huaweicloud_images_image_copy\" \"dr\" {\n  source_image_id = \"x\"\n  name = \"dr\"\n}\n";
    let found = report(&[("main.tf", &format!("{PROVIDER}{ROLE}{open}{image}"))], &["--select", "conditional-grant"]);
    let finding = &found["findings"][0];
    let why = "for which IAM project it is granted is not known: `var.project` has no default";
    assert!(finding["message"].as_str().unwrap().contains(why), "{finding}");
    assert_eq!(finding["related"][1]["message"], "bound here for a scope that only a run can tell");
    let project = "project_id = huaweicloud_identity_project.p.id\n}\nresource \"huaweicloud_identity_project\" \"p\" {\n  name = \"cn-north-4_test\"";
    assert_eq!(of(project), "scope-mismatch", "a default project has no part in its subprojects");
}

#[test]
fn an_enterprise_project_is_told_by_its_name() {
    let enterprise_project = "enterprise_project_id = huaweicloud_enterprise_project.prod.id\n}\nresource \"huaweicloud_enterprise_project\" \"prod\" {\n  name = \"prod\"";
    let main = format!("{ROLE}{}", group("huaweicloud_identity_role.copy.id", enterprise_project));
    let within = ["--api", "POST /v1/cloudimages/{image_id}/copy", "--enterprise-project", "prod"];
    assert_eq!(decision(&main, &within), "allowed");
    let across = ["--api", "POST /v1/cloudimages/{image_id}/cross_region_copy", "--enterprise-project", "prod"];
    assert_eq!(decision(&main, &across), "unsupported-scope");
    let copy = "resource \"huaweicloud_images_image_copy\" \"dr\" {\n  source_image_id       = \"x\"\n  name                  = \"dr\"\n  target_region         = \"cn-east-3\"\n  agency_name           = \"ims\"\n  enterprise_project_id = huaweicloud_enterprise_project.prod.id\n}\n";
    let report = report(&[("main.tf", &format!("{PROVIDER}{main}{copy}"))], &["--select", "unsupported-scope"]);
    let finding = &report["findings"][0];
    assert_eq!(finding["principal"], "ops");
    assert_eq!(finding["actions"], serde_json::json!(["ims:images:copy"]));
    assert_eq!(finding["related"][1]["message"], "bound here for enterprise project prod");
}

#[test]
fn policies_of_the_platform_are_found_by_data_sources() {
    let data = |arguments: &str| {
        format!(
            "data \"huaweicloud_identity_role\" \"r\" {{\n  {arguments}\n}}\n{}",
            group("data.huaweicloud_identity_role.r.id", "project_id = \"all\"")
        )
    };
    assert_eq!(decision(&data("display_name = \"IMS FullAccess\""), &[]), "allowed");
    assert_eq!(decision(&data("name = \"system_all_16\""), &[]), "allowed");
    assert_eq!(decision(&data("display_name = \"VPC ReadOnlyAccess\""), &[]), "missing");
    let slip = report(&[("main.tf", &data("display_name = \"IMS FullAcces\""))], &["--select", "unknown-policy"]);
    assert_eq!(slip["findings"][0]["help"], "did you mean `IMS FullAccess`?");
}

#[test]
fn a_policy_is_shown_at_its_own_characters() {
    let action = "ims:images:copyy";
    let heredoc = format!(
        "resource \"huaweicloud_identity_role\" \"r\" {{\n  name   = \"é 镜像\"\n  type   = \"XA\"\n  policy = <<-EOT\n    {{\n      \"Version\": \"1.1\",\n      \"Statement\": [{{ \"Effect\": \"Allow\", \"Action\": [\"{action}\"] }}]\n    }}\n  EOT\n}}\n"
    );
    assert_eq!(at(&[("main.tf", &heredoc)], "unknown-action"), [format!("\"{action}\"")]);
    let plain = heredoc.replace("<<-EOT", "<<EOT").replace("  EOT", "EOT");
    assert_eq!(at(&[("main.tf", &plain)], "unknown-action"), [format!("\"{action}\"")]);
    let filled = heredoc.replace("\"XA\"", "\"${local.t}\"").replace("\"Effect\"", "\"${local.effect}\"")
        + "locals {\n  t = \"XA\"\n  effect = \"Effect\"\n}\n";
    assert_eq!(at(&[("main.tf", &filled)], "unknown-action"), [format!("\"{action}\"")]);
    let encoded = ROLE.replace("ims:images:copy", action);
    assert_eq!(at(&[("main.tf", &encoded)], "unknown-action"), [format!("\"{action}\"")]);
    let quoted = format!(
        "resource \"huaweicloud_identity_role\" \"r\" {{\n  name   = \"r\"\n  type   = \"XA\"\n  policy = \"{{\\\"Version\\\": \\\"1.1\\\", \\\"Statement\\\": [{{\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": [\\\"{action}\\\"]}}]}}\"\n}}\n"
    );
    assert_eq!(at(&[("main.tf", &quoted)], "unknown-action"), [format!("\\\"{action}\\\"")]);
    let policy =
        format!("{{\"Version\": \"1.1\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": [\"{action}\"]}}]}}");
    let file = "resource \"huaweicloud_identity_role\" \"r\" {\n  name   = \"r\"\n  type   = \"XA\"\n  policy = file(\"${path.module}/p.json\")\n}\n";
    assert_eq!(at(&[("main.tf", file), ("p.json", &policy)], "unknown-action"), [format!("\"{action}\"")], "once");
    let template = file.replace("file(", "templatefile(").replace("p.json\")", "p.tpl\", { effect = \"Allow\" })");
    let filled = policy.replace("\"Allow\"", "\"${effect}\"");
    assert_eq!(at(&[("main.tf", &template), ("p.tpl", &filled)], "unknown-action"), [format!("\"{action}\"")]);
    let elsewhere = ROLE.replace("[\"ims:images:copy\"]", "local.actions");
    let locals = format!("locals {{\n  actions = [\"{action}\"]\n}}\n");
    assert_eq!(
        at(&[("main.tf", &elsewhere), ("locals.tf", &locals)], "unknown-action"),
        ["Action"],
        "at what refers to it"
    );
}

#[test]
fn what_only_a_run_could_tell_of_a_policy_stays_open() {
    let with = |statement: &str, rest: &str| {
        let role = ROLE.replace("Effect = \"Allow\"\n      Action = [\"ims:images:copy\"]", statement);
        decision(&format!("{role}{}{rest}", group("huaweicloud_identity_role.copy.id", "project_id = \"all\"")), &[])
    };
    let open = "variable \"v\" {}\n";
    assert_eq!(with("Effect = \"Allow\"\n      Action = [var.v]", open), "conditional");
    assert_eq!(with("Effect = \"Allow\"\n      Action = [var.v, \"ims:images:copy\"]", open), "allowed");
    assert_eq!(with("Effect = \"Allow\"\n      Action = [\"ims:images:${var.v}\"]", open), "conditional");
    assert_eq!(with("Effect = var.v\n      Action = [\"ims:images:copy\"]", open), "conditional");
    assert_eq!(with("Effect = var.v\n      Action = [\"ecs:servers:list\"]", open), "missing");
    assert_eq!(
        with("Effect = \"Allow\"\n      Action = [\"ims:images:copy\"]\n      Condition = var.v", open),
        "conditional"
    );
    let condition = "Effect = \"Allow\"\n      Action = [\"ims:images:copy\"]\n      Condition = { StringEquals = { \"g:RequestedRegion\" = [var.v, \"cn-east-3\"] } }";
    assert_eq!(with(condition, open), "conditional");
    let resource = "Effect = \"Allow\"\n      Action = [\"ims:images:copy\"]\n      Resource = [\"IMS:*:*:image:${huaweicloud_images_image.i.id}\"]";
    assert_eq!(with(resource, open), "conditional");
    let list =
        ROLE.replace("[{\n      Effect = \"Allow\"\n      Action = [\"ims:images:copy\"]\n    }]", "concat(var.v, [])");
    assert_eq!(
        decision(&format!("{list}{}{open}", group("huaweicloud_identity_role.copy.id", "project_id = \"all\"")), &[]),
        "conditional"
    );
}

#[test]
fn a_policy_that_is_no_json_is_told_where_it_stops_being_one() {
    let main = "resource \"huaweicloud_identity_role\" \"r\" {\n  name   = \"r\"\n  type   = \"XA\"\n  policy = <<EOT\n{\"Version\": \"1.1\", \"Statement\": [}\nEOT\n}\n";
    let report = report(&[("main.tf", main)], &["--select", "invalid-policy"]);
    let finding = &report["findings"][0];
    assert_eq!((&finding["location"]["line"], &finding["location"]["column"]), (&5.into(), &34.into()), "{finding}");
}

#[test]
fn users_hold_what_their_groups_do() {
    let member = "resource \"huaweicloud_identity_user\" \"u\" {\n  name = \"anna\"\n}\nresource \"huaweicloud_identity_group_membership\" \"m\" {\n  group = huaweicloud_identity_group.ops.id\n  users = [huaweicloud_identity_user.u.id]\n}\n";
    let main = format!("{ROLE}{}{member}", group("huaweicloud_identity_role.copy.id", "project_id = \"all\""));
    assert_eq!(decision(&main, &["--principal", "anna"]), "allowed");
    assert_eq!(decision(&main, &["--principal", "ops"]), "allowed");
}

#[test]
fn identity_policies_are_attached_without_a_scope() {
    let main = r#"resource "huaweicloud_identityv5_policy" "p" {
  name            = "copy"
  policy_document = jsonencode({
    Version   = "5.0"
    Statement = [{ Effect = "Allow", Action = ["ims:images:copy"] }]
  })
}
resource "huaweicloud_identityv5_group" "ops" {
  group_name = "ops"
}
resource "huaweicloud_identityv5_policy_group_attach" "a" {
  policy_id = huaweicloud_identityv5_policy.p.id
  group_id  = huaweicloud_identityv5_group.ops.id
}
"#;
    let decided = decision(main, &[]);
    assert!(["allowed", "conditional"].contains(&decided.as_str()), "{decided}");
    let none = main.replace("ims:images:copy", "vpc:vpcs:list");
    assert_eq!(decision(&none, &[]), "missing");
}

/// Principal and resource of each certain `missing-grant`.
fn missing(files: &[(&str, &str)]) -> Vec<String> {
    let report = report(files, &["--phase", "apply", "--select", "missing-grant"]);
    let findings = report["findings"].as_array().unwrap().iter();
    let certain = findings.filter(|finding| finding["certainty"] == "certain");
    let told = |finding: &serde_json::Value| {
        format!("{} {}", finding["principal"].as_str().unwrap(), finding["resource"].as_str().unwrap())
    };
    certain.map(told).collect()
}

#[test]
fn an_agency_deploys_what_says_that_it_acts_as_one() {
    let agency = "resource \"huaweicloud_identity_agency\" \"d\" {\n  name                  = \"deployer\"\n  delegated_domain_name = \"other\"\n  project_role {\n    project = \"cn-north-4\"\n    roles   = [\"VPC ReadOnlyAccess\"]\n  }\n}\n";
    let data = "data \"huaweicloud_vpc\" \"a\" {\n  name = \"x\"\n}\nresource \"huaweicloud_vpc\" \"b\" {\n  name = \"x\"\n  cidr = \"10.0.0.0/8\"\n}\n";
    let assumes = PROVIDER
        .replace("\n}", "\n  assume_role {\n    agency_name = \"deployer\"\n    domain_name = \"mine\"\n  }\n}");
    assert_eq!(missing(&[("main.tf", &format!("{assumes}{agency}{data}"))]), ["deployer huaweicloud_vpc.b"]);
    assert_eq!(
        missing(&[("main.tf", &format!("{PROVIDER}{agency}{data}"))]),
        [""; 0],
        "nothing says that the agency deploys it"
    );
}

#[test]
fn what_an_agency_of_another_account_does_nobody_else_is_asked_for() {
    let assumes = PROVIDER
        .replace("\n}", "\n  assume_role {\n    agency_name = \"deployer\"\n    domain_name = \"other\"\n  }\n}");
    let vpc = "resource \"huaweicloud_vpc\" \"b\" {\n  name = \"x\"\n  cidr = \"10.0.0.0/8\"\n}\n";
    let main = format!("{assumes}{ROLE}{}{vpc}", group("huaweicloud_identity_role.copy.id", "project_id = \"all\""));
    assert_eq!(missing(&[("main.tf", &main)]), [""; 0]);
    let report = report(&[("main.tf", &main)], &["--select", "unchecked-operation"]);
    let messages: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["message"].as_str().unwrap()).collect();
    assert!(messages.iter().any(|message| message.contains("acts as the agency `deployer`")), "{messages:?}");
}

#[test]
fn a_template_is_no_policy_before_it_is_filled_in() {
    let main = "resource \"huaweicloud_identity_role\" \"r\" {\n  name   = \"r\"\n  type   = \"XA\"\n  policy = templatefile(\"${path.module}/p.json\", { bucket = \"logs\" })\n}\n";
    let template = r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["obs:object:GetObject"], "Resource": ["OBS:*:*:object:${bucket}/*"]}]}"#;
    let report = report(&[("main.tf", main), ("p.json", template)], &["--select", "invalid-policy"]);
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(report["summary"]["policies"], 1);
}

#[test]
fn a_policy_that_is_held_by_an_open_name_is_nobodys_else() {
    let role = ROLE.replace("\"copy\"\n  description", "\"copy-${var.env}\"\n  description");
    let agency = "variable \"env\" {}\nresource \"huaweicloud_identity_agency\" \"a\" {\n  name                   = \"a\"\n  delegated_service_name = \"op_svc_ecs\"\n  all_resources_roles    = [huaweicloud_identity_role.copy.name, \"\"]\n}\n";
    let vpc = "resource \"huaweicloud_vpc\" \"b\" {\n  name = \"x\"\n  cidr = \"10.0.0.0/8\"\n}\n";
    assert_eq!(missing(&[("main.tf", &format!("{PROVIDER}{role}{agency}{vpc}"))]), [""; 0]);
}

#[test]
fn groups_of_one_name_are_told_apart_by_their_folders() {
    let main = format!("{PROVIDER}{ROLE}{}", group("huaweicloud_identity_role.copy.id", "project_id = \"all\""));
    let run = why(project(&[("a/main.tf", &main), ("b/main.tf", &main)]).path(), &["--action", "ims:images:copy"]);
    assert!(run.stderr.contains("`ops of a`, `ops of b`"), "{}", run.stderr);
}

#[test]
fn a_grant_of_the_configuration_may_name_a_policy_of_terraform() {
    let config = "principals: { ci: { grants: [{ policy: huaweicloud_identity_role.copy, scope: { regions: [cn-north-4] } }] } }\n";
    assert_eq!(decision_of(&[("grantlint.yaml", config), ("main.tf", ROLE)], "ims:images:copy", &[]), "allowed");
    assert_eq!(decision_of(&[("grantlint.yaml", config), ("main.tf", ROLE)], "ims:images:delete", &[]), "missing");
}

#[test]
fn who_is_defined_in_the_files_does_not_define_itself() {
    let main = format!("{PROVIDER}{ROLE}{}", group("huaweicloud_identity_role.copy.id", "project_id = \"all\""));
    let report = report(&[("main.tf", &main)], &[]);
    let rules: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
    assert!(!rules.is_empty() && rules.iter().all(|rule| *rule == "unchecked-operation"), "{rules:?}");
}

#[test]
fn what_is_wrong_with_a_policy_of_a_module_is_told_once_however_many_roots_call_it() {
    let call = "module \"m\" {\n  source = \"../m\"\n}\n";
    let role = "resource \"huaweicloud_identity_role\" \"r\" {\n  name   = \"x\"\n  type   = \"XA\"\n  policy = jsonencode({ Version = \"1.1\", Statement = [{ Effect = \"Allowed\", Action = [\"ims:images:list\"] }] })\n}\n";
    let broken = "resource \"huaweicloud_identity_role\" \"s\" {\n  policy = file(\"${path.module}/b.json\")\n}\n";
    let files = [("a/main.tf", call), ("b/main.tf", call), ("m/r.tf", role), ("m/s.tf", broken), ("m/b.json", "{")];
    let report = check(project(&files).path(), &["--format", "jsonl", "--select", "invalid-policy"]).stdout;
    let places = |path: &str| report.matches(&format!("\"path\":\"{path}\"")).count();
    assert_eq!((places("m/r.tf"), places("m/b.json")), (1, 1), "{report}");
}
