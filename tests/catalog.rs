//! What the permission table says, what it is asked, and how a mistake in `rules/` is told.
#![allow(clippy::expect_used, clippy::panic, reason = "the functions beside the tests fail like the tests")]

use std::fs;
use std::path::Path;

use grantlint::catalog::{
    AccessLevel, ApiKey, ApiMatch, Catalog, EnterpriseProjectSupport, Gate, Phase, PolicyKind, Reach, RulesFile,
    Scopes, TerraformKind, Test, compile_rules,
};

fn key(text: &str) -> ApiKey {
    text.parse().expect("a well-formed API")
}

/// `service key` of each row that a question finds.
fn found(catalog: &Catalog, service: Option<&str>, api: &str) -> String {
    match catalog.find(service, &key(api)) {
        ApiMatch::Unknown => "unknown".to_owned(),
        ApiMatch::One(api) => format!("{} {}", api.service, api.key),
        ApiMatch::Several(apis) => {
            let rows: Vec<String> = apis.iter().map(|api| format!("{} {}", api.service, api.key)).collect();
            format!("several: {}", rows.join(", "))
        }
    }
}

/// `action` or `action?condition` of each action that one API needs.
fn needs(api: &str, service: &str) -> Vec<String> {
    let catalog = Catalog::embedded();
    match catalog.find(Some(service), &key(api)) {
        ApiMatch::One(api) => api
            .actions
            .iter()
            .map(|need| match need.when {
                Some(when) => format!("{}?{when}", need.action),
                None => need.action.to_owned(),
            })
            .collect(),
        other => panic!("{api}: {other:?}"),
    }
}

#[test]
fn copying_an_image_within_a_region_is_as_the_first_document_says() {
    let catalog = Catalog::embedded();
    let ApiMatch::One(api) = catalog.find(Some("ims"), &key("POST /v1/cloudimages/{image_id}/copy")) else {
        panic!("one row");
    };
    assert_eq!(
        needs("POST /v1/cloudimages/{image_id}/copy", "ims"),
        ["ims:images:copy", "ims:serverImages:create?enterprise-project-enabled"]
    );
    let both = Scopes { project: Some(true), enterprise_project: Some(true) };
    assert_eq!(api.scopes, both);
    assert!(api.source.document.contains("api-ims"));
    assert_eq!(api.source.date, Some("2025-04-21"));
}

#[test]
fn copying_an_image_to_another_region_is_not_for_enterprise_projects() {
    let catalog = Catalog::embedded();
    let question = key("POST /v1/cloudimages/{image_id}/cross_region_copy");
    let ApiMatch::One(api) = catalog.find(Some("ims"), &question) else {
        panic!("one row");
    };
    assert_eq!(needs(&question.to_string(), "ims"), ["ims:images:copy"]);
    let project_only = Scopes { project: Some(true), enterprise_project: Some(false) };
    assert_eq!(api.scopes, project_only);
}

#[test]
fn the_image_service_has_all_its_rows_and_the_first_two_come_first() {
    let text = fs::read_to_string(rules().join("permissions/ims.yaml")).expect("the file");
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("  ") && line.ends_with(':') && line.contains(" /"))
        .filter(|line| !line.starts_with("   "))
        .map(|line| line.trim().trim_end_matches(':'))
        .collect();
    assert_eq!(rows.len(), 39);
    assert_eq!(
        rows.get(..2),
        Some(&["POST /v1/cloudimages/{image_id}/copy", "POST /v1/cloudimages/{image_id}/cross_region_copy"][..])
    );
    let catalog = Catalog::embedded();
    for row in rows {
        assert_eq!(found(&catalog, Some("ims"), row), format!("ims {row}"));
    }
}

