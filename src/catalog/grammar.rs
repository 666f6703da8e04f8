//! Of which grammar an action is, by the pages that name it.

use super::entries::{Api, Need};
use super::{Catalog, apis_that_need, read};

impl Catalog {
    /// Whether a page names an action as one of grammar 5.0: its own, or that of an API that needs it. Letter case does not
    /// count.
    pub fn is_identity_action(&self, action: &str) -> bool {
        self.identity_action(action).is_some() || self.is_needed(action, |api| &api.identity)
    }

    /// Whether a page names an action as one of grammar 1.1: that of an API that needs it, a list with the columns of
    /// scopes, or the page of an action of the newer grammar that means the same. Letter case does not count.
    pub fn is_policy_action(&self, action: &str) -> bool {
        let scopes = self.action_scopes(action);
        scopes.project.or(scopes.enterprise_project).is_some()
            || !self.aliased_by(action).is_empty()
            || self.is_needed(action, |api| &api.actions)
    }

    fn is_needed(&self, action: &str, needs: impl for<'a, 'b> Fn(&'b Api<'a>) -> &'b Vec<Need<'a>>) -> bool {
        let lower = action.to_ascii_lowercase();
        self.tables().any(|table| {
            let rows = apis_that_need(table, &lower).into_iter();
            rows.map(|row| read::api(table, row))
                .any(|api| needs(&api).iter().any(|need| need.action.eq_ignore_ascii_case(action)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_of_the_grammar_whose_pages_name_it() {
        let catalog = Catalog::embedded();
        for (action, is_policy, is_identity) in [
            ("ims:images:copy", true, false),
            ("IMS:images:COPY", true, false),
            ("iam:agencies:pass", false, true),
            ("sts::tagSession", false, true),
            ("ecs:cloudServers:showServer", true, true),
            ("ims:images:nonsense", false, false),
        ] {
            let found = (catalog.is_policy_action(action), catalog.is_identity_action(action));
            assert_eq!(found, (is_policy, is_identity), "{action}");
        }
    }
}
