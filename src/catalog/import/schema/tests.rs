use serde_json::json;

use super::*;
use crate::catalog::{ApiMatch, Operation};

fn catalog() -> Catalog {
    Catalog::embedded()
}

fn schema(actions: &serde_json::Value, operations: &serde_json::Value) -> String {
    json!({ "version": "v1", "actions": actions, "operations": operations }).to_string()
}

fn read_text(text: &str) -> Draft {
    read(text, "a schema", None, &catalog()).unwrap()
}

/// The catalog with all that an import gave.
fn extended(draft: &Draft) -> Catalog {
    let mut catalog = catalog();
    for file in draft.files() {
        catalog.extend(&file.path, &file.text).unwrap_or_else(|errors| panic!("{errors:?}\n{}", file.text));
    }
    catalog
}

fn told(draft: &Draft) -> Vec<&str> {
    draft.unread.iter().map(|unread| unread.what.as_str()).collect()
}

#[test]
fn what_is_known_of_an_api_in_the_other_grammar_stays() {
    let text = schema(
        &json!([{ "name": "ims:images:copyInRegion", "access_level": "write", "aliases": ["ims:images:copy"] }]),
        &json!([{ "operation_id": "CopyImageInRegion", "operation_action": "ims:images:copyInRegion" }]),
    );
    let draft = read_text(&text);
    assert_eq!(told(&draft), [""; 0]);
    let (old, new) = (catalog(), extended(&draft));
    let operation: Vec<Operation<'_>> = new.operation("ims", "CopyImageInRegion", None);
    let of = |catalog: &Catalog| match catalog.find(Some("ims"), &operation[0].api) {
        ApiMatch::One(api) => format!("{:?} {:?}", api.actions, api.scopes),
        other => panic!("{other:?}"),
    };
    assert_eq!(of(&old), of(&new));
    let ApiMatch::One(api) = new.find(Some("ims"), &operation[0].api) else { panic!("one row") };
    assert_eq!(
        (api.identity[0].action, &api.identity_aliases[..]),
        ("ims:images:copyInRegion", &["ims:images:copy"][..])
    );
    assert_eq!(api.source.document, "a schema");
}

#[test]
fn operations_of_one_api_are_cases() {
    let operation = |name: &str, action: &str, depends: &[&str]| json!({ "operation_id": name, "operation_action": action, "dependent_actions": depends });
    let text = schema(
        &json!([{ "name": "ecs:cloudServers:start", "access_level": "write" }]),
        &json!([
            operation("BatchStartServers", "ecs:cloudServers:start", &["kms:cmk:get", "ims:images:get"]),
            operation("BatchStopServers", "ecs:cloudServers:stop", &["kms:cmk:get"]),
            operation("batchstopservers", "ecs:cloudServers:halt", &[]),
        ]),
    );
    let draft = read_text(&text);
    let row = draft.apis.iter().find(|row| row.api.ends_with("cloudservers/action")).unwrap();
    assert_eq!(row.identity_cases.len(), 2);
    assert_eq!(row.identity_cases[0], ("ecs:cloudServers:start".to_owned(), "request-starts-servers".to_owned()));
    assert_eq!(row.identity_depends, ["kms:cmk:get"]);
    assert_eq!(told(&draft).len(), 2, "{:?}", draft.unread);
    let catalog = extended(&draft);
    let stop = &catalog.operation("ecs", "BatchStopServers", None)[0];
    let ApiMatch::One(api) = catalog.find(Some("ecs"), &stop.api) else { panic!("one row") };
    let needs: Vec<&str> = api.settled(&catalog.cases(stop)).identity.iter().map(|need| need.action).collect();
    assert_eq!(needs, ["ecs:cloudServers:stop"]);
}

#[test]
fn a_condition_is_made_up_where_the_table_has_none() {
    let all = catalog();
    let by_api = |service: &str| {
        let mut apis: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
        for name in all.operations_of(service) {
            for operation in all.operation(service, name, None) {
                apis.entry(operation.api.identity()).or_default().push((name.to_owned(), operation.when.is_empty()));
            }
        }
        apis.into_values()
            .find(|names| names.len() == 2 && names[0].0 != names[1].0 && names.iter().all(|(_, bare)| *bare))
    };
    let (service, names) = all.services().into_iter().find_map(|code| Some((code, by_api(code)?))).unwrap();
    let operations: Vec<serde_json::Value> = names
        .iter()
        .enumerate()
        .map(
            |(number, (name, _))| json!({ "operation_id": name, "operation_action": format!("{service}::do{number}") }),
        )
        .collect();
    let draft = read_text(&schema(&json!([]), &json!(operations)));
    assert_eq!(draft.when.len(), 2, "{service} {names:?} {draft:?}");
    let mut catalog = extended(&draft);
    let (code, meaning) = draft.when.first_key_value().unwrap();
    assert_eq!(catalog.when_meaning(code), Some(meaning.as_str()));
    for file in draft.files() {
        catalog.extend(&file.path, &file.text).unwrap();
    }
}

