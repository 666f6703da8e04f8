//! `principals:` who deploys, with which grants, and what is known of their requests.

use super::schema::Reader;
use super::{GrantConfig, PrincipalConfig};
use crate::authz::{Context, Fact, Scope};
use crate::manifest::Stage;
use crate::nearest::{listed, suggestion};
use crate::source::Place;
use crate::syntax::{Entry, Node, Value};

const PRINCIPAL: &[&str] = &["grants", "context", "trust", "deploys", "phases"];
const GRANT: &[&str] = &["policy", "scope", "granted_in"];
const SCOPE: &[&str] = &["regions", "projects", "enterprise_projects"];

impl Reader {
    pub(super) fn principals(&mut self, principals: &Entry) -> Vec<PrincipalConfig> {
        let entries = self.mapping(&principals.value, "`principals`");
        let mut read = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            self.check_doubled(entries.get(..index).unwrap_or_default(), entry);
            read.push(self.principal(entry));
        }
        read
    }

    fn principal(&mut self, principal: &Entry) -> PrincipalConfig {
        let mut read = PrincipalConfig {
            name: principal.key.clone(),
            place: self.place(principal.key_span),
            grants: Vec::new(),
            context: Context::default(),
            trust: None,
            deploys: None,
            phases: None,
        };
        for entry in self.keys(&principal.value, "a principal", PRINCIPAL) {
            match entry.key.as_str() {
                "grants" => read.grants = self.list(entry).iter().filter_map(|node| self.grant(node)).collect(),
                "context" => read.context = self.context(entry),
                "trust" => read.trust = self.named(entry),
                "deploys" => read.deploys = Some(self.globs(entry, false)),
                "phases" => read.phases = self.stages(entry),
                _ => {}
            }
        }
        read
    }

    /// What of `plan`, `apply` and `destroy` a principal does.
    fn stages(&mut self, entry: &Entry) -> Option<Vec<Stage>> {
        if entry.value.as_list().is_some_and(<[Node]>::is_empty) {
            let help = format!("name some of {}, or leave the key out for all", listed(&Stage::NAMES));
            self.mistake(entry.value.span, format!("`{}` names nothing", entry.key), help);
        }
        let mut stages = Vec::new();
        for (word, span) in self.texts(entry) {
            match Stage::named(&word) {
                Some(stage) => stages.push(stage),
                None => self.mistake(span, format!("`{word}` is no phase"), suggestion(&word, &Stage::NAMES)),
            }
        }
        (!stages.is_empty()).then_some(stages)
    }

    fn grant(&mut self, node: &Node) -> Option<GrantConfig> {
        let (mut policy, mut by_console) = (None, false);
        let mut scope = Some(Scope::All);
        for entry in self.keys(node, "a grant", GRANT) {
            match entry.key.as_str() {
                "policy" => policy = self.named(entry),
                "scope" => scope = self.scope(&entry.value),
                "granted_in" => by_console = self.is_console(entry),
                _ => {}
            }
        }
        if node.as_map().is_some() && node.get("policy").is_none() {
            self.mistake(
                node.span,
                "a grant has to have `policy`",
                String::from("name a file or a system-defined policy"),
            );
        }
        let (policy, place) = policy?;
        Some(GrantConfig { policy, place, scope: scope?, by_console })
    }

    fn scope(&mut self, node: &Node) -> Option<Scope> {
        const FORMS: &str =
            "write `all`, `global`, `{ regions: [..] }`, `{ projects: [..] }` or `{ enterprise_projects: [..] }`";
        if let Some(word) = node.as_str() {
            return match word {
                "all" => Some(Scope::All),
                "global" => Some(Scope::Global),
                _ => {
                    self.mistake(node.span, format!("`{word}` is no scope"), FORMS.to_owned());
                    None
                }
            };
        }
        let entries = self.keys(node, "a scope", SCOPE);
        let [entry] = entries else {
            self.mistake(node.span, "a scope has one key", String::from("write one grant for each scope"));
            return None;
        };
        let names: Vec<String> = self.texts(entry).into_iter().map(|(name, _)| name).collect();
        if names.is_empty() && entry.value.as_list().is_some_and(<[Node]>::is_empty) {
            self.mistake(entry.value.span, format!("`{}` names nothing", entry.key), FORMS.to_owned());
        }
        if names.is_empty() {
            return None;
        }
        match entry.key.as_str() {
            "regions" | "projects" => Some(Scope::Projects(names)),
            "enterprise_projects" => Some(Scope::EnterpriseProjects(names)),
            _ => None,
        }
    }

    /// A policy, by path or by name, with its place.
    pub(super) fn named(&mut self, entry: &Entry) -> Option<(String, Place)> {
        self.entry_text(entry).map(|text| (text, self.place(entry.value.span)))
    }

    fn is_console(&mut self, entry: &Entry) -> bool {
        let text = self.entry_text(entry);
        if let Some(text) = text.as_deref().filter(|text| !["console", "api"].contains(text)) {
            let help = String::from("write `console` or `api`");
            self.mistake(entry.value.span, format!("grants are made in no `{text}`"), help);
        }
        text.as_deref() == Some("console")
    }

    /// Condition keys with their values; `null` where requests do not have the key.
    pub(super) fn context(&mut self, context: &Entry) -> Context {
        let entries = self.mapping(&context.value, "`context`");
        let mut read = Context::default();
        for (index, entry) in entries.iter().enumerate() {
            let before = entries.get(..index).unwrap_or_default();
            if before.iter().any(|other| is_same_key(&other.key, &entry.key)) {
                self.mistake(entry.key_span, format!("`{}` stands twice", entry.key), String::from("join the two"));
            }
            if !entry.key.contains(':') {
                let help = String::from("write a key with its service, such as `g:MFAPresent`");
                self.mistake(entry.key_span, format!("`{}` is no condition key", entry.key), help);
                continue;
            }
            let fact = match &entry.value.value {
                Value::Null => Some(Fact::Absent),
                Value::List(_) => Some(Fact::Values(self.texts(entry).into_iter().map(|(text, _)| text).collect())),
                _ => self.entry_text(entry).map(|text| Fact::Values(vec![text])),
            };
            if let Some(fact) = fact {
                read = read.with(&entry.key, fact);
            }
        }
        read
    }
}

/// Letter case counts in the tag of a key only.
fn is_same_key(one: &str, other: &str) -> bool {
    let split = |key: &str| {
        let (name, tag) = key.split_once('/').unwrap_or((key, ""));
        (name.to_ascii_lowercase(), tag.to_owned())
    };
    split(one) == split(other)
}
