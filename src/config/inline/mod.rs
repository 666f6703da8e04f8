//! Comments that accept findings: `grantlint: ignore[rule, …] reason`.

mod directive;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::source::{Place, SourceFile};
use crate::syntax::{Language, comments};

pub use directive::{Directive, Fault, holds_directive};

/// The comments of a run that accept findings, by file.
#[derive(Debug, Default)]
pub struct Inline {
    files: BTreeMap<String, Commented>,
}

/// A file with such comments.
#[derive(Debug)]
struct Commented {
    file: Arc<SourceFile>,
    directives: Vec<Directive>,
    accepted: HashMap<(usize, &'static str), Accepted>,
    /// The first and the last line of each text in which no comment can stand.
    texts: Vec<(usize, usize)>,
}

/// What comments say of the findings of one rule on one line.
#[derive(Debug)]
struct Accepted {
    directive: usize,
    is_used: AtomicBool,
}

impl Inline {
    /// Reads the comments of files; `rules` are the names of the rules of which findings can be accepted.
    pub fn read<'f>(files: impl Iterator<Item = &'f Arc<SourceFile>>, rules: &[&'static str]) -> Self {
        let mut seen = HashSet::new();
        let each_once = files.filter(|file| seen.insert(file.path()) && holds_directive(file.text()));
        let commented = each_once.filter_map(|file| Some((file.path().to_owned(), Commented::read(file, rules)?)));
        Self { files: commented.collect() }
    }

    /// The comment that accepts a finding of a rule at a place, with its own place.
    pub fn accepts<'a>(&'a self, rule: &'a str, place: &Place) -> Option<(&'a Directive, Place)> {
        let commented = self.files.get(place.file.path())?;
        let line = commented.file.position(place.span.start as usize).line;
        let accepted = commented.at(line, rule).or_else(|| commented.at(commented.begin_of_text(line)?, rule))?;
        accepted.is_used.store(true, Ordering::Relaxed);
        let directive = commented.directives.get(accepted.directive)?;
        Some((directive, Place::new(&commented.file, directive.span)))
    }

    /// Every comment with its file, in their order.
    pub fn directives(&self) -> impl Iterator<Item = (&Arc<SourceFile>, &Directive)> {
        self.files.values().flat_map(|commented| commented.directives.iter().map(|each| (&commented.file, each)))
    }

    /// Whether a comment has accepted a finding of a rule.
    pub fn is_used(&self, file: &SourceFile, directive: &Directive, rule: &str) -> bool {
        let commented = self.files.get(file.path());
        let accepted = |line| commented.and_then(|commented| commented.at(line, rule));
        directive.lines().filter_map(accepted).any(|accepted| accepted.is_used.load(Ordering::Relaxed))
    }
}

impl Commented {
    fn read(file: &Arc<SourceFile>, rules: &[&'static str]) -> Option<Self> {
        let found = comments(file.text(), Language::of(file.path())?);
        let line = |at: u32| file.position(at as usize).line;
        let directives = directive::read(file, &found.comments);
        let texts = found.texts.iter().map(|span| (line(span.start), line(span.end)));
        let mut commented =
            Self { file: Arc::clone(file), texts: texts.collect(), accepted: HashMap::new(), directives };
        for (number, directive) in commented.directives.iter().enumerate().filter(|(_, each)| each.fault.is_none()) {
            let named = directive.rules.iter().filter_map(|span| file.text().get(span.range()));
            for rule in named.filter_map(|name| rules.iter().find(|rule| **rule == name)) {
                for line in directive.lines() {
                    let accepted = Accepted { directive: number, is_used: AtomicBool::new(false) };
                    commented.accepted.entry((line, rule)).or_insert(accepted);
                }
            }
        }
        (!commented.directives.is_empty()).then_some(commented)
    }

    fn at<'a>(&'a self, line: usize, rule: &'a str) -> Option<&'a Accepted> {
        let accepted: &HashMap<(usize, &'a str), Accepted> = &self.accepted;
        accepted.get(&(line, rule))
    }

    /// The line on which the text begins that goes over this line.
    fn begin_of_text(&self, line: usize) -> Option<usize> {
        let after = self.texts.partition_point(|(first, _)| *first < line);
        let (first, last) = self.texts.get(after.checked_sub(1)?)?;
        (line <= *last).then_some(*first)
    }
}
