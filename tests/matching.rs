//! Which row of the table an API means: a specification in tables.
//!
//! A case reads `question => answer`. The answer is the row as the table writes it, `-` where there is none, or several
//! with their services. Rows of `small` stand above the cases that ask for them.

#![allow(clippy::expect_used, clippy::panic, reason = "the functions beside the tests fail like the tests")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use grantlint::catalog::{ApiKey, ApiMatch, Catalog, Near};
use proptest::prelude::*;

/// A service that the embedded table does not have, so that its rows are those of the test alone.
const OWN: &str = "zz";

fn key(text: &str) -> ApiKey {
    text.parse().unwrap_or_else(|error| panic!("`{text}`: {error}"))
}

/// The embedded table with rows of a service, each needing one action that is named by its number.
fn extended(mut catalog: Catalog, service: &str, rows: &[&str]) -> Catalog {
    let mut text = format!("service: {service}\nsources:\n  test: {{ document: a test }}\napis:\n");
    for (number, row) in rows.iter().enumerate() {
        let _ = writeln!(text, "  \"{row}\": {{ actions: [{service}:rows:n{number}], source: test }}");
    }
    catalog.extend("test.yaml", &text).unwrap_or_else(|errors| panic!("{errors:?}"));
    catalog
}

fn small(rows: &[&str]) -> Catalog {
    extended(Catalog::embedded(), OWN, rows)
}

fn answer(catalog: &Catalog, service: Option<&str>, question: &str) -> String {
    match catalog.find(service, &key(question)) {
        ApiMatch::Unknown => String::from("-"),
        ApiMatch::One(api) => api.key.to_owned(),
        ApiMatch::Several(apis) => {
            let rows: Vec<String> = apis.iter().map(|api| format!("{} {}", api.service, api.key)).collect();
            rows.join(" | ")
        }
    }
}

/// Holds `question => answer` cases against a table.
fn hold(catalog: &Catalog, service: Option<&str>, cases: &[&str]) {
    for case in cases {
        let (question, expected) = case.split_once("=>").unwrap_or_else(|| panic!("no answer in `{case}`"));
        assert_eq!(answer(catalog, service, question.trim()), expected.trim(), "{service:?} {case}");
    }
}

fn of_own(rows: &[&str], cases: &[&str]) {
    hold(&small(rows), Some(OWN), cases);
}

#[test]
fn a_word_that_another_api_has_in_its_path_is_no_id() {
    let catalog = Catalog::embedded();
    for (service, api) in [
        ("ecs", "PUT /v1/{project_id}/cloudservers/os-reset-passwords"),
        ("ecs", "PUT /v1/0123abcd/cloudservers/os-reset-passwords"),
        ("eps", "GET /v1.0/enterprise-projects/quotas"),
        ("cfw", "DELETE /v1/{project_id}/acl-rule/count"),
    ] {
        let key = api.parse().expect("an API");
        assert_eq!(catalog.find(Some(service), &key), ApiMatch::Unknown, "{api} is known by name and has no row");
    }
    for (service, api) in [
        ("ecs", "PUT /v1/0123abcd/cloudservers/4f0a77"),
        ("dns", "POST /v2/{project_id}/DNS-public_recordset/{id}/tags/action"),
    ] {
        let key = api.parse().expect("an API");
        assert!(matches!(catalog.find(Some(service), &key), ApiMatch::One(_)), "{api}");
    }
}

