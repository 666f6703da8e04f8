//! Functions that hash.

use std::fmt::Write as _;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::super::value::{Unknown, Value};
use super::call::{Call, Outcome, set};

/// The namespaces that have a name, by that; each differs from the others in one digit.
const NAMESPACES: [(&str, u128); 4] = [
    ("dns", 0x6ba7_b810_9dad_11d1_80b4_00c0_4fd4_30c8),
    ("url", 0x6ba7_b811_9dad_11d1_80b4_00c0_4fd4_30c8),
    ("oid", 0x6ba7_b812_9dad_11d1_80b4_00c0_4fd4_30c8),
    ("x500", 0x6ba7_b814_9dad_11d1_80b4_00c0_4fd4_30c8),
];

pub(super) fn md5(call: &Call<'_>) -> Outcome {
    Ok(hex(&Md5::digest(text(call)?.as_bytes())))
}

pub(super) fn sha1(call: &Call<'_>) -> Outcome {
    Ok(hex(&Sha1::digest(text(call)?.as_bytes())))
}

pub(super) fn sha256(call: &Call<'_>) -> Outcome {
    Ok(hex(&Sha256::digest(text(call)?.as_bytes())))
}

pub(super) fn sha512(call: &Call<'_>) -> Outcome {
    Ok(hex(&Sha512::digest(text(call)?.as_bytes())))
}

pub(super) fn base64_sha256(call: &Call<'_>) -> Outcome {
    Ok(Value::from(STANDARD.encode(Sha256::digest(text(call)?.as_bytes()))))
}

pub(super) fn base64_sha512(call: &Call<'_>) -> Outcome {
    Ok(Value::from(STANDARD.encode(Sha512::digest(text(call)?.as_bytes()))))
}

pub(super) fn file_md5(call: &Call<'_>) -> Outcome {
    Ok(hex(&Md5::digest(file(call)?.as_bytes())))
}

pub(super) fn file_sha1(call: &Call<'_>) -> Outcome {
    Ok(hex(&Sha1::digest(file(call)?.as_bytes())))
}

pub(super) fn file_sha256(call: &Call<'_>) -> Outcome {
    Ok(hex(&Sha256::digest(file(call)?.as_bytes())))
}

pub(super) fn file_sha512(call: &Call<'_>) -> Outcome {
    Ok(hex(&Sha512::digest(file(call)?.as_bytes())))
}

pub(super) fn file_base64_sha256(call: &Call<'_>) -> Outcome {
    Ok(Value::from(STANDARD.encode(Sha256::digest(file(call)?.as_bytes()))))
}

pub(super) fn file_base64_sha512(call: &Call<'_>) -> Outcome {
    Ok(Value::from(STANDARD.encode(Sha512::digest(file(call)?.as_bytes()))))
}

/// The UUID of a name in a namespace, which is named itself or a UUID.
pub(super) fn uuid_v5(call: &Call<'_>) -> Outcome {
    let (namespace, name) = (call.text(0).map_err(set)?, call.text(1).map_err(set)?);
    let named = NAMESPACES.iter().find(|(known, _)| *known == &*namespace).map(|(_, uuid)| *uuid);
    let namespace = named.or_else(|| uuid(&namespace)).ok_or_else(|| call.mistake("the namespace is no UUID"))?;
    let hash = Sha1::new().chain_update(namespace.to_be_bytes()).chain_update(name.as_bytes()).finalize();
    let (first, _) = hash.as_slice().as_chunks::<16>();
    let bits = first.first().map_or(0, |bytes| u128::from_be_bytes(*bytes));
    // The version is 5, the variant the one of RFC 4122.
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x5 << 76) | (0x2 << 62);
    let digits = format!("{bits:032x}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    Ok(Value::from(text))
}

fn uuid(text: &str) -> Option<u128> {
    let lengths = text.split('-').map(str::len);
    let is_uuid = lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    is_uuid.then(|| u128::from_str_radix(&text.replace('-', ""), 16).ok()).flatten()
}

/// The text to hash; a hash is never empty.
fn text(call: &Call<'_>) -> Result<Rc<str>, Unknown> {
    call.text(0).map_err(set)
}

fn file(call: &Call<'_>) -> Result<Rc<str>, Unknown> {
    Ok(call.files.text(&text(call)?).map_err(set)?.0)
}

fn hex(bytes: &[u8]) -> Value {
    let mut text = String::new();
    for byte in bytes {
        // Writing a text cannot fail.
        _ = write!(text, "{byte:02x}");
    }
    Value::from(text)
}
