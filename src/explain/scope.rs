//! In which scopes a grant counts.

use serde::Serialize;

use crate::catalog::{Catalog, Reach, Scopes};
use crate::explore::ScopeColumns;

/// Whether a grant of grammar 1.x counts in a scope. Identity policies have none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScopeAnswer {
    /// `all-resources`, `global-services`, `iam-project` or `enterprise-project`.
    pub scope: &'static str,
    /// Whether it counts.
    pub honoured: Honoured,
    /// The APIs that do not honour it, where not all do.
    pub not_by: Vec<String>,
}

/// Whether a grant counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Honoured {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// APIs differ.
    DependsOnApi,
    /// The documents do not say.
    Unknown,
}

/// What one API says of its scopes.
pub(super) struct Column<'a> {
    pub(super) api: &'a str,
    pub(super) scopes: ScopeColumns,
}

/// Where the service of an action has its resources.
pub(super) fn reach(catalog: &Catalog, action: &str) -> Reach {
    let service = action.split(':').next().unwrap_or_default();
    catalog.service(service).map_or(Reach::Unknown, |service| service.reach)
}

/// The answers for every scope, as `grantlint check` decides: by what the APIs agree on and, where they do not, by
/// what each of them says.
pub(super) fn answers(reach: Reach, agreed: Scopes, columns: &[Column<'_>]) -> Vec<ScopeAnswer> {
    let plain = |scope, honoured| ScopeAnswer { scope, honoured, not_by: Vec::new() };
    let global = match reach {
        Reach::Global => Honoured::Yes,
        Reach::Regional => Honoured::No,
        Reach::Unknown => Honoured::Unknown,
    };
    vec![
        plain("all-resources", Honoured::Yes),
        plain("global-services", global),
        iam_project(reach, agreed.project, columns),
        by_column("enterprise-project", agreed.enterprise_project, columns, |scopes| scopes.enterprise_project),
    ]
}

fn iam_project(reach: Reach, agreed: Option<bool>, columns: &[Column<'_>]) -> ScopeAnswer {
    let mut answer = by_column("iam-project", agreed, columns, |scopes| scopes.project);
    answer.honoured = match (reach, answer.honoured) {
        (Reach::Global, Honoured::Unknown) => Honoured::No,
        // Some pages of global services have the column all the same.
        (Reach::Global, Honoured::Yes) => Honoured::Unknown,
        // A regional service is authorized by IAM project whether or not the page of one API repeats it.
        (Reach::Regional, Honoured::Unknown) => Honoured::Yes,
        (_, honoured) => honoured,
    };
    answer
}

fn by_column(
    scope: &'static str,
    agreed: Option<bool>,
    columns: &[Column<'_>],
    column: fn(&ScopeColumns) -> Option<bool>,
) -> ScopeAnswer {
    let not_by = columns.iter().filter(|one| column(&one.scopes) == Some(false)).map(|one| one.api.to_owned());
    let mut not_by: Vec<String> = not_by.collect();
    not_by.sort_unstable();
    not_by.dedup();
    match agreed {
        Some(honoured) => {
            let honoured = if honoured { Honoured::Yes } else { Honoured::No };
            ScopeAnswer { scope, honoured, not_by: Vec::new() }
        }
        None if not_by.is_empty() => ScopeAnswer { scope, honoured: Honoured::Unknown, not_by },
        None => ScopeAnswer { scope, honoured: Honoured::DependsOnApi, not_by },
    }
}
