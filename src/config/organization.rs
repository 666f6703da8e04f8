//! `organization:` the service control policies that the account stands under, from the root down.

use super::LevelConfig;
use super::schema::Reader;
use crate::syntax::Node;

const LEVEL: &[&str] = &["level", "policies"];

impl Reader {
    /// The root, an organizational unit or the account, with the policies that are attached there.
    pub(super) fn level(&mut self, node: &Node) -> Option<LevelConfig> {
        let (mut name, mut policies) = (None, Vec::new());
        for entry in self.keys(node, "a level of the organization", LEVEL) {
            match entry.key.as_str() {
                "level" => name = self.entry_text(entry),
                "policies" => {
                    let texts = self.texts(entry);
                    policies = texts.into_iter().map(|(text, span)| (text, self.place(span))).collect();
                }
                _ => {}
            }
        }
        if node.as_map().is_some() && node.get("level").is_none() {
            let help = String::from("name the root, the organizational unit or the account");
            self.mistake(node.span, "a level of the organization has to have `level`", help);
        }
        Some(LevelConfig { name: name?, policies })
    }
}
