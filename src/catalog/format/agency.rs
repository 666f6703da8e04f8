//! `rules/agencies.yaml`: which agencies resources hand to a cloud service, and what those need.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::escalation::RiskyAction;
use super::files::SourceDocument;
use super::map::{Entries, NewService, NewSource, TypeName};
use super::scalar::{GateText, KnownAgencyService, SourceId, Text};

/// `rules/agencies.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct AgencyFile {
    pub(in super::super) sources: Entries<NewSource, SourceDocument>,
    pub(in super::super) services: Entries<NewService, AgencyServiceEntry>,
    pub(in super::super) agencies: Entries<TypeName, AgencyEntries>,
}

/// How a service is named by those that trust it.
#[derive(Debug)]
pub(in super::super) struct AgencyServiceEntry {
    pub(in super::super) account: Option<Text>,
    pub(in super::super) principal: Option<Text>,
    pub(in super::super) source: SourceId,
    pub(in super::super) confirmed: Option<SourceId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceMap {
    account: Option<Text>,
    principal: Option<Text>,
    source: SourceId,
    confirmed: Option<SourceId>,
}

impl<'de> Deserialize<'de> for AgencyServiceEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ServiceMap { account, principal, source, confirmed } = ServiceMap::deserialize(deserializer)?;
        if account.is_none() && principal.is_none() {
            return Err(D::Error::custom("a service has an `account`, a `principal` or both"));
        }
        let is_principal = |text: &Text| text.0.starts_with("service.");
        if principal.as_ref().is_some_and(|principal| !is_principal(principal)) {
            return Err(D::Error::custom("a `principal` begins with `service.`"));
        }
        if confirmed.is_some() && account.is_none() {
            return Err(D::Error::custom("what is `confirmed` is an `account`"));
        }
        if confirmed.as_ref().is_some_and(|confirmed| confirmed.0 == source.0) {
            return Err(D::Error::custom("an account is `confirmed` by a second source"));
        }
        Ok(Self { account, principal, source, confirmed })
    }
}

/// An attribute by which a resource hands an agency to a service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct AgencyEntry {
    pub(in super::super) attribute: Text,
    pub(in super::super) service: Option<KnownAgencyService>,
    pub(in super::super) when: Option<GateText>,
    #[serde(default)]
    pub(in super::super) needs: Vec<AgencyNeedEntry>,
    pub(in super::super) source: SourceId,
}

/// Something that such an agency has to be granted.
#[derive(Debug)]
pub(in super::super) struct AgencyNeedEntry {
    pub(in super::super) any: Vec<Text>,
    pub(in super::super) actions: Vec<RiskyAction>,
    pub(in super::super) r#in: Option<Text>,
    pub(in super::super) when: Option<GateText>,
    pub(in super::super) source: SourceId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NeedMap {
    #[serde(default)]
    any: Vec<Text>,
    #[serde(default)]
    actions: Vec<RiskyAction>,
    r#in: Option<Text>,
    when: Option<GateText>,
    source: SourceId,
}

impl<'de> Deserialize<'de> for AgencyNeedEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let NeedMap { any, actions, r#in, when, source } = NeedMap::deserialize(deserializer)?;
        if any.is_empty() && actions.is_empty() {
            return Err(D::Error::custom("a need names roles (`any`), `actions` or both"));
        }
        Ok(Self { any, actions, r#in, when, source })
    }
}

/// The attributes of one type: at least one, and each once.
#[derive(Debug)]
pub(in super::super) struct AgencyEntries(pub(in super::super) Vec<AgencyEntry>);

impl<'de> Deserialize<'de> for AgencyEntries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::<AgencyEntry>::deserialize(deserializer)?;
        if entries.is_empty() {
            return Err(D::Error::custom("a type that hands over no agency is left out"));
        }
        let is_first = |at: usize, entry: &AgencyEntry| {
            entries.iter().position(|other| other.attribute == entry.attribute) == Some(at)
        };
        match entries.iter().enumerate().find(|(at, entry)| !is_first(*at, entry)) {
            Some((_, twice)) => Err(D::Error::custom(format!("`{}` stands twice: merge the two", twice.attribute.0))),
            None => Ok(Self(entries)),
        }
    }
}
