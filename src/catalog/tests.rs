//! A damaged table never panics, and a gate is what its text says.

use std::borrow::Cow;

use proptest::prelude::*;

use super::*;

/// Small rules with something of every kind.
fn small_rules() -> Vec<RulesFile> {
    let files = [
        ("when.yaml", "when:\n  tagged: { meaning: it has tags }\nnotes:\n  odd: { meaning: it is odd }\n"),
        (
            "services.yaml",
            "sources:\n  page: { document: a page }\nservices:\n  - { code: ims, source: page, names: [IMG], hosts: [{ \
             label: ims, scope: both }], sdk: { client: ImsClient, net: Img, versions: { v2: [go, cpp] } }, scope: global, enterprise_projects: all, paths_shared_with: [ims], \
             query_selects: true, query_parameters: [p] }\n",
        ),
        (
            "permissions/ims.yaml",
            "service: ims\nsources:\n  page: { document: a page, date: 2026-01-02 }\napis:\n  GET /v2/{x}/a?q:\n    \
             actions: [ims:a:b, { action: ims:a:c, when: tagged }]\n    identity: ['ims::d']\n    identity_aliases: \
             [ims:a:e]\n    depends: [{ action: kms:*:*, for: ims:a:b, when: tagged }]\n    roles: [{ any: [One, Two] \
             }]\n    scopes: { project: true, enterprise_project: false }\n    also_versions: [v3]\n    \
             notes: [odd]\n    conflicts: [{ actions: [ims:a:x], scopes: { project: false }, source: page }]\n    source: page\n",
        ),
        (
            "identity/ims.yaml",
            "service: ims\nsources:\n  page: { document: a page }\nactions:\n  ims:z:y:\n    access: tagging\n    \
             resources: ['image*', { type: disk, urn: 'a:b', conditions: [k] }]\n    conditions: ['g:Key']\n    aliases: \
             [ims:a:b]\n    source: page\n",
        ),
        (
            "terraform/ims.yaml",
            "service: ims\nsource: { document: provider }\nresources:\n  t:\n    attributes: [region]\n    defaults: { on: \
             true, size: 3.50, kind: PLAIN }\n    read_after: [create]\n    calls: [{ api: GET /v2/a/b, create: a set and b set, read: always }]\n",
        ),
        (
            "operations/ims.yaml",
            "service: ims\nkoocli: IMG\nsource: { document: sdk }\nversions:\n  v2:\n    ListA: GET /v2/a/b\n    ListB: { api: GET /v2/a/b, body: [x] }\n",
        ),
        (
            "policies/system.yaml",
            "sources:\n  page: { document: a page }\npolicies:\n  - { name: P, internal_name: p_1, kind: role, service: \
             ims, allow: [ims:*:*], assumed: [ims:a:b], depends: [Q], source: page }\n",
        ),
        (
            "escalations.yaml",
            "sources:\n  page: { document: a page }\nways:\n  w:\n    all: [{ actions: [ims:a:b, { action: ims:a:z, \
             unlisted: an old name }], identity: [ims:z:y] }]\n    why: do more\n    source: page\n",
        ),
        (
            "agencies.yaml",
            "sources:\n  page: { document: a page }\nservices:\n  ims: { account: op_svc_ims, principal: service.IMS, source: \
             page }\nagencies:\n  t:\n    - attribute: a.b\n      service: ims\n      when: c set\n      needs: [{ any: [P], \
             actions: [ims:a:b], in: d, when: e set, source: page }]\n      source: page\n",
        ),
    ];
    let file = |(path, text): (&str, &str)| RulesFile { path: path.to_owned(), text: text.to_owned() };
    files.map(file).to_vec()
}

fn catalog_of(bytes: Vec<u8>) -> Catalog {
    Catalog { embedded: Table::new(Cow::Owned(bytes)), extensions: Vec::new() }
}

/// Everything that a catalog can be asked, as text.
fn ask_everything(catalog: &Catalog) -> String {
    let api: ApiKey = "GET /v3/7/a?q&p".parse().expect("an API");
    let types: Vec<_> =
        catalog.terraform_types().map(|name| catalog.terraform(TerraformKind::Resource, name)).collect();
    format!(
        "{:?} {:?} {types:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        catalog.find(Some("ims"), &api),
        catalog.find(None, &api),
        catalog.near(Some("ims"), &ApiKey { path: "/v3/7/b".to_owned(), ..api.clone() }),
        catalog.terraform_types_of(TerraformKind::Resource).collect::<Vec<_>>(),
        catalog.has_action("ims:a:b"),
        catalog.operation("img", "lista", None),
        catalog.operations_of("ims"),
        catalog.operations_at("ims", &"GET /v2/a/b".parse().expect("an API"), Some(&["x"])),
        catalog.service("ims"),
        catalog.service_details("ims"),
        catalog.identity_action("IMS:z:y"),
        catalog.note_meaning("odd"),
        catalog.services(),
        catalog.has_table("ims"),
        catalog.actions("ims"),
        catalog.action_scopes("ims:a:b"),
        catalog.action_scopes("ims:*"),
        catalog.policy("P_1"),
        catalog.policy_names(),
        catalog.when_meaning("tagged"),
        catalog.escalations(),
        catalog.aliased_by("IMS:a:b"),
        catalog.agency_uses("t"),
        catalog.all_agency_uses(),
    )
}

