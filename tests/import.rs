//! `grantlint catalog import`: pages of the documentation in, files that extend the table out.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod program;

use std::path::Path;
use std::time::{Duration, Instant};

use grantlint::catalog::import::{ImportOptions, Imported, import};
use grantlint::catalog::{Api, ApiMatch, Catalog};
use program::{Run, catalog, fixture, project};

fn run(folder: &Path, arguments: &[&str]) -> Run {
    catalog(folder, &[&["import"], arguments].concat())
}

/// What a fixture gives, and the table that it extends.
fn extended(name: &str) -> (Imported, Catalog) {
    let path = fixture("import").join(name);
    let imported = read(name, &std::fs::read_to_string(path).unwrap());
    let mut catalog = Catalog::embedded();
    for file in imported.draft.files() {
        catalog.extend(&file.path, &file.text).unwrap_or_else(|errors| panic!("{errors:?}\n{}", file.text));
    }
    (imported, catalog)
}

fn read(name: &str, text: &str) -> Imported {
    import(text, Path::new(name), &ImportOptions::default(), &Catalog::embedded()).unwrap()
}

fn api<'a>(catalog: &'a Catalog, service: &str, api: &str) -> Api<'a> {
    match catalog.find(Some(service), &api.parse().unwrap()) {
        ApiMatch::One(api) => api,
        other => panic!("{api}: {other:?}"),
    }
}

/// The actions of an API, each with the meaning of its condition.
fn needs(catalog: &Catalog, row: &Api<'_>) -> Vec<String> {
    let need = |action: &str, when: Option<&str>| match when {
        None => action.to_owned(),
        Some(when) => format!("{action} [{}]", catalog.when_meaning(when).unwrap()),
    };
    row.actions.iter().map(|need_of| need(need_of.action, need_of.when)).collect()
}

fn tally(imported: &Imported) -> (usize, usize, usize, usize) {
    let tally = &imported.tally;
    (tally.read, tally.part, tally.unread, tally.tables)
}

#[test]
fn html_inside_markdown_gives_the_rows_of_the_table() {
    let (imported, catalog) = extended("copying.zh.md");
    assert_eq!((tally(&imported), imported.draft.unread.len()), ((2, 0, 0, 0), 0));
    assert_eq!(imported.draft.service, "ims");
    let embedded = Catalog::embedded();
    for path in ["copy", "cross_region_copy"] {
        let path = format!("POST /v1/cloudimages/{{image_id}}/{path}");
        let (ours, theirs) = (api(&catalog, "ims", &path), api(&embedded, "ims", &path));
        assert_eq!((&ours.actions, ours.scopes), (&theirs.actions, theirs.scopes), "{path}");
        assert_eq!(ours.source.document, "copying.zh.md");
    }
}

#[test]
fn pipe_tables_keep_wildcards_links_and_conditions() {
    let (imported, catalog) = extended("pipes.en.md");
    assert_eq!((tally(&imported), imported.draft.unread.len()), ((4, 0, 0, 0), 0));
    assert_eq!(needs(&catalog, &api(&catalog, "evs", "GET /v2/{p}/volumes")), ["evs:volumes:list"]);
    let creating = api(&catalog, "evs", "POST /v2/{p}/volumes");
    assert_eq!(needs(&catalog, &creating), ["evs:volumes:create", "kms:cmk:get [only if the disk is encrypted]"]);
    assert_eq!(creating.depends.iter().map(|depends| depends.action).collect::<Vec<_>>(), ["ecs:*:get", "ims:*:*"]);
    assert_eq!((creating.scopes.project, creating.scopes.enterprise_project), (Some(true), Some(false)));
    assert_eq!(
        needs(&catalog, &api(&catalog, "evs", "POST /v2/{p}/volumes/{v}/action")),
        ["evs:volumes:extend [the request is for: Extending]", "evs:volumes:attach [the request is for: Attaching]"]
    );
    let code = catalog.find(Some("evs"), &"GET /v2/code".parse().unwrap());
    assert!(matches!(code, ApiMatch::Unknown), "{code:?}");
}

