//! APIs that stand on lines of their own, as the reference page of an API names it.

use super::super::super::{Catalog, Method};
use super::apis;
use super::text::tidy;

/// The longest line that is looked at.
const MAX_LINE: usize = 2_000;

/// An API and its line, from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) line: usize,
    pub(super) api: String,
}

/// The APIs of a text in any syntax, in its order.
pub(super) fn read(text: &str, catalog: &Catalog) -> Vec<Call> {
    let mut calls = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.len() <= MAX_LINE
            && let Some(api) = call(line, catalog)
        {
            calls.push(Call { line: at + 1, api });
        }
    }
    calls
}

fn call(line: &str, catalog: &Catalog) -> Option<String> {
    let text = tidy(&without_tags(line));
    let text = text.trim_matches(['*', '-', ' ', '|']);
    let (method, path) = text.split_once(' ')?;
    let is_call = method.parse::<Method>().is_ok()
        && method.bytes().all(|byte| byte.is_ascii_uppercase())
        && (path.starts_with('/') || path.starts_with("https://"));
    if !is_call || path.contains(' ') {
        return None;
    }
    let named = apis::read(text, "", catalog);
    if named.leftover.is_empty() && named.errors.is_empty() { named.apis.into_iter().next() } else { None }
}

/// A line without what stands in angle brackets.
fn without_tags(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut within = false;
    for character in line.chars() {
        match character {
            '<' => within = true,
            '>' if within => within = false,
            _ if within => {}
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_are_an_api_count() {
        let text =
            "GET /v1/a\nUse GET /v1/b\n<p class=\"x\">PUT https://{endpoint}/v1/{c\\_d}/e</p>\nPOST /v1/f to add\n";
        let calls = read(text, &Catalog::embedded());
        let calls: Vec<(usize, &str)> = calls.iter().map(|call| (call.line, call.api.as_str())).collect();
        assert_eq!(calls, [(1, "GET /v1/a"), (3, "PUT /v1/{c_d}/e")]);
    }
}
