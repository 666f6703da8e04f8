//! Plans and states of Terraform: which calls they cause, where those are told, and what is told of broken ones.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::needless_pass_by_value, reason = "values are written where they are passed")]

mod program;

use program::{check, fixture, project};
use serde_json::{Value, json};

/// A policy that grants nothing of what the tests are about, so that every need is told.
const NOTHING: &str = r#"{ "Version": "1.1", "Statement": [{ "Effect": "Allow", "Action": ["ces:alarms:list"] }] }"#;

const REGION: &str = "cn-north-4";

/// The findings of a run over files, beside a policy that grants nothing.
fn findings(files: &[(&str, &str)]) -> Vec<Value> {
    let files: Vec<_> = files.iter().copied().chain([("iam/nothing.json", NOTHING)]).collect();
    let run = check(project(&files).path(), &[".", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.all()));
    report["findings"].as_array().unwrap().clone()
}

fn field(finding: &Value, key: &str) -> String {
    finding[key].as_str().unwrap_or_default().to_owned()
}

/// What certainly is needed: resource and action.
fn needed(files: &[(&str, &str)]) -> Vec<String> {
    told(files, "certain")
}

/// What perhaps is needed.
fn perhaps(files: &[(&str, &str)]) -> Vec<String> {
    told(files, "possible")
}

fn told(files: &[(&str, &str)], certainty: &str) -> Vec<String> {
    let findings = findings(files);
    let missing = findings.iter().filter(|one| one["rule"] == "missing-grant" && one["certainty"] == certainty);
    let lines = |one: &Value| {
        let address = field(one, "resource");
        actions(one).into_iter().map(move |action| format!("{address} {action}")).collect::<Vec<_>>()
    };
    let mut lines: Vec<String> = missing.flat_map(lines).collect();
    lines.sort();
    lines
}

fn actions(finding: &Value) -> Vec<String> {
    finding["actions"].as_array().unwrap().iter().map(|action| action.as_str().unwrap().to_owned()).collect()
}

fn is_about(finding: &Value, action: &str) -> bool {
    finding["actions"].as_array().unwrap().iter().any(|one| one == action)
}

/// One entry of `resource_changes`.
fn change(address: &str, actions: &[&str], before: Value, after: Value, unknown: Value) -> Value {
    let (module, resource) = match address
        .rfind("].")
        .map(|at| at + 1)
        .or_else(|| address.starts_with("module.").then(|| address.find(".huawei").unwrap()))
    {
        Some(at) if address.starts_with("module.") && !address[at..].ends_with(']') => {
            (&address[..at], &address[at + 1..])
        }
        _ => ("", address),
    };
    let is_data = resource.starts_with("data.");
    let mut parts = resource.trim_start_matches("data.").split(['.', '[']);
    let (kind, name) = (parts.next().unwrap(), parts.next().unwrap());
    let mut entry = json!({
        "address": address, "mode": if is_data { "data" } else { "managed" }, "type": kind, "name": name,
        "change": {
            "actions": actions, "before": before, "after": after, "after_unknown": unknown,
            "before_sensitive": false, "after_sensitive": false,
        },
    });
    if !module.is_empty() {
        entry["module_address"] = json!(module);
    }
    entry
}

/// A plan of a root module with one provider; `blocks` are its resources with their expressions.
fn plan(changes: &[Value], blocks: &[(&str, Value)]) -> Value {
    let block = |(address, expressions): &(&str, Value)| json!({ "address": address, "provider_config_key": "huaweicloud", "expressions": expressions });
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {
                "huaweicloud": { "name": "huaweicloud", "expressions": { "region": { "constant_value": REGION } } },
            },
            "root_module": { "resources": blocks.iter().map(block).collect::<Vec<_>>() },
        },
    })
}

fn of_plan(plan: &Value) -> Vec<String> {
    needed(&[("plan.json", &plan.to_string())])
}