#[test]
fn a_page_of_html_describes_actions_of_grammar_5_0() {
    let (imported, catalog) = extended("identity.zh.html");
    assert_eq!(tally(&imported), (5, 0, 0, 1), "{:?}", imported.draft.unread);
    let odd = catalog.identity_action("ims:images:odd").unwrap();
    let resources: Vec<(&str, bool, usize)> =
        odd.resources.iter().map(|kind| (kind.kind, kind.required, kind.conditions.len())).collect();
    assert_eq!(resources, [("image", true, 2), ("backup", false, 0)]);
    assert_eq!(odd.resources[0].urn, Some("ims:<region>:<account-id>:image:<image-id>"));
    assert_eq!(odd.aliases, ["ims:images:update"]);
    assert_eq!(catalog.identity_action("ims:images:listOdd").unwrap().conditions, ["g:EnterpriseProjectId"]);
    let row = imported.draft.apis.first().unwrap();
    assert_eq!((row.api.as_str(), row.actions.len()), ("PUT /v9/odd/{id}", 0));
    assert_eq!((&row.identity[..], row.identity_depends.len()), (&["ims:images:odd".to_owned()][..], 2));
}

#[test]
fn grid_tables_have_several_apis_cases_and_spans() {
    let (imported, catalog) = extended("grid.en.rst");
    assert_eq!((tally(&imported), imported.draft.unread.len()), ((4, 0, 0, 0), 0), "{:?}", imported.draft.unread);
    for path in ["GET /v1/{p}/cloudservers/detail", "GET /v1/{p}/cloudservers"] {
        assert_eq!(needs(&catalog, &api(&catalog, "ecs", path)), ["ecs:cloudServers:list", "ecs:servers:*"]);
    }
    assert_eq!(
        needs(&catalog, &api(&catalog, "ecs", "POST /v1/{p}/cloudservers")),
        ["ecs:cloudServers:createServers", "vpc:publicIps:create [With a new address]"]
    );
    for path in ["DELETE /v1/{p}/cloudservers", "DELETE /v1/{p}/cloudservers/{i}"] {
        let row = api(&catalog, "ecs", path);
        assert_eq!(needs(&catalog, &row), ["ecs:cloudServers:delete"], "{path}");
        assert_eq!(row.scopes.enterprise_project, Some(false));
    }
}

#[test]
fn simple_tables_go_on_below_and_list_tables_nest() {
    let (imported, catalog) = extended("simple.en.rst");
    assert_eq!(tally(&imported), (2, 0, 0, 0), "{:?}", imported.draft.unread);
    assert_eq!(needs(&catalog, &api(&catalog, "kms", "POST /v1.0/{p}/kms/list-keys")), ["kms:cmk:list"]);
    assert_eq!(needs(&catalog, &api(&catalog, "kms", "GET /v1.0/{p}/kms")), ["kms:cmk:get", "kms:cmk:list"]);
    let (imported, catalog) = extended("list.zh.rst");
    assert_eq!(tally(&imported), (2, 0, 0, 0), "{:?}", imported.draft.unread);
    let listing = api(&catalog, "vpc", "GET /v1/{p}/subnets");
    assert_eq!(listing.depends.len(), 2);
    assert_eq!((listing.scopes.project, listing.scopes.enterprise_project), (Some(true), Some(false)));
}

#[test]
fn what_is_not_read_is_listed_with_its_line_and_counted() {
    let run = run(&fixture("import"), &["unread.md"]);
    let expected = "\
unread.md:1: the column `Remarks` was left out
unread.md:4: the row names no action: `No authorization required`
unread.md:5: the row names no API with method and path, only actions were taken: `Listing things`
unread.md:6: unbalanced braces in the path `/v1/a}b`: write each placeholder as `{name}`
unread.md:7: words beside an action make no condition, so the row was not read: `or`
unread.md:8: words beside an action make no condition, so the row was not read: `configure the Odd Administrator role`
unread.md:9: neither yes nor no in a column of scopes: `perhaps`
unread.md:11: a table of 1 rows with headings that are not understood: Name | Type
3 of 7 rows read, 2 of them in part, 4 not; 1 table was not understood
";
    assert_eq!(run.stderr, expected);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("  GET /v1/good:\n    actions: [ims:good:list]\n"), "{}", run.stdout);
}