#[test]
fn placeholders_count_by_position_whatever_their_names() {
    of_own(
        &["GET /v1/{project_id}/servers/{server_id}"],
        &[
            "GET /v1/{project_id}/servers/{server_id} => GET /v1/{project_id}/servers/{server_id}",
            "GET /v1/{id}/servers/{x}   => GET /v1/{project_id}/servers/{server_id}",
            "GET /v1/{}/servers/{}      => GET /v1/{project_id}/servers/{server_id}",
            "GET /v1/:project/servers/:id => GET /v1/{project_id}/servers/{server_id}",
            "GET /v1/0a1b/servers/4f-77 => GET /v1/{project_id}/servers/{server_id}",
            "GET /v1/0a1b/servers/{id}  => GET /v1/{project_id}/servers/{server_id}",
            // A placeholder takes one segment: not none, and not two.
            "GET /v1/0a1b/servers       => -",
            "GET /v1//servers/4f-77     => -",
            "GET /v1/0a1b/servers/4f/77 => -",
            // What the question leaves open is no literal of the row.
            "GET /v1/{id}/{kind}/{x}    => -",
            "GET /{version}/{id}/servers/{x} => -",
            // The method counts.
            "DELETE /v1/{id}/servers/{x} => -",
        ],
    );
}

#[test]
fn the_slash_at_the_end_and_the_case_of_letters_do_not_count() {
    of_own(
        &["GET /v2/CloudImages/{id}"],
        &[
            "GET /v2/cloudimages/{id}  => GET /v2/CloudImages/{id}",
            "get /V2/CLOUDIMAGES/ABC   => GET /v2/CloudImages/{id}",
            "GET /v2/cloudimages/{id}/ => GET /v2/CloudImages/{id}",
            "GET /v2.0/cloudimages/{id} => -",
            "GET /cloudimages/{id}     => -",
        ],
    );
    of_own(&["GET /"], &["GET / => GET /", "GET ?a => GET /"]);
}

#[test]
fn a_literal_segment_beats_a_placeholder() {
    let rows =
        ["GET /v1/{p}/servers/{id}", "GET /v1/{p}/servers/detail", "GET /v1/{p}/{kind}/{id}", "GET /{a}/{b}/{c}/{d}"];
    of_own(
        &rows,
        &[
            "GET /v1/7/servers/detail => GET /v1/{p}/servers/detail",
            "GET /v1/7/servers/8      => GET /v1/{p}/servers/{id}",
            "GET /v1/7/servers/{id}   => GET /v1/{p}/servers/{id}",
            "GET /v1/7/volumes/detail => GET /v1/{p}/{kind}/{id}",
            "GET /v9/7/volumes/detail => GET /{a}/{b}/{c}/{d}",
        ],
    );
}

/// Services route a path from the left. The pairs are ones that the documents have.
#[test]
fn where_rows_are_literal_in_different_places_the_first_that_differs_decides() {
    of_own(
        &[
            "GET /v2.0/lbaas/listeners/{listener_id}",
            "GET /v2.0/{project_id}/listeners/tags",
            "GET /v5/{project_id}/vpn-gateways/{vgw_id}",
            "GET /v5/{project_id}/{resource_type}/tags",
            "POST /v1/{project_id}/cloudservers/os-server-groups/{id}/action",
            "POST /v1/{project_id}/cloudservers/{server_id}/tags/action",
            "GET /v3/{project_id}/route-tables/{id}/routes",
            "GET /v3/{project_id}/{a}/attachments/{b}",
            "PUT /a/{b}/{c}/{d}",
            "PUT /{a}/b/c/d",
        ],
        &[
            "GET /v2.0/lbaas/listeners/tags => GET /v2.0/lbaas/listeners/{listener_id}",
            "GET /v2.0/7/listeners/tags     => GET /v2.0/{project_id}/listeners/tags",
            "GET /v5/7/vpn-gateways/tags    => GET /v5/{project_id}/vpn-gateways/{vgw_id}",
            "GET /v5/7/vpn-gateway/tags     => GET /v5/{project_id}/{resource_type}/tags",
            "POST /v1/7/cloudservers/os-server-groups/tags/action => POST /v1/{project_id}/cloudservers/os-server-groups/{id}/action",
            "GET /v3/7/route-tables/attachments/routes => GET /v3/{project_id}/route-tables/{id}/routes",
            // Even where the other one has more literals.
            "PUT /a/b/c/d => PUT /a/{b}/{c}/{d}",
            "PUT /x/b/c/d => PUT /{a}/b/c/d",
        ],
    );
}

