//! Plans and states as JSON: what a run is about to do, or can do, to each resource.

mod calls;
mod change;
mod configuration;
mod document;
mod names;
mod reading;
mod scan;
mod sources;
mod values;

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::module::{Folder, Folders};
use super::walk::Types;
use super::{Context, Extract, MANY};
use crate::manifest::{Problem, guarded};
use crate::parallel;
use crate::source::{Place, SourceFile};
use calls::Calls;
use document::Document;
use reading::Reading;
use scan::{Kind, kind_of, masked};
use sources::{Sources, root_of};

/// Is this a plan or a state, by its outermost keys?
pub(crate) fn is_document(path: &str, text: &str) -> bool {
    is_named(path) && kind_of(text).is_some()
}

fn is_named(path: &str) -> bool {
    [".json", ".tfstate"].iter().any(|ending| path.ends_with(ending))
}

/// Is this a plan as Terraform saves it, which only Terraform can read: an archive that holds `tfplan`?
pub(crate) fn is_saved_plan(path: &Path) -> bool {
    const NAME: std::ops::Range<usize> = 30..36;
    let mut beginning = Vec::new();
    let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let mut read = || File::open(path).and_then(|file| file.take(NAME.end as u64).read_to_end(&mut beginning));
    is_file && read().is_ok() && beginning.starts_with(b"PK\x03\x04") && beginning.get(NAME) == Some(b"tfplan")
}

/// The documents of a run, parsed.
pub(super) struct Documents {
    documents: Vec<Document>,
    problems: Vec<Problem>,
}

impl Documents {
    pub(super) fn parse(files: &[Arc<SourceFile>]) -> Self {
        let parsed = parallel::map(files, MANY, |file| {
            let kind = kind_of(file.text()).unwrap_or(Kind::Plan);
            let mut document = None;
            let shown = Arc::new(SourceFile::new(file.path(), masked(file.text())));
            let extract = guarded(std::iter::once(&shown), || match Document::parse(file, &shown, kind) {
                Ok(parsed) => {
                    document = Some(parsed);
                    Extract::default()
                }
                Err(problem) => Extract { problems: vec![problem], ..Extract::default() },
            });
            (document, extract.problems)
        });
        let mut all = Self { documents: Vec::new(), problems: Vec::new() };
        for (document, problems) in parsed {
            all.documents.extend(document);
            all.problems.extend(problems);
        }
        all
    }

    /// What the documents are of, and which of them cannot be read.
    pub(super) fn read<'d>(&'d self, folders: &'d Folders) -> Plans<'d> {
        let mut plans =
            Plans { folders, readings: Vec::new(), planned: HashSet::new(), problems: self.problems.clone() };
        for document in &self.documents {
            match Reading::of(document) {
                Ok(reading) => {
                    let root = root_of(&reading, folders);
                    plans.planned.extend(root.filter(|_| document.kind == Kind::Plan).map(|root| root.path.as_str()));
                    plans.readings.push((reading, root));
                }
                Err(defect) => plans.problems.push(document.problem(defect)),
            }
        }
        plans
    }
}

/// The plans and states of a run with the root modules that they are of.
pub(super) struct Plans<'d> {
    folders: &'d Folders,
    readings: Vec<(Reading<'d>, Option<&'d Folder>)>,
    /// The folders of the root modules of which there is a plan.
    planned: HashSet<&'d str>,
    problems: Vec<Problem>,
}

impl Plans<'_> {
    /// There is a plan of a root module, which says better what its files cause.
    pub(super) fn cover(&self, root: &str) -> bool {
        self.planned.contains(root)
    }

    /// What the documents cause.
    pub(super) fn extract<'a>(&self, types: &Types<'a>, context: Context<'a>) -> Vec<Extract> {
        let mut extracts = parallel::map(&self.readings, MANY, |(reading, root)| {
            let file = std::iter::once(&reading.document.file);
            let extract = guarded(file, || self.of(reading, *root, types, context));
            (context.progress)(0);
            extract
        });
        extracts.push(Extract { problems: self.problems.clone(), ..Extract::default() });
        extracts
    }

    fn of<'a>(&self, reading: &Reading<'_>, root: Option<&Folder>, types: &Types<'a>, context: Context<'a>) -> Extract {
        let sources = root.map(|root| Sources::new(root, self.folders));
        let is_state = reading.document.kind != Kind::Plan;
        let mut extract = Extract::default();
        if is_state && root.is_some_and(|root| self.cover(&root.path)) {
            return extract;
        }
        let mut calls = Calls::new(reading, types, context);
        for instance in &reading.instances {
            let place = sources.as_ref().and_then(|sources| sources.place(instance));
            // What the files declare is told by them; a state adds what they no longer do.
            if !(is_state && place.is_some()) {
                calls.take(instance, place);
            }
        }
        calls.add_to(&mut extract);
        extract.read = root.map(|root| self.folders.files_of(root)).unwrap_or_default();
        extract.read.push(reading.document.file.path().to_owned());
        extract.problems.extend(reading.stopped.map(|span| Problem {
            place: Place::new(&reading.document.file, span),
            message: String::from("planning stopped at an error, so the plan does not hold everything"),
            help: Some(String::from("mend the error and plan again")),
        }));
        extract
    }
}