#[test]
fn a_question_finds_the_row_it_means() {
    let catalog = Catalog::embedded();
    let cases = [
        // Placeholders count by position, literals without letter case, a slash at the end not at all.
        (Some("ims"), "POST /V1/CloudImages/{id}/copy/", "ims POST /v1/cloudimages/{image_id}/copy"),
        (Some("IMS"), "POST /v1/cloudimages/{}/copy", "ims POST /v1/cloudimages/{image_id}/copy"),
        // Values are taken by placeholders …
        (None, "POST /v1/cloudimages/4f0a-77/copy", "ims POST /v1/cloudimages/{image_id}/copy"),
        (Some("ims"), "PATCH /v2/cloudimages/4f0a-77", "ims PATCH /v2/cloudimages/{image_id}"),
        // … but a placeholder is no literal.
        (Some("ims"), "POST /v1/cloudimages/{x}/{y}", "unknown"),
        // Rows with more literals win over those with fewer.
        (Some("ecs"), "GET /v1/123abc/cloudservers/detail", "ecs GET /v1/{project_id}/cloudservers/detail"),
        (Some("ecs"), "POST /v1/{project_id}/cloudservers/action", "ecs POST /v1/{project_id}/cloudservers/action"),
        // The method counts, and so does the service.
        (Some("ims"), "PUT /v1/cloudimages/{image_id}/copy", "unknown"),
        (Some("kms"), "POST /v1/cloudimages/{image_id}/copy", "unknown"),
        (Some("nosuch"), "POST /v1/cloudimages/{image_id}/copy", "unknown"),
        // A service that documents another's APIs.
        (Some("eip"), "POST /v1/{project_id}/publicips", "eip POST /v1/{project_id}/publicips"),
        (Some("DEW"), "POST /v1.0/{project_id}/kms/list-keys", "kms POST /v1.0/{project_id}/kms/list-keys"),
        // A version that the page says is the same.
        (Some("evs"), "GET /v3/{project_id}/cloudvolumes/detail", "evs GET /v3/{project_id}/cloudvolumes/detail"),
        // Query keys of services other than OBS are plain parameters.
        (Some("ims"), "GET /v2/cloudimages?limit&marker", "ims GET /v2/cloudimages"),
    ];
    for (service, question, expected) in cases {
        assert_eq!(found(&catalog, service, question), expected, "{service:?} {question}");
    }
}

#[test]
fn an_object_storage_question_is_told_apart_by_query_header_and_address() {
    let catalog = Catalog::embedded();
    let cases = [
        ("GET /", "obs GET /"),
        ("GET / address:service", "obs GET / address:service"),
        ("GET ?acl", "obs GET /?acl"),
        ("GET /?acl", "obs GET /?acl"),
        ("GET /?prefix&marker", "obs GET /"),
        ("GET /?inventory", "obs GET /?inventory"),
        ("GET /?id&inventory", "obs GET /?inventory&id"),
        ("DELETE /?inventory", "unknown"),
        ("GET /?mirrorBackToSource", "unknown"),
        ("PUT /{key}", "obs PUT /{ObjectName}"),
        ("PUT /{key} header:X-Obs-Copy-Source", "obs PUT /{ObjectName} header:x-obs-copy-source"),
        ("PUT /{key} header:x-obs-meta", "obs PUT /{ObjectName}"),
        ("PUT /photo.png?partNumber&uploadId", "obs PUT /{ObjectName}?partNumber&uploadId"),
    ];
    for (question, expected) in cases {
        assert_eq!(found(&catalog, Some("obs"), question), expected, "{question}");
    }
}

#[test]
fn actions_that_exclude_one_another_are_not_all_needed() {
    let unconditional: Vec<String> = [
        needs("POST /v1/{project_id}/cloudservers/action", "ecs"),
        needs("POST /v2/{project_id}/servers/{server_id}/action", "ecs"),
        needs("POST /v3/{project_id}/volumes/{volume_id}/action", "evs"),
        needs("POST /v2.0/{project_id}/subnets/{subnet_id}/tags/action", "vpc"),
        needs("POST /v1.0/enterprise-projects/{enterprise_project_id}/action", "eps"),
    ]
    .concat()
    .into_iter()
    .filter(|need| !need.contains('?'))
    .collect();
    assert_eq!(unconditional, Vec::<String>::new());
    let catalog = Catalog::embedded();
    assert_eq!(catalog.when_meaning("request-starts-servers"), Some("the request body starts servers"));
    assert_eq!(catalog.when_meaning("no-such-code"), None);
}

#[test]
fn one_of_several_roles_is_asked_for() {
    let catalog = Catalog::embedded();
    let question = key("POST /v1/cloudimages/wholeimages/action");
    let ApiMatch::One(api) = catalog.find(Some("ims"), &question) else {
        panic!("one row");
    };
    let roles: Vec<&[&str]> = api.roles.iter().map(|role| role.any.as_slice()).collect();
    assert_eq!(roles, [["CSBS Administrator", "CBR Admin"]]);
}