#[test]
fn a_segment_may_be_literal_in_part() {
    of_own(
        &[
            "POST /v1/servers/{id}",
            "POST /v1/servers/{id}:start",
            "POST /v1/servers/{id}:{verb}",
            "POST /v1/servers/all:start",
            "GET /v1/{name}.json",
            "GET /v1/jobs{version}",
            "GET /v1/{kind}",
        ],
        &[
            "POST /v1/servers/8        => POST /v1/servers/{id}",
            "POST /v1/servers/8:start  => POST /v1/servers/{id}:start",
            "POST /v1/servers/{x}:start => POST /v1/servers/{id}:start",
            "POST /v1/servers/8:stop   => POST /v1/servers/{id}:{verb}",
            "POST /v1/servers/all:start => POST /v1/servers/all:start",
            "POST /v1/servers/:id      => POST /v1/servers/{id}",
            "POST /v1/servers/8:       => POST /v1/servers/{id}",
            "GET /v1/report.json       => GET /v1/{name}.json",
            "GET /v1/.json             => GET /v1/{kind}",
            "GET /v1/jobs7             => GET /v1/jobs{version}",
            "GET /v1/jobs              => GET /v1/{kind}",
        ],
    );
}

#[test]
fn query_keys_choose_a_row_where_a_row_names_them() {
    of_own(
        &["GET /v1/x", "GET /v1/x?detail", "GET /v1/x?type=full", "GET /v1/x?type", "GET /v1/x?a&b", "GET /v1/y?only"],
        &[
            "GET /v1/x               => GET /v1/x",
            "GET /v1/x?limit&marker  => GET /v1/x",
            "GET /v1/x?limit=10      => GET /v1/x",
            "GET /v1/x?detail        => GET /v1/x?detail",
            "GET /v1/x?detail=true&limit => GET /v1/x?detail",
            "GET /v1/x?Detail        => GET /v1/x?detail",
            // A key with a value is that value's; a key without one is any's.
            "GET /v1/x?type=full     => GET /v1/x?type=full",
            "GET /v1/x?type=brief    => GET /v1/x?type",
            "GET /v1/x?type          => GET /v1/x?type",
            "GET /v1/x?b&a           => GET /v1/x?a&b",
            // A key that chooses must be the row's own, and one row must have them all.
            "GET /v1/x?a             => -",
            "GET /v1/x?type&detail   => -",
            "GET /v1/y               => -",
        ],
    );
}

#[test]
fn a_row_that_the_question_does_not_fit_leaves_the_path_to_a_less_literal_one() {
    of_own(
        &["GET /v1/x/detail header:x-deep", "GET /v1/x/{id}"],
        &[
            "GET /v1/x/detail               => GET /v1/x/{id}",
            "GET /v1/x/detail header:X-Deep => GET /v1/x/detail header:x-deep",
        ],
    );
}

#[test]
fn object_storage_is_told_apart_by_query_header_and_address() {
    hold(
        &Catalog::embedded(),
        Some("obs"),
        &[
            "GET /                      => GET /",
            "GET / address:service      => GET / address:service",
            "GET /?acl                  => GET /?acl",
            "GET /?policy               => GET /?policy",
            "GET /?acl&prefix=a         => GET /?acl",
            "GET /?prefix=a&max-keys=10 => GET /",
            "GET /?noSuchKey            => -",
            "GET /?acl&noSuchKey        => -",
            "GET /?acl&policy           => -",
            "GET /{key}?uploadId=0001   => GET /{ObjectName}?uploadId",
            "PUT /{key}                 => PUT /{ObjectName}",
            "PUT /{key} header:x-obs-copy-source => PUT /{ObjectName} header:x-obs-copy-source",
        ],
    );
}