fn volume(size: u32) -> Value {
    json!({ "name": "data", "size": size, "volume_type": "SSD", "charging_mode": null, "region": REGION })
}

const VOLUME: &str = "huaweicloud_evs_volume.data";

#[test]
fn each_action_causes_its_own_calls() {
    let (one, none) = (volume(10), Value::Null);
    for (actions, before, after, expected) in [
        (&["create"][..], &none, &one, &["evs:volumes:create", "evs:volumes:get"][..]),
        (&["delete"], &one, &none, &["evs:volumes:delete", "evs:volumes:get"]),
        (&["no-op"], &one, &one, &["evs:volumes:get"]),
        (&["forget"], &one, &none, &["evs:volumes:get"]),
        (&["delete", "create"], &one, &one, &["evs:volumes:create", "evs:volumes:delete", "evs:volumes:get"]),
        (&["create", "delete"], &one, &one, &["evs:volumes:create", "evs:volumes:delete", "evs:volumes:get"]),
    ] {
        let changes = [change(VOLUME, actions, before.clone(), after.clone(), json!({}))];
        let found = of_plan(&plan(&changes, &[(VOLUME, json!({}))]));
        let of_evs: Vec<_> = found
            .iter()
            .filter(|line| line.contains(" evs:"))
            .map(|line| line.replace(&format!("{VOLUME} "), ""))
            .collect();
        assert_eq!(of_evs, expected, "{actions:?}: {found:?}");
    }
}

#[test]
fn an_update_calls_what_the_changed_attributes_ask_for() {
    let name = json!({ "name": "other", "size": 10, "volume_type": "SSD", "region": REGION, "charging_mode": "" });
    for (after, expected) in [(volume(20), "evs:volumes:extend"), (name, "evs:volumes:update")] {
        let changes = [change(VOLUME, &["update"], volume(10), after, json!({}))];
        let files = [("plan.json", plan(&changes, &[(VOLUME, json!({}))]).to_string())];
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let is_change = |line: &String| [":extend", ":update"].iter().any(|end| line.ends_with(end));
        let certain: Vec<_> = needed(&files).into_iter().filter(is_change).collect();
        assert_eq!(certain, [format!("{VOLUME} {expected}")]);
        assert!(!perhaps(&files).iter().any(is_change), "{:?}", perhaps(&files));
    }
}

#[test]
fn what_only_the_apply_tells_may_change() {
    let before = json!({ "name": "data", "size": 10, "volume_type": "SSD", "region": REGION });
    let after = json!({ "name": "data", "volume_type": "SSD", "region": REGION });
    let changes = [change(VOLUME, &["update"], before, after, json!({ "size": true }))];
    let text = plan(&changes, &[(VOLUME, json!({ "size": { "references": ["var.x"] } }))]).to_string();
    let files = [("plan.json", text.as_str())];
    assert!(!needed(&files).iter().any(|line| line.ends_with(":extend")));
    assert!(perhaps(&files).contains(&format!("{VOLUME} evs:volumes:extend")), "{:?}", perhaps(&files));
}

#[test]
fn values_known_after_the_apply_are_set_where_they_are_an_id_and_absent_where_no_block_sets_them() {
    let image = "huaweicloud_images_image.copy";
    let known = json!({ "name": "copy", "region": REGION });
    let of = |unknown: Value, expressions: Value| {
        let changes = [change(image, &["create"], Value::Null, known.clone(), unknown)];
        let text = plan(&changes, &[(image, expressions)]).to_string();
        let files = [("plan.json", text.as_str())];
        let create = |lines: Vec<String>| {
            let lines = lines.into_iter().filter(|line| line.contains("Images:create"));
            lines.map(|line| line.replace(&format!("{image} "), "")).collect::<Vec<_>>()
        };
        (create(needed(&files)), create(perhaps(&files)))
    };
    let by_id = json!({ "instance_id": { "references": ["huaweicloud_compute_instance.a.id", "huaweicloud_compute_instance.a"] } });
    let (certain, open) = of(json!({ "instance_id": true }), by_id);
    assert_eq!((certain.as_slice(), open.as_slice()), (&[String::from("ims:serverImages:create")][..], &[][..]));
    let by_variable = json!({ "instance_id": { "references": ["local.id"] } });
    let (certain, open) = of(json!({ "instance_id": true }), by_variable);
    assert!(certain.is_empty() && open.len() == 2, "{certain:?} {open:?}");
    let (certain, open) = of(json!({ "instance_id": true, "vault_id": true }), json!({}));
    assert_eq!((certain.as_slice(), open.as_slice()), (&[String::from("ims:wholeImages:create")][..], &[][..]));
}

