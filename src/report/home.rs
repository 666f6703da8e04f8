//! Where the project is to be found, as its manifest says.

/// The address of the repository; empty where the manifest has none.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The address of the project, where it has one.
pub(super) fn project() -> Option<String> {
    (!REPOSITORY.is_empty()).then(|| REPOSITORY.to_owned())
}

/// The address of the page of a rule, where the project has one.
pub(super) fn page(rule: &str) -> Option<String> {
    project().map(|project| format!("{project}/blob/HEAD/docs/rules/{rule}.md"))
}
