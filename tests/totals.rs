//! The table holds every fact that was gathered: the files of `rules/`, counted, against the totals of the facts.
#![allow(clippy::expect_used, clippy::panic, reason = "the functions beside the tests fail like the tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use grantlint::catalog::{Catalog, TerraformKind};
use serde_yaml::Value;

/// The files of a folder of `rules/`, in the order of their names, with what they say.
fn files(folder: &str) -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(folder);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(&folder).expect("the folder").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("the file");
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The members of the map or list under a key, over all files of a folder.
fn count(folder: &str, key: &str) -> usize {
    files(folder).iter().map(|(_, file)| size(file.get(key))).sum()
}

fn size(value: Option<&Value>) -> usize {
    let in_map = value.and_then(Value::as_mapping).map(serde_yaml::Mapping::len);
    in_map.or_else(|| value.and_then(Value::as_sequence).map(Vec::len)).unwrap_or_default()
}

#[test]
fn every_documented_api_has_a_row() {
    // 4,047 rows, one more from the annotations of API definitions, and 33 of which a page says that no
    // identity policy is needed.
    assert_eq!(count("permissions", "apis"), 4_047 + 1 + 33);
    assert_eq!(files("permissions").len(), 100);
}

#[test]
fn every_described_action_is_there() {
    assert_eq!(count("identity", "actions"), 1_534);
    let catalog = Catalog::embedded();
    for (path, file) in files("identity") {
        for (action, _) in file.get("actions").and_then(Value::as_mapping).expect("actions") {
            let action = action.as_str().expect("a name");
            assert!(catalog.identity_action(action).is_some(), "{action} of {}", path.display());
        }
    }
}

#[test]
fn every_terraform_type_is_recognised() {
    let (resources, data) = (count("terraform", "resources"), count("terraform", "data"));
    assert_eq!((resources, data, resources + data), (1_956, 2_524, 4_480));
    let catalog = Catalog::embedded();
    for (path, file) in files("terraform") {
        for (key, kind) in [("resources", TerraformKind::Resource), ("data", TerraformKind::Data)] {
            for (name, _) in file.get(key).and_then(Value::as_mapping).into_iter().flatten() {
                let name = name.as_str().expect("a name");
                assert!(catalog.terraform(kind, name).is_some(), "{name} of {}", path.display());
            }
        }
    }
}

#[test]
fn every_operation_of_the_sdks_leads_to_an_api() {
    let catalog = Catalog::embedded();
    let mut all = 0;
    for (path, file) in files("operations") {
        let service = file.get("service").and_then(Value::as_str).expect("a service");
        for (version, operations) in file.get("versions").and_then(Value::as_mapping).expect("versions") {
            let version = version.as_str().expect("a version");
            for (name, _) in operations.as_mapping().expect("operations") {
                let name = name.as_str().expect("a name");
                let found = catalog.operation(service, name, Some(version));
                assert_eq!(found.len(), 1, "{service} {name}/{version} of {}", path.display());
                all += 1;
            }
        }
    }
    assert_eq!(all, 16_400);
}

#[test]
fn every_policy_and_service_is_there_once() {
    let policies = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/policies/system.yaml"));
    // 241, a role that API pages ask for and no list has, and two policies for agencies that copy images.
    assert_eq!(size(policies.get("policies")), 241 + 1 + 2);
    let services = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/services.yaml"));
    let codes: BTreeSet<&str> = services
        .get("services")
        .and_then(Value::as_sequence)
        .into_iter()
        .flatten()
        .filter_map(|service| service.get("code").and_then(Value::as_str))
        .collect();
    assert_eq!((codes.len(), size(services.get("services"))), (249, 249));
    assert_eq!(Catalog::embedded().services(), codes.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_way_to_more_rights_is_there() {
    let file = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/escalations.yaml"));
    let names: Vec<&str> = file
        .get("ways")
        .and_then(Value::as_mapping)
        .into_iter()
        .flatten()
        .filter_map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names.len(), 14);
    let catalog = Catalog::embedded();
    assert_eq!(catalog.escalations().iter().map(|way| way.id).collect::<Vec<_>>(), names);
}

#[test]
fn every_row_has_a_source_that_its_file_defines() {
    for folder in ["permissions", "identity"] {
        for (path, file) in files(folder) {
            let sources = file.get("sources").and_then(Value::as_mapping).expect("sources");
            for key in ["apis", "actions"] {
                for (name, row) in file.get(key).and_then(Value::as_mapping).into_iter().flatten() {
                    let source = row.get("source").expect("a source");
                    assert!(sources.contains_key(source), "{name:?} of {}", path.display());
                }
            }
        }
    }
}
