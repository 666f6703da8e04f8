//! What `grantlint why` is asked.

use thiserror::Error;

use crate::authz::{Account, Context, Known, NamedResource, Requirement, Target, of_action, of_api};
use crate::catalog::{ApiKey, ApiMatch, Catalog};
use crate::nearest::{listed, nearest};
use crate::policy::{Version, check_action};
use crate::severity::Certainty;
use crate::source::Span;

/// Why a question cannot be asked.
#[derive(Debug, Error)]
pub enum QuestionError {
    /// It names an API that says nothing about its action.
    #[error("`--api {api}`: {help}")]
    Api {
        /// The API as given.
        api: String,
        /// What is wrong with it.
        help: String,
    },
    /// It names something that is no action.
    #[error("`--action`: {message}{}", help.as_ref().map(|help| format!(": {help}")).unwrap_or_default())]
    Action {
        /// What is wrong.
        message: String,
        /// The way out.
        help: Option<String>,
    },
}

/// One question about what a principal may do.
#[derive(Debug)]
pub struct Question<'a> {
    /// The principal; none: the only one that there is.
    pub principal: Option<&'a str>,
    /// The agency that it wants to assume; the principal may then be a service, such as `service.ECS`.
    pub agency: Option<&'a str>,
    /// The action.
    pub action: &'a str,
    /// The API that needs it, where the scopes that count are that API's: `POST /v1/…`.
    pub api: Option<&'a str>,
    /// The region; none: the configuration's.
    pub region: Option<&'a str>,
    /// The IAM project; none: the default one of the region.
    pub project: Option<&'a str>,
    /// The enterprise project.
    pub enterprise_project: Option<&'a str>,
    /// The resources.
    pub resources: &'a [NamedResource],
    /// Values of condition keys, over the configuration's.
    pub context: Context,
}

impl Question<'_> {
    /// The service that asks, where one does.
    pub(crate) fn service(&self) -> Option<&str> {
        self.principal.filter(|name| name.starts_with("service."))
    }

    /// Where the action acts.
    pub(crate) fn target(&self, default_region: Option<&str>) -> Target {
        let known = |value: Option<&str>, what: &str| {
            value.map_or_else(|| Known::Unknown(format!("the {what} is not said")), |value| Known::Is(value.to_owned()))
        };
        let region = self.region.or(default_region);
        let project = known(self.project.or(region), "region or IAM project");
        let enterprise_project = known(self.enterprise_project, "enterprise project");
        let resources = self.resources.to_vec();
        Target { resources, ..Target::at(known(region, "region"), project, enterprise_project) }
    }
}

impl Question<'_> {
    /// A word on an action that the table does not know of a service that it holds.
    pub(crate) fn hint(&self, catalog: &Catalog) -> Option<String> {
        let service = self.action.split(':').next().unwrap_or_default();
        let known = catalog.actions(service);
        if known.iter().any(|known| known.eq_ignore_ascii_case(self.action)) {
            return None;
        }
        let near = nearest(self.action, known).map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
        Some(format!("the table does not know the action `{}`{near}", self.action))
    }

    /// What is asked for: the action by itself, or as the API needs it.
    pub(crate) fn requirement(&self, catalog: &Catalog, account: Account) -> Result<Requirement, QuestionError> {
        let defect = check_action(self.action, Span::default(), Version::V5_0);
        if let Some(defect) = defect.filter(|defect| defect.certainty == Certainty::Certain) {
            return Err(QuestionError::Action {
                message: defect.message.escape_debug().to_string(),
                help: defect.help,
            });
        }
        let Some(text) = self.api else { return Ok(of_action(self.action, catalog)) };
        let wrong = |help: String| QuestionError::Api { api: text.to_owned(), help };
        let key: ApiKey = text.parse().map_err(|error| wrong(format!("{error}")))?;
        let apis = match catalog.find(None, &key) {
            ApiMatch::Unknown => return Err(wrong(String::from("the table does not know it"))),
            ApiMatch::One(api) => vec![api],
            ApiMatch::Several(apis) => apis,
        };
        let needed: Vec<Requirement> = apis.iter().flat_map(|api| of_api(api, account, catalog)).collect();
        let is_asked = |name: &str| name.eq_ignore_ascii_case(self.action);
        let by_any_name = |needed: &&Requirement| {
            let mut names_5 = needed.names_5.iter().map(|name| name.name.as_str());
            is_asked(&needed.action) || names_5.any(is_asked)
        };
        needed.iter().find(by_any_name).cloned().ok_or_else(|| {
            let names: Vec<&str> = needed.iter().map(|needed| needed.action.as_str()).collect();
            wrong(format!("it does not need `{}`; it needs {}", self.action, listed(&names)))
        })
    }
}
