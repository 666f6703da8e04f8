//! The words of single cells.

use super::super::super::super::Scopes;
use super::super::text::is_nothing;

pub(super) fn names(actions: Vec<(String, Option<String>)>) -> Vec<String> {
    actions.into_iter().map(|(action, _)| action).collect()
}

pub(super) fn extend(list: &mut Vec<String>, more: Vec<String>) {
    for text in more {
        if !list.contains(&text) {
            list.push(text);
        }
    }
}

pub(super) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let parts = text.split([' ', '\n', ',', ';', '、']).filter(|word| !is_nothing(word));
    extend(&mut words, parts.map(str::to_owned).collect());
    words
}

pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}
pub(super) fn access_level(text: &str) -> Option<&'static str> {
    let lower: String = text.to_lowercase().chars().filter(|character| character.is_alphabetic()).collect();
    match lower.as_str() {
        "list" | "列表" | "列举" => Some("list"),
        "read" | "读" | "只读" => Some("read"),
        "write" | "写" => Some("write"),
        "tagging" | "tag" | "标签" => Some("tagging"),
        "permissionmanagement" | "permissionsmanagement" | "permissions" | "权限管理" => {
            Some("permission_management")
        }
        _ => None,
    }
}

/// Yes or no.
pub(super) fn mark(text: &str) -> Option<bool> {
    match text.trim_matches([' ', '.', '。']).to_lowercase().as_str() {
        "√" | "✓" | "✔" | "✔️" | "☑" | "✅" | "y" | "yes" | "supported" | "support" | "支持" | "是" | "true" => {
            Some(true)
        }
        "×" | "x" | "✗" | "✘" | "╳" | "✕" | "✖" | "❌" | "n" | "no" | "not supported" | "unsupported" | "不支持"
        | "否" | "false" => Some(false),
        _ => None,
    }
}

/// A cell that lists what is supported and what is not.
pub(super) fn both(text: &str) -> Scopes {
    let lower = text.to_lowercase().replace("iam project", "project");
    let cut = ["不支持", "not supported", "unsupported"].iter().filter_map(|word| lower.find(word)).min();
    let (yes, no) = cut.map_or((lower.as_str(), ""), |cut| lower.split_at(cut));
    let has = |part: &str, words: [&str; 2]| words.iter().any(|word| part.contains(word));
    let enterprise = ["企业项目", "enterprise project"];
    let says = |words: [&str; 2]| match (has(yes, words), has(no, words)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    };
    let without = |part: &str| part.replace("企业项目", "").replace("enterprise project", "");
    let (plain_yes, plain_no) = (without(yes), without(no));
    let project = match (has(&plain_yes, ["项目", "project"]), has(&plain_no, ["项目", "project"])) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    };
    Scopes { project, enterprise_project: says(enterprise) }
}

/// A text on one line and not too long for a message.
pub(super) fn short(text: &str) -> String {
    let mut line: String =
        text.chars().take(120).map(|character| if character == '\n' { ' ' } else { character }).collect();
    if text.chars().nth(120).is_some() {
        line.push('…');
    }
    line
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cell_may_say_both_scopes() {
        let cell = "支持:\n项目(Project)\n企业项目(Enterprise Project)\n不支持:无";
        assert_eq!(both(cell), Scopes { project: Some(true), enterprise_project: Some(true) });
        let cell = "Supported: Project\nNot supported: Enterprise Project";
        assert_eq!(both(cell), Scopes { project: Some(true), enterprise_project: Some(false) });
        assert_eq!(both(""), Scopes::default());
    }
}