#[test]
fn words_beside_an_operation_and_values_in_a_query_are_kept() {
    let page = "| API | Action |\n|---|---|\n| CopyImageInRegion (only for whole images) | ims:images:copy |\n| POST \
                /v1/odd?action=start | ims:images:start |\n| GET /v1/odd?limit={limit} | ims:images:list |\n";
    let apis = read("page.md", page).draft.apis;
    let copy = apis.iter().find(|row| row.api.starts_with("POST /v1/cloudimages/")).unwrap();
    let told = apis.iter().any(|row| row.actions.iter().any(|(_, when)| when.is_some()));
    assert!(told || copy.actions.is_empty(), "the words are a condition, or listed: {apis:?}");
    let keys: Vec<&str> = apis.iter().map(|row| row.api.as_str()).filter(|api| api.contains("/v1/odd")).collect();
    assert_eq!(keys, ["POST /v1/odd?action=start", "GET /v1/odd"]);
}

#[test]
fn rows_that_differ_and_tables_of_another_kind_are_told() {
    let page = "| Permission | API | Action | IAM Project | Enterprise Project |\n|---|---|---|---|---|\n| Start | POST \
                /v1/odd/action | ims:odd:start | √ | × |\n| Stop | POST /v1/odd/action | ims:odd:stop | √ | √ |\n";
    let draft = read("page.md", page).draft;
    assert_eq!(draft.apis[0].scopes.enterprise_project, None);
    assert_eq!(draft.unread.len(), 1, "{:?}", draft.unread);
    assert!(draft.unread[0].line == 4 && draft.unread[0].what.contains("differ in their scopes"), "{:?}", draft.unread);
    let draft = read("page.rst", "Title\n=====\n\n.. csv-table::\n\n   API,Action\n   GET /v1/odd,ims:odd:get\n").draft;
    assert!(draft.unread.iter().any(|unread| unread.line == 4 && unread.what.contains("comma-separated")));
}

#[test]
fn rows_without_an_api_name_actions_that_exist() {
    let table = "| 权限 | 授权项 | 依赖的授权项 | IAM项目(Project) | 企业项目(Enterprise Project) |\n|---|---|---|---|---|\n\
                 | 查看 | waf:odd:see | - | √ | × |\n| 修改 | waf:odd:change | elb:pools:list | √ | × |\n\n\
                 | Permission | API | Action |\n|---|---|---|\n| On the console | - | waf:odd:hear |\n";
    let imported = read("a.md", table);
    assert_eq!((tally(&imported), imported.draft.unread.len()), ((3, 0, 0, 0), 0));
    let files = imported.draft.files();
    let expected = "\
service: waf
sources:
  imported: { document: a.md }
actions:
  - source: imported
    scopes: { project: true, enterprise_project: false }
    names: [waf:odd:see, { action: waf:odd:change, depends: [elb:pools:list] }]
  - source: imported
    names: [waf:odd:hear]
";
    assert_eq!((files.len(), files[0].path.as_str(), files[0].text.as_str()), (1, "permissions/waf.yaml", expected));
    let mut catalog = Catalog::embedded();
    catalog.extend("a.yaml", &files[0].text).unwrap();
    assert!(catalog.has_action("waf:odd:hear"));
}