/// What comes of a grant in one region: whether the plan acts there.
fn region_of(plan: &Value) -> &'static str {
    let config =
        "principals:\n  p:\n    grants:\n      - policy: iam/all.json\n        scope: { regions: [eu-west-101] }\n";
    let all = r#"{ "Version": "1.1", "Statement": [{ "Effect": "Allow", "Action": ["evs:*:*", "ecs:*:*"] }] }"#;
    let text = plan.to_string();
    let folder = project(&[("grantlint.yaml", config), ("iam/all.json", all), ("plan.json", &text)]);
    let run = check(folder.path(), &[".", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let rules: Vec<_> =
        findings.iter().filter(|one| one["resource"] != Value::Null).map(|one| field(one, "rule")).collect();
    let tells = |rule: &str| rules.iter().any(|told| told == rule);
    match (tells("scope-mismatch"), tells("conditional-grant")) {
        (true, false) => "elsewhere",
        (false, true) => "open",
        (false, false) => "granted",
        (true, true) => panic!("{}", run.all()),
    }
}

#[test]
fn the_region_is_the_resource_s_own_or_the_provider_s_which_variables_may_settle() {
    let create = |after: Value, unknown: Value| change(VOLUME, &["create"], Value::Null, after, unknown);
    let volume = json!({ "name": "data", "size": 10 });
    let by_provider = |expression: Value, variables: Value| {
        let mut plan = plan(&[create(volume.clone(), json!({ "region": true }))], &[(VOLUME, json!({}))]);
        plan["configuration"]["provider_config"]["huaweicloud"]["expressions"]["region"] = expression;
        plan["variables"] = variables;
        plan["configuration"]["root_module"]["variables"] = json!({ "region": {} });
        plan
    };
    assert_eq!(region_of(&by_provider(json!({ "constant_value": "eu-west-101" }), json!({}))), "granted");
    assert_eq!(region_of(&by_provider(json!({ "constant_value": REGION }), json!({}))), "elsewhere");
    let reference = json!({ "references": ["var.region"] });
    let value = |region: &str| json!({ "region": { "value": region } });
    assert_eq!(region_of(&by_provider(reference.clone(), value("eu-west-101"))), "granted");
    assert_eq!(region_of(&by_provider(reference.clone(), value(REGION))), "elsewhere");
    // What an expression makes of a part of a region is not known.
    assert_eq!(region_of(&by_provider(reference, value("eu"))), "open");
    assert_eq!(region_of(&by_provider(json!({}), json!({}))), "open");
    let own = json!({ "name": "data", "size": 10, "region": "eu-west-101" });
    let plan = plan(&[create(own, json!({}))], &[(VOLUME, json!({}))]);
    assert_eq!(region_of(&plan), "granted");
}

#[test]
fn a_provider_within_a_module_is_told_by_the_module_s_call() {
    let address = "module.store.huaweicloud_evs_volume.data";
    let change = change(address, &["create"], Value::Null, json!({ "size": 10 }), json!({ "region": true }));
    let mut plan = plan(&[change], &[]);
    plan["configuration"] = json!({
        "provider_config": { "module.store:huaweicloud": {
            "name": "huaweicloud", "module_address": "module.store",
            "expressions": { "region": { "references": ["var.where"] } },
        } },
        "root_module": { "module_calls": { "store": {
            "source": "./store",
            "expressions": { "where": { "references": ["var.region"] } },
            "module": {
                "resources": [{
                    "address": "huaweicloud_evs_volume.data", "provider_config_key": "module.store:huaweicloud", "expressions": {},
                }],
                "variables": { "where": {} },
            },
        } } },
    });
    plan["variables"] = json!({ "region": { "value": "eu-west-101" } });
    assert_eq!(region_of(&plan), "granted");
}

#[test]
fn data_sources_are_read_during_the_apply_or_while_planning() {
    let during = "data.huaweicloud_vpcs.later";
    let mut plan = plan(
        &[change(during, &["read"], Value::Null, json!({}), json!({ "id": true }))],
        &[(during, json!({})), ("data.huaweicloud_vpcs.now", json!({}))],
    );
    let read = |name: &str| json!({ "address": format!("data.huaweicloud_vpcs.{name}"), "mode": "data", "type": "huaweicloud_vpcs", "name": name, "values": { "region": REGION } });
    // The last one is of a block that is no longer there.
    plan["prior_state"] = json!({ "values": { "root_module": { "resources": [read("now"), read("gone")] } } });
    let files = plan.to_string();
    let found = needed(&[("plan.json", &files)]);
    assert!(found.contains(&String::from("data.huaweicloud_vpcs.later vpc:vpcs:list")), "{found:?}");
    assert!(found.contains(&String::from("data.huaweicloud_vpcs.now vpc:vpcs:list")), "{found:?}");
    assert!(!found.iter().any(|line| line.contains("gone")), "{found:?}");
}

#[test]
fn what_a_plan_puts_off_may_happen_and_what_drifted_causes_nothing() {
    let mut plan = plan(&[], &[(VOLUME, json!({}))]);
    let create = change(VOLUME, &["create"], Value::Null, json!({ "size": 1, "region": REGION }), json!({}));
    plan["deferred_changes"] = json!([{ "reason": "provider_config_unknown", "resource_change": create }]);
    plan["resource_drift"] = json!([change(VOLUME, &["delete"], volume(1), Value::Null, json!({}))]);
    let text = plan.to_string();
    let files = [("plan.json", text.as_str())];
    assert_eq!(needed(&files), Vec::<String>::new());
    let found = findings(&files);
    let told = found.iter().find(|one| is_about(one, "evs:volumes:create")).unwrap();
    assert!(message_of(told).contains("the plan puts it off: provider config unknown"), "{told}");
}

fn message_of(finding: &Value) -> String {
    field(finding, "message")
}

#[test]
fn an_import_reads_and_calls_what_the_importer_does() {
    let address = "huaweicloud_lb_l7policy.a";
    let policy = json!({ "name": "a", "region": REGION });
    let mut entry = change(address, &["no-op"], policy.clone(), policy, json!({}));
    let reads = of_plan(&plan(std::slice::from_ref(&entry), &[(address, json!({}))]));
    entry["change"]["importing"] = json!({ "id": "1f" });
    let imports = of_plan(&plan(&[entry], &[(address, json!({}))]));
    let more: Vec<_> = imports.iter().filter(|line| !reads.contains(line)).collect();
    assert_eq!(more, [&format!("{address} elb:loadbalancers:list")], "{reads:?}");
}

#[test]
fn instances_that_cause_the_same_are_one_and_others_keep_their_address() {
    let create = |key: &str, size: u32| {
        change(&format!("{VOLUME}[\"{key}\"]"), &["create"], Value::Null, volume(size), json!({}))
    };
    let deposed = {
        let mut entry = change(&format!("{VOLUME}[\"a\"]"), &["delete"], volume(1), Value::Null, json!({}));
        entry["deposed"] = json!("0a1b2c3d");
        entry
    };
    let found = of_plan(&plan(&[create("a", 1), create("b", 2), deposed], &[(VOLUME, json!({}))]));
    assert!(found.contains(&format!("{VOLUME}[\"a\"] (and 1 more) evs:volumes:create")), "{found:?}");
    assert!(found.contains(&format!("{VOLUME}[\"a\"] (deposed object 0a1b2c3d) evs:volumes:delete")), "{found:?}");
}

/// Path, line and resource of each finding in the fixture.
fn places(arguments: &[&str]) -> Vec<String> {
    let run = check(&fixture("terraform-plan"), &[arguments, &["--format", "json", "--fail-on", "error"]].concat());
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let line = |one: &Value| {
        let at = &one["location"];
        format!("{}:{} {} {}", at["path"].as_str().unwrap(), at["line"], field(one, "resource"), actions(one).join(" "))
    };
    let certain = report["findings"].as_array().unwrap().iter().filter(|one| one["certainty"] == "certain");
    certain.map(line).collect()
}

#[test]
fn a_plan_beside_its_sources_points_into_them_and_stands_in_their_place() {
    assert_eq!(
        places(&["."]),
        [
            "modules/net/main.tf:10 module.net[\"blue\"].huaweicloud_vpc_subnet.this vpc:subnets:create",
            "modules/net/main.tf:10 module.net[\"green\"].huaweicloud_vpc_subnet.this vpc:subnets:update",
        ]
    );
    insta::assert_snapshot!("plan-human", check(&fixture("terraform-plan"), &["."]).all());
}

#[test]
fn a_plan_alone_points_at_its_own_addresses() {
    assert_eq!(
        places(&["plan.json", "iam"]),
        [
            "plan.json:23 module.net[\"blue\"].huaweicloud_vpc_subnet.this vpc:subnets:create",
            "plan.json:39 module.net[\"green\"].huaweicloud_vpc_subnet.this vpc:subnets:update",
        ]
    );
}

const SOURCES: &str = "provider \"huaweicloud\" {\n  region = \"cn-north-4\"\n}\n\nresource \"huaweicloud_evs_volume\" \"data\" {\n  size = 10\n}\n";

#[test]
fn a_root_module_of_which_there_is_no_plan_is_still_looked_at() {
    let plan = plan(&[change(VOLUME, &["no-op"], volume(1), volume(1), json!({}))], &[(VOLUME, json!({}))]).to_string();
    let creates = |files: &[(&str, &str)]| -> Vec<String> {
        let missing = findings(files).into_iter().filter(|one| is_about(one, "evs:volumes:create"));
        missing.map(|one| one["location"]["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(creates(&[("main.tf", SOURCES), ("out/plan.json", &plan)]), Vec::<String>::new());
    assert_eq!(creates(&[("a/main.tf", SOURCES), ("a/plan.json", &plan), ("b/main.tf", SOURCES)]), ["b/main.tf"]);
    // A plan of something else does not stand for the files beside it, nor does one that cannot be read.
    let other = SOURCES.replace("\"data\"", "\"other\"");
    assert_eq!(creates(&[("main.tf", &other), ("plan.json", &plan)]), ["main.tf"]);
    assert_eq!(creates(&[("main.tf", SOURCES), ("plan.json", &plan[..plan.len() - 9])]), ["main.tf"]);
}

fn state() -> Value {
    let resource = |address: &str, kind: &str, mode: &str| json!({ "address": address, "mode": mode, "type": kind, "name": address.rsplit('.').next(), "values": volume(10) });
    json!({
        "format_version": "1.0", "terraform_version": "1.11.4",
        "values": { "root_module": {
            "resources": [resource(VOLUME, "huaweicloud_evs_volume", "managed")],
            "child_modules": [{
                "address": "module.net[0]",
                "resources": [resource("module.net[0].data.huaweicloud_vpcs.all", "huaweicloud_vpcs", "data")],
            }],
        } },
    })
}

#[test]
fn what_a_state_holds_can_be_read_and_deleted() {
    let text = state().to_string();
    let found = needed(&[("state.json", &text)]);
    let expected = [
        "huaweicloud_evs_volume.data evs:volumes:delete",
        "huaweicloud_evs_volume.data evs:volumes:get",
        "module.net[0].data.huaweicloud_vpcs.all vpc:vpcs:list",
    ];
    assert!(expected.iter().all(|line| found.iter().any(|found| found == line)), "{found:?}");
    assert!(!found.iter().any(|line| line.ends_with(":create") || line.ends_with(":update")), "{found:?}");
}

fn state_file() -> Value {
    json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "0b", "outputs": {},
        "resources": [
            {
                "module": "module.store[\"eu\"]", "mode": "managed", "type": "huaweicloud_evs_volume", "name": "data",
                "provider": "provider[\"registry.terraform.io/huaweicloud/huaweicloud\"]",
                "instances": [
                    { "index_key": 0, "schema_version": 0, "attributes": volume(10), "private": "aHVzaA==" },
                    { "index_key": 1, "schema_version": 0, "attributes": volume(20) },
                ],
            },
            {
                "mode": "managed", "type": "random_password", "name": "root",
                "instances": [{ "attributes": { "result": "hush-hush" } }],
            },
        ],
    })
}

#[test]
fn a_state_file_is_read_as_what_is_shown_of_it() {
    let text = state_file().to_string();
    let found = needed(&[("terraform.tfstate", &text)]);
    let address = "module.store[\"eu\"].huaweicloud_evs_volume.data[0] (and 1 more)";
    for line in [format!("{address} evs:volumes:delete"), format!("{address} evs:volumes:get")] {
        assert!(found.contains(&line), "{found:?}");
    }
}

#[test]
fn a_state_beside_its_sources_adds_what_they_no_longer_declare() {
    let mut state = state();
    let gone = json!({ "address": "huaweicloud_evs_volume.gone", "mode": "managed", "type": "huaweicloud_evs_volume", "name": "gone", "values": volume(1) });
    state["values"]["root_module"]["resources"].as_array_mut().unwrap().push(gone);
    let text = state.to_string();
    let found = findings(&[("main.tf", SOURCES), ("state.json", &text)]);
    let deletes = found.iter().filter(|one| is_about(one, "evs:volumes:delete"));
    let places: Vec<_> =
        deletes.map(|one| format!("{} {}", one["location"]["path"].as_str().unwrap(), resource_of(one))).collect();
    assert_eq!(places, ["main.tf huaweicloud_evs_volume.data", "state.json huaweicloud_evs_volume.gone"]);
}

fn resource_of(finding: &Value) -> String {
    field(finding, "resource")
}

#[test]
fn what_is_secret_is_in_no_message() {
    let bucket = "huaweicloud_obs_bucket.logs";
    let mut entry = change(
        bucket,
        &["create"],
        Value::Null,
        json!({ "bucket": "hush-hush", "tags": { "a": "hush-hush" } }),
        json!({}),
    );
    entry["change"]["after_sensitive"] = json!({ "bucket": true, "tags": true });
    let mut plan = plan(&[entry], &[(bucket, json!({ "bucket": { "references": ["var.bucket"] } }))]);
    plan["variables"] = json!({ "bucket": { "value": "hush-hush" } });
    let state = state_file();
    let broken =
        r#"{"format_version":"1.2","terraform_version":"1.11.4","variables":{"bucket":{"value":"hush-hush"}},"a":"#;
    for (name, text) in [
        ("plan.json", plan.to_string()),
        ("plan.json", serde_json::to_string_pretty(&plan).unwrap()),
        ("terraform.tfstate", state.to_string()),
        ("terraform.tfstate", serde_json::to_string_pretty(&state).unwrap()),
        ("plan.json", broken.to_owned()),
    ] {
        let folder = project(&[(name, &text), ("iam/nothing.json", NOTHING)]);
        for format in ["human", "json"] {
            let run = check(folder.path(), &[".", "--format", format]);
            assert!(!run.all().contains("hush") && run.code == 1, "{}", run.all());
        }
    }
}

#[test]
fn what_cannot_be_read_is_told_once_at_its_place_with_a_way_out() {
    let plan = plan(&[change(VOLUME, &["create"], Value::Null, volume(1), json!({}))], &[(VOLUME, json!({}))]);
    let with = |path: &str, value: Value| {
        let mut plan = plan.clone();
        *plan.pointer_mut(path).unwrap() = value;
        plan.to_string()
    };
    let mut old = state_file();
    old["version"] = json!(3);
    for (text, expected) in [
        (plan.to_string().trim_end_matches('}').to_owned(), "the plan cannot be parsed: "),
        (with("/format_version", json!("2.0")), "the plan has the format 2.0, and only 1 is known"),
        (with("/format_version", json!(1)), "`format_version` has to be a text, and this is a number"),
        (with("/resource_changes", json!({})), "`resource_changes` has to be a list, and this is a mapping"),
        (with("/resource_changes/0", json!("x")), "a mapping has to stand here, and this is a text"),
        (with("/resource_changes/0/type", json!(null)), "`type` has to be a text, and this is nothing"),
        (with("/resource_changes/0/change", json!(null)), "`change` is missing"),
        (with("/resource_changes/0/change/after", json!([1])), "`after` has to be a mapping, and this is a list"),
        (with("/resource_changes/0/change/actions", json!(["explode"])), "the action `explode` is not known"),
        (with("/resource_changes/0/change/actions", json!("create")), "`actions` has to be a list"),
        (with("/configuration", json!([])), "`configuration` has to be a mapping, and this is a list"),
        (old.to_string(), "the state is not of version 4, the only one that is known"),
    ] {
        let found = findings(&[("plan.json", &text)]);
        let told: Vec<_> = found.iter().filter(|one| one["rule"] == "invalid-manifest").collect();
        assert_eq!(told.len(), 1, "{expected}: {found:?}");
        assert!(message_of(told[0]).starts_with(expected), "{}", told[0]);
        assert!(!field(told[0], "help").is_empty(), "{}", told[0]);
        assert!(told[0]["location"]["column"].as_u64() > Some(1), "{}", told[0]);
    }
}

#[test]
fn a_plan_whose_run_failed_is_told_and_read_as_far_as_it_goes() {
    let mut plan = plan(&[change(VOLUME, &["create"], Value::Null, volume(1), json!({}))], &[(VOLUME, json!({}))]);
    plan["errored"] = json!(true);
    let found = findings(&[("plan.json", &plan.to_string())]);
    assert!(
        found.iter().any(|one| one["rule"] == "invalid-manifest" && message_of(one).starts_with("planning stopped"))
    );
    assert!(found.iter().any(|one| is_about(one, "evs:volumes:create")));
}

#[test]
fn a_plan_in_utf_16_or_as_terraform_saves_it_is_told_with_the_way_out() {
    let text = plan(&[], &[]).to_string();
    let utf_16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let folder = project(&[]);
    std::fs::write(folder.path().join("plan.json"), utf_16).unwrap();
    let mut saved = b"PK\x03\x04".to_vec();
    saved.resize(30, 0);
    saved.extend(b"tfplan");
    std::fs::write(folder.path().join("saved"), saved).unwrap();
    assert!(check(folder.path(), &["."]).stdout.contains("the file is UTF-16; save it as UTF-8"));
    let named = check(folder.path(), &["saved"]);
    assert!(named.stdout.contains("terraform show -json saved") && named.code == 1, "{}", named.all());
}

#[test]
fn other_json_files_are_left_alone() {
    for text in [
        r#"{ "format_version": "1.0", "provider_schemas": { "a": { "values": 1 } } }"#,
        r#"{ "terraform_version": "1.11.4", "platform": "linux_amd64", "values": {} }"#,
        r#"{ "plan": { "format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": 1 } }"#,
    ] {
        assert_eq!(findings(&[("other.json", text)]), Vec::<Value>::new(), "{text}");
    }
}