/// A bucket's host has its objects below `/`, and their names hold slashes; the service's host has the bucket before.
#[test]
fn the_name_of_an_object_holds_slashes() {
    hold(
        &Catalog::embedded(),
        Some("obs"),
        &[
            "PUT /photo.png              => PUT /{ObjectName}",
            "PUT /a/b/c.txt              => PUT /{ObjectName}",
            "PUT /a/b/                   => PUT /{ObjectName}",
            "GET /a/b/c.txt?acl          => GET /{ObjectName}?acl",
            "PUT /a/b.txt?partNumber=1&uploadId=2 => PUT /{ObjectName}?partNumber&uploadId",
            "PUT /a/b.txt header:x-obs-copy-source => PUT /{ObjectName} header:x-obs-copy-source",
            "GET /{bucket}/{key}         => GET /{ObjectName}",
            "GET /a/b?noSuchKey          => -",
            "PATCH /a/b                  => -",
            "GET /bucket address:service => GET /",
            "GET /bucket/?acl address:service => GET /?acl",
            "GET /bucket/a/b address:service  => GET /{ObjectName}",
        ],
    );
    // Of no other service.
    of_own(&["PUT /{ObjectName}"], &["PUT /a => PUT /{ObjectName}", "PUT /a/b => -"]);
}

#[test]
fn the_service_decides_where_several_have_a_path() {
    let rows = ["GET /v3/{project_id}/instances"];
    let catalog = extended(extended(small(&rows), "zy", &rows), "zx", &["GET /v3/{project_id}/{kind}"]);
    for service in ["zz", "ZY"] {
        hold(&catalog, Some(service), &["GET /v3/{p}/instances => GET /v3/{project_id}/instances"]);
    }
    hold(&catalog, Some("zx"), &["GET /v3/7/instances => GET /v3/{project_id}/{kind}"]);
    hold(&catalog, Some("zw"), &["GET /v3/7/instances => -"]);
    // Without one: all that read the path equally well.
    let several = "zy GET /v3/{project_id}/instances | zz GET /v3/{project_id}/instances";
    for question in ["GET /v3/{p}/instances", "GET /v3/7/instances"] {
        let answer = answer(&catalog, None, question);
        assert!(answer.ends_with(several), "{answer}");
    }
}

#[test]
fn without_a_service_neither_of_two_rows_that_are_literal_elsewhere_is_certain() {
    let catalog = extended(small(&["GET /v9/aa/{x}"]), "zy", &["GET /v9/{x}/bb"]);
    hold(&catalog, None, &["GET /v9/aa/bb => zy GET /v9/{x}/bb | zz GET /v9/aa/{x}"]);
    hold(&catalog, None, &["GET /v9/aa/cc => GET /v9/aa/{x}"]);
}

#[test]
fn without_a_service_placeholders_alone_say_nothing() {
    hold(&small(&["GET /{x}/{y}"]), None, &["GET /a/b => -", "GET /{a}/{b} => -", "GET / => -", "PUT /photo.png => -"]);
}

#[test]
fn a_service_that_documents_the_same_apis_answers_where_the_own_rows_do_not() {
    let catalog = extended(Catalog::embedded(), "vpc", &["GET /v9/both", "GET /v9/theirs/{id}"]);
    let catalog = extended(catalog, "eip", &["POST /v9/both", "GET /v9/theirs/{id}/own"]);
    hold(&catalog, Some("eip"), &["GET /v9/both => GET /v9/both", "GET /v9/theirs/7 => GET /v9/theirs/{id}"]);
    hold(&catalog, Some("eip"), &["GET /v9/theirs/7/own => GET /v9/theirs/{id}/own"]);
    hold(&catalog, Some("ims"), &["GET /v9/both => -"]);
}

