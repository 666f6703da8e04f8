//! The identity of one API operation: method, path template and whatever else tells it apart.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// An HTTP method that Huawei Cloud APIs use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// `HEAD`
    Head,
    /// `OPTIONS`
    Options,
}

impl Method {
    /// Every method, in the order of the enum.
    pub const ALL: [Self; 7] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Head, Self::Options];

    /// The method as it is written in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Method {
    type Err = ApiKeyError;

    fn from_str(text: &str) -> Result<Self, ApiKeyError> {
        Self::ALL
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| ApiKeyError::UnknownMethod(text.to_owned()))
    }
}

/// What is wrong with the text of an [`ApiKey`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ApiKeyError {
    /// The first word is no HTTP method.
    #[error("unknown method `{0}`: write GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS")]
    UnknownMethod(String),
    /// There is a method and nothing behind it.
    #[error("the path is missing: write `METHOD /path`")]
    MissingPath,
    /// The path is relative.
    #[error("the path `{0}` does not begin with `/`: write `METHOD /{0}`")]
    RelativePath(String),
    /// A `{` without its `}` or the other way round.
    #[error("unbalanced braces in the path `{0}`: write each placeholder as `{{name}}`")]
    UnbalancedBraces(String),
    /// Two `&` in a row, or a `?` with nothing behind it.
    #[error("an empty query key in `{0}`: write `?key` or `?key&key`")]
    EmptyQueryKey(String),
    /// Something behind the path that is neither `header:` nor `address:`.
    #[error("unexpected `{0}` after the path: only `header:<name>` and `address:<kind>` may follow")]
    UnexpectedWord(String),
}

/// One API operation, as a question to the table or as the key of one of its rows.
///
/// The text form is `METHOD /path[?key[&key…]] [header:<name>] [address:<kind>]`. `Display` gives
/// the text back that `FromStr` read (with one space between words, the method in capitals, and
/// `/` before a `?` that begins the path).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ApiKey {
    /// The HTTP method.
    pub method: Method,
    /// The path; segments in braces are placeholders.
    pub path: String,
    /// Query keys (perhaps `key=value`) that select the operation.
    pub query: Vec<String>,
    /// A request header that selects the operation.
    pub header: Option<String>,
    /// The kind of host that selects the operation (`service`: the service's and not a bucket's).
    pub address: Option<String>,
}

impl FromStr for ApiKey {
    type Err = ApiKeyError;

    fn from_str(text: &str) -> Result<Self, ApiKeyError> {
        let mut words = text.split_whitespace();
        let method = words.next().unwrap_or_default().parse()?;
        let target = words.next().ok_or(ApiKeyError::MissingPath)?;
        let (path, query) = split_target(target)?;
        let mut key = Self { method, path, query, header: None, address: None };
        for word in words {
            match word.split_once(':') {
                Some(("header", name)) if !name.is_empty() && key.header.is_none() => {
                    key.header = Some(name.to_owned());
                }
                Some(("address", kind)) if !kind.is_empty() && key.address.is_none() => {
                    key.address = Some(kind.to_owned());
                }
                _ => return Err(ApiKeyError::UnexpectedWord(word.to_owned())),
            }
        }
        Ok(key)
    }
}

fn split_target(target: &str) -> Result<(String, Vec<String>), ApiKeyError> {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let path = if path.is_empty() { "/" } else { path };
    if !path.starts_with('/') {
        return Err(ApiKeyError::RelativePath(path.to_owned()));
    }
    if !braces_balance(path) {
        return Err(ApiKeyError::UnbalancedBraces(path.to_owned()));
    }
    let keys: Vec<String> = query.map(|query| query.split('&').map(str::to_owned).collect()).unwrap_or_default();
    if keys.iter().any(String::is_empty) {
        return Err(ApiKeyError::EmptyQueryKey(target.to_owned()));
    }
    Ok((path.to_owned(), keys))
}

fn braces_balance(path: &str) -> bool {
    let mut open = false;
    for character in path.chars() {
        match (character, open) {
            ('{', false) => open = true,
            ('}', true) => open = false,
            ('{' | '/', true) | ('}', false) => return false,
            _ => {}
        }
    }
    !open
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        for (index, key) in self.query.iter().enumerate() {
            write!(f, "{}{key}", if index == 0 { '?' } else { '&' })?;
        }
        if let Some(header) = &self.header {
            write!(f, " header:{header}")?;
        }
        if let Some(address) = &self.address {
            write!(f, " address:{address}")?;
        }
        Ok(())
    }
}

impl ApiKey {
    /// The path by which rows are found: literals in lower case, placeholders without their names,
    /// no slash at the end.
    pub fn template(&self) -> String {
        template(&self.path)
    }

    /// A text that is equal for two keys exactly if they name the same operation.
    pub fn identity(&self) -> String {
        let mut query: Vec<String> = self.query.iter().map(|key| key.to_ascii_lowercase()).collect();
        query.sort_unstable();
        let mut identity = format!("{} {}", self.method, self.template());
        if !query.is_empty() {
            identity.push('?');
            identity.push_str(&query.join("&"));
        }
        for part in [&self.header, &self.address] {
            identity.push(' ');
            identity.push_str(&part.as_deref().unwrap_or_default().to_ascii_lowercase());
        }
        identity
    }
}

/// Whether a segment of a [`template`] is one placeholder and nothing else.
pub(super) fn is_placeholder(segment: &str) -> bool {
    segment == "{}"
}

/// Literals in lower case, placeholders by position, no slash at the end.
pub(super) fn template(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for segment in path.trim_end_matches('/').split('/').skip(1) {
        out.push('/');
        if segment.starts_with(':') && segment.len() > 1 {
            out.push_str("{}");
        } else {
            push_segment(&mut out, segment);
        }
    }
    if out.is_empty() {
        out.push('/');
    }
    out
}

fn push_segment(out: &mut String, segment: &str) {
    let mut inside = false;
    for character in segment.chars() {
        match character {
            '{' => {
                inside = true;
                out.push('{');
            }
            '}' => {
                inside = false;
                out.push('}');
            }
            _ if inside => {}
            _ => out.push(character.to_ascii_lowercase()),
        }
    }
}
