//! Writes `docs/configuration.md`: every key of `grantlint.yaml`, from its schema and its example.
//!
//! `cargo run --example configuration` writes it; with `--check` it only tells whether the file is up to date.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

const INTRODUCTION: &str = "\
# Configuration

`grantlint.yaml` says who deploys what, and with which grants. It is looked for in the folder of the first PATH and in those above it; `--config FILE`
names another one. Every key is optional, and a key that does not exist is an error with the nearest name. Without a configuration a check works all the
same: principals that Terraform defines count, and policies that nothing binds form one, `unbound policies`.

`grantlint init` writes a first one. [grantlint.yaml](grantlint.yaml) shows every key in one piece; editors take completion from
[grantlint.schema.json](grantlint.schema.json), from which `cargo run --example configuration` writes this page.
";

fn main() -> Result<(), Box<dyn Error>> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(docs.join("grantlint.schema.json"))?)?;
    let example = std::fs::read_to_string(docs.join("grantlint.yaml"))?;
    let page = page(&schema, &example).ok_or("the schema has a form that this program does not know")?;
    let path = docs.join("configuration.md");
    if std::env::args().any(|argument| argument == "--check") {
        if std::fs::read_to_string(&path)? != page {
            return Err("docs/configuration.md is not up to date: run `cargo run --example configuration`".into());
        }
        return Ok(());
    }
    std::fs::write(path, page)?;
    Ok(())
}

fn page(schema: &Value, example: &str) -> Option<String> {
    let mut page = String::from(INTRODUCTION);
    let properties = schema.get("properties")?.as_object()?;
    // In the order of the example.
    let keys: Vec<&str> = example.lines().filter_map(|line| line.split_once(':').map(|(key, _)| key)).collect();
    let keys: Vec<&str> = keys.into_iter().filter(|key| properties.contains_key(*key)).collect();
    if keys.len() != properties.len() {
        return None;
    }
    for key in keys {
        let value = properties.get(key)?;
        let mut rows = Vec::new();
        collect(schema, value, key, false, &mut rows)?;
        // What the whole is stands above.
        rows.drain(..usize::from(rows.len() > 1));
        let _ = write!(page, "\n## {key}\n\n{}.\n", value.get("description")?.as_str()?);
        let _ = write!(page, "\n```yaml\n{}\n```\n", section(example, key)?);
        page.push_str("\n| key | value | |\n| --- | --- | --- |\n");
        for row in rows {
            page.push_str(&row);
        }
    }
    Some(page)
}

/// The lines of a key at the top of the example.
fn section(example: &str, key: &str) -> Option<String> {
    let start = format!("{key}:");
    let mut lines = example.lines().skip_while(|line| !line.starts_with(&start));
    let first = lines.next()?;
    let rest = lines.take_while(|line| line.is_empty() || line.starts_with(' '));
    Some(std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n").trim_end().to_owned())
}

/// A row for each key at or below `path`.
fn collect(schema: &Value, value: &Value, path: &str, is_required: bool, rows: &mut Vec<String>) -> Option<()> {
    let said = value.get("description").and_then(Value::as_str).unwrap_or_default();
    let value = resolved(schema, value)?;
    let required = if is_required { "; required" } else { "" };
    rows.push(format!("| `{path}` | {} | {said}{required} |\n", kind(schema, value)?));
    below(schema, value, path, rows)
}

/// The keys below `path`.
fn below(schema: &Value, value: &Value, path: &str, rows: &mut Vec<String>) -> Option<()> {
    let required: Vec<&str> =
        value.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    for (key, inner) in value.get("properties").and_then(Value::as_object).into_iter().flatten() {
        collect(schema, inner, &format!("{path}.{key}"), required.contains(&key.as_str()), rows)?;
    }
    if let Some(inner) = value.get("additionalProperties").filter(|inner| inner.is_object()) {
        below(schema, resolved(schema, inner)?, &format!("{path}.NAME"), rows)?;
    }
    if let Some(inner) = value.get("items") {
        below(schema, resolved(schema, inner)?, &format!("{path}[]"), rows)?;
    }
    for inner in value.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
        below(schema, resolved(schema, inner)?, path, rows)?;
    }
    Some(())
}

fn resolved<'v>(schema: &'v Value, value: &'v Value) -> Option<&'v Value> {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => schema.pointer(reference.strip_prefix('#')?),
        None => Some(value),
    }
}

/// What a value is, in words.
fn kind(schema: &Value, value: &Value) -> Option<String> {
    if let Some(names) = value.get("enum").and_then(Value::as_array) {
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        return Some(if names.len() > 5 { String::from("a rule") } else { format!("`{}`", names.join("`, `")) });
    }
    if let Some(either) = value.get("oneOf").and_then(Value::as_array) {
        let kinds: Option<Vec<String>> = either.iter().map(|one| kind(schema, resolved(schema, one)?)).collect();
        return Some(kinds?.join(", or "));
    }
    let kinds = match value.get("type")? {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
        one => vec![one.as_str()?],
    };
    let words = kinds.into_iter().map(|kind| word(schema, value, kind)).collect::<Option<Vec<_>>>()?;
    Some(words.join(", or "))
}

fn word(schema: &Value, value: &Value, one: &str) -> Option<String> {
    Some(match one {
        "string" if value.get("format").is_some() => String::from("a date"),
        "string" => String::from("a text"),
        "number" => String::from("a number"),
        "boolean" => String::from("`true` or `false`"),
        "array" => match kind(schema, resolved(schema, value.get("items")?)?)?.as_str() {
            "keys" => String::from("a list"),
            inner if inner.starts_with('`') => format!("a list of {inner}"),
            inner => format!("a list, each {inner}"),
        },
        "object" => match value.get("additionalProperties").filter(|inner| inner.is_object()) {
            Some(inner) => match kind(schema, resolved(schema, inner)?)?.as_str() {
                "keys" => String::from("keys by name"),
                inner => format!("by name: {inner}"),
            },
            None => String::from("keys"),
        },
        _ => return None,
    })
}
