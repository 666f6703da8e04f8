//! `grantlint catalog info|show|search|check`: what they tell, and how they end.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::path::Path;

use program::{Run, catalog, project};
use serde_json::Value;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let run = catalog(folder, &[arguments, &["--format", "json"]].concat());
    let value: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {}", run.all()));
    assert_eq!(value["schema"], 1);
    assert_eq!(value["tool"]["name"], "grantlint");
    value
}

/// The cards that some words mean.
fn cards(arguments: &[&str]) -> Vec<Value> {
    json(here(), &[&["show"], arguments].concat())["cards"].as_array().unwrap().clone()
}

fn one(arguments: &[&str]) -> Value {
    let cards = cards(arguments);
    assert_eq!(cards.len(), 1, "{arguments:?}: {cards:#?}");
    cards[0].clone()
}

/// The field of each element of a list.
fn each(list: &Value, field: &str) -> Vec<String> {
    let elements = list.as_array().unwrap().iter();
    elements.map(|element| element[field].as_str().unwrap().to_owned()).collect()
}

fn names(found: &Value) -> Vec<String> {
    each(&found["search"]["results"], "name")
}

/// How many lines of the files in a folder of `rules/` fit.
fn lines(folder: &str, fits: impl Fn(&str) -> bool) -> usize {
    let files = std::fs::read_dir(here().join("rules").join(folder)).unwrap();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    texts.map(|text| text.lines().filter(|line| fits(line)).count()).sum()
}

const OWN: &str = "service: ims\nsources:\n  page: { document: internal, date: 2026-01-01 }\napis:\n  \
                   POST /v1/cloudimages/{id}/copy:\n    actions: [ims:images:copy]\n    source: page\n  \
                   POST /v9/images:\n    actions: [ims:images:grow]\n    source: page\n";

/// A project whose configuration adds one extension.
fn extended() -> tempfile::TempDir {
    project(&[("grantlint.yaml", "catalog: { extend: [\"own/*.yaml\"] }\n"), ("own/ims.yaml", OWN)])
}

#[test]
fn figures_are_those_that_can_be_counted_in_the_files() {
    let info = json(here(), &["info"])["info"].clone();
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let is_api = |line: &str| line.starts_with("  ") && !line.starts_with("   ") && line.contains(" /");
    assert_eq!(number(&info["apis"]["rows"]), lines("permissions", |line| is_api(line) && line.ends_with(':')));
    let is_deprecated = |line: &str| line.trim() == "deprecated: true" && line.starts_with("    d");
    assert_eq!(number(&info["apis"]["deprecated"]), lines("permissions", is_deprecated));
    assert_eq!(number(&info["terraform"]["calls"]), lines("terraform", |line| line.trim().starts_with("- { api:")));
    let is_type = |line: &str| line.starts_with("  huaweicloud_");
    let types = number(&info["terraform"]["resources"]) + number(&info["terraform"]["data_sources"]);
    assert_eq!(types, lines("terraform", is_type));
    let aliases = lines("terraform", |line| line.trim().starts_with("alias_of:"));
    assert_eq!(number(&info["terraform"]["aliases"]), aliases);
    assert_eq!(number(&info["policies"]["all"]), lines("policies", |line| line.starts_with("  - name:")));
    let policies = &info["policies"];
    let bodies = number(&policies["known"]) + number(&policies["assumed"]) + number(&policies["unknown"]);
    assert_eq!(bodies, number(&policies["all"]));
}

#[test]
fn an_operation_is_shown_with_what_check_asks_for_it() {
    let rows = |name: &str| json(here(), &["show", name])["cards"][0]["rows"].clone();
    let reboot = rows("bms BatchRebootBaremetalServers");
    assert_eq!(reboot[0]["actions"].as_array().unwrap().len(), 1, "{reboot}");
    let create = rows("gaussdb CreateGaussMySqlInstance");
    assert_eq!(create[0]["service"], "taurusdb", "the SDK calls TaurusDB by another code: {create}");
}

#[test]
fn the_sources_are_listed_with_their_dates() {
    let info = json(here(), &["info", "--service", "ims", "--sources"])["info"].clone();
    let documents = info["documents"].as_array().unwrap();
    assert_eq!(documents.len(), usize::try_from(info["sources"]["documents"].as_u64().unwrap()).unwrap());
    assert_eq!(documents[0]["date"], info["sources"]["newest"], "the newest first");
    assert!(documents.last().unwrap()["date"].is_null(), "the undated last");
    assert_eq!(json(here(), &["info"])["info"]["documents"], Value::Array(Vec::new()), "only when asked for");
}

