//! The APIs in a cell.

use super::super::super::{ApiKey, Catalog, Method};
use super::text::is_nothing;

/// Query keys that page through answers and select no operation.
const PAGING: &[&str] = &["limit", "offset", "marker", "page", "page_size", "page_no", "start", "size"];

/// The longest path that is read.
const MAX_PATH: usize = 500;

/// The most APIs of one cell.
const MAX_APIS: usize = 100;

/// What a cell of APIs says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// `METHOD /path` each.
    pub(super) apis: Vec<String>,
    /// Words that are no part of an API.
    pub(super) leftover: Vec<String>,
    /// Why an API could not be read.
    pub(super) errors: Vec<String>,
    /// What was wrong with an API that could be read.
    pub(super) mended: Vec<String>,
}

/// Reads a cell that [`tidy`](super::text::tidy) has cleaned. The name of an operation of the service
/// stands for its API.
pub(super) fn read(cell: &str, service: &str, catalog: &Catalog) -> Named {
    let mut named = Named::default();
    if is_nothing(cell) {
        return named;
    }
    let mut method: Option<Method> = None;
    let mut path = String::new();
    for line in cell.lines() {
        let mut begins = Begins::Line;
        for (word, is_apart) in line.split_whitespace().flat_map(apart) {
            if is_apart {
                begins = Begins::Item;
            }
            if word.is_empty() {
                continue;
            }
            let (found, target) = split(word);
            if let Some(found) = found {
                named.finish(method, &mut path);
                method = Some(found);
                if target.strip_prefix('/').is_some_and(|other| Method::ALL.iter().any(|known| known.as_str() == other))
                {
                    named.errors.push(format!("`{word}` names two methods: each needs a row of its own"));
                } else {
                    path.push_str(target);
                }
            } else if begins_another(word, &path, begins) {
                named.finish(method, &mut path);
                path.push_str(word);
            } else if goes_on(word, &path, method.is_some()) {
                path.push_str(word);
            } else {
                named.leftover.push(word.to_owned());
            }
            begins = Begins::Nothing;
        }
    }
    named.finish(method, &mut path);
    if named.apis.is_empty() && named.errors.is_empty() && cell.len() <= MAX_PATH {
        named.by_operation(cell, service, catalog);
    }
    named
}

/// Where a word stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begins {
    Line,
    /// Behind a comma.
    Item,
    Nothing,
}

/// A path and what follows it without a blank: a comma, or words of another script. With each part, whether a comma
/// stands before it.
fn apart(word: &str) -> impl Iterator<Item = (&str, bool)> {
    let is_end = |character: char| !character.is_ascii() || (matches!(character, ',' | ';') && !word.contains("{?"));
    let at = if word.starts_with(|first: char| first.is_ascii()) { word.find(is_end) } else { None };
    let (path, words) = word.split_at(at.unwrap_or(if word.is_ascii() { word.len() } else { 0 }));
    let rest = words.trim_start_matches([',', ';', '、']);
    let is_apart = rest.len() < words.len();
    [(path, false), (rest, is_apart)].into_iter().filter(|(part, is_apart)| *is_apart || !part.is_empty())
}

/// `GET`, `GET/path` or `GET:` as the method and what follows.
fn split(word: &str) -> (Option<Method>, &str) {
    let end = word.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(word.len());
    let (first, rest) = word.split_at(end);
    let rest = rest.trim_start_matches([':', ',', '-']);
    let is_method = first.chars().all(|character| character.is_ascii_uppercase()) || rest.starts_with('/');
    let method = if is_method && (rest.is_empty() || rest.starts_with('/') || rest.starts_with("http")) {
        first.parse().ok()
    } else {
        None
    };
    (method, rest)
}

/// A path that begins a line or follows a comma, behind a path that is whole, is another one of the same method.
fn begins_another(word: &str, path: &str, begins: Begins) -> bool {
    let versioned =
        word.strip_prefix("/v").is_some_and(|rest| rest.starts_with(|character: char| character.is_ascii_digit()));
    let is_another = match begins {
        Begins::Line => versioned,
        Begins::Item => word.starts_with('/'),
        Begins::Nothing => false,
    };
    is_another && !path.is_empty() && !path.ends_with('/')
}

