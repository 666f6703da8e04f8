//! APIs that some operation or Terraform call names and no row is about, though a row with placeholders takes their
//! path: `PUT …/cloudservers/os-reset-passwords` is no server with that id.

use std::collections::{BTreeMap, BTreeSet};

use super::super::api::{ApiKey, is_placeholder};
use super::super::format::Files;
use super::super::layout::DecoyRow;
use super::builder::Builder;

/// A placeholder that stands for words, not for ids.
const WORDS: &str = "{resource_type}";

/// Method and number of segments.
type Shape = (u8, usize);

/// The rows of the services: template and path as written.
type Rows<'a> = BTreeMap<(&'a str, Shape), Vec<(String, &'a str)>>;

pub(super) fn compile(builder: &mut Builder, files: &Files) -> Result<(), String> {
    let rows = rows(files);
    let families: BTreeMap<&str, Vec<&str>> = files
        .services
        .iter()
        .flat_map(|file| &file.services)
        .map(|entry| (entry.code.0.as_str(), entry.paths_shared_with.iter().map(|code| code.0.as_str()).collect()))
        .collect();
    let mut decoys = BTreeSet::new();
    for (service, key) in named(files) {
        let template = key.template();
        let family = families.get(service).map(Vec::as_slice).unwrap_or_default();
        let shape = shape(key, &template);
        let services = std::iter::once(service).chain(family.iter().copied());
        let near: Vec<_> = services.filter_map(|code| Some((code, rows.get(&(code, shape))?))).collect();
        if near.iter().any(|(_, rows)| rows.iter().any(|(other, _)| *other == template)) {
            continue;
        }
        let mistaken = near.iter().filter(|(_, rows)| rows.iter().any(|(row, path)| mistakes(row, path, &template)));
        decoys.extend(mistaken.map(|(code, _)| (*code, key.method as u8, template.clone())));
    }
    for (service, method, template) in decoys {
        let row = DecoyRow { service: builder.text(service)?, method, template: builder.text(&template)? };
        builder.push(row)?;
    }
    Ok(())
}

fn rows(files: &Files) -> Rows<'_> {
    let mut rows = Rows::new();
    for file in &files.permissions {
        for (api, _) in &file.apis.0 {
            let template = api.key.template();
            let place = (file.service.0.as_str(), shape(&api.key, &template));
            rows.entry(place).or_default().push((template, &api.key.path));
        }
    }
    rows
}

/// Every API that an operation or a call names, with its service. OBS tells its own apart by their queries.
fn named(files: &Files) -> impl Iterator<Item = (&str, &ApiKey)> {
    let operations = files.operations.iter().flat_map(|file| {
        let service = file.apis_of.as_ref().unwrap_or(&file.service).0.as_str();
        file.versions.0.iter().flat_map(|(_, entries)| &entries.0).map(move |(_, entry)| (service, &entry.api.key))
    });
    let calls = files.terraform.iter().flat_map(|file| {
        let entries = file.resources.0.iter().chain(&file.data.0);
        entries
            .flat_map(|(_, entry)| &entry.calls)
            .map(move |call| (call.service.as_ref().unwrap_or(&file.service).0.as_str(), &call.api.key))
    });
    operations.chain(calls).filter(|(service, _)| *service != "obs")
}

fn shape(key: &ApiKey, template: &str) -> Shape {
    (key.method as u8, template.matches('/').count())
}

/// Whether a row would take a word of the path for an id.
fn mistakes(row: &str, path: &str, asked: &str) -> bool {
    let mut takes_word = false;
    for ((own, written), asked) in row.split('/').zip(path.split('/')).zip(asked.split('/')) {
        if own == asked {
            continue;
        }
        if !is_placeholder(own) {
            return false;
        }
        takes_word |= !asked.contains('{') && !written.eq_ignore_ascii_case(WORDS);
    }
    takes_word
}
