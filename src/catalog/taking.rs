//! Which templates take a path.

use super::api::is_placeholder;
use super::layout::ApiRow;
use super::table::Table;

/// So few rows are tried one by one.
const FEW: usize = 8;

/// The rows of one method and number of segments that take a path. They are sorted by template, so the path is followed
/// from the left through ever fewer of them.
pub(super) struct Search<'a, 'q> {
    table: &'a Table,
    path: &'q str,
    taking: Vec<&'a ApiRow>,
}

impl<'a, 'q> Search<'a, 'q> {
    pub(super) fn new(table: &'a Table, path: &'q str) -> Self {
        Self { table, path, taking: Vec::new() }
    }

    /// Those that were found to take it.
    pub(super) fn found(self) -> Vec<&'a ApiRow> {
        self.taking
    }

    /// Takes what fits of `rows`, which all begin with `before`, the path or its placeholders as far as a `/`.
    pub(super) fn below(&mut self, rows: &'a [ApiRow], before: &str) {
        let segment = self.path.split('/').nth(before.matches('/').count()).unwrap_or_default();
        if rows.len() <= FEW || segment.is_empty() {
            return self.each(rows);
        }
        let placeholder = format!("{before}{{}}");
        let rest = self.descend(self.beginning(rows, &placeholder), &placeholder);
        for rows in rest {
            self.each(rows);
        }
        self.literal(rows, before, segment);
    }

    /// Takes what fits of the rows that go on with the letters of `segment`, perhaps with a placeholder behind some.
    fn literal(&mut self, mut rows: &'a [ApiRow], before: &str, segment: &str) {
        let mut prefix = before.to_owned();
        for letter in segment.chars().take_while(|letter| *letter != '{') {
            prefix.push(letter);
            rows = self.beginning(rows, &prefix);
            if rows.len() <= FEW {
                return self.each(rows);
            }
            self.each(self.beginning(rows, &format!("{prefix}{{}}")));
        }
        if prefix.len() == before.len() + segment.len() {
            let rest = self.descend(rows, &prefix);
            let is_whole = |row: &&ApiRow| self.table.is(row.template, &prefix);
            self.taking.extend(rest.into_iter().flatten().filter(is_whole));
        }
    }

    /// Goes on with the rows whose segment ends behind `prefix`, with which all of them begin, and returns the others.
    fn descend(&mut self, rows: &'a [ApiRow], prefix: &str) -> [&'a [ApiRow]; 2] {
        let ended = format!("{prefix}/");
        let start = rows.partition_point(|row| self.table.order(row.template, &ended).is_lt());
        let (first, rest) = rows.split_at_checked(start).unwrap_or((rows, &[]));
        let length = rest.partition_point(|row| self.table.text(row.template).starts_with(&ended));
        let (below, last) = rest.split_at_checked(length).unwrap_or((&[], rest));
        self.below(below, &ended);
        [first, last]
    }

    pub(super) fn each(&mut self, rows: impl IntoIterator<Item = &'a ApiRow>) {
        self.taking.extend(rows.into_iter().filter(|row| takes(self.table.text(row.template), self.path)));
    }

    fn beginning(&self, rows: &'a [ApiRow], prefix: &str) -> &'a [ApiRow] {
        let start = rows.partition_point(|row| self.table.order(row.template, prefix).is_lt());
        let rest = rows.get(start..).unwrap_or_default();
        let length = rest.partition_point(|row| self.table.text(row.template).starts_with(prefix));
        rest.get(..length).unwrap_or_default()
    }
}

/// Whether a template takes a path of as many segments: a placeholder takes any segment, a literal only itself.
pub(super) fn takes(template: &str, path: &str) -> bool {
    template.split('/').zip(path.split('/')).all(|(segment, asked)| {
        segment == asked
            || (is_placeholder(segment) && !asked.is_empty())
            || (!asked.contains('{') && partly_takes(segment, asked))
    })
}

/// Whether a segment with placeholders inside (`{}:{}`) takes a literal; each of them takes a letter or more.
fn partly_takes(segment: &str, literal: &str) -> bool {
    let mut pieces = segment.split("{}");
    let Some(mut rest) = pieces.next().and_then(|head| literal.strip_prefix(head)) else { return false };
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let mut letters = rest.chars();
        if letters.next().is_none() {
            return false;
        }
        let behind = letters.as_str();
        if pieces.peek().is_none() {
            return behind.ends_with(piece);
        }
        let Some((_, further)) = behind.split_once(piece) else { return false };
        rest = further;
    }
    rest.is_empty()
}