#[test]
fn a_terraform_type_has_its_calls_with_their_gates() {
    let catalog = Catalog::embedded();
    let copy = catalog.terraform(TerraformKind::Resource, "huaweicloud_images_image_copy").expect("the type");
    assert_eq!((copy.service, copy.has_region, copy.has_enterprise_project), ("ims", true, true));
    assert_eq!(copy.read_after, [Phase::Create, Phase::Update]);
    let gates: Vec<String> = copy
        .calls
        .iter()
        .flat_map(|call| {
            let place = format!("{} {}", call.service, call.api);
            call.phases.iter().map(move |(phase, gate)| format!("{phase} {place}: {gate}"))
        })
        .collect();
    for expected in [
        "create ims POST /v1/cloudimages/{image_id}/copy: target_region not set or target_region same as region",
        "create ims POST /v1/cloudimages/{image_id}/cross_region_copy: \
         target_region set and target_region different from region",
        "update eps POST /v1.0/enterprise-projects/{enterprise_project_id}/resources-migrate: \
         enterprise_project_id changed",
    ] {
        assert!(gates.iter().any(|gate| gate == expected), "{expected} in {gates:#?}");
    }
    assert!(catalog.terraform(TerraformKind::Data, "huaweicloud_images_image_copy").is_none());
}

#[test]
fn a_terraform_type_has_the_defaults_of_its_schema() {
    let catalog = Catalog::embedded();
    let defaults = |name: &str| catalog.terraform(TerraformKind::Resource, name).expect("the type").defaults;
    assert_eq!(defaults("huaweicloud_enterprise_project"), [("enable", "true")]);
    assert!(defaults("huaweicloud_obs_bucket").contains(&("storage_class", "STANDARD")));
    assert!(defaults("huaweicloud_vpc").is_empty());
}

#[test]
fn an_alias_of_a_terraform_type_does_what_its_target_does() {
    let catalog = Catalog::embedded();
    let mut aliases = 0;
    for name in catalog.terraform_types() {
        for kind in [TerraformKind::Resource, TerraformKind::Data] {
            let Some(alias) = catalog.terraform(kind, name) else { continue };
            let Some(target) = alias.alias_of else { continue };
            let target = catalog.terraform(kind, target).expect("the target");
            assert_eq!(alias.calls, target.calls, "{name}");
            assert_eq!(alias.defaults, target.defaults, "{name}");
            assert_eq!(alias.read_after, target.read_after, "{name}");
            aliases += 1;
        }
    }
    assert!(aliases > 200, "{aliases}");
}

#[test]
fn every_terraform_call_is_readable_and_in_some_phase() {
    let catalog = Catalog::embedded();
    let types: Vec<&str> = catalog.terraform_types().collect();
    let mut calls = 0;
    for name in &types {
        for kind in [TerraformKind::Resource, TerraformKind::Data] {
            let Some(entry) = catalog.terraform(kind, name) else {
                continue;
            };
            assert!(catalog.service(entry.service).is_some(), "{name}");
            for call in entry.calls {
                assert!(!call.phases.is_empty(), "{name} {}", call.api);
                calls += 1;
            }
        }
    }
    let files = fs::read_dir(rules().join("terraform")).expect("the folder");
    let texts = files.map(|file| fs::read_to_string(file.expect("a file").path()).expect("the file"));
    let text: String = texts.collect();
    assert_eq!(calls, text.matches("      - { api: ").count());
}

#[test]
fn an_operation_goes_by_the_names_of_sdk_and_koocli() {
    let catalog = Catalog::embedded();
    for (service, name) in [("ims", "CopyImageInRegion"), ("IMS", "copyimageinregion")] {
        let operations = catalog.operation(service, name, None);
        let apis: Vec<String> = operations
            .iter()
            .map(|operation| format!("{} {} {}", operation.version, operation.name, operation.api))
            .collect();
        assert_eq!(apis, ["v2 CopyImageInRegion POST /v1/cloudimages/{image_id}/copy"]);
    }
    assert!(catalog.operation("ims", "CopyImageInRegion", Some("v9")).is_empty());
    assert!(catalog.operations_of("kms").contains(&"CreateKey"));
    let several = catalog.operation("vpc", "ListSecurityGroups", None);
    let versions: Vec<&str> = several.iter().map(|operation| operation.version).collect();
    assert_eq!(versions, ["v2", "v3"]);
}

