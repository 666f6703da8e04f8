//! What a topic is the name of, or whether it is the text of an error.

use std::collections::HashSet;

use serde::Serialize;

use super::action::{ActionTopic, action};
use super::api::{ApiTopic, api};
use super::error::{self, ErrorTopic};
use super::rule::{RuleTopic, rule};
use crate::catalog::{ApiKey, Catalog, Method, Near};
use crate::lint::rule_names;
use crate::nearest::{nearest_few, offer};

/// Longer texts, in bytes, are explained as far as this.
pub const MAX_TEXT: usize = 1 << 20;

/// How many topics are offered for one that is none.
const OFFERED: usize = 3;

/// Everything about one topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Topic<'a> {
    /// A rule.
    Rule(RuleTopic),
    /// An action.
    Action(Box<ActionTopic<'a>>),
    /// An API.
    Api(Box<ApiTopic<'a>>),
    /// The text of an error.
    Error(Box<ErrorTopic<'a>>),
}

/// A text that is no topic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", message(.0))]
pub struct NoTopic(Box<Unknown>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Unknown {
    /// The beginning of the text.
    text: String,
    nearest: Vec<String>,
    is_of_another_cloud: bool,
}

fn message(Unknown { text, nearest, is_of_another_cloud }: &Unknown) -> String {
    let offer = offer(nearest).unwrap_or_else(|| {
        String::from(if *is_of_another_cloud {
            "it reads like the error of another cloud"
        } else {
            "`grantlint catalog search` finds names, and errors are explained by their whole text"
        })
    });
    format!("`{text}` is no rule, action, API or text of an error that is known: {offer}")
}

/// Explains a text: the name of a rule, an action, an API with its method, or the text of an error.
///
/// # Errors
/// [`NoTopic`] with the nearest topics where it is none of these.
pub fn explain<'a>(catalog: &'a Catalog, text: &str) -> Result<Topic<'a>, NoTopic> {
    let text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or_default().trim();
    let named = rule(text).map(Topic::Rule).or_else(|| of_action(catalog, text)).or_else(|| of_api(catalog, text));
    let topic = named.or_else(|| error::error(catalog, text).map(|topic| Topic::Error(Box::new(topic))));
    topic.ok_or_else(|| no_topic(catalog, text))
}

fn of_action<'a>(catalog: &'a Catalog, text: &str) -> Option<Topic<'a>> {
    let is_one = text.contains(':') && !text.contains(char::is_whitespace);
    is_one.then(|| action(catalog, text)).flatten().map(|topic| Topic::Action(Box::new(topic)))
}

/// `POST /v1/…`, `POST https://…`.
fn of_api<'a>(catalog: &'a Catalog, text: &str) -> Option<Topic<'a>> {
    let by_url = || {
        let (method, url) = text.split_once(char::is_whitespace)?;
        let method: Method = method.parse().ok()?;
        Some(error::request_line(catalog, method, url.trim())?.apis)
    };
    let apis = by_url().unwrap_or_else(|| text.parse().map(|key: ApiKey| api(catalog, None, &key)).unwrap_or_default());
    (!apis.is_empty()).then(|| Topic::Api(Box::new(ApiTopic { apis })))
}

fn no_topic(catalog: &Catalog, text: &str) -> NoTopic {
    let words = error::words(text);
    let near_api = || {
        let key: ApiKey = words.parse().ok()?;
        match catalog.near(None, &key)? {
            Near::Api(api) => Some(api.to_owned()),
            Near::Service(_) => None,
        }
    };
    let actions = catalog.all_actions();
    let names = rule_names().into_iter().chain(actions.iter().map(|(action, _)| *action));
    let mut nearest: Vec<String> = nearest_few(&words, names, OFFERED).into_iter().map(str::to_owned).collect();
    nearest.extend(near_api());
    if nearest.is_empty() {
        // An action in a sentence that is no error.
        let known: HashSet<String> = actions.iter().map(|(action, _)| action.to_ascii_lowercase()).collect();
        let written = words.split(' ').filter_map(error::action_in);
        nearest.extend(written.filter(|word| known.contains(&word.to_ascii_lowercase())).take(OFFERED));
    }
    let is_of_another_cloud = error::is_of_another_cloud(&words);
    NoTopic(Box::new(Unknown { text: error::beginning(&words).into_owned(), nearest, is_of_another_cloud }))
}
