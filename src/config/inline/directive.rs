//! One comment that accepts findings, taken apart.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::nearest::nearest;
use crate::source::{SourceFile, Span};

/// How each begins.
const MARK: &str = "grantlint:";
const VERB: &str = "ignore";

/// What marks a comment, or a line of one, as one.
const COMMENT_MARKS: [char; 3] = ['#', '/', '*'];

static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(MARK));

/// Whether a text may hold comments that accept findings.
pub fn holds_directive(text: &str) -> bool {
    FINDER.find(text.as_bytes()).is_some()
}

/// A comment that accepts findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// From `grantlint:` to the end of its line, or of the comment.
    pub span: Span,
    /// The names of the rules.
    pub rules: Vec<Span>,
    /// Why the findings are accepted.
    pub reason: Span,
    /// Why it counts for nothing.
    pub fault: Option<Fault>,
    first_line: Option<usize>,
    last_line: Option<usize>,
}

/// Why a comment that is meant to accept findings accepts none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It gives no reason.
    NoReason,
    /// It names no rule.
    NoRule,
    /// It is not written as one has to be.
    NotUnderstood,
}

impl Directive {
    /// The lines of which it accepts findings: those that it shares with something else, or the next one.
    pub fn lines(&self) -> impl Iterator<Item = usize> {
        let last = self.last_line.filter(|line| self.first_line != Some(*line));
        self.first_line.into_iter().chain(last)
    }
}

/// Finds what comments, in the order of the text, say to this program.
pub(super) fn read(file: &SourceFile, comments: &[Span]) -> Vec<Directive> {
    let mut directives = Vec::new();
    let mut below: Option<Alone> = None;
    for comment in comments.iter().rev() {
        let lines = Lines::of(file, *comment, below.as_ref());
        below = lines.alone.clone().or(below);
        let Some(text) = file.text().get(comment.range()) else { continue };
        if holds_directive(text) {
            let first = directives.len();
            directives.extend(of_comment(text, comment.start as usize).map(|each| lines.concern(each)));
            directives.get_mut(first..).unwrap_or_default().reverse();
        }
    }
    directives.reverse();
    directives
}

/// A comment that has its lines for itself.
#[derive(Clone)]
struct Alone {
    first: usize,
    /// The line that it is about.
    about: usize,
}

/// The lines that a comment is about.
struct Lines {
    first: Option<usize>,
    last: Option<usize>,
    alone: Option<Alone>,
}

impl Lines {
    /// `below` is the nearest comment below it that has its lines for itself: one that follows at once is passed over.
    fn of(file: &SourceFile, comment: Span, below: Option<&Alone>) -> Self {
        let (first, last) = (line(file, comment.start), line(file, comment.end));
        let (before, after) = file.text().split_at_checked(comment.start as usize).unwrap_or_default();
        let after = after.get(comment.range().len()..).unwrap_or_default();
        let is_blank = |byte: Option<char>| byte.is_none_or(|byte| byte == '\n');
        let is_space = |c: &char| *c != '\n' && c.is_whitespace();
        let begins = is_blank(before.chars().rev().find(|c| !is_space(c)));
        let ends = is_blank(after.chars().find(|c| !is_space(c)));
        if begins && ends {
            let follows = below.filter(|below| below.first == last + 1);
            let about = follows.map_or(last + 1, |below| below.about);
            return Self { first: Some(about), last: None, alone: Some(Alone { first, about }) };
        }
        Self { first: (!begins).then_some(first), last: (!ends).then_some(last), alone: None }
    }

    fn concern(&self, directive: Directive) -> Directive {
        Directive { first_line: self.first, last_line: self.last, ..directive }
    }
}

fn line(file: &SourceFile, at: u32) -> usize {
    file.position(at as usize).line
}

/// What each line of a comment says; `start` is where the comment stands.
fn of_comment(text: &str, start: usize) -> impl Iterator<Item = Directive> {
    let text = if text.starts_with("/*") { text.strip_suffix("*/").unwrap_or(text) } else { text };
    let offset = move |part: &str| start + (part.as_ptr() as usize - text.as_ptr() as usize);
    text.lines().filter_map(move |line| of_line(line, offset(line)))
}

fn of_line(line: &str, start: usize) -> Option<Directive> {
    let at = FINDER.find(line.as_bytes())?;
    let (before, said) = line.split_at_checked(at)?;
    if before.chars().next_back().is_some_and(|c| !c.is_whitespace() && !COMMENT_MARKS.contains(&c)) {
        return None;
    }
    let said = said.trim_end();
    let at = |part: &str| {
        let from = start + at + (part.as_ptr() as usize - said.as_ptr() as usize);
        Span::new(from, from + part.len())
    };
    let mut directive = Directive {
        span: at(said),
        rules: Vec::new(),
        reason: Span::default(),
        fault: Some(Fault::NotUnderstood),
        first_line: None,
        last_line: None,
    };
    let rest = said.strip_prefix(MARK)?.trim_start();
    let list = rest.strip_prefix(VERB).and_then(|rest| rest.trim_start().strip_prefix('['));
    let Some((list, reason)) = list.and_then(|list| list.split_once(']')) else {
        // Other things can be said of the program.
        let word: String = rest.chars().take_while(|c| c.is_alphabetic()).collect();
        let leads = before.chars().all(|c| c.is_whitespace() || COMMENT_MARKS.contains(&c));
        return (list.is_some() || (leads && nearest(&word, [VERB]).is_some())).then_some(directive);
    };
    directive.rules = list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(at).collect();
    let reason = reason.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—'));
    directive.reason = at(reason);
    directive.fault = if directive.rules.is_empty() {
        Some(Fault::NoRule)
    } else if !reason.chars().any(char::is_alphanumeric) {
        Some(Fault::NoReason)
    } else {
        None
    };
    Some(directive)
}