#[test]
fn known_actions_services_and_scopes() {
    let catalog = Catalog::embedded();
    let actions = catalog.actions("IMS");
    assert!(actions.contains(&"ims:images:copy"), "{actions:?}");
    assert!(actions.is_sorted() && actions.iter().all(|action| !action.contains('*')));
    assert!(catalog.has_action("ims:images:copy") && !catalog.has_action("ims:images:cpoy"));
    assert!(catalog.has_table("ims") && !catalog.has_table("im") && !catalog.has_table("nosuch"));

    let iam = catalog.service("IAM").expect("a service");
    assert_eq!((iam.reach, iam.enterprise_projects), (Reach::Global, EnterpriseProjectSupport::Partial));
    assert_eq!(catalog.service("ims").map(|service| service.reach), Some(Reach::Regional));

    // Copying within a region supports enterprise projects, across regions it does not.
    let copy = catalog.action_scopes("ims:images:copy");
    assert_eq!((copy.project, copy.enterprise_project), (Some(true), None));
    let share = catalog.action_scopes("IMS:images:share");
    assert_eq!((share.project, share.enterprise_project), (Some(true), Some(false)));
    assert_eq!(catalog.action_scopes("ims:*:copy"), copy);
    assert_eq!(catalog.action_scopes("ims:nothing:*"), Scopes::default());
}

#[test]
fn a_system_policy_goes_by_each_of_its_names() {
    let catalog = Catalog::embedded();
    assert_eq!(catalog.policy_names().len(), 244);
    let admin = catalog.policy("te_admin").expect("by its internal name");
    assert_eq!((admin.name, admin.kind), ("Tenant Administrator", PolicyKind::Role));
    assert_eq!(admin.allow, ["*:*:*"]);
    assert!(admin.deny.is_empty(), "what a base role leaves out is not denied");
    let images = catalog.policy("ims readonlyaccess").expect("in any letter case");
    assert_eq!(images.name, "IMS ReadOnlyAccess");
    assert!(!images.allow.is_empty() || images.assumed == ["ims:*:get*", "ims:*:list*"]);
    let exact = catalog.policy("EVS Viewer").expect("a name of its own and an old one");
    assert_eq!(exact.name, "EVS Viewer");
    assert!(catalog.policy("No Such Policy").is_none());
}

#[test]
fn an_extension_adds_rows_and_overrides_others() {
    let mut catalog = Catalog::embedded();
    let text = "\
service: ims
when:
  mirror-used: { meaning: the image comes from a mirror }
sources:
  own: { document: our own measurement, date: 2026-01-01 }
apis:
  POST /v1/cloudimages/{id}/copy:
    actions: [{ action: ims:images:mirror, when: mirror-used }]
    scopes: { project: true, enterprise_project: false }
    source: own
  GET /v9/mirrors:
    actions: [ims:mirrors:list]
    source: own
";
    catalog.extend("own.yaml", text).expect("a well-formed extension");
    let ApiMatch::One(api) = catalog.find(Some("ims"), &key("POST /v1/cloudimages/{image_id}/copy")) else {
        panic!("one row");
    };
    assert_eq!(api.actions.first().map(|need| need.action), Some("ims:images:mirror"));
    assert_eq!(found(&catalog, None, "GET /v9/mirrors"), "ims GET /v9/mirrors");
    assert_eq!(catalog.when_meaning("mirror-used"), Some("the image comes from a mirror"));
    assert!(catalog.actions("ims").contains(&"ims:mirrors:list"));
    // Only the row for copying across regions is left of those that need it.
    assert_eq!(catalog.action_scopes("ims:images:copy").enterprise_project, Some(false));

    let errors = catalog.extend("bad.yaml", "service: ims\napis:\n  GET v1/x:\n    source: y\n");
    let messages: Vec<String> = errors.expect_err("a mistake").iter().map(ToString::to_string).collect();
    assert!(messages.concat().starts_with("bad.yaml:3:3: "), "{messages:?}");
}