#[test]
fn a_row_of_an_extension_stands_in_for_the_one_of_the_same_api() {
    let action = |catalog: &Catalog, question: &str| match catalog.find(Some("ims"), &key(question)) {
        ApiMatch::One(api) => api.actions.iter().map(|need| need.action.to_owned()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let catalog = extended(Catalog::embedded(), "ims", &["POST /v1/CloudImages/{any}/copy/"]);
    assert_eq!(action(&catalog, "POST /v1/cloudimages/{image_id}/copy"), ["ims:rows:n0"]);
    // Of the newest, where several do.
    let catalog = extended(catalog, "ims", &["GET /v9", "POST /v1/cloudimages/{x}/copy"]);
    assert_eq!(action(&catalog, "POST /v1/cloudimages/7/copy"), ["ims:rows:n1"]);
    // A less literal one does not.
    let catalog = extended(catalog, "ims", &["POST /v1/cloudimages/{x}/{verb}"]);
    assert_eq!(action(&catalog, "POST /v1/cloudimages/7/copy"), ["ims:rows:n1"]);
    assert_eq!(action(&catalog, "POST /v1/cloudimages/7/burn"), ["ims:rows:n0"]);
}

#[test]
fn an_api_has_the_other_versions_that_its_document_names() {
    let mut catalog = Catalog::embedded();
    let text = "service: zz\nsources:\n  test: { document: a test }\napis:\n  GET /v2/{p}/x: { actions: [zz:x:two], \
                also_versions: [v3, v4], source: test }\n  GET /v4/{p}/x: { actions: [zz:x:four], source: test }\n";
    catalog.extend("test.yaml", text).expect("a well-formed table");
    let action = |question: &str| match catalog.find(Some("zz"), &key(question)) {
        ApiMatch::One(api) => api.actions.first().map(|need| need.action),
        _ => None,
    };
    assert_eq!(action("GET /v2/7/x"), Some("zz:x:two"));
    assert_eq!(action("GET /v3/7/x"), Some("zz:x:two"));
    // A row of its own comes first.
    assert_eq!(action("GET /v4/7/x"), Some("zz:x:four"));
    assert_eq!(action("GET /v5/7/x"), None);
}

#[test]
fn what_is_not_found_is_nearest_to() {
    let catalog = small(&["GET /v1/{p}/mirrors/{id}", "PUT /v1/{p}/mirrors/{id}/zones", "GET /v1/{p}/mirrors?zone"]);
    let near = |service, question: &str| match catalog.near(service, &key(question)) {
        None => String::from("-"),
        Some(Near::Api(api)) => api.to_owned(),
        Some(Near::Service(service)) => format!("service {service}"),
    };
    for (service, question, expected) in [
        // A slip in the path, the method, the service, the query.
        ("zz", "GET /v1/{p}/miror/{id}", "GET /v1/{p}/mirrors/{id}"),
        ("zz", "POST /v1/{p}/mirrors/{id}/zones", "PUT /v1/{p}/mirrors/{id}/zones"),
        ("ims", "GET /v1/{p}/mirrors/{id}", "service zz"),
        ("zz", "GET /v1/{p}/mirrors?zones", "GET /v1/{p}/mirrors?zone"),
        // Another API, and placeholders elsewhere.
        ("zz", "GET /v1/{p}/miracles/{id}", "-"),
        ("zz", "GET /v1/p/mirors/{id}", "-"),
        ("ims", "GET /v1/{p}/miror/{id}", "-"),
    ] {
        assert_eq!(near(Some(service), question), expected, "{service} {question}");
    }
}

/// The service and every key of each permission file that is part of the program.
static EMBEDDED_ROWS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/permissions");
    let mut rows = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder") {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("a file");
        let file: serde_yaml::Value = serde_yaml::from_str(&text).expect("YAML");
        let service = file.get("service").and_then(|service| service.as_str()).expect("a service");
        // A file may hold names of actions alone.
        let apis = file.get("apis").and_then(|apis| apis.as_mapping()).into_iter().flat_map(|apis| apis.keys());
        rows.extend(apis.map(|api| (service.to_owned(), api.as_str().expect("an API").to_owned())));
    }
    rows.sort();
    assert!(rows.len() > 4000, "only {} rows", rows.len());
    rows
});

