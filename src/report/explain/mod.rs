//! `grantlint explain` for people.

mod error;
mod page;

use std::io::{self, Write};

use super::human::Human;
use super::paint::{Paint, field};
use crate::explain::{ActionTopic, ApiTopic, Grant, Honoured, Names, Policy, Purpose, ScopeAnswer, Topic};
use crate::explore::Card;
use crate::lint::statement;

/// Writes everything about one topic.
///
/// # Errors
/// Those of `out`.
pub fn topic(topic: &Topic<'_>, human: Human, out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet { paint: Paint { color: human.color }, width: human.width, out };
    match topic {
        Topic::Rule(rule) => sheet.page(rule.page),
        Topic::Action(action) => sheet.action(action),
        Topic::Api(api) => sheet.api(api),
        Topic::Error(error) => sheet.error(error),
    }
}

/// Wider than any paragraph of a page.
const UNLIMITED: usize = 100_000;

/// A page of Markdown as text, each paragraph on one line.
pub(super) fn plain_page(markdown: &str) -> String {
    let mut text = Vec::new();
    let mut sheet = Sheet { paint: Paint { color: false }, width: UNLIMITED, out: &mut text };
    // Writing to memory does not fail.
    let _ = sheet.page(markdown);
    String::from_utf8_lossy(&text).into_owned()
}

struct Sheet<'s> {
    paint: Paint,
    width: usize,
    out: &'s mut dyn Write,
}

impl Sheet<'_> {
    fn action(&mut self, topic: &ActionTopic<'_>) -> io::Result<()> {
        super::cards(&[Card::Action(Box::new(topic.card.clone()))], self.paint, self.out)?;
        self.names(&topic.names)?;
        self.scopes(topic.reach, &topic.scopes)?;
        self.grants(&topic.add)
    }

    fn api(&mut self, topic: &ApiTopic<'_>) -> io::Result<()> {
        for (index, api) in topic.apis.iter().enumerate() {
            if index > 0 {
                writeln!(self.out)?;
            }
            super::cards(&[Card::Api(Box::new(api.card.clone()))], self.paint, self.out)?;
            if api.card.has_row {
                self.scopes(api.reach, &api.scopes)?;
                self.grants(&api.add)?;
            }
        }
        Ok(())
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "\n{}", self.paint.strong(text))
    }

    /// Sentences, as wide as the output.
    fn paragraph(&mut self, text: &str, first: &str, others: &str) -> io::Result<()> {
        let options = textwrap::Options::new(self.width).initial_indent(first).subsequent_indent(others);
        // Names are looked for and pasted: they stay whole.
        let options = options.break_words(false).word_splitter(textwrap::WordSplitter::NoHyphenation);
        writeln!(self.out, "{}", textwrap::fill(text, options.word_separator(textwrap::WordSeparator::AsciiSpace)))
    }

    fn names(&mut self, names: &Names) -> io::Result<()> {
        let shown = |names: &[String]| match names {
            [] => String::from("the table knows no name"),
            names => names.join(", "),
        };
        self.heading("What it is called")?;
        field(self.out, self.paint, "policies (1.1)", &[shown(&names.v1)])?;
        field(self.out, self.paint, "identity (5.0)", &[shown(&names.v5)])
    }

    fn scopes(&mut self, reach: &str, scopes: &[ScopeAnswer]) -> io::Result<()> {
        self.heading("Where a grant counts")?;
        self.answers(reach, scopes)
    }

    fn answers(&mut self, reach: &str, scopes: &[ScopeAnswer]) -> io::Result<()> {
        let service = match reach {
            "unknown" => String::from("whether the service is global is not documented"),
            reach => format!("the service is {reach}"),
        };
        for answer in scopes {
            let text = match answer.honoured {
                Honoured::Yes => String::from("yes"),
                Honoured::No => String::from("no"),
                Honoured::Unknown => String::from("not documented"),
                Honoured::DependsOnApi => format!("depends on the API: not for {}", answer.not_by.join(", ")),
            };
            let scope = match answer.scope {
                "all-resources" => "all resources",
                "global-services" => "global services",
                "iam-project" => "IAM project",
                _ => "enterprise proj.",
            };
            field(self.out, self.paint, scope, &[text])?;
        }
        let note = format!("{service}; identity policies (5.0) have no scope, their statements limit themselves");
        writeln!(self.out, "  {}", self.paint.faint(&note))
    }

    fn grants(&mut self, grants: &[Grant]) -> io::Result<()> {
        if grants.is_empty() {
            return Ok(());
        }
        self.heading("What to add")?;
        for grant in grants {
            self.grant(grant)?;
        }
        Ok(())
    }

    fn grant(&mut self, grant: &Grant) -> io::Result<()> {
        let policy = match grant.policy {
            Policy::ProjectLevel => "a policy (1.1) for project-level services",
            Policy::Global => "a policy (1.1) for global services",
            Policy::ObjectStorage => {
                "two policies (1.1) with nothing else, one for global, one for project-level services"
            }
            Policy::Identity => "an identity policy (5.0)",
        };
        let purpose = match grant.purpose {
            Purpose::Needed => String::new(),
            Purpose::Sometimes => format!(", when {}", grant.when.join("; or when ")),
            Purpose::Dependency => String::from(", without which it works only in part"),
        };
        if let Some(added) = &grant.statement {
            self.paragraph(&format!("to {policy}{purpose}:"), "  ", "  ")?;
            let names: Vec<&str> = added.action.iter().map(String::as_str).collect();
            for line in statement(&names).lines() {
                writeln!(self.out, "    {line}")?;
            }
        }
        if !grant.unknown.is_empty() {
            let unknown = grant.unknown.join(", ");
            let text = format!("to {policy}{purpose}: the table does not know how it names {unknown}");
            self.paragraph(&text, "  ", "    ")?;
        }
        Ok(())
    }
}
