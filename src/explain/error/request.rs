//! The request that was denied, where the text has it, and the API that it is.

use std::cmp::Reverse;

use serde::Serialize;

use super::denial::Denial;
use super::text::Text;
use crate::catalog::{ApiKey, Catalog, Method};
use crate::explain::api::{ExplainedApi, api};

/// A request that a text names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeniedRequest<'a> {
    /// Its method; none: the text does not say.
    pub method: Option<&'static str>,
    /// Its address or path, as the text has it.
    pub url: String,
    /// The service that it goes to.
    pub service: Option<&'a str>,
    /// The region that it goes to.
    pub region: Option<String>,
    /// The enterprise project that it names.
    pub enterprise_project: Option<String>,
    /// The APIs that it can be; none: the table does not know it.
    pub apis: Vec<ExplainedApi<'a>>,
}

/// What hosts of the cloud, and of those with the same software, end with.
const DOMAINS: &[&str] = &[
    ".myhuaweicloud.com",
    ".myhuaweicloud.eu",
    ".myhwclouds.com",
    ".otc.t-systems.com",
    ".prod-cloud-ocb.orange-business.com",
];

/// So many addresses are looked up.
const MAX_LOOKUPS: usize = 8;

/// Longer addresses, in bytes, are no request that a person asks about.
const MAX_URL: usize = 2000;

/// A method stands no further before its address, in bytes.
const MAX_GAP: usize = 40;

/// An address in the text.
struct Found<'t> {
    at: usize,
    method: Option<Method>,
    host: &'t str,
    target: &'t str,
    written: &'t str,
}

/// The request that was denied: of several the one that stands nearest to what denies it, and rather one that is known.
pub(super) fn denied<'a>(catalog: &'a Catalog, text: &Text, denials: &[Denial]) -> Option<DeniedRequest<'a>> {
    let mut found = addresses(text);
    found.extend(paths(text));
    // The provider writes the request behind these words, and the answer behind the request.
    let from = text.each("action forbidden: [").next();
    let anchor = denials.iter().map(|denial| denial.at).min().unwrap_or_default();
    found.sort_by_key(|one| {
        let is_before = one.at <= anchor;
        (from.is_some_and(|from| one.at < from), Reverse(is_before), one.at.abs_diff(anchor))
    });
    let requests: Vec<DeniedRequest<'a>> = found.iter().take(MAX_LOOKUPS).map(|one| request(catalog, one)).collect();
    let known = requests.iter().position(|request| !request.apis.is_empty()).unwrap_or_default();
    requests.into_iter().nth(known)
}

/// A line that is the address of an API with its method.
pub(in crate::explain) fn line<'a>(catalog: &'a Catalog, method: Method, url: &str) -> Option<DeniedRequest<'a>> {
    let (host, target) = split(url)?;
    Some(request(catalog, &Found { at: 0, method: Some(method), host, target, written: url }))
}

/// Addresses of the cloud's services.
fn addresses(text: &Text) -> Vec<Found<'_>> {
    let starts = text.each("http").filter_map(|at| {
        let written = address_at(text.behind(at))?;
        let (host, target) = split(written)?;
        Some(Found { at, method: method_before(text, at), host, target, written })
    });
    starts.collect()
}

/// Methods with a path that is no address.
fn paths(text: &Text) -> Vec<Found<'_>> {
    let all = Method::ALL.iter().flat_map(|method| {
        let phrase = format!("{} /", method.as_str().to_ascii_lowercase());
        text.each(&phrase).map(move |at| (*method, at)).collect::<Vec<_>>()
    });
    let found = all.filter_map(|(method, at)| {
        let behind = text.behind(at);
        let target = address_at(behind.get(method.as_str().len() + 1..)?)?;
        let is_version = target.strip_prefix("/v").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        (behind.starts_with(method.as_str()) && is_version).then_some(Found {
            at,
            method: Some(method),
            host: "",
            target,
            written: target,
        })
    });
    found.collect()
}