/// `v1.0/path`, which lacks its slash.
fn is_relative(word: &str) -> bool {
    word.contains('/')
        && word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()))
}

/// Whether a word is part of the path that it follows.
fn goes_on(word: &str, path: &str, has_method: bool) -> bool {
    let step = path.rsplit('/').next().unwrap_or_default();
    let is_open = step.matches('{').count() > step.matches('}').count();
    let is_url = word.starts_with("https://") || word.starts_with("http://");
    let is_ascii = word.bytes().all(|byte| byte.is_ascii_graphic());
    if path.len() > MAX_PATH {
        return false;
    }
    if path.is_empty() {
        return has_method && (word.starts_with('/') || word.starts_with('{') || is_url || is_relative(word));
    }
    is_ascii
        && (is_open
            || path.ends_with(['/', '?', '&', '=', '_'])
            || word.starts_with(['/', '?', '&', '}'])
            || (word.contains('/') && !word.starts_with('(')))
}

impl Named {
    fn finish(&mut self, method: Option<Method>, path: &mut String) {
        let path = std::mem::take(path);
        let Some(method) = method else { return };
        if path.is_empty() {
            self.errors.push(format!("the method {method} has no path"));
            return;
        }
        let whole = braced(&path);
        match key(method, &whole) {
            Ok(api) => {
                if whole != path && self.mended.len() < MAX_APIS {
                    self.mended.push(format!("a path lacks a brace and was read as `{api}`"));
                }
                if self.apis.len() >= MAX_APIS {
                    self.errors.push(format!("the cell has more than {MAX_APIS} APIs"));
                } else if !self.apis.contains(&api) {
                    self.apis.push(api);
                }
            }
            Err(error) => self.errors.push(error),
        }
    }

    fn by_operation(&mut self, cell: &str, service: &str, catalog: &Catalog) {
        let is_name = |word: &&str| word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        for line in cell.lines() {
            let mut words = line.split(['(', ')', '/', ',', ' ']).filter(is_name);
            let found = words.find_map(|word| match catalog.operation(service, word, None).as_slice() {
                [operation] => Some((word, operation.api.to_string())),
                _ => None,
            });
            if let Some((name, api)) = found {
                self.apis.push(api);
                self.leftover.retain(|word| word.trim_matches(['(', ')', ',']) != name);
            }
        }
    }
}

/// `METHOD /path` as the table writes it.
fn key(method: Method, path: &str) -> Result<String, String> {
    let slash = if is_relative(path) { "/" } else { "" };
    let path = format!("{slash}{path}")
        .replace("{{", "{")
        .replace("}}", "}")
        .replace("{?", "?")
        .replace("//", "/")
        .replace('<', "{")
        .replace('>', "}");
    let path = without_host(&path).trim_end_matches([',', ';', '.', ':', '、']);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path = placeholders(path);
    let shown: String = path.chars().take(80).collect();
    if path.len() > MAX_PATH {
        return Err(format!("the path `{shown}…` is longer than {MAX_PATH} bytes"));
    }
    if !path.is_ascii() {
        return Err(format!("the path `{shown}` has characters that no path has"));
    }
    let keys: Vec<&str> = query.split('&').filter(|key| selects(key)).collect();
    let target = if keys.is_empty() { path } else { format!("{path}?{}", keys.join("&")) };
    let text = format!("{method} {target}");
    text.parse::<ApiKey>().map(|api| api.to_string()).map_err(|error| error.to_string())
}

/// A path in which a placeholder lacks one of its braces has both. What is open at the end may be something else.
fn braced(path: &str) -> String {
    let is_name = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let (steps, query) = path.split_once('?').map_or((path, None), |(steps, query)| (steps, Some(query)));
    let last = steps.split('/').count();
    let step = |(number, step): (usize, &str)| match (step.strip_prefix('{'), step.strip_suffix('}')) {
        (Some(name), None) if is_name(name) && number + 1 < last => format!("{{{name}}}"),
        (None, Some(name)) if is_name(name) => format!("{{{name}}}"),
        _ => step.to_owned(),
    };
    let mut whole: String = steps.split('/').enumerate().map(step).collect::<Vec<_>>().join("/");
    if let Some(query) = query {
        whole.push('?');
        whole.push_str(query);
    }
    whole
}

