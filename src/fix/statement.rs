//! A statement more in a policy.

use super::Edit;
use super::list::behind;
use super::text::{line_around, line_end};
use crate::source::{SourceFile, Span};

/// Adds a statement that allows actions behind the last one, laid out as that one is. None where the statements are no
/// list.
pub fn added(file: &SourceFile, last: Span, actions: &[&str]) -> Option<Edit> {
    let text = file.text();
    let statement = text.get(last.range())?;
    let (at, separator) = behind(text, last)?;
    let (lead, _) = line_around(text, last.start as usize)?;
    let body = if statement.starts_with('{') {
        braces(statement, line_around(text, last.end as usize)?.0, line_end(text), actions)
    } else if lead.trim() == "-" {
        block(lead, line_end(text), actions)
    } else {
        return None;
    };
    Some(Edit::new(Span::new(at, at), format!("{separator}{body}")))
}

/// In JSON, or in YAML as JSON; `closing` is what stands before the end of the last statement in its line.
fn braces(statement: &str, closing: &str, line_end: &str, actions: &[&str]) -> String {
    let Some((_, inside)) = statement.split_once('\n') else {
        return format!("{{ \"Effect\": \"Allow\", \"Action\": [\"{}\"] }}", actions.join("\", \""));
    };
    let outer = indentation(closing);
    let inner = indentation(inside);
    let step = inner.strip_prefix(outer).filter(|step| !step.is_empty()).unwrap_or("  ");
    let inner = format!("{line_end}{outer}{step}");
    let item = format!("\",{inner}{step}\"");
    let actions = actions.join(&item);
    format!("{{{inner}\"Effect\": \"Allow\",{inner}\"Action\": [{inner}{step}\"{actions}\"{inner}]{line_end}{outer}}}")
}

/// In YAML, below a dash.
fn block(lead: &str, line_end: &str, actions: &[&str]) -> String {
    let indent = format!("{line_end}{}", " ".repeat(lead.len()));
    let items: String = actions.iter().flat_map(|action| [indent.as_str(), "  - ", action]).collect();
    format!("Effect: Allow{indent}Action:{items}")
}

fn indentation(line: &str) -> &str {
    let end = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.split_at_checked(end).map_or("", |(indentation, _)| indentation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy;
    use crate::syntax::{json, yaml};

    fn with_added(path: &str, text: &str) -> Option<String> {
        let node = |text: &str| {
            if path == "p.json" { json::parse(text).unwrap().node } else { yaml::parse(text).unwrap().remove(0) }
        };
        let last = policy::parse(&node(text)).policy.statements.last()?.span;
        let edit = added(&SourceFile::new(path, text), last, &["c:d:e", "f:g:h"])?;
        let mut changed = text.to_owned();
        changed.replace_range(edit.span.range(), &edit.text);
        let statements = policy::parse(&node(&changed)).policy.statements;
        let actions: Vec<_> = statements.last()?.actions.patterns().iter().map(|each| each.value.clone()).collect();
        assert_eq!(actions, ["c:d:e", "f:g:h"], "{changed}");
        Some(changed)
    }

    #[test]
    fn a_statement_is_laid_out_as_the_last_one() {
        for (text, expected) in [
            (
                r#"{"Version": "1.1", "Statement": [{"Effect": "Deny", "Action": ["a:b:c"]}]}"#,
                r#"{"Version": "1.1", "Statement": [{"Effect": "Deny", "Action": ["a:b:c"]}, { "Effect": "Allow", "Action": ["c:d:e", "f:g:h"] }]}"#,
            ),
            (
                "{\n\t\"Version\": \"1.1\",\n\t\"Statement\": [\n\t\t{\n\t\t\t\"Effect\": \"Deny\",\n\t\t\t\"Action\": [\"a:b:c\"]\n\t\t}\n\t]\n}\n",
                "{\n\t\"Version\": \"1.1\",\n\t\"Statement\": [\n\t\t{\n\t\t\t\"Effect\": \"Deny\",\n\t\t\t\"Action\": [\"a:b:c\"]\n\t\t},\n\t\t{\n\t\t\t\"Effect\": \"Allow\",\n\t\t\t\"Action\": [\n\t\t\t\t\"c:d:e\",\n\t\t\t\t\"f:g:h\"\n\t\t\t]\n\t\t}\n\t]\n}\n",
            ),
            (
                "{\"Version\": \"1.1\", \"Statement\": [{\r\n    \"Effect\": \"Deny\", \"Action\": [\"a:b:c\"]\r\n}]}",
                "{\"Version\": \"1.1\", \"Statement\": [{\r\n    \"Effect\": \"Deny\", \"Action\": [\"a:b:c\"]\r\n}, {\r\n    \"Effect\": \"Allow\",\r\n    \"Action\": [\r\n        \"c:d:e\",\r\n        \"f:g:h\"\r\n    ]\r\n}]}",
            ),
        ] {
            assert_eq!(with_added("p.json", text).as_deref(), Some(expected));
        }
        let text = "Version: '1.1'\nStatement:\n  - Effect: Deny\n    Action: [a:b:c] # why\n# the end\n";
        let expected = "Version: '1.1'\nStatement:\n  - Effect: Deny\n    Action: [a:b:c] # why\n  - Effect: Allow\n    Action:\n      - c:d:e\n      - f:g:h\n# the end\n";
        assert_eq!(with_added("p.yaml", text).as_deref(), Some(expected));
    }

    #[test]
    fn a_statement_that_stands_in_no_list_gets_no_other() {
        let text = r#"{"Version": "1.1", "Statement": {"Effect": "Deny", "Action": ["a:b:c"]}}"#;
        assert_eq!(with_added("p.json", text), None);
    }
}