#[test]
fn the_same_rules_give_the_same_bytes_and_answers() {
    let bytes = compile_rules(&small_rules()).expect("sound rules");
    assert_eq!(bytes, compile_rules(&small_rules()).expect("sound rules"));
    let answers = ask_everything(&catalog_of(bytes));
    for known in [
        "GET /v3/{x}/a?q",
        "ims::d",
        "kms:*:*",
        "it has tags",
        "ListA",
        "2026-01-02",
        "actions: [\"ims:a:b\", \"ims:a:z\"], identity: [\"ims:z:y\"]",
        " [\"ims:z:y\"]",
        "account: Some(\"op_svc_ims\"), principal: Some(\"service.IMS\")",
        "any: [\"P\"], actions: [\"ims:a:b\"], region: Some(\"d\")",
        "defaults: [(\"on\", \"true\"), (\"size\", \"3.5\"), (\"kind\", \"PLAIN\")]",
    ] {
        assert!(answers.contains(known), "{known} in {answers}");
    }
}

#[test]
fn a_table_that_is_cut_short_gives_less_and_never_panics() {
    let bytes = compile_rules(&small_rules()).expect("sound rules");
    let whole = ask_everything(&catalog_of(bytes.clone()));
    for length in 0..bytes.len() {
        let answers = ask_everything(&catalog_of(bytes[..length].to_vec()));
        assert_ne!(answers, whole, "{length} of {} bytes", bytes.len());
    }
}

#[test]
fn a_table_with_a_wrong_byte_never_panics() {
    let bytes = compile_rules(&small_rules()).expect("sound rules");
    for place in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[place] ^= flip;
            ask_everything(&catalog_of(damaged));
        }
    }
}

#[test]
fn a_pattern_covers_what_it_should() {
    for (pattern, text, expected) in [
        ("ims:*:copy", "ims:images:copy", true),
        ("ims:*", "ims:images:copy", true),
        ("*", "", true),
        ("ims:*:get*", "ims:images:getx", true),
        ("ims:*:copy", "ims:images:copyx", false),
        ("*:images:*:copy", "ims:images:copy", false),
        ("ims:images:copy", "ims:images:copyx", false),
    ] {
        assert_eq!(covers(pattern, text), expected, "{pattern} {text}");
    }
}

#[test]
fn a_gate_asks_about_both_sides_of_a_comparison() {
    let gate: Gate = "a set and (b.c changed or d same as e)".parse().unwrap();
    assert_eq!(gate.attributes(), ["a", "b.c", "d", "e"]);
}

fn word() -> impl Strategy<Value = String> {
    "[a-z_]{1,6}[0-9.][a-z]{1,3}"
}

fn test() -> impl Strategy<Value = Test> {
    prop_oneof![
        Just(Test::Set),
        Just(Test::NotSet),
        Just(Test::True),
        Just(Test::False),
        Just(Test::Changed),
        word().prop_map(Test::Is),
        word().prop_map(Test::IsNot),
        prop::collection::vec(word(), 1..4).prop_map(Test::In),
        word().prop_map(Test::SameAs),
        word().prop_map(Test::DifferentFrom),
    ]
}

fn gate() -> impl Strategy<Value = Gate> {
    let leaf = (word(), test()).prop_map(|(attribute, test)| Gate::Test { attribute, test });
    leaf.prop_recursive(6, 64, 4, |inner| {
        let several = prop::collection::vec(inner, 2..4);
        prop_oneof![several.clone().prop_map(Gate::All), several.prop_map(Gate::Any),]
    })
}

proptest! {
    #[test]
    fn a_gate_is_read_back_as_it_was_written(gate in gate()) {
        prop_assert_eq!(gate.to_string().parse::<Gate>(), Ok(gate));
    }

    #[test]
    fn any_text_is_a_gate_or_an_error(text in "[a-z \\[\\](),=!]{0,40}") {
        if let Ok(gate) = text.parse::<Gate>() {
            prop_assert_eq!(gate.to_string().parse::<Gate>(), Ok(gate));
        }
    }

    #[test]
    fn an_api_is_read_back_as_it_was_written(text in "(GET|PUT) (/[a-z{}]{1,5}){1,4}(\\?[a-z]{1,3}(&[a-z]{1,3})?)?( header:[a-z]{1,3})?( address:[a-z]{1,3})?") {
        if let Ok(key) = text.parse::<ApiKey>() {
            prop_assert_eq!(key.to_string(), text);
        }
    }
}
