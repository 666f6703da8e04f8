//! The actions in a cell, each with the words beside it.

use super::super::super::Catalog;
use super::super::super::format::check_action;
use super::text::is_nothing;

/// The most cases of one cell.
const MAX_CASES: usize = 20;

/// The most bytes of actions without anything between them.
const MAX_GLUED: usize = 2_000;

/// What a cell of actions says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// The actions in order, each perhaps with the words of its condition.
    pub(super) actions: Vec<(String, Option<String>)>,
    /// Words that are neither actions nor conditions.
    pub(super) leftover: Vec<String>,
}

/// A line of a cell, taken apart.
enum Piece {
    Action(String),
    Words(String),
}

/// Reads a cell that [`tidy`](super::text::tidy) has cleaned.
pub(super) fn read(cell: &str) -> Named {
    let mut reading = Reading::default();
    if is_nothing(cell) {
        return Named::default();
    }
    for line in joined(cell) {
        let mut pieces = pieces(&line);
        if !has_action(&pieces) {
            let compact = line.split(':').map(str::trim).collect::<Vec<_>>().join(":");
            pieces = self::pieces(&compact);
        }
        if has_action(&pieces) {
            reading.take_line(pieces);
        } else if (reading.actions.is_empty() || !reading.labels.is_empty() || line.ends_with(':'))
            && !line.starts_with('(')
            && !speaks_of_roles(&line)
        {
            reading.start_case(bare(&line));
        } else {
            reading.take_words(&line);
        }
    }
    reading.finish()
}

fn has_action(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Action(_)))
}

/// A cell while its lines are read.
#[derive(Default)]
struct Reading {
    actions: Vec<(String, Option<String>)>,
    leftover: Vec<String>,
    /// The cases that the cell tells apart: words before the actions of each.
    labels: Vec<String>,
    /// The case of the actions that follow.
    case: Option<String>,
    /// Whether the case has actions.
    is_used: bool,
}

/// The lines of a cell; an action that is broken after a colon is put together again.
fn joined(cell: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in cell.lines() {
        let is_broken = |before: &String| {
            let word = before.rsplit(' ').next().unwrap_or_default();
            word.ends_with(':') && word.matches(':').count() == 2 && !line.contains(':')
        };
        match lines.last_mut().filter(|before| is_broken(before)) {
            Some(before) => before.push_str(line),
            None => lines.push(line.to_owned()),
        }
    }
    lines
}

impl Reading {
    /// A line with actions: words before the first are their case, words behind one are for it.
    fn take_line(&mut self, pieces: Vec<Piece>) {
        let mut of_line = None;
        let mut seen = false;
        for piece in pieces {
            match piece {
                Piece::Action(action) => {
                    seen = true;
                    let case = of_line.clone().or_else(|| self.case.clone());
                    self.is_used |= of_line.is_none();
                    self.actions.push((action, case));
                }
                Piece::Words(words) if seen => self.take_words(&words),
                Piece::Words(words) => match bare(&words) {
                    "" => {}
                    case if speaks_of_roles(case) || is_or(case) => self.leftover.push(case.to_owned()),
                    // What a colon follows is for its line alone.
                    case if words.trim_end().ends_with([':', ')']) => {
                        self.name_case(case);
                        of_line = Some(case.to_owned());
                    }
                    case => self.start_case(case),
                },
            }
        }
    }

    fn name_case(&mut self, case: &str) {
        if self.labels.len() < MAX_CASES && !self.labels.iter().any(|label| label == case) {
            self.labels.push(case.to_owned());
        }
    }

    fn start_case(&mut self, case: &str) {
        if case.is_empty() {
            return;
        }
        self.end_case();
        self.name_case(case);
        self.case = Some(case.to_owned());
        self.is_used = false;
    }

    /// A case without actions is none.
    fn end_case(&mut self) {
        if let Some(case) = self.case.take().filter(|_| !self.is_used) {
            self.labels.retain(|label| *label != case);
            self.leftover.push(case);
        }
    }

    /// Words behind an action.
    fn take_words(&mut self, words: &str) {
        let words = bare(words);
        if words.is_empty() {
            return;
        }
        match self.actions.last_mut() {
            Some((_, condition)) if is_condition(words) => match condition {
                None => *condition = Some(words.to_owned()),
                Some(before) => {
                    before.push_str("; ");
                    before.push_str(words);
                }
            },
            _ => self.leftover.push(words.to_owned()),
        }
    }

