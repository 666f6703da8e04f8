//! What functions do with what is not known, with mistakes, and with places.

use hcl_edit::expr::{Expression, ObjectKey, UnaryOperator};
use hcl_edit::structure::Body;

use super::super::value::{Made, Member, Text};
use super::*;
use crate::source::Span;

/// A few files.
struct Folder;

impl Folder {
    fn path(path: &str) -> std::path::PathBuf {
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/terraform-expressions").join(path)
    }
}

impl Files for Folder {
    fn text(&self, path: &str) -> Result<(Rc<str>, Origin), Unknown> {
        let text = std::fs::read_to_string(Self::path(path)).map_err(|_| mistake("no such file"))?;
        let origin = Origin { file: 1, span: Span::new(0, text.len()) };
        Ok((Rc::from(text), origin))
    }

    fn exists(&self, path: &str) -> Result<bool, Unknown> {
        let path = Self::path(path);
        if path.is_dir() { Err(mistake("a folder")) } else { Ok(path.exists()) }
    }

    fn set(&self, _: &str, _: &str) -> Result<Vec<String>, Unknown> {
        Ok(vec![String::from("b"), String::from("a")])
    }
}

fn mistake(reason: &str) -> Unknown {
    Unknown { is_mistake: true, ..Unknown::new(reason) }
}

/// Values of literals and calls; none for all else, which is for the evaluator to say.
fn evaluated(expression: &Expression) -> Option<Item> {
    let value = match expression {
        Expression::Null(_) => Value::Null,
        Expression::Bool(truth) => Value::from(*truth.value()),
        Expression::Number(number) => Value::from(number.value().as_f64()?),
        Expression::String(text) => Value::from(text.value().as_str()),
        Expression::Array(items) => Value::List(items.iter().map(evaluated).collect::<Option<_>>()?),
        Expression::Parenthesis(inner) => return evaluated(inner.inner()),
        Expression::UnaryOp(operation) if *operation.operator.value() == UnaryOperator::Neg => {
            match evaluated(&operation.expr)?.value {
                Value::Number(number) => Value::from(-number),
                _ => return None,
            }
        }
        Expression::Object(object) => object
            .iter()
            .map(|(key, value)| {
                let key = match key {
                    ObjectKey::Ident(ident) => Rc::from(ident.as_str()),
                    ObjectKey::Expression(key) => evaluated(key)?.value.scalar()?,
                };
                Some((key, Member { key: Origin::default(), item: evaluated(value.expr())? }))
            })
            .collect::<Option<_>>()?,
        // Names of variables that stand for what is not known.
        Expression::Variable(name) => Value::Unknown(Unknown {
            is_set: name.as_str() == "set",
            is_mistake: name.as_str() == "wrong",
            ..Unknown::new(name.as_str())
        }),
        Expression::FuncCall(function) => {
            let name = function.name.name.as_str();
            // The first are the evaluator's, the last one depends on the files.
            if ["try", "can", "templatestring", "fileset"].contains(&name) {
                return None;
            }
            let mut arguments: Vec<Item> = function.args.iter().map(evaluated).collect::<Option<_>>()?;
            if function.args.expand_final() {
                let last = arguments.pop()?;
                arguments.extend_from_slice(last.value.as_list()?);
            }
            call(name, &arguments, &Folder).unwrap_or_else(|| Value::mistake("no such function"))
        }
        _ => return None,
    };
    Some(Item::from(value))
}