/// A key whose value is left open is a parameter; a key alone, or with a word as its value, may select the operation.
fn selects(key: &str) -> bool {
    let (name, value) = key.split_once('=').unwrap_or((key, "x"));
    !name.is_empty() && !value.is_empty() && !key.contains(['{', '}', '/', ',']) && !PAGING.contains(&name)
}

fn without_host(path: &str) -> &str {
    let behind = ["https:/", "http:/"].iter().find_map(|scheme| path.strip_prefix(scheme));
    match behind {
        Some(host) => host.find('/').and_then(|at| host.get(at..)).unwrap_or("/"),
        None => match path.strip_prefix('{').and_then(|rest| rest.split_once("}/")) {
            // A placeholder for the host.
            Some((_, rest)) => path.get(path.len() - rest.len() - 1..).unwrap_or(path),
            None => path,
        },
    }
}

/// Placeholders without the marks of emphasis in them.
fn placeholders(path: &str) -> String {
    path.chars().filter(|character| *character != '*').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apis(cell: &str) -> Vec<String> {
        let named = read(cell, "ims", &Catalog::embedded());
        assert!(named.errors.is_empty() && named.leftover.is_empty(), "{named:?}");
        named.apis
    }

    #[test]
    fn apis_however_they_are_written() {
        assert_eq!(apis("GET /v1/{a}/b"), ["GET /v1/{a}/b"]);
        assert_eq!(apis("GET\n/v1/{a}/b\nPOST\n/v1/{a}/b"), ["GET /v1/{a}/b", "POST /v1/{a}/b"]);
        assert_eq!(apis("GET/v1/{a}/b?limit={limit}&offset"), ["GET /v1/{a}/b"]);
        assert_eq!(apis("PUT https://{*Endpoint*}/v1/{a}/b"), ["PUT /v1/{a}/b"]);
        assert_eq!(apis("GET /v1/{ project_id }/\nb/{c}"), ["GET /v1/{project_id}/b/{c}"]);
        assert_eq!(apis("GET /v1/a\n/v2/a"), ["GET /v1/a", "GET /v2/a"]);
        assert_eq!(apis("DELETE /v1/<a>/b"), ["DELETE /v1/{a}/b"]);
        assert_eq!(apis("GET /v1/a{?b,c}"), ["GET /v1/a"]);
        assert_eq!(apis("GET v1/{{a}}/b, /c"), ["GET /v1/{a}/b", "GET /c"]);
        assert_eq!(read("GET /v1/a,SQL语句", "ims", &Catalog::embedded()).leftover, ["SQL语句"]);
        assert_eq!(read("GET /v1/a请确保", "ims", &Catalog::embedded()).leftover, ["请确保"]);
        assert_eq!(apis("GET /?acl"), ["GET /?acl"]);
        assert_eq!(apis("CopyImageInRegion"), ["POST /v1/cloudimages/{image_id}/copy"]);
    }

    #[test]
    fn what_is_no_api_is_left_over() {
        assert_eq!(read("GET /v1/a (deprecated)", "ims", &Catalog::embedded()).leftover, ["(deprecated)"]);
        assert!(!read("GET /v1/{a b", "ims", &Catalog::embedded()).errors.is_empty());
        assert!(!read("GET /v1/a}b", "ims", &Catalog::embedded()).errors.is_empty());
    }

    #[test]
    fn a_placeholder_that_lacks_a_brace_has_it_and_is_told() {
        let named = read("GET /v1/project_id}/a\nPUT /v1/{a/b/{c}/d", "ims", &Catalog::embedded());
        assert_eq!(named.apis, ["GET /v1/{project_id}/a", "PUT /v1/{a}/b/{c}/d"]);
        assert_eq!((named.mended.len(), named.errors.len()), (2, 0));
    }
}