#[test]
fn the_reference_page_of_an_api_says_what_it_needs() {
    let table = |action: &str, depends: &str| {
        format!(
            "| 授权项 | 访问级别 | 资源类型（*为必须） | 条件键 | 别名 | 依赖的授权项 |\n|---|---|---|---|---|---|\n\
             | {action} | write | image * | g:EnterpriseProjectId | ims:images:update | {depends} |\n\
             | {action} | write | backup | - | ims:images:update | {depends} |\n\n"
        )
    };
    let page = format!(
        "# A\n\n{}#### URI\n\n```\nPUT https://{{endpoint}}/v9/{{project_id}}/odd\n```\n\nPUT https://ims/v9/07/odd\n\n\
         # B\n\n{}GET /v9/even\n\n# C\n\n{}",
        table("ims:images:odd", "kms:cmk:get"),
        table("ims:images:even", "-"),
        table("ims:images:none", "kms:cmk:list")
    );
    let imported = read("a.md", &page);
    assert_eq!(tally(&imported), (6, 0, 0, 0));
    let told: Vec<&str> = imported.draft.unread.iter().map(|unread| unread.what.as_str()).collect();
    assert_eq!((told.len(), told[0].ends_with("follows the table: `kms:cmk:list`")), (1, true), "{told:?}");
    let mut catalog = Catalog::embedded();
    for file in imported.draft.files() {
        catalog.extend(&file.path, &file.text).unwrap();
    }
    let odd = api(&catalog, "ims", "PUT /v9/{p}/odd");
    assert_eq!((odd.identity[0].action, &odd.identity_aliases[..]), ("ims:images:odd", &["ims:images:update"][..]));
    assert_eq!(odd.identity_depends, ["kms:cmk:get"]);
    assert_eq!(api(&catalog, "ims", "GET /v9/even").identity.len(), 1);
    assert_eq!(imported.draft.apis.len(), 2);
    assert_eq!(catalog.identity_action("ims:images:odd").unwrap().resources.len(), 2);
}

#[test]
fn roles_that_words_ask_for_are_needed_under_these_words() {
    let row = |words: &str| format!("| Permission | API | Action |\n|---|---|---|\n| A | GET /v1/a | {words} |\n");
    let imported = read("a.md", &row("rds:a:b<br>加密实例需要配置KMS Administrator权限"));
    assert_eq!((tally(&imported), imported.draft.unread.len()), ((1, 0, 0, 0), 0), "{:?}", imported.draft.unread);
    let mut catalog = Catalog::embedded();
    catalog.extend("a.yaml", &imported.draft.files()[0].text).unwrap();
    let row = api(&catalog, "rds", "GET /v1/a");
    assert_eq!(row.roles[0].any, ["KMS Administrator"]);
    assert_eq!(catalog.when_meaning(row.roles[0].when.unwrap()), Some("加密实例需要配置KMS Administrator权限"));
}

#[test]
fn a_file_without_rows_is_an_error_with_a_way_out() {
    let folder = project(&[("a.md", "# Nothing\n")]);
    let nothing = run(folder.path(), &["a.md"]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (2, ""));
    assert!(nothing.stderr.contains("a.md: nothing in it can be imported"), "{}", nothing.stderr);
    assert_eq!(run(folder.path(), &["c.md"]).code, 2);
    assert_eq!(run(folder.path(), &["a.md", "--service", "../x"]).code, 2);
    assert_eq!(run(folder.path(), &["a.md", "--date", "2026-02-30"]).code, 2);
}

