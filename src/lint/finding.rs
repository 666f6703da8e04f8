//! What a rule found.

use std::hash::Hasher;

use serde::Serialize;

use crate::config::Suppression;
use crate::fix::Fix;
use crate::severity::{Certainty, Severity};
use crate::source::Place;

/// One thing to mend.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static str,
    /// How serious it is.
    pub severity: Severity,
    /// Whether it holds whatever the files leave open.
    pub certainty: Certainty,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// The principal concerned.
    pub principal: Option<String>,
    /// The actions concerned, sorted, each once.
    pub actions: Vec<String>,
    /// The API, where one operation is meant.
    pub api: Option<String>,
    /// The address of the resource.
    pub resource: Option<String>,
    /// The phase, where one operation is meant.
    pub phase: Option<String>,
    /// Where it is to be seen.
    pub place: Place,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// What was not checked, by reason; of `unchecked-operation` only.
    pub unchecked: Vec<NotChecked>,
    /// How many findings before it, in the order of a report, are about the same.
    pub occurrence: usize,
    /// What mends it, where that is certain and safe.
    pub fix: Option<Box<Fix>>,
    /// What accepts it, where the rule itself knows.
    pub accepted: Option<Box<Suppression>>,
}

/// What was not checked for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotChecked {
    /// The reason, as programs know it.
    pub reason: Reason,
    /// The APIs, types, operations, actions or modules, sorted, each once; none where the reason says it all.
    pub names: Vec<String>,
}

/// Why something was not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The table does not know the resource type.
    UnknownType,
    /// The table does not know the operation of an SDK.
    UnknownOperation,
    /// The module is not among the files.
    UnreadModule,
    /// The table has no row for the API.
    UnknownApi,
    /// The table has a row for the API that names no action.
    NoAction,
    /// The table does not know the action.
    UnknownAction,
    /// There is no principal.
    NoPrincipal,
    /// No principal deploys the manifest, or none in the operation's phase.
    NotDeployed,
}

/// A place that explains a finding.
#[derive(Debug, Clone)]
pub struct Related {
    /// What is to be seen there.
    pub message: String,
    /// Where.
    pub place: Place,
}

impl Finding {
    /// A certain finding that is about a place alone.
    pub fn new(rule: &'static str, severity: Severity, message: impl Into<String>, place: Place) -> Self {
        Self {
            rule,
            severity,
            certainty: Certainty::Certain,
            message: message.into(),
            help: None,
            principal: None,
            actions: Vec::new(),
            api: None,
            resource: None,
            phase: None,
            place,
            related: Vec::new(),
            unchecked: Vec::new(),
            occurrence: 0,
            fix: None,
            accepted: None,
        }
    }

    /// With a way out.
    #[must_use]
    pub fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// With what mends it.
    #[must_use]
    pub fn with_fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix.map(Box::new);
        self
    }

    /// What the finding is about without where it stands: the same after lines have moved.
    ///
    /// 16 hexadecimal digits. The occurrence tells findings apart that are about the same in one file.
    pub fn fingerprint(&self) -> String {
        let mut hasher = self.subject();
        hasher.write(self.occurrence.to_string().as_bytes());
        format!("{:016x}", hasher.finish())
    }

    /// All that the fingerprint holds but the occurrence.
    pub(crate) fn subject(&self) -> fnv::FnvHasher {
        let mut hasher = fnv::FnvHasher::default();
        let parts = [
            self.rule,
            self.place.file.path(),
            self.principal.as_deref().unwrap_or_default(),
            self.resource.as_deref().unwrap_or_default(),
            self.api.as_deref().unwrap_or_default(),
            self.certainty.name(),
        ];
        let named = parts.into_iter().chain(self.actions.iter().map(String::as_str));
        let message = (!self.names_something()).then_some(self.message.as_str());
        for part in named.chain(message) {
            hasher.write(part.as_bytes());
            hasher.write_u8(0);
        }
        hasher
    }

    /// It says what it is about beside its message, which may be worded anew, or count what comes and goes.
    fn names_something(&self) -> bool {
        self.resource.is_some() || self.api.is_some() || !self.actions.is_empty() || !self.unchecked.is_empty()
    }
}
