//! Which documents are policies of Huawei Cloud.

use super::principal::names_known_principals;
use crate::syntax::{Node, Value};

/// A cheap look at a text: may it hold a policy? False for nearly every other JSON or YAML file.
pub fn may_be_policy(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memmem::find(bytes, b"tatement").is_some() && memchr::memmem::find(bytes, b"ersion").is_some()
}

/// A mapping with `Version` and `Statement` of IAM's shape, however the two are cased.
///
/// A version that is a date is another cloud's. A document with principals is IAM's only as a trust policy, which the
/// kinds of its principals tell from the policy of a bucket.
pub fn is_policy(node: &Node) -> bool {
    let Some(entries) = node.as_map() else { return false };
    let find = |name: &str| entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(name)).map(|entry| &entry.value);
    let (Some(version), Some(statement)) = (find("version"), find("statement")) else { return false };
    let Some(version) = version.scalar() else { return false };
    let is_number = version.len() <= 4 && version.parse::<f32>().is_ok();
    let is_newer = version.starts_with('5');
    let is_shaped = match &statement.value {
        Value::List(statements) => {
            statements.is_empty() || statements.iter().any(|statement| is_statement(statement, is_newer))
        }
        Value::Map(_) => is_statement(statement, is_newer),
        _ => false,
    };
    is_number && is_shaped
}

fn is_statement(node: &Node, is_newer: bool) -> bool {
    node.as_map().is_some_and(|entries| {
        let has = |name: &str| entries.iter().any(|entry| entry.key.eq_ignore_ascii_case(name));
        let names_principals = has("principal") || has("notprincipal");
        (has("effect") || has("action") || has("notaction"))
            && (!names_principals || (is_newer && names_known_principals(node)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognised(text: &str) -> bool {
        is_policy(&crate::syntax::json::parse(text).unwrap().node)
    }

    #[test]
    fn only_documents_of_iams_shape_are_policies() {
        for (text, expected) in [
            (r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": []}]}"#, true),
            (r#"{"Version": "5.0", "Statement": [{"Effect": "Deny", "NotAction": []}]}"#, true),
            (r#"{"version": 1.1, "statement": {"effect": "Allow"}}"#, true),
            (r#"{"Version": "1.2", "Statement": [{"Effect": "Allow"}]}"#, true),
            (r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"}]}"#, false),
            (r#"{"Version": "5.0", "Statement": [{"Effect": "Allow", "Principal": {}, "Action": []}]}"#, false),
            (
                r#"{"Version": "5.0", "Statement": [{"Principal": {"IAM": ["0a"]}, "Action": ["sts:agencies:assume"]}]}"#,
                true,
            ),
            (r#"{"Version": "5.0", "Statement": {"NotPrincipal": {"service": "x"}, "Effect": "Deny"}}"#, true),
            (
                r#"{"Version": "5.0", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "x"}]}"#,
                false,
            ),
            (
                r#"{"Version": "5.0", "Statement": [{"Effect": "Allow", "Principal": {"ID": ["*"]}, "Action": ["x"]}]}"#,
                false,
            ),
            (
                r#"{"Version": "5.0", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": ["GetObject"]}]}"#,
                false,
            ),
            (r#"{"Version": "1.1", "Statement": [{"Effect": "Allow", "Principal": {"IAM": ["0a"]}}]}"#, false),
            (r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "x"}}]}"#, false),
            (r#"{"Statement": [{"Effect": "Allow"}]}"#, false),
            (r#"{"Version": "1", "Statement": "see below"}"#, false),
            (r#"{"Version": "v1", "Statement": [{"Effect": "Allow"}]}"#, false),
            (r#"{"Version": 20121017, "Statement": [{"Effect": "Allow"}]}"#, false),
        ] {
            assert_eq!(recognised(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_without_the_two_elements_is_not_looked_at_twice() {
        for (text, expected) in [
            (r#"{"Version": "1.1", "Statement": []}"#, true),
            ("version: '1.1'\nstatement: []", true),
            (r#"{"Statement": []}"#, false),
            (r#"{"version": "3.9", "services": {}}"#, false),
            ("", false),
        ] {
            assert_eq!(may_be_policy(text), expected, "{text}");
        }
    }
}