#[test]
fn what_iam_answers_in_json_becomes_files_too() {
    let folder = project(&[]);
    let path = |name: &str| fixture("import").join(name).to_str().unwrap().to_owned();
    let run = run(folder.path(), &[&path("schema.json"), &path("roles.json"), "--out", "new"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(
        run.stderr.contains("schema.json:46: the operation `CreateContextAssertion` is not known"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("roles.json:42: `own-images` was not read"), "{}", run.stderr);
    assert!(run.stderr.ends_with("6 of 8 rows read, 1 of them in part, 2 not\n"), "{}", run.stderr);
    let mut catalog = Catalog::embedded();
    for file in ["identity/sts.yaml", "permissions/sts.yaml", "policies/system.yaml"] {
        let text = std::fs::read_to_string(folder.path().join("new").join(file)).unwrap();
        catalog.extend(file, &text).unwrap();
    }
    assert!(catalog.policy("IMS ExampleAccess").is_some());
}

#[test]
fn json_that_is_something_else_ends_with_a_way_out() {
    let deep = format!("{{\"actions\": {}", "[".repeat(200_000));
    let custom = r#"{"roles": [{"display_name": "own", "domain_id": "1", "policy": {}}]}"#;
    let folder = project(&[
        ("a.json", "{\"a\": 1}"),
        ("b.json", "\n{\"roles\": ["),
        ("c.json", &deep),
        ("d.json", custom),
        ("e.txt", "\u{feff}{\"roles\": []}"),
    ]);
    for (file, message) in [
        ("a.json", "a.json: the JSON is neither an authorization schema"),
        ("b.json", "b.json: line 2: the text is no JSON"),
        ("c.json", "c.json: line 1: the text is no JSON that can be read: recursion limit"),
        ("d.json", "d.json: nothing in it can be imported: save the whole answer of"),
        ("e.txt", "e.txt: nothing in it can be imported: save the whole answer of"),
    ] {
        let run = run(folder.path(), &[file]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{file}");
        assert!(run.stderr.contains(message), "{}", run.stderr);
    }
}

#[test]
fn a_page_and_a_schema_say_each_their_part_of_an_api() {
    let page = "| Permission | API | Action | IAM Project |\n|---|---|---|---|\n\
                | Copying | POST /v1/cloudimages/{image_id}/copy | ims:images:odd | √ |\n";
    let schema = r#"{"version": "v1", "actions": [{"name": "ims:images:copyInRegion", "access_level": "write"}],
        "operations": [{"operation_id": "CopyImageInRegion", "operation_action": "ims:images:copyInRegion"}]}"#;
    let folder = project(&[("a.md", page), ("b.json", schema)]);
    for files in [["a.md", "b.json"], ["b.json", "a.md"]] {
        let run = run(folder.path(), &[&files[..], &["--out", "new", "--replace"]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(!run.stderr.contains("says otherwise"), "{}", run.stderr);
        let text = std::fs::read_to_string(folder.path().join("new/permissions/ims.yaml")).unwrap();
        for line in ["actions: [ims:images:odd]", "identity: [ims:images:copyInRegion]"] {
            assert!(text.contains(line), "{files:?}\n{text}");
        }
    }
}

#[test]
fn files_are_written_once_unless_they_may_be_replaced() {
    let folder = project(&[]);
    let page = fixture("import").join("identity.zh.html");
    let page = page.to_str().unwrap();
    let several = run(folder.path(), &[page]);
    assert_eq!((several.code, several.stdout.as_str()), (2, ""));
    assert!(several.stderr.contains("--out DIR"), "{}", several.stderr);
    let options = ["--out", "new", "--document", "a page", "--date", "2026-01-02"];
    assert_eq!(run(folder.path(), &[&[page], &options[..]].concat()).code, 0);
    let path = folder.path().join("new/permissions/ims.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("{ document: a page, date: 2026-01-02 }"), "{text}");
    assert!(folder.path().join("new/identity/ims.yaml").exists());
    std::fs::write(&path, "mine\n").unwrap();
    let refused = run(folder.path(), &[&[page], &options[..]].concat());
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("--replace"), "{}", refused.stderr);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine\n");
    assert_eq!(run(folder.path(), &[&[page, "--replace"], &options[..]].concat()).code, 0);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn files_of_one_service_become_one_and_the_first_is_right() {
    let table = |rows: &str| format!("| Permission | API | Action |\n|---|---|---|\n{rows}");
    let folder = project(&[
        ("a.md", &table("| A | GET /v1/a | ims:a:get |\n")),
        ("b.md", &table("| A | GET /v1/a | ims:b:get |\n| B | GET /v1/b | ims:b:get |\n")),
    ]);
    let run = run(folder.path(), &["a.md", "b.md"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout.matches("ims:a:get").count(), 1);
    assert_eq!(run.stdout.matches("ims:b:get").count(), 1);
    assert!(run.stderr.contains("b.md:3: a file before says otherwise of `GET /v1/a`"), "{}", run.stderr);
    assert!(run.stderr.ends_with("2 of 3 rows read, 1 not\n"), "{}", run.stderr);
}

#[test]
fn the_examples_of_the_page_on_extending_extend_the_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/extending.md");
    let text = std::fs::read_to_string(page).unwrap();
    let blocks = text.split("```yaml\n").skip(1).filter_map(|block| block.split("```").next());
    let mut catalog = Catalog::embedded();
    let mut extended = 0;
    for block in blocks.filter(|block| !block.contains("catalog:")) {
        catalog.extend("docs/extending.md", block).unwrap_or_else(|errors| panic!("{errors:?}\n{block}"));
        extended += 1;
    }
    assert_eq!(extended, 5);
}

/// Reads a text in the time that a page may take, whatever it holds.
fn survives(name: &str, text: &str) -> Imported {
    let start = Instant::now();
    let imported = read(name, text);
    assert!(start.elapsed() < Duration::from_mins(1), "{name}: {:?}", start.elapsed());
    imported
}

#[test]
fn huge_spans_cost_nothing() {
    let head = "<table><tr><th>API</th><th>Action</th></tr>";
    let row = "<tr><td rowspan=999999999 colspan=999999999>GET /v1/a</td></tr>";
    survives("a.html", &format!("{head}{row}{}", "<tr><td>x".repeat(100_000)));
    let long = "a:b:c ".repeat(20_000);
    survives("a.html", &format!("{head}<tr><td rowspan=0>{long}<td>{}", "<tr><td>x".repeat(100_000)));
}

#[test]
fn deep_nesting_and_tables_without_end_are_read_to_the_end() {
    survives("a.html", &"<table><tr><td>".repeat(100_000));
    survives("a.html", &"<div><ul><li>".repeat(100_000));
    survives("a.md", &"<table><tr><td>\n\n".repeat(50_000));
    survives("a.md", &"> ".repeat(50_000));
    survives("a.md", &format!("| API | Action |\n|---|---|\n{}", "| [".repeat(100_000)));
    survives("a.rst", &"+---+---+\n| a | b\n".repeat(20_000));
    survives("a.rst", &format!("+{}\n", "-+".repeat(100_000)).repeat(20));
    survives("a.rst", &"== ==\na b\n\n".repeat(20_000));
    survives("a.rst", &format!("== ==\n{}", "a b\n".repeat(100_000)));
    survives("a.rst", &".. list-table::\n\n   * - `a <b\n".repeat(20_000));
}

#[test]
fn long_cells_take_no_longer_than_their_length() {
    for cell in [
        "a:b:",
        "GET /v1/{",
        "GET /v1/a ",
        "GET /a}",
        "[](",
        "`",
        "** ",
        "(if ",
        "ims:a:b or ",
        "ims:a:b KMS Administrator ",
    ] {
        let cell = cell.repeat(100_000);
        survives("a.md", &format!("| Permission | API | Action |\n|---|---|---|\n| {cell} | {cell} | {cell} |\n"));
        survives("a.html", &format!("<table><tr><th>API<th>Action<tr><td>{cell}<td>{cell}</table>"));
    }
    let rows: Vec<String> = (0..20_000).map(|row| format!("| Row {row} | GET /v1/a | ims:a:b{row} |\n")).collect();
    let rows = rows.concat();
    let imported = survives("a.md", &format!("| Permission | API | Action |\n|---|---|---|\n{rows}"));
    assert_eq!(imported.draft.apis.len(), 1);
    survives("a.md", &"GET /v1/a\n".repeat(100_000));
    let operation =
        "| 授权项 | 访问级别 | 依赖的授权项 |\n|---|---|---|\n| ims:a:b | write | kms:a:b |\n\nGET /v1/a\n\n";
    survives("a.md", &operation.repeat(10_000));
    let broken: Vec<String> = (0..20_000).map(|row| format!("| Row {row} | GET /v1/a | a:b:c:d:e{row} |\n")).collect();
    survives("a.md", &format!("| Permission | API | Action |\n|---|---|---|\n{}", broken.concat()));
}