#[test]
fn a_way_to_more_rights_names_actions_that_the_table_has_or_says_why_not() {
    let rows =
        "service: ims\nsources:\n  page: { document: d }\napis:\n  GET /a: { actions: [ims:a:b], source: page }\n";
    let mistakes = |sets: &str| {
        let way =
            format!("sources:\n  page: {{ document: d }}\nways:\n  w: {{ all: {sets}, why: do more, source: page }}\n");
        let files = [
            file("services.yaml", SERVICES),
            // It stands before the rows that it names.
            file("escalations.yaml", &way),
            file("permissions/ims.yaml", rows),
        ];
        match compile_rules(&files) {
            Ok(_) => String::new(),
            Err(errors) => errors.iter().map(ToString::to_string).collect(),
        }
    };
    assert_eq!(mistakes("[{ actions: [ims:a:b], identity: [{ action: ims:a:c, unlisted: an old name }] }]"), "");
    for (sets, expected) in [
        ("[{ actions: [ims:a:c] }]", "the table names no action `ims:a:c`: mend it, or say why"),
        ("[{ actions: [ims:*:b] }]", "the table names no action `ims:*:b`"),
        ("[{ actions: [{ action: ims:a:b, unlisted: x }] }]", "the table names the action `ims:a:b`: leave `unlisted`"),
        ("[{ actions: [{ action: 'ims:a:*', unlisted: x }] }]", "`ims:a:*` is a pattern: name each action"),
        ("[{ actions: [{ action: ims:a:c }] }]", "missing field `unlisted`"),
        ("[]", "each member of `all` names `actions` (1.1), `identity` (5.0) or both"),
        ("[{ actions: [ims:a:b] }, {}]", "each member of `all` names"),
    ] {
        let found = mistakes(sets);
        assert!(found.starts_with("escalations.yaml:4:") && found.contains(expected), "{sets}: {found}");
    }
}

#[test]
fn an_agency_is_handed_to_a_service_that_the_file_knows_for_what_the_table_names() {
    let rows =
        "service: ims\nsources:\n  page: { document: d }\napis:\n  GET /a: { actions: [ims:a:b], source: page }\n";
    let mistakes = |service: &str, uses: &str| {
        let text = format!(
            "sources:\n  page: {{ document: d }}\nservices:\n  ims: {{ {service} source: page }}\nagencies:\n  t: {uses}\n"
        );
        let files = [file("services.yaml", SERVICES), file("agencies.yaml", &text), file("permissions/ims.yaml", rows)];
        match compile_rules(&files) {
            Ok(_) => String::new(),
            Err(errors) => errors.iter().map(ToString::to_string).collect(),
        }
    };
    let account = "account: op_svc_ims,";
    let entry = |more: &str| format!("[{{ attribute: agency, service: ims, {more} source: page }}]");
    assert_eq!(mistakes(account, &entry("when: a set, needs: [{ actions: [ims:a:b], in: b, source: page }],")), "");
    for (service, uses, line, expected) in [
        ("", entry(""), 4, "a service has an `account`, a `principal` or both"),
        ("principal: service.IMS, confirmed: page,", entry(""), 4, "what is `confirmed` is an `account`"),
        ("account: op_svc_ims, confirmed: page,", entry(""), 4, "an account is `confirmed` by a second source"),
        ("principal: IMS,", entry(""), 4, "a `principal` begins with `service.`"),
        (account, entry("").replace("ims", "ecs"), 6, "unknown service `ecs`"),
        (account, entry("when: a sett,"), 6, "malformed condition `a sett`"),
        (account, entry("needs: [{ in: b, source: page }],"), 6, "a need names roles (`any`), `actions` or both"),
        (account, entry("needs: [{ actions: [ims:a:c], source: page }],"), 6, "the table names no action `ims:a:c`"),
        (account, entry("needs: [{ any: [P], source: pag }],"), 6, "unknown source `pag`"),
        (account, entry("needed: [],"), 6, "unknown field `needed`"),
        (account, String::from("[]"), 6, "a type that hands over no agency is left out"),
        (
            account,
            String::from("[{ attribute: a, source: page }, { attribute: a, source: page }]"),
            6,
            "`a` stands twice: merge the two",
        ),
    ] {
        let found = mistakes(service, &uses);
        assert!(found.starts_with(&format!("agencies.yaml:{line}:")) && found.contains(expected), "{uses}: {found}");
    }
}

fn rules() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

fn file(path: &str, text: &str) -> RulesFile {
    RulesFile { path: path.to_owned(), text: text.to_owned() }
}

