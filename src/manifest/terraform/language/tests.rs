//! What expressions come to.

use std::fmt::Write as _;

use std::path::Path;

use super::{Item, Unknown, Value};
use crate::manifest::terraform::module::Written;
use crate::manifest::terraform::testing::{value_of, with_root_in};

/// Expressions with what a real Terraform says that they come to: JSON, or `error`.
const EXPRESSIONS: &str = include_str!("../../../../fixtures/terraform-expressions/expressions.tsv");

/// Where this departs from that Terraform, and why.
const DEPARTURES: &[(&str, &str)] = &[
    (r"0.1 + 0.2", PRECISION),
    (r#"format("%s", -0.0)"#, ZERO),
    (r"jsonencode(-0.0)", ZERO),
    (r#"regex("[a--]", "-")"#, "the grammar of sets in patterns is a newer one"),
    (r#"split("", "日本🇩🇪")"#, "a text is split where a reader sees characters"),
    (r#"concat(toset(["b", "a"]), ["c"])"#, SETS),
    (r#"slice(toset(["a"]), 0, 1)"#, SETS),
    (r#"toset(["a"])[0]"#, SETS),
    (r#"[for k, v in toset(["b", "a"]) : "${k}${v}"]"#, SETS),
    (r"tolist([]) == []", SETS),
    (r#"lookup(tomap({ a = "1" }), "b", 2)"#, SETS),
    (r#"lookup(tomap({ a = 1 }), "b", "x")"#, SETS),
    (r#"true ? [1] : ["a", "b"]"#, SETS),
    (r#"true ? "a" : ["b"]"#, SETS),
    (r"true ? 1 : true", SETS),
    (r#"element(["a", "b", "c"], -1)"#, "newer versions count from the end"),
    (r#"fileexists("data")"#, "a folder is no file"),
    (r#"cidrsubnet("10.0.0.0/16", -1, 0)"#, "newer versions refuse it"),
    (r#"cidrsubnet("10.0.0.0/16", 8, -1)"#, "newer versions refuse it"),
    (r#"templatestring("x", {})"#, "a template may be a literal here"),
];

const PRECISION: &str = "numbers have 53 bits here";

const ZERO: &str = "the parser takes the sign of zero away";

const SETS: &str = "sets, lists and tuples, maps and objects are not told apart";

fn value(text: &str) -> Value {
    value_of(&[("main.tf", text)]).value
}

fn unknown(text: &str) -> Unknown {
    match value(text) {
        Value::Unknown(why) => why,
        known => panic!("{text} is {known:?}"),
    }
}

/// A value as JSON, where it is known.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::from("null"),
        Value::String(text) => format!("{:?}", text.text),
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| shown(&item.value)).collect::<Vec<_>>().join(","))
        }
        Value::Map(members) => {
            let members = members.iter().map(|(name, member)| format!("{name:?}:{}", shown(&member.item.value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Unknown(why) => format!("<{}>", why.reason),
        scalar => scalar.scalar().map(|text| text.to_string()).unwrap_or_default(),
    }
}

#[test]
fn what_the_files_settle_is_known() {
    for (text, expected) in [
        ("x = \"a\"", "\"a\""),
        ("x = var.r\nvariable \"r\" { default = \"cn-north-4\" }", "\"cn-north-4\""),
        ("x = local.a.b\nlocals {\n a = { b = local.c }\n c = \"d\"\n}", "\"d\""),
        ("x = \"${var.r}-a\"\nvariable \"r\" { default = \"b\" }", "\"b-a\""),
        ("x = var.on ? \"y\" : \"n\"\nvariable \"on\" { default = false }", "\"n\""),
        ("x = (local.e == \"prod\" || var.q) ? \"y\" : \"n\"\nlocals { e = \"prod\" }\nvariable \"q\" {}", "\"y\""),
        ("x = [for i, v in [\"a\", \"b\"] : \"${i}${v}\" if v != \"a\"]", "[\"1b\"]"),
        ("x = { for k, v in { a = 1, b = 2 } : v => k }", "{\"1\":\"a\",\"2\":\"b\"}"),
        (
            "x = { for v in [\"aa\", \"ab\", \"b\"] : v == \"b\" ? \"b\" : \"a\" => v... }",
            "{\"a\":[\"aa\",\"ab\"],\"b\":[\"b\"]}",
        ),
        ("x = [{ a = 1 }, { a = 2 }][*].a", "[1,2]"),
        ("x = [{ a = { b = 1 } }].*.a.b", "[1]"),
        ("x = null[*]", "[]"),
        ("x = { a = [10, 20] }[\"a\"][1]", "20"),
        ("x = 1 + 2 * 3 - 4 / 8", "6.5"),
        ("x = -5 % 3", "-2"),
        ("x = 1 == \"1\"", "false"),
        ("x = [1, \"a\"] == [1, \"a\"]", "true"),
        ("x = !(2 > 1) && true", "false"),
        ("x = \"%{ if true }yes%{ else }no%{ endif }\"", "\"yes\""),
        ("x = \"%{ for v in [1, 2] ~} ${v}, %{~ endfor }\"", "\"1,2,\""),
        ("x = <<-EOT\n    a\n      b\n    EOT\n", "\"a\\n  b\\n\""),
        ("x = \"$${a}\"", "\"${a}\""),
        ("x = try(local.a.c, local.a.b)\nlocals {\n a = { b = 1 }\n}", "1"),
        ("x = [can(local.a.c), can(local.a.b)]\nlocals {\n a = { b = 1 }\n}", "[false,true]"),
    ] {
        assert_eq!(shown(&value(text)), expected, "{text}");
    }
}

#[test]
fn what_they_do_not_settle_is_unknown_with_its_reason() {
    for (text, expected, is_set) in [
        ("x = var.r\nvariable \"r\" {}", "`var.r` has no default", false),
        ("x = var.r", "`var.r` is not declared", false),
        ("x = huaweicloud_vpc.a.id", "known only to a run", true),
        ("x = data.huaweicloud_vpc.a.id", "known only to a run", true),
        ("x = each.value.id", "stands outside", false),
        ("x = module.network.id", "`module.network` is not declared", false),
        ("x = huaweicloud_vpc.a.routes.id", "known only to a run", false),
        ("x = \"a-${var.r}\"\nvariable \"r\" {}", "`var.r` has no default", true),
        ("x = nosuch(\"a\")", "no function `nosuch`", false),
        ("x = terraform.workspace", "the workspace", false),
    ] {
        let why = unknown(text);
        assert!(why.reason.contains(expected), "{text}: {}", why.reason);
        assert_eq!(why.is_set, is_set, "{text}");
    }
}

#[test]
fn what_is_open_of_a_part_leaves_the_rest_known() {
    for (text, expected) in [
        ("x = [var.r, 1]\nvariable \"r\" {}", "[<`var.r` has no default>,1]"),
        ("x = { a = var.r, b = 1 }.b\nvariable \"r\" {}", "1"),
        ("x = var.r ? 1 : 1\nvariable \"r\" {}", "1"),
        ("x = false && var.r\nvariable \"r\" {}", "false"),
        ("x = huaweicloud_vpc.a.id == null", "false"),
        ("x = [for v in [var.r, 1] : v]\nvariable \"r\" {}", "[<`var.r` has no default>,1]"),
    ] {
        assert_eq!(shown(&value(text)), expected, "{text}");
    }
}

#[test]
fn a_resource_is_what_its_block_sets() {
    let with =
        |rest: &str| format!("x = {rest}\nresource \"huaweicloud_vpc\" \"a\" {{\n name = \"v\"\n cidr = null\n}}\n");
    assert_eq!(value(&with("huaweicloud_vpc.a.name")), Value::from("v"));
    assert!(unknown(&with("huaweicloud_vpc.a.cidr")).reason.contains("known only to a run"));
    let counted = |rest: &str| {
        format!("x = {rest}\nresource \"huaweicloud_vpc\" \"a\" {{\n count = 2\n name = \"v${{count.index}}\"\n}}\n")
    };
    assert_eq!(shown(&value(&counted("huaweicloud_vpc.a[*].name"))), "[\"v0\",\"v1\"]");
    assert_eq!(shown(&value(&counted("huaweicloud_vpc.a[1].name"))), "\"v1\"");
    let keyed = "x = huaweicloud_vpc.a[\"k\"].name\nresource \"huaweicloud_vpc\" \"a\" {\n for_each = { k = 1 }\n name = each.key\n}\n";
    assert_eq!(value(keyed), Value::from("k"));
}

#[test]
fn files_of_values_win_over_defaults_or_leave_them_open() {
    let read = |values: &str| {
        let text = "x = var.r\nvariable \"r\" { default = \"a\" }";
        value_of(&[("main.tf", text), (values, "r = \"b\"\nother = 1")]).value
    };
    assert_eq!(read("terraform.tfvars"), Value::from("b"));
    assert_eq!(read("x.auto.tfvars"), Value::from("b"));
    assert!(matches!(read("prod.tfvars"), Value::Unknown(why) if why.reason.contains("prod.tfvars")));
    assert_eq!(read("other.tf"), Value::from("a"));
}

#[test]
fn a_variable_has_its_type() {
    for (kind, default, expected) in [
        ("string", "5", "\"5\""),
        ("number", "\"5\"", "5"),
        ("bool", "\"true\"", "true"),
        ("list(string)", "[1, true]", "[\"1\",\"true\"]"),
        ("set(string)", "[\"b\", \"a\", \"b\"]", "[\"a\",\"b\"]"),
        ("map(number)", "{ a = \"1\" }", "{\"a\":1}"),
        (
            "object({ a = string, b = optional(number, 3), c = optional(string) })",
            "{ a = 1, d = 2 }",
            "{\"a\":\"1\",\"b\":3,\"c\":null}",
        ),
        ("any", "[1]", "[1]"),
        ("list(string)", "5", "<a number is no list>"),
        ("object({ a = string })", "{}", "<it lacks `a`>"),
    ] {
        let text = format!("x = var.v\nvariable \"v\" {{\n type = {kind}\n default = {default}\n}}\n");
        assert_eq!(shown(&value(&text)), expected, "{kind} {default}");
    }
}

#[test]
fn modules_take_inputs_and_give_outputs() {
    let child = "variable \"name\" {}\noutput \"full\" { value = \"net-${var.name}\" }\noutput \"own\" { value = path.module }\n";
    let read = |call: &str, rest: &str| {
        let main = format!("x = {rest}\nmodule \"m\" {{\n source = \"./net\"\n{call}\n}}\n");
        shown(&value_of(&[("main.tf", &main), ("net/main.tf", child)]).value)
    };
    assert_eq!(read("name = \"a\"", "module.m.full"), "\"net-a\"");
    assert_eq!(read("name = \"a\"", "module.m.own"), "\"net\"");
    assert_eq!(read("name = \"a\"", "path.root"), "\".\"");
    assert_eq!(read("name = \"a\"", "path.cwd"), "<`path.cwd` depends on where Terraform runs>");
    assert_eq!(read("name = \"a\"", "path.cwd == \"\""), "false");
    assert_eq!(read("count = 2\nname = count.index", "module.m[1].full"), "\"net-1\"");
    assert_eq!(read("for_each = { eu = \"e\" }\nname = each.value", "module.m[\"eu\"].full"), "\"net-e\"");
    assert_eq!(read("count = 2\nname = count.index", "module.m[*].full"), "[\"net-0\",\"net-1\"]");
    assert_eq!(read("", "module.m.full"), "<`var.name` has no default>");
    assert_eq!(read("name = \"a\"", "module.m.nosuch"), "<the module has no output `nosuch`>");
}

#[test]
fn a_value_keeps_the_place_where_it_was_written() {
    let text = "x = local.a\nlocals { a = [\"v\"] }\n";
    let Item { value, origin } = value_of(&[("main.tf", text)]);
    assert_eq!(&text[origin.span.range()], "[\"v\"]");
    let Value::List(items) = value else { panic!("a list") };
    assert_eq!(&text[items[0].origin.span.range()], "\"v\"");
}

#[test]
fn texts_that_double_end_in_time_and_memory() {
    let doubling = |level: usize| format!("l{level} = \"${{local.l{0}}}${{local.l{0}}}\"\n", level + 1);
    let locals: String = (0..30).map(doubling).collect();
    let text = format!("x = local.l0\nlocals {{\n{locals}l30 = \"{}\"\n}}\n", "a".repeat(100_000));
    assert!(unknown(&text).reason.contains("bytes of text"));
}

#[test]
fn locals_that_go_in_circles_or_double_end_in_time() {
    assert!(unknown("x = local.a\nlocals {\n a = local.b\n b = local.a\n}").reason.contains("refers to itself"));
    for inner in ["[local.lN, local.lN]", "[for v in [1, 2] : local.lN]"] {
        let mut text = String::from("x = local.l0 == local.l0\nlocals {\n");
        for level in 0..30 {
            writeln!(text, "l{level} = {}", inner.replace("lN", &format!("l{}", level + 1))).unwrap();
        }
        text.push_str("l30 = 1\n}\n");
        assert!(unknown(&text).reason.contains("elements"), "{inner}");
    }
}

#[test]
fn references_through_many_others_end_before_the_stack_does() {
    let mut text = String::from("x = local.l0\nlocals {\n");
    for level in 0..5_000 {
        writeln!(text, "l{level} = local.l{}", level + 1).unwrap();
    }
    text.push_str("l5000 = 1\n}\n");
    assert!(unknown(&text).reason.contains("refers through too many"));
}

/// A value in one form, however numbers are written.
fn form(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Number(number) => number.as_f64().map(|number| format!("{number:e}")).unwrap_or_default(),
        serde_json::Value::Array(items) => format!("[{}]", items.iter().map(form).collect::<Vec<_>>().join(",")),
        serde_json::Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name:?}:{}", form(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null | Value::Unknown(_) => serde_json::Value::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Number(number) => (*number).into(),
        Value::String(text) => (*text.text).into(),
        Value::List(items) => items.iter().map(|item| json(&item.value)).collect(),
        Value::Map(members) => {
            members.iter().map(|(name, member)| (name.to_string(), json(&member.item.value))).collect()
        }
    }
}

#[test]
fn expressions_come_to_what_terraform_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/terraform-expressions");
    let (mut wrong, mut known) = (Vec::new(), 0);
    for line in EXPRESSIONS.lines().filter(|line| !line.starts_with('#')) {
        let Some((expression, expected)) = line.split_once('\t') else { continue };
        let text = format!("x = {expression}\n");
        let value = crate::syntax::hcl::parse(&text).ok().map(|_| {
            with_root_in(&folder, &[("main.tf", &text)], |root, instance| {
                let attribute = root.files[0].1.attribute("x").expect("an attribute x");
                instance.evaluate(Written { expr: &attribute.value, file: 1 }, None).value
            })
        });
        let shown = match &value {
            // Terraform's parser refuses it too, or ours alone does.
            None => String::from("error"),
            Some(value) => match value.first_unknown() {
                Some(why) if why.is_mistake => String::from("error"),
                // What is left open is not wrong.
                Some(_) => continue,
                None => form(&json(value)),
            },
        };
        known += 1;
        let expected =
            if expected == "error" { expected.to_owned() } else { form(&serde_json::from_str(expected).unwrap()) };
        let departs = DEPARTURES.iter().any(|(own, _)| *own == expression);
        if (shown == expected) == departs {
            wrong.push(format!("{expression}\n    is {shown}\n    not {expected}"));
        }
    }
    assert_eq!(wrong, [""; 0], "{} of {known} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(known > 1_000, "{known} expressions are known");
}