/// The address at the beginning of a text, without what stands behind it.
fn address_at(text: &str) -> Option<&str> {
    let end = text.find(|character: char| " '\"])|^".contains(character)).unwrap_or(text.len());
    let written = text.get(..end)?.trim_end_matches([',', '.', ';', ':', '>']);
    (written.len() <= MAX_URL).then_some(written)
}

/// The host of one of the cloud's services, and what is behind it.
fn split(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, target) = rest.split_at_checked(end)?;
    let host = host.split(':').next().unwrap_or(host);
    let lower = host.to_ascii_lowercase();
    DOMAINS.iter().any(|domain| lower.ends_with(domain)).then_some((host, target))
}

/// The last method in capitals shortly before a place.
fn method_before(text: &Text, at: usize) -> Option<Method> {
    let mut words = text.before(at, MAX_GAP).rsplit(|character: char| !character.is_ascii_alphabetic());
    words.find_map(|word| Method::ALL.into_iter().find(|method| method.as_str() == word))
}

fn request<'a>(catalog: &'a Catalog, found: &Found<'_>) -> DeniedRequest<'a> {
    let place = Place::of(found.host);
    let services = services(catalog, &place.label);
    let key = found.method.and_then(|method| key(method, found.target, &place));
    let of_service = |service: Option<&str>| key.as_ref().map(|key| api(catalog, service, key)).unwrap_or_default();
    let known = |apis: Vec<ExplainedApi<'a>>| Some(apis).filter(|apis| apis.iter().any(|api| api.card.has_row));
    let apis = if services.is_empty() {
        known(of_service(None))
    } else {
        services.iter().find_map(|service| known(of_service(Some(service))))
    };
    let apis = apis.unwrap_or_default();
    let query = found.target.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    DeniedRequest {
        method: found.method.map(Method::as_str),
        url: found.written.to_owned(),
        service: apis.first().map(|api| api.card.service).or(services.first().copied()),
        region: place.region,
        enterprise_project: value("enterprise_project_id").map(str::to_owned),
        apis,
    }
}

/// What a host says.
#[derive(Default)]
struct Place {
    /// The label of the service.
    label: String,
    region: Option<String>,
    /// The host is the object storage's own, and no bucket's.
    is_object_storage: bool,
}

impl Place {
    fn of(host: &str) -> Self {
        let lower = host.to_ascii_lowercase();
        let Some(own) = DOMAINS.iter().find_map(|domain| lower.strip_suffix(domain)) else { return Self::default() };
        let labels: Vec<&str> = own.split('.').collect();
        // A bucket's name stands before the service.
        let at = labels.iter().position(|label| *label == "obs").unwrap_or_default();
        let label = labels.get(at).copied().unwrap_or_default();
        let is_region = |label: &&str| label.contains('-') && label.ends_with(|c: char| c.is_ascii_digit());
        Self {
            label: label.to_owned(),
            region: labels.get(at + 1).copied().filter(is_region).map(str::to_owned),
            is_object_storage: label == "obs" && at == 0,
        }
    }
}

/// The services whose hosts begin with a label.
fn services<'a>(catalog: &'a Catalog, label: &str) -> Vec<&'a str> {
    let has_label = |code: &&str| {
        let details = catalog.service_details(code);
        details.is_some_and(|details| details.hosts.iter().any(|host| host.label == label))
    };
    if label.is_empty() {
        return Vec::new();
    }
    let mut services: Vec<&'a str> = catalog.services().into_iter().filter(has_label).collect();
    // Of several, the one that is called as its host.
    services.sort_by_key(|code| *code != label);
    services
}

fn key(method: Method, target: &str, place: &Place) -> Option<ApiKey> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = if path.is_empty() { "/" } else { path };
    let mut key: ApiKey = format!("{method} {path}").parse().ok()?;
    key.query = query.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
    key.address = place.is_object_storage.then(|| String::from("service"));
    Some(key)
}
