//! Terraform's built-in functions: those that depend on their arguments alone, and on files beside the module.

mod call;
mod collection;
mod compare;
mod conversion;
mod csv;
mod encoding;
mod files;
mod format;
mod hash;
mod network;
mod numeric;
mod parts;
mod pattern;
mod regex;
mod set;
mod string;
mod time;
mod verb;
mod yaml;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use super::value::{Item, Origin, Unknown, Value};
use call::{Call, Outcome};

/// What a call of a function needs beside its arguments.
pub(crate) trait Files {
    /// The text of a file as `file` reads it, relative to where Terraform runs, and where that is.
    fn text(&self, path: &str) -> Result<(Rc<str>, Origin), Unknown>;
    /// There is such a file.
    fn exists(&self, path: &str) -> Result<bool, Unknown>;
    /// The files below a folder whose paths from there match a pattern of `fileset`.
    fn set(&self, folder: &str, pattern: &str) -> Result<Vec<String>, Unknown>;
}

/// A function: its name, how few and how many arguments it takes, and what computes it.
type Function = (&'static str, usize, usize, fn(&Call<'_>) -> Outcome);

/// As many arguments as one likes.
const ANY: usize = usize::MAX;

/// All functions, sorted by name.
const FUNCTIONS: &[Function] = &[
    ("abs", 1, 1, numeric::abs),
    ("abspath", 1, 1, files::abspath),
    ("alltrue", 1, 1, collection::all_true),
    ("anytrue", 1, 1, collection::any_true),
    ("base64decode", 1, 1, encoding::base64_decode),
    ("base64encode", 1, 1, encoding::base64_encode),
    ("base64gunzip", 1, 1, encoding::compressed),
    ("base64gzip", 1, 1, encoding::compressed),
    ("base64sha256", 1, 1, hash::base64_sha256),
    ("base64sha512", 1, 1, hash::base64_sha512),
    ("basename", 1, 1, files::basename),
    ("bcrypt", 1, 2, conversion::impure),
    ("ceil", 1, 1, numeric::ceil),
    ("chomp", 1, 1, string::chomp),
    ("chunklist", 2, 2, collection::chunk_list),
    ("cidrcontains", 2, 2, network::contains),
    ("cidrhost", 2, 2, network::host),
    ("cidrnetmask", 1, 1, network::mask),
    ("cidrsubnet", 3, 3, network::subnet),
    ("cidrsubnets", 1, ANY, network::subnets),
    ("coalesce", 1, ANY, collection::coalesce),
    ("coalescelist", 1, ANY, collection::coalesce_list),
    ("compact", 1, 1, collection::compact),
    ("concat", 1, ANY, collection::concat),
    ("contains", 2, 2, collection::contains),
    ("csvdecode", 1, 1, encoding::csv_decode),
    ("dirname", 1, 1, files::dirname),
    ("distinct", 1, 1, collection::distinct),
    ("element", 2, 2, collection::element),
    ("endswith", 2, 2, string::ends_with),
    ("ephemeralasnull", 1, 1, conversion::same),
    ("file", 1, 1, files::file),
    ("filebase64", 1, 1, files::base64),
    ("filebase64sha256", 1, 1, hash::file_base64_sha256),
    ("filebase64sha512", 1, 1, hash::file_base64_sha512),
    ("fileexists", 1, 1, files::exists),
    ("filemd5", 1, 1, hash::file_md5),
    ("fileset", 2, 2, files::set),
    ("filesha1", 1, 1, hash::file_sha1),
    ("filesha256", 1, 1, hash::file_sha256),
    ("filesha512", 1, 1, hash::file_sha512),
    ("flatten", 1, 1, collection::flatten),
    ("flipsensitive", 1, 1, conversion::same),
    ("floor", 1, 1, numeric::floor),
    ("format", 1, ANY, format::format),
    ("formatdate", 2, 2, time::format_date),
    ("formatlist", 1, ANY, format::format_list),
    ("indent", 2, 2, string::indent),
    ("index", 2, 2, collection::index),
    ("issensitive", 1, 1, conversion::impure),
    ("join", 2, ANY, string::join),
    ("jsondecode", 1, 1, encoding::json_decode),
    ("jsonencode", 1, 1, encoding::json_encode),
    ("keys", 1, 1, collection::keys),
    ("length", 1, 1, collection::length),
    ("list", 0, ANY, collection::gone),
    ("log", 2, 2, numeric::log),
    ("lookup", 2, 3, collection::lookup),
    ("lower", 1, 1, string::lower),
    ("map", 0, ANY, collection::gone),
    ("matchkeys", 3, 3, collection::match_keys),
    ("max", 1, ANY, numeric::max),
    ("md5", 1, 1, hash::md5),
    ("merge", 0, ANY, collection::merge),
    ("min", 1, ANY, numeric::min),
    ("nonsensitive", 1, 1, conversion::same),
    ("one", 1, 1, collection::one),
    ("parseint", 2, 2, numeric::parse_int),
    ("pathexpand", 1, 1, files::expand),
    ("plantimestamp", 0, 0, conversion::impure),
    ("pow", 2, 2, numeric::pow),
    ("range", 1, 3, numeric::range),
    ("regex", 2, 2, regex::regex),
    ("regexall", 2, 2, regex::regex_all),
    ("replace", 3, 3, regex::replace),
    ("reverse", 1, 1, collection::reverse),
    ("rsadecrypt", 2, 2, conversion::impure),
    ("sensitive", 1, 1, conversion::same),
    ("setintersection", 1, ANY, set::intersection),
    ("setproduct", 2, ANY, set::product),
    ("setsubtract", 2, 2, set::subtract),
    ("setunion", 1, ANY, set::union),
    ("sha1", 1, 1, hash::sha1),
    ("sha256", 1, 1, hash::sha256),
    ("sha512", 1, 1, hash::sha512),
    ("signum", 1, 1, numeric::signum),
    ("slice", 3, 3, collection::slice),
    ("sort", 1, 1, collection::sort),
    ("split", 2, 2, string::split),
    ("startswith", 2, 2, string::starts_with),
    ("strcontains", 2, 2, string::contains),
    ("strrev", 1, 1, string::reverse),
    ("substr", 3, 3, string::substr),
    ("sum", 1, 1, numeric::sum),
    ("textdecodebase64", 2, 2, encoding::text_decode),
    ("textencodebase64", 2, 2, encoding::text_encode),
    ("timeadd", 2, 2, time::add),
    ("timecmp", 2, 2, time::compare),
    ("timestamp", 0, 0, conversion::impure),
    ("title", 1, 1, string::title),
    ("tobool", 1, 1, conversion::to_bool),
    ("tolist", 1, 1, conversion::to_list),
    ("tomap", 1, 1, conversion::to_map),
    ("tonumber", 1, 1, conversion::to_number),
    ("toset", 1, 1, conversion::to_set),
    ("tostring", 1, 1, conversion::to_string),
    ("transpose", 1, 1, collection::transpose),
    ("trim", 2, 2, string::trim),
    ("trimprefix", 2, 2, string::trim_prefix),
    ("trimspace", 1, 1, string::trim_space),
    ("trimsuffix", 2, 2, string::trim_suffix),
    ("type", 1, 1, conversion::impure),
    ("upper", 1, 1, string::upper),
    ("urldecode", 1, 1, encoding::url_decode),
    ("urlencode", 1, 1, encoding::url_encode),
    ("uuid", 0, 0, conversion::impure),
    ("uuidv5", 2, 2, hash::uuid_v5),
    ("values", 1, 1, collection::values),
    ("yamldecode", 1, 1, encoding::yaml_decode),
    ("yamlencode", 1, 1, encoding::yaml_encode),
    ("zipmap", 2, 2, collection::zip_map),
];

/// Calls a function by its name, with or without the prefix `core::`; none where there is no such function here.
pub(crate) fn call(name: &str, arguments: &[Item], files: &dyn Files) -> Option<Value> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    let place = FUNCTIONS.binary_search_by_key(&name, |function| function.0).ok()?;
    let &(name, least, most, function) = FUNCTIONS.get(place)?;
    let call = Call::new(name, arguments, files);
    Some(call.check_count(least, most).and_then(|()| function(&call)).unwrap_or_else(Value::Unknown))
}
