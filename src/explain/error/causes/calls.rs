//! Who calls, with what, and when: agencies, tokens, signatures, and changes that take their time.

use super::Situation;
use crate::explain::error::{Concerned, PolicyKind, PrincipalKind};

pub(super) fn agency(situation: &Situation<'_>) -> Option<String> {
    let service = situation.topic.request.as_ref().and_then(|request| request.service);
    let is_foreign =
        |action: &Concerned| service.is_some_and(|service| !action.service().eq_ignore_ascii_case(service));
    let is_agency = situation.topic.principal().is_some_and(|principal| principal.kind == PrincipalKind::Agency);
    let is_named = ["agency", "delegat", "need authorize"].iter().any(|word| situation.text.contains(word));
    let may_be = situation.may_lack_grant()
        && (is_agency || situation.any(is_foreign) || (is_named && !situation.is_about("iam")));
    may_be.then(|| {
        String::from(
            "The service acts in the account through an agency that is missing, belongs to another project, or lacks the \
             action: look at it under Agencies, or authorize the service again in its console.",
        )
    })
}

pub(super) fn object_storage_delay(situation: &Situation<'_>) -> Option<String> {
    (situation.topic.is_about_permissions() && situation.is_about("obs")).then(|| {
        String::from(
            "Changes of grants reach object storage after 15 to 30 minutes. Beside them the policy and the ACL of the \
             bucket count.",
        )
    })
}

pub(super) fn organization_delay(situation: &Situation<'_>) -> Option<String> {
    let is_named = situation.topic.policy().is_some_and(PolicyKind::is_of_organization);
    let may_be = is_named || situation.has_code("SYS.0403");
    (situation.topic.is_about_permissions() && may_be).then(|| {
        let text = "A change of a policy of the organization takes effect within 30 minutes.";
        if is_named {
            text.to_owned()
        } else {
            format!(
                "A service control policy of the organization can deny it, whatever is granted in the account. {text}"
            )
        }
    })
}

pub(super) fn authority(situation: &Situation<'_>) -> Option<String> {
    situation.has_code("EPS.0004").then(|| {
        String::from(
            "Enterprise projects have to be enabled for the account, which takes a while to count: the first calls after \
             it are refused in the same way.",
        )
    })
}

pub(super) fn old_token(situation: &Situation<'_>) -> Option<String> {
    (situation.may_lack_grant() && !situation.is_new_engine()).then(|| {
        String::from(
            "A token knows what was granted when it was issued: take a new one after granting. Access keys need none.",
        )
    })
}

pub(super) fn token(situation: &Situation<'_>) -> Option<String> {
    let is_it = situation.text.contains("token") || situation.text.contains("x-auth-token");
    (situation.is_authentication() && is_it).then(|| {
        String::from(
            "The token has expired (after 24 hours), is cut off, or comes from the IAM of another region or cloud than the \
             service that it is sent to.",
        )
    })
}

pub(super) fn signature(situation: &Situation<'_>) -> Option<String> {
    let is_it = situation.text.contains("sign") || situation.text.contains("aksk") || !situation.text.contains("token");
    (situation.is_authentication() && is_it).then(|| {
        String::from(
            "The clock of the caller is more than 15 minutes off, or the secret key belongs to another access key or has a \
             space too many.",
        )
    })
}

pub(super) fn access_key(situation: &Situation<'_>) -> Option<String> {
    let words = ["not exist", "secretkey", "reach the limit", "aksk"];
    let is_it = words.iter().any(|word| situation.text.contains(word));
    (situation.is_authentication() && is_it).then(|| {
        String::from(
            "The access key does not exist in the cloud that was called, was deleted or disabled, or is locked for five \
             minutes after five failures; temporary keys need their security token.",
        )
    })
}

pub(super) fn image(situation: &Situation<'_>) -> Option<String> {
    (situation.has_code("IMG.0144") || situation.has_code("Ims.0144")).then(|| {
        String::from(
            "The id is mistyped, the image is in another region or project, was deleted, or is shared and not accepted yet.",
        )
    })
}
