//! What looks like a missing grant and is something else: causes to rule out, each only where it can apply.
//!
//! Sources: grants that take no effect, `iam_faq/iam_01_0609` (regions, subprojects, object storage) and
//! `iam5_faq/iam_01_1184`; actions that no policy knows, `iam5_faq/iam_01_1233`; aliases in a Deny,
//! `iam5_faq/iam_01_1248`; enterprise projects, the permission pages of the services and the Terraform provider's issues
//! 1305, 1958, 1968 and 2302; roles, the page on roles that depend on others; organizations, `org_03_0037`;
//! signatures and tokens, `ocr_faq/ocr_01_0063` and `apig-faq-0003`, `apig-faq-0009`.

mod calls;
mod grants;

use serde::Serialize;

use super::text::Text;
use super::{Concerned, ErrorTopic, Problem};
use crate::explain::scope::Honoured;

/// Something to rule out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// What it is called.
    pub cause: &'static str,
    /// What it means here, in sentences.
    pub text: String,
}

/// A cause, and what it means for an error; none where it cannot be the cause.
type Candidate = (&'static str, fn(&Situation<'_>) -> Option<String>);

/// All causes, in the order in which they are told.
const CANDIDATES: &[Candidate] = &[
    ("enterprise-project-not-honoured", grants::enterprise_project),
    ("default-enterprise-project", grants::default_enterprise_project),
    ("all-granted-enterprise-projects", grants::all_granted),
    ("other-region-or-project", grants::region_or_project),
    ("global-service", grants::global_service),
    ("name-of-the-other-grammar", grants::other_grammar),
    ("alias-in-a-deny", grants::alias_in_deny),
    ("resource-or-condition", grants::resource_or_condition),
    ("role-dependencies", grants::role_dependencies),
    ("further-actions", grants::further_actions),
    ("agency-of-the-service", calls::agency),
    ("object-storage-delay", calls::object_storage_delay),
    ("organization-policy-delay", calls::organization_delay),
    ("enterprise-project-authority", calls::authority),
    ("token-from-before", calls::old_token),
    ("token", calls::token),
    ("signature", calls::signature),
    ("access-key", calls::access_key),
    ("other-image-place", calls::image),
];

/// An error as the causes look at it.
struct Situation<'a> {
    topic: &'a ErrorTopic<'a>,
    text: &'a Text,
}

/// What to rule out.
pub(super) fn causes(topic: &ErrorTopic<'_>, text: &Text) -> Vec<Cause> {
    let situation = Situation { topic, text };
    let causes = CANDIDATES.iter().filter_map(|(cause, text)| Some(Cause { cause, text: text(&situation)? }));
    causes.collect()
}

impl Situation<'_> {
    /// A grant may be missing, or be there and not count.
    fn may_lack_grant(&self) -> bool {
        self.topic.may_lack_grant()
    }

    fn has_code(&self, code: &str) -> bool {
        self.topic.codes.iter().any(|known| known.code == code)
    }

    fn any(&self, is_so: impl Fn(&Concerned) -> bool) -> bool {
        self.topic.actions.iter().any(is_so)
    }

    fn is_about(&self, service: &str) -> bool {
        let is_asked = self.topic.request.as_ref().is_some_and(|request| request.service == Some(service));
        is_asked || self.any(|action| action.service().eq_ignore_ascii_case(service))
    }

    /// What is known of one scope: of the request's API, or else of the actions, or of nothing.
    fn honoured(&self, scope: &str) -> Option<(Honoured, Vec<&str>)> {
        let of_api = self.topic.request.iter().flat_map(|request| &request.apis).map(|api| &api.scopes);
        let of_action = self.topic.actions.iter().map(|action| &action.scopes);
        let mut answers = of_api.chain(of_action).flatten().filter(|answer| answer.scope == scope);
        let answer = answers.next()?;
        Some((answer.honoured, answer.not_by.iter().map(String::as_str).collect()))
    }

    /// The scope of a grant that counts whether or not enterprise projects do.
    fn instead(&self) -> &'static str {
        if self.topic.is_global() {
            "for global services, or for all resources"
        } else {
            "for the region's IAM project, or for all resources"
        }
    }

    fn method(&self) -> Option<&'static str> {
        self.topic.request.as_ref()?.method
    }

    fn names_enterprise_project(&self) -> bool {
        self.topic.request.as_ref().is_some_and(|request| request.enterprise_project.is_some())
    }

    /// The engine of identity policies decided.
    fn is_new_engine(&self) -> bool {
        let speaks_it = self.topic.denials.iter().any(|denial| denial.grammar == Some("5.0"));
        speaks_it || self.topic.encoded_message || self.topic.codes.iter().any(|code| code.code.starts_with("PAP5"))
    }

    /// The text asks a service with an expired or wrong token, or a wrong signature.
    fn is_authentication(&self) -> bool {
        self.topic.problem == Problem::Authentication
            && ["APIGW.0301", "APIG.0301", "APIGW.0303", "APIG.0303"].iter().any(|code| self.has_code(code))
    }
}

impl ErrorTopic<'_> {
    /// All that it is about is global.
    fn is_global(&self) -> bool {
        let apis = self.request.iter().flat_map(|request| &request.apis).map(|api| api.reach);
        let mut reaches = self.actions.iter().map(|action| action.reach).chain(apis).peekable();
        reaches.peek().is_some() && reaches.all(|reach| reach == "global")
    }

    /// Codes alone say nothing of regions.
    fn is_anywhere_unknown(&self) -> bool {
        self.denials.is_empty() && self.request.is_none()
    }
}