#[test]
fn services_are_found_by_the_words_of_the_vendor() {
    for (prefix, operation) in
        [("rms", "ListAllResources"), ("rf", "CreateStack"), ("IAM", "CreateUserV5"), ("dms", "ResizeInstance")]
    {
        let action = format!("{prefix}:x:do");
        let text = schema(&json!([]), &json!([{ "operation_id": operation, "operation_action": action }]));
        let draft = read_text(&text);
        assert!(!draft.apis.is_empty(), "{prefix} {:?}", draft.unread);
        let catalog = extended(&draft);
        let row = &draft.apis[0];
        let service = row.service.as_deref().unwrap_or(&draft.service);
        let ApiMatch::One(api) = catalog.find(Some(service), &row.api.parse().unwrap()) else { panic!("{prefix}") };
        assert_eq!(api.identity.len(), 1, "{prefix}");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let text = "{\"version\": \"v2\", \"new\": 1,\n\"actions\": [\n\
        {\"name\": \"sts::one\", \"access_level\": \"odd\", \"aliases\": \"x\", \"condition_keys\": [1], \"extra\": 1},\n\
        {\"name\": \"STS::ONE\", \"access_level\": \"read\"},\n\
        7,\n{\"access_level\": \"read\"},\n{\"name\": \"../../x:a:b\"},\n{\"name\": \"sts:*:b\"},\n\
        {\"name\": \"sts::two\", \"access_level\": \"read\", \"resources\": [{}, {\"urn_template\": \"x\"}, 3], \"permission_only\": 1}\n],\n\
        \"operations\": [{\"operation_id\": \"Nothing\", \"operation_action\": \"sts::one\"},\n\
        {\"operation_id\": 1, \"operation_action\": \"sts::one\"}, {\"operation_id\": \"A\"}, null],\n\
        \"resources\": [{\"type_name\": \"t\"}, {\"type_name\": \"t\", \"urn_template\": \"a::b:t:c\"}],\n\
        \"conditions\": [{\"key\": \"sts:Key\", \"value_type\": \"string\", \"multi_valued\": true}, {}]}";
    let draft = read_text(text);
    let lines: Vec<usize> = draft.unread.iter().map(|unread| unread.line).collect();
    let wanted = [1, 1, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 11, 12, 12, 12, 13, 13, 14, 14];
    assert_eq!(lines, wanted, "{:#?}", draft.unread);
    assert_eq!(draft.actions.len(), 2);
    extended(&draft);
}

#[test]
fn no_text_is_too_much() {
    let actions: Vec<serde_json::Value> =
        (0..100_000).map(|number| json!({ "name": format!("sts::do{number}"), "access_level": "list" })).collect();
    let draft = read_text(&schema(&json!(actions), &json!([])));
    assert_eq!((draft.actions.len(), draft.unread.len()), (100_000, 0));
    extended(&draft);
    let keys: Vec<String> = (0..70_000).map(|number| format!("g:{number}")).collect();
    let long = "x".repeat(70_000);
    let text = schema(
        &json!([{ "name": "sts::x", "access_level": "list", "condition_keys": keys, "aliases": [format!("a:b:{long}")] }, { "name": long }]),
        &json!([]),
    );
    let draft = read_text(&text);
    assert_eq!(draft.unread.len(), 3, "{:?}", draft.unread);
    extended(&draft);
}

#[test]
fn what_is_no_schema_is_an_error() {
    for text in ["", "{", "[]", "1", "{\"actions\": {}}", "{\"actions\": []}", "{\"actions\": [{\"name\": \"x\"}]}"] {
        assert!(read(text, "d", None, &catalog()).is_err(), "{text}");
    }
    for (open, close) in [("[", "]"), ("{\"actions\":", "}")] {
        let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        assert!(read(&text, "d", None, &catalog()).is_err());
    }
    assert!(is_schema(&json!({ "actions": [], "version": "v1" })));
    assert!(!is_schema(&json!({ "actions": "x", "version": "v1" })));
    assert!(!is_schema(&json!({ "roles": [] })));
}

#[test]
fn odd_texts_come_out_as_they_went_in() {
    let key = "g:Tag/<a>: #'\"\\ \u{2028}é{,}";
    let text = schema(
        &json!([{ "name": "sts::x", "access_level": "list", "condition_keys": [key, ".inf", "null", "0x1F"] }]),
        &json!([]),
    );
    let draft = read(&text, "a \"document\"\n: with #", Some("2026-01-02"), &catalog()).unwrap();
    let catalog = extended(&draft);
    let action = catalog.identity_action("sts::x").unwrap();
    assert_eq!(action.conditions, [key, ".inf", "null", "0x1F"]);
    assert_eq!(action.source.document, "a \"document\"\n: with #");
}

#[test]
fn a_name_of_another_service_is_another_operation() {
    // The package `gaussdb` of the SDKs calls the APIs of TaurusDB.
    let text = schema(
        &json!([]),
        &json!([
            { "operation_id": "ListInstances", "operation_action": "gaussdb:instance:list" },
            { "operation_id": "ListGaussMySqlInstances", "operation_action": "gaussdb:instance:other" },
        ]),
    );
    let draft = read_text(&text);
    assert_eq!(draft.unread.len(), 1, "{:?}", draft.unread);
    assert!(draft.apis.iter().all(|row| row.service.is_none()), "{:?}", draft.apis);
}

#[test]
fn services_that_document_the_same_api_get_a_row_each() {
    let all = catalog();
    let shared = all.services().into_iter().find_map(|code| {
        let family = all.service_details(code)?.family;
        all.operations_of(code).into_iter().find_map(|name| {
            let operation = all.operation(code, name, None).into_iter().next()?;
            let own = |service: &&str| matches!(all.find(Some(service), &operation.api), ApiMatch::One(api) if api.service == *service && api.key == operation.api.to_string());
            let other = *family.iter().filter(|other| **other != code).find(|other| own(other))?;
            (operation.api_service == code).then(|| (code, name.to_owned(), other))
        })
    });
    let (code, name, other) = shared.unwrap();
    let text = schema(&json!([]), &json!([{ "operation_id": name, "operation_action": format!("{code}:x:do") }]));
    let draft = read_text(&text);
    let services: Vec<&str> = draft.apis.iter().map(|row| row.service.as_deref().unwrap_or(code)).collect();
    assert!(services.contains(&code) && services.contains(&other), "{services:?}");
    extended(&draft);
}
