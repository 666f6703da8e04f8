//! Checked rules files in, the table's binary form out: the same input gives the same bytes.

mod agencies;
mod apis;
mod builder;
mod decoys;
mod escalations;
mod identity;
mod operations;
mod policies;
mod services;
mod sources;
mod terraform;

use std::collections::BTreeMap;

use self::builder::Builder;
use super::format::{Entries, Files, Meaning, NewCode};
use super::layout::{CodeRow, NoteRow};

/// Compiles the files into one table.
///
/// # Errors
/// What does not fit into the table's format, in words.
pub(super) fn compile(files: &Files) -> Result<Vec<u8>, String> {
    let mut builder = Builder::new();
    apis::compile(&mut builder, files)?;
    decoys::compile(&mut builder, files)?;
    identity::compile(&mut builder, &files.identity)?;
    terraform::compile(&mut builder, &files.terraform)?;
    operations::compile(&mut builder, &files.operations)?;
    services::compile(&mut builder, &files.services)?;
    policies::compile(&mut builder, &files.policies)?;
    codes(&mut builder, files)?;
    escalations::compile(&mut builder, &files.escalations)?;
    agencies::compile(&mut builder, &files.agencies)?;
    builder.finish()
}

fn codes(builder: &mut Builder, files: &Files) -> Result<(), String> {
    let own = files.permissions.iter().map(|file| &file.when);
    for (code, meaning) in meanings(files.when.iter().map(|file| &file.when).chain(own)) {
        let row = CodeRow { code: builder.text(code)?, meaning: builder.text(meaning)? };
        builder.push(row)?;
    }
    for (code, meaning) in meanings(files.when.iter().map(|file| &file.notes)) {
        let row = NoteRow { code: builder.text(code)?, meaning: builder.text(meaning)? };
        builder.push(row)?;
    }
    Ok(())
}

fn meanings<'a>(lists: impl Iterator<Item = &'a Entries<NewCode, Meaning>>) -> BTreeMap<&'a str, &'a str> {
    lists.flat_map(|list| &list.0).map(|(code, entry)| (code.0.as_str(), entry.meaning.0.as_str())).collect()
}