/// The mistakes that one more file adds to a small and sound set of rules.
fn mistakes(path: &str, text: &str) -> Vec<String> {
    let files = [
        file("when.yaml", "when:\n  tagged: { meaning: it has tags }\n"),
        file("services.yaml", SERVICES),
        file(path, text),
    ];
    match compile_rules(&files) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

const SERVICES: &str = "sources:\n  page: { document: a page }\nservices:\n  - { code: ims, scope: regional, \
                        enterprise_projects: partial, source: page }\n";

const HEAD: &str = "service: ims\nsources:\n  page: { document: a page }\napis:\n";

#[test]
fn an_extension_may_describe_actions_and_policies() {
    let mut catalog = Catalog::embedded();
    let head = "service: ims\nsources:\n  page: { document: our export, date: 2026-11-01 }\n";
    let actions = "actions:\n  ims:images:burn:\n    access: write\n    resources: ['image*']\n    source: page\n";
    catalog.extend("ims.yaml", &format!("{head}{actions}")).expect("a sound extension");
    let action = catalog.identity_action("IMS:images:burn").expect("the action");
    assert_eq!(action.access.map(AccessLevel::as_str), Some("write"));
    assert!(action.resources.iter().any(|resource| resource.kind == "image" && resource.required));
    assert_eq!(action.source.date, Some("2026-11-01"));
    assert!(catalog.actions("ims").contains(&"ims:images:burn"), "a known action is not a misspelt one");

    let policies = "sources:\n  page: { document: our export }\npolicies:\n  - name: IMS FullAccess\n    kind: \
                    policy\n    service: ims\n    allow: [ims:only:this]\n    source: page\n";
    catalog.extend("system.yaml", policies).expect("a sound extension");
    let policy = catalog.policy("ims fullaccess").expect("the policy");
    assert_eq!(policy.allow, ["ims:only:this"], "the body of the account's own export comes first");
    assert_eq!(catalog.policy_names().iter().filter(|name| **name == "IMS FullAccess").count(), 1);
}

#[test]
fn a_code_keeps_its_meaning_in_all_extensions() {
    let mut catalog = Catalog::embedded();
    let text = |meaning: &str| {
        format!(
            "service: ims\nwhen:\n  own: {{ meaning: {meaning} }}\nsources:\n  page: {{ document: d }}\napis:\n  GET \
             /v9/own:\n    actions: [{{ action: ims:own:get, when: own }}]\n    source: page\n"
        )
    };
    catalog.extend("one.yaml", &text("it is mine")).expect("a sound extension");
    catalog.extend("same.yaml", &text("it is mine")).expect("the same meaning is no clash");
    let errors = catalog.extend("two.yaml", &text("it is yours")).expect_err("another meaning");
    assert!(errors[0].to_string().contains("`own` has another meaning already"), "{errors:?}");
}

#[test]
fn operations_of_one_api_are_told_apart_by_their_body() {
    let mut catalog = Catalog::embedded();
    let text = "service: bms\nsource: { document: sdk }\nversions:\n  v1:\n    Reboot: { api: 'POST /v1/{p}/servers/action', body: \
                [reboot] }\n    Start: { api: 'POST /v1/{p}/servers/action', body: [os-start] }\n    Other: POST \
                /v1/{p}/servers/action\n";
    catalog.extend("bms.yaml", text).expect("a sound extension");
    let api = "POST /v1/{id}/servers/action".parse().expect("an API");
    let names = |body: Option<&[&str]>| -> Vec<&str> {
        catalog.operations_at("bms", &api, body).into_iter().map(|operation| operation.name).collect()
    };
    assert_eq!(names(None), ["Other", "Reboot", "Start"]);
    assert_eq!(names(Some(&["reboot"])), ["Reboot"]);
    assert_eq!(names(Some(&["os-start", "type"])), ["Start"]);
    assert_eq!(names(Some(&["tags"])), ["Other"]);
}

#[test]
fn the_name_of_an_operation_settles_which_action_its_request_needs() {
    let catalog = Catalog::embedded();
    for (service, name, expected) in [
        ("ecs", "BatchStopServers", vec!["ecs:cloudServers:stop"]),
        ("rds", "StartInstanceRestartAction", vec!["rds:instance:restart"]),
        ("vpc", "BatchDeleteVpcTags", vec!["vpc:vpcTags:delete"]),
    ] {
        let operations = catalog.operation(service, name, None);
        let operation = operations.first().expect(name);
        let ApiMatch::One(api) = catalog.find(Some(operation.api_service), &operation.api) else {
            panic!("the API of {name}")
        };
        assert!(api.actions.len() > 1 && api.actions.iter().all(|need| need.when.is_some()), "{name}");
        let settled = api.settled(&catalog.cases(operation));
        assert_eq!(settled.actions.iter().map(|need| need.action).collect::<Vec<_>>(), expected);
        assert!(settled.actions.iter().all(|need| need.when.is_none()));
    }
    let operations = catalog.operation("rds", "StartInstanceReduceVolumeAction", None);
    assert_eq!(operations.first().map(|operation| catalog.cases(operation)), Some(Vec::new()), "nothing is known");
}

#[test]
fn a_sound_file_has_no_mistakes() {
    let rows = "  GET /a:\n    actions: [ims:a:b, { action: ims:a:c, when: tagged }]\n    source: page\n";
    assert_eq!(mistakes("permissions/ims.yaml", &format!("{HEAD}{rows}")), Vec::<String>::new());
}

#[test]
fn a_mistake_in_a_permission_row_is_told_with_its_place_and_a_way_out() {
    let cases = [
        (
            "GET /a:\n    action: [ims:a:b]\n    source: page",
            "6:5: apis.GET /a: unknown field `action`, expected one of `actions`, `identity`",
        ),
        (
            "GET /a:\n    actions: [ims:ab]\n    source: page",
            "6:15: apis.GET /a.actions[0]: the action `ims:ab` is not made of three parts: write `service:type:operation`",
        ),
        (
            "GET /a:\n    actions: [ims:a:b, { action: 'ims::c' }]\n    source: page",
            "6:34: apis.GET /a.actions[1].action: the action `ims::c` has an empty part",
        ),
        (
            "GET /a:\n    identity: ['ims::b c']\n    source: page",
            "6:16: apis.GET /a.identity[0]: ` ` in the action `ims::b c`",
        ),
        (
            "GET /a:\n    actions: [{ action: ims:a:b, when: taged }]\n    source: page",
            "6:40: apis.GET /a.actions[0].when: unknown `when` code `taged`: add it with its meaning to rules/when.yaml",
        ),
        (
            "GET /a:\n    actions: [{ action: ims:a:b, wenn: tagged }]\n    source: page",
            "6:34: apis.GET /a.actions[0]: unknown field `wenn`, expected `action` or `when`",
        ),
        (
            "GET /a:\n    depends: [{ action: ims:a:b, for: ims }]\n    source: page",
            "6:39: apis.GET /a.depends[0].for: the action `ims` is not made of three parts",
        ),
        ("GET /a:\n    source: pag", "6:13: apis.GET /a.source: unknown source `pag`: `sources:` defines page"),
        ("GET /a:\n    actions: [ims:a:b]", "6:5: apis.GET /a: missing field `source`"),
        (
            "GET a:\n    source: page",
            "5:3: apis: malformed API `GET a`: the path `a` does not begin with `/`: write `METHOD /a`",
        ),
        (
            "FETCH /a:\n    source: page",
            "5:3: apis: malformed API `FETCH /a`: unknown method `FETCH`: write GET, POST,",
        ),
        ("GET /{a:\n    source: page", "5:3: apis: malformed API `GET /{a`: unbalanced braces in the path `/{a`"),
        (
            "GET /A/{x}:\n    source: page\n  GET /a/{y}:\n    source: page",
            "7:3: apis: `GET /a/{y}` is the same API as `GET /A/{x}` above",
        ),
        (
            "GET /a:\n    source: page\n  GET /a:\n    source: page",
            "7:3: apis: `GET /a` is the same API as `GET /a` above",
        ),
        (
            "GET /a:\n    scopes: { project: yess }\n    source: page",
            "6:24: apis.GET /a.scopes.project: invalid type: string \"yess\", expected a boolean",
        ),
        (
            "GET /a:\n    notes: [strange]\n    source: page",
            "6:13: apis.GET /a.notes[0]: unknown note `strange`: add it with its meaning to rules/when.yaml",
        ),
    ];
    for (rows, expected) in cases {
        let found = mistakes("permissions/ims.yaml", &format!("{HEAD}  {rows}\n")).concat();
        let expected = format!("permissions/ims.yaml:{expected}");
        assert!(found.starts_with(&expected), "{found}\n  should begin with\n{expected}");
    }
}

#[test]
fn a_mistake_in_any_other_file_is_told_with_its_place_and_a_way_out() {
    let terraform = "service: ims\nsource: { document: d }\nresources:\n  a:\n    calls:\n";
    let cases = [
        (
            "permissions/x.yaml",
            "service: Xyz\n".to_owned(),
            "1:10: service: `Xyz` is no service code: write it in lower case",
        ),
        (
            "permissions/x.yaml",
            "service: xyz\n".to_owned(),
            "1:10: service: unknown service `xyz`: add it to rules/services.yaml",
        ),
        (
            "terraform/ims.yaml",
            format!("{terraform}      - {{ api: GET /a, create: x sett }}\n"),
            "6:32: resources.a.calls[0].create: malformed condition `x sett`: unexpected `sett`",
        ),
        (
            "terraform/ims.yaml",
            format!("{terraform}      - {{ api: GET /a, creates: always }}\n"),
            "6:24: resources.a.calls[0]: unknown field `creates`, expected one of `api`, `service`, `create`",
        ),
        (
            "terraform/ims.yaml",
            format!("{terraform}      []\n  a:\n    calls: []\n"),
            "7:3: resources: the type `a` stands above already: merge the two",
        ),
        (
            "terraform/ims.yaml",
            terraform.replace("calls:", "defaults: { x: [1] }"),
            "5:20: resources.a.defaults.x: invalid type: sequence, expected true, false, a number or a text",
        ),
        (
            "terraform/ims.yaml",
            terraform.replace("calls:", "defaults: { x: '' }"),
            "5:20: resources.a.defaults.x: the text is empty: write something or leave the key out",
        ),
        (
            "terraform/ims.yaml",
            terraform.replace("calls:", "defaults: { x: 1, x: 2 }"),
            "5:23: resources.a.defaults: the attribute `x` stands above already: merge the two",
        ),
        (
            "terraform/ims.yaml",
            "service: ims\nsource: { document: d, date: 2026-1-1 }\n".to_owned(),
            "2:30: source.date: `2026-1-1` is no date: write YYYY-MM-DD",
        ),
        (
            "operations/ims.yaml",
            "service: ims\nsource: { document: d }\nversions:\n  v2:\n    A: GET /a\n    A: GET /b\n".to_owned(),
            "6:5: versions.v2: the operation `A` stands above already: merge the two",
        ),
        (
            "identity/ims.yaml",
            HEAD.replace("apis:", "actions:\n  ims:a:b: { access: writing, source: page }"),
            "5:22: actions.ims:a:b.access: unknown variant `writing`, expected one of `list`, `read`, `write`",
        ),
        (
            "identity/ims.yaml",
            HEAD.replace("apis:", "actions:\n  ims:a:b: { source: page }\n  ims:A:b: { source: page }"),
            "6:3: actions: the action `ims:A:b` stands above already, as `ims:a:b`: merge the two",
        ),
        (
            "identity/ims.yaml",
            HEAD.replace("apis:", "actions:\n  ims:a: { source: page }"),
            "5:3: actions: the action `ims:a` is not made of three parts",
        ),
        (
            "terraform/ims.yaml",
            format!("{terraform}      - {{ api: GET /a }}\n"),
            "5:5: resources.a: the call `GET /a` says no phase",
        ),
        (
            "permissions/ims.yaml",
            format!("{HEAD}  GET /a: {}\n", "[".repeat(100_000)),
            "5:1: more than 200 brackets are open",
        ),
        (
            "permissions/ims.yaml",
            HEAD.replace("a page", "\"a \\e[31mpage\""),
            "3:21: sources.page.document: the control character U+001B has no place in the table",
        ),
        ("operation/ims.yaml", String::new(), "1:1: unknown file: the table is made of when.yaml,"),
    ];
    for (path, text, expected) in cases {
        let found = mistakes(path, &text).concat();
        let expected = format!("{path}:{expected}");
        assert!(found.starts_with(&expected), "{found}\n  should begin with\n{expected}");
    }
}

#[test]
fn each_bad_file_is_told() {
    let files = [
        file("when.yaml", "when: {}\n"),
        file("services.yaml", SERVICES),
        file("permissions/ims.yaml", "service: IMS\n"),
        file("operations/ims.yaml", "service: ims\n"),
    ];
    let errors = compile_rules(&files).expect_err("two mistakes");
    let places: Vec<&str> = errors.iter().map(|error| error.file.as_str()).collect();
    assert_eq!(places, ["permissions/ims.yaml", "operations/ims.yaml"]);
}

#[test]
fn gates_are_read_as_they_are_meant() {
    let gate: Gate = "operation changed and == enable or any of [a, b] set".parse().expect("a gate");
    let test = |attribute: &str, test| Gate::Test { attribute: attribute.to_owned(), test };
    let expected = Gate::Any(vec![
        Gate::All(vec![test("operation", Test::Changed), test("operation", Test::Is("enable".to_owned()))]),
        Gate::Any(vec![test("a", Test::Set), test("b", Test::Set)]),
    ]);
    assert_eq!(gate, expected);
    assert_eq!("always".parse(), Ok(Gate::Always));
    let deep = format!("{}a set{}", "(".repeat(100_000), ")".repeat(100_000));
    let error = deep.parse::<Gate>().expect_err("too deep");
    assert!(error.to_string().contains("nest deeper"), "{error}");
}