#[test]
fn the_figures_of_services_add_up() {
    let info = json(here(), &["info"])["info"].clone();
    for pointer in
        ["/apis/rows", "/terraform/calls", "/terraform/calls_with_action", "/operations/all", "/policies/all"]
    {
        let services = info["by_service"].as_array().unwrap().iter();
        let sum: u64 = services.map(|own| own.pointer(pointer).unwrap().as_u64().unwrap()).sum();
        assert_eq!(Some(sum), info.pointer(pointer).unwrap().as_u64(), "{pointer}");
    }
    let own = json(here(), &["info", "--service", "IMS"])["info"].clone();
    assert_eq!((own["service"].as_str(), own["apis"]["rows"].as_u64()), (Some("ims"), Some(39)));
    let run = catalog(here(), &["info", "--services"]);
    assert!(run.stdout.lines().any(|line| line.starts_with("ims ")), "{}", run.stdout);
}

#[test]
fn an_extension_is_told_and_a_row_that_it_replaces_is_counted_once() {
    let folder = extended();
    let (plain, more) = (json(here(), &["info"]), json(folder.path(), &["info"]));
    let rows = |info: &Value| info["info"]["apis"]["rows"].as_u64().unwrap();
    assert_eq!(rows(&more), rows(&plain) + 1);
    let extension = &more["info"]["extensions"][0];
    assert_eq!(extension["file"], "own/ims.yaml");
    assert_eq!((extension["apis"].as_u64(), extension["overrides"].as_u64()), (Some(2), Some(1)));
    let card = json(folder.path(), &["show", "POST /v1/cloudimages/{image_id}/copy"])["cards"][0].clone();
    assert_eq!(card["depends"].as_array().unwrap().len(), 0, "the newer row counts: {card:#}");
    assert_eq!(card["source"]["extension"], "own/ims.yaml");
    let elsewhere = project(&[]);
    let config = folder.path().join("grantlint.yaml");
    let named = json(elsewhere.path(), &["info", "--config", config.to_str().unwrap()]);
    assert_eq!(rows(&named), rows(&more), "--config counts");
}

#[test]
fn an_action_is_shown_with_the_apis_types_and_policies_that_it_concerns() {
    let card = one(&["ims:images:COPY"]);
    assert_eq!((card["kind"].as_str(), card["action"].as_str()), (Some("action"), Some("ims:images:copy")));
    let apis = ["POST /v1/cloudimages/{image_id}/copy", "POST /v1/cloudimages/{image_id}/cross_region_copy"];
    assert_eq!(each(&card["apis"], "api"), apis);
    assert_eq!(card["apis"][0]["source"]["date"], "2025-04-21");
    assert_eq!(card["scopes"]["project"], true);
    assert_eq!(card["scopes"]["enterprise_project"], Value::Null, "the two APIs differ");
    assert!(each(&card["policies"], "policy").contains(&"Tenant Administrator".to_owned()));
    assert!(each(&card["terraform"], "type").contains(&"huaweicloud_images_image_copy".to_owned()));
    assert_eq!(each(&card["operations"], "name"), ["CopyImageCrossRegion", "CopyImageInRegion"]);
    let dependents = one(&["kms:cmk:list"]);
    assert!(each(&dependents["dependents"], "names").contains(&"kms:*:*".to_owned()), "by a pattern too");
}

#[test]
fn a_pattern_is_shown_with_what_it_covers() {
    let card = one(&["ims:images:*"]);
    assert_eq!(card["kind"], "pattern");
    assert!(each(&card["covers"], "action").iter().all(|action| action.starts_with("ims:images:")));
    assert_eq!(each(&card["covers"], "action").len(), 9);
}

#[test]
fn an_api_is_found_by_template_by_a_concrete_path_and_without_its_method() {
    let key = "POST /v1/cloudimages/{image_id}/cross_region_copy";
    for words in [
        &[key][..],
        &["POST", "/v1/cloudimages/4f0a/cross_region_copy"],
        &["/v1/cloudimages/{id}/cross_region_copy"],
        &[key, "--service", "ims"],
    ] {
        let card = one(words);
        assert_eq!((card["kind"].as_str(), card["api"].as_str()), (Some("api"), Some(key)), "{words:?}");
        assert_eq!(each(&card["actions"], "action"), ["ims:images:copy"]);
        assert_eq!(each(&card["operations"], "name"), ["CopyImageCrossRegion"]);
        assert_eq!(each(&card["terraform"], "type"), ["huaweicloud_images_image_copy"]);
    }
    let when = one(&["POST /v1/cloudimages/{id}/copy"])["actions"][1]["when"].clone();
    assert_eq!(when["code"], "enterprise-project-enabled");
    assert!(when["meaning"].as_str().unwrap().contains("enterprise-project feature"));
}

