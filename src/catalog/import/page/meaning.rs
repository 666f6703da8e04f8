//! Conditions in words, and the codes that rows name them by.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, BuildHasherDefault};

use fnv::FnvHasher;

use super::super::super::Catalog;

/// A condition of the permission table that pages word in many ways.
const ENTERPRISE: &str = "enterprise-project-enabled";

/// The conditions of a draft.
#[derive(Debug)]
pub(super) struct Conditions<'a> {
    service: &'a str,
    catalog: &'a Catalog,
    /// Each code with its meaning.
    pub(super) codes: BTreeMap<String, String>,
}

impl<'a> Conditions<'a> {
    pub(super) fn new(service: &'a str, catalog: &'a Catalog) -> Self {
        Self { service, catalog, codes: BTreeMap::new() }
    }

    /// The code of a condition: the table's own if the table knows it, or else one that is made from its words.
    pub(super) fn code(&mut self, words: &str) -> String {
        if is_enterprise(words) && self.catalog.when_meaning(ENTERPRISE).is_some() {
            return ENTERPRISE.to_owned();
        }
        self.made(words, words.to_owned())
    }

    /// The code for requests that do what a row permits.
    pub(super) fn request(&mut self, permission: &str) -> String {
        self.made(permission, format!("the request is for: {permission}"))
    }

    fn made(&mut self, words: &str, meaning: String) -> String {
        let code = format!("{}-{}", self.service, slug(words));
        self.codes.insert(code.clone(), meaning);
        code
    }
}

fn is_enterprise(words: &str) -> bool {
    let lower = words.to_lowercase();
    let zh = ["开通", "开启", "启用", "使用"].iter().any(|verb| lower.contains(&format!("{verb}企业项目")));
    zh || (lower.contains("enterprise project") && lower.contains("enabled"))
}

/// A name from the first words, and a number that is the same for the same words.
fn slug(words: &str) -> String {
    let hash = BuildHasherDefault::<FnvHasher>::default().hash_one(words) & 0xFFFF_FFFF;
    let lower = words.to_ascii_lowercase();
    let mut kept: Vec<&str> = lower
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(6)
        .collect();
    let short: usize = kept.iter().map(|word| word.len()).sum();
    if kept.len() < 2 || short > 60 {
        kept = vec!["condition"];
    }
    format!("{}-{hash:08x}", kept.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_made_from_the_words() {
        let catalog = Catalog::embedded();
        let mut conditions = Conditions::new("ims", &catalog);
        assert_eq!(conditions.code("仅开通企业项目用户需要"), ENTERPRISE);
        assert_eq!(conditions.code("required only for users who have enabled enterprise projects"), ENTERPRISE);
        assert!(conditions.codes.is_empty());
        let code = conditions.code("only for encrypted images");
        assert!(code.starts_with("ims-only-for-encrypted-images-"), "{code}");
        assert_eq!(conditions.code("only for encrypted images"), code);
        assert_eq!(conditions.codes.len(), 1);
    }
}