fn value(expression: &str) -> Option<Value> {
    let body: Body = format!("x = {expression}\n").parse().ok()?;
    let attribute = body.attributes().next()?;
    evaluated(&attribute.value).map(|item| item.value)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::from("null"),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => format!("{:e}", number + 0.0),
        Value::String(text) => serde_json::to_string(&*text.text).unwrap(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| shown(&item.value)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Map(members) => {
            let members = members.iter();
            let members: Vec<String> =
                members.map(|(key, member)| format!("{key:?}:{}", shown(&member.item.value))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Unknown(unknown) if unknown.is_mistake => String::from("error"),
        Value::Unknown(unknown) => format!("<{}{}>", unknown.reason, if unknown.is_set { "!" } else { "" }),
    }
}

#[test]
fn the_functions_are_sorted_so_that_each_is_found() {
    assert!(FUNCTIONS.is_sorted_by(|a, b| a.0 < b.0));
    assert!(call("provider::x::upper", &[], &Folder).is_none());
    assert!(call("nope", &[], &Folder).is_none());
    let (folder, pattern) = (Item::from(Value::from(".")), Item::from(Value::from("*")));
    assert_eq!(shown(&call("core::fileset", &[folder, pattern], &Folder).unwrap()), "[\"a\",\"b\"]");
}

/// `open` and `set` stand for what is not known, the latter of which is certainly not empty; `wrong` is a mistake.
#[test]
fn what_is_not_known_stays_where_it_is_or_is_the_reason() {
    for (expression, expected) in [
        ("abs(open)", "<open>"),
        ("max(1, open, wrong)", "error"),
        ("upper(open)", "<open>"),
        ("upper(set)", "<set!>"),
        ("sha1(open)", "<open!>"),
        ("split(\",\", open)", "<open!>"),
        ("format(\"a-%s\", open)", "<open!>"),
        ("format(\"%s%v\", open, open)", "<open>"),
        ("format(\"%d\", open)", "<open!>"),
        ("format(open, 1)", "<open>"),
        ("formatlist(\"%s-%s\", [\"a\", open], set)", "[<set!>,<open!>]"),
        ("formatlist(\"%s\", open)", "<open>"),
        ("join(\"-\", [open, \"a\"])", "<open!>"),
        ("join(\"-\", [open])", "<open>"),
        ("join(\"\", [open, open])", "<open>"),
        ("join(\"-\", [\"a\"], open)", "<open>"),
        ("concat([1], [open])", "[1e0,<open>]"),
        ("concat([1], open)", "<open!>"),
        ("concat([], open)", "<open>"),
        ("merge({ a = 1 }, { b = open })", "{\"a\":1e0,\"b\":<open>}"),
        ("merge({ a = 1 }, open)", "<open!>"),
        ("merge({}, open, wrong)", "error"),
        ("flatten([[open], [[1]]])", "[<open>,1e0]"),
        ("length([open, 1])", "2e0"),
        ("length(set)", "<set>"),
        ("keys({ a = open })", "[\"a\"]"),
        ("values({ a = open })", "[<open>]"),
        ("lookup({ a = open }, \"a\", 1)", "<open>"),
        ("lookup({ a = open }, \"b\", 1)", "1e0"),
        ("lookup({ a = 1 }, open, 1)", "<open>"),
        ("element([open, 1], 1)", "1e0"),
        ("element([1, 2], -1)", "2e0"),
        ("slice([open, 1], 1, 2)", "[1e0]"),
        ("reverse([open, 1])", "[1e0,<open>]"),
        ("one([open])", "<open>"),
        ("zipmap([\"a\"], [open])", "{\"a\":<open>}"),
        ("zipmap([open], [1])", "<open!>"),
        ("setproduct([open], [1, 2])", "[[<open>,1e0],[<open>,2e0]]"),
        ("chunklist([1, open], 1)", "[[1e0],[<open>]]"),
        ("coalesce(null, \"\", set, 1)", "<set!>"),
        ("coalesce(open, \"a\")", "<open!>"),
        ("coalesce(\"a\", open)", "\"a\""),
        ("coalescelist([], open)", "<open!>"),
        ("contains([open, 1], 1)", "true"),
        ("contains([open, 1], 2)", "<open>"),
        ("contains([set, \"a\"], \"\")", "false"),
        ("contains([[open, 1]], [2, 2])", "false"),
        ("index([open, 1], 1)", "<open>"),
        ("index([1, open], 1)", "0e0"),
        ("alltrue([open, false])", "false"),
        ("alltrue([open, true])", "<open>"),
        ("anytrue([open, true])", "true"),
        ("compact([open, \"a\"])", "<open!>"),
        ("compact([set, \"\"])", "[<set!>]"),
        ("sort([open, \"a\"])", "<open!>"),
        ("toset([open, \"b\", \"a\", \"b\"])", "[\"a\",\"b\",<open>]"),
        ("tolist(set)", "<set!>"),
        ("tolist([open, 1, \"a\"])", "[<open>,\"1\",\"a\"]"),
        ("tostring(set)", "<set!>"),
        ("tonumber(open)", "<open>"),
        ("setunion([\"a\"], [open])", "[\"a\",<open>]"),
        ("setsubtract([\"a\"], [open])", "<open>"),
        ("setsubtract([\"a\"], [open, \"a\"])", "[]"),
        ("setintersection([\"a\"], [open])", "<open>"),
        ("setintersection([\"a\"], [open], [\"b\"])", "[]"),
        ("transpose({ a = [open] })", "<open>"),
        ("matchkeys([open], [\"a\"], [\"a\"])", "[<open>]"),
        ("jsonencode({ a = open })", "<open!>"),
        ("jsondecode(jsonencode({ a = open }))", "{\"a\":<open>}"),
        ("jsonencode({ a = wrong })", "error"),
        ("yamlencode([open])", "<open!>"),
        ("sensitive(set)", "<set!>"),
        ("sum([1, open])", "<open>"),
        ("timestamp()", "<`timestamp`: only a run tells its value!>"),
        ("cidrhost(open, 1)", "<open!>"),
        ("cidrcontains(\"10.0.0.0/8\", \"10.1.0.0/16\")", "true"),
        ("cidrcontains(\"10.0.0.0/8\", \"11.0.0.1\")", "false"),
        ("urldecode(\"a+b%21%E2%98%83\")", "\"a b!☃\""),
    ] {
        let value = value(expression);
        assert_eq!(value.as_ref().map(shown).as_deref(), Some(expected), "{expression}");
    }
}

#[test]
fn a_mistake_names_the_function_and_what_is_wrong() {
    for (expression, expected) in [
        ("abs(\"x\")", "`abs`: a number is needed, not \"x\""),
        ("abs([])", "`abs`: a number is needed, not a list"),
        ("abs(1, 2)", "`abs`: takes 1 arguments, not 2"),
        ("join()", "`join`: takes at least 2 arguments, not 0"),
        ("upper(null)", "`upper`: a value that is null cannot be used here"),
        ("lookup({}, \"a\")", "`lookup`: the map has no key \"a\", and no default is given"),
        ("format(\"%s %s\", 1)", "`format`: needs 2 values, and 1 are given"),
    ] {
        let Some(Value::Unknown(unknown)) = value(expression) else { panic!("{expression} is no mistake") };
        assert!(unknown.is_mistake);
        assert_eq!(&*unknown.reason, expected);
    }
}

#[test]
fn no_call_takes_long_or_yields_much() {
    let large = "x".repeat(600_000);
    let long = format!("[{}]", "1,".repeat(2_000));
    let all = [
        "range(0, 1e12)".to_owned(),
        "range(0, 1, 1e-300)".to_owned(),
        "range(1e300, 1.1e300)".to_owned(),
        format!("setproduct({long}, {long}, {long}, {long})"),
        "pow(10, 1000)".to_owned(),
        format!("parseint(\"{}\", 10)", "9".repeat(400)),
        "format(\"%999999999d\", 1)".to_owned(),
        "format(\"%.999999999f\", 1)".to_owned(),
        "format(\"%.70000e\", 1)".to_owned(),
        "format(\"%.999999999d\", 1)".to_owned(),
        "format(\"%.999999999g\", 1)".to_owned(),
        "format(\"%[99999999999999999999]d\", 1)".to_owned(),
        format!("replace(\"{large}\", \"x\", \"{large}\")"),
        format!("replace(\"{large}\", \"/x/\", \"$0$0$0\")"),
        format!("replace(\"{large}\", \"/x*y|x/\", \"y\")"),
        format!("regexall(\"x*y|x\", \"{large}\")"),
        "regex(\"(((a{1000}){1000}){1000}){1000}\", \"a\")".to_owned(),
        format!("regex(\"{}a\", \"a\")", "(".repeat(100_000)),
        format!("join(\"{large}\", {long})"),
        "indent(9e14, \"a\\nb\")".to_owned(),
        format!("split(\"\", \"{large}\")"),
        format!("jsondecode(\"{}\")", "[".repeat(100_000)),
        format!("yamldecode(\"{}\")", "[".repeat(100_000)),
        format!("base64encode(\"{large}\")"),
        "timeadd(\"9999-12-31T23:59:59Z\", \"24h\")".to_owned(),
        "timeadd(\"2000-01-01T00:00:00Z\", \"99999999999999999999999999999999999999999h\")".to_owned(),
    ];
    for expression in all {
        let start: String = expression.chars().take(40).collect();
        assert!(matches!(value(&expression), Some(Value::Unknown(_))), "{start}");
    }
}

/// A value that holds another one twice, which does the same, and so on.
fn doubled(depth: usize) -> Item {
    let mut item = Item::from(Value::List([].into()));
    for _ in 0..depth {
        item = Item::from(Value::List([item.clone(), item].into()));
    }
    item
}

#[test]
fn values_that_share_what_they_hold_are_not_walked_for_ever() {
    for (name, arguments) in [
        ("flatten", vec![doubled(60)]),
        ("jsonencode", vec![doubled(60)]),
        ("yamlencode", vec![doubled(60)]),
        ("tolist", vec![doubled(60)]),
        ("toset", vec![doubled(60)]),
        ("contains", vec![doubled(60), doubled(59)]),
        ("distinct", vec![doubled(60)]),
        ("coalesce", vec![doubled(60), doubled(60)]),
    ] {
        let value = call(name, &arguments, &Folder).unwrap();
        assert!(matches!(value, Value::Unknown(_)), "{name}");
    }
}

fn written(text: &str, start: usize) -> Item {
    Item { value: Value::from(text), origin: Origin { file: 2, span: Span::new(start, start + text.len()) } }
}

#[test]
fn texts_know_how_they_were_made() {
    let unknown = Item::from(Value::unknown("why"));
    let value = call("format", &[written("a-%s!", 10), unknown], &Folder).unwrap();
    let Value::Unknown(unknown) = value else { panic!("it is known") };
    let Some(Made::Of(parts)) = unknown.made.as_deref() else { panic!("it has no parts") };
    let texts: Vec<_> = parts.iter().map(|part| part.text.as_deref().ok()).collect();
    assert_eq!(texts, [Some("a-"), None, Some("!")]);

    let file = call("file", &[Item::from(Value::from("data/a.json"))], &Folder).unwrap();
    let trimmed = call("trimspace", &[Item::from(file)], &Folder).unwrap();
    let Value::String(Text { text, made }) = &trimmed else { panic!("it is no text") };
    let Some(Made::As(origin)) = made.as_deref() else { panic!("it is no part of a file") };
    assert_eq!((origin.file, origin.span), (1, Span::new(0, text.len())));
    for name in ["jsondecode", "yamldecode"] {
        let value = call(name, &[Item::from(trimmed.clone())], &Folder).unwrap();
        let member = &value.get("a").unwrap().value.as_map().unwrap()["x"];
        assert_eq!((member.key.file, &text[member.key.span.range()]), (1, "\"x\""));
        assert_eq!(&text[member.item.origin.span.range()], "\"<&>\"");
    }
}

#[test]
fn elements_keep_where_they_were_written() {
    let list = Item::from(Value::List([written("b", 1), written("a", 5)].into()));
    for name in ["reverse", "sort", "toset", "tolist", "distinct", "compact", "flatten", "concat"] {
        let value = call(name, std::slice::from_ref(&list), &Folder).unwrap();
        for item in value.as_list().unwrap() {
            let start = if item.value.as_str() == Some("a") { 5 } else { 1 };
            assert_eq!(item.origin.span.start, start, "{name}");
        }
    }
}
