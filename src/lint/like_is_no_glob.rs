//! `like-is-no-glob`

use super::{Finding, Rule};
use crate::policy::{Condition, Operator, Test, spelt};
use crate::project::{PolicyDocument, Project};
use crate::severity::{Certainty, Severity};

/// # like-is-no-glob
///
/// ## What it does
/// Tells where `StringLike` or `StringNotLike` has a value with `*` or `?`. In IAM policies the two look for the value
/// anywhere in the text of the request, letter for letter, so that a wildcard is taken for itself. For identity policies
/// (5.0) no document of IAM says so, and the finding is only possible. Bucket policies of OBS, where the operator is a
/// pattern, are not read.
///
/// ## Why it matters
/// Few texts of requests have a `*` in them, so that the condition hardly ever holds, and one with `StringNotLike` nearly
/// always does. IAM saves it all the same.
///
/// ## Example
/// ```json
/// { "StringLike": { "obs:prefix": ["reports/*"] } }
/// ```
///
/// ## Use instead
/// ```json
/// { "StringMatch": { "obs:prefix": ["reports/*"] } }
/// ```
///
/// ## How to configure it
/// A warning unless `rules: { like-is-no-glob: error }` says otherwise.
pub(super) struct LikeIsNoGlob;

impl Rule for LikeIsNoGlob {
    fn name(&self) -> &'static str {
        "like-is-no-glob"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn check(&self, project: &Project<'_>) -> Vec<Finding> {
        project.conditions().filter_map(|(document, condition)| self.finding(document, condition)).collect()
    }
}

impl LikeIsNoGlob {
    fn finding(&self, document: &PolicyDocument, condition: &Condition) -> Option<Finding> {
        Operator::read(&condition.operator.value).filter(|operator| operator.test == Test::Contains)?;
        let value = condition.values.iter().find(|value| value.value.contains(['*', '?']))?;
        let is_open = document.source.policy.version.is_identity();
        let written = &condition.operator.value;
        let open = if is_open { " (possible: documented for version 1.1 only)" } else { "" };
        let message = format!(
            "`{written}` knows no wildcards: it looks for `{}` in `{}` letter for letter{open}",
            value.value, condition.key.value
        );
        let instead = spelt(written).replace("Like", "Match");
        let help = format!("use `{instead}`, which has to match from end to end, or leave the wildcard out");
        let finding = Finding::new(self.name(), self.severity(), message, document.source.place(value.span)?);
        let certainty = if is_open { Certainty::Possible } else { Certainty::Certain };
        Some(Finding { certainty, ..finding.with_help(Some(help)) })
    }
}
