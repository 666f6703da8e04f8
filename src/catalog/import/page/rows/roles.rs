//! System-defined roles that the words beside an action or an API ask for.

use super::super::super::super::Catalog;

/// The role that documents write without its service.
const TENANT: &str = "Tenant Administrator";

/// The longest text that is searched.
const MAX_WORDS: usize = 1_000;

/// The most words of a name.
const MAX_NAME: usize = 6;

/// The roles that words ask for, of each list one; empty where a name in them is not known.
pub(super) fn read(words: &str, catalog: &Catalog) -> Vec<Vec<String>> {
    if words.len() > MAX_WORDS {
        return Vec::new();
    }
    let Some(names) = mentions(words).map(|mention| known(&mention, words, catalog)).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let mut once: Vec<String> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    if once.is_empty() {
        Vec::new()
    } else if has_or(words) {
        vec![once]
    } else {
        once.into_iter().map(|name| vec![name]).collect()
    }
}

fn has_or(words: &str) -> bool {
    words.contains('或')
        || words.to_ascii_lowercase().split(|sign: char| !sign.is_ascii_alphanumeric()).any(|word| word == "or")
}

/// The capitalised words up to each word that ends the name of a role.
fn mentions(words: &str) -> impl Iterator<Item = Vec<&str>> {
    let is_of_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | ' ');
    words.split(move |sign: char| !is_of_name(sign)).flat_map(|run| {
        let run: Vec<&str> = run.split_whitespace().collect();
        let ends: Vec<usize> =
            run.iter().enumerate().filter(|(_, word)| ends_name(word)).map(|(place, _)| place).collect();
        ends.into_iter().map(move |end| {
            let before = run.iter().take(end + 1).rev().take(MAX_NAME);
            let mut name: Vec<&str> =
                before.copied().take_while(|word| word.starts_with(|first: char| first.is_ascii_uppercase())).collect();
            name.reverse();
            name
        })
    })
}

fn ends_name(word: &str) -> bool {
    matches!(word, "Administrator" | "Admin" | "FullAccess" | "ReadOnlyAccess" | "Guest" | "Viewer")
}

/// The longest name at the end of capitalised words that the table knows.
fn known(mention: &[&str], words: &str, catalog: &Catalog) -> Option<String> {
    let mut rest = mention;
    while rest.len() > 1 {
        let name = rest.join(" ");
        if name == TENANT {
            // The role of that name alone is for all services; pages mean one.
            let name = format!("OBS {TENANT}");
            let is_obs = words.contains("对象存储") || words.contains("OBS");
            return (is_obs && catalog.policy(&name).is_some()).then_some(name);
        }
        if catalog.policy(&name).is_some() {
            return Some(name);
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(words: &str) -> Vec<String> {
        read(words, &Catalog::embedded()).into_iter().map(|any| any.join(" | ")).collect()
    }

    #[test]
    fn known_roles_are_found_and_nothing_is_guessed() {
        let nothing: [&str; 0] = [];
        assert_eq!(roles("创建加密实例需要在项目上配置KMS Administrator权限"), ["KMS Administrator"]);
        assert_eq!(roles("The KMS Administrator permission, and Tenant Guest"), ["KMS Administrator", "Tenant Guest"]);
        assert_eq!(
            roles("制作前请确保拥有CSBS Administrator 权限,或者云备份服务的CBR Admin 权限"),
            ["CSBS Administrator | CBR Admin"]
        );
        assert_eq!(roles("请确保拥有对象存储服务的Tenant Administrator 权限"), ["OBS Tenant Administrator"]);
        assert_eq!(roles("Tenant Administrator permissions for EVS"), nothing);
        assert_eq!(roles("KMS Administrator and Odd Administrator"), nothing);
        assert_eq!(roles("Administrator permissions for CSBS or Admin permissions for CBR"), nothing);
    }
}
