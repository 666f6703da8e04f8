//! The text of an error: what it says is denied to whom, what that means, what to grant, and what else it can be.

mod causes;
mod clean;
mod codes;
mod concerned;
mod denial;
mod policy;
mod principal;
mod request;
mod summary;
mod text;

pub use causes::Cause;
pub use codes::Code;
pub use concerned::{Concerned, DependentRole};
pub use denial::{Denial, Problem};
pub use policy::PolicyKind;
pub use principal::{Principal, PrincipalKind};
pub use request::DeniedRequest;

pub(super) use request::line as request_line;
pub(super) use text::{action_of as action_in, beginning};

use serde::Serialize;

use super::grant::{Grant, Purpose, Wanted, grants};
use crate::catalog::{Catalog, TerraformKind};
use text::Text;

/// What the text of an error means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorTopic<'a> {
    /// What kind of problem it tells of.
    pub problem: Problem,
    /// What it means, in sentences.
    pub summary: Vec<String>,
    /// What it says is denied.
    pub denials: Vec<Denial>,
    /// The codes in it that are known.
    pub codes: Vec<Code>,
    /// It has an encoded message with more of the decision.
    pub encoded_message: bool,
    /// The request that was denied.
    pub request: Option<DeniedRequest<'a>>,
    /// Terraform types that it names.
    pub terraform: Vec<&'a str>,
    /// The actions that it names.
    pub actions: Vec<Concerned>,
    /// The statements to add; none where no grant helps.
    pub add: Vec<Grant>,
    /// What else to look at, the likeliest first.
    pub rule_out: Vec<Cause>,
}

/// The words of a text on one line, with nothing in them that steers a terminal.
pub(super) fn words(text: &str) -> String {
    clean::clean(text)
}

/// A text names things as another cloud does.
pub(super) fn is_of_another_cloud(words: &str) -> bool {
    Text::new(words).is_of_another_cloud()
}

/// The meaning of a text; none where it is no error that has to do with permissions here.
pub(super) fn error<'a>(catalog: &'a Catalog, pasted: &str) -> Option<ErrorTopic<'a>> {
    let text = Text::new(pasted);
    let denials = denial::denials(&text);
    let codes = codes::codes(text.words());
    let encoded_message = has_encoded_message(&text);
    if denials.is_empty() && codes.is_empty() && !encoded_message {
        return None;
    }
    let problems = denials.iter().map(|denial| denial.problem).chain(codes.iter().map(|code| code.problem));
    let problem = problems.min().unwrap_or(Problem::Refused);
    let mut actions: Vec<Concerned> = Vec::new();
    for action in denials.iter().filter_map(|denial| Concerned::new(catalog, denial)) {
        if actions.iter().all(|known| known.action != action.action) {
            actions.push(action);
        }
    }
    let request = request::denied(catalog, &text, &denials);
    let terraform = terraform(catalog, text.words());
    let mut topic = ErrorTopic {
        problem,
        summary: Vec::new(),
        denials,
        codes,
        encoded_message,
        request,
        terraform,
        actions,
        add: Vec::new(),
        rule_out: Vec::new(),
    };
    topic.add = topic.to_add();
    topic.summary = summary::summary(&topic);
    topic.rule_out = causes::causes(&topic, &text);
    Some(topic)
}

impl ErrorTopic<'_> {
    /// The kind of policy that decided, where the text says.
    fn policy(&self) -> Option<&PolicyKind> {
        self.denials.iter().find(|denial| denial.problem == self.problem)?.policy.as_ref()
    }

    fn principal(&self) -> Option<&Principal> {
        self.denials.iter().find_map(|denial| denial.principal.as_ref())
    }

    /// A grant may be missing, or be there and not count. Where a policy denies, or one that is not the principal's
    /// allows nothing, no grant helps.
    fn may_lack_grant(&self) -> bool {
        let is_theirs = self.policy().is_none_or(|policy| *policy == PolicyKind::Identity);
        matches!(self.problem, Problem::MissingAllow | Problem::Refused) && is_theirs
    }

    /// What would have to be allowed: the actions that the text names, or else those of the request.
    fn to_add(&self) -> Vec<Grant> {
        if !self.may_lack_grant() {
            return Vec::new();
        }
        if self.actions.is_empty() {
            return self.request.iter().flat_map(|request| &request.apis).flat_map(|api| api.add.clone()).collect();
        }
        let wanted: Vec<Wanted> = self.actions.iter().map(Concerned::wanted).collect();
        grants(&wanted).into_iter().filter(|grant| grant.purpose == Purpose::Needed).collect()
    }
}

/// The key is there and has a value.
fn has_encoded_message(text: &Text) -> bool {
    let keys = ["encoded_authorization_message", "encodedauthorizationmessage"];
    let values = keys.iter().flat_map(|key| text.each(key).map(move |at| text.behind(at + key.len())));
    let mut values = values.map(|rest| rest.trim_start_matches(|c: char| " \"':=".contains(c)));
    let is_there = |value: &str| {
        let word = value.split([' ', '"', '\'', ',', '}']).next().unwrap_or_default().to_ascii_lowercase();
        !matches!(word.as_str(), "" | "null" | "none" | "nil" | "undefined")
    };
    values.any(is_there) && !text.is_of_another_cloud()
}

/// The Terraform types in a text that the table knows, each once.
fn terraform<'a>(catalog: &'a Catalog, words: &str) -> Vec<&'a str> {
    const MOST: usize = 10;
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let mut types: Vec<&'a str> = Vec::new();
    for word in words.split(|character| !is_part(character)).filter(|word| word.starts_with("huaweicloud_")) {
        let kinds = [TerraformKind::Resource, TerraformKind::Data];
        let known = kinds.iter().find_map(|kind| catalog.terraform(*kind, word)).map(|entry| entry.name);
        types.extend(known.filter(|name| types.len() < MOST && !types.contains(name)));
    }
    types
}
