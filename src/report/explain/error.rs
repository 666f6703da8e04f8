//! The text of an error, explained.

use std::io;

use super::Sheet;
use crate::explain::{Denial, DeniedRequest, ErrorTopic, Problem};
use crate::report::paint::field;

impl Sheet<'_> {
    /// Writes what an error means, what to add, and what else it can be.
    pub(super) fn error(&mut self, topic: &ErrorTopic<'_>) -> io::Result<()> {
        let title = match topic.problem {
            Problem::ExplicitDeny => "denied by a policy",
            Problem::MissingAllow => "no policy allows it",
            Problem::Refused => "refused for lack of a permission",
            Problem::Authentication => "the caller is not known",
            Problem::NotPermission => "no permission problem",
        };
        writeln!(self.out, "{} {}", self.paint.kind("error"), self.paint.strong(title))?;
        for denial in &topic.denials {
            self.denial(denial)?;
        }
        for code in &topic.codes {
            let status = code.status.map(|status| format!(" ({status})")).unwrap_or_default();
            self.line("code", &format!("{}{status}: {}", code.code, code.meaning))?;
        }
        if let Some(request) = &topic.request {
            self.request(request)?;
        }
        self.heading("What it means")?;
        self.paragraph(&topic.summary.join(" "), "  ", "  ")?;
        if !topic.add.is_empty() {
            self.concerned(topic)?;
        }
        self.grants(&topic.add)?;
        if !topic.rule_out.is_empty() {
            self.heading("What else to rule out")?;
        }
        for cause in &topic.rule_out {
            self.paragraph(&cause.text, "  - ", "    ")?;
        }
        Ok(())
    }

    fn line(&mut self, label: &str, text: &str) -> io::Result<()> {
        field(self.out, self.paint, label, &[text.to_owned()])
    }

    fn denial(&mut self, denial: &Denial) -> io::Result<()> {
        let texts = [
            ("action", denial.action.as_deref()),
            ("caller", denial.principal.as_ref().map(|principal| principal.urn.as_str())),
            ("resource", denial.resource.as_deref()),
            ("decided by", denial.policy.as_ref().map(crate::explain::PolicyKind::name)),
        ];
        for (label, text) in texts {
            if let Some(text) = text {
                self.line(label, text)?;
            }
        }
        Ok(())
    }

    fn request(&mut self, request: &DeniedRequest<'_>) -> io::Result<()> {
        let method = request.method.map(|method| format!("{method} ")).unwrap_or_default();
        self.line("request", &format!("{method}{}", request.url))?;
        for api in &request.apis {
            self.line("API", &format!("{} {}", api.card.service, api.card.api))?;
        }
        match &request.region {
            Some(region) => self.line("region", region),
            None => Ok(()),
        }
    }

    /// Scopes of what is missing: for the request's API, or else for the actions in the text.
    fn concerned(&mut self, topic: &ErrorTopic<'_>) -> io::Result<()> {
        let apis: Vec<_> = topic.request.iter().flat_map(|request| &request.apis).collect();
        for api in &apis {
            self.heading(&format!("Where a grant counts for {}", api.card.api))?;
            self.answers(api.reach, &api.scopes)?;
        }
        for action in topic.actions.iter().filter(|action| action.known && apis.is_empty()) {
            self.heading(&format!("Where a grant of {} counts", action.action))?;
            self.answers(action.reach, &action.scopes)?;
        }
        Ok(())
    }
}
