//! Who is denied something.

use serde::Serialize;

/// Who is denied something, as the text names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Principal {
    /// As the text writes it, mostly a URN.
    pub urn: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: PrincipalKind,
    /// Its name: of a session, the name of the agency.
    pub name: Option<String>,
    /// The id of its account.
    pub account: Option<String>,
}

/// What a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrincipalKind {
    /// An IAM user.
    User,
    /// A session of an agency, which a user, another account or a service switched to.
    Agency,
    /// A federated user.
    ExternalUser,
    /// The text does not say.
    Unknown,
}

impl Principal {
    /// Takes a URN apart: `iam::<account>:user:<name>`, `sts::<account>:assumed-agency:<agency>/<session>`,
    /// `sts::<account>:external-user:<provider>/<session>`.
    pub(super) fn new(urn: String) -> Self {
        let parts: Vec<&str> = urn.splitn(5, ':').collect();
        let (kind, name, account) = match parts.as_slice() {
            [_, _, account, kind, path] => {
                let first = path.split('/').next().unwrap_or_default();
                let (kind, name) = match *kind {
                    "user" => (PrincipalKind::User, *path),
                    "assumed-agency" | "agency" => (PrincipalKind::Agency, first),
                    "external-user" => (PrincipalKind::ExternalUser, *path),
                    _ => (PrincipalKind::Unknown, *path),
                };
                (kind, Some(name), Some(*account))
            }
            _ => (PrincipalKind::Unknown, None, None),
        };
        let owned = |part: Option<&str>| part.filter(|part| !part.is_empty()).map(str::to_owned);
        let (name, account) = (owned(name), owned(account));
        Self { urn, kind, name, account }
    }
}
