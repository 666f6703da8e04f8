//! Functions of files and paths.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::value::{Item, Made, Text, Value};
use super::call::{self, Call, Outcome};

pub(super) fn file(call: &Call<'_>) -> Outcome {
    let (text, origin) = call.files.text(&call.text(0)?)?;
    Ok(Value::String(Text { text, made: Some(Rc::new(Made::As(origin))) }))
}

pub(super) fn base64(call: &Call<'_>) -> Outcome {
    let (text, _) = call.files.text(&call.text(0)?)?;
    call.length(text.len().saturating_mul(2))?;
    call.made(STANDARD.encode(text.as_bytes()))
}

pub(super) fn exists(call: &Call<'_>) -> Outcome {
    Ok(Value::from(call.files.exists(&call.text(0)?)?))
}

/// The files below a folder that match a pattern.
pub(super) fn set(call: &Call<'_>) -> Outcome {
    let mut paths = call.files.set(&call.text(0)?, &call.text(1)?)?;
    paths.sort_unstable();
    paths.dedup();
    call.listed(paths.into_iter().map(|path| Item::from(Value::from(path))))
}

/// An absolute path without detours; a relative one depends on where Terraform runs.
pub(super) fn abspath(call: &Call<'_>) -> Outcome {
    let path = call.text(0).map_err(call::set)?;
    if path.starts_with('/') {
        call.made(clean(&path))
    } else {
        Err(call::set(call.unknown("it depends on where Terraform runs")))
    }
}

/// The path with a `~` at its start replaced by the home folder.
pub(super) fn expand(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    if path.starts_with('~') {
        return Err(call::set(call.unknown("it depends on who runs Terraform")));
    }
    call.made(path)
}

/// The last part of a path.
pub(super) fn basename(call: &Call<'_>) -> Outcome {
    let path = call.text(0).map_err(call::set)?;
    let trimmed = path.trim_end_matches('/');
    let name = trimmed.rsplit('/').next().unwrap_or_default();
    call.made(match (name, path.is_empty()) {
        ("", true) => ".",
        ("", false) => "/",
        (name, _) => name,
    })
}

/// The path without its last part.
pub(super) fn dirname(call: &Call<'_>) -> Outcome {
    let path = call.text(0).map_err(call::set)?;
    let folder = path.rfind('/').and_then(|slash| path.get(..=slash)).unwrap_or_default();
    call.made(clean(folder))
}

/// A path without empty parts, `.` and `..`, as far as that can be.
fn clean(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
            ".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    match (is_absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => String::from("."),
        (false, false) => parts.join("/"),
    }
}
