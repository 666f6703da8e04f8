//! A tree as JSON without white space between its parts.

use super::{Node, Value};

/// The shortest JSON that says the value. What only a run could tell is left out, so that nothing longer than the text
/// is ever meant.
pub fn compact(node: &Node) -> String {
    let mut text = String::new();
    write(node, &mut text);
    text
}

fn write(node: &Node, text: &mut String) {
    match &node.value {
        Value::Null => text.push_str("null"),
        Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => text.push_str(number),
        Value::String(string) => quoted(string, text),
        Value::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, text);
                write(item, text);
            }
            text.push(']');
        }
        Value::Map(entries) => {
            text.push('{');
            for (index, entry) in entries.iter().enumerate() {
                separate(index, text);
                quoted(&entry.key, text);
                text.push(':');
                write(&entry.value, text);
            }
            text.push('}');
        }
        Value::Unknown(_) => {}
    }
}

fn separate(index: usize, text: &mut String) {
    if index > 0 {
        text.push(',');
    }
}

fn quoted(string: &str, text: &mut String) {
    // Writing a text cannot fail.
    text.push_str(&serde_json::to_string(string).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_between_the_parts_is_left_out_and_all_else_stays() {
        let text = "{\n  \"a b\": [ 1.10, true, null, \"x\\ty \\u955c\\u50cf \\\"q\\\" \\u0001\" ],\n  \"c\": {} }";
        let node = crate::syntax::json::parse(text).unwrap().node;
        let expected = "{\"a b\":[1.10,true,null,\"x\\ty 镜像 \\\"q\\\" \\u0001\"],\"c\":{}}";
        assert_eq!(compact(&node), expected);
        assert_eq!(compact(&crate::syntax::json::parse(expected).unwrap().node), expected);
    }

    #[test]
    fn a_document_in_yaml_is_as_long_as_the_json_that_says_the_same() {
        let nodes = crate::syntax::yaml::parse("Version: \"1.1\"\nStatement:\n  - Action: [a:b:c]\n").unwrap();
        let texts: Vec<String> = nodes.iter().map(compact).collect();
        assert_eq!(texts, [r#"{"Version":"1.1","Statement":[{"Action":["a:b:c"]}]}"#]);
    }
}
