//! Agencies that resources of Terraform hand to cloud services: whether they exist, trust the service, and hold what it
//! needs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use grantlint::catalog::Catalog;
use program::{check, project};

const PROVIDER: &str = "provider \"huaweicloud\" {\n  region = \"cn-north-4\"\n}\nvariable \"open\" {}\n";

/// What the rule says of a root module, each as `certainty: message`.
fn told(files: &[(&str, &str)]) -> Vec<String> {
    let run = check(project(files).path(), &["--format", "json", "--select", "agency-mismatch"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect(&run.stderr);
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    findings.map(|it| format!("{}: {}", text(&it["certainty"]), text(&it["message"]))).collect()
}

fn of(main: &str) -> Vec<String> {
    told(&[("main.tf", &format!("{PROVIDER}{main}"))])
}

fn agency(name: &str, body: &str) -> String {
    format!("resource \"huaweicloud_identity_agency\" \"a\" {{\n  name = {name}\n  {body}\n}}\n")
}

/// An image that is copied to `target` by the agency that `named` names.
fn copy(target: &str, named: &str) -> String {
    format!(
        "resource \"huaweicloud_images_image_copy\" \"dr\" {{\n  source_image_id = \"i\"\n  name = \"n\"\n  target_region = {target}\n  agency_name = {named}\n}}\n"
    )
}

const IMS: &str = "delegated_service_name = \"op_svc_ims\"";
const REFERENCE: &str = "huaweicloud_identity_agency.a.name";
const THERE: &str = "\"cn-south-1\"";

fn granted(roles: &str) -> String {
    agency("\"copier\"", &format!("{IMS}\n  {roles}"))
}

fn in_project(project: &str, role: &str) -> String {
    format!("project_role {{\n    project = {project}\n    roles = [{role}]\n  }}")
}

/// A custom policy that allows `actions`.
fn role(name: &str, actions: &str) -> String {
    format!(
        "resource \"huaweicloud_identity_role\" \"{name}\" {{\n  name = \"{name}\"\n  description = \"d\"\n  type = \"XA\"\n  policy = jsonencode({{ Version = \"1.1\", Statement = [{{ Effect = \"Allow\", Action = [{actions}] }}] }})\n}}\n"
    )
}

const ENOUGH: &str = "all_resources_roles = [\"IMS CrossCopyAgencyPolicy\"]";

#[test]
fn a_name_that_no_agency_has_is_told_where_it_is_a_slip() {
    let with = |named: &str| of(&format!("{}{}", granted(ENOUGH), copy(THERE, named)));
    let slip = "possible: `agency_name` names the agency `copyer`, which no file of the root module defines (possible: \
                the account may have it)";
    assert_eq!(with("\"copyer\""), [slip]);
    let right: [&str; 0] = [];
    for named in ["\"copier\"", "\"copier2\"", "\"operations\"", REFERENCE, "var.open", "\"copier-${var.open}\""] {
        assert_eq!(with(named), right, "{named}");
    }
    assert_eq!(of(&copy(THERE, "\"copyer\"")), right, "no agency is defined");
    let numbered = format!("{}{}", agency("\"copier1\"", &format!("{IMS}\n{ENOUGH}")), copy(THERE, "\"copier2\""));
    assert_eq!(of(&numbered), right, "it is another one on purpose");
}

#[test]
fn an_agency_of_another_root_module_is_not_meant() {
    let (one, other) = (granted(ENOUGH), copy(THERE, "\"copyer\""));
    assert!(told(&[("one/main.tf", &one), ("other/main.tf", &format!("{PROVIDER}{other}"))]).is_empty());
}

#[test]
fn an_agency_trusts_the_service_that_it_is_handed_to() {
    let with = |body: &str| {
        let server = format!(
            "resource \"huaweicloud_compute_instance\" \"s\" {{\n  name = \"s\"\n  agency_name = {REFERENCE}\n}}\n"
        );
        of(&format!("{}{server}", agency("\"app\"", body)))
    };
    let lead = "certain: the agency `app` does not trust ECS, to which `agency_name` hands it: it delegates to";
    for (body, expected) in [
        ("delegated_service_name = \"op_svc_ecs\"", String::new()),
        ("delegated_service_name = \"op_svc_ECS\"", String::new()),
        ("delegated_domain_name = \"op_svc_ecs\"", String::new()),
        ("delegated_domain_name = var.open", String::new()),
        ("", String::new()),
        ("delegated_service_name = \"op_svc_ims\"", format!("{lead} `op_svc_ims`")),
        ("delegated_domain_name = \"op_svc_ims\"", format!("{lead} `op_svc_ims`")),
        ("delegated_service_name = \"ecs\"", format!("{lead} `ecs`")),
        (
            "delegated_domain_name = \"partner\"",
            format!("{lead} the account `partner`, so that no cloud service may assume it"),
        ),
    ] {
        assert_eq!(with(body).concat(), expected, "{body}");
    }
}

/// A trust agency of which the policy names `principal`, handed to the service that runs functions.
fn trusting(principal: &str) -> String {
    format!(
        r#"
resource "huaweicloud_identity_trust_agency" "a" {{
  name         = "app"
  policy_names = []
  trust_policy = jsonencode({{
    Version = "5.0"
    Statement = [{{ Effect = "Allow", Principal = {principal}, Action = ["sts:agencies:assume"] }}]
  }})
}}
"#
    )
}

#[test]
fn a_trust_policy_names_the_service() {
    let function = "resource \"huaweicloud_fgs_function\" \"f\" {\n  name = \"f\"\n  agency = \
                    huaweicloud_identity_trust_agency.a.name\n}\n";
    let lead = "the agency `app` does not trust FunctionGraph, to which `agency` hands it:";
    let open = "(possible: no document says by which name trust policies know FunctionGraph)";
    for (principal, expected) in [
        ("{ Service = [\"service.FunctionGraph\"] }", String::new()),
        ("{ Service = [var.open] }", String::new()),
        ("{ Service = [\"service.ECS\"] }", format!("possible: {lead} it trusts `service.ECS` {open}")),
        (
            "{ IAM = [\"0123456789abcdef0123456789abcdef\"] }",
            format!("certain: {lead} its trust policy names no cloud service"),
        ),
        ("{ IAM = [\"*\"] }", String::new()),
    ] {
        assert_eq!(of(&format!("{}{function}", trusting(principal))).concat(), expected, "{principal}");
    }
}

#[test]
fn who_is_denied_is_not_trusted() {
    let function = "resource \"huaweicloud_fgs_function\" \"f\" {\n  name = \"f\"\n  agency = \
                    huaweicloud_identity_trust_agency.a.name\n}\n";
    let denied = trusting("{ Service = [\"service.FunctionGraph\"] }").replace("\"Allow\"", "\"Deny\"");
    let found = of(&format!("{denied}{function}")).concat();
    assert!(found.ends_with("its trust policy names no cloud service"), "{found}");
}

#[test]
fn a_trust_policy_names_a_principal_that_is_documented() {
    let dry_run = "resource \"huaweicloud_organizations_policy_dry_run_configuration\" \"d\" {\n  root_id = \"r\"\n  \
                   policy_type = \"service_control_policy\"\n  status = \"enabled\"\n  agency_name = \
                   huaweicloud_identity_trust_agency.a.name\n}\n";
    let wrong = "certain: the agency `app` does not trust Organizations, to which `agency_name` hands it: its trust \
                 policy does not let `service.Organizations` assume it";
    let with = |service: &str| of(&format!("{}{dry_run}", trusting(&format!("{{ Service = [\"{service}\"] }}"))));
    assert_eq!(with("service.OBS"), [wrong]);
    assert!(with("service.Organizations").is_empty());
}

#[test]
fn the_agency_of_a_copy_across_regions_is_granted_a_role_where_the_image_goes() {
    let roles = "`IMS CrossCopyAgencyPolicy`, `IMS CrossCopyAgencyCBRPolicy`, `IMS Administrator` or 1 more";
    let lead = |place: &str| {
        format!("certain: the agency `copier`, which `agency_name` hands to IMS, is not granted {roles}{place}")
    };
    let vpc = role("vpc", "\"vpc:*:*\"");
    let part = role("part", "\"ims:images:copy\"");
    let with = |grants: &str| of(&format!("{vpc}{part}{}{}", granted(grants), copy(THERE, REFERENCE))).concat();
    let policy = "\"IMS CrossCopyAgencyPolicy\"";
    for grants in [
        ENOUGH.to_owned(),
        in_project(THERE, policy),
        in_project(THERE, "\"IMS Administrator\""),
        in_project(THERE, "\"Tenant Administrator\""),
        in_project(THERE, "\"IMS FullAccess\""),
        in_project("var.open", policy),
        String::from("lifecycle {\n    ignore_changes = [project_role]\n  }"),
        in_project(THERE, "var.open"),
        // The service may be made to act in a project within the region.
        in_project("\"cn-south-1_dr\"", policy),
        in_project(THERE, "huaweicloud_identity_role.part.name"),
        // Nothing is known of it, or of all that it holds.
        in_project(THERE, "\"VPC FullAccess\""),
        in_project(THERE, "\"a custom policy of the account\""),
        format!("{}\n  {}", in_project("\"cn-north-4\"", policy), in_project(THERE, policy)),
        format!(
            "dynamic \"project_role\" {{\n    for_each = var.open\n    content {{\n      project = project_role.value\n      roles = [{policy}]\n    }}\n  }}"
        ),
    ] {
        assert_eq!(with(&grants), "", "{grants}");
    }
    let elsewhere = ": granted for IAM project cn-north-4, and the operation is in cn-south-1";
    for (grants, expected) in [
        (String::new(), lead(" in cn-south-1")),
        (in_project(THERE, "huaweicloud_identity_role.vpc.name"), lead(" in cn-south-1")),
        (in_project("\"cn-north-4\"", policy), lead(&format!(" in cn-south-1{elsewhere}"))),
    ] {
        assert_eq!(with(&grants), expected, "{grants}");
    }
}

#[test]
fn what_depends_on_something_open_is_possible() {
    let bare = granted("");
    let within = of(&format!("{bare}{}", copy("\"cn-north-4\"", REFERENCE)));
    assert!(within.is_empty(), "no agency is used within a region: {within:?}");
    let counted = copy(THERE, REFERENCE).replace("source_image_id", "count = var.open\n  source_image_id");
    let found = of(&format!("{bare}{counted}")).concat();
    assert!(found.starts_with("possible: ") && found.contains("`count` may be empty"), "{found}");
    let found = of(&format!("{bare}{}", copy("var.open", REFERENCE))).concat();
    assert!(found.starts_with("possible: "), "{found}");
    let module = [
        ("main.tf", "module \"m\" {\n  source = \"./m\"\n  count = var.n\n}\nvariable \"n\" {}\n".to_owned()),
        ("m/main.tf", format!("{PROVIDER}{bare}{}", copy(THERE, REFERENCE))),
    ];
    let files: Vec<(&str, &str)> = module.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let found = told(&files).concat();
    assert!(found.starts_with("possible: ") && found.contains("`count` may be empty"), "{found}");
}

#[test]
fn a_copy_of_a_whole_server_needs_the_policy_for_backups_too() {
    let whole = copy(THERE, REFERENCE).replace("target_region", "vault_id = \"v\"\n  target_region");
    let found = of(&format!("{}{whole}", granted(""))).concat();
    assert!(found.contains("is not granted `IMS CrossCopyAgencyCBRPolicy`, `IMS Administrator` or"), "{found}");
    let enough = "all_resources_roles = [\"IMS CrossCopyAgencyCBRPolicy\"]";
    assert!(of(&format!("{}{whole}", granted(enough))).is_empty());
}

#[test]
fn instances_of_a_block_are_told_together() {
    let each = copy("each.key", REFERENCE)
        .replace("source_image_id", "for_each = toset([\"cn-south-1\", \"cn-east-3\"])\n  source_image_id");
    let found = of(&format!("{}{each}", granted("")));
    assert_eq!(found.len(), 2, "each lacks something else: {found:?}");
    let twice = copy(THERE, REFERENCE).replace("source_image_id", "count = 2\n  source_image_id");
    assert_eq!(of(&format!("{}{twice}", granted(""))).len(), 1);
    let numbered = |block: String| block.replace("\n  name = ", "\n  count = 2\n  name = ");
    let agencies = numbered(agency("\"copier-${count.index}\"", IMS));
    let one_each = numbered(copy(THERE, "huaweicloud_identity_agency.a[count.index].name"));
    let found = of(&format!("{agencies}{one_each}"));
    assert!(found.len() == 1 && found.concat().contains("`copier-0`"), "what agencies of a block lack too: {found:?}");
}

#[test]
fn what_is_open_of_one_instance_is_certain_of_another() {
    let each = copy(THERE, REFERENCE).replace(
        "source_image_id",
        "for_each = { a = var.open, b = null }\n  vault_id = each.value\n  source_image_id",
    );
    let found = of(&format!("{}{each}", granted("")));
    let certain = found.iter().filter(|told| told.starts_with("certain: ")).count();
    assert_eq!((found.len(), certain), (3, 1), "{found:?}");
}

#[test]
fn an_agency_of_which_only_a_run_tells_the_name_is_known_by_its_reference() {
    let ecs = "delegated_service_name = \"op_svc_ecs\"";
    let named = agency("\"copier-${var.open}\"", ecs);
    let local = "locals {\n  copier = huaweicloud_identity_agency.a.name\n}\n";
    for reference in [REFERENCE, "local.copier", "\"${huaweicloud_identity_agency.a.name}\""] {
        let found = of(&format!("{named}{local}{}", copy(THERE, reference))).concat();
        assert!(found.ends_with("it delegates to `op_svc_ecs`"), "{reference}: {found}");
    }
    for other in ["\"x-${huaweicloud_identity_agency.a.name}\"", "var.open", "\"copier-${var.open}\""] {
        assert!(of(&format!("{named}{}", copy(THERE, other))).is_empty(), "{other}");
    }
    let mixed = agency("\"${each.key}-${var.open}\"", &format!("delegated_service_name = each.value\n  {ENOUGH}"))
        .replace("name = \"$", "for_each = { a = \"op_svc_ims\", b = \"op_svc_ecs\" }\n  name = \"$");
    let one_of = copy(THERE, "huaweicloud_identity_agency.a[\"a\"].name");
    assert!(of(&format!("{mixed}{one_of}")).is_empty(), "one of those that may be meant is right");
}

#[test]
fn of_agencies_of_one_name_one_that_is_right_is_enough() {
    let wrong = agency("\"copier\"", "delegated_service_name = \"op_svc_ecs\"");
    let right = granted(ENOUGH).replace("\"a\"", "\"b\"");
    assert!(of(&format!("{wrong}{right}{}", copy(THERE, "\"copier\""))).is_empty());
    assert_eq!(of(&format!("{wrong}{right}{}", copy(THERE, REFERENCE))).len(), 0, "the name is the same");
}

#[test]
fn an_agency_that_may_not_be_defined_is_only_possibly_meant() {
    let found = of(&format!(
        "{}{}",
        granted("").replace("name = \"copier\"", "count = var.open\n  name = \"copier\""),
        copy(THERE, "\"copier\"")
    ));
    assert!(
        found.len() == 1 && found[0].ends_with("(possible: `count` may be empty: `var.open` has no default)"),
        "{found:?}"
    );
    let module = "module \"m\" {\n  source = \"./m\"\n  count = var.open\n}\n";
    let main = format!("{PROVIDER}{module}{}", copy(THERE, "\"copier\""));
    let found = told(&[("main.tf", &main), ("m/main.tf", &granted(""))]).concat();
    assert!(found.starts_with("possible: "), "{found}");
}

#[test]
fn a_policy_that_may_be_attached_to_any_agency_may_be_enough() {
    let attach = |to: &str| {
        format!(
            "resource \"huaweicloud_identityv5_policy_agency_attach\" \"p\" {{\n  policy_id = \"p\"\n  agency_id = {to}\n}}\n"
        )
    };
    let with = |to: &str| of(&format!("{}{}{}", granted(""), attach(to), copy(THERE, REFERENCE)));
    for to in ["huaweicloud_identity_agency.a.id", "var.open", "data.huaweicloud_identity_agencies.all.agencies[0].id"]
    {
        assert!(with(to).is_empty(), "{to}");
    }
    assert_eq!(with("\"0123456789abcdef0123456789abcdef\"").len(), 1, "it is another one");
}

#[test]
fn an_account_that_one_document_alone_names_is_only_possibly_missed() {
    let with = |account: &str| {
        let setting = format!(
            "resource \"huaweicloud_css_snapshot_setting\" \"s\" {{\n  cluster_id = \"c\"\n  bucket = \"b\"\n  agency = {REFERENCE}\n}}\n"
        );
        of(&format!("{}{setting}", agency("\"logs\"", &format!("delegated_service_name = \"{account}\"")))).concat()
    };
    let wrong = "the agency `logs` does not trust CSS, to which `agency` hands it: it delegates to";
    let open = "(possible: one document alone says that agencies for CSS delegate to `op_svc_usearch`)";
    assert_eq!(with("op_svc_usearch"), "");
    assert_eq!(with("op_svc_css"), format!("possible: {wrong} `op_svc_css` {open}"));
    assert_eq!(with("op_svc_obs"), format!("certain: {wrong} `op_svc_obs`"), "it is known to be another's");
}

#[test]
fn actions_are_granted_one_by_one_and_by_custom_policies() {
    let endpoint = format!(
        "resource \"huaweicloud_fgs_vpc_endpoint\" \"e\" {{\n  vpc_id = \"v\"\n  subnet_id = \"s\"\n  xrole = {REFERENCE}\n}}\n"
    );
    let role = role("r", "\"vpc:*:get\", \"vpc:*:list\", \"vpcep:*:*\", \"dns:zone:*\"");
    let trusting = "delegated_service_name = \"op_svc_cff\"";
    let held = in_project("\"cn-north-4\"", "huaweicloud_identity_role.r.name");
    let main = format!("{role}{}{endpoint}", agency("\"ep\"", &format!("{trusting}\n  {held}")));
    let expected = "certain: the agency `ep`, which `xrole` hands to FunctionGraph, is not granted \
                    `dns:recordset:create`, `dns:recordset:update` and `dns:recordset:list` in cn-north-4";
    assert_eq!(of(&main), [expected]);
    assert!(of(&main.replace("dns:zone:*", "dns:*:*")).is_empty());
}

#[test]
fn what_a_global_service_asks_for_has_no_region() {
    let replication = format!(
        "resource \"huaweicloud_obs_bucket_replication\" \"r\" {{\n  bucket = \"b\"\n  destination_bucket = \"c\"\n  agency = {REFERENCE}\n}}\n"
    );
    let with = |grants: &str| {
        let body = format!("delegated_service_name = \"op_svc_obs\"\n  {grants}");
        of(&format!("{}{replication}", agency("\"mirror\"", &body))).concat()
    };
    assert_eq!(with("domain_roles = [\"OBS Administrator\"]"), "");
    // The project of object storage, which the console hides.
    assert_eq!(with(&in_project("\"MOS\"", "\"OBS Administrator\"")), "");
    let lacking = "certain: the agency `mirror`, which `agency` hands to OBS, is not granted `OBS Administrator` or \
                   `Tenant Administrator`";
    assert_eq!(with(""), lacking);
    let found = with(&in_project("\"cn-north-4\"", "\"OBS Administrator\""));
    assert_eq!(found, format!("{lacking}: granted for IAM project cn-north-4, and the service is global"));
}

#[test]
fn an_agency_is_named_in_a_nested_block() {
    let bucket = "resource \"huaweicloud_obs_bucket\" \"b\" {\n  bucket = \"b\"\n  logging {\n    target_bucket = \
                  \"l\"\n    agency = \"logs\"\n  }\n}\n";
    let body = "delegated_service_name = \"op_svc_obs\"";
    let found = of(&format!("{}{bucket}", agency("\"logs\"", body)));
    assert_eq!(
        found,
        ["certain: the agency `logs`, which `logging.agency` hands to OBS, is not granted `obs:object:PutObject`"]
    );
}

#[test]
fn the_json_form_says_the_same() {
    let json = |region: &str| {
        format!(
            r#"{{
  "provider": {{ "huaweicloud": {{ "region": "cn-north-4" }} }},
  "resource": {{
    "huaweicloud_identity_agency": {{ "a": {{ "name": "copier", "delegated_service_name": "op_svc_ims",
      "project_role": [{{ "project": "{region}", "roles": ["IMS CrossCopyAgencyPolicy"] }}] }} }},
    "huaweicloud_images_image_copy": {{ "dr": {{ "source_image_id": "i", "name": "n", "target_region": "cn-south-1",
      "agency_name": "copier" }} }}
  }}
}}
"#
        )
    };
    assert!(told(&[("main.tf.json", &json("cn-south-1"))]).is_empty());
    assert_eq!(told(&[("main.tf.json", &json("cn-north-4"))]).len(), 1);
}

#[test]
fn principals_of_a_configuration_change_nothing() {
    let main = format!("{PROVIDER}{}{}", granted(""), copy(THERE, REFERENCE));
    let configuration = "principals:\n  ci:\n    grants: [{ policy: \"Tenant Administrator\" }]\n";
    assert_eq!(told(&[("main.tf", &main), ("grantlint.yaml", configuration)]).len(), 1);
}

#[test]
fn every_row_names_types_attributes_and_roles_that_exist() {
    let catalog = Catalog::embedded();
    let uses = catalog.all_agency_uses();
    for row in &uses {
        let kind = grantlint::catalog::TerraformKind::Resource;
        assert!(catalog.terraform(kind, row.type_name).is_some_and(|it| it.alias_of.is_none()), "{}", row.type_name);
        for role in row.needs.iter().flat_map(|need| &need.any) {
            assert!(catalog.policy(role).is_some(), "{role}");
        }
        assert!(row.service.is_some() || row.needs.is_empty(), "{}: needs of no service are not told", row.type_name);
    }
    let needs = uses.iter().map(|row| row.needs.len()).sum::<usize>();
    let services = uses.iter().filter(|row| row.service.is_some()).count();
    assert_eq!((uses.len(), services, needs), (33, 22, 9));
}
