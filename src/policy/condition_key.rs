//! The keys of `Condition`: their form, and what is known of the global ones.

use super::ValueKind;
use super::defect::shown;
use super::{Defect, Located};
use crate::nearest::nearest;

/// A global condition key: one that requests to every service have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GlobalKey {
    /// The key; of a key that ends with a tag's key the part up to the slash.
    pub name: &'static str,
    /// What its values are; none where no page says so.
    pub kind: Option<ValueKind>,
    /// A request may have several values of it.
    pub is_multiple: bool,
    /// Only requests of some actions have it: those whose row lists it.
    pub is_listed: bool,
}

impl GlobalKey {
    const fn of(name: &'static str, kind: ValueKind) -> Self {
        Self { name, kind: Some(kind), is_multiple: false, is_listed: false }
    }

    const fn multiple(self) -> Self {
        Self { is_multiple: true, ..self }
    }

    const fn listed(self) -> Self {
        Self { is_listed: true, ..self }
    }
}

use ValueKind::{Address, Bool, Date, Number, Text};

/// The global keys that are known.
///
/// The first eight are those of the page on policy syntax (1.1); the others come from the pages on global condition
/// keys and on service control policies (5.0), and newer pages of single services use some of them in 1.1 too. The
/// list is not complete.
const GLOBAL: &[GlobalKey] = &[
    GlobalKey::of("g:CurrentTime", Date),
    GlobalKey::of("g:DomainName", Text),
    GlobalKey::of("g:MFAPresent", Bool),
    GlobalKey::of("g:MFAAge", Number),
    GlobalKey::of("g:ProjectName", Text),
    GlobalKey::of("g:ServiceName", Text),
    GlobalKey::of("g:UserId", Text),
    GlobalKey::of("g:UserName", Text),
    GlobalKey::of("g:PrincipalUrn", Text),
    GlobalKey::of("g:PrincipalAccount", Text),
    GlobalKey::of("g:DomainId", Text),
    GlobalKey::of("g:PrincipalOrgPath", Text),
    GlobalKey::of("g:PrincipalOrgId", Text),
    GlobalKey::of("g:PrincipalType", Text),
    GlobalKey::of("g:PrincipalIsRootUser", Bool),
    GlobalKey { kind: None, ..GlobalKey::of("g:PrincipalIsService", Bool) },
    GlobalKey::of("g:PrincipalTag", Text),
    GlobalKey::of("g:SourceIdentity", Text),
    GlobalKey::of("g:TokenIssueTime", Date),
    GlobalKey::of("g:SecureTransport", Bool),
    GlobalKey::of("g:ViaService", Bool),
    GlobalKey::of("g:CalledVia", Text).multiple(),
    GlobalKey::of("g:CalledViaFirst", Text),
    GlobalKey::of("g:CalledViaLast", Text),
    GlobalKey::of("g:SourceIp", Address),
    GlobalKey::of("g:VpcSourceIp", Address),
    GlobalKey::of("g:SourceVpc", Text),
    GlobalKey::of("g:SourceVpce", Text),
    GlobalKey::of("g:RequestedRegion", Text),
    GlobalKey::of("g:UserAgent", Text),
    GlobalKey::of("g:Referer", Text),
    GlobalKey::of("g:SourceAccount", Text),
    GlobalKey::of("g:SourceUrn", Text),
    GlobalKey::of("g:EnterpriseProjectId", Text).listed(),
    GlobalKey::of("g:ResourceTag", Text).listed(),
    GlobalKey::of("g:RequestTag", Text).listed(),
    GlobalKey::of("g:TagKeys", Text).multiple().listed(),
];

/// The global keys that end with the key of a tag.
const OF_TAGS: &[&str] = &["g:PrincipalTag", "g:ResourceTag", "g:RequestTag"];

/// What is known of a global key; letter case does not count.
pub fn global_key(key: &str) -> Option<GlobalKey> {
    let (name, tag) = key.split_once('/').map_or((key, None), |(name, tag)| (name, Some(tag)));
    let found = GLOBAL.iter().find(|known| known.name.eq_ignore_ascii_case(name))?;
    (tag.is_some() == OF_TAGS.contains(&found.name)).then_some(*found)
}

