//! `grantlint catalog import`: from what the vendor publishes to files that extend the table.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::catalog::Catalog;
use crate::catalog::import::{ImportOptions, Imported, ImportedFile, Tally, Unread, import, is_json, merge};
use crate::cli::output::{Existing, tell, write_whole};
use crate::source;

/// Turn what the vendor publishes into YAML that extends the permission table
///
/// Reads pages of the documentation (the tables of HTML, Markdown and reStructuredText, in Chinese and English),
/// authorization schemas (JSON of `GET /v5/authorization-schemas/services/{code}`) and exports of an account's roles
/// (JSON of `GET /v3/roles`). What cannot be read is listed on standard error with its line, and counted at the end.
#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    /// Files to read
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Service of the rows of a page, such as `ims`; by default that of most of its actions
    #[arg(long, value_name = "CODE", value_parser = service)]
    service: Option<String>,

    /// Name of the document that the rows give as their source; by default the path of the file
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    document: Option<String>,

    /// Date of the document
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<String>,

    /// Folder to write `permissions/<service>.yaml` and so on to, instead of standard output
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Overwrite files that are there already
    #[arg(long, requires = "out")]
    replace: bool,
}

fn service(text: &str) -> Result<String, String> {
    let code = text.to_ascii_lowercase();
    let is_code = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if code.is_empty() || !is_code {
        return Err("a service code has letters, digits and `-` only, such as `ims`".to_owned());
    }
    Ok(code)
}

fn date(text: &str) -> Result<String, String> {
    match text.parse::<jiff::civil::Date>() {
        Ok(date) if date.to_string() == text => Ok(date.to_string()),
        _ => Err("write it as YYYY-MM-DD".to_owned()),
    }
}

/// What all files of a run gave.
#[derive(Default)]
struct Found {
    services: BTreeMap<String, Imported>,
    tally: Tally,
    /// Files that gave nothing.
    empty: usize,
}

/// What a page must have.
const PAGE: &str = "a page needs a table with columns for the API (`METHOD /path`) and the action, or for the action \
                    and its access level; save the page of one service's permissions and supported actions, or write \
                    the rows by hand (docs/extending.md)";

/// What JSON must have.
const JSON: &str = "save the whole answer of `GET /v5/authorization-schemas/services/{code}` or of `GET /v3/roles`, or \
                    write the rows by hand (docs/extending.md)";

impl Import {
    pub(super) fn run(&self) -> ExitCode {
        let catalog = Catalog::embedded();
        let mut found = Found::default();
        for path in &self.files {
            if let Err(error) = self.read(path, &catalog, &mut found) {
                tell(&format!("error: {}: {error}", path.display()));
                return ExitCode::from(2);
            }
        }
        let files: Vec<ImportedFile> = found.services.values().flat_map(|imported| imported.draft.files()).collect();
        let result = verified(&files, catalog).and_then(|()| self.write(&files));
        tell(&summary(&found.tally));
        match result {
            Ok(()) if found.empty == 0 => ExitCode::SUCCESS,
            Ok(()) => ExitCode::from(2),
            Err(error) => {
                tell(&format!("error: {error}"));
                ExitCode::from(2)
            }
        }
    }

    fn read(&self, path: &Path, catalog: &Catalog, found: &mut Found) -> Result<(), String> {
        let shown = path.display().to_string();
        let file = source::read(path, &shown).map_err(|error| error.to_string())?;
        let options = ImportOptions {
            service: self.service.as_deref(),
            document: self.document.as_deref(),
            date: self.date.as_deref(),
        };
        let is_json = is_json(file.text(), path);
        if is_json && self.service.is_some() {
            tell(&format!("{shown}: --service is for pages: this file says itself which services it is about"));
        }
        let imported = import(file.text(), path, &options, catalog).map_err(|error| error.to_string())?;
        list(&shown, &imported.draft.unread);
        count(&mut found.tally, &imported.tally);
        if imported.draft.rows() == 0 {
            found.empty += 1;
            tell(&format!("error: {shown}: nothing in it can be imported: {}", if is_json { JSON } else { PAGE }));
            return Ok(());
        }
        let service = imported.draft.service.clone();
        match found.services.get_mut(&service) {
            None => {
                found.services.insert(service, imported);
            }
            Some(before) => {
                if self.document.is_none() {
                    before.draft.document = format!("{}, {}", before.draft.document, imported.draft.document);
                }
                let unread = merge(before, imported);
                list(&shown, &unread);
                found.tally.unread += unread.len();
                found.tally.read = found.tally.read.saturating_sub(unread.len());
            }
        }
        Ok(())
    }

    fn write(&self, files: &[ImportedFile]) -> Result<(), String> {
        if let Some(folder) = &self.out {
            return self.write_all(folder, files);
        }
        match files {
            [] => Ok(()),
            [file] => print(&file.text),
            _ => {
                let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
                Err(format!(
                    "the rows make {} files ({}): name a folder for them with --out DIR",
                    paths.len(),
                    paths.join(", ")
                ))
            }
        }
    }

    /// Writes every file or, where one is in the way, none.
    fn write_all(&self, folder: &Path, files: &[ImportedFile]) -> Result<(), String> {
        let mut paths = BTreeSet::new();
        for file in files {
            let path = folder.join(&file.path);
            if path.exists() && !self.replace {
                return Err(format!(
                    "{} exists already: overwrite it with --replace, or name another folder",
                    path.display()
                ));
            }
            if !paths.insert(path) {
                return Err(format!("several services make {}: import their files one by one", file.path));
            }
        }
        for (path, file) in files.iter().map(|file| (folder.join(&file.path), file)) {
            let written = self.write_file(&path, &file.text);
            written.map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
            tell(&format!("wrote {}", path.display()));
        }
        Ok(())
    }

    fn write_file(&self, path: &Path, text: &str) -> io::Result<()> {
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        let existing = if self.replace { Existing::Replaced } else { Existing::Kept };
        write_whole(path, existing, |out| out.write_all(text.as_bytes()))
    }
}

/// The table takes all files together.
fn verified(files: &[ImportedFile], mut catalog: Catalog) -> Result<(), String> {
    for file in files {
        if let Err(errors) = catalog.extend(&file.path, &file.text) {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            return Err(format!("the rows do not go together, import their files one by one: {first}"));
        }
    }
    Ok(())
}

fn print(text: &str) -> Result<(), String> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("the output cannot be written to standard output: {error}"))
        }
        _ => Ok(()),
    }
}

fn list(file: &str, unread: &[Unread]) {
    let mut stderr = io::stderr().lock();
    for Unread { line, what } in unread {
        // Nothing is left to do where standard error cannot be written.
        let _ = writeln!(stderr, "{file}:{line}: {what}");
    }
}

fn count(total: &mut Tally, tally: &Tally) {
    total.read += tally.read;
    total.part += tally.part;
    total.unread += tally.unread;
    total.tables += tally.tables;
}

fn summary(tally: &Tally) -> String {
    let Tally { read, part, unread, tables, .. } = tally;
    let in_part = if *part > 0 { format!(", {part} of them in part") } else { String::new() };
    let not = if *unread > 0 { format!(", {unread} not") } else { String::new() };
    let tables = match tables {
        0 => String::new(),
        1 => "; 1 table was not understood".to_owned(),
        _ => format!("; {tables} tables were not understood"),
    };
    format!("{} of {} rows read{in_part}{not}{tables}", read + part, read + part + unread)
}