    /// An action that stands twice is needed if it is needed once without a condition, or in every case.
    fn finish(mut self) -> Named {
        self.end_case();
        let mut places = std::collections::HashMap::new();
        let mut kept: Vec<(String, Option<Vec<String>>)> = Vec::new();
        for (action, condition) in self.actions {
            if check_action(&action, true).is_err() {
                self.leftover.push(action);
                continue;
            }
            let place = *places.entry(action.to_ascii_lowercase()).or_insert(kept.len());
            match (kept.get_mut(place), condition) {
                (None, condition) => kept.push((action, condition.map(|words| vec![words]))),
                (Some((_, before)), None) => *before = None,
                (Some((_, Some(before))), Some(words)) if before.len() < MAX_CASES && !before.contains(&words) => {
                    before.push(words);
                }
                (Some(_), Some(_)) => {}
            }
        }
        let in_all =
            |cases: &Vec<String>| self.labels.len() > 1 && self.labels.iter().all(|label| cases.contains(label));
        let actions = kept
            .into_iter()
            .map(|(action, cases)| (action, cases.filter(|cases| !in_all(cases)).map(|cases| cases.join("; or: "))))
            .collect();
        Named { actions, leftover: self.leftover }
    }
}

fn is_or(words: &str) -> bool {
    matches!(words.to_ascii_lowercase().as_str(), "or" | "或" | "或者" | "和/或" | "and/or")
}

/// Words on roles say what else is needed.
pub(super) fn speaks_of_roles(words: &str) -> bool {
    let lower = words.to_lowercase();
    let roles = ["administrator", "fullaccess", "readonlyaccess", "tenant guest", "配置", "configure", "角色"];
    roles.iter().any(|part| lower.contains(part))
}

/// Words without the signs that only set them apart.
fn bare(words: &str) -> &str {
    let sign = |character: char| character.is_whitespace() || ",;:、。.|/&+()[]（）•·●-–—*\"“”'".contains(character);
    let words = words.trim_matches(sign);
    let is_number = words.chars().all(|character| character.is_ascii_digit());
    match words.to_ascii_lowercase().as_str() {
        "and" | "和" | "及" | "与" | "以及" | "并且" => "",
        _ if is_number && words.len() < 3 => "",
        _ => words,
    }
}

/// Whether words can say when an action is needed.
pub(super) fn is_condition(words: &str) -> bool {
    let lower = words.to_lowercase();
    let has = |list: &[&str]| list.iter().any(|part| lower.contains(part));
    let mut english = lower.split(|character: char| !character.is_ascii_alphanumeric());
    if speaks_of_roles(words) {
        return false;
    }
    has(&["仅", "时", "如果", "若", "当", "场景", "需要", "需", "才", "前提", "用于", "可选", "加密", "情况"])
        || english.any(|word| {
            matches!(
                word,
                "only"
                    | "if"
                    | "when"
                    | "where"
                    | "required"
                    | "requires"
                    | "needed"
                    | "needs"
                    | "for"
                    | "used"
                    | "scenario"
                    | "scenarios"
                    | "case"
                    | "unless"
                    | "optional"
                    | "encrypted"
                    | "while"
                    | "during"
            )
        })
}

fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = line;
    let mut within = false;
    while let Some(first) = rest.chars().next() {
        let found = if within { None } else { action_at(rest) };
        if let Some(found) = found {
            if !words.is_empty() {
                pieces.push(Piece::Words(std::mem::take(&mut words)));
            }
            let (text, behind) = rest.split_at(found);
            pieces.extend(unglued(text).into_iter().map(Piece::Action));
            rest = behind;
            within = false;
        } else {
            words.push(first);
            within = first.is_ascii_alphanumeric() || matches!(first, '_' | '-');
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    pieces
}

fn in_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'*')
}

/// The length of the action, or of the actions without anything between them, at the start of a text.
fn action_at(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let part = |from: usize| bytes.iter().skip(from).take_while(|byte| in_part(**byte)).count();
    if !bytes.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let mut end = part(0);
    let mut parts = 1;
    while bytes.get(end) == Some(&b':') && end < MAX_GLUED {
        let next = part(end + 1);
        // The middle part may be empty, the last one not.
        if next == 0 && (parts % 2 == 0 || bytes.get(end + 1) != Some(&b':')) {
            break;
        }
        end += 1 + next;
        parts += 1;
    }
    (parts >= 3 && parts % 2 == 1).then_some(end)
}

