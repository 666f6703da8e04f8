//! What an error means, in sentences.

use super::codes::AGENCY_TOKEN;
use super::{ErrorTopic, PolicyKind, PrincipalKind, Problem};
use crate::nearest::listed;

/// What an error means: the kind of problem first, then whom and what it concerns.
pub(super) fn summary(topic: &ErrorTopic<'_>) -> Vec<String> {
    let mut sentences = match topic.problem {
        Problem::ExplicitDeny => explicit_deny(topic.policy()),
        Problem::MissingAllow => missing_allow(topic.policy()),
        Problem::Authentication => authentication(topic),
        Problem::NotPermission => vec![String::from("This is no permission problem: no grant changes it.")],
        Problem::Refused => vec![String::from(
            "The request was refused for lack of a permission, and the text does not say whether no policy allows it or \
             one denies it.",
        )],
    };
    if topic.is_about_permissions() {
        sentences.extend(principal(topic));
        sentences.extend(unknown_actions(topic));
        sentences.extend(without_action(topic));
    }
    if topic.encoded_message {
        sentences.push(String::from(
            "The answer holds an encoded message with the decision in full: STS decodes it (POST \
             /v5/decode-authorization-message, in KooCLI STS DecodeAuthorizationMessage) for a caller who is allowed \
             sts::decodeAuthorizationMessage.",
        ));
    }
    sentences
}

fn explicit_deny(policy: Option<&PolicyKind>) -> Vec<String> {
    let mut sentences = vec![match policy {
        Some(policy) => format!("A Deny in a {} forbids the action.", policy.name()),
        None => String::from("A Deny forbids the action."),
    }];
    sentences.push(String::from("Granting more does not help: a Deny wins over every Allow."));
    sentences.push(String::from(match policy {
        Some(policy) if policy.is_of_organization() => {
            "Only the administrators of the organization can change it: it may be attached to the account, to a unit above \
             it or to the root. The account's own administrators cannot lift it."
        }
        Some(PolicyKind::Resource) => "Look for the Deny in the policy of the resource itself, which its owner changes.",
        Some(PolicyKind::VpcEndpoint) => "Look for the Deny in the policy of the VPC endpoint that the request came through.",
        Some(PolicyKind::Session) => "Look for the Deny in the policy that was passed when the session was made.",
        _ => {
            "Look for it in the custom policies of the principal and of every group it is in: a Deny whose Action covers \
             the action, perhaps with `*` or by an alias, or whose NotAction does not."
        }
    }));
    sentences
}

fn missing_allow(policy: Option<&PolicyKind>) -> Vec<String> {
    match policy {
        None | Some(PolicyKind::Identity) => {
            vec![String::from("No policy that counts for the caller here allows the action.")]
        }
        Some(policy) if policy.is_of_organization() => vec![
            format!("No {} allows the action, so that no grant in the account takes effect.", policy.name()),
            String::from("Only the administrators of the organization can change that."),
        ],
        Some(policy) => vec![
            format!("No {} allows the action.", policy.name()),
            String::from("A grant to the caller alone does not help where that policy has to allow it too."),
        ],
    }
}

fn authentication(topic: &ErrorTopic<'_>) -> Vec<String> {
    if topic.codes.iter().any(|code| code.code == AGENCY_TOKEN) {
        return vec![
            String::from("The new IAM API (/v5) takes no token of an agency, whatever is granted to it."),
            String::from(
                "Call it with temporary access keys of the agency: in the Terraform provider the block `assume_role` \
                 instead of `agency_name` and `agency_domain_name`.",
            ),
        ];
    }
    vec![
        String::from("This is no permission problem: the request is refused before any policy is looked at."),
        String::from("No grant changes it; the access keys, the token or the signature are to be mended."),
    ]
}

fn principal(topic: &ErrorTopic<'_>) -> Option<String> {
    let principal =
        topic.principal().filter(|_| topic.policy().is_none_or(|policy| *policy == PolicyKind::Identity))?;
    let name = principal.name.as_deref().unwrap_or(&principal.urn);
    match principal.kind {
        PrincipalKind::Agency => Some(format!(
            "The caller is a session of the agency `{name}`: what counts is granted to the agency, and not to the user or \
             service that switched to it."
        )),
        PrincipalKind::ExternalUser => Some(format!(
            "The caller is the federated user `{name}`: what counts is granted to the groups that the identity \
             provider's rules map it to."
        )),
        PrincipalKind::User | PrincipalKind::Unknown => None,
    }
}

fn unknown_actions(topic: &ErrorTopic<'_>) -> Vec<String> {
    let unknown = topic.actions.iter().filter(|action| !action.known);
    let sentences = unknown.map(|action| {
        let nearest: Vec<&str> = action.nearest.iter().map(String::as_str).collect();
        let near = if nearest.is_empty() { String::new() } else { format!("; similar ones are {}", listed(&nearest)) };
        format!("The table does not know `{}`{near}.", action.action)
    });
    sentences.collect()
}

fn without_action(topic: &ErrorTopic<'_>) -> Option<String> {
    if !topic.actions.is_empty() {
        return None;
    }
    let known = topic.request.iter().flat_map(|request| &request.apis).next();
    if known.is_some() {
        return Some(String::from("The text names no action; those that the request needs are below."));
    }
    match topic.terraform.as_slice() {
        [] => Some(String::from(
            "The text names no action and no request that the table knows. With TF_LOG=DEBUG the provider prints method \
             and URL: explain them as `METHOD URL`.",
        )),
        types => Some(format!(
            "The text names no action; `grantlint catalog show` lists what the provider calls for {}.",
            listed(types)
        )),
    }
}

impl ErrorTopic<'_> {
    /// Policies have to do with it.
    pub fn is_about_permissions(&self) -> bool {
        matches!(self.problem, Problem::ExplicitDeny | Problem::MissingAllow | Problem::Refused)
    }
}