#[test]
fn an_api_that_only_its_callers_know_is_shown_without_a_row() {
    let card = one(&["GET /v1/{project_id}/jobs/{job_id}", "--service", "ims"]);
    assert_eq!(card["has_row"], false);
    assert!(each(&card["terraform"], "type").contains(&"huaweicloud_images_image".to_owned()));
}

#[test]
fn a_terraform_type_is_shown_with_its_calls_their_gates_and_actions() {
    let card = one(&["huaweicloud_images_image_copy"]);
    assert_eq!((card["kind"].as_str(), card["block"].as_str()), (Some("terraform-type"), Some("resource")));
    let call = &card["calls"][0];
    assert_eq!(call["phases"][0]["phase"], "create");
    assert!(call["phases"][0]["gate"].as_str().unwrap().contains("target_region"));
    assert_eq!(call["rows"][0]["actions"][0]["action"], "ims:images:copy");
    assert_eq!(cards(&["huaweicloud_vpc"]).len(), 2, "resource and data source");
    assert_eq!(one(&["data.huaweicloud_vpc"])["block"], "data");
}

#[test]
fn an_operation_is_found_in_every_way_in_which_people_write_it() {
    for words in [&["ims CreateImage"][..], &["IMS", "createimage"], &["ims:CreateImage"], &["ims:CreateImage/v2"]] {
        let card = one(words);
        assert_eq!(
            (card["kind"].as_str(), card["name"].as_str()),
            (Some("operation"), Some("CreateImage")),
            "{words:?}"
        );
        assert_eq!(card["api"], "POST /v2/cloudimages/action");
        assert!(!card["rows"].as_array().unwrap().is_empty());
    }
    assert!(cards(&["CreateImage/v2"]).iter().any(|card| card["service"] == "ims"));
    assert_eq!(one(&["CreateImage", "--service", "ims"])["service"], "ims");
}

#[test]
fn a_policy_is_found_by_each_of_its_names() {
    for name in ["IMS ReadOnlyAccess", "ims readonlyaccess", "system_all_22", "IMS Viewer"] {
        let card = one(&[name]);
        assert_eq!(
            (card["kind"].as_str(), card["name"].as_str()),
            (Some("policy"), Some("IMS ReadOnlyAccess")),
            "{name}"
        );
    }
}

#[test]
fn a_service_is_shown_with_its_figures() {
    let card = one(&["ims"]);
    assert_eq!((card["kind"].as_str(), card["reach"].as_str()), (Some("service"), Some("regional")));
    assert_eq!(card["figures"]["apis"]["rows"], 39);
}