/// `a:b:ca:d:e` is two actions where `a`, or else a known service, ends what stands before the next colon.
fn unglued(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split(':').collect();
    let [service, ..] = parts.as_slice() else { return Vec::new() };
    if parts.len() == 3 {
        return vec![trim_end(text)];
    }
    let mut actions = Vec::new();
    let mut current = *service;
    let mut rest = parts.iter().skip(1);
    while let (Some(kind), Some(operation)) = (rest.next(), rest.next()) {
        let next = if rest.len() == 0 { Some("") } else { service_at_end(operation, service) };
        // Not to be told apart.
        let Some(next) = next else { return vec![text.to_owned()] };
        let own = operation.strip_suffix(next).unwrap_or(operation);
        actions.push(trim_end(&format!("{current}:{kind}:{own}")));
        current = next;
    }
    actions
}

/// The service that a text ends with and does not consist of.
fn service_at_end<'a>(text: &'a str, likely: &str) -> Option<&'a str> {
    let catalog = Catalog::embedded();
    let known = catalog.services();
    let mut services = [likely].into_iter().chain(known);
    let length = services.by_ref().take(1).find(|service| text.ends_with(service) && text.len() > service.len());
    let longest = services.filter(|service| text.ends_with(service) && text.len() > service.len());
    let service = length.or_else(|| longest.max_by_key(|service| service.len()))?;
    text.get(text.len() - service.len()..)
}

fn trim_end(action: &str) -> String {
    action.trim_end_matches(['-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(cell: &str) -> Vec<String> {
        let named = read(cell);
        assert!(named.leftover.is_empty(), "{named:?}");
        named
            .actions
            .into_iter()
            .map(|(action, when)| when.map_or(action.clone(), |when| format!("{action} [{when}]")))
            .collect()
    }

    #[test]
    fn several_actions_however_they_are_set_apart() {
        assert_eq!(plain("ims:images:get\nims:images:list"), ["ims:images:get", "ims:images:list"]);
        assert_eq!(plain("ims:images:get, ims:images:list;kms:*:*"), ["ims:images:get", "ims:images:list", "kms:*:*"]);
        assert_eq!(plain("ims:images:getims:images:list"), ["ims:images:get", "ims:images:list"]);
        assert_eq!(plain("cci:a:Createelb:b:createvpc:c:get"), ["cci:a:Create", "elb:b:create", "vpc:c:get"]);
        assert_eq!(plain("iam::getiam::list"), ["iam::get", "iam::list"]);
        assert_eq!(plain("ims: images: list"), ["ims:images:list"]);
        assert_eq!(plain("ims:images:\nlist"), ["ims:images:list"]);
        assert_eq!(plain("-"), Vec::<String>::new());
    }

    #[test]
    fn words_beside_an_action_are_its_condition() {
        assert_eq!(plain("ims:a:b (only for encrypted images)"), ["ims:a:b [only for encrypted images]"]);
        assert_eq!(plain("创建加密盘时:kms:cmk:get"), ["kms:cmk:get [创建加密盘时]"]);
        assert_eq!(plain("ims:a:b\n(if it is shared)\nims:a:c"), ["ims:a:b [if it is shared]", "ims:a:c"]);
        assert_eq!(plain("With a key:\nkms:a:b"), ["kms:a:b [With a key]"]);
        assert_eq!(plain("ims:a:b (if x)\nims:a:b"), ["ims:a:b"]);
        assert_eq!(plain("New\nims:a:b\nvpc:c:d\nOld\nims:a:b"), ["ims:a:b", "vpc:c:d [New]"]);
        assert_eq!(plain("云硬盘:evs:a:b\n备份:evs:c:d"), ["evs:a:b [云硬盘]", "evs:c:d [备份]"]);
    }

    #[test]
    fn what_makes_no_sense_is_left_over() {
        assert_eq!(read("ims:a:b or ims:a:c").leftover, ["or"]);
        assert_eq!(
            read("ims:a:b (configure the KMS Administrator role)").leftover,
            ["configure the KMS Administrator role"]
        );
        assert_eq!(read("a:b:c:d:e").leftover, ["a:b:c:d:e"]);
        assert_eq!(read("No authorization required").leftover, ["No authorization required"]);
    }
}
