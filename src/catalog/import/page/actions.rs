//! The actions in a cell, each with the words beside it.

use super::text::is_nothing;

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
    let mut named = Named::default();
    if is_nothing(cell) {
        return named;
    }
    let mut heading: Option<String> = None;
    for line in joined(cell) {
        let mut pieces = pieces(&line);
        if !pieces.iter().any(|piece| matches!(piece, Piece::Action(_))) {
            let compact = line.split(':').map(str::trim).collect::<Vec<_>>().join(":");
            pieces = self::pieces(&compact);
        }
        if pieces.iter().any(|piece| matches!(piece, Piece::Action(_))) {
            named.take_line(pieces, heading.as_deref());
        } else if line.ends_with(':') && !bare(&line).is_empty() {
            heading = Some(bare(&line).to_owned());
        } else {
            named.take_words(&line);
        }
    }
    if named.actions.is_empty() {
        named.leftover.extend(heading);
    }
    named.without_repeats();
    named
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

impl Named {
    /// A line with actions: words before the first are for all of them, words behind one are for it.
    fn take_line(&mut self, pieces: Vec<Piece>, heading: Option<&str>) {
        let mut of_line = heading.map(str::to_owned);
        let mut seen = false;
        for piece in pieces {
            match piece {
                Piece::Action(action) => {
                    seen = true;
                    self.actions.push((action, of_line.clone()));
                }
                Piece::Words(words) if seen => self.take_words(&words),
                Piece::Words(words) => match bare(&words) {
                    "" => {}
                    words if is_condition(words) => of_line = Some(words.to_owned()),
                    words => self.leftover.push(words.to_owned()),
                },
            }
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

    /// An action that stands twice is needed if it is needed once without a condition.
    fn without_repeats(&mut self) {
        let mut places = std::collections::HashMap::new();
        let mut kept: Vec<(String, Option<String>)> = Vec::new();
        for (action, condition) in self.actions.drain(..) {
            let place = *places.entry(action.to_ascii_lowercase()).or_insert(kept.len());
            match kept.get_mut(place) {
                None => kept.push((action, condition)),
                Some((_, before)) if condition.is_none() => *before = None,
                Some((_, Some(before))) => {
                    let more = condition.unwrap_or_default();
                    if *before != more {
                        before.push_str("; or: ");
                        before.push_str(&more);
                    }
                }
                Some(_) => {}
            }
        }
        self.actions = kept;
    }
}

/// Words without the signs that only set them apart.
fn bare(words: &str) -> &str {
    let sign = |character: char| character.is_whitespace() || ",;:、。.|/&+()[]（）•·●-–—*".contains(character);
    let words = words.trim_matches(sign);
    let is_number = words.chars().all(|character| character.is_ascii_digit());
    match words.to_ascii_lowercase().as_str() {
        "and" | "和" | "及" | "与" | "以及" | "并且" => "",
        _ if is_number && words.len() < 3 => "",
        _ => words,
    }
}

/// Whether words can say when an action is needed. Words on roles say what else is needed, and "or" says that one of
/// several actions is enough: neither is a condition.
fn is_condition(words: &str) -> bool {
    let lower = words.to_lowercase();
    let has = |list: &[&str]| list.iter().any(|part| lower.contains(part));
    let mut english = lower.split(|character: char| !character.is_ascii_alphanumeric());
    if has(&["administrator", "fullaccess", "readonlyaccess", "tenant guest", "配置", "configure", "角色"]) {
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

/// `a:b:ca:d:e` is two actions if the service of the second is that of the first.
fn unglued(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split(':').collect();
    let [service, ..] = parts.as_slice() else { return Vec::new() };
    if parts.len() == 3 {
        return vec![trim_end(text)];
    }
    let mut actions = Vec::new();
    let mut current = (*service).to_owned();
    let mut rest = parts.iter().skip(1);
    while let (Some(kind), Some(operation)) = (rest.next(), rest.next()) {
        let is_last = rest.len() == 0;
        let (own, next) = match operation.strip_suffix(service) {
            Some(own) if !is_last && !own.is_empty() => (own, (*service).to_owned()),
            _ => (*operation, String::new()),
        };
        if !is_last && next.is_empty() {
            // Not to be told apart.
            return vec![text.to_owned()];
        }
        actions.push(trim_end(&format!("{current}:{kind}:{own}")));
        current = next;
    }
    actions
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
    }

    #[test]
    fn what_makes_no_sense_is_left_over() {
        assert_eq!(read("ims:a:b or ims:a:c").leftover, ["or"]);
        assert_eq!(
            read("ims:a:b (configure the KMS Administrator role)").leftover,
            ["configure the KMS Administrator role"]
        );
        assert_eq!(read("No authorization required").leftover, ["No authorization required"]);
    }
}
