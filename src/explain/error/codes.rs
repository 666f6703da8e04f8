//! Codes of errors that have to do with permissions, or are taken for it.

use std::borrow::Cow;

use serde::Serialize;

use super::Problem;

/// A code that an error carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The code as documented.
    pub code: Cow<'static, str>,
    /// The HTTP status that it comes with; none: not documented.
    pub status: Option<u16>,
    /// What it says of the problem.
    pub problem: Problem,
    /// What it means, in a sentence without its full stop.
    pub meaning: &'static str,
}

const fn code(code: &'static str, status: u16, problem: Problem, meaning: &'static str) -> Code {
    Code { code: Cow::Borrowed(code), status: if status == 0 { None } else { Some(status) }, problem, meaning }
}

/// What the codes mean.
///
/// Sources: APIGW and APIG, the error codes of API Gateway (`usermanual-apig/apig_03_0048`, `apig-faq-0003`,
/// `apig-faq-0009`); VPC.2201, the error codes of VPC; IAM.0002 and IAM.0003, the API reference of IAM; PAP5.0001, the
/// error codes of IAM's new API (`api-iam5/ErrorCode`); IMG.0144, the error codes of IMS; CBC.0151, the FAQ of customer
/// operations (`oce-apifaq_001`); EPS.0004, the Terraform provider, which takes it for a lack of permissions;
/// SYS.0403, huaweicloud-devkit; PAP5.0046 and Pdp.0001, reports from the field.
const CODES: &[Code] = &[
    code("APIGW.0301", 401, Problem::Authentication, SIGNATURE_OR_TOKEN),
    code("APIG.0301", 401, Problem::Authentication, SIGNATURE_OR_TOKEN),
    code("APIGW.0303", 401, Problem::Authentication, "API Gateway does not accept the signature or key of the app"),
    code("APIG.0303", 401, Problem::Authentication, "API Gateway does not accept the signature or key of the app"),
    code("VPC.2201", 403, Problem::MissingAllow, "no policy of the caller allows the action (fine-grained permission)"),
    code("IAM.0002", 403, Problem::Refused, "IAM refuses the request to this caller"),
    code("IAM.0003", 403, Problem::MissingAllow, "no policy of the caller allows the action"),
    code("PAP5.0001", 403, Problem::Refused, "the new IAM API denies access for lack of a permission"),
    code(
        AGENCY_TOKEN,
        0,
        Problem::Authentication,
        "the new IAM API takes no token that an agency was switched to with",
    ),
    code("EPS.0004", 403, Problem::Refused, "the caller has no permission in Enterprise Project Management"),
    code("SYS.0403", 403, Problem::Refused, "the service refuses the request, by IAM or by an organization's policy"),
    code("Pdp.0001", 0, Problem::Refused, "the decision on the caller's policies is negative"),
    code("CBC.0151", 0, Problem::MissingAllow, "the caller lacks a permission of the Billing Center"),
    code("IMG.0144", 400, Problem::NotPermission, IMAGE_MISSING),
    code("Ims.0144", 400, Problem::NotPermission, IMAGE_MISSING),
];

const SIGNATURE_OR_TOKEN: &str =
    "API Gateway does not know who calls: the signature (AK/SK) or the token is not accepted";
const IMAGE_MISSING: &str = "the image does not exist, at least not in the region and project that were asked";

/// The code of a request with an agency's token where none is taken.
pub(super) const AGENCY_TOKEN: &str = "PAP5.0046";

/// The prefix of the codes of IAM's new API; of these only PAP5.0001 tells of a permission.
const NEW_IAM: &str = "PAP5.";

/// What the others mean.
const OTHER_OF_NEW_IAM: &str =
    "the new IAM API refuses the request for another reason than a missing permission, which is PAP5.0001";

/// The known codes that stand in a text, each once, in the order of the text.
pub(super) fn codes(text: &str) -> Vec<Code> {
    let mut found: Vec<Code> = Vec::new();
    // The longest code has some ten letters.
    let words = text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '.'));
    for word in words.filter(|word| word.len() < 32) {
        if let Some(code) = code_of(word.trim_matches('.')).filter(|code| !found.contains(code)) {
            found.push(code);
        }
    }
    found
}

fn code_of(word: &str) -> Option<Code> {
    let known = CODES.iter().find(|known| known.code.eq_ignore_ascii_case(word)).cloned();
    known.or_else(|| {
        let upper = word.to_ascii_uppercase();
        let number = upper.strip_prefix(NEW_IAM)?;
        let is_code = number.len() == 4 && number.bytes().all(|digit| digit.is_ascii_digit());
        is_code.then(|| Code { code: Cow::Owned(upper), ..code("", 0, Problem::NotPermission, OTHER_OF_NEW_IAM) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_wherever_they_stand_and_nothing_like_them() {
        let cases: [(&str, &[&str]); 7] = [
            (r#"{"error_code":"VPC.2201","error_msg":"x"}"#, &["VPC.2201"]),
            ("failed [APIGW.0301]Incorrect IAM authentication information.", &["APIGW.0301"]),
            ("Code: ims.0144.", &["Ims.0144"]),
            ("error IMG.0144, then pap5.0001; PAP5.0001 again", &["IMG.0144", "PAP5.0001"]),
            ("pap5.0010", &["PAP5.0010"]),
            ("VPC.22011 XVPC.2201 PAP5.001 VPC_2201 vpc2201", &[]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<String> = codes(text).iter().map(|code| code.code.to_string()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