/// What is wrong with a key, and the way out. The form is that of the schema of actions; what follows a slash is the
/// key of a tag, which may have other characters.
pub(super) fn check(key: &Located<String>) -> Option<Defect> {
    let defect = |what: &str| Defect::new(key.span, format!("`{}` {what}", shown(&key.value)));
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let name = key.value.split_once('/').map_or(key.value.as_str(), |(name, _)| name);
    let is_shaped = name.split_once(':').is_some_and(|(service, name)| {
        !service.is_empty() && !name.is_empty() && service.chars().chain(name.chars()).all(is_name)
    });
    if let Some(rest) = name.strip_prefix("aws:") {
        let near = nearest(&format!("g:{rest}"), GLOBAL.iter().map(|known| known.name));
        let help = near.map_or(String::from("global keys begin with `g:`"), |near| format!("write `{near}`"));
        return Some(defect("is a key of another cloud").with_help(help));
    }
    if !is_shaped {
        let global = global_key(&format!("g:{}", key.value));
        let form = String::from("a key has the form `service:Name`; `g:` is for global ones");
        let tag = key.value.strip_prefix(name).unwrap_or_default();
        let help = global.map_or(form, |global| format!("write `{}{tag}`", global.name));
        return Some(defect("is no condition key").with_help(help));
    }
    if key.value.contains('<') {
        return Some(defect("still has a placeholder").with_help("write the key of the tag in its place").possible());
    }
    check_global(key, name, defect)
}

fn check_global(key: &Located<String>, name: &str, defect: impl Fn(&str) -> Defect) -> Option<Defect> {
    if !name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("g:")) {
        return None;
    }
    let tag = key.value.get(name.len()..).unwrap_or_default();
    let Some(found) = GLOBAL.iter().find(|known| known.name.eq_ignore_ascii_case(name)) else {
        let defect = defect("is none of the global condition keys that are known").possible();
        let near = nearest(name, GLOBAL.iter().map(|known| known.name));
        return Some(near.map_or(defect.clone(), |near| defect.with_help(format!("did you mean `{near}`?"))));
    };
    if OF_TAGS.contains(&found.name) && tag.len() < 2 {
        return Some(defect("names no tag").with_help(format!("write `{}/<the tag's key>`", found.name)));
    }
    if !OF_TAGS.contains(&found.name) && !tag.is_empty() {
        return Some(defect("has something behind the key").with_help(format!("write `{}`", found.name)).possible());
    }
    (found.name != name).then(|| {
        let help = format!("write `{}{tag}`", found.name);
        defect("is spelt otherwise in the documents").with_help(help).possible()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::severity::Certainty::{self, Certain, Possible};
    use crate::source::Span;

    #[test]
    fn keys_have_a_form_and_global_ones_are_known() {
        let cases: &[(&str, Option<Certainty>)] = &[
            ("g:UserName", None),
            ("g:ResourceTag/team", None),
            ("g:ResourceTag/a", None),
            ("g:ResourceTag/团队 a/b", None),
            ("g:RequestTag/owner:x", None),
            ("obs:x-obs-acl", None),
            ("vpc:VpcBlockServiceEndpointStates", None),
            ("sts:RequestContext/any thing", None),
            ("saml:sub_type", None),
            ("hw:SourceIp", None),
            ("g:username", Some(Possible)),
            ("g:UserNames", Some(Possible)),
            ("g:SomethingNew", Some(Possible)),
            ("g:ResourceTag/<tag-key>", Some(Possible)),
            ("g:UserName/x", Some(Possible)),
            ("g:ResourceTag", Some(Certain)),
            ("g:ResourceTag/", Some(Certain)),
            ("UserName", Some(Certain)),
            ("g:", Some(Certain)),
            (":UserName", Some(Certain)),
            ("g:User Name", Some(Certain)),
            ("g:用户", Some(Certain)),
            ("a:b:c", Some(Certain)),
            ("aws:SourceIp", Some(Certain)),
            ("", Some(Certain)),
        ];
        for (key, expected) in cases {
            let located = Located { value: (*key).to_owned(), span: Span::default() };
            assert_eq!(check(&located).map(|defect| defect.certainty), *expected, "{key}");
        }
    }

    #[test]
    fn the_way_out_is_the_key_that_was_meant() {
        let help = |key: &str| {
            let located = Located { value: key.to_owned(), span: Span::default() };
            check(&located).and_then(|defect| defect.help)
        };
        assert_eq!(help("aws:SourceIp").as_deref(), Some("write `g:SourceIp`"));
        assert_eq!(help("g:resourcetag/Team").as_deref(), Some("write `g:ResourceTag/Team`"));
        assert_eq!(help("SourceIp").as_deref(), Some("write `g:SourceIp`"));
        assert_eq!(help("resourceTag/Team").as_deref(), Some("write `g:ResourceTag/Team`"));
        assert_eq!(help("g:UserNames").as_deref(), Some("did you mean `g:UserName`?"));
    }

    #[test]
    fn a_global_key_is_found_with_its_tag_or_without() {
        assert_eq!(global_key("g:ResourceTag/a").map(|key| key.is_listed), Some(true));
        assert_eq!(global_key("g:mfapresent").and_then(|key| key.kind), Some(Bool));
        assert!(global_key("g:ResourceTag").is_none() && global_key("g:UserName/a").is_none());
        assert!(global_key("obs:prefix").is_none());
    }
}
