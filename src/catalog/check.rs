//! Reading the files of `rules/` all together: every mistake of every file, or the compiled table.

use super::compile;
use super::error::TableError;
use super::format::{FileKind, Files, Vocabulary};

/// A file of `rules/`: its path below that folder (with `/`), and what it holds.
#[derive(Debug, Clone)]
pub struct RulesFile {
    /// The path below `rules/`, with `/`.
    pub path: String,
    /// The file's text.
    pub text: String,
}

/// Checks the files of `rules/` and compiles them into the table's binary form.
///
/// # Errors
/// The first mistake of each file, in the order of the files.
pub fn compile_rules(files: &[RulesFile]) -> Result<Vec<u8>, Vec<TableError>> {
    let mut parsed = Files::default();
    let mut errors = Vec::new();
    let nothing = Vocabulary::default();
    for first in [FileKind::When, FileKind::Services] {
        read_kinds(&mut parsed, files, &nothing, &mut errors, |kind| kind == first);
    }
    // What a file with a mistake would have defined is not asked for.
    let names = if errors.is_empty() { parsed.vocabulary() } else { Vocabulary::default() };
    let name_actions = |kind| matches!(kind, FileKind::Escalations | FileKind::Agencies);
    let stand_apart = |kind| matches!(kind, FileKind::When | FileKind::Services) || name_actions(kind);
    read_kinds(&mut parsed, files, &names, &mut errors, |kind| !stand_apart(kind));
    let names = if errors.is_empty() {
        Vocabulary { actions: Some(parsed.all_actions()), ..names }
    } else {
        Vocabulary::default()
    };
    read_kinds(&mut parsed, files, &names, &mut errors, name_actions);
    for file in files {
        if FileKind::of_path(&file.path).is_none() {
            errors.push(TableError::whole_file(
                &file.path,
                "unknown file: the table is made of when.yaml, services.yaml, escalations.yaml, agencies.yaml, \
                 permissions/, identity/, terraform/, operations/ and policies/",
            ));
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    compile::compile(&parsed).map_err(|message| vec![TableError::whole_file("rules", message)])
}

fn read_kinds(
    parsed: &mut Files,
    files: &[RulesFile],
    names: &Vocabulary,
    errors: &mut Vec<TableError>,
    wanted: impl Fn(FileKind) -> bool,
) {
    for file in files {
        let Some(kind) = FileKind::of_path(&file.path).filter(|kind| wanted(*kind)) else {
            continue;
        };
        if let Err(error) = parsed.read(kind, &file.path, &file.text, names) {
            errors.push(error);
        }
    }
}

/// Checks and compiles one file that a user adds to the table. `known` is what it may refer to.
///
/// # Errors
/// The first mistake of the file.
#[allow(dead_code, reason = "used by the library and not by the build script")]
pub(super) fn compile_extension(name: &str, text: &str, known: &Vocabulary) -> Result<Vec<u8>, Vec<TableError>> {
    let Some(kind) = FileKind::of_content(text) else {
        return Err(vec![TableError::whole_file(
            name,
            "no `apis:`, `actions:`, `resources:`, `data:`, `versions:` or `policies:` at the beginning of a line: an \
             extension has the format of a file in rules/permissions, rules/identity, rules/terraform, \
             rules/operations or rules/policies",
        )]);
    };
    let mut parsed = Files::default();
    parsed.read(kind, name, text, known).map_err(|error| vec![error])?;
    compile::compile(&parsed).map_err(|message| vec![TableError::whole_file(name, message)])
}