#[test]
fn every_row_is_found_by_its_own_key() {
    let catalog = Catalog::embedded();
    let lost: Vec<String> = EMBEDDED_ROWS
        .iter()
        .map(|(service, row)| (service, row, answer(&catalog, Some(service), row)))
        .filter(|(_, row, found)| *row != found)
        .map(|(service, row, found)| format!("{service} {row}: {found}"))
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
}

/// A path with a value in place of each placeholder.
fn valued(path: &str, value: &str) -> String {
    let pieces = path.split('{').map(|piece| piece.split_once('}').map_or(piece, |(_, behind)| behind));
    pieces.collect::<Vec<_>>().join(value)
}

/// Whether the path of `template` is literal at the first segment where it differs from `other`, placeholders aside.
fn is_as_literal(template: &ApiKey, other: &ApiKey) -> bool {
    let kinds = |key: &ApiKey| key.template().split('/').map(|segment| segment != "{}").collect::<Vec<_>>();
    kinds(template) >= kinds(other)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]
    /// Values in the place of placeholders find the row, or one that is more literal where they differ.
    #[test]
    fn every_row_is_found_by_values(value in "[0-9a-f]{8}-[0-9A-Z]{4}") {
        let catalog = Catalog::embedded();
        for (service, row) in EMBEDDED_ROWS.iter() {
            let own = key(row);
            let mut question = own.clone();
            question.path = valued(&own.path, &value);
            let found = answer(&catalog, Some(service), &question.to_string());
            prop_assert!(found != "-", "{service} {row} is lost for {question}");
            prop_assert!(found == *row || is_as_literal(&key(&found), &own), "{service} {question}: {found}, not {row}");
        }
    }
}

proptest! {
    /// Following the sorted rows finds what trying each of them finds.
    #[test]
    fn a_row_is_found_among_many_as_among_few(
        rows in prop::collection::btree_set("(/(a|b|ab|\\{x\\}|\\{x\\}b|a\\{x\\}|\\{x\\}\\.\\{y\\}|-|~|c)){3}", 1..60),
        question in "(/(a|b|ab|bb|a\\.b|abc|\\{x\\}|\\{q\\}b|-|~|c|d)){3}",
    ) {
        let rows: Vec<String> = rows.iter().map(|path| format!("GET {path}")).collect();
        let question = format!("GET {question}");
        let of = |rows: &[String]| answer(&small(&rows.iter().map(String::as_str).collect::<Vec<_>>()), Some(OWN), &question);
        let found = of(&rows);
        // Alone, each row is tried; of those that take the path, the best is what is left after all the others lost.
        let best = rows.iter().filter(|row| of(&[(*row).clone()]) != "-").cloned().reduce(|best, row| of(&[best, row]));
        prop_assert_eq!(found, best.unwrap_or_else(|| String::from("-")));
    }
}

/// A look-up costs next to nothing in a table that is many times as large: 4,000 APIs of one method and length.
#[test]
fn a_look_up_does_not_try_every_row() {
    let kinds = ["servers", "volumes", "images", "clusters", "networks", "gateways", "queues", "streams"];
    let rows: Vec<String> = (0..500)
        .flat_map(|number| kinds.map(|kind| format!("GET /v{}/{{project_id}}/{kind}-{number}/{{id}}", number % 4)))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let catalog = small(&rows);
    let questions =
        ["GET /v3/0a1b2c/volumes-399/4f-77", "GET /v0/{p}/queues-8/{id}", "GET /v1/7/no-such-thing/8"].map(key);
    for (question, expected) in questions.iter().zip([true, true, false]) {
        assert_eq!(catalog.find(Some(OWN), question) != ApiMatch::Unknown, expected, "{question}");
        let rounds = 200;
        let start = Instant::now();
        for _ in 0..rounds {
            std::hint::black_box(catalog.find(Some(OWN), question));
        }
        let each = start.elapsed() / rounds;
        println!("{question}: {each:?}");
        // Generous, for builds without optimization on a busy machine; trying every row took milliseconds there.
        assert!(each < Duration::from_millis(20), "{question}: {each:?}");
    }
}