#[test]
fn a_name_that_is_not_there_is_answered_with_the_nearest_ones() {
    for (words, near) in [
        (&["ims:imgaes:copy"][..], "did you mean `ims:images:copy`?"),
        (&["huaweicloud_images_imagecopy"], "`huaweicloud_images_image_copy`"),
        (&["IMS ReadOnlyAcess"], "did you mean `IMS ReadOnlyAccess`, "),
        (&["POST", "/v1/cloudimages/{image_id}/kopy"], "`POST /v1/cloudimages/{image_id}/copy`"),
        (&["nothing like it at all"], "`grantlint catalog search`"),
    ] {
        let run = catalog(here(), &[&["show"], words].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{words:?}");
        assert!(run.stderr.contains(near) && run.stderr.lines().count() == 1, "{words:?}: {}", run.stderr);
    }
    let run = catalog(here(), &["info", "--service", "imz"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("did you mean `ims`?"), "{}", run.stderr);
}

#[test]
fn a_search_takes_words_in_any_order_and_forgives_slips() {
    let best = |query: &[&str]| names(&json(here(), &[&["search"], query].concat()))[0].clone();
    assert_eq!(best(&["imgaes copy"]), "ims:images:copy");
    assert_eq!(best(&["copy", "images"]), "ims:images:copy");
    assert_eq!(best(&["ims:images:copy"]), "ims:images:copy");
    assert_eq!(best(&["createimage ims", "--kind", "operation"]), "ims CreateImage/v2");
    assert_eq!(best(&["cross_region_copy", "--kind", "api"]), "POST /v1/cloudimages/{image_id}/cross_region_copy");
    assert_eq!(best(&["image copy", "--kind", "resource"]), "huaweicloud_images_image_copy");
    assert_eq!(best(&["tenant administrator"]), "Tenant Administrator");
    assert_eq!(best(&["system_all_22"]), "IMS ReadOnlyAccess", "by a name that is not shown first");
}

#[test]
fn a_search_has_a_limit_and_says_how_much_more_there_is() {
    let found = json(here(), &["search", "image", "--limit", "3"]);
    assert_eq!(names(&found).len(), 3);
    assert!(found["search"]["total"].as_u64().unwrap() > 20);
    assert_eq!(names(&json(here(), &["search", "image"])).len(), 20);
    let kinds = each(&json(here(), &["search", "image", "--kind", "role,policy"])["search"]["results"], "kind");
    assert!(kinds.iter().all(|kind| kind == "role" || kind == "policy"));
    let scores = json(here(), &["search", "image"])["search"]["results"].clone();
    assert!(scores.as_array().unwrap().iter().map(|hit| hit["score"].as_u64().unwrap()).is_sorted_by(|a, b| a >= b));
}

#[test]
fn a_search_that_finds_nothing_ends_with_1_and_a_hint() {
    for query in ["qqqqzzzz", "image qqqqzzzz", "::"] {
        let run = catalog(here(), &["search", query]);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{query}");
        assert!(run.stderr.contains("fewer or shorter words"), "{}", run.stderr);
    }
}

#[test]
fn what_is_shown_finds_itself() {
    for kind in ["action", "api", "resource", "data-source", "operation", "policy", "role", "service"] {
        let found = json(here(), &["search", "ims", "--kind", kind, "--limit", "3"]);
        for name in names(&found) {
            assert_eq!(catalog(here(), &["show", &name]).code, 0, "{kind} {name}");
        }
    }
}

#[test]
fn colours_are_there_when_asked_for_and_not_in_a_pipe() {
    for words in [&["info"][..], &["show", "ims:images:copy"], &["search", "image"]] {
        assert!(!catalog(here(), words).stdout.contains('\u{1b}'), "{words:?}");
        assert!(catalog(here(), &[words, &["--color", "always"]].concat()).stdout.contains('\u{1b}'), "{words:?}");
    }
}

/// `severity kind line` of each remark.
fn remarks(folder: &Path, files: &[&str]) -> Vec<String> {
    let checked = json(folder, &[&["check"], files].concat());
    let remarks = checked["check"]["remarks"].as_array().unwrap().iter();
    let text = |remark: &Value| {
        let (severity, kind) = (remark["severity"].as_str().unwrap(), remark["kind"].as_str().unwrap());
        format!("{severity} {kind} {}", remark["location"]["line"])
    };
    remarks.map(text).collect()
}

#[test]
fn a_sound_extension_is_told_what_it_changes() {
    let folder = extended();
    assert_eq!(remarks(folder.path(), &["own/ims.yaml"]), ["note override 5"]);
    let run = catalog(folder.path(), &["check", "own/ims.yaml"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("takes the place of"), "{}", run.stdout);
    assert!(run.stdout.contains("ims:serverImages:create (when enterprise-project-enabled)"), "{}", run.stdout);
}

#[test]
fn what_a_writer_may_not_have_meant_is_a_warning() {
    let text = OWN.replace("service: ims", "service: imss").replace(", date: 2026-01-01", "");
    let folder = project(&[("x.yaml", &text)]);
    assert_eq!(remarks(folder.path(), &["x.yaml"]), ["warning unknown-service 1", "warning undated-source 3"]);
    let run = catalog(folder.path(), &["check", "x.yaml"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("did you mean `ims`?"), "{}", run.stdout);
    let types = "service: ims\nsource: { document: x, date: 2026-01-01 }\nresources:\n  huaweicloud_x:\n    calls:\n      \
                 - { api: GET /v1/x, service: epss, read: always }\n";
    let folder = project(&[("x.yaml", types)]);
    assert_eq!(remarks(folder.path(), &["x.yaml"]), ["warning unknown-service 6"], "of a call too");
}

#[test]
fn the_first_mistake_of_every_file_is_shown_in_its_source() {
    let folder = project(&[
        ("api.yaml", "service: things\napis:\n  POST v9: {}\n"),
        ("action.yaml", &OWN.replace("[ims:images:copy]", "[copy]")),
        ("empty.yaml", ""),
        ("sound.yaml", OWN),
    ]);
    let files = ["api.yaml", "action.yaml", "empty.yaml", "sound.yaml"];
    let expected = ["error mistake 3", "error mistake 6", "error mistake 1", "note override 5"];
    assert_eq!(remarks(folder.path(), &files), expected);
    let run: Run = catalog(folder.path(), &["check", "api.yaml", "action.yaml"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.all());
}

#[test]
fn a_file_that_is_not_there_ends_the_run_with_2() {
    let folder = extended();
    let run = catalog(folder.path(), &["check", "own/imz.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("did you mean `own/ims.yaml`?"), "{}", run.stderr);
    let run = catalog(folder.path(), &["show", "ims", "--config", "missing.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("missing.yaml"), "{}", run.stderr);
}
