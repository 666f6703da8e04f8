//! What `policy-limit` measures: the document as IAM receives it, whatever it is written in.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use program::{check, project};
use serde_json::Value;

/// A policy of one statement that is exactly so long as JSON without white space.
fn policy(version: &str, length: usize) -> String {
    let with = |actions: &[String]| {
        format!(r#"{{"Version":"{version}","Statement":[{{"Effect":"Allow","Action":{}}}]}}"#, array(actions))
    };
    let mut actions = Vec::new();
    while with(&actions).len() + 200 < length {
        actions.push(format!("ims:images:{:0<90}", actions.len()));
    }
    let missing = length - with(&actions).len() - ",\"\"".len();
    actions.push(format!("ims:images:{}", "a".repeat(missing - "ims:images:".len())));
    let text = with(&actions);
    assert_eq!(text.len(), length);
    text
}

fn array(texts: &[String]) -> String {
    serde_json::to_string(texts).unwrap()
}

/// The same document with so much white space between its parts as to be twice as long.
fn spread(json: &str) -> String {
    let value: Value = serde_json::from_str(json).unwrap();
    serde_json::to_string_pretty(&value).unwrap().replace('\n', &format!("\n{}", " ".repeat(120)))
}

fn yaml(json: &str) -> String {
    serde_yaml::to_string(&serde_json::from_str::<Value>(json).unwrap()).unwrap()
}

/// `certainty: message` of each finding about one file, and the line.
fn told(name: &str, text: &str) -> Vec<String> {
    let arguments = [".", "--select", "policy-limit", "--format", "json"];
    let run = check(project(&[(name, text)]).path(), &arguments);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(report["summary"]["policies"].as_u64().unwrap() > 0, "no policy in {text}");
    let shown = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        format!("{}:{} {}: {}", name, finding["location"]["line"], text("certainty"), text("message"))
    };
    report["findings"].as_array().unwrap().iter().map(shown).collect()
}

#[test]
fn the_last_character_that_iam_accepts_is_accepted() {
    assert_eq!(told("p.json", &policy("1.1", 6144)), Vec::<String>::new());
    assert_eq!(
        told("p.json", &policy("1.1", 6145)),
        ["p.json:1 certain: the policy has 6145 characters, and IAM accepts 6144"]
    );
    assert_eq!(told("p.json", &policy("5.0", 6144)), Vec::<String>::new());
    assert_eq!(
        told("p.json", &policy("5.0", 6145)),
        ["p.json:1 certain: the policy has 6145 bytes without white space, and IAM accepts 6144"]
    );
    assert_eq!(told("p.json", &policy("1.0", 9000)), Vec::<String>::new(), "a role is the platform's own");
}

#[test]
fn white_space_between_the_parts_is_open_in_one_grammar_and_not_counted_in_the_other() {
    let told_of_older = told("p.json", &spread(&policy("1.1", 6000)));
    assert_eq!(told_of_older.len(), 1);
    assert!(
        told_of_older[0].starts_with("p.json:1 possible: the policy has ")
            && told_of_older[0].contains("as it is written")
    );
    assert_eq!(told("p.json", &spread(&policy("5.0", 6144))), Vec::<String>::new());
}

#[test]
fn characters_are_counted_in_one_grammar_and_bytes_in_the_other() {
    let with_a_name = |version| policy(version, 6000).replace("aaaa", "镜像镜像");
    assert_eq!(told("p.json", &with_a_name("1.1")), Vec::<String>::new());
    assert_eq!(told("p.json", &with_a_name("5.0")).len(), 1);
}

#[test]
fn yaml_is_measured_as_the_json_that_says_the_same_each_document_alone() {
    assert_eq!(told("p.yaml", &yaml(&policy("1.1", 6144))), Vec::<String>::new());
    assert_eq!(told("p.yaml", &yaml(&policy("1.1", 6145))).len(), 1);
    let two = format!("{}---\n{}", yaml(&policy("1.1", 4000)), yaml(&policy("1.1", 4000)));
    assert_eq!(told("p.yaml", &two), Vec::<String>::new());
    let second = format!("{}---\n{}", yaml(&policy("1.1", 4000)), yaml(&policy("1.1", 7000)));
    assert!(told("p.yaml", &second)[0].contains("7000 characters"));
}

#[test]
fn what_older_regions_limit_is_told_at_the_first_thing_that_is_too_many() {
    let statement = |elements: &str| format!(r#"{{"Effect": "Allow", "Action": ["obs:object:GetObject"]{elements}}}"#);
    let with = |version: &str, statements: &[String]| {
        format!("{{\"Version\": \"{version}\", \"Statement\": [\n{}\n]}}", statements.join(",\n"))
    };
    let many = |count: usize| vec![statement(""); count];
    assert_eq!(told("p.json", &with("1.1", &many(8))), Vec::<String>::new());
    assert_eq!(
        told("p.json", &with("1.1", &many(9))),
        ["p.json:10 possible: the policy has 9 statements (possible: older regions accept 8 at most)"]
    );
    assert_eq!(told("p.json", &with("5.0", &many(9))), Vec::<String>::new());

    let resources = |count: usize| {
        let names: Vec<String> = (0..count).map(|index| format!("obs:*:*:object:reports/{index}")).collect();
        vec![statement(&format!(", \"Resource\": {}", array(&names)))]
    };
    assert_eq!(told("p.json", &with("1.1", &resources(10))), Vec::<String>::new());
    assert_eq!(told("p.json", &with("1.1", &resources(11))).len(), 1);

    let conditions = |count: usize| {
        let keys: Vec<String> = (0..count).map(|index| format!("\"obs:Key{index}\": [\"a\"]")).collect();
        vec![statement(&format!(", \"Condition\": {{\"StringEquals\": {{{}}}}}", keys.join(", ")))]
    };
    assert_eq!(told("p.json", &with("1.1", &conditions(10))), Vec::<String>::new());
    assert_eq!(told("p.json", &with("1.1", &conditions(11))).len(), 1);

    let long = |length: usize| {
        let name = format!("obs:*:*:object:{}", "a".repeat(length - "obs:*:*:object:".len()));
        vec![statement(&format!(", \"Resource\": [\"{name}\"]"))]
    };
    assert_eq!(told("p.json", &with("1.1", &long(128))), Vec::<String>::new());
    assert_eq!(told("p.json", &with("1.1", &long(129))).len(), 1);

    let actions = |count: usize| {
        let names: Vec<String> = (0..count).map(|index| format!("ims:images:a{index}")).collect();
        vec![format!(r#"{{"Effect": "Allow", "Action": {}}}"#, array(&names))]
    };
    assert_eq!(told("p.json", &with("1.1", &actions(100))), Vec::<String>::new());
    assert_eq!(told("p.json", &with("1.1", &actions(101))).len(), 1);
}
